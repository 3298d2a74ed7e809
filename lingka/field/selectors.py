"""Reads on phones: how what they sent stands, and whose phones there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.areas.cache import PlaceInfo
from lingka.areas.levels import scheme
from lingka.core import epochs
from lingka.core.text import pick
from lingka.field import places
from lingka.field.models import Device, Operation, Upload
from lingka.field.permissions import administered, oversees
from lingka.field.telling import standing as standing_of
from lingka.field.telling import whole
from lingka.field.uploading import received

PAGE = 500
MOST_CLASHES = 100
MOST_PHONES = 200
FIELDS = {
    "name": gettext_lazy("Name"),
    "address": gettext_lazy("Address of the place"),
    "kind": gettext_lazy("Kind"),
    "point": gettext_lazy("Where it lies"),
}


def standing(device: Device, after: int) -> dict[str, Any]:
    """Operations of a device behind a sequence number, and files of these or not yet here."""
    rows = list(device.operations.filter(seq__gt=after).order_by("seq", "id")[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    here = whole(device.user_id, rows)
    return {
        "epoch": str(epochs.current()),
        "marker": str(device.marker),
        "worker": str(device.user.uuid),
        "more": more,
        "operations": [_operation(row, here) for row in rows],
        "attachments": [_upload(one) for one in _uploads(device, rows)],
    }


def _operation(row: Operation, here: set[UUID]) -> dict[str, Any]:
    record = str(row.record) if row.record else None
    named = {"op_id": str(row.op_id), "seq": row.seq, "record": record}
    return {**named, "status": row.status, **standing_of(row, here)}


def _uploads(device: Device, rows: Sequence[Operation]) -> list[Upload]:
    named = {one for row in rows for one in row.attachments}
    mine = Upload.objects.filter(device__user_id=device.user_id)
    found = mine.filter(attachment__in=named) | mine.exclude(status=Upload.Status.VERIFIED)
    return list(found.order_by("id")[: PAGE * 4])


def _upload(one: Upload) -> dict[str, Any]:
    return {
        "attachment": str(one.attachment), "status": one.status,
        "record": str(one.record) if one.record else None,
        "offset": received(one), "length": one.length, "sha256": one.sha256,
        "problem": one.problem,
    }  # fmt: skip


# -- the desk's list ------------------------------------------------------------------------


@dataclass(frozen=True)
class Phone:
    """A phone as its worker and the administrator see it."""

    uuid: UUID
    owner: str
    name: str
    registered_on: date
    last_seen_on: date
    waiting: int  # records and files that were still on it when it last came by
    state: str  # "works", "revoked" (it does not know yet), "erased", "cleared"
    mine: bool


def phones(user: int, posts: Sequence[PostInfo]) -> list[Phone]:
    """One's own phones, and those of everybody who serves where one is the administrator.

    Of each the `MOST_PHONES` that came by last.
    """
    known = Device.objects.select_related("user").order_by("-last_seen_on", "-id")
    own = known.filter(user_id=user)[:MOST_PHONES]
    others = known.filter(user_id__in=_administered(posts) - {user})[:MOST_PHONES]
    found = [_phone(row, user) for row in (*own, *others)]
    return sorted(found, key=lambda one: (not one.mine, one.owner, one.registered_on))


def phone(device: UUID, user: int, posts: Sequence[PostInfo]) -> Phone | None:
    """One of these, however long ago it came by."""
    row = Device.objects.select_related("user").filter(uuid=device).first()
    if row is None:
        return None
    seen = row.user_id == user or oversees(administered(posts), accounts.reach_of(row.user_id))
    return _phone(row, user) if seen else None


@dataclass(frozen=True)
class Clash:
    """A correction of a place that met another one: fields with what is there and what was said."""

    id: int
    place: PlaceInfo
    by: str
    on: date
    fields: list[tuple[str, str, str]]


def clashes(posts: Sequence[PostInfo]) -> list[Clash]:
    """Those that wait to be decided where these posts administer."""
    rows = Operation.objects.filter(
        kind="place", status=Operation.Status.CONFLICT,
        record__in=areas.uuids_below(administered(posts)),
    )  # fmt: skip
    waiting = rows.exclude(result__has_key="decided").select_related("device__user")
    once = {row.op_id: row for row in waiting.order_by("-id")[:MOST_CLASHES]}
    found = ((row, places.of(row, posts)) for row in once.values())
    return [_clash(row, place) for row, place in found if place is not None]


def _clash(row: Operation, place: PlaceInfo) -> Clash:
    said, now = (row.result or {})["said"], (row.problem or {})["now"]
    fields = [
        (_named(name), _plain(name, now[name]), _plain(name, one["to"]))
        for name, one in said.items()
    ]
    return Clash(row.pk, place, row.device.user.name, row.received_on, fields)


def _named(name: str) -> str:
    part, _dot, language = name.partition(".")
    label = str(FIELDS[part])
    return f"{label} · {dict(settings.LANGUAGES).get(language, language)}" if language else label


def _plain(name: str, value: Any) -> str:
    if name == "kind":
        return pick(scheme().place_kinds.get(value, {"": str(value)}))
    return ", ".join(f"{one:.5f}" for one in value) if isinstance(value, list) else str(value)


def _administered(posts: Sequence[PostInfo]) -> set[int]:
    """Workers with a phone, all of whose posts lie where these administer."""
    paths = administered(posts)
    if not paths:
        return set()
    owners = set(Device.objects.values_list("user_id", flat=True).distinct())
    reach = accounts.reach(owners)
    return {one for one in owners if oversees(paths, reach.get(one, ()))}


def _phone(row: Device, reader: int) -> Phone:
    state = "works"
    if row.evicted_at:
        state = "cleared"
    elif row.revoked_at:
        state = "erased" if row.told_at else "revoked"
    return Phone(
        row.uuid, row.user.name, row.name, accounts.today(row.registered_at), row.last_seen_on,
        row.left_operations + row.left_attachments, state, row.user_id == reader,
    )  # fmt: skip
