from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class UnitsConfig(AppConfig):
    name = "lingka.units"
    label = "units"

    def ready(self) -> None:
        from lingka.units import events, models, selectors

        del events  # registers the event types
        # Only this process's copy is dropped here; other processes watch the revision.
        for model in (models.Unit, models.Service, models.Agreement, models.CalendarVersion):
            for signal in (post_save, post_delete):
                signal.connect(selectors.forget, sender=model)
