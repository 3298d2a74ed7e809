from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "lingka.partners"
    label = "partners"
