"""What the administrator's pages share: who may see them, and forms that call one action each."""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingka.accounts.permissions import may_administer
from lingka.core.actors import Actor
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem

View = Callable[..., HttpResponse]
Doing = tuple[Callable[..., forms.Form], Callable[[Actor, dict[str, Any]], Any]]


def _page_of(request: HttpRequest) -> str:
    """Where to go on after signing in: what was sent from a form goes on at the form's page."""
    page = request.headers.get("referer", "")
    if request.method != "POST" or not url_has_allowed_host_and_scheme(page, request.get_host()):
        return request.get_full_path()
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def administrator(view: View) -> View:
    """For administrators: others are asked to sign in, or told that there is nothing here."""

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(_page_of(request))
        if isinstance(may_administer(actor_of(request)), Denied):
            raise Http404
        response = view(request, *args, **kwargs)
        response.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def opened_by(read: Callable[[Any], tuple[Any, ...]]) -> Callable[[View], View]:
    """For whom their posts give a say: `read` tells which, and the view gets it. Others are asked
    to sign in, or find nothing here. A part of a page is told that nobody is signed in any more:
    the page says so beside what was typed."""

    def decorated(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                if getattr(request, "htmx", None):
                    return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
                return redirect_to_login(_page_of(request))
            say = read(getattr(request, "posts", ()))
            if not any(say):
                raise Http404
            response = view(request, *say, *args, **kwargs)
            response.setdefault("Cache-Control", "no-store")
            return response

        return guarded

    return decorated


def open_to(may: Callable[[Any], object]) -> Callable[[View], View]:
    """For whom `may` says yes to their posts; others are asked to sign in, or find nothing here."""

    def decorated(view: View) -> View:
        @wraps(view)
        def without_say(request: HttpRequest, _say: object, *args: Any, **kwargs: Any) -> Any:
            return view(request, *args, **kwargs)

        return opened_by(lambda posts: (may(posts),))(without_say)

    return decorated


def sought_in(get: Mapping[str, str]) -> str:
    """What a list is narrowed to by its link."""
    return get.get("name", "")[:80].strip()


def holds(sought: str, *texts: str) -> bool:
    """Does one of a row's texts hold every word that is sought?"""
    said = " ".join(texts).casefold()
    return all(word in said for word in sought.casefold().split())


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def page(
    request: HttpRequest,
    template: str,
    doings: Mapping[str, Doing],
    context: Callable[[], dict[str, Any]],
    *,
    after: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """Show a page with its forms; a POST names the form by `do` and runs that form's action."""
    chosen = request.POST.get("do", "")
    shown: dict[str, forms.Form] = {}
    status = 200
    for name, (make, act) in doings.items():
        form = (
            make(request.POST, request.FILES, prefix=name) if name == chosen else make(prefix=name)
        )
        shown[name] = form
        if name != chosen:
            continue
        done, result = _tried(form, act, actor_of(request))
        if done:
            messages.success(request, _("Saved."))
            return redirect(after(result) if after else request.get_full_path())
        status = 400
    return render(request, template, {**context(), "forms": shown}, status=status)


def _tried(
    form: forms.Form, act: Callable[[Actor, dict[str, Any]], Any], actor: Actor
) -> tuple[bool, Any]:
    """Run the action; what it finds wrong is said beside the field it names."""
    if not form.is_valid():
        return False, None
    try:
        return True, act(actor, form.cleaned_data)
    except PermissionRefused as refused:
        form.add_error(None, str(refused))
    except Problem as problem:
        field = problem.field if problem.field in form.fields else None
        form.add_error(field, str(problem))
    return False, None
