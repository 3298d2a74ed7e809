"""Guides, version by version."""

from django.utils.translation import gettext_lazy as _

from lingka.core.histories import History, Version, register
from lingka.core.text import pick
from lingka.guides.models import GuideVersion


def _guides() -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for row in GuideVersion.objects.select_related("guide").order_by("id"):
        made = Version(row.number, row.published_at, row.published_by, row.body)
        found.setdefault(row.guide.key, []).append(made)
    return found


register(History("guide", _("Guide"), _guides, lambda body: pick(body["title"]), "guides:edit"))
