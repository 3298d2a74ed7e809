"""A part of a case becomes a case of its own: its type, its unit, its clocks.

The reporter keeps one receipt, that of the whole, which tells of every part and cannot be reported
done before all of them have ended. A part goes to a unit, or, where others have to be called, to
the desk that calls.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from lingka.cases import rows
from lingka.cases.actions.linked import as_json, first_state
from lingka.cases.actions.opening import passed_on
from lingka.cases.beginning import running
from lingka.cases.definitions import PART, CaseTypeInfo
from lingka.cases.events import CaseOpened, PartEnded
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import CaseState, Deed, evolve, had_a_hand
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import NEW, Head, Recorded, record
from lingka.core.writing import insert


def open_part(
    whole: Case, given: Mapping[str, Any], note: dict[str, str], deed: Deed, *, actor: Actor
) -> None:
    """The part that the whole, locked, was just told of; it goes to its unit at once."""
    uuid = UUID(whole.facts["parts"][-1])
    kind = catalogue.case_type(given["case_type"])
    state = _first(whole, kind, PART, note["content"], deed)
    done = _told(state, uuid, note, actor)
    sending = catalogue.workflow(state.workflow).actions["dispatch"]
    mine = Deed(sending, {"unit": given["unit"]}, deed.actor, deed.unit, deed.now, deed.world)
    state, done = passed_on(state, uuid, done.head, mine, actor)
    case = Case(uuid=uuid)
    rows.put(case, state, done)
    insert(case)


def open_called(
    whole: Case, case_type: str, note: dict[str, str], deed: Deed, *, actor: Actor
) -> None:
    """The call that the whole, locked, asked for. Asking has collected it already: it lies with
    the last desk of its chain, which calls."""
    uuid, kind = UUID(whole.facts["parts"][-1]), catalogue.case_type(case_type)
    state = _first(whole, kind, kind.workflow, note["content"], deed)
    state = replace(state, desk_area=state.facts.get("chain", [state.desk_area])[-1])
    case, done = Case(uuid=uuid), _told(state, uuid, note, actor)
    rows.put(case, state, done)
    insert(case)


def _first(whole: Case, kind: CaseTypeInfo, flow: str, note: str, deed: Deed) -> CaseState:
    about = rows.state_of(whole)
    if flow != PART:  # it calls who would be called from there, wherever the whole has climbed to
        about = replace(about, desk_area=deed.world.desk_of(about.area_path))
    facts = {"whole": str(whole.uuid)}
    state = first_state(
        about, kind, deed.world, flow=flow, channel=PART, words=note, facts=facts,
    )  # fmt: skip
    return running(state, catalogue.workflow(state.workflow), deed.world)


def _told(state: CaseState, uuid: UUID, note: dict[str, str], actor: Actor) -> Recorded:
    opened = CaseOpened(state=as_json(state), receipt="", texts=[{**note, "name": "words"}])
    return record(opened, stream_id=uuid, actor=actor, after=NEW)


def tell_whole(part: Case) -> None:
    """A part, locked, has ended: its whole hears it in the same transaction."""
    whole = Case.objects.select_for_update().get(uuid=part.facts["whole"])
    state = rows.state_of(whole)
    did = had_a_hand(part.assignments, part.facts) | set(state.facts.get("part_units", ()))
    facts: dict[str, Any] = {
        "ended": {**state.facts.get("ended", {}), str(part.uuid): part.state},
        "part_units": sorted(did),
    }
    if state.facts.get("reinspector") in did:  # then whoever checks at the desk looks again
        facts["reinspector"] = None
    event = PartEnded(str(part.uuid), part.number, part.lead_unit_id, {"facts": facts})
    head = Head(whole.version, bytes(whole.head))
    done = record(event, stream_id=whole.uuid, actor=SYSTEM, after=head)
    rows.put(whole, evolve(state, event.changes), done)
    whole.save(update_fields=["facts", "version", "head"])
