"""A part of a case becomes a case of its own: its type, its unit, its clocks.

The reporter keeps one receipt, that of the whole, which tells of every part and cannot be reported
done before all of them have ended.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lingka.cases import rows
from lingka.cases.actions.linked import as_json, first_state
from lingka.cases.actions.opening import passed_on
from lingka.cases.beginning import running
from lingka.cases.definitions import PART
from lingka.cases.events import CaseOpened, PartEnded
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import CaseState, Deed, evolve, had_a_hand
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import NEW, Head, record
from lingka.core.writing import insert


def open_part(
    whole: Case, given: Mapping[str, Any], note: dict[str, str], deed: Deed, *, actor: Actor
) -> None:
    """The part that the whole, locked, was just told of; it goes to its unit at once."""
    uuid = UUID(whole.facts["parts"][-1])
    state = _first(whole, given["case_type"], note["content"], deed)
    done = record(
        CaseOpened(state=as_json(state), receipt="", texts=[{**note, "name": "words"}]),
        stream_id=uuid, actor=actor, after=NEW,
    )  # fmt: skip
    sending = catalogue.workflow(state.workflow).actions["dispatch"]
    mine = Deed(sending, {"unit": given["unit"]}, deed.actor, deed.unit, deed.now, deed.world)
    state, done = passed_on(state, uuid, done.head, mine, actor)
    case = Case(uuid=uuid)
    rows.put(case, state, done)
    insert(case)


def _first(whole: Case, case_type: str, note: str, deed: Deed) -> CaseState:
    state = first_state(
        rows.state_of(whole), catalogue.case_type(case_type), deed.world, flow=PART, channel=PART,
        words=note, facts={"whole": str(whole.uuid)},
    )  # fmt: skip
    return running(state, catalogue.workflow(state.workflow), deed.world)


def tell_whole(part: Case) -> None:
    """A part, locked, has ended: its whole hears it in the same transaction."""
    whole = Case.objects.select_for_update().get(uuid=part.facts["whole"])
    state = rows.state_of(whole)
    did = had_a_hand(part.assignments, part.facts) | set(state.facts.get("part_units", ()))
    facts = {
        "ended": {**state.facts.get("ended", {}), str(part.uuid): part.state},
        "part_units": sorted(did),
    }
    event = PartEnded(str(part.uuid), part.number, part.lead_unit_id, {"facts": facts})
    head = Head(whole.version, bytes(whole.head))
    done = record(event, stream_id=whole.uuid, actor=SYSTEM, after=head)
    rows.put(whole, evolve(state, event.changes), done)
    whole.save(update_fields=["facts", "version", "head"])
