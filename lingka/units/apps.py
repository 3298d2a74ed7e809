from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save


class UnitsConfig(AppConfig):
    name = "lingka.units"
    label = "units"

    def ready(self) -> None:
        from lingka.units import events, models, selectors

        del events  # registers the event types
        # Only this process's copy is dropped here; other processes watch the revision.
        post_migrate.connect(_activate_shipped, sender=self)
        for model in (
            models.Unit,
            models.Service,
            models.Agreement,
            models.CalendarVersion,
            models.DutyList,
        ):
            for signal in (post_save, post_delete):
                signal.connect(selectors.forget, sender=model)


def _activate_shipped(**_signal: object) -> None:
    """A fresh installation has the model duty lists in force; an upgrade brings newer ones."""
    from lingka.units.actions import activate_shipped

    activate_shipped()
