"""What became large is brought before a council: a case of its own, linked with the one it is for.

Which grade opens what is data (`grades`, `opens`). The reporter keeps following the case that they
reported, and reads there what the council says.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lingka.cases import grades, rows
from lingka.cases.actions.linked import as_json, first_state
from lingka.cases.beginning import running
from lingka.cases.definitions import COUNCIL
from lingka.cases.events import CaseOpened
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue
from lingka.cases.world import World
from lingka.core.actors import SYSTEM
from lingka.core.events import NEW, record
from lingka.core.writing import insert


def open_council(matter: Case, changes: Mapping[str, Any], world: World) -> None:
    """Open the case that these changes of another, locked or just made, named; mostly none."""
    named = changes.get("facts", {}).get("resolution")
    if named is None:
        return
    about = rows.state_of(matter)
    grade = grades.of(world.workflow(about), about)
    kind = catalogue.case_type(world.opens(about, grade) if grade else "")
    facts = {"resolves": str(matter.uuid)}
    state = first_state(
        about, kind, world, flow=kind.workflow, channel=COUNCIL, words=about.words, facts=facts,
    )  # fmt: skip
    state = running(state, world.workflow(state), world)
    done = record(
        CaseOpened(state=as_json(state), receipt=""), stream_id=UUID(named), actor=SYSTEM, after=NEW
    )
    case = Case(uuid=UUID(named))
    rows.put(case, state, done)
    insert(case)
