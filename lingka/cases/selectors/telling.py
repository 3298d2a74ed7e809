"""How cases stand, for another platform: what anybody may see, and less of what is not listed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from lingka.cases.definitions import PART
from lingka.cases.models import Case, Stage
from lingka.cases.selectors.public import COLUMNS, PublicCase, _listed, _published

AT_ONCE = 2000


@dataclass(frozen=True)
class Telling:
    """`public` has no place where the type is not listed. `version` grows with each change."""

    uuid: UUID
    version: int
    public: PublicCase

    @property
    def is_open(self) -> bool:
        return self.public.stage != "closed"


def tellings(
    uuids: Iterable[UUID] | None = None,
    *,
    since: datetime | None = None,
    still_open: bool = False,
) -> list[Telling]:
    """These cases, or without a choice all of listed types; the longest unchanged first."""
    rows = Case.objects.filter(changed_at__gte=since) if since else Case.objects.all()
    rows = rows.exclude(stage=Stage.CLOSED) if still_open else rows
    if uuids is None:
        chosen = [rows.filter(case_type__in=_listed()).exclude(channel=PART)]
    else:
        every = list(uuids)
        parts = (every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE))
        chosen = [rows.filter(uuid__in=part) for part in parts]
    return [one for part in chosen for one in _shown(part.order_by("changed_at", "id"))]


def _shown(rows: QuerySet[Case]) -> list[Telling]:
    found, listed = list(rows.values("version", *COLUMNS)), _listed()
    return [
        Telling(
            row["uuid"], row["version"], public if public.case_type in listed else _bare(public)
        )
        for row, public in zip(found, _published(found), strict=True)
    ]


def _bare(public: PublicCase) -> PublicCase:
    return replace(public, lon=None, lat=None, where="", place_code="")
