"""Guides for everybody to read, and for the town's administrators to write."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lingka.accounts.administering import actor_of, administrator, page
from lingka.core.actors import Actor
from lingka.guides import actions, selectors
from lingka.guides.forms import GuideForm, initial
from lingka.guides.permissions import may_publish

MOST_ASKED = 200  # characters of a question that are looked at


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All guides, or those that fit what was asked."""
    asked = request.GET.get("q", "").strip()[:MOST_ASKED]
    found = selectors.find(asked, limit=12) if asked else []
    context = {
        "asked": asked,
        "found": found,
        "services": selectors.guides("service"),
        "answers": selectors.guides("answer"),
    }
    return render(request, "guides/index.html", context)


@require_safe
def show(request: HttpRequest, guide: str) -> HttpResponse:
    """One guide: the answer, the papers, how long, what it costs, where; source and date."""
    found = selectors.guide(guide)
    if found is None:
        raise Http404
    return render(request, "guides/guide.html", {"guide": found})


@require_safe
@administrator
def desk(request: HttpRequest) -> HttpResponse:
    """The administrators' list."""
    _must_publish(request)
    return render(request, "guides/desk/index.html", {"guides": selectors.guides()})


@administrator
def edit(request: HttpRequest, guide: str = "") -> HttpResponse:
    """A guide's form; saving publishes a new version."""
    _must_publish(request)
    body = selectors.body(guide) if guide else None
    if guide and body is None:
        raise Http404
    form = partial(GuideForm, initial=initial(body) if body else {})
    title = _("Publish a new version") if guide else _("Write a guide")
    return page(
        request, "guides/desk/edit.html", {"guide": (form, partial(_publish, guide))},
        lambda: {"title": title, "guide": selectors.guide(guide) if guide else None},
        after=lambda _key: reverse("guides:desk"),
    )  # fmt: skip


def _publish(key: str, actor: Actor, data: dict[str, Any]) -> str:
    key = key or actions.new_key()
    actions.publish(key, data["body"], actor=actor)
    return key


@require_POST
@administrator
def retire(request: HttpRequest, guide: str) -> HttpResponse:
    """Show a guide no more."""
    _must_publish(request)
    if selectors.guide(guide) is None:
        raise Http404
    actions.retire(guide, actor=actor_of(request))
    return redirect("guides:desk")


def _must_publish(request: HttpRequest) -> None:
    if not may_publish(actor_of(request)):
        raise Http404
