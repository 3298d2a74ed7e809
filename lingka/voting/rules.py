"""When a vote is carried, as a town publishes it: judged, and applied to what was counted. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.core import faults as core
from lingka.core.faults import Fault, Faults
from lingka.core.rulebooks import Rulebook
from lingka.core.text import pick

SHIPPED = Path(__file__).parent / "data" / "rules.yaml"
BLANK, INVALID = -1, -2  # beside the numbers of options, from 0
STATES = {
    "draft": gettext_lazy("being prepared"), "open": gettext_lazy("voting goes on"),
    "closed": gettext_lazy("being counted"),
    "counted": gettext_lazy("counted"), "cancelled": gettext_lazy("cancelled"),
}  # fmt: skip
MEASURES = {"number": gettext_lazy("by heads"), "size": gettext_lazy("by area")}
BASES = {
    "decided": gettext_lazy("of those who chose"), "cast": gettext_lazy("of those who took part"),
    "roll": gettext_lazy("of the whole roll"),
}  # fmt: skip
FEWEST, MOST_OPTIONS = 2, 8
HALF = Fraction(1, 2)
Body = Mapping[str, Any]


def faults(body: Body) -> Faults:
    """What is wrong with a file of rules."""
    yield from core.number("minimum", body["minimum"], 3, 50)
    if len(body["answers"]) != FEWEST:
        yield Fault("answers", "answers", _("are two: in favour, and against"))
    for place, answer in enumerate(body["answers"]):
        yield from core.texts(f"answers.{place}", answer)
    for key, rule in body["rules"].items():
        yield from _rule(f"rules.{key}", rule)


def _rule(where: str, rule: Body) -> Faults:
    for name in sorted(set(rule) - {"name", "secret", "quorum", "majority", "measures"}):
        yield Fault("unknown", f"{where}.{name}", _("is nothing that a rule can say"))
    yield from core.texts(f"{where}.name", rule["name"])
    if not isinstance(rule["secret"], bool):
        yield Fault("secret", f"{where}.secret", _("is true or false"))
    quorum = share(rule["quorum"])
    if quorum is None or not 0 <= quorum <= 1:
        yield Fault("share", f"{where}.quorum", _("a share from 0 to 1, such as “2/3”"))
    if rule["measures"] not in (["number"], ["number", "size"]):
        said = _("heads, or heads and area: [number] or [number, size]")
        yield Fault("measures", f"{where}.measures", said)
    elif "size" in rule["measures"] and rule["secret"]:
        said = _("an area tells whose ballot it is: by area is voted openly only")
        yield Fault("secret", f"{where}.secret", said)
    yield from _majority(f"{where}.majority", rule["majority"])


def _majority(where: str, majority: Body) -> Faults:
    if majority == {"most": True}:
        return
    ways = [name for name in ("more_than", "at_least") if name in majority]
    if len(ways) != 1 or set(majority) != {ways[0], "of"} or majority["of"] not in BASES:
        said = _("says “more_than” or “at_least” a share, and “of” whom; or “most: true”")
        yield Fault("majority", where, said)
        return
    found = share(majority[ways[0]])
    enough = found is not None and (found > HALF or (found == HALF and ways[0] == "more_than"))
    if found is None or not enough or found > 1 or (found == 1 and ways[0] == "more_than"):
        said = _("a share that two options cannot both reach, such as “1/2” or “2/3”")
        yield Fault("share", f"{where}.{ways[0]}", said)


def share(value: Any) -> Fraction | None:
    """ "2/3"; None for what is no such text."""
    try:
        return Fraction(value) if isinstance(value, str) else None
    except (ValueError, ZeroDivisionError):
        return None


@dataclass(frozen=True)
class Rule:
    """One way to decide. `body` is what a vote keeps of it, as it was when it opened."""

    key: str
    body: Body

    @property
    def name(self) -> str:
        return pick(self.body["name"])

    @property
    def secret(self) -> bool:
        return bool(self.body["secret"])

    @property
    def by_size(self) -> bool:
        return "size" in self.body["measures"]

    @property
    def quorum(self) -> Fraction:
        return Fraction(self.body["quorum"])

    @property
    def said(self) -> list[str]:
        """What it asks for, in words."""
        majority = self.body["majority"]
        by = " + ".join(str(MEASURES[one]) for one in self.body["measures"])
        found = [_("Secret") if self.secret else _("Open, by name")]
        if self.quorum:
            found.append(_("At least %(share)s take part") % {"share": self.body["quorum"]})
        if "most" in majority:
            return [*found, _("More votes than any other"), by]
        named = {"of": BASES[majority["of"]]}
        if "more_than" in majority:
            said = _("More than %(share)s %(of)s") % {"share": majority["more_than"], **named}
        else:
            said = _("At least %(share)s %(of)s") % {"share": majority["at_least"], **named}
        return [*found, said, by]


@dataclass(frozen=True)
class Book:
    minimum: int
    answers: Sequence[Mapping[str, str]]
    rules: Mapping[str, Rule]


def read(body: Body) -> Book:
    rules = {key: Rule(key, rule) for key, rule in body["rules"].items()}
    return Book(body["minimum"], tuple(body["answers"]), rules)


BOOK: Rulebook[Book] = Rulebook("voting-rules", "rules", SHIPPED, faults=faults, read=read)


@dataclass(frozen=True)
class Tally:
    """What was counted by one measure: heads, or square metres."""

    roll: Fraction
    options: tuple[Fraction, ...]
    blank: Fraction
    invalid: Fraction

    @property
    def decided(self) -> Fraction:
        return sum(self.options, Fraction())

    @property
    def cast(self) -> Fraction:
        """Took part: whoever handed a ballot in, blank and invalid ones too."""
        return self.decided + self.blank + self.invalid


def tally(options: int, roll: Fraction, ballots: Sequence[tuple[int, Fraction]]) -> Tally:
    """Add up (choice, weight)."""
    sums = dict.fromkeys([*range(options), BLANK, INVALID], Fraction())
    for choice, weight in ballots:
        sums[choice] += weight
    chosen = tuple(sums[place] for place in range(options))
    return Tally(roll, chosen, sums[BLANK], sums[INVALID])


@dataclass(frozen=True)
class Outcome:
    quorum: bool
    option: int | None  # that reached the majority
    carried: bool


def decide(rule: Rule, tallies: Sequence[Tally], *, proposal: bool) -> Outcome:
    """What was decided. Of a proposal, the first option adopts it; of a choice, any may win."""
    quorum = all(one.cast > 0 and one.cast >= rule.quorum * one.roll for one in tallies)
    places = range(len(tallies[0].options))
    reached = [at for at in places if all(_reaches(rule, one, at) for one in tallies)]
    option = reached[0] if quorum and reached else None
    return Outcome(quorum, option, option == 0 if proposal else option is not None)


def _reaches(rule: Rule, counted: Tally, at: int) -> bool:
    majority, got = rule.body["majority"], counted.options[at]
    if "most" in majority:
        return all(got > other for place, other in enumerate(counted.options) if place != at)
    base: Fraction = getattr(counted, majority["of"])
    if "more_than" in majority:
        return got > Fraction(majority["more_than"]) * base
    return got > 0 and got >= Fraction(majority["at_least"]) * base
