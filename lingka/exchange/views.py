"""Other platforms for the town's administrators: what went over, and where both lists differ."""

import csv
import tempfile
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingka.accounts.administering import actor_of, administrator, page
from lingka.core.actors import Actor
from lingka.core.problems import Problem
from lingka.exchange import actions, selectors
from lingka.exchange.forms import ListForm, PeerForm, initial
from lingka.exchange.permissions import may_exchange
from lingka.exchange.selectors import MOST_SHOWN, PeerInfo

HEAD = ("list", "their_id", "id", "their_status", "status", "changed_at")
LONGEST_NAME = 60  # letters of four bytes: a file system takes 255
SET = ("name", "mapping", "address", "secret", "asks_with", "shares", "answers", "active")


@require_safe
@administrator
def index(request: HttpRequest) -> HttpResponse:
    """All platforms, and what went over last."""
    _must(request)
    return render(request, "exchange/index.html", {"peers": selectors.peers()})


@administrator
def edit(request: HttpRequest, peer: str = "") -> HttpResponse:
    """A platform's form."""
    _must(request)
    found = _or_404(peer) if peer else None
    first = initial(*selectors.texts(peer), found) if found else {}
    asks = bool(found and found.asks)
    form = partial(PeerForm, known=bool(found), asks=asks, initial=first)
    return page(
        request, "exchange/edit.html", {"peer": (form, partial(_set, peer))},
        lambda: {"peer": found}, after=lambda key: reverse("exchange:peer", args=[key]),
    )  # fmt: skip


def _set(key: str, actor: Actor, data: dict[str, Any]) -> str:
    if not key and selectors.peer(data["key"]):
        raise Problem("known_peer", _("There is a platform with this key already."), field="key")
    key = key or data["key"]
    actions.set_peer(key, actor=actor, **{name: data[name] for name in SET})
    return key


@administrator
def show(request: HttpRequest, peer: str) -> HttpResponse:
    """One platform: exchange now, compare, what differs, what went over."""
    _must(request)
    found = _or_404(peer)
    doings = {
        "run": (Form, partial(_run, request, peer)),
        "compare": (ListForm, partial(_compare, peer)),
    }

    def context() -> dict[str, Any]:
        lists = selectors.reconciliation(peer)
        tables = {
            "theirs_only": lists.theirs_only[:MOST_SHOWN],
            "ours_only": lists.ours_only[:MOST_SHOWN],
            "differing": lists.differing[:MOST_SHOWN],
            "untold": lists.untold[:MOST_SHOWN],
        }
        return {"peer": found, "lists": lists, "runs": selectors.runs(peer), **tables}

    return page(request, "exchange/peer.html", doings, context)


def _run(request: HttpRequest, peer: str, actor: Actor, data: dict[str, Any]) -> None:
    try:
        failed = actions.run(peer, actor=actor)
    except Problem as problem:
        failed = [str(problem)]
    for one in failed:
        messages.error(request, one)


def _compare(peer: str, actor: Actor, data: dict[str, Any]) -> None:
    file: UploadedFile[bytes] = data["file"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(file.name or "list").name[-LONGEST_NAME:]
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        actions.compare(peer, path, actor=actor)


@require_safe
@administrator
def differences(request: HttpRequest, peer: str) -> HttpResponse:
    """All differences as a table."""
    _must(request)
    _or_404(peer)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{peer}-differences.csv"'
    writer = csv.writer(response)
    writer.writerow(HEAD)
    for name, one in selectors.reconciliation(peer).rows():
        changed = one.changed_at.isoformat(timespec="seconds") if one.changed_at else ""
        cells = (name, one.their_id, one.number, _word(one.theirs), _word(one.ours), changed)
        writer.writerow([actions.plain(cell) for cell in cells])
    return response


@require_safe
def changes(request: HttpRequest, peer: str) -> HttpResponse:
    """What changed in their cases, for the platform itself, which shows its key."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    try:
        found = actions.changes(
            peer, token if kind == "Bearer" else "", request.GET.get("cursor", ""),
            heard=request.method == "GET",
        )  # fmt: skip
    except Problem as problem:
        detail = str(problem.extra.get("detail", problem))
        return _refused(problem.code, str(problem), HTTPStatus(problem.status), detail)
    if found is None:
        return _refused("key", _("There is no platform with this key."), HTTPStatus.UNAUTHORIZED)
    return JsonResponse(found)


def _refused(code: str, said: str, status: HTTPStatus, detail: str = "") -> HttpResponse:
    told = {"type": f"/problems/{code}", "title": said, "status": status.value}
    response = JsonResponse(told | {"detail": detail or said}, status=status)
    response["Content-Type"] = "application/problem+json"
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _word(is_open: bool | None) -> str:  # noqa: FBT001
    return {None: "", True: "open", False: "closed"}[is_open]


def _or_404(peer: str) -> PeerInfo:
    found = selectors.peer(peer)
    if found is None:
        raise Http404
    return found


def _must(request: HttpRequest) -> None:
    if not may_exchange(actor_of(request)):
        raise Http404
