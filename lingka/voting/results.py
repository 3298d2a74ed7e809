"""A result as it is published: what anybody can hash again, and no more than may be told."""

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from lingka.voting import rules
from lingka.voting.models import Vote


def result(
    row: Vote, tallies: Sequence[rules.Tally], minimum: int, now: datetime
) -> dict[str, Any]:
    """Of a secret vote with few in the roll or in the box, only what was decided."""
    outcome = rules.decide(rules.Rule(row.rule_key, row.rule), tallies, proposal=row.proposal)
    heads = tallies[0]
    few = row.secret and min(heads.roll, heads.cast) < minimum
    said: dict[str, Any] = {
        "vote": str(row.uuid), "question": row.question, "options": row.options,
        "rule": row.rule, "opened": _moment(row.opened_at), "closed": _moment(row.closed_at),
        "counted": _moment(now), "carried": outcome.carried, "option": outcome.option, "few": few,
        "roll": int(heads.roll),
    }  # fmt: skip
    if not few:
        said["quorum"] = outcome.quorum
        said["tallies"] = [
            _tally(by, one) for by, one in zip(row.rule["measures"], tallies, strict=True)
        ]
    return said


def _tally(by: str, one: rules.Tally) -> dict[str, Any]:
    """Square metres as text: a decimal fraction is not the same number on every machine."""
    return {
        "by": by, "roll": _amount(one.roll), "cast": _amount(one.cast),
        "options": [_amount(amount) for amount in one.options], "blank": _amount(one.blank),
        "invalid": _amount(one.invalid),
    }  # fmt: skip


def _amount(number: Fraction) -> str:
    return f"{float(number):.2f}".rstrip("0").rstrip(".")


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""
