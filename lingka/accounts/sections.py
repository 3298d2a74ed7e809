"""The administrator's pages of units, staff and keys; the desk's of agreements."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core.sections import Section, register
from lingka.units import selectors as units

ADMINISTRATORS = frozenset({"administrator"})


def _section(name: str, label: object, rank: int, *pages: str) -> Section:
    return Section(
        name, label, ADMINISTRATORS, rank, group="administration", pages=frozenset(pages)
    )


def _running_out(posts: Sequence[PostInfo]) -> int:
    """Agreements for these desks that run out soon or did lately: asks the database nothing."""
    paths = [post.area_path for post in posts if post.role in {"dispatcher", "supervisor"}]
    return len(units.running_out(*paths)) if paths else 0


register(
    Section(
        "agreements",
        _("Agreements"),
        frozenset({"dispatcher", "supervisor"}),
        70,
        pages=frozenset({"agreement"}),
        count=_running_out,
    ),
    _section("units", _("Units"), 10, "new_unit", "unit", "calendar"),
    _section("staff", _("Staff"), 20, "new_person", "person"),
    _section("api_keys", _("Software keys"), 40),
)
