"""Pages of a list, by number."""

from typing import Any

from django.http import HttpRequest

MOST = 3  # digits of a page


def number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= MOST else 0


def links(page: int, *, older: bool) -> dict[str, Any]:
    """The pages before and after, as the templates ask for them."""
    return {"newer": page - 1 if page else None, "older": page + 1 if older else None}
