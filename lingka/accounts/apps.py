from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lingka.accounts"
    label = "accounts"
