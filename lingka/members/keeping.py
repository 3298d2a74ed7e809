"""What is kept of a member: for reading, and as a file that they take along."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.core import saying
from lingka.core.text import pick
from lingka.members import parts, selectors
from lingka.members.selectors import MemberInfo
from lingka.units import selectors as units

Rows = list[tuple[str, str]]


def rows(info: MemberInfo) -> Rows:
    """Everything that this module keeps, in words."""
    where = selectors.address(info)
    work = pick(units.unit(info.workplace_id).name) if info.workplace_id else _("not named")
    return [
        (_("Name that you chose"), selectors.name(info)),
        (_("Number or address, encrypted"), where.to if where else ""),
        (_("Community"), pick(areas.area(info.area_id).name)),
        (_("Workplace"), work),
        (_("Language"), dict(settings.LANGUAGES).get(info.language, info.language)),
        (_("Joined"), saying.moment(info.joined_at)),
        (_("Agreed to the text of"), info.consent),
        (_("Signed in on so many phones and browsers"), str(selectors.sessions(info))),
        (_("The month in which you last came by"), selectors.month(info)),
    ]


def all_rows(info: MemberInfo) -> list[tuple[Any, Rows]]:
    """The same of every module, each under its name."""
    return [(one.label, kept) for one in parts.all_parts() if (kept := one.rows(info))]


def as_json(info: MemberInfo) -> dict[str, Any]:
    where = selectors.address(info)
    unit = units.unit(info.workplace_id) if info.workplace_id else None
    area = areas.area(info.area_id)
    return {
        "member": str(info.uuid),
        "name": selectors.name(info),
        "reached_by": where.as_json() if where else None,
        "community": {"code": area.code, "name": dict(area.name)},
        "workplace": dict(unit.name) if unit else None,
        "language": info.language,
        "joined_at": info.joined_at.isoformat(),
        "consent": info.consent,
        "sessions": selectors.sessions(info),
        "last_month": selectors.month(info),
        **{one.key: one.export(info) for one in parts.all_parts()},
    }
