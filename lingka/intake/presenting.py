"""A receipt in the reader's words: stages, promises, and why this day."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.areas import selectors as areas
from lingka.cases.selectors import (
    CaseTypeInfo,
    Lead,
    Part,
    Promise,
    Reading,
    ReceiptView,
    StageView,
    Step,
    case_type,
    promises,
    readers,
)
from lingka.core import clock, codes, saying
from lingka.core.text import pick
from lingka.counter import selectors as counter
from lingka.counter.actions import HANDED_IN
from lingka.intake import selectors
from lingka.units import selectors as units

STAGES = {
    "intake": gettext_lazy("Received"),
    "dispatch": gettext_lazy("Passed on"),
    "handling": gettext_lazy("Handled"),
    "verification": gettext_lazy("Checked"),
    "closed": gettext_lazy("Closed"),
}
UNFINISHED = {"declined": gettext_lazy("Not taken up"), "withdrawn": gettext_lazy("Withdrawn")}
YOURS = gettext_lazy("Please look")
TITLE = 40
_ENDS = "。！？!?\n།"


def context(view: ReceiptView) -> dict[str, Any]:
    """What tracking page, receipt and slip have in common."""
    info = case_type(view.case_type)
    place = areas.place(view.place_id) if view.place_id else None
    unit = units.unit(view.lead_unit_id) if view.lead_unit_id else None
    with_papers = view.case_type == HANDED_IN or not view.is_reporter  # merged with another
    papers = counter.papers_of(view.id) if with_papers else None
    return {
        "r": view,
        "code": codes.pretty(view.short_code),
        "title": papers.title if papers else title(view, info.name),
        "where": selectors.where(place) or view.address or _area(view),
        "unit": unit,
        "papers": papers,
        "co_units": [units.unit(number) for number in view.co_unit_ids],
        "parts": [_linked(one) for one in view.parts],
        "called_only": not any(one.unit_id for one in view.parts),  # nobody has come yet
        "councils": [_linked(one) for one in view.councils],
        "reason": _reason(view),
        "lead": _officer(view.lead),
        "replies": [
            {
                "unit": _unit_name(one.unit_id),
                "at": one.at,
                "words": one.words,
                "by": _officer(one.lead),
            }
            for one in view.replies
        ],
        "readings": _read_by(view),
        "steps": way(view.steps, waits_for_you=view.can_rate, unfinished=view.unfinished),
    }


def _linked(one: Part) -> dict[str, Any]:
    """A case that belongs to this one: what kind, who has it (nobody yet: a call that was asked
    for), and how it stands."""
    return {
        "name": case_type(one.case_type).name,
        "unit": _unit_name(one.unit_id) if one.unit_id else "",
        "state": one.state,
        "open": one.open,
    }


def _officer(lead: Lead | None) -> str:
    """Whoever answers by name, by post and unit."""
    return " · ".join(one for one in (lead.unit, lead.role) if one) if lead else ""


def _read_by(view: ReceiptView) -> list[dict[str, Any]]:
    """When, why, and by which unit and role; who it was by name stays among colleagues."""
    rows = view.readings
    path = areas.area(view.grid_id).path if view.grid_id else ""
    by = readers(
        {one.user_id for one in rows if one.user_id}, [(one.user_id, one.at) for one in rows], path
    )
    return [
        {"at": one.at, "reason": _read_for(one), "by": " · ".join(filter(None, who))}
        for one, who in zip(rows, by, strict=True)
    ]


def _read_for(reading: Reading) -> str:
    """The reason that a colleague gave; messages are sent by the machine alone."""
    return reading.reason if reading.user_id else _("By the machine, to send you a message")


def _unit_name(unit_id: int | None) -> str:
    return pick(units.unit(unit_id).name) if unit_id else _("The desk")


def _area(view: ReceiptView) -> str:
    return pick(areas.area(view.grid_id).name) if view.grid_id else ""


def _reason(view: ReceiptView) -> str:
    """Why this unit: the rule or the agreement in its own words, as they were when it was sent."""
    return pick(view.routing.get("basis") or {})


def title(view: ReceiptView, type_name: str) -> str:
    """The first sentence of one's own words, else what kind of matter it is."""
    text = " ".join(view.own_words[0].split()) if view.own_words else ""
    for position, letter in enumerate(text):
        if letter in _ENDS and position:
            text = text[:position]
            break
    if not text:
        return type_name
    return text if len(text) <= TITLE else _cut(text[:TITLE])


def _cut(text: str) -> str:
    """Not in the middle of a word or syllable, where the script has a mark between them."""
    end = max(text.rfind(" "), text.rfind("\u0f0b"))
    return text[: end if end > TITLE // 2 else None].rstrip(" ,，、") + "…"


def way(steps: list[Step], *, waits_for_you: bool, unfinished: str) -> list[dict[str, str]]:
    """The knots, with the day each was reached; the one that needs you says so."""
    shown = []
    later: dt.datetime | None = None
    days = {}
    for step in reversed(steps):  # a stage that was passed in one go has the day of the next
        later = step.at or later
        days[step.stage] = later if step.state != "next" else None
    for step in steps:
        if unfinished and not step.at:
            continue  # it never went there
        ended = unfinished if step.stage == "closed" else ""
        name = str(UNFINISHED.get(ended) or step.name or STAGES[step.stage])
        if step.state == "now" and waits_for_you and step.stage == "verification":
            name = str(YOURS)
        at = days[step.stage]
        note = saying.short_day(at) if at else ""
        shown.append({"title": name, "note": note, "state": step.state})
    return shown


def short(stage: StageView) -> dict[str, Any]:
    """What a short code shows."""
    return {
        "code": codes.pretty(stage.code),
        "steps": way(stage.steps, waits_for_you=False, unfinished=stage.unfinished),
    }


def deadlines(view: ReceiptView) -> list[dict[str, Any]]:
    """The promises that concern a resident: somebody comes, somebody answers, it is done."""
    shown = []
    for key in ("arrive", "respond", "resolve") if view.unfinished == "" else ():
        one = view.clocks.get(key)
        still = one and not one.get("stopped") and not one.get("paused")
        if one and (key == "resolve" or still):  # a promise kept is past
            why = view.explained.get(key, "")
            shown.append(
                {
                    "words": _words(key, one),
                    "promise": _("promised by %(time)s") % {"time": saying.moment(_due(one))},
                    "why": [why] if why else [],
                }
            )
    return shown


def _due(one: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(one["due"])


_PROMISES = {
    "arrive": (gettext_lazy("Somebody comes"), gettext_lazy("Somebody came")),
    "respond": (gettext_lazy("You get an answer"), gettext_lazy("You got an answer")),
    "resolve": (gettext_lazy("It gets done"), gettext_lazy("It was done")),
}


def _words(key: str, one: dict[str, Any]) -> str:
    coming, done = _PROMISES[key]
    due = _due(one)
    if one.get("stopped"):
        stopped = dt.datetime.fromisoformat(one["stopped"])
        span = saying.span(int(abs((due - stopped).total_seconds())))
        if stopped > due:
            return _("%(what)s, %(span)s late") % {"what": done, "span": span}
        return _("%(what)s, %(span)s early") % {"what": done, "span": span}
    if one.get("paused"):
        return _("%(what)s: paused") % {"what": coming}
    left = (due - clock.now()).total_seconds()
    span = saying.span(int(abs(left)))
    if left < 0:
        return _("%(what)s: %(span)s late") % {"what": coming, "span": span}
    return _("%(what)s within %(span)s") % {"what": coming, "span": span}


def promise_line(info: CaseTypeInfo, path: str) -> str:
    """What reporting this promises, by the deadlines of its type: who, an answer, an end."""
    given = promises(info)
    said = [_promise(key, given[key]) for key in ("arrive", "respond") if key in given][:1]
    said += [_promise("resolve", given["resolve"])] if "resolve" in given else []
    if not said:
        return ""
    return _("%(who)s: %(promises)s") % {"who": _who(info, path), "promises": _listed(said)}


def _listed(said: list[str]) -> str:
    """Two promises in a sentence."""
    pair = {"first": said[0], "then": said[-1]}
    return _("%(first)s. %(then)s.") % pair if len(said) > 1 else said[0]


def _promise(key: str, one: Promise) -> str:
    """Time that runs day and night is said as a span, working time as the moment it ends."""
    coming = _PROMISES[key][0]
    if one.basis == "elapsed":
        return _("%(what)s within %(span)s") % {
            "what": coming,
            "span": saying.span(one.amount * saying.MINUTE),
        }
    return _("%(what)s by %(when)s") % {"what": coming, "when": saying.when(one.due)}


def _who(info: CaseTypeInfo, path: str) -> str:
    """Urgent reports go to a unit at once, where a rule names one; all others to the desk."""
    served = units.services_for(info.key, path)[:1] if info.urgent and path else []
    return pick(units.unit(served[0].unit_id).name) if served else _("The desk")


def promised(view: ReceiptView) -> dt.datetime | None:
    """When it should be done."""
    one = view.clocks.get("resolve")
    return _due(one) if one else None


def answer_by(view: ReceiptView) -> dt.datetime | None:
    """When somebody should have spoken to the reporter."""
    one = view.clocks.get("respond")
    return _due(one) if one and not one.get("stopped") else None
