"""Activities among the desk's pages."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.volunteering.permissions import ORGANISERS

register(
    Section(
        "volunteering:desk", _("Activities"), ORGANISERS, 64,
        pages=frozenset(
            {
                "volunteering:new", "volunteering:manage", "volunteering:shift",
                "volunteering:desk-campaigns", "volunteering:new-campaign",
                "volunteering:desk-campaign",
            }
        ),
    ),
    Section(
        "volunteering:desk-teams", _("Service teams"), ORGANISERS, 66,
    ),
    Section(
        "volunteering:needs", _("Needs"), ORGANISERS | {"handler"}, 65,
        pages=frozenset(
            {"volunteering:new-need", "volunteering:need", "volunteering:resources"}
        ),
    ),
)  # fmt: skip
