"""The counter's day among the desk's pages, its windows among the administrators'."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register

register(
    Section(
        "counter:day", _("Counter"), frozenset({"dispatcher"}), 16,
        pages=frozenset({"counter:hand_in", "counter:papers"}),
    ),
    Section(
        "counter:windows", _("Windows"), frozenset({"administrator"}), 87, group="administration",
        pages=frozenset({"counter:window", "counter:new_window"}),
    ),
)  # fmt: skip
