"""Open assessment of units: what each side says, and all together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from lingka.core import indicators
from lingka.core.faults import Fault, Faults, number, texts
from lingka.core.rulebooks import Rulebook
from lingka.insight.definitions import Definition

DATA = Path(__file__).parent / "data" / "assessment.yaml"
Given = Mapping[str, int]  # step by aspect
Part = tuple[int, int]  # numerator and denominator of a rate
WHOLE = 100
SUPERIOR, OTHERS, RESIDENTS = "superior", "departments", "residents"
LEAST_RESIDENTS = 5  # below it somebody could be recognised
LEAST_UNITS = 3  # of two, each would know what the other said


def faults(body: Mapping[str, Any]) -> Faults:
    """What speaks against assessing units so."""
    yield from _sides(body)
    yield from number("minimum", body["minimum"], LEAST_RESIDENTS, 10_000)
    yield from number("least", body["least"], LEAST_UNITS, 100)
    if not body["from_rates"] or not all(isinstance(one, str) for one in body["from_rates"]):
        yield Fault("from_rates", "from_rates", _("names of rates"))
    yield from _questions(body)


def _sides(body: Mapping[str, Any]) -> Faults:
    weights = body["weights"]
    if set(weights) != {SUPERIOR, OTHERS, RESIDENTS} or set(body["sides"]) != set(weights):
        said = _("exactly these: %(names)s") % {"names": f"{SUPERIOR}, {OTHERS}, {RESIDENTS}"}
        yield Fault("sides", "weights, sides", said)
    for key, weight in weights.items():
        yield from number(f"weights.{key}", weight, 1, WHOLE)
    if sum(weights.values()) != WHOLE:
        said = _("whole numbers above 0 that add up to %(whole)s") % {"whole": WHOLE}
        yield Fault("weights", "weights", said)


def _questions(body: Mapping[str, Any]) -> Faults:
    if not body["aspects"]:
        yield Fault("empty", "aspects", _("nothing is asked"))
    steps = len(plan()["steps"])
    if len(body["steps"]) != steps:
        said = _("stay %(number)s, for what units said already counts by them")
        yield Fault("steps", "steps", said % {"number": steps})
    named = {"name": body["name"], **body["sides"], **body["aspects"]}
    named |= {f"steps.{at}": one for at, one in enumerate(body["steps"], start=1)}
    for where, said in named.items():
        yield from texts(where, said)
    for part in ("sides", "aspects"):
        yield from indicators.faults(part, body[part])


ASSESSMENT = Rulebook("assessment", "aspects", DATA, faults=faults, read=dict)


def plan() -> dict[str, Any]:
    """How units are assessed now."""
    return ASSESSMENT.now()


@dataclass(frozen=True)
class Side:
    """What one side says, in hundredths; None where too few spoke."""

    value: float | None
    of: int  # units that spoke, or residents who answered


def opinion(given: Iterable[Given], steps: int, least: int) -> Side:
    """The mean of all that units said; each of them weighs the same."""
    means = [sum(one.values()) / len(one) for one in given]
    if len(means) < least:
        return Side(None, len(means))
    return Side(WHOLE * sum(means) / len(means) / (steps - 1), len(means))


def added(months: Iterable[Mapping[int, Mapping[str, Part]]]) -> dict[int, dict[str, Part]]:
    """What several months show of each unit, rate by rate."""
    found: dict[int, dict[str, Part]] = {}
    for month in months:
        for unit, shown in month.items():
            rates = found.setdefault(unit, {})
            for key, (numerator, of) in shown.items():
                before = rates.get(key, (0, 0))
                rates[key] = (before[0] + numerator, before[1] + of)
    return found


def residents(
    shown: Mapping[str, Part], by: Definition, names: Iterable[str], minimum: int
) -> Side:
    """What residents said of its cases, by the rates' own weights.

    `shown` is what everybody can read of the unit anyway. Whatever else were counted, months too
    small to be shown could be reckoned from those that are.
    """
    chosen = [one for one in by.rates if one.key in set(names) and by.weights.get(one.key)]
    parts = [(shown.get(one.key, (0, 0)), by.weights[one.key]) for one in chosen]
    answered = min((denominator for (_numerator, denominator), _weight in parts), default=0)
    if not answered or answered < minimum:
        return Side(None, answered)
    weighed = sum(weight * numerator / of for (numerator, of), weight in parts)
    return Side(WHOLE * weighed / sum(weight for _parts, weight in parts), answered)


def whole(sides: Mapping[str, Sequence[Any]], weights: Mapping[str, int]) -> float | None:
    """All sides by their weights; None while one is missing."""
    values = [sides[key][0] for key in weights]
    if None in values:
        return None
    total = sum(value * weight for value, weight in zip(values, weights.values(), strict=True))
    return round(float(total) / sum(weights.values()), 1)


def row(
    marks: Mapping[str, list[Given]], shown: Mapping[str, Part], by: Definition,
    data: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """One unit, as JSON: its sides, and all together."""
    steps = len(data["steps"])
    found = {
        SUPERIOR: opinion(marks.get(SUPERIOR, []), steps, 1),
        OTHERS: opinion(marks.get(OTHERS, []), steps, data["least"]),
        RESIDENTS: residents(shown, by, data["from_rates"], data["minimum"]),
    }
    sides = {
        key: [None if one.value is None else round(one.value, 1), one.of]
        for key, one in found.items()
    }
    return {"sides": sides, "together": whole(sides, data["weights"])}
