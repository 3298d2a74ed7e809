from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "lingka.counter"
    label = "counter"

    def ready(self) -> None:
        from lingka.counter import events

        del events  # registers the event types
