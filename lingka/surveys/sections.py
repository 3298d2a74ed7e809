"""The desk's page of surveys."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.surveys.permissions import ASKERS

register(
    Section(
        "surveys:list", _("Surveys"), ASKERS, 72,
        pages=frozenset({"surveys:desk", "surveys:poster"}),
    )
)  # fmt: skip
