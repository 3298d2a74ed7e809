"""The page of reports that came in floods, with how many wait."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.intake import selectors
from lingka.intake.permissions import REVIEWERS

register(
    Section(
        "intake:call", _("Calls"), frozenset({"dispatcher"}), 15,
        pages=frozenset({"intake:call-days"}),
    ),
    Section("intake:held", _("Held reports"), REVIEWERS, 40, count=selectors.held_count),
)  # fmt: skip
