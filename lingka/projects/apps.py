from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "lingka.projects"
    label = "projects"

    def ready(self) -> None:
        from lingka.projects import events

        del events  # registers the event types
