"""Django's settings for e-mail, from one address."""

from typing import Any
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
BACKENDS = "django.core.mail.backends"


def email(url: str) -> dict[str, Any]:
    """smtp:// speaks STARTTLS, smtps:// TLS from the start; "" writes to the console."""
    if not url:
        return {"EMAIL_BACKEND": f"{BACKENDS}.console.EmailBackend"}
    parts = urlsplit(url)
    return {
        "EMAIL_BACKEND": f"{BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or PORTS.get(parts.scheme, 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
