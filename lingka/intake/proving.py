"""What a proof shows, in the reader's words."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lingka.proofs import selectors

SAID = {  # where it holds, where it doesn't
    "records": (
        _("Every record stands under the seal"),
        _("A record does not stand under the seal"),
    ),
    "complete": (
        _("No record is missing between them"),
        _("Records are missing between them"),
    ),
    "signature": (
        _("The seal is signed by this town"),
        _("The seal is not signed by this town"),
    ),
    "since": (
        _("It continues the earlier seal"),
        _("It does not continue the earlier seal"),
    ),
    "kept": (
        _("All that was sealed then still stands today"),
        _("What was sealed then was rewritten since"),
    ),
    "same": (
        _("The town's records are still these"),
        _("The town's records and this proof differ: something was changed"),
    ),
}


@dataclass(frozen=True)
class Result:
    """What was checked, line by line."""

    holds: bool
    lines: list[tuple[bool, Any]]
    records: int
    newer: int  # records of the case that came later
    at: dt.datetime | None  # when it was sealed
    times: list[dt.datetime]


def of_case(case_uuid: UUID) -> Result | None:
    """The history of a case as it is now; None while nothing of it is sealed."""
    found = selectors.proof_of(case_uuid)
    return judged(found) if found else None


def judged(value: Any) -> Result:
    """A proof against itself, and against what this town has now; ValueError where it is none."""
    found = selectors.judged(value)
    return Result(
        all(one.holds for one in found.findings),
        [(one.holds, SAID[one.about][0 if one.holds else 1]) for one in found.findings],
        len(found.proof.records),
        found.newer,
        _moment(found.proof.head.made_at),
        [at for one in found.proof.records if (at := _moment(one.recorded_at))],
    )


def _moment(text: str) -> dt.datetime | None:
    """A time out of a file: whatever somebody wrote there."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
