"""Puts `actor` and `posts` on each request, both looked up only when somebody asks."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from lingka.accounts import selectors
from lingka.core.actors import Actor

POST = "post"  # in the session: the post somebody with several acts through


def people(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Middleware: `request.actor` and `request.posts`, one statement for both."""

    def middleware(request: HttpRequest) -> HttpResponse:
        posts = SimpleLazyObject(lambda: _posts(request))
        request.posts = posts  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _posts(request: HttpRequest) -> list[selectors.PostInfo]:
    if not request.user.is_authenticated:
        return []
    return selectors.posts_of(request.user.pk)


def _actor(request: HttpRequest) -> Actor:
    """The signed-in user through the chosen post, else the first; a visitor is a resident."""
    if not request.user.is_authenticated:
        return Actor("resident")
    ids = [post.id for post in request.posts]  # type: ignore[attr-defined]
    chosen = request.session.get(POST)
    return Actor("user", request.user.pk, chosen if chosen in ids else next(iter(ids), None))
