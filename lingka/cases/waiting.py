"""Photos of a form that was refused: kept for the next try, since no browser fills in a file again.

Each is checked and drawn anew like any upload, and waits as an attachment that no case has taken;
the nightly sweep takes what is left. The form carries its id, signed for whoever brought it, and
shows it as a picture written into the page: no address leads to it.
"""

import base64
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.translation import ngettext

from lingka.cases import media
from lingka.cases.actions.attachments import add_attachment
from lingka.cases.inputs import PHOTOS
from lingka.cases.models import Attachment
from lingka.core.actors import Actor
from lingka.core.problems import Problem

LIVES = dt.timedelta(hours=20)  # less than unattached files are kept


@dataclass(frozen=True)
class Photo:
    """One that waits; without a picture when a case took it already, as when it is sent twice."""

    uuid: UUID
    key: str
    picture: str


Brought = Photo | Problem
Keep = Callable[[Any], UUID]


def key_for(attachment: UUID, kind: str, realm: str) -> str:
    """Return the key that a form carries for one file; it opens in the same realm only."""
    return signing.TimestampSigner(salt=realm).sign(f"{kind}.{attachment.hex}")


def opened(key: str, realm: str) -> tuple[str, UUID] | None:
    """Return kind and id behind a key, or None when it is forged, another's or too old."""
    try:
        value = signing.TimestampSigner(salt=realm).unsign(key, max_age=LIVES)
        kind, _sep, name = value.partition(".")
        return kind, UUID(name)
    except (signing.BadSignature, ValueError):
        return None


def realm_of(actor: Actor) -> str:
    """Whose keys these are: a user's on any post, a receipt's, a link's."""
    return f"cases.waiting.{actor.kind}.{actor.id}"


def brought(
    request: HttpRequest,
    names: Iterable[str],
    actor: Actor,
    *,
    keep: Keep | None = None,
) -> MultiValueDict[str, Brought]:
    """The photos of a form by field: those kept from an earlier try, then those chosen now, then
    what is wrong with any of them."""

    def add(file: Any) -> UUID:
        return add_attachment(file, actor=actor, kind="photo")

    found: MultiValueDict[str, Brought] = MultiValueDict()
    for name in names:
        kept = _kept(request, name, realm_of(actor))[:PHOTOS]
        chosen = [one for one in request.FILES.getlist(name) if one.size]
        room = PHOTOS - len(kept)
        taken = [_take(file, keep or add, realm_of(actor)) for file in chosen[:room]]
        faults = [_too_many()] if len(chosen) > room else []
        faults += [one for one in taken if isinstance(one, Problem)]
        found.setlist(name, [*kept, *(one for one in taken if isinstance(one, Photo)), *faults])
    return found


def _kept(request: HttpRequest, name: str, realm: str) -> list[Photo]:
    out = set(request.POST.getlist(f"{name}-out"))
    keys = [key for key in request.POST.getlist(f"{name}-kept") if key not in out]
    ids = {held[1]: key for key in keys if (held := opened(key, realm))}
    rows = Attachment.objects.filter(uuid__in=ids).select_related("thumbnail") if ids else ()
    known = {row.uuid: row for row in rows}
    return [
        Photo(uuid, key, _picture(known[uuid])) for uuid, key in ids.items() if uuid in known
    ]  # fmt: skip


def _take(file: Any, keep: Keep, realm: str) -> Brought:
    try:
        uuid = keep(file)
    except Problem as problem:
        return problem
    row = Attachment.objects.select_related("thumbnail").get(uuid=uuid)
    return Photo(uuid, key_for(uuid, "photo", realm), _picture(row))


def _picture(row: Attachment) -> str:
    """The small picture as a part of the page."""
    if row.case_id is not None or row.thumbnail is None:
        return ""
    read = media.path_of(row.thumbnail.sha256).read_bytes()
    return f"data:{row.thumbnail.media_type};base64,{base64.b64encode(read).decode()}"


def _too_many() -> Problem:
    told = ngettext(
        "At most %(n)d photo fits. The first were kept.",
        "At most %(n)d photos fit. The first were kept.",
        PHOTOS,
    ) % {"n": PHOTOS}
    return Problem("many", told, field="attachments", status=422)


def shown(name: str, found: Iterable[Brought]) -> str:
    """The photos that a form carries along, each with a way to take it out."""
    kept = [one for one in found if isinstance(one, Photo) and one.picture]
    return render_to_string("cases/waiting.html", {"name": name, "kept": kept})
