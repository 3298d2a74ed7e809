"""One report on its way from the form to a case: read, kept between attempts, checked, sent."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lingka.areas.selectors import PlaceInfo, place_by_code
from lingka.cases import actions as cases
from lingka.cases import selectors
from lingka.cases.selectors import CaseTypeInfo, Similar
from lingka.core import limits
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.intake import drafts, rules
from lingka.intake.forms import ReportForm

RESIDENT = Actor(kind="resident")
STEPS = ("words", "photos", "where", "contact")  # elder mode: one question a screen


@dataclass
class Kept:
    """An uploaded file that the form carries along."""

    key: str
    kind: str
    id: UUID


@dataclass
class Draft:
    """What has been said so far."""

    info: CaseTypeInfo
    form: ReportForm
    place: PlaceInfo | None = None
    kept: list[Kept] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    seen: bool = False  # similar cases were offered, and it is none of them
    step: str = STEPS[0]

    @property
    def photos(self) -> list[Kept]:
        return [item for item in self.kept if item.kind == "photo"]

    @property
    def voice(self) -> Kept | None:
        return next(iter(self.voices), None)

    @property
    def voices(self) -> list[Kept]:
        return [item for item in self.kept if item.kind == "voice"]

    @property
    def point(self) -> tuple[float, float] | None:
        """Where it is: the pin if one was put, else the place whose code was scanned."""
        data = getattr(self.form, "cleaned_data", {})
        if data.get("lon") is not None:
            return data["lon"], data["lat"]
        return (self.place.lon, self.place.lat) if self.place else None

    def is_ready(self) -> bool:
        whole = self.form.require(
            something_said=bool(self.kept), place_known=self.place is not None
        )
        return whole and not self.faults


def begin(info: CaseTypeInfo, place_code: str) -> Draft:
    """An empty form with a key of its own, for the place that was scanned."""
    place = place_by_code(place_code) if place_code else None
    form = ReportForm(initial={"idempotency_key": uuid7(), "place": place.code if place else ""})
    return Draft(info, form, place)


def read(info: CaseTypeInfo, request: HttpRequest) -> Draft:
    """Take in what was sent, files first: whatever else is wrong with it, they are kept."""
    draft = Draft(info, ReportForm(request.POST))
    draft.kept = [Kept(*found) for found in drafts.all_opened(request.POST.getlist("kept"))]
    _take_files(draft, request)
    draft.form.is_valid()
    code = draft.form.cleaned_data.get("place", "")
    draft.place = place_by_code(code) if code else None
    draft.seen = request.POST.get("seen") == "1"
    step = request.POST.get("step", "")
    draft.step = step if step in STEPS else STEPS[0]
    asked = (question["code"] for question in info.form)
    draft.attributes = {
        code: request.POST[f"a.{code}"] for code in asked if f"a.{code}" in request.POST
    }
    return draft


def _take_files(draft: Draft, request: HttpRequest) -> None:
    photos = [file for file in request.FILES.getlist("photos") if file.size]
    voices = [file for file in request.FILES.getlist("voice") if file.size][:1]
    if voices:
        draft.kept = draft.photos
    room = drafts.MOST_FILES - len(draft.kept) - len(voices)
    if len(photos) > room:
        most = drafts.MOST_FILES
        draft.faults["photos"] = ngettext(
            "At most %(n)d file fits. The first were kept.",
            "At most %(n)d files fit. The first were kept.",
            most,
        ) % {"n": most}
    for file in photos[: max(room, 0)]:
        _take(draft, request, file, "photo", "photos")
    for file in voices:
        _take(draft, request, file, "voice", "voice")


def take_in(
    request: HttpRequest, file: "UploadedFile[bytes]", kind: str, actor: Actor = RESIDENT
) -> UUID:
    """Keep a file, unless very many came from there lately: drawing each anew costs work."""
    if not limits.hit("upload", limits.source_of(request), *rules.UPLOADS):
        text = _("Too much at once from here. Please try again in ten minutes.")
        raise Problem("many", text, status=429)
    return cases.add_attachment(file, actor=actor, kind=kind)


def _take(
    draft: Draft, request: HttpRequest, file: "UploadedFile[bytes]", kind: str, name: str
) -> None:
    try:
        taken = take_in(request, file, kind)
    except Problem as problem:
        shown = (file.name or "")[-40:]
        draft.faults[name] = f"{shown}: {problem.message}" if shown else str(problem.message)
    else:
        draft.kept.append(Kept(drafts.key_for(taken, kind), kind, taken))


def similar(draft: Draft) -> list[Similar]:
    """Open cases that this may be, unless they were offered already."""
    if draft.seen or draft.point is None:
        return []
    words = draft.form.cleaned_data.get("words", "")
    return selectors.similar_open(draft.info.key, *draft.point, words)


def payload(draft: Draft, *, channel: str, language: str) -> dict[str, Any]:
    """Everything `cases.actions.open_case` asks for, in plain JSON values."""
    data = draft.form.cleaned_data
    return {
        "case_type": draft.info.key,
        "channel": channel,
        "words": data["words"],
        "language": language,
        "lon": data["lon"],
        "lat": data["lat"],
        "place_id": draft.place.id if draft.place else None,
        "address": data["address"],
        "attributes": draft.attributes,
        "contact": contact(data),
        "attachments": [str(item.id) for item in draft.kept],
        "idempotency_key": str(data["idempotency_key"]),
        "share_words": data["share_words"],
    }


def contact(data: dict[str, Any]) -> dict[str, str]:
    """Only what was filled in."""
    return {name: data[name] for name in ("phone", "email") if data.get(name)}


def send(values: dict[str, Any]) -> cases.Opened:
    """Open the case. Sent again, the same form gets the same receipt."""
    given = dict(values)
    left = given.pop("contact")
    return cases.open_case(
        actor=RESIDENT,
        **given
        | {
            "contact": cases.ContactData(**left) if left else None,
            "attachments": [UUID(name) for name in values["attachments"]],
            "idempotency_key": UUID(values["idempotency_key"]),
        },
    )


def tell(draft: Draft, problem: Problem) -> None:
    """Put a refusal beside the field it is about, or at the top."""
    name = problem.field or ""
    if problem.code == "key_reused":  # gone back to after sending, and changed: another report
        draft.form.cleaned_data["idempotency_key"] = uuid7()
        draft.faults["all"] = _(
            "You sent this form before. Press again to send it as a new report."
        )
        return
    if name in draft.form.fields:
        draft.form.add_error(name, str(problem.message))
    else:
        draft.faults[name or "all"] = str(problem.message) or _("This could not be sent.")
