"""How the rates are made, version by version."""

from django.utils.translation import gettext_lazy as _

from lingka.core.histories import History, Version, register
from lingka.core.text import pick
from lingka.insight.models import Definition

KEY = "rates"  # there is one of it


def _rates() -> dict[str, list[Version]]:
    rows = Definition.objects.order_by("number")
    return {KEY: [Version(row.number, row.activated_at, row.activated_by, row.body)
                  for row in rows]}  # fmt: skip


register(History("rates", _("Rates"), _rates, lambda body: pick(body["name"])))
