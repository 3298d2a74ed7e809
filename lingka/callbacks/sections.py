"""The desk's page of calls."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register

CALLERS = frozenset({"verifier", "supervisor"})

register(
    Section("callbacks:list", _("Call-backs"), CALLERS, 15, pages=frozenset({"callbacks:call"})),
)
