from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PatrolsConfig(AppConfig):
    name = "lingka.patrols"
    label = "patrols"

    def ready(self) -> None:
        from lingka.patrols import events

        del events  # registers the event types
        post_migrate.connect(_publish_shipped, sender=self)


def _publish_shipped(**_signal: Any) -> None:
    """A fresh installation has checklists; a town puts its own in their place."""
    from lingka.patrols.actions import publish_shipped

    publish_shipped()
