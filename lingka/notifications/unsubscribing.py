"""A link in every message that ends them: signed, so that it needs no account and no receipt."""

from uuid import UUID

from django.core import signing
from django.urls import reverse

SALT = "notifications.stop"


def path(receipt: UUID) -> str:
    return reverse("notifications:stop", args=[signing.dumps(str(receipt), salt=SALT)])


def receipt_of(token: str) -> UUID | None:
    try:
        return UUID(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError):
        return None
