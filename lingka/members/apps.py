from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "lingka.members"
    label = "members"

    def ready(self) -> None:
        from lingka.members import events

        del events  # registers the event types
