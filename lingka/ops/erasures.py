"""The list of what was erased, kept outside every backup and applied after a restore.

It holds ids and times alone. What somebody asked us to erase does not come back because an
older copy of it was brought back.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction


@dataclass(frozen=True)
class Erasable:
    """How one kind of thing is found erased, and erased again. Both by id and time."""

    kind: str
    table: str
    find: str  # rows of (id, time of erasure)
    again: str  # with a table expression `list (id, erased_at)` in front


_LEFT_POINTS = "SELECT stream_id, recorded_at FROM core_event WHERE type = 'points.AccountLeft'"
_LEFT = "SELECT uuid, left_at FROM members_member WHERE left_at IS NOT NULL"
ERASABLE = [
    Erasable(
        "content",
        "core_content",
        "SELECT id, erased_at FROM core_content WHERE erased_at IS NOT NULL",
        "UPDATE core_content c SET value = NULL, salt = NULL, erased_at = list.erased_at"
        " FROM list WHERE c.id = list.id AND c.erased_at IS NULL",
    ),
    Erasable(
        "attachment",
        "cases_attachment",
        "SELECT uuid, erased_at FROM cases_attachment WHERE erased_at IS NOT NULL",
        "UPDATE cases_attachment a SET blob_id = NULL, thumbnail_id = NULL,"
        " erased_at = list.erased_at FROM list WHERE a.uuid = list.id AND a.erased_at IS NULL",
    ),
    Erasable(
        "contact",
        "cases_contact",
        "SELECT (data->>'receipt')::uuid, recorded_at FROM core_event"
        " WHERE type = 'cases.ContactErased' AND data ? 'receipt'",
        "DELETE FROM cases_contact c USING list, cases_receipt r"
        " WHERE r.uuid = list.id AND c.receipt_id = r.id",
    ),
    Erasable(  # the number of a group whose booking was forgotten
        "room_contact",
        "rooms_contact",
        "SELECT stream_id, recorded_at FROM core_event WHERE type = 'rooms.BookingForgotten'",
        "DELETE FROM rooms_contact c USING list WHERE c.booking = list.id",
    ),
    Erasable(  # a member who left the points bank: nothing leads to them from their account again
        "points_owner",
        "points_owner",
        _LEFT_POINTS,
        "DELETE FROM points_owner o USING list WHERE o.account_id = list.id",
    ),
    Erasable(  # what they earned it for, and for what they were thanked
        "points_award",
        "points_award",
        _LEFT_POINTS,
        "DELETE FROM points_award a USING list WHERE a.account_id = list.id",
    ),
    Erasable(
        "points_recognised",
        "points_recognised",
        _LEFT_POINTS,
        "DELETE FROM points_recognised r USING list WHERE r.account_id = list.id",
    ),
    Erasable(
        "member-service",
        "volunteering_service",
        _LEFT,
        "UPDATE volunteering_service s SET member = NULL, team_id = NULL FROM list"
        " WHERE s.member = list.id",
    ),
    Erasable(
        "member-certificate",
        "volunteering_certificate",
        _LEFT,
        "DELETE FROM volunteering_certificate c USING list WHERE c.member = list.id",
    ),
    Erasable(
        "member-voter",
        "voting_voter",
        _LEFT,
        "UPDATE voting_voter v SET member = NULL FROM list WHERE v.member = list.id",
    ),
    Erasable(
        "member-follower",
        "voting_follower",
        _LEFT,
        "DELETE FROM voting_follower f USING list WHERE f.member = list.id",
    ),
    Erasable(
        "member-backing",
        "deliberation_backing",
        _LEFT,
        "DELETE FROM deliberation_backing b USING list WHERE b.member = list.id",
    ),
    Erasable(
        "member-contribution",
        "deliberation_contribution",
        _LEFT,
        "DELETE FROM deliberation_contribution c USING list WHERE c.member = list.id",
    ),
    # Whoever left is in no team; what they led has ended, and nothing says who was in it.
    Erasable(
        "member-team",
        "volunteering_teammember",
        _LEFT,
        "DELETE FROM volunteering_teammember t USING list WHERE t.member = list.id OR t.team_id IN"
        " (SELECT led.id FROM volunteering_team led WHERE led.captain = list.id)",
    ),
    Erasable(
        "member-captain",
        "volunteering_team",
        _LEFT,
        "UPDATE volunteering_team t SET captain = NULL, ended_at = list.erased_at FROM list"
        " WHERE t.captain = list.id",
    ),
    # The row of whoever left stays, and leads nowhere; the way to reach them goes before it.
    Erasable(
        "member-reach",
        "members_reach",
        _LEFT,
        "DELETE FROM members_reach r USING list, members_member m"
        " WHERE m.uuid = list.id AND r.member_id = m.id",
    ),
    Erasable(
        "member-session",
        "members_session",
        _LEFT,
        "DELETE FROM members_session s USING list, members_member m"
        " WHERE m.uuid = list.id AND s.member_id = m.id",
    ),
    Erasable(
        "member",
        "members_member",
        _LEFT,
        "UPDATE members_member m SET area_id = NULL, name = NULL, workplace_id = NULL,"
        " month = NULL, warned_on = NULL, language = '', left_at = list.erased_at"
        " FROM list WHERE m.uuid = list.id AND m.left_at IS NULL",
    ),
]
# The counts of shared files follow from the rows that still name them.
RECOUNT = (
    'UPDATE cases_blob b SET "references" = (SELECT count(*) FROM cases_attachment a'
    " WHERE a.blob_id = b.sha256) + (SELECT count(*) FROM cases_attachment a"
    " WHERE a.thumbnail_id = b.sha256)"
)


def file() -> Path:
    return Path(settings.HOME) / "erasures.jsonl"


def keep() -> int:
    """Add to the list what was erased since the last look; returns how many entries are new."""
    known = {(entry["kind"], entry["id"]) for entry in _entries()}
    new = []
    for one in _present():
        with connection.cursor() as cursor:
            cursor.execute(one.find)
            found = [(one.kind, str(i), t.isoformat()) for i, t in cursor.fetchall()]
        new += [entry for entry in found if entry[:2] not in known]
    file().parent.mkdir(parents=True, exist_ok=True)
    with file().open("a", encoding="ascii") as out:
        for kind, key, moment in new:
            out.write(json.dumps({"kind": kind, "id": key, "erased_at": moment}) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return len(new)


def apply() -> int:
    """Erase, in restored data, what the list says was erased; returns how many rows went."""
    entries = _entries()
    applied = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for one in _present():
            mine = [entry for entry in entries if entry["kind"] == one.kind]
            cursor.execute(
                "WITH list (id, erased_at) AS"  # noqa: S608 - the statements are our own
                f" (SELECT * FROM unnest(%s::uuid[], %s::timestamptz[])) {one.again}",
                [[entry["id"] for entry in mine], [entry["erased_at"] for entry in mine]],
            )
            applied += cursor.rowcount
            if one.kind == "attachment" and cursor.rowcount:
                cursor.execute(RECOUNT)
    return applied


def _present() -> list[Erasable]:
    names = connection.introspection.table_names()
    return [one for one in ERASABLE if one.table in names]


def _entries() -> list[dict[str, str]]:
    if not file().exists():
        return []
    lines = file().read_text(encoding="ascii").splitlines()
    return [json.loads(line) for line in lines if line.endswith("}")]  # a last line may be cut off
