"""Settings. Every environment variable is read here, once; docs/operations.md lists them."""

import os
import re
import zoneinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import psycopg.conninfo
from django.conf.locale import LANG_INFO

from config import messages, sign_in
from config.environment import (
    Environment,
    choice,
    flag,
    networks,
    refuse,
    text,
    vapid_key,
    whole,
    words,
)
from config.secrets import kept
from config.sign_in import *  # noqa: F403 - settings, one by one in a file of their own
from lingka.ops import logs
from lingka.ops.postgres import default_cluster
from lingka.ops.postgres import home as default_home

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = Environment(os.environ)
_read = ENVIRONMENT.read


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("write an address like https://lingka.example.org, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _time_zone(value: str) -> str:
    if value not in zoneinfo.available_timezones():
        raise ValueError("write a name of the time zone database, like Asia/Shanghai")
    return value


def _country_code(value: str) -> str:
    if not (value.isascii() and value.isdigit() and value[0] != "0" and len(value) < 4):  # noqa: PLR2004 - of ITU's plan
        raise ValueError("one to three digits are expected, without a sign")
    return value


def _conninfo(value: str) -> str:
    try:
        parts = psycopg.conninfo.conninfo_to_dict(value) if value else {"dbname": "-"}
    except psycopg.Error:
        parts = {}
    if not parts.get("dbname"):
        raise ValueError("write postgresql://user:password@host:5432/database")
    return value


MODE = _read(
    "LINGKA_MODE",
    "local",
    "`local` makes its own secrets and speaks plain HTTP; `production` asks for both and"
    " insists on HTTPS.",
    choice("local", "production"),
)
PRODUCTION = MODE == "production"


def _home(value: str) -> Path:
    return Path(value).resolve() if value else default_home()


HOME = _read(
    "LINGKA_HOME",
    "",
    "Folder of data, files, keys and backups; `.lingka` of the checkout.",
    _home,
)
MEDIA_ROOT = Path(
    _read("LINGKA_MEDIA", str(HOME / "media"), "Folder of photos and voice notes.", text)
)
LISTS_ROOT = HOME / "lists"  # taken out as files, gone in two days, never in a backup
INCOMING_ROOT = HOME / "incoming"  # pieces of files that phones send, gone when they are whole
EXCHANGE_ROOT = Path(
    _read(
        "LINGKA_EXCHANGE",
        str(HOME / "exchange"),
        "Folder through which files go to and come from other platforms.",
        text,
    )
)
DATABASE_URL = _read(
    "DATABASE_URL",
    "",
    "A PostgreSQL 15 or newer of your own; without it Lingka runs its own PostgreSQL 18.",
    _conninfo,
    secret=True,
)
JURISDICTION = _read(
    "LINGKA_JURISDICTION", "lingka.example", "jurisdiction_id of the Open311 interface.", text
)
CONTACT = _read(
    "LINGKA_CONTACT", "the administrator of this installation", "Whom developers may ask.", text
)
POOL = _read("LINGKA_POOL", "8", "Most database connections of one process.", whole(2, 100))
DEBUG = _read("DEBUG", "0", "1 shows errors in full: only for developing.", flag)
DEMO = _read("LINGKA_DEMO", "0", "1 offers the sign-in sheet of the demo city.", flag)
SECRET_KEY = _read("SECRET_KEY", "", "Signs cookies; 50 random characters.", text, secret=True)
LINGKA_KEYS = _read(
    "LINGKA_KEYS",
    "",
    "Encrypt contact data: newest first, with commas, 32 random characters or more each.",
    words,
    secret=True,
)
HEAD_KEYS = _read(
    "LINGKA_HEAD_KEYS",
    "",
    "Sign history (docs/proofs.md): newest first, with commas, 32 random characters or more each.",
    words,
    secret=True,
)
HOSTS = _read("LINGKA_HOSTS", "", "Further host names that are answered, with commas.", words)
BIND = _read("LINGKA_BIND", "127.0.0.1", "Network address the server listens on.", text)
PORT = _read("PORT", "8000", "Port the server listens on.", whole(1, 65535))
PUBLIC_ORIGIN = _read(
    "LINGKA_ORIGIN",
    f"http://127.0.0.1:{PORT}",
    "The address residents see, of the same port by default; QR codes hold it.",
    _origin,
)
WEB_WORKERS = _read("LINGKA_WEB_WORKERS", "2", "Server processes.", whole(1, 64))
BEHIND_PROXY = _read(
    "LINGKA_PROXY",
    "0",
    "1 when a proxy of yours ends HTTPS and sets X-Forwarded-Proto and X-Forwarded-For.",
    flag,
)
METRICS_FROM = _read(
    "LINGKA_METRICS_FROM",
    "127.0.0.0/8,::1/128",
    "Addresses and networks that may read /metrics, with commas.",
    networks,
)
MAX_BODY_MB = _read("LINGKA_MAX_BODY_MB", "64", "Largest request in megabytes.", whole(1, 1024))
LOG_LEVEL = _read(
    "LINGKA_LOG_LEVEL", "INFO", "Least level that is logged.", choice("DEBUG", "INFO", "WARNING")
)
LOG_FORMAT = _read(
    "LINGKA_LOG_FORMAT", "json", "`json`, or `text` to read along.", choice("json", "text")
)
EMAIL_URL = _read(
    "LINGKA_EMAIL_URL",
    "",
    "How e-mail leaves: smtp://user:password@host:587 or smtps://…:465; without it, the log.",
    text,
    secret=True,
)
DEFAULT_FROM_EMAIL = _read(
    "LINGKA_EMAIL_FROM", "lingka@localhost", "Sender of e-mails; contact for push services.", text
)
SMS_URL = _read(
    "LINGKA_SMS_URL",
    "",
    "Apprise address for text messages, with {phone}, {template}, {type}, {code}, {link}…",
    text,
    secret=True,
)
VAPID_KEY = _read(
    "LINGKA_VAPID_KEY",
    "",
    "Private key for Web Push, as `lingka vapid-keys` makes it; without one there is no push.",
    vapid_key,
    secret=True,
)
PUSH_SERVICES = _read(
    "LINGKA_PUSH_SERVICES",
    "fcm.googleapis.com,updates.push.services.mozilla.com,*.notify.windows.com,*.push.apple.com",
    "Hosts that messages to browsers are handed to, with commas: no other is ever asked.",
    words,
)
OIDC_ISSUER = _read(
    "LINGKA_OIDC_ISSUER",
    "",
    "Address of an OpenID Connect provider whose users may sign in as staff.",
    text,
)
OIDC_CLIENT = _read("LINGKA_OIDC_CLIENT", "", "Lingka's client id there.", text)
OIDC_SECRET = _read("LINGKA_OIDC_SECRET", "", "Its secret.", text, secret=True)
OIDC_NAME = _read("LINGKA_OIDC_NAME", "SSO", "What its button on the sign-in page says.", text)
TIME_ZONE = _read("LINGKA_TIME_ZONE", "Asia/Shanghai", "The town's time zone.", _time_zone)
COUNTRY_CODE = _read(
    "LINGKA_COUNTRY_CODE", "86", "The country's number before telephone numbers.", _country_code
)

if PRODUCTION:
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:  # noqa: PLR2004 - Django's own measure
        ENVIRONMENT.fault("SECRET_KEY: production needs 50 random characters or more.")
    if not LINGKA_KEYS or min(map(len, LINGKA_KEYS)) < 32:  # noqa: PLR2004
        ENVIRONMENT.fault("LINGKA_KEYS: production needs keys of 32 random characters or more.")
    if HEAD_KEYS and min(map(len, HEAD_KEYS)) < 32:  # noqa: PLR2004
        ENVIRONMENT.fault("LINGKA_HEAD_KEYS: keys need 32 random characters or more.")
    if not PUBLIC_ORIGIN.startswith("https://"):
        ENVIRONMENT.fault("LINGKA_ORIGIN: production needs an https:// address.")
    if DEBUG or DEMO:
        ENVIRONMENT.fault("DEBUG and LINGKA_DEMO: neither belongs in production.")
ENVIRONMENT.finish()
if not PRODUCTION:
    try:
        SECRET_KEY = SECRET_KEY or kept(HOME, "secret-key")
        LINGKA_KEYS = LINGKA_KEYS or words(kept(HOME, "contact-keys"))
        HEAD_KEYS = HEAD_KEYS or words(kept(HOME, "head-keys"))
    except OSError as error:
        refuse([f"LINGKA_HOME: {HOME} cannot be written: {error.strerror}."])

# -- web ------------------------------------------------------------------------------------

_public_host = urlsplit(PUBLIC_ORIGIN).hostname or ""
ALLOWED_HOSTS = [_public_host, "127.0.0.1", "localhost", "[::1]", *HOSTS]
if DEMO and not PRODUCTION:
    ALLOWED_HOSTS = ["*"]  # a demonstration is visited under whatever name its machine has
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
CSRF_FAILURE_VIEW = "lingka.core.views.csrf_failed"
LINGKA_MAX_BODY = MAX_BODY_MB * 1024 * 1024
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
X_FRAME_OPTIONS = "DENY"
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
    "lingka.proofs",
    "lingka.areas",
    "lingka.units",
    "lingka.accounts",
    "lingka.desks",
    "lingka.cases",
    "lingka.members",
    "lingka.insight",
    "lingka.guides",
    "lingka.notices",
    "lingka.ledgers",
    "lingka.partners",
    "lingka.patrols",
    "lingka.callbacks",
    "lingka.promises",
    "lingka.surveys",
    "lingka.volunteering",
    "lingka.counter",
    "lingka.projects",
    "lingka.rooms",
    "lingka.voting",
    "lingka.covenants",
    "lingka.deliberation",
    "lingka.intake",
    "lingka.points",
    "lingka.notifications",
    "lingka.exchange",
    "lingka.open311",
    "lingka.api",
    "lingka.field",
    "lingka.ops",
    *sign_in.APPS,  # after ours, whose templates count first
]
MIDDLEWARE = [
    "lingka.ops.middleware.observe",
    "django.middleware.security.SecurityMiddleware",
    "lingka.ops.middleware.harden",
    "lingka.ops.middleware.seen_from",
    "lingka.ops.middleware.lead_to_page",
    "lingka.ops.middleware.limit_body",
    "lingka.ops.middleware.storable_cookies",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lingka.accounts.middleware.people",
    "django_htmx.middleware.HtmxMiddleware",
    "lingka.ops.middleware.storable_address",  # within the languages: its page has one
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
                "lingka.accounts.context.sign_in",
                "lingka.accounts.context.desk",
            ]
        },
    }
]

# -- data -----------------------------------------------------------------------------------


def database(url: str) -> dict[str, Any]:
    """Django's entry for a PostgreSQL address."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    names = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    # Compiling a queue's many small branches takes longer than running them.
    options = f"{parts.pop('options', '')} -c jit=off".strip()
    pool = {"min_size": 0, "max_size": POOL, "timeout": 5}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{django: parts.pop(libpq, "") for libpq, django in names.items()},
        "CONN_HEALTH_CHECKS": True,  # without it every pooled connection fails once after a restart
        "OPTIONS": {
            # Prepared: a third of the database's work on short statements is parsing, planning.
            "server_side_binding": True,
            "prepare_threshold": 3,
            **parts,
            "options": options,
            "pool": pool,
        },
    }


DATABASES = {"default": database(DATABASE_URL or default_cluster().url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
SOCIALACCOUNT_PROVIDERS = sign_in.providers(OIDC_ISSUER, OIDC_CLIENT, OIDC_SECRET, OIDC_NAME)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # the form of a checklist of 100 items has some 4,000
DATA_UPLOAD_MAX_NUMBER_FILES = 320  # and three recordings an item, most of them not chosen

# -- messages -------------------------------------------------------------------------------

globals().update(messages.email(EMAIL_URL))

# -- languages ------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
# Django does not know Tibetan; without this entry every page in it would fail.
LANG_INFO["bo"] = {
    "bidi": False,
    "code": "bo",
    "name": "Tibetan",
    "name_local": "\u0f56\u0f7c\u0f51\u0f0b\u0f61\u0f72\u0f42",
}
LANGUAGES = [("zh-hans", "中文"), ("bo", "བོད་ཡིག"), ("en", "English")]
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"

# -- files of the pages ---------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
# A checkout that never ran `make run` has collected nothing: its files are served as they lie.
COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not COLLECTED
_hashed = re.compile(r"[.-][0-9A-Za-z_-]{8,12}\.[a-z0-9.]+$")  # Django's hashes and Vite's


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:  # noqa: N802 - WhiteNoise's name
    """Whether a file never changes under its name, so that it may be cached for ever."""
    del path
    return _hashed.search(url) is not None


# -- logs -----------------------------------------------------------------------------------

LOGGING_CONFIG = None
logs.configure(LOG_LEVEL, as_json=LOG_FORMAT == "json")

OPEN311 = {
    "jurisdiction_id": JURISDICTION,
    "changeset": "2026-11-21T00:00:00Z",
    "contact": CONTACT,
    "key_service": CONTACT,
}
