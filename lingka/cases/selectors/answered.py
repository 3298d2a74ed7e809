"""What units answered to the reporters of cases, for a platform that asked on their behalf."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from lingka.cases.models import Case
from lingka.cases.selectors import kin, receipts
from lingka.cases.selectors.rows import unit_name
from lingka.core import contents, events


@dataclass(frozen=True)
class Answer:
    """Words that a unit wrote for the reporter; nobody's name, and nothing that staff wrote for
    each other."""

    at: dt.datetime
    unit: str
    words: str


def answers_of(uuids: Iterable[UUID]) -> dict[UUID, list[Answer]]:
    """By case, the oldest first: its own, those of its parts and of a council, as the reporter
    reads them; and of a case that was joined with another also what is answered there."""
    wanted = set(uuids)
    ways = kin.ways_on(wanted)
    several = wanted.union(*ways.values())
    said = {case.uuid: _answers(case) for case in Case.objects.filter(uuid__in=several)}
    return {
        one: sorted(
            (each for uuid in (one, *ways.get(one, ())) for each in said[uuid]),
            key=lambda answer: answer.at,
        )
        for one in wanted & said.keys()
    }


def _answers(case: Case) -> list[Answer]:
    past = events.history(case.uuid)
    said = contents.read(receipts.wanted(case, past))
    found = receipts.all_replies(case, past, said, [*kin.parts_of(case), *kin.councils_of(case)])
    return [Answer(one.at, unit_name(one.unit_id), one.words) for one in reversed(found)]
