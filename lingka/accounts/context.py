"""What the sign-in page shows beside the form."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


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
