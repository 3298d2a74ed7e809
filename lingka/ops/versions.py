"""Rules, workflows, templates in their versions: who changed what and when, and how it read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lingka.accounts import selectors as accounts
from lingka.core import histories
from lingka.core.differences import Difference, differences
from lingka.core.histories import History, Version

NAMED = 6  # places that an overview names
SHOWN = 120  # differences of one version that are shown
MOST = 30  # versions of one thing that are shown

Names = Mapping[int, Any]


@dataclass(frozen=True)
class Line:
    """A thing in its newest version."""

    kind: str
    name: str
    url: str
    number: int
    at: datetime
    who: str
    changed: str
    shipped: bool  # as the package brought it: nobody here has changed it


@dataclass(frozen=True)
class Step:
    """One version against the one before it."""

    number: int
    at: datetime | None
    who: str
    first: bool
    gone: bool
    changed: Sequence[Difference]
    more: int

    @property
    def slug(self) -> str:
        return str(self.number)


@dataclass(frozen=True)
class Thing:
    kind: str
    name: str
    page: str  # where the thing itself stands, "" where nowhere
    steps: Sequence[Step]


def lines() -> list[Line]:
    """Everything that was ever put into force here, what changed last before the rest."""
    found = [
        (one, key, versions)
        for one in histories.every()
        for key, versions in one.versions().items()
        if versions and versions[-1].at
    ]
    names = _names(versions[-1] for _one, _key, versions in found)
    made = [_line(one, key, versions, names) for one, key, versions in found]
    return sorted(made, key=lambda line: line.at, reverse=True)


def _line(one: History, key: str, versions: Sequence[Version], names: Names) -> Line:
    last = versions[-1]
    assert last.at is not None
    changed = _places(versions[-2].body, last.body) if len(versions) > 1 else []
    more = len(changed) - NAMED
    said = ", ".join(changed[:NAMED]) + (f" … +{more}" if more > 0 else "")
    return Line(
        str(one.label), _called(one, versions), reverse("ops:change", args=[one.kind, key]),
        last.number, last.at, _who(last, names), said,
        shipped=last.by is None and len(versions) == 1,
    )  # fmt: skip


def _places(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The entries that differ, without what differs in them: "actions · dispatch"."""
    found = (one.place.split(" · ")[:2] for one in differences(before, after))
    return list(dict.fromkeys(" · ".join(parts) for parts in found))


def thing(kind: str, key: str) -> Thing | None:
    """One of them with its versions, the newest first."""
    one = histories.history(kind)
    versions = one.versions().get(key) if one else None
    if one is None or not versions:
        return None
    names = _names(versions)
    pairs = zip([None, *versions], versions, strict=False)
    steps = [_step(before, after, names) for before, after in list(pairs)[-MOST:]]
    stands = one.page and versions[-1].body
    return Thing(
        str(one.label), _called(one, versions),
        reverse(one.page, args=[key]) if stands else "", steps[::-1],
    )  # fmt: skip


def _step(before: Version | None, after: Version, names: Names) -> Step:
    gone = not after.body
    changed = differences(before.body, after.body) if before and not gone else []
    return Step(
        after.number, after.at, _who(after, names), before is None, gone, changed[:SHOWN],
        max(0, len(changed) - SHOWN),
    )  # fmt: skip


def _called(one: History, versions: Sequence[Version]) -> str:
    """By its newest name; what was taken down is known by its last one."""
    body = next((version.body for version in reversed(versions) if version.body), None)
    return one.name(body) if body else ""


def _names(versions: Iterable[Version]) -> Names:
    return accounts.users({one.by for one in versions if one.by})


def _who(version: Version, names: Names) -> str:
    if version.by is None:
        return _("the package")
    if version.by == histories.OPERATOR:
        return _("the operator's command")
    known = names.get(version.by)
    return str(known.name) if known else "—"
