from django.apps import AppConfig


class DeliberationConfig(AppConfig):
    name = "lingka.deliberation"
    label = "deliberation"

    def ready(self) -> None:
        from lingka.deliberation import events

        del events  # registers the event types
