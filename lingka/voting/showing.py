"""A result for reading: bars, what the rule asked for and whether it was reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lingka.core.text import pick
from lingka.voting import rules
from lingka.voting.selectors import NamedInfo, VoteInfo


@dataclass(frozen=True)
class Bar:
    label: str
    amount: str
    percent: int
    won: bool
    counts: bool  # an option; else blank or invalid


@dataclass(frozen=True)
class Table:
    """One measure: heads, or square metres."""

    by: str
    bars: list[Bar]
    roll: str
    cast: str
    percent: int  # turnout


def tables(vote: VoteInfo) -> list[Table]:
    """Nothing where only the decision is told."""
    found = (vote.result or {}).get("tallies", ())
    return [_table(vote, one) for one in found]


def _table(vote: VoteInfo, one: Mapping[str, Any]) -> Table:
    cast, won = float(one["cast"]), (vote.result or {})["option"]
    bars = [
        Bar(label, amount, _percent(amount, cast), place == won, counts=True)
        for place, (label, amount) in enumerate(zip(vote.options, one["options"], strict=True))
    ]
    for label, name in ((_("Blank"), "blank"), (_("Invalid"), "invalid")):
        if one[name] != "0":
            bars.append(Bar(label, one[name], _percent(one[name], cast), won=False, counts=False))
    by = str(rules.MEASURES[one["by"]])
    return Table(by, bars, one["roll"], one["cast"], _percent(one["cast"], float(one["roll"])))


def _percent(part: str, whole: float) -> int:
    return round(100 * float(part) / whole) if whole else 0


def choice_name(vote: VoteInfo, choice: int) -> str:
    """What somebody marked."""
    if choice == rules.BLANK:
        return _("Blank")
    return _("Invalid") if choice == rules.INVALID else vote.options[choice]


def voices(vote: VoteInfo, named: list[NamedInfo]) -> list[tuple[NamedInfo, str]]:
    return [(one, choice_name(vote, one.choice)) for one in named]


def choices(vote: VoteInfo) -> list[tuple[str, str]]:
    """What can be marked: each option, and nothing."""
    found = [(str(place), label) for place, label in enumerate(vote.options)]
    return [*found, ("blank", _("Blank: I take part and choose none"))]


def chosen(vote: VoteInfo, given: str) -> int | None:
    """The choice that a form sent; None for what it does not offer."""
    known = {key: rules.BLANK if key == "blank" else int(key) for key, _label in choices(vote)}
    return known.get(given)


def answers() -> list[str]:
    """To a proposal."""
    return [pick(one) for one in rules.BOOK.now().answers]
