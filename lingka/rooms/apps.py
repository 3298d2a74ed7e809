from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "lingka.rooms"
    label = "rooms"

    def ready(self) -> None:
        from lingka.rooms import events

        del events  # registers the event types
