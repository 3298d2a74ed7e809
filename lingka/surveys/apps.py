from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "lingka.surveys"
    label = "surveys"

    def ready(self) -> None:
        from lingka.surveys import events

        del events  # registers the event types
