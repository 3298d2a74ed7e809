from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "lingka.core"
    label = "core"
