from django.apps import AppConfig


class CallbacksConfig(AppConfig):
    name = "lingka.callbacks"
    label = "callbacks"

    def ready(self) -> None:
        from lingka.callbacks import events

        del events  # registers the event types
