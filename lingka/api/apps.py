from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "lingka.api"
    label = "api"
