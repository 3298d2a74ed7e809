from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "lingka.promises"
    label = "promises"

    def ready(self) -> None:
        from lingka.promises import events

        del events  # registers the event types
