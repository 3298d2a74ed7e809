from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GuidesConfig(AppConfig):
    name = "lingka.guides"
    label = "guides"

    def ready(self) -> None:
        from lingka.guides import events

        del events  # registers the event types
        post_migrate.connect(_publish_shipped, sender=self)


def _publish_shipped(**_signal: Any) -> None:
    """A fresh installation has something to answer with; a town puts its own in its place."""
    from lingka.guides.actions import publish_shipped

    publish_shipped()
