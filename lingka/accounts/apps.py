from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class AccountsConfig(AppConfig):
    name = "lingka.accounts"
    label = "accounts"

    def ready(self) -> None:
        from lingka.accounts import events, models, selectors

        del events  # registers the event types
        for signal in (post_save, post_delete):
            signal.connect(selectors.forget, sender=models.Post)
