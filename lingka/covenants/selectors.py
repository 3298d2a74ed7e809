"""Reads on covenants: what holds, what held before, and what was changed between the two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from uuid import UUID

from django.db.models import Q

from lingka.areas import selectors as areas
from lingka.core.text import pick
from lingka.covenants.models import Covenant, Version
from lingka.voting import selectors as votes
from lingka.voting.selectors import VoteInfo


@dataclass(frozen=True)
class VersionInfo:
    number: int
    text: str
    vote: VoteInfo | None
    meeting: str
    adopted_on: date
    since: date

    @property
    def to_come(self) -> bool:
        """Its day is still to come."""
        return self.since > areas.day_of(None)

    @property
    def paragraphs(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True)
class CovenantInfo:
    uuid: UUID
    name: str
    area_id: int
    area: str
    area_path: str
    ended_on: date | None
    versions: list[VersionInfo]  # the newest first

    @property
    def holding(self) -> VersionInfo:
        """The newest whose day has come; of a covenant that does not hold yet, the first."""
        return next((one for one in self.versions if not one.to_come), self.versions[-1])


def covenants(paths: Sequence[str] | None = None) -> list[CovenantInfo]:
    """All of them, or those under these areas; what has ended comes last."""
    rows = Covenant.objects.select_related("area").order_by("-ended_on", "area__code", "id")
    if paths is not None:
        below = Q(pk=None)
        for path in paths:
            below |= Q(area__path__startswith=path)
        rows = rows.filter(below)
    return [_info(row) for row in rows]


def covenant(uuid: UUID) -> CovenantInfo | None:
    row = Covenant.objects.select_related("area").filter(uuid=uuid).first()
    return _info(row) if row else None


def _info(row: Covenant) -> CovenantInfo:
    found = [_version(one) for one in row.versions.order_by("-number")]
    return CovenantInfo(
        row.uuid, pick(row.name), row.area_id, pick(row.area.name), row.area.path, row.ended_on,
        found,
    )  # fmt: skip


def _version(one: Version) -> VersionInfo:
    return VersionInfo(
        one.number, pick(one.text), votes.vote(one.vote) if one.vote else None, pick(one.meeting),
        one.adopted_on, one.since,
    )  # fmt: skip


def to_adopt(area_id: int) -> list[tuple[str, str]]:
    """Votes under an area that carried something and adopted no covenant yet, for choosing."""
    used = set(Version.objects.exclude(vote=None).values_list("vote", flat=True))
    found = votes.votes(["counted"], paths=[areas.area(area_id).path])
    return [(str(one.uuid), one.question) for one in found if one.carried and one.uuid not in used]


@dataclass(frozen=True)
class Line:
    """A paragraph: "same", "new" or "gone"."""

    kind: str
    text: str


def differences(now: VersionInfo, before: VersionInfo | None) -> list[Line]:
    """Paragraph by paragraph; all is as it is where there is no version before."""
    if before is None:
        return [Line("same", one) for one in now.paragraphs]
    old, new, found = before.paragraphs, now.paragraphs, []
    for step, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            found += [Line("same", one) for one in new[c:d]]
            continue
        found += [Line("gone", one) for one in old[a:b]]
        found += [Line("new", one) for one in new[c:d]]
    return found
