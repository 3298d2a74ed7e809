"""The administrator's pages of units, staff and keys."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register

ADMINISTRATORS = frozenset({"administrator"})


def _section(name: str, label: object, rank: int, *pages: str) -> Section:
    return Section(
        name, label, ADMINISTRATORS, rank, group="administration", pages=frozenset(pages)
    )


register(
    _section("units", _("Units"), 10, "new_unit", "unit", "calendar"),
    _section("staff", _("Staff"), 20, "new_person", "person"),
    _section("api_keys", _("Software keys"), 40),
)
