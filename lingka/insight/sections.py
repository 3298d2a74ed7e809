"""The desk's pages of rates."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.insight.permissions import READERS

register(
    Section(
        "insight:board", _("Rates"), READERS, 70,
        pages=frozenset(
            {"insight:cases", "insight:appeals", "insight:appeal", "insight:new_appeal",
             "insight:published", "insight:assessment", "insight:speak"}
        ),
    )
)  # fmt: skip
