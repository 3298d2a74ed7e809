from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "lingka.intake"
    label = "intake"
