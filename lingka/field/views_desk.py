"""Workers' phones on the desk: which there are, and revoking one."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.field import actions, selectors
from lingka.field.rescued import Rescue


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """One's own phones; for administrators also those of everybody in their area, and what their
    workers corrected while somebody else did."""
    return _page(request) or (_decided(request) if request.method == "POST" else _listed(request))


def _decided(request: HttpRequest) -> HttpResponse:
    number, verdict = request.POST.get("operation", ""), request.POST.get("do")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):  # noqa: PLR2004
        raise Http404
    try:
        actions.decide(int(number), actor=request.actor, take=verdict == "take")  # type: ignore[attr-defined]
    except Problem as problem:
        raise Http404 from problem
    messages.success(request, _("Saved."))
    return redirect("field:index")


def _page(request: HttpRequest) -> HttpResponse | None:
    """Whoever is not signed in is asked to; without a post there is nothing here."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not request.posts:  # type: ignore[attr-defined]
        raise Http404
    return None


def _listed(request: HttpRequest) -> HttpResponse:
    phones = selectors.phones(request.user.pk or 0, request.posts)  # type: ignore[attr-defined]
    clashes = selectors.clashes(request.posts)  # type: ignore[attr-defined]
    shown = {"phones": phones, "clashes": clashes, "most": selectors.MOST_PHONES}
    response = render(request, "field/phones.html", shown)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def device(request: HttpRequest, device: UUID) -> HttpResponse:
    """One phone: what revoking it means, and doing it."""
    if answer := _page(request):
        return answer
    phone = selectors.phone(device, request.user.pk or 0, request.posts)  # type: ignore[attr-defined]
    if phone is None:
        raise Http404
    if request.method == "POST":
        try:
            actions.revoke(device, actor=request.actor)  # type: ignore[attr-defined]
        except (Problem, PermissionRefused) as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Revoked. It erases itself when it comes by next."))
        return redirect("field:index")
    response = render(request, "field/phone.html", {"phone": phone})
    response["Cache-Control"] = "no-store"
    return response


class RescueForm(forms.Form):
    """The ZIP that a phone saved."""

    file = forms.FileField(
        label=gettext_lazy("Rescue file"),
        help_text=gettext_lazy("The ZIP that the field app saved on the phone."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rescue(request: HttpRequest) -> HttpResponse:
    """Bring in what a phone could not send. Broken off, or brought twice, nothing is done twice."""
    if answer := _page(request):
        return answer
    sent = request.method == "POST"
    form = RescueForm(request.POST, request.FILES) if sent else RescueForm()
    shown: dict[str, Any] = {"form": form}
    if sent and form.is_valid():
        try:
            file = Rescue(form.cleaned_data["file"])
            shown["brought"] = actions.bring_rescued(file, actor=request.actor)  # type: ignore[attr-defined]
            shown["drafts"] = file.drafts
        except (Problem, PermissionRefused) as refused:
            form.add_error("file", str(refused))
    status = 422 if form.errors else 200
    response = render(request, "field/rescue.html", shown, status=status)
    response["Cache-Control"] = "no-store"
    return response
