from django.apps import AppConfig


class VotingConfig(AppConfig):
    name = "lingka.voting"
    label = "voting"

    def ready(self) -> None:
        from lingka.voting import events, proving

        del events  # registers the event types
        proving.register()
