from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "lingka.ops"
    label = "ops"
