from django.apps import AppConfig


class VolunteeringConfig(AppConfig):
    name = "lingka.volunteering"
    label = "volunteering"

    def ready(self) -> None:
        from lingka.volunteering import events

        del events  # registers the event types
