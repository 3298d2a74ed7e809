"""Photos and voice notes of a case, as its pages link to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from lingka.cases.models import Attachment, Case
from lingka.core.codes import pretty


@dataclass(frozen=True)
class File:
    url: str
    thumb: str
    label: str
    kind: str
    sequence: int


def files_of(case: Case) -> list[File]:
    """All files of the case that have not been erased, oldest first."""
    found = Attachment.objects.filter(case=case, erased_at__isnull=True).order_by("id")
    return list(_shown(case, found))


def is_file(uuid: UUID) -> bool:
    """Whether a file has this id, also one that no case has taken or that was erased."""
    return Attachment.objects.filter(uuid=uuid).exists()


def _shown(case: Case, found: Iterable[Attachment]) -> Iterable[File]:
    for number, one in enumerate(found, start=1):
        url = reverse("cases:file", args=[case.number, one.uuid])
        if one.kind == "voice":
            label = _("Voice note, %(seconds)d s") % {"seconds": round(one.seconds or 0)}
        else:
            label = _("Photo %(number)d of %(code)s") % {
                "number": number,
                "code": pretty(case.number),
            }
        yield File(url, url + "?small=1", label, one.kind, one.event_sequence or 1)
