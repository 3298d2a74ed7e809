"""One step of one demo case: who does what next, by the state in which the case is."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.cases.models import Case
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.demo.fates import Fate
from lingka.demo.sayings import pieces

if TYPE_CHECKING:
    from lingka.demo.history import History

HOURS = {  # mean time that a case stays in a state
    "received": 0.5, "accepted": 0.3, "dispatched": 0.7, "contact": 0.4, "handling": 11.0,
    "reported": 4.0, "calling_back": 9.0, "resolved": 22.0, "suspended": 100.0,
}  # fmt: skip
LONG = {"rubbish.smell", "parking.space", "other.noise", "other.any"}  # long deadlines anyway
URGENT_HOURS = {
    "received": 0.05,
    "dispatched": 0.08,
    "contact": 0.3,
    "handling": 2.5,
    "reported": 3.0,
}
UNANSWERED = ("no_answer", "no_answer", "off", "busy", "later")
Deed = tuple[str, Actor, dict[str, Any]]


@dataclass
class Living:
    """A case under way, with what will become of it."""

    uuid: UUID
    resident: Actor
    case_type: str
    fate: Fate
    urgent: bool
    opened: datetime
    lot: int = 0  # decides what is left to chance, the same in every building
    language: str = "zh-hans"
    unit: str = ""  # who gets it, whatever the rules suggest
    reachable: bool = True  # left a way to be called
    state: str = "received"
    done: bool = False

    @property
    def family(self) -> str:
        """How such matters are worked on."""
        return str(pieces()["types"][self.case_type]["family"])


@dataclass(frozen=True)
class Now:
    """The case's row where it matters to a step."""

    state: str
    lead: int | None
    desk: int
    path: str
    suggested: int | None
    called: bool  # often enough to say: not reached


def next_step(living: Living, history: "History") -> str:
    """Do the next thing; returns what was refused, "" otherwise."""
    now = _look(living)
    living.state = now.state
    if now.state == "suspended":
        return ""  # the engine lets it go on at its day; look again later
    deed = DEEDS.get(now.state, _nothing)(living, now, history)
    if deed is None:
        living.done = True
        return ""
    action, actor, data = deed
    try:
        done = cases.perform(living.uuid, action, actor=actor, data=data)
    except (PermissionRefused, Problem) as error:
        code = error.denied.code if isinstance(error, PermissionRefused) else error.code
        return f"{now.state}.{action}: {code}"
    living.state = done.state
    return ""


def delay(living: Living, rng: random.Random) -> timedelta | None:
    """How long until somebody acts again; None when nobody will."""
    unheard = living.state == "handling" and "contact" not in living.fate.done
    state = "contact" if unheard else living.state
    mean = HOURS.get(state)
    if living.done or (mean is None and not living.fate.reopened):
        return None
    mean = mean or 40.0
    if living.urgent:
        mean = URGENT_HOURS.get(state, mean)
    slow = living.fate.pace if living.state in {"handling", "dispatched"} else 1.0
    return timedelta(hours=rng.uniform(0.3, 1.7) * mean * slow, minutes=rng.randint(2, 9))


def _look(living: Living) -> Now:
    row = Case.objects.values_list(
        "state", "lead_unit_id", "desk_area_id", "area_path", "facts"
    ).get(uuid=living.uuid)
    route = row[4].get("suggested") or {}
    called = row[4].get("calls", {}).get("enough", False)
    return Now(row[0], row[1], row[2], row[3], route.get("unit"), called)


def _nothing(living: Living, now: Now, history: "History") -> None:
    return None


def _desk(now: Now, history: "History") -> Actor:
    return history.staff.desks.get(now.desk, history.staff.supervisor)


def _handler(living: Living, now: Now, history: "History") -> Actor:
    """The same post all the way, so that arrival and result come from one hand."""
    hands = history.staff.handlers.get(now.lead or 0, [SYSTEM])
    return hands[living.lot % len(hands)]


def _stays(living: Living, state: str) -> bool:
    """Whether this is where the case waits; one to be reopened first goes all the way."""
    waits_for_it = living.fate.reopened and "reopen" not in living.fate.done
    return state in living.fate.stops and not waits_for_it


def _received(living: Living, now: Now, history: "History") -> Deed | None:
    desk = _desk(now, history)
    if _stays(living, "received"):
        return None
    if living.fate.withdrawn:
        return "withdraw", living.resident, {}
    if living.fate.declined:
        reason = history.rng.choice(("outside", "courts", "untrue"))
        words = pieces()["declined"][reason]
        return "decline", desk, {"reason": reason, "words": words}
    if living.fate.asked and (deed := _asking(living, desk, history)):
        return deed
    return None if "answer" in living.fate.stops else ("accept", desk, {})


def _asking(living: Living, desk: Actor, history: "History") -> Deed | None:
    """A question to the resident, and then the answer to it."""
    pairs = pieces()["asked"]
    question, answer = pairs[living.lot % len(pairs)]
    if living.fate.once("ask"):
        return "ask", desk, {"words": history.sayings.exactly(question)}
    if "answer" not in living.fate.stops and living.fate.once("answer"):
        return "answer", living.resident, {"words": history.sayings.exactly(answer)}
    return None


def _accepted(living: Living, now: Now, history: "History") -> Deed | None:
    if _stays(living, "accepted") and not living.fate.returns:
        return None
    own = history.staff.units.get(living.unit)
    unit = own or now.suggested or _fallback(now, history)
    return "dispatch", _desk(now, history), {"unit": str(unit)}


def _fallback(now: Now, history: "History") -> int:
    """Where no rule says who: the street office."""
    chain = areas.ancestors(now.path)
    street = next(one for one in chain if one.level == "street")
    return history.staff.units[f"street-{street.code}"]


def _dispatched(living: Living, now: Now, history: "History") -> Deed | None:
    if _stays(living, "dispatched"):
        return None
    hand = _handler(living, now, history)
    if living.fate.returns:
        living.fate.returns -= 1
        reason = history.rng.choice(("not_ours", "other_area", "unclear"))
        return "return", hand, {"reason": reason, "note": history.sayings.of("returns", reason)}
    return "sign_in", hand, {}


def _handling(living: Living, now: Now, history: "History") -> Deed | None:
    fate, hand = living.fate, _handler(living, now, history)
    if fate.once("contact"):
        words = history.sayings.of("contact", living.family if living.reachable else "nobody")
        return ("arrive", hand, {}) if living.urgent else ("first_contact", hand, {"words": words})
    for step, wanted in (("extend", fate.extended), ("suspend", fate.suspended)):
        if wanted and fate.once(step):
            return SIDE[step](living, now, history)
    if _stays(living, "handling"):
        return None
    if fate.extended and fate.once("grant"):
        return "extend_grant", _desk(now, history), {}
    return _work(living, hand, history)


def _work(living: Living, hand: Actor, history: "History") -> Deed:
    """Progress, sometimes, and in the end the result."""
    if living.lot % 5 < 2 and living.fate.once("progress"):  # noqa: PLR2004
        return "handle", hand, {"words": history.sayings.of("progress", living.family)}
    words = history.sayings.result(living.case_type, living.language)
    return "report_back", hand, {"words": words, "attachments": history.after_pictures(living)}


def _extend(living: Living, now: Now, history: "History") -> Deed:
    until = clock.now() + timedelta(days=35 if living.case_type in LONG else 9)
    note = history.sayings.of("waiting")
    hand = _handler(living, now, history)
    return "extend_ask", hand, {"until": until.isoformat(), "note": note}


def _suspend(living: Living, now: Now, history: "History") -> Deed:
    until = clock.now() + timedelta(days=history.rng.randint(6, 12))
    words = history.sayings.of("waiting")
    return "suspend", _desk(now, history), {"until": until.isoformat(), "words": words}


SIDE: dict[str, Callable[[Living, Now, "History"], Deed]] = {"extend": _extend, "suspend": _suspend}


def _verifier(living: Living, history: "History") -> Actor:
    return history.staff.verifiers[living.lot % len(history.staff.verifiers)]


def _reported(living: Living, now: Now, history: "History") -> Deed | None:
    how = history.rng.choices(("visit", "phone", "photos"), (3, 5, 2))[0]
    return "verify", _verifier(living, history), {"how": how}


def _calling_back(living: Living, now: Now, history: "History") -> Deed | None:
    who, say = _verifier(living, history), history.sayings.of
    if living.fate.redone and living.fate.once("redo"):
        return "call_back_unsolved", who, {"words": say("unsolved")}
    if living.fate.unreached and not now.called:
        left = history.rng.choice(UNANSWERED) if living.reachable else "none"
        return "call_back_tried", who, {"outcome": left}
    if living.fate.unreached:
        return "call_back_unreached", who, {}
    return "call_back_done", who, {"words": say("called" if living.reachable else "seen")}


def _resolved(living: Living, now: Now, history: "History") -> Deed | None:
    if living.fate.reopened and living.fate.once("reopen"):
        return "reopen", living.resident, {"words": history.sayings.of("unsolved")}
    if not living.fate.rates:
        return None  # the engine closes it when the time for an answer is over
    given: dict[str, Any] = {"solved": living.fate.solved, "satisfied": living.fate.satisfied}
    name = "rated_bo" if living.language == "bo" else "rated"
    said = living.fate.satisfied if living.fate.solved else "no"
    return "rate", living.resident, given | {"words": history.sayings.of(name, said)}


DEEDS: dict[str, Callable[[Living, Now, "History"], Deed | None]] = {
    "received": _received, "accepted": _accepted, "dispatched": _dispatched,
    "handling": _handling, "reported": _reported, "calling_back": _calling_back,
    "resolved": _resolved,
}  # fmt: skip
