"""How far a platform has asked: first through all its cases, then along the log of events.

A case is told when anything happened to it, to its parts and calls or to the council that settles
it, also what moves no time of its own, such as a deadline counted anew. The log is read below the
oldest open transaction, as receivers do (ADR 3): what is committed late is not skipped.

A cursor names the life of the data it was given in (`core.epochs`). A restored backup begins
another: its log goes on otherwise from where the backup was made, so that no place in the old one
means anything there. Who brings such a cursor is told so, and never gets the wrong half in silence.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.cases import selectors as cases
from lingka.core import epochs, receivers
from lingka.core.problems import Problem

AT_ONCE = 200  # cases of one answer
LOOKED_AT = 2000  # events in one look
LOOKS = 5  # for one answer: nobody waits for more
LAST = 2**62
LONGEST = 120
RESTORED = gettext_lazy("This cursor was given before our data was restored from a backup.")
ASK_ANEW = gettext_lazy(
    "Ask once without a cursor, and go on with the one that you get: all your cases come again as"
    " they stand now, and you replace what you have. Compare both lists: what changed between the"
    " backup and its restoring is not known here any more."
)
_OURS = re.compile(r"e([0-9a-f]{12})-([0-9]{1,19})-([0-9]{1,19})(?:-([0-9a-f]{32}))?")
# As they were given before: without the life they are of.
_WITHOUT = re.compile(r"[0-9]{1,19}-[0-9]{1,19}(?:-[0-9a-f]{32})?")
# And before that: by the time of a change, which not every change moves.
_OF_OLD = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\.[0-9]{6})?Z)~([0-9a-f-]{36})")


@dataclass(frozen=True)
class Cursor:
    """A place in the log; `after` only while all cases are gone through, by their ids."""

    life: str
    order_key: int
    position: int = LAST
    after: UUID | None = None

    def text(self) -> str:
        """With nothing in it that an address would have to write otherwise."""
        parts = [f"e{self.life}", str(self.order_key), str(self.position)]
        return "-".join([*parts, self.after.hex] if self.after else parts)


def read(text: str) -> Cursor | None:
    """None where it begins at the start: without one, or with one of old, which may have skipped
    something. A Problem for what is no cursor of ours."""
    if not text or _is_of_old(text):
        return None
    found = _OURS.fullmatch(text) if len(text) <= LONGEST else None
    if found is None or max(int(found[2]), int(found[3])) > LAST:
        said = _("This is no cursor that was given here.")
        raise Problem("cursor", said, field="cursor")
    after = UUID(found[4]) if found[4] else None
    return Cursor(found[1], int(found[2]), int(found[3]), after)


def _is_of_old(text: str) -> bool:
    if len(text) > LONGEST:
        return False
    if _WITHOUT.fullmatch(text):
        return True
    found = _OF_OLD.fullmatch(text)
    try:
        return bool(found and datetime.fromisoformat(found[1]) and UUID(found[2]))
    except ValueError:
        return False


def following(cursor: Cursor | None, theirs: AbstractSet[UUID]) -> tuple[list[UUID], Cursor, bool]:
    """Which of these cases are told next, how far that comes, and whether there are more.

    Problem "restored" (410) for a cursor of another life of the data, or from beyond its log, as
    one is where somebody put an older copy in place by other means.
    """
    end, life = receivers.horizon(), epochs.current().hex[-12:]
    if cursor is None:
        return _each(Cursor(life, end - 1, after=UUID(int=0)), theirs)
    if cursor.life != life or cursor.order_key > end:
        raise Problem("restored", RESTORED, status=410, detail=ASK_ANEW)
    return _each(cursor, theirs) if cursor.after else _changed(cursor, theirs)


def _each(cursor: Cursor, theirs: AbstractSet[UUID]) -> tuple[list[UUID], Cursor, bool]:
    """All of them, one page after the other; what changes meanwhile stands in the log."""
    left = sorted(one for one in theirs if cursor.after is None or one > cursor.after)
    page = left[:AT_ONCE]
    more = len(left) > AT_ONCE
    return page, replace(cursor, after=page[-1] if more else None), more


def _changed(cursor: Cursor, theirs: AbstractSet[UUID]) -> tuple[list[UUID], Cursor, bool]:
    found: dict[UUID, None] = {}
    for _look in range(LOOKS):
        rows = receivers.following(
            cursor.order_key, cursor.position, LOOKED_AT, "stream, stream_id"
        )
        about = cases.wholes_of({id_ for _at, _key, stream, id_ in rows if stream == "case"})
        for position, order_key, _stream, id_ in rows:
            mine = (about.get(id_, set()) & theirs) - found.keys()
            if found and len(found) + len(mine) > AT_ONCE:
                return list(found), cursor, True
            found |= dict.fromkeys(sorted(mine))
            cursor = Cursor(cursor.life, order_key, position)
        if len(rows) < LOOKED_AT:
            return list(found), cursor, False
    return list(found), cursor, True
