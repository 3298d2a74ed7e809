"""Checklists as staff read them: all, one with its preview, one as it once was."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingka.accounts import selectors as accounts
from lingka.accounts.administering import open_to
from lingka.areas.levels import scheme
from lingka.areas.selectors import whole_town
from lingka.core.text import pick
from lingka.patrols import reading, selectors
from lingka.patrols.permissions import READERS

# Whoever walks, plans or answers for rounds.
reader = open_to(lambda posts: any(post.role in READERS for post in posts))


@require_safe
@reader
def show_checklists(request: HttpRequest) -> HttpResponse:
    """All that are in force: what each is for, how many items, which version."""
    may_write = whole_town(request.posts)  # type: ignore[attr-defined]
    return render(request, "patrols/checklists.html", {"rows": rows(), "may_write": may_write})


def rows() -> list[dict[str, Any]]:
    return [
        {
            "one": one, "asked": reading.asked(one.body), "hazards": reading.hazards(one.body),
            "fits": _places(one.body["fits"]),
        }
        for one in selectors.infos()
    ]  # fmt: skip


def _places(kinds: list[str]) -> list[str]:
    known = scheme().place_kinds
    return [pick(known[kind]) if kind in known else kind for kind in kinds]


@require_safe
@reader
def show_checklist(request: HttpRequest, key: str) -> HttpResponse:
    """The version in force, as it asks, with its sources and all its versions."""
    return _shown(request, key, None)


@require_safe
@reader
def show_version(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """A version as it was gone by."""
    return _shown(request, key, version)


def _shown(request: HttpRequest, key: str, version: int | None) -> HttpResponse:
    kept = selectors.versions(key)
    if not kept or (version is not None and all(one.number != version for one in kept)):
        raise Http404
    current = selectors.info(key)
    chosen = next((one for one in kept if one.number == version), kept[0])
    people = accounts.users([one.by for one in kept if one.by])
    body = chosen.body
    context = {
        "key": key, "chosen": chosen, "body": body, "items": reading.shown(body),
        "asked": reading.asked(body), "hazards": reading.hazards(body),
        "fits": _places(body["fits"]), "current": current.number if current else None,
        "versions": [(one, people.get(one.by or 0)) for one in kept],
        "may_write": whole_town(request.posts),  # type: ignore[attr-defined]
        "section": "patrols:checklists",
    }  # fmt: skip
    return render(request, "patrols/checklist.html", context)
