from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InsightConfig(AppConfig):
    name = "lingka.insight"
    label = "insight"

    def ready(self) -> None:
        from lingka.insight import replay

        replay.register()
        post_migrate.connect(_activate_shipped, sender=self)


def _activate_shipped(**_signal: Any) -> None:
    """A fresh installation can count at once; an upgrade brings newer seeds."""
    from lingka.insight.actions import activate_shipped
    from lingka.insight.selectors import forget

    forget()
    activate_shipped()
