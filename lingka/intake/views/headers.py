"""Headers of pages that only one person should see."""

from django.http import HttpResponse


def private(response: HttpResponse) -> HttpResponse:
    """Keep the page out of caches, search engines and the address that other sites are told."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
