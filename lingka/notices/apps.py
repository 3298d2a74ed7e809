from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lingka.notices"
    label = "notices"

    def ready(self) -> None:
        from lingka.notices import events

        del events  # registers the event types
