"""A case that waits for a council: settled by what it adopts, ended by what it does not."""

from uuid import UUID

from lingka.cases import actions as cases
from lingka.cases import selectors as case_selectors
from lingka.core.actors import SYSTEM
from lingka.deliberation.models import Topic

KIND = "council.resolution"  # the type of the case


def waiting(topic: Topic) -> UUID | None:
    """The topic's case, if it waits for what the council says."""
    found = case_selectors.standings([topic.case]).get(topic.case) if topic.case else None
    waits = found is not None and (found.case_type, found.state) == (KIND, "raised")
    return topic.case if waits else None


def not_adopted(topic: Topic, words: str) -> None:
    """It was declined or rejected: its case ends with these words, and what it is for goes on. By
    nobody in particular: who keeps the table need not be the case's desk."""
    if case := waiting(topic):
        cases.perform(case, "not_adopted", actor=SYSTEM, data={"words": words})
