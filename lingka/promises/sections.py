"""Headings among the desk's pages."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.promises.permissions import OPENERS

register(
    Section(
        "promises:desk", _("Headings"), OPENERS, 58,
        pages=frozenset({"promises:new", "promises:manage"}),
    )
)  # fmt: skip
