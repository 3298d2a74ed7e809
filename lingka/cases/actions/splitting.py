"""A part of a case becomes a case of its own: its type, its unit, its clocks.

The reporter keeps one receipt, that of the whole, which tells of every part and cannot be reported
done before all of them have ended.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lingka.cases import clocks, rows
from lingka.cases.actions.opening import as_json, passed_on
from lingka.cases.beginning import running
from lingka.cases.definitions import PART
from lingka.cases.events import CaseOpened, PartEnded
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue
from lingka.cases.workflow import CaseState, Deed, evolve
from lingka.core import codes
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
    kind, moment = catalogue.case_type(case_type), clocks.text(deed.now)
    about = rows.state_of(whole)
    workflow = catalogue.workflow(catalogue.current("workflow", PART))
    first = workflow.states[workflow.initial]
    state = CaseState(
        case_type=kind.key,
        catalogue=catalogue.current("case_types", "case_types"),
        workflow=catalogue.current("workflow", PART),
        channel=PART,
        number=_number(),
        state=first.key,
        stage=first.stage,
        owner=first.owner,
        urgent=about.urgent or kind.urgent,
        grid=about.grid,
        area_path=about.area_path,
        place=about.place,
        desk_area=about.desk_area,
        words=note,
        location=about.location,
        h3=about.h3,
        opened_at=moment,
        changed_at=moment,
        facts={"whole": str(whole.uuid), "located": about.facts.get("located", "")},
    )
    return running(state, workflow, deed.world)


def _number() -> str:
    """One that is free: the action is not tried again like a report, whose key is its own."""
    while Case.objects.filter(number=(number := codes.short_code())).exists():
        continue
    return number


def tell_whole(part: Case) -> None:
    """A part, locked, has ended: its whole hears it in the same transaction."""
    whole = Case.objects.select_for_update().get(uuid=part.facts["whole"])
    state = rows.state_of(whole)
    ended = {**state.facts.get("ended", {}), str(part.uuid): part.state}
    event = PartEnded(str(part.uuid), part.number, part.lead_unit_id, {"facts": {"ended": ended}})
    head = Head(whole.version, bytes(whole.head))
    done = record(event, stream_id=whole.uuid, actor=SYSTEM, after=head)
    rows.put(whole, evolve(state, event.changes), done)
    whole.save(update_fields=["facts", "version", "head"])
