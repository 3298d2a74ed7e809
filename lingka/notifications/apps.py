from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "lingka.notifications"
    label = "notifications"
