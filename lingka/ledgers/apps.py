from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "lingka.ledgers"
    label = "ledgers"
