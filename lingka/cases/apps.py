from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    name = "lingka.cases"
    label = "cases"

    def ready(self) -> None:
        from lingka.cases import replay
        from lingka.units import work

        replay.register()
        work.register(_kinds_of_work)
        post_migrate.connect(_activate_shipped, sender=self)


def _kinds_of_work() -> list[Any]:
    from lingka.cases.selectors import catalogue

    return catalogue.kinds_by_group()


def _activate_shipped(**_signal: Any) -> None:
    """A fresh installation can take reports at once; an upgrade brings newer seeds."""
    from lingka.cases.actions import activate_shipped
    from lingka.cases.selectors import catalogue

    catalogue.forget()
    activate_shipped()
