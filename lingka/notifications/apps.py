from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "lingka.notifications"
    label = "notifications"

    def ready(self) -> None:
        from lingka.members import outgoing
        from lingka.notifications import direct

        outgoing.register(direct.send_code)
