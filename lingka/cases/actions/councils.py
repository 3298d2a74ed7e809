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
from lingka.cases.events import CaseOpened, CouncilEnded, CouncilGoesOn
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import evolve
from lingka.cases.world import World
from lingka.core.actors import SYSTEM
from lingka.core.events import NEW, Head, record
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


def tell_matter(council: Case, *, ended: bool) -> None:
    """A council, locked, has ended or was opened again: what it settles hears it at once."""
    matter = Case.objects.select_for_update().get(uuid=council.facts["resolves"])
    state, told = rows.state_of(matter), CouncilEnded if ended else CouncilGoesOn
    facts = {"council_ended": council.state if ended else None}
    event = told(str(council.uuid), council.number, {"facts": facts})
    done = record(
        event, stream_id=matter.uuid, actor=SYSTEM, after=Head(matter.version, bytes(matter.head))
    )
    rows.put(matter, evolve(state, event.changes), done)
    matter.save(update_fields=["facts", "version", "head"])
