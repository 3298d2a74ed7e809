"""Settings. The operations guide lists every environment variable read here."""

import os
from pathlib import Path

import psycopg.conninfo
from django.conf.locale import LANG_INFO

from lingka.ops.postgres import default_cluster

ROOT = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ.get("SECRET_KEY", "insecure-development-key")
DEBUG = os.environ.get("DEBUG", "") == "1"
DEMO = os.environ.get("LINGKA_DEMO", "") == "1"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "procrastinate.contrib.django",
    "django_htmx",
    "lingka.core",
    "lingka.areas",
    "lingka.units",
    "lingka.accounts",
    "lingka.cases",
    "lingka.intake",
    "lingka.notifications",
    "lingka.open311",
    "lingka.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lingka.core.display.context",
            ]
        },
    }
]


def database(url: str) -> dict[str, object]:
    parts = psycopg.conninfo.conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "lingka"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 0, "max_size": 8}},
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL") or default_cluster().url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
LANGUAGE_CODE = "zh-hans"
# Django does not know Tibetan; without this entry every page in it would fail.
LANG_INFO["bo"] = {
    "bidi": False,
    "code": "bo",
    "name": "Tibetan",
    "name_local": "\u0f56\u0f7c\u0f51\u0f0b\u0f61\u0f72\u0f42",
}
LANGUAGES = [("zh-hans", "中文"), ("bo", "བོད་ཡིག"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lingka.core.views.csrf_failed"
STATIC_URL = "/static/"
MEDIA_ROOT = Path(os.environ.get("LINGKA_MEDIA", ROOT / ".lingka" / "media"))
STATIC_ROOT = ROOT / ".lingka" / "static"
LINGKA_KEYS = os.environ.get("LINGKA_KEYS", "insecure-development-key").split(",")
