from django.apps import AppConfig


class PointsConfig(AppConfig):
    name = "lingka.points"
    label = "points"

    def ready(self) -> None:
        from lingka.points import proving

        proving.register()  # with the event types
