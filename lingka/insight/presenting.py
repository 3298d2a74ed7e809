"""Figures as pages show them: a share never without what it is made of."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.core.text import pick
from lingka.insight.definitions import Definition, Rate
from lingka.insight.measures import Tally, count
from lingka.insight.selectors import boards
from lingka.insight.selectors.boards import Line

BESIDE: Mapping[str, Any] = {
    "contact_open": _("not due yet"),
    "contact_aside": _("set aside on appeal"),
    "contacted_in_time": _("contacted in time"),
    "contacted_late": _("contacted late or not at all"),
    "assessed": _("assessed"),
    "handled": _("handled"),
    "handled_in_time": _("handled in time"),
    "handled_late": _("handled late"),
    "handled_open": _("being handled"),
    "handled_overdue": _("late and not handled yet"),
    "handled_aside": _("set aside on appeal"),
    "answered": _("residents answered"),
    "solved": _("say solved"),
    "not_solved": _("say not solved"),
    "voiced": _("answered whether satisfied"),
    "satisfied": _("satisfied"),
    "not_satisfied": _("not satisfied"),
    "silent": _("did not say how satisfied"),
    "unreached": _("not reached"),
    "undrawn": _("not drawn for a call"),
    "unasked": _("not asked yet"),
    "answer_aside": _("set aside on appeal"),
    "redone": _("handled more than once"),
    "left_out": _("left out"),
    "": _("all that count"),
}
OF = {  # what stands under the line, said as a noun
    "assessed": _("cases assessed"),
    "answered": _("residents who answered"),
    "voiced": _("residents who said how satisfied"),
    "handled": _("cases handled"),
}
Url = Callable[[str], str]


@dataclass(frozen=True)
class Figure:
    """A number that opens into its cases."""

    number: int
    label: Any
    url: str = ""


@dataclass(frozen=True)
class Share:
    """A rate with numerator, denominator and what stands beside it."""

    key: str
    label: str
    means: str
    percent: str  # "" where there are too few
    numerator: Figure
    denominator: Figure
    change: str  # against one's own past; "" without one
    beside: list[Figure]
    trend: list["Bar"]

    @property
    def few(self) -> bool:
        return not self.percent


@dataclass(frozen=True)
class Bar:
    """One month in a row of months; heights in units of the drawing."""

    x: int
    y: float
    height: float
    words: str
    here: bool


def percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}%"


def change(now: float | None, before: float | None) -> str:
    """Percentage points more or less than before, with a sign."""
    if now is None or before is None:
        return ""
    points = round(now, 1) - round(before, 1)
    return f"{points:+.1f}".replace("-", "−") if abs(points) >= 0.05 else "±0"  # noqa: PLR2004 - half a tenth


def figure(measure: str, tally: Tally, url: Url) -> Figure:
    return Figure(count(measure, tally), BESIDE[measure], url(measure))


def share(
    rate: Rate, by: Definition, now: Tally, before: Tally, url: Url, *,
    months: Iterable[tuple[str, Tally, bool]] = (),
) -> Share:  # fmt: skip
    here = boards.share(rate, now, by.minimum)
    numerator, denominator = rate.parts(now)
    return Share(
        key=rate.key,
        label=pick(rate.label),
        means=pick(rate.means),
        percent=percent(here),
        numerator=Figure(numerator, BESIDE[rate.counts], url(rate.counts)),
        denominator=Figure(denominator, OF.get(rate.of, BESIDE[rate.of]), url(rate.of)),
        change=change(here, boards.share(rate, before, by.minimum)),
        beside=[one for name in rate.beside if (one := figure(name, now, url)).number],
        trend=_trend(rate, by, months),
    )


STEP, TALL, LEAST = 22, 36.0, 50.0  # the drawing begins at 50 per cent: rates lie above


def _trend(rate: Rate, by: Definition, months: Iterable[tuple[str, Tally, bool]]) -> list[Bar]:
    found = []
    for place, (name, tally, here) in enumerate(months):
        value = boards.share(rate, tally, by.minimum)
        height = 0 if value is None else max(2.0, TALL * (value - LEAST) / (100 - LEAST))
        words = f"{name} {percent(value) or '—'}"
        found.append(Bar(place * STEP, TALL - height, height, words, here))
    return found


@dataclass(frozen=True)
class Row:
    """A line of a table: a name, its shares, and what stands beside them."""

    name: str
    url: str
    shares: list[Share]
    cases: Figure
    unreached: Figure
    left_out: Figure
    like: str  # the same for all units of the kind; "" elsewhere


def row(
    line: Line, by: Definition, *, name: str, url: str, cases: Url, like: Tally | None = None
) -> Row:
    shares = [share(rate, by, line.now.tally, line.before.tally, cases) for rate in by.rates]
    return Row(
        name=name, url=url, shares=shares,
        cases=Figure(line.now.tally.cases, BESIDE[""], cases("")),
        unreached=figure("unreached", line.now.tally, cases),
        left_out=Figure(line.now.left_out, BESIDE["left_out"], cases("left_out")),
        like=percent(like and boards.share(by.rates[1], like, by.minimum)) if like else "",
    )  # fmt: skip


CONTACT = {
    "open": _("not due yet"), "met": _("in time"), "missed": _("late"), "aside": _("set aside"),
}  # fmt: skip
HANDLED = {
    "open": _("being handled"), "overdue": _("late, being handled"), "met": _("in time"),
    "missed": _("late"), "aside": _("set aside"),
}  # fmt: skip
ANSWERS = {
    "unasked": _("not asked yet"), "unreached": _("not reached"), "aside": _("set aside"),
    "undrawn": _("not drawn for a call"), "": _("nobody is asked"),
}  # fmt: skip


def answer(state: str, solved: bool, satisfied: bool | None) -> str:  # noqa: FBT001
    """What the resident said, in two words."""
    if state in ANSWERS:
        return str(ANSWERS[state])
    said = [_("solved") if solved else _("not solved")]
    if satisfied is not None:
        said.append(_("satisfied") if satisfied else _("not satisfied"))
    return " · ".join(map(str, said))
