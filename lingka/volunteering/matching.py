"""What a need and an offer have in common. Pure; the reasons are shown, nothing is decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from lingka.members import rules as kinds


class Needed(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def weekdays(self) -> Sequence[int]: ...
    @property
    def times(self) -> Sequence[str]: ...


class Offered(Protocol):
    @property
    def kinds(self) -> Sequence[str]: ...
    @property
    def weekdays(self) -> Sequence[int]: ...
    @property
    def times(self) -> Sequence[str]: ...
    @property
    def area_id(self) -> int: ...


@dataclass(frozen=True)
class Fit:
    reasons: tuple[Any, ...]  # lazy


def fits(need: Needed, offer: Offered, area: int) -> Fit | None:
    """None unless the offer is of the kind that is needed; time and place only add reasons."""
    if need.kind not in offer.kinds:
        return None
    reasons: list[Any] = [_("offers %(kind)s") % {"kind": kinds.kinds()[need.kind].name}]
    if offer.area_id == area:
        reasons.append(_("checked in with this community"))
    days = [day for day in need.weekdays if day in offer.weekdays]
    times = [time for time in need.times if time in offer.times]
    if days and times:
        when = " · ".join(str(kinds.WEEKDAYS[day]) for day in days)
        parts = " · ".join(str(kinds.TIMES[time]) for time in times)
        reasons.append(_("is free then: %(days)s, %(times)s") % {"days": when, "times": parts})
    return Fit(tuple(reasons))
