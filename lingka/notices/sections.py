"""Notices among the desk's pages, their templates among the administrators'."""

from django.utils.translation import gettext_lazy as _

from lingka.areas.selectors import whole_town
from lingka.core.sections import Section, register
from lingka.notices.permissions import PUBLISHERS

register(
    Section(
        "notices:desk", _("Notices"), PUBLISHERS, 55,
        pages=frozenset({"notices:new", "notices:new-in", "notices:new-for", "notices:manage"}),
    ),
    Section(
        "notices:templates", _("Notice templates"), frozenset({"administrator"}), 88,
        group="administration", fits=whole_town,
        pages=frozenset({"notices:template", "notices:new-template"}),
    ),
)  # fmt: skip
