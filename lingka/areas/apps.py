from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "lingka.areas"
    label = "areas"
