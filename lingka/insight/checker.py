"""Does a definition of rates hold together? Every fault is named, in words for its author."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lingka.core import indicators
from lingka.core.faults import LANGUAGES, Fault, Faults, missing, texts
from lingka.insight.measures import MEASURES

PARTS = (
    "key", "valid_from", "name", "left_out", "said", "several", "satisfied", "rates", "weights",
    "minimum", "appeal_days", "appeals", "grounds",
)  # fmt: skip
WHOLE = 100  # weights are hundredths
LEAST = 5  # below this a group could be recognised


def faults(body: Mapping[str, Any]) -> list[Fault]:
    """All faults of a definition; an empty list means that it can come into force."""
    lacking = [missing("", part) for part in PARTS if part not in body]
    if lacking:
        return lacking
    found = [*_rates(body), *_weights(body), *_answers(body), *_numbers(body), *_grounds(body)]
    return [*found, *_languages("", body)]


def _rates(body: Mapping[str, Any]) -> Faults:
    for key, rate in body["rates"].items():
        named = [rate.get("counts", ""), rate.get("of", ""), *rate.get("beside", [])]
        yield from indicators.faults(f"rates.{key}", rate)
        unknown = [name for name in named if name not in MEASURES]
        yield from (_unknown(key, str(name)) for name in unknown)
        if not unknown and rate["of"] not in MEASURES[rate["counts"]].within:
            said = _("“%(part)s” is not contained in “%(whole)s”")
            yield Fault("apart", key, said % {"part": rate["counts"], "whole": rate["of"]})


def _unknown(where: str, name: str) -> Fault:
    if indicators.paper_in(name):
        return indicators.paper(where, name)
    said = _("nothing is called “%(name)s”; known are %(known)s")
    known = ", ".join(sorted(MEASURES))
    return Fault("unknown_measure", where, said % {"name": name, "known": known})


def _one_of(where: str, *known: str) -> Fault:
    return Fault("unknown", where, _("one of: %(known)s") % {"known": ", ".join(known)})


def _weights(body: Mapping[str, Any]) -> Faults:
    strangers = sorted(set(body["weights"]) - set(body["rates"]))
    said = _("no rate is called “%(name)s”")
    yield from (Fault("unknown_rate", "weights", said % {"name": name}) for name in strangers)
    values = list(body["weights"].values())
    if any(not isinstance(one, int) or one <= 0 for one in values) or sum(values) != WHOLE:
        sums = _("whole numbers above 0 that add up to %(whole)s") % {"whole": WHOLE}
        yield Fault("weights", "weights", sums)


def _answers(body: Mapping[str, Any]) -> Faults:
    if set(body["said"].values()) - {"solved", "not_solved"}:
        yield _one_of("said", "solved", "not_solved")
    if set(body["several"]) != {"solved", "satisfied"}:
        said = _("says how `solved` and `satisfied` are made of several answers")
        yield Fault("several", "several", said)
    elif set(body["several"].values()) - {"all", "majority"}:
        yield _one_of("several", "all", "majority")
    if not body["satisfied"] or set(body["satisfied"]) - {"yes", "fair"}:
        yield _one_of("satisfied", "yes", "fair")


def _numbers(body: Mapping[str, Any]) -> Faults:
    if not isinstance(body["minimum"], int) or body["minimum"] < LEAST:
        said = _("a whole number of %(least)s or more") % {"least": LEAST}
        yield Fault("amount", "minimum", said)
    if not isinstance(body["appeal_days"], int) or body["appeal_days"] < 1:
        said = _("one working day at least, so that units can look first")
        yield Fault("amount", "appeal_days", said)
    try:
        date.fromisoformat(str(body["valid_from"]))
    except ValueError:
        yield Fault("day", "valid_from", _("a day like 2026-03-01"))


def _grounds(body: Mapping[str, Any]) -> Faults:
    unknown = set(body["appeals"]) - {"exclude", "rating", "response", "on_time"}
    said = _("“%(name)s” cannot be appealed")
    yield from (Fault("appeals", "appeals", said % {"name": one}) for one in sorted(unknown))
    for key, appeal in body["appeals"].items():
        for ground in appeal["grounds"]:
            if ground not in body["grounds"]:
                no_ground = _("“%(name)s” is no ground") % {"name": ground}
                yield Fault("unknown_ground", f"appeals.{key}", no_ground)
    both = sorted(set(body["grounds"]) & set(body["left_out"]))
    said = _("“%(name)s” means something else in left_out")
    yield from (Fault("grounds", "grounds", said % {"name": code}) for code in both)


def _languages(where: str, value: Any) -> Faults:
    """Authored text is complete in every language before it comes into force."""
    if not isinstance(value, Mapping):
        return
    if set(value) & set(LANGUAGES):
        yield from texts(where, value)
        return
    for key, one in value.items():
        yield from _languages(f"{where}.{key}" if where else str(key), one)
