"""What templates show of people: the sign-in page beside its form, the desk in its header."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from lingka.accounts import selectors
from lingka.accounts.models import Role
from lingka.core import saying
from lingka.core.text import pick
from lingka.units import selectors as units


def sign_in(request: HttpRequest) -> dict[str, Any]:
    """Template context processor: the demo's sheet, and other ways to sign in."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return {
        "demo": settings.DEMO,
        "single_sign_on": [
            {
                "name": app["name"],
                "url": reverse("openid_connect_login", args=[app["provider_id"]]),
            }
            for app in apps
        ],
    }


@dataclass(frozen=True)
class DeskPost:
    """The post through which somebody works now."""

    unit: str = ""
    role: str = ""
    until: str = ""  # on duty until then; empty without duty


def desk(request: HttpRequest) -> dict[str, Any]:
    """Template context processor: `desk_post`, looked up only by pages that show it."""
    return {"desk_post": SimpleLazyObject(lambda: _post(request))}


def _post(request: HttpRequest) -> DeskPost:
    chosen = getattr(getattr(request, "actor", None), "post", None)
    for post in getattr(request, "posts", ()):
        if post.id == chosen:
            until = selectors.post_on_duty_until(post.id)
            return DeskPost(
                pick(units.unit(post.unit_id).name),
                str(Role(post.role).label),
                saying.until(until) if until else "",
            )
    return DeskPost()
