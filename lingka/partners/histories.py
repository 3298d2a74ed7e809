"""Duty lists, version by version."""

from django.utils.translation import gettext_lazy as _

from lingka.core.histories import History, register
from lingka.core.text import pick
from lingka.units.selectors import duty_list_history

register(
    History("duty-list", _("Duty list"), duty_list_history, lambda body: pick(body["name"]),
            "partners:duty_list"),
)  # fmt: skip
