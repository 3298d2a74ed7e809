"""In words: on what conditions an action is done, when a case climbs, which desks take it in turn.

What workflows name by a key has its words in `data/conditions.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lingka.areas.levels import scheme
from lingka.cases.definitions import Grade, Workflow
from lingka.cases.parts import DATA
from lingka.cases.selectors import catalogue
from lingka.core import datafiles, saying
from lingka.core.text import pick

WORDS = DATA / "conditions.yaml"


def words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """By section and key, in all languages."""
    found: Mapping[str, Any] = datafiles.read(WORDS)
    return found


def conditions(keys: Iterable[str]) -> str:
    """“only if …”; "" for what may always be done."""
    said = words()["conditions"]
    return saying.listed(pick(said[key]) for key in keys)


@dataclass(frozen=True)
class Rank:
    """One grade: who has a case there, what begins there, and when it climbs."""

    name: str
    desk: str  # of this level; "" for whichever has it
    begins: str
    climbs: list[str]  # any one of these
    helpers: str
    opens: str


def ranks(workflow: Workflow) -> list[Rank]:
    """The grades from the lowest up; none in most workflows."""
    return [_rank(one) for one in workflow.grades]


def _rank(grade: Grade) -> Rank:
    said = words()
    kinds = {one.key: one.name for one in catalogue.case_types()}
    groups = {one.group_key: one.group for one in catalogue.case_types()}
    begins = [found for key in grade.types if (found := kinds.get(key) or groups.get(key))]
    opens = [kinds[key] for key in grade.opens.values() if key in kinds]
    return Rank(
        pick(grade.label), level(grade.desk), saying.listed(begins),
        [pick(said["measures"][name]).format(count=limit) for name, limit in grade.climbs],
        saying.listed(pick(said["helpers"][name]) for name in grade.helpers),
        saying.listed(opens),
    )  # fmt: skip


def level(key: str) -> str:
    """What a level of areas is called; "" for none."""
    found = scheme().level(key)
    return pick(found.name) if found else ""


def chain(workflow: Workflow) -> list[str]:
    """The levels whose desks take a case in turn, the lowest first; none in most workflows."""
    levels = next((given for name, given in workflow.on_open if name == "chain"), ())
    return [level(key) for key in levels]
