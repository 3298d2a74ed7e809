from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "lingka.ops"
    label = "ops"

    def ready(self) -> None:
        from lingka.ops import events

        del events  # registers the event types
