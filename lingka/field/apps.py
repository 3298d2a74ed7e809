from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "lingka.field"
    label = "field"
