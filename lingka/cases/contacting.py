"""What the case page offers towards its reporters: read a contact, send a lost receipt again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lingka.cases import permissions
from lingka.cases.models import Case, Receipt
from lingka.cases.rows import state_of
from lingka.cases.selectors import page
from lingka.core.actors import Actor


@dataclass(frozen=True)
class Reporter:
    """One receipt's holder. The receipt's token never gets here."""

    label: str
    read_url: str = ""
    again_url: str = ""  # empty where this colleague may not
    read: Mapping[str, Any] = field(default_factory=dict)  # {"shown"}, or {"error", "reason"}
    again: Mapping[str, Any] = field(default_factory=dict)  # {"error", "reason"}


def contacts(
    case: Case,
    actor: Actor,
    receipts: Sequence[Receipt],
    tried: Mapping[int, Mapping[str, Mapping[str, Any]]],
) -> list[Reporter]:
    """Everybody who left a contact; `tried` holds what came of asking, by receipt."""
    left = page.contacts_of(receipts)
    may = permissions.may_send_again(permissions.relations(case, state_of(case), actor))
    shown = []
    for number, receipt in enumerate(receipts, start=1):
        if receipt.pk not in left:
            continue
        label = _("A telephone was left") if left[receipt.pk] else _("A contact was left")
        shown.append(
            Reporter(
                label=f"{label} ({number})" if len(left) > 1 else label,
                read_url=reverse("cases:contact", args=[case.number, receipt.uuid]),
                again_url=reverse("cases:again", args=[case.number, receipt.uuid]) if may else "",
                **tried.get(receipt.pk, {}),
            )
        )
    return shown
