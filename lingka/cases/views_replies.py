"""Standard replies, shipped and the town's own: for the administrators of the whole town."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lingka.accounts.administering import actor_of, administrator, page
from lingka.cases.selectors import replies
from lingka.core import codes
from lingka.core.actors import Actor
from lingka.core.text import pick
from lingka.desks import actions, rules
from lingka.desks import selectors as desks

USES = (("reply", gettext_lazy("answers the resident")), ("ask", gettext_lazy("asks the resident")))


class ReplyForm(forms.Form):
    """Title and text in every language; problems of `rules` are said beside the field."""

    for_ = forms.ChoiceField(label=gettext_lazy("What it does"), choices=USES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in settings.LANGUAGES:
            self.fields[f"title_{code}"] = forms.CharField(
                label=f"{_('Title')} · {language}", max_length=rules.TITLE,
                widget=forms.TextInput(attrs={"lang": code}),
            )  # fmt: skip
            self.fields[f"text_{code}"] = forms.CharField(
                label=f"{_('Text')} · {language}", max_length=rules.LONGEST,
                widget=forms.Textarea(attrs={"lang": code, "rows": 3}),
            )  # fmt: skip

    def body(self) -> dict[str, Any]:
        said = self.cleaned_data
        parts = {
            name: {code: said[f"{name}_{code}"].strip() for code, _language in settings.LANGUAGES}
            for name in ("title", "text")
        }
        return {"for": [said["for_"]], **parts}

    def clean(self) -> dict[str, Any]:
        """Adds `body`, checked: an unknown variable is said beside its field."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            given["body"] = self.body()
            for field, message in rules.faults(given["body"]):
                self.add_error(field, message)
        return given


def _initial(body: Mapping[str, Any]) -> dict[str, Any]:
    shown = {"for_": body["for"][0]}
    for code, _language in settings.LANGUAGES:
        shown |= {f"{name}_{code}": body[name][code] for name in ("title", "text")}
    return shown


def _must(request: HttpRequest) -> None:
    if not desks.may_publish(actor_of(request)):
        raise Http404


@require_safe
@administrator
def show_replies(request: HttpRequest) -> HttpResponse:
    """All replies that desks are offered, and where each comes from."""
    _must(request)
    gone = [(key, pick(body["title"])) for key, body in replies.taken_down().items()]
    context = {"rows": rows(), "gone": gone, "variables": rules.VARIABLES}
    return render(request, "cases/desk/replies.html", context)


def rows() -> list[dict[str, Any]]:
    """The replies that are offered, and where each comes from."""
    own = desks.replies()
    return [
        {
            "key": key,
            "title": pick(body["title"]),
            "text": pick(body["text"]),
            "use": dict(USES)[body["for"][0]],
            "number": own[key].number if key in own else 0,
            "at": own[key].published_at if key in own else None,
        }
        for key, body in replies.bodies().items()
    ]


@administrator
def edit_reply(request: HttpRequest, key: str = "") -> HttpResponse:
    """A reply's form; saving publishes a new version, of one taken down as well."""
    _must(request)
    offered = replies.bodies().get(key) if key else None
    body = offered or (replies.taken_down().get(key) if key else None)
    if key and body is None:
        raise Http404
    form = partial(ReplyForm, initial=_initial(body) if body else {})
    title = pick(body["title"]) if body else _("Write a reply")
    return page(
        request, "cases/desk/reply.html", {"reply": (form, partial(_publish, key))},
        lambda: {
            "title": title, "key": key, "variables": rules.VARIABLES,
            "is_gone": bool(body) and not offered,
        },
        after=lambda _key: reverse("cases:replies"),
    )  # fmt: skip


def _publish(key: str, actor: Actor, data: dict[str, Any]) -> str:
    key = key or f"own-{codes.short_code().lower()}"
    actions.publish_reply(key, data["body"], actor=actor)
    return key


@require_POST
@administrator
def retire_reply(request: HttpRequest, key: str) -> HttpResponse:
    """Offer a reply no more."""
    _must(request)
    if key not in replies.bodies():
        raise Http404
    actions.retire_reply(key, actor=actor_of(request))
    return redirect("cases:replies")
