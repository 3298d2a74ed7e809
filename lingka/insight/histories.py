"""How the rates are made, version by version."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.core.actors import Actor
from lingka.core.histories import History, Rules, Version, register
from lingka.core.text import pick
from lingka.insight import checker
from lingka.insight.actions import activate
from lingka.insight.assessing import ASSESSMENT
from lingka.insight.definitions import plain
from lingka.insight.models import Definition

KEY = "rates"  # there is one of it


def _rates() -> dict[str, list[Version]]:
    rows = Definition.objects.order_by("number")
    return {KEY: [Version(row.number, row.activated_at, row.activated_by, row.body)
                  for row in rows]}  # fmt: skip


def _put(body: dict[str, Any], actor: Actor) -> int:
    return activate(body, actor=actor).number


register(
    ASSESSMENT.history(_("Open assessment")),
    History("rates", _("Rates"), _rates, lambda body: pick(body["name"]),
            rules=Rules("rates", plain, checker.faults, _put)),
)  # fmt: skip
