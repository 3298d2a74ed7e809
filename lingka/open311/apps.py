from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "lingka.open311"
    label = "open311"
