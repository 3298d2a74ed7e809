"""Setting councils up; what every action here begins with."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.core import locks
from lingka.core.actors import Actor
from lingka.core.events import NEW, record
from lingka.core.problems import Problem
from lingka.deliberation import permissions, rules
from lingka.deliberation.events import CouncilSet
from lingka.deliberation.models import Council

Names = Mapping[str, str]
ADDRESSES = UUID("7a1c6f0e-52c3-5b1f-8d0a-2f6f1f6f8f21")  # makes addresses into names of locks


@transaction.atomic
def set_council(
    uuid: UUID | None,
    *,
    actor: Actor,
    key: str,
    kind: str,
    area: int,
    unit: int,
    name: Names,
    about: Names,
    seats: int | None = None,
) -> UUID:
    """Open a council (no `uuid` yet), or change one that is open."""
    permissions.must_keep(actor, areas.area(area).path)
    locks.hold(uuid5(ADDRESSES, key))
    row = kept_by(actor, uuid) if uuid else None
    _check(kind, name, seats)
    others = Council.objects.exclude(pk=row.pk) if row else Council.objects.all()
    if others.filter(key=key).exists():
        raise Problem("key_taken", _("Another council has this address."), field="key", status=409)
    row = row or Council()
    row.key, row.kind, row.area_id, row.unit_id = key, kind, area, unit
    row.name, row.about, row.seats = dict(name), dict(about), seats
    row.save()
    told = CouncilSet(kind, area, unit, seats, is_open=True)
    record(told, stream_id=row.uuid, actor=actor, after=None if uuid else NEW)
    return row.uuid


def _check(kind: str, name: Names, seats: int | None) -> None:
    found = rules.kinds().get(kind)
    if found is None:
        raise Problem("kind", _("Please choose one of these."), field="kind", status=422)
    for language, _name in settings.LANGUAGES:
        must_be_short("name", name.get(language, ""), rules.TITLE, field=f"name_{language}")
    if found.needs_seats and (seats or 0) < 1:
        said = _("Say how many seats it has: what is decided there depends on their number.")
        raise Problem("seats", said, field="seats", status=422)


def must_be_short(code: str, text: str, most: int, *, field: str = "") -> None:
    if not 1 <= len(text.strip()) <= most:
        said = _("Between 1 and %(most)s signs, please.") % {"most": most}
        raise Problem(code, said, field=field or code, status=422)


def must_be_the_same(*, same: bool) -> None:
    """What is sent again under one key is what was sent before; else its words would be lost."""
    if not same:
        said = _("This was sent before with other words. Open the page anew.")
        raise Problem("key_reused", said, status=409)


def unknown() -> Problem:
    return Problem("unknown", _("There is no such thing here any more."), status=404)


def kept_by(actor: Actor, council: UUID) -> Council:
    """An open council, locked, if the actor keeps its table."""
    row = Council.objects.select_for_update().filter(uuid=council, closed_at=None).first()
    if row is None:
        raise unknown()
    permissions.must_keep(actor, areas.area(row.area_id).path)
    return row
