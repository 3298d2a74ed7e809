from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "lingka.units"
    label = "units"
