"""Does a definition of rates hold together? Every fault is named, in words for its author."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from lingka.core import indicators
from lingka.insight.measures import MEASURES

PARTS = (
    "key", "valid_from", "name", "left_out", "said", "several", "satisfied", "rates", "weights",
    "minimum", "appeal_days", "appeals", "grounds",
)  # fmt: skip
LANGUAGES = ("zh-hans", "bo", "en")
WHOLE = 100  # weights are hundredths
LEAST = 5  # below this a group could be recognised


def faults(body: Mapping[str, Any]) -> list[str]:
    """All faults of a definition; an empty list means that it can come into force."""
    missing = [f"`{part}` is missing" for part in PARTS if part not in body]
    if missing:
        return missing
    found = [*_rates(body), *_weights(body), *_answers(body), *_numbers(body), *_grounds(body)]
    return [*found, *_languages("", body)]


def _rates(body: Mapping[str, Any]) -> Iterator[str]:
    for key, rate in body["rates"].items():
        named = [rate.get("counts", ""), rate.get("of", ""), *rate.get("beside", [])]
        yield from indicators.faults(f"rates.{key}", rate)
        unknown = [name for name in named if name not in MEASURES]
        yield from (f"{key}: {_unknown(name)}" for name in unknown)
        if not unknown and rate["of"] not in MEASURES[rate["counts"]].within:
            yield f"{key}: {rate['counts']} is not contained in {rate['of']}"


def _unknown(name: str) -> str:
    if indicators.paper_in(str(name)):
        return f"`{name}` counts paper: no indicator counts forms, meetings or ledger lines"
    return f"nothing is called `{name}`; known are {', '.join(sorted(MEASURES))}"


def _weights(body: Mapping[str, Any]) -> Iterator[str]:
    strangers = sorted(set(body["weights"]) - set(body["rates"]))
    yield from (f"weights: no rate is called `{name}`" for name in strangers)
    values = list(body["weights"].values())
    if any(not isinstance(one, int) or one <= 0 for one in values) or sum(values) != WHOLE:
        yield f"weights: whole numbers above 0 that add up to {WHOLE}"


def _answers(body: Mapping[str, Any]) -> Iterator[str]:
    if set(body["said"].values()) - {"solved", "not_solved"}:
        yield "said: an action tells `solved` or `not_solved`"
    if set(body["several"]) != {"solved", "satisfied"}:
        yield "several: says how `solved` and `satisfied` are made of several answers"
    elif set(body["several"].values()) - {"all", "majority"}:
        yield "several: `all` or `majority`"
    if not body["satisfied"] or set(body["satisfied"]) - {"yes", "fair"}:
        yield 'satisfied: "yes", or "yes" and "fair"'


def _numbers(body: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(body["minimum"], int) or body["minimum"] < LEAST:
        yield f"minimum: a whole number of {LEAST} or more"
    if not isinstance(body["appeal_days"], int) or body["appeal_days"] < 1:
        yield "appeal_days: one working day at least, so that units can look first"
    try:
        date.fromisoformat(str(body["valid_from"]))
    except ValueError:
        yield "valid_from: a day like 2026-03-01"


def _grounds(body: Mapping[str, Any]) -> Iterator[str]:
    unknown = set(body["appeals"]) - {"exclude", "rating", "response", "on_time"}
    yield from (f"appeals: `{name}` cannot be appealed" for name in sorted(unknown))
    for key, appeal in body["appeals"].items():
        for ground in appeal["grounds"]:
            if ground not in body["grounds"]:
                yield f"appeals.{key}: `{ground}` is no ground"
    both = sorted(set(body["grounds"]) & set(body["left_out"]))
    yield from (f"grounds: `{code}` means something else in left_out" for code in both)


def _languages(where: str, value: Any) -> Iterator[str]:
    """Authored text is complete in every language before it comes into force."""
    if not isinstance(value, Mapping):
        return
    if set(value) & set(LANGUAGES):
        lacking = [name for name in LANGUAGES if not value.get(name)]
        yield from (f"{where}: lacks {name}" for name in lacking)
        return
    for key, one in value.items():
        yield from _languages(f"{where}.{key}" if where else str(key), one)
