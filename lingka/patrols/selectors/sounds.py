"""Recorded questions: which there are, and what they sound like."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from lingka.core.faults import Fault, Faults
from lingka.patrols.models import Sound


def sound(sha256: str) -> bytes | None:
    """The recording of this hash, as every phone plays it."""
    found = Sound.objects.filter(sha256=sha256).values_list("data", flat=True).first()
    return None if found is None else bytes(found)


def lacking_sounds(body: Mapping[str, Any]) -> Faults:
    """What a checklist names and nobody has recorded here."""
    named = list(_named(body.get("items", ())))
    known = Sound.objects.filter(sha256__in=[sha for _where, sha in named])
    kept = set(known.values_list("sha256", flat=True)) if named else set()
    for where, sha in named:
        if sha not in kept:
            yield Fault("lacking", where, _("This recording is not here. Please choose it again."))


def _named(items: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for at, item in enumerate(items):
        audio = item.get("audio") if isinstance(item, Mapping) else None
        for code, sha in (audio if isinstance(audio, Mapping) else {}).items():
            yield f"items.{at}.audio.{code}", str(sha)
