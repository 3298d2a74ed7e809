"""Why a stop was left out, and why a round was missed: one of few, so that it can be counted."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SKIPPED: dict[str, Any] = {
    "closed": _("Closed, nobody there"),
    "weather": _("Weather"),
    "no_way": _("No way through"),
    "called_away": _("Called away to something urgent"),
    "other": _("Another reason"),
}
MISSED: dict[str, Any] = {
    "weather": _("Weather"),
    "emergency": _("All hands at an emergency"),
    "leave": _("Nobody on duty"),
    "not_needed": _("Not needed that day"),
    "other": _("Another reason"),
}
