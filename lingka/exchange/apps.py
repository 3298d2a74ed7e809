from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "lingka.exchange"
    label = "exchange"

    def ready(self) -> None:
        from lingka.exchange import events

        del events  # registers the event types
