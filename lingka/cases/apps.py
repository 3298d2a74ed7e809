from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "lingka.cases"
    label = "cases"
