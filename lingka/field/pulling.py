"""What a phone carries: first everything in its scope, then whatever changed, nothing skipped.

A cursor says how far one phone has read. It starts with the position below which everything was
committed when its first page was made; the rows that follow are at least as new, and from there
on it reads the event log below the oldest open transaction, as receivers do (ADR 3).
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.areas.cache import PlaceInfo
from lingka.areas.levels import scheme
from lingka.cases import selectors as cases
from lingka.core import clock, epochs, events, receivers
from lingka.core.crypto import sha256
from lingka.field import doors
from lingka.patrols import selectors as patrols
from lingka.units import selectors as units

PAGE = 200  # rows: what a server of two cores answers while a phone still waits
LOOKED_AT = 2000  # events for one page of changes
MOST_GRIDS = 40
AHEAD = 6  # days whose rounds are carried
KEPT = timedelta(days=14)  # pulled rows are erased on the phone by then
LAST = 2**62
FORM = 4  # of rows; another one makes every phone begin anew
LAID = "CASE type WHEN 'patrols.RoundsLaidOut' THEN data ->> 'rounds' END"
COLUMNS = f"stream, stream_id, type, {LAID}"
ADDED = {"areas.PlaceAdded"}  # no phone has had such a place
Streams = dict[UUID, set[str]]  # what changed, with the types of its events


@dataclass(frozen=True)
class Scope:
    """Whose grids, and all that changes what their rows look like."""

    user: int
    posts: tuple[PostInfo, ...]
    grids: tuple[int, ...]
    left_out: int
    zone: str

    @property
    def digest(self) -> str:
        """Another one begins anew: also each day, whose rounds and duties are others."""
        person = accounts.users([self.user]).get(self.user)
        number, _types = cases.types_to_report()
        lists = [(one.key, one.number) for one in patrols.infos()]
        asked = str(patrols.register_rows())
        seen = [FORM, str(asdict(self)), str(person), number, lists, asked, str(accounts.today())]
        return sha256(json.dumps(seen).encode()).hex()[:24]


def scope(user: int, posts: list[PostInfo], zone: str) -> Scope:
    """The grids of grid worker's posts; of somebody without one, those of all posts."""
    own = [post for post in posts if post.role == "grid_worker"] or posts
    found = dict.fromkeys(grid for post in own for grid in areas.subtree_grids(post.area_id))
    grids = tuple(found)[:MOST_GRIDS]
    return Scope(user, tuple(posts), grids, len(found) - len(grids), zone)


@dataclass(frozen=True)
class Cursor:
    """How far a phone is: in the first run through `KINDS`, or in the log."""

    epoch: str
    scope: str
    order_key: int
    position: int = LAST
    kind: int = 0  # index into KINDS; past them all: CHANGES, or MORE_ENTRIES of them
    after: int = 0

    def text(self) -> str:
        raw = json.dumps(list(asdict(self).values())).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(text: str) -> Cursor | None:
    """None for one that makes no sense: the phone begins anew."""
    try:
        raw = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        epoch, scope_, *numbers = raw
        if len(numbers) != 4 or not all(type(n) is int and 0 <= n <= LAST for n in numbers):  # noqa: PLR2004
            return None
        return Cursor(str(epoch), str(scope_), *numbers)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None


@dataclass
class Page:
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, id_: Any, version: int, data: dict[str, Any] | None) -> None:
        self.rows.append({"kind": kind, "id": str(id_), "version": version, "data": data})


def pull(mine: Scope, text: str) -> dict[str, Any]:
    """The next page of rows for a phone."""
    epoch, digest = str(epochs.current()), mine.digest
    cursor, reset = read_cursor(text), False
    horizon = receivers.horizon()
    known = cursor and (cursor.epoch, cursor.scope) == (epoch, digest)
    if cursor is None or not known or cursor.order_key > horizon:
        cursor, reset = Cursor(epoch, digest, horizon - 1), True
    page = Page()
    if cursor.kind < CHANGES:
        cursor, more = _first_run(mine, cursor, page), True
    elif cursor.kind > CHANGES:
        cursor, more = _changed_entries(mine, cursor, page), True
    else:
        cursor, more = _changes(mine, cursor, page)
    return {
        "epoch": epoch,
        "cursor": cursor.text(),
        "more": more,
        "reset": reset,
        "expires_at": (clock.now() + KEPT).isoformat(),
        "rows": page.rows,
    }


# -- everything, once -----------------------------------------------------------------------


def _first_run(mine: Scope, cursor: Cursor, page: Page) -> Cursor:
    while cursor.kind < CHANGES and len(page.rows) < PAGE:
        after = KINDS[cursor.kind](mine, cursor.after, PAGE - len(page.rows), page)
        if after is None:
            cursor = replace(cursor, kind=cursor.kind + 1, after=0)
        else:
            cursor = replace(cursor, after=after)
    return cursor


def _me(mine: Scope, after: int, room: int, page: Page) -> int | None:
    person = accounts.users([mine.user]).get(mine.user)
    page.add(
        "me", "me", 1,
        {
            "name": person.name if person else "", "language": person.language if person else "",
            "zone": mine.zone, "left_out": mine.left_out,
            "posts": [
                {"role": post.role, "unit": _unit(post), "area": _area(post)}
                for post in mine.posts
            ],
            "grids": [str(areas.area(grid).uuid) for grid in mine.grids],
            "kinds": {key: dict(names) for key, names in scheme().place_kinds.items()},
        },
    )  # fmt: skip
    return None


def _area(post: PostInfo) -> dict[str, str]:
    return dict(areas.area(post.area_id).name)


def _unit(post: PostInfo) -> dict[str, str]:
    return dict(units.unit(post.unit_id).name)


def _grids(mine: Scope, after: int, room: int, page: Page) -> int | None:
    outlines = areas.outlines(list(mine.grids))
    for number in mine.grids:
        one = areas.area(number)
        above = [dict(area.name) for area in areas.ancestors(one.path)[:-1]]
        page.add(
            "grid", one.uuid, 1,
            {
                "code": one.code, "name": dict(one.name), "kind": one.kind, "above": above,
                "lon": one.lon, "lat": one.lat, "outline": outlines.get(number),
            },
        )  # fmt: skip
    return None


def _types(mine: Scope, after: int, room: int, page: Page) -> int | None:
    number, types = cases.types_to_report()
    for one in types:
        page.add("case_type", one.pop("key"), number, one)
    return None


def _checklists(mine: Scope, after: int, room: int, page: Page) -> int | None:
    for one in patrols.infos():
        page.add("checklist", one.key, one.number, one.as_json())
    return None


def _rounds(mine: Scope, after: int, room: int, page: Page) -> int | None:
    for one in patrols.rounds_between(mine.user, *_days()):
        page.add("round", one.id, one.version, one.as_json())
    return None


def _days() -> tuple[date, date]:
    """Yesterday, whose rounds may still be walked, and the last day of the week to come."""
    today = accounts.today()
    return today - timedelta(days=1), today + timedelta(days=AHEAD)


def _places(mine: Scope, after: int, room: int, page: Page) -> int | None:
    found = areas.places_of(mine.grids, after, room)
    _add_places(mine, found, page)
    return found[-1].id if len(found) == room else None


def _cases(mine: Scope, after: int, room: int, page: Page) -> int | None:
    found = cases.open_in(mine.grids, after, room)
    told = cases.carried(found, mine.user, mine.posts)
    for case in found:
        if case.uuid in told:
            page.add("case", case.uuid, case.version, told[case.uuid])
    return found[-1].pk if len(found) == room else None


def _tasks(mine: Scope, after: int, room: int, page: Page) -> int | None:
    for source in doors.SOURCES.values():
        for one in source.open_for(mine.user):
            page.add("task", one.id, one.version, doors.row(source, one))
    return None


def _registers(mine: Scope, after: int, room: int, page: Page) -> int | None:
    """What each register asks. Another one is another scope."""
    for one in patrols.register_rows():
        page.add("register", one["key"], 1, one)
    return None


def _entries(
    mine: Scope, after: int, room: int, page: Page, since: date | None = None
) -> int | None:
    """What stands in the registers here: kept up on rounds."""
    paths = [areas.area(grid).path for grid in mine.grids]
    found, behind = patrols.entries_in(paths, after, room, since)
    for entry in found:
        page.add("entry", entry.uuid, entry.version, entry.as_json())
    return behind


Reader = Callable[[Scope, int, int, Page], int | None]
KINDS: list[Reader] = [
    _me, _grids, _types, _checklists, _rounds, _registers, _entries, _places, _cases, _tasks,
]  # fmt: skip
CHANGES = len(KINDS)
MORE_ENTRIES = CHANGES + 1  # of those that changed, more than one page holds


# -- what changed ---------------------------------------------------------------------------


def _changes(mine: Scope, cursor: Cursor, page: Page) -> tuple[Cursor, bool]:
    seen = receivers.following(cursor.order_key, cursor.position, LOOKED_AT, COLUMNS)
    by_stream: dict[str, Streams] = {}
    laid: set[UUID] = set()
    for _position, _key, stream, stream_id, type_, rounds in seen:
        by_stream.setdefault(stream, {}).setdefault(stream_id, set()).add(type_)
        laid.update(map(UUID, json.loads(rounds or "[]")))
    _changed_cases(mine, by_stream.get("case", {}), page)
    _changed_places(mine, by_stream.get("place", {}), page)
    _changed_tasks(mine, by_stream, page)
    if by_stream.keys() & {"round", "plan"}:
        _changed_rounds(mine, laid, page)
    for uuid, version in patrols.ended_among(by_stream.get("entry", {})):
        page.add("entry", uuid, version, None)
    if seen:
        cursor = replace(cursor, position=seen[-1][0], order_key=seen[-1][1])
    if by_stream.keys() & {"entry", "submission"}:
        cursor = _changed_entries(mine, cursor, page)
    return cursor, len(seen) == LOOKED_AT or cursor.kind > CHANGES


def _changed_rounds(mine: Scope, laid: set[UUID], page: Page) -> None:
    """All that are carried. What was laid out anew and is not among them is cancelled, or another
    team's now: it is taken away."""
    _rounds(mine, 0, PAGE, page)
    carried = {row["id"] for row in page.rows if row["kind"] == "round"}
    first, last = _days()
    for one in patrols.rounds(id_ for id_ in laid if str(id_) not in carried).values():
        if one.version > 1 and first <= one.day <= last:  # a new one was on no phone
            page.add("round", one.id, one.version, None)


def _changed_entries(mine: Scope, cursor: Cursor, page: Page) -> Cursor:
    """What was written lately, for what was seen on a round says nowhere of which entry it was.

    No cursor is older than a day, since each day is another scope; what began before midnight may
    have been committed behind it. What changes while they are paged has its events yet to come.
    """
    yesterday = accounts.today() - timedelta(days=1)
    room = max(1, PAGE - len(page.rows))
    after = _entries(mine, cursor.after, room, page, yesterday)
    if after is None:
        return replace(cursor, kind=CHANGES, after=0)
    return replace(cursor, kind=MORE_ENTRIES, after=after)


def _changed_tasks(mine: Scope, by_stream: dict[str, Streams], page: Page) -> None:
    for source in doors.SOURCES.values():
        streams = {id_ for name in source.streams for id_ in by_stream.get(name, {})}
        found = source.standing(mine.user, streams) if streams else {}
        for id_, one in found.items():
            page.add(
                "task", id_, one.version if one else 1, doors.row(source, one) if one else None
            )


def _changed_cases(mine: Scope, streams: Streams, page: Page) -> None:
    found = cases.among(streams, mine.grids) if streams else []
    told = cases.carried(found, mine.user, mine.posts)
    for case in found:
        page.add("case", case.uuid, case.version, told.get(case.uuid))


def _changed_places(mine: Scope, streams: Streams, page: Page) -> None:
    found = areas.places_by_uuid(streams) if streams else []
    here = [one for one in found if one.active and one.grid_id in mine.grids]
    _add_places(mine, here, page)
    left = [one for one in found if one not in here and streams[one.uuid] != ADDED]
    versions = events.sequences([one.uuid for one in left]) if left else {}
    for one in left:
        page.add("place", one.uuid, versions.get(one.uuid, 1), None)


def _add_places(mine: Scope, found: list[PlaceInfo], page: Page) -> None:
    versions = events.sequences([one.uuid for one in found]) if found else {}
    for one in found:
        page.add(
            "place", one.uuid, versions.get(one.uuid, 1),
            {
                "code": one.code, "kind": one.kind, "name": dict(one.name), "address": one.address,
                "grid": str(areas.area(one.grid_id).uuid), "lon": one.lon, "lat": one.lat,
            },
        )  # fmt: skip
