"""Councils among the desk's pages."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.deliberation.permissions import KEEPERS

register(
    Section(
        "deliberation:desk", _("Councils"), KEEPERS, 66,
        pages=frozenset({
            "deliberation:new", "deliberation:table", "deliberation:keep-topic",
            "deliberation:meeting", "deliberation:edit",
        }),
    ),
)  # fmt: skip
