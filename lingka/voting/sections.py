"""Votes among the desk's pages."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.voting.permissions import KEEPERS

register(
    Section(
        "voting:desk", _("Votes"), KEEPERS, 68,
        pages=frozenset({"voting:new", "voting:one", "voting:edit"}),
    )
)  # fmt: skip
