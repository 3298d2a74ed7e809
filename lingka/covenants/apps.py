from django.apps import AppConfig


class CovenantsConfig(AppConfig):
    name = "lingka.covenants"
    label = "covenants"

    def ready(self) -> None:
        from lingka.covenants import events

        del events  # registers the event types
