"""Duty lists, version by version."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.core.actors import Actor
from lingka.core.faults import Fault
from lingka.core.histories import History, Rules, register
from lingka.core.text import pick
from lingka.partners.calls import CALLS
from lingka.units import actions, duties
from lingka.units.selectors import duty_list_history, kinds


def _faults(body: Mapping[str, Any]) -> list[Fault]:
    return duties.faults(body, [key for key, _label in kinds()])


def _put(body: dict[str, Any], actor: Actor) -> int:
    return actions.activate_duty_list(body, actor=actor)


register(
    CALLS.history(_("Thresholds of calls")),
    History("duty-list", _("Duty list"), duty_list_history, lambda body: pick(body["name"]),
            "partners:duty_list", Rules("must", dict, _faults, _put)),
)  # fmt: skip
