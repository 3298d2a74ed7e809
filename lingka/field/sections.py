"""Workers' phones among the desk's pages: everybody's own, administrators' all of their area."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register

register(
    Section("field:app", _("Field app"), frozenset({"grid_worker", "handler"}), 6),
    Section(
        "field:index", _("Phones"), frozenset({"administrator"}), 35, group="administration",
        pages=frozenset({"field:device", "field:rescue"}),
    )
)  # fmt: skip
