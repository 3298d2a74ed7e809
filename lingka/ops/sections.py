"""The administrator's page of what was not passed on."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.ops.permissions import whole

register(
    Section(
        "ops:changes", _("What was changed"), frozenset({"administrator"}), 55,
        group="administration", pages=frozenset({"ops:change", "ops:put"}), fits=whole,
    ),
    Section(
        "ops:deliveries", _("Deliveries"), frozenset({"administrator"}), 50,
        group="administration", fits=whole,
    ),
)  # fmt: skip
