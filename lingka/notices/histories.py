"""Templates for notices, version by version."""

from django.utils.translation import gettext_lazy as _

from lingka.core.histories import History, register
from lingka.core.text import pick
from lingka.notices.templates import versions_by_key

register(
    History("notice-template", _("Notice template"), versions_by_key,
            lambda body: pick(body["title"]), "notices:template"),
)  # fmt: skip
