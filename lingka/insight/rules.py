"""What a case's events mean for rates: pure functions.

`fold` keeps of each event what rates may need, whatever their definition; `facts` then says how
the case counts by one definition. Folding a case's events from the first gives the same memory
as folding them one by one as they came, so figures can be recomputed at any time.

The memory of a case, JSON values only:

    number, type, path, opened   as the case has them
    grid      whether the last of the path is a grid, below which nothing is counted
    unit      the unit in charge, or the last that was; 0 before any
    units     every unit that was on it: none of theirs reviews an appeal
    by        users who handled it: neither do they
    workflow  the version it was opened with
    state     of its workflow, or in which it ended; `closed` whether it has
    contact   [started, verdict] of the first response clock
    rounds    [{"clock": [started, verdict], "said": {who: [solved, satisfied]}}]
    spared    the lot decided that nobody calls back in this round
    part      there only where it was split off another case
    aside     {kind: ground} of what was upheld on appeal
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from lingka.cases.events import CaseActed, CaseOpened
from lingka.core.events import EventData, StoredEvent
from lingka.insight.definitions import Definition
from lingka.insight.events import AppealDecided

Memory = dict[str, Any]
KEPT = {
    "number": "number", "case_type": "type", "area_path": "path", "opened_at": "opened",
    "workflow": "workflow",
}  # fmt: skip
ANSWERS = {"solved": True, "not_solved": False}


def fold(memory: Memory | None, event: StoredEvent, said: Mapping[str, str]) -> Memory | None:
    """The memory after an event; the same object where it changes nothing.

    `said` names actions that tell the resident's answer. A case whose opening is unknown stays so.
    """
    data = event.data
    if isinstance(data, AppealDecided):
        return memory and _decided(memory, data)
    if isinstance(data, CaseOpened):
        return _changed(_opened(), data.state, data)
    if memory is None:
        return None
    answers = _answer(event, data, said) if isinstance(data, CaseActed) else None
    if answers:
        memory = _heard(memory, *answers)
    return _changed(memory, getattr(data, "changes", {}), data)


def _opened() -> Memory:
    return {
        "unit": 0, "units": [], "by": [], "closed": False, "contact": None,
        "rounds": [{"clock": None, "said": {}}], "aside": {},
    }  # fmt: skip


def _decided(memory: Memory, data: AppealDecided) -> Memory:
    aside = {kind: one for kind, one in memory["aside"].items() if kind != data.kind}
    return memory | {"aside": aside | ({data.kind: data.ground} if data.upheld else {})}


def _answer(
    event: StoredEvent, data: CaseActed, said: Mapping[str, str]
) -> tuple[str, bool, str] | None:
    """Who said what: solved or not, and how satisfied.

    Of staff only a caller tells what a resident said, by an action that the definition names: that
    a desk rates the units it called, solved or not, is no resident's answer.
    """
    resident = event.actor["kind"] == "resident"
    if data.action not in said and not (resident and "solved" in data.given):
        return None
    who = f"resident{event.actor.get('id', '')}" if resident else "called"
    solved = data.given.get("solved", ANSWERS.get(said.get(data.action, "")))
    return who, bool(solved), data.given.get("satisfied") or ""


def _heard(memory: Memory, who: str, solved: bool, satisfied: str) -> Memory:  # noqa: FBT001
    *before, last = memory["rounds"]
    mine = last | {"said": last["said"] | {who: [solved, satisfied]}}
    return memory | {"rounds": [*before, mine]}


def _changed(memory: Memory, changes: Mapping[str, Any], data: EventData) -> Memory:
    """What an event's changes leave in the memory."""
    new: Memory = {mine: changes[name] for name, mine in KEPT.items() if name in changes}
    if "grid" in changes:
        new["grid"] = changes["grid"] is not None
    if isinstance(data, CaseOpened):
        new |= {"state": changes["state"], "grid": changes.get("grid") is not None}
        if "whole" in changes.get("facts", {}):
            new["part"] = True  # the whole counts, once
    elif isinstance(data, CaseActed):
        new["closed"] = data.to_stage == "closed"
        if not data.from_stage == data.to_stage == "closed":  # archived: it ended before, and how
            new["state"] = data.to_state
    if "spared" in changes.get("facts", {}):
        new["spared"] = bool(changes["facts"]["spared"])
    new |= _hands(memory, changes) | _rounds(memory, changes)
    return memory | new if any(memory.get(name) != one for name, one in new.items()) else memory


def _hands(memory: Memory, changes: Mapping[str, Any]) -> Memory:
    """Who has it, and who ever had."""
    new: Memory = {}
    if changes.get("lead_unit"):
        new["unit"] = changes["lead_unit"]
    units = {one["unit"] for one in changes.get("assignments", ())} | {new.get("unit", 0)} - {0}
    if units - set(memory["units"]):
        new["units"] = sorted(units | set(memory["units"]))
    handler = changes.get("facts", {}).get("handled_by")
    if handler and handler not in memory["by"]:
        new["by"] = [*memory["by"], handler]
    return new


def _rounds(memory: Memory, changes: Mapping[str, Any]) -> Memory:
    """A new round, and what became of the clocks."""
    new: Memory = {}
    clocks, rounds = changes.get("clocks", {}), memory["rounds"]
    if changes.get("facts", {}).get("rounds", 0) >= len(rounds):
        rounds = [*rounds, {"clock": None, "said": {}}]
    if "resolve" in clocks:
        rounds = [*rounds[:-1], rounds[-1] | {"clock": _read(clocks["resolve"])}]
    if rounds != memory["rounds"]:
        new["rounds"] = rounds
    if "respond" in clocks:
        found, first = _read(clocks["respond"]), memory["contact"]
        if first is None or first[0] == found[0]:  # a later round's clock is no first contact
            new["contact"] = found
    return new


def _read(clock: Mapping[str, Any]) -> list[str]:
    """When a clock started, and how it went."""
    if clock["stopped"] is None:
        verdict = "overdue" if clock["breached"] else "open"
    else:
        verdict = "met" if clock["stopped"] <= clock["due"] else "missed"
    return [clock["started"], verdict]


def day_of(memory: Memory) -> date:
    """The day a case was opened on, on the town's calendar: it counts there."""
    moment = datetime.fromisoformat(memory["opened"])
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def areas_of(memory: Memory) -> list[int]:
    """The areas in which a case counts: from the root down, the grid left out."""
    ids = [int(part) for part in memory["path"].split("/") if part]
    return ids[:-1] if memory["grid"] else ids


def facts(memory: Memory, by: Definition, *, asked: bool) -> dict[str, Any]:
    """How a case counts by a definition: the columns of a fact but its keys and places.

    `asked` says whether its workflow asks the resident at all: a hazard is looked at again, a
    resolution read out, and nobody was sought who could not be reached.
    """
    aside = memory["aside"]
    answer, solved, satisfied = _answers(memory, by, asked=asked)
    return {
        "reason": aside.get("exclude") or _left_out(memory, by),
        "contact": _contact(memory),
        "handled": "aside" if "on_time" in aside else _handled(memory),
        "answer": answer,
        "solved": solved,
        "satisfied": satisfied,
        "redone": len(memory["rounds"]) > 1,
    }


def _left_out(memory: Memory, by: Definition) -> str:
    state = "part" if memory.get("part") else memory["state"]
    return state if state in by.left_out else ""


def _contact(memory: Memory) -> str:
    """First contact: late as soon as its time has passed, whatever came after."""
    if "response" in memory["aside"]:
        return "aside"
    verdict = memory["contact"][1] if memory["contact"] else ""
    return "missed" if verdict == "overdue" else str(verdict)


def _handled(memory: Memory) -> str:
    """Handled in time means in every round; a case is handled once its last round is."""
    verdicts = [one["clock"][1] for one in memory["rounds"] if one["clock"]]
    if not verdicts:
        return ""
    if verdicts[-1] == "met" and "missed" in verdicts:
        return "missed"
    return str(verdicts[-1])


def _answers(memory: Memory, by: Definition, *, asked: bool) -> tuple[str, bool, bool | None]:
    """Answered or not, "" where nobody is asked; solved; satisfied, None where nobody said."""
    if "rating" in memory["aside"]:
        return "aside", False, None
    told = next((one["said"] for one in reversed(memory["rounds"]) if one["said"]), None)
    if told is None:
        return _silent(memory) if asked else "", False, None
    solved = _together((one[0] for one in told.values()), by.several["solved"])
    voiced = [one[1] in by.satisfied for one in told.values() if one[1]]
    return "answered", solved, _together(voiced, by.several["satisfied"]) if voiced else None


def _silent(memory: Memory) -> str:
    """Nobody answered: not asked yet, not drawn for a call, or not reached."""
    if not memory["closed"]:
        return "unasked"
    return "undrawn" if memory.get("spared") else "unreached"


def _together(answers: Iterable[bool], how: str) -> bool:
    """Several answers as one."""
    given = list(answers)
    return all(given) if how == "all" else 2 * sum(given) > len(given)
