from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class FieldConfig(AppConfig):
    name = "lingka.field"
    label = "field"

    def ready(self) -> None:
        from lingka.field import attending, senders

        attending.register()
        user_logged_in.connect(senders.stamp)
