"""What a need and an offer have in common. Pure; the reasons are shown, nothing is decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from lingka.members import rules as members
from lingka.volunteering.kinds import kinds

AT_HOME = _("at home in this community")


class Needed(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def weekdays(self) -> Sequence[int]: ...
    @property
    def times(self) -> Sequence[str]: ...
    @property
    def languages(self) -> Sequence[str]: ...


class Offered(Protocol):
    @property
    def kinds(self) -> Sequence[str]: ...
    @property
    def weekdays(self) -> Sequence[int]: ...
    @property
    def times(self) -> Sequence[str]: ...
    @property
    def area_id(self) -> int: ...


LANGUAGES = {"zh-hans": _("Chinese"), "bo": _("Tibetan"), "en": _("English")}


@dataclass(frozen=True)
class Fit:
    reasons: tuple[Any, ...]  # lazy


def fits(
    need: Needed, offer: Offered, area: int, *, here: Any = None, speaks: Sequence[str] = ()
) -> Fit | None:
    """None unless the offer is of the kind that is needed; place, time and language only add
    reasons. `here` is what its being in the same community means."""
    if need.kind not in offer.kinds:
        return None
    reasons: list[Any] = [_("offers %(kind)s") % {"kind": kinds()[need.kind].name}]
    if offer.area_id == area:
        reasons.append(here or _("checked in with this community"))
    days = [day for day in need.weekdays if day in offer.weekdays]
    times = [time for time in need.times if time in offer.times]
    if days and times:
        when = " · ".join(str(members.WEEKDAYS[day]) for day in days)
        parts = " · ".join(str(members.TIMES[time]) for time in times)
        reasons.append(_("is free then: %(days)s, %(times)s") % {"days": when, "times": parts})
    if both := [one for one in need.languages if one in speaks]:
        said = " · ".join(str(LANGUAGES[one]) for one in both)
        reasons.append(_("speaks %(languages)s") % {"languages": said})
    return Fit(tuple(reasons))
