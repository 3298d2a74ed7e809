from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "lingka.desks"
    label = "desks"

    def ready(self) -> None:
        from lingka.desks import events

        del events  # registers the event types
