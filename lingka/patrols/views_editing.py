"""Writing checklists: a new version in a form with its preview, from and to XLSForm."""

import re
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingka.areas.levels import scheme
from lingka.cases.serving import Stored, answer
from lingka.core.faults import Fault
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.patrols import actions, editing, reading, schema, selectors, xlsform
from lingka.patrols.permissions import may_publish
from lingka.patrols.views import reader

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _must_publish(request: HttpRequest) -> None:
    if not may_publish(request.actor):  # type: ignore[attr-defined]
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """The form of a new version; arranging and previewing keep nothing, publishing does."""
    _must_publish(request)
    found = selectors.info(key) if key else None
    if key and found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, key, dict(found.body) if found else editing.EMPTY)
    spoken, unheard = _recorded(request)
    do, body = request.POST.get("do", ""), editing.read(request.POST.dict() | spoken)
    if do != "publish":
        faults = unheard + (_faults(body) if do == "preview" else [])
        body = body if unheard else editing.arranged(body, do)
        return _page(request, key, body, faults, preview=do == "preview" and not faults)
    return _publish(request, key, body, unheard)


_SPOKEN = re.compile(r"item-(\d{1,3})-speak-([a-z-]{2,10})")


def _recorded(request: HttpRequest) -> tuple[dict[str, str], list[Fault]]:
    """Recordings that came along are kept at once, as nothing that was typed is lost either."""
    spoken: dict[str, str] = {}
    faults: list[Fault] = []
    for name, file in request.FILES.items():
        found = _SPOKEN.fullmatch(name)
        if not found or not isinstance(file, UploadedFile):
            continue
        at, code = found.groups()
        try:
            received = file.read(actions.LARGEST_SOUND + 1)
            kept = actions.keep_sound(received, actor=request.actor)  # type: ignore[attr-defined]
            spoken |= {f"item-{at}-audio-{code}": kept, f"item-{at}-unsaid-{code}": ""}
        except Problem as problem:
            faults.append(Fault(problem.code, f"items.{at}.audio.{code}", str(problem)))
    return spoken, faults


def _faults(body: editing.Body) -> list[Fault]:
    return [*schema.faults(body), *selectors.lacking_sounds(body)]


def _publish(
    request: HttpRequest, key: str, body: editing.Body, unheard: list[Fault]
) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()
    faults = unheard + _faults(body)
    if not reason:
        faults.append(Fault("empty", "reason", _("Please say why.")))
    elif not schema.storable(reason):
        faults.append(Fault("unreadable", "reason", _("This cannot be read.")))
    if faults:
        return _page(request, key, body, faults, status=422)
    key = key or actions.new_key()
    actor = request.actor  # type: ignore[attr-defined]
    number = actions.publish_checklist(key, body, actor=actor, reason=reason)
    selectors.forget()
    messages.success(request, _("Version %(number)s is in force.") % {"number": number})
    return redirect("patrols:checklist", key=key)


def _page(
    request: HttpRequest, key: str, body: editing.Body, faults: Any = (), status: int = 200, *,
    preview: bool = False,
) -> HttpResponse:  # fmt: skip
    shown = editing.Shown(body, faults)
    context = {
        "key": key, "form": shown, "kinds": list(editing.KIND_NAMES.items()),
        "places": [(kind, pick(names), kind in shown.fits)
                   for kind, names in scheme().place_kinds.items()],
        "reason": request.POST.get("reason", ""), "reason_fault": shown.faults.get("reason", ""),
        "faults": len(shown.faults), "preview": reading.shown(body) if preview else [],
        "address": request.path, "section": "patrols:checklists",
    }  # fmt: skip
    return render(request, "patrols/edit.html", context, status=status)


@require_POST
@reader
def take_in(request: HttpRequest) -> HttpResponse:
    """An XLSForm in the form of a new checklist: nothing is kept before it is published."""
    _must_publish(request)
    file = request.FILES.get("file")
    try:
        if not isinstance(file, UploadedFile) or (file.size or 0) > xlsform.LARGEST:
            said = _("Choose an Excel file (.xlsx) of at most 2 MB.")
            raise Problem("xlsform", said, field="file", status=422)  # noqa: TRY301 - said as the rest
        body = xlsform.read(file.read())
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect("patrols:checklists")
    messages.success(request, _("Taken over. Complete what is missing, then publish."))
    request.path = request.path.replace("import", "new")
    return _page(request, "", body, _faults(body))


@require_POST
@reader
def retire(request: HttpRequest, key: str) -> HttpResponse:
    """Use a checklist no more."""
    _must_publish(request)
    if selectors.info(key) is None:
        raise Http404
    actions.retire_checklist(key, actor=request.actor)  # type: ignore[attr-defined]
    selectors.forget()
    return redirect("patrols:checklists")


@require_safe
def speak(request: HttpRequest, sha256: str) -> HttpResponse:
    """A recorded question. Phones keep it; whoever serves nowhere finds nothing."""
    posts = request.posts if request.user.is_authenticated else []  # type: ignore[attr-defined]
    heard = selectors.sound(sha256) if posts else None
    if heard is None:
        raise Http404
    return answer(request, Stored(sha256, "audio/mp4"), heard)


@require_safe
@reader
def give_out(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """A version as XLSForm."""
    found = selectors.info(key, version)
    if found is None:
        raise Http404
    name = f"{key}-v{version}.xlsx"
    return HttpResponse(
        xlsform.write(key, found.body), content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip
