"""Why a case is here, in one line: the first of these sentences that its facts make true."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lingka.areas import selectors as areas
from lingka.cases import owed
from lingka.cases.definitions import COUNCIL
from lingka.cases.models import Case, Stage
from lingka.cases.selectors import flows
from lingka.cases.selectors.faces import clock_name, moment
from lingka.core import saying
from lingka.core.text import pick
from lingka.units import selectors as units

Tone = Literal["", "late", "calm"]


@dataclass(frozen=True)
class Why:
    icon: str
    text: str
    lead: str = ""  # printed bold before the text
    tone: Tone = ""


def why(
    case: Case,
    *,
    alike: int = 0,
    now: datetime,
    units_of: AbstractSet[int] = frozenset(),
    reader: int = 0,
) -> Why:
    """The sentence for a case. Nothing here is guessed: every line stands on a stored fact.

    `units_of` are the reader's own units: who has the case in hand is spoken to as such, like the
    `reader` who leads it by name.
    """
    own = case.lead_unit_id in units_of
    helping = not own and not units_of.isdisjoint(case.helpers or ())
    if reader and case.facts.get("leader") == reader and (led := _led(case)):
        return led
    for found in _candidates(case, alike, now, units_of, own=own, helping=helping):
        if found is not None:
            return found
    return _by_state(case, own=own)


def _candidates(
    case: Case, alike: int, now: datetime, units_of: AbstractSet[int], *, own: bool, helping: bool
) -> Iterator[Why | None]:
    facts = case.facts
    yield _closed(case)
    yield _suspended(case)
    yield _helping(case, helping=helping)
    yield _extension(facts, own=own)
    yield _disputed(case, own=own)
    yield _supervised(case, own=own)
    yield _asked(facts)
    yield _returned(case, facts)
    yield _parts(case, facts, own=own)
    yield _looked_at_again(case, units_of)
    yield _reopened(case, facts, own=own)
    yield _breached(case, now, own=own)
    yield _unlisted(case, own=own)
    yield _alike(case, alike)
    yield _brought(case)
    yield _routing(case, facts)


def _led(case: Case) -> Why | None:
    """Who leads it by name is told what they themselves owe, before what others do."""
    asked = case.clocks.get("lead_answer")
    if case.stage == Stage.CLOSED or not asked or asked["stopped"]:
        return None
    by = moment(asked["due"])
    text = _("say by %(day)s what will be done.") % {"day": saying.day(by) if by else "…"}
    return Why("user-check", text, lead=_("You lead this by name: "))


def _closed(case: Case) -> Why | None:
    if case.stage != Stage.CLOSED:
        return None
    when = saying.when(case.closed_at) if case.closed_at else ""
    return Why("circle-check", _("Closed %(when)s.") % {"when": when}, tone="calm")


def _suspended(case: Case) -> Why | None:
    if case.stage != Stage.SUSPENDED:
        return None
    resumes = moment(case.facts.get("resume_on"))
    if resumes is None:
        return Why("pause", _("Suspended: the reason is in the timeline."), tone="calm")
    text = _("Suspended: it comes back here by itself on %(day)s.")
    return Why("pause", text % {"day": saying.day(resumes)}, tone="calm")


def _extension(facts: dict[str, Any], *, own: bool) -> Why | None:
    asked = facts.get("extension")
    if not asked:
        return None
    unit = unit_name(asked.get("unit")) or _("The lead unit")
    until = moment(asked.get("until"))
    text = _("%(unit)s asks for time until %(day)s: you decide; who asks cannot grant it.")
    day = saying.day(until) if until else "…"
    if own:
        told = _("You asked for time until %(day)s: the desk decides. Go on meanwhile.")
        return Why("calendar-plus", told % {"day": day})
    return Why("calendar-plus", text % {"unit": unit, "day": day})


def _disputed(case: Case, *, own: bool) -> Why | None:
    """Urgent and disputed: who has it acts on, and the level above rules."""
    if not case.facts.get("dispute"):
        return None
    if own:
        text = _("act on; the level above rules whose it is.")
        return Why("scale", text, lead=_("You said that it is not yours: "))
    text = _("%(unit)s acts, and says that it is another's: rule whose it is.")
    unit = unit_name(case.lead_unit_id) or _("The lead unit")
    return Why("scale", text % {"unit": unit}, lead=_("Act first, settle later: "), tone="late")


def _looked_at_again(case: Case, units_of: AbstractSet[int]) -> Why | None:
    """One unit was named to look again, and nobody else can."""
    again = case.facts.get("reinspector")
    if not again or case.owner != "verifier":
        return None
    if again in units_of:
        text = _("look whether it is mended, then strike it off or send it back.")
        return Why("shield-check", text, lead=_("You look again: "))
    text = _("%(unit)s says it is done; %(other)s was named to look again.")
    unit = unit_name(case.lead_unit_id) or _("The lead unit")
    return Why("shield-check", text % {"unit": unit, "other": unit_name(again)})


def _unlisted(case: Case, *, own: bool) -> Why | None:
    if own or case.owner == "dispatcher" or "listing" not in owed.of(case.facts):
        return None
    text = _("not listed in public yet; a supervisor lists it.")
    return Why("megaphone", text, lead=_("Major hazard: "))


def _asked(facts: dict[str, Any]) -> Why | None:
    if facts.get("asked"):
        return Why("message-circle-question-mark", _("The resident was asked; the clocks wait."))
    return None


def _helping(case: Case, *, helping: bool) -> Why | None:
    if not helping or case.owner != "lead_handler" or case.facts.get("asked"):
        return None
    text = _("%(unit)s leads. Do your part, then say what you did.")
    return Why(
        "users", text % {"unit": unit_name(case.lead_unit_id)}, lead=_("You help with this: ")
    )


def _returned(case: Case, facts: dict[str, Any]) -> Why | None:
    returns = int(facts.get("returns") or 0)
    if not returns or case.stage not in {Stage.DISPATCH, Stage.INTAKE}:
        return None
    if facts.get("ruling"):
        text = _("you rule: get it done first, settle whose it is afterwards.")
        return Why("scale", text, lead=_("Second return: "), tone="late")
    return Why("rotate-ccw", _("choose another unit, or rule."), lead=_("Handed back once: "))


def _supervised(case: Case, *, own: bool) -> Why | None:
    asked = case.facts.get("supervised")
    if not asked:
        return None
    if asked.get("answered"):
        text = _("The supervision was answered: press on, or end it.")
        return None if own else Why("eye", text)
    by = moment(asked.get("until"))
    day = saying.day(by) if by else ""
    if own or not case.lead_unit_id:
        text = _("answer the level above by %(day)s.") % {"day": day}
    else:
        unit = unit_name(case.lead_unit_id)
        text = _("%(unit)s owes an answer by %(day)s.") % {"unit": unit, "day": day}
    return Why("eye", text, lead=_("Supervised: "), tone="late")


def _parts(case: Case, facts: dict[str, Any], *, own: bool) -> Why | None:
    """Who leads the whole is told when nothing of it is left with others."""
    parts = facts.get("parts", ())
    left = len(set(parts) - set(facts.get("ended", {})))
    if not parts or case.stage != Stage.HANDLING:
        return None
    if left:
        return Why("split", _("Parts still with other units: %(count)d.") % {"count": left})
    text = _("report the result of the whole.") if own else _("the lead reports for the whole.")
    return Why("split", text, lead=_("Every part has ended: "))


def _brought(case: Case) -> Why | None:
    """What was brought before a council waits for it, not for a unit."""
    if case.channel != COUNCIL or case.state != flows.of(case).first(COUNCIL).key:
        return None
    text = _("the council meets; then record what it resolved.")
    return Why("users", text, lead=_("Too large for one unit: "))


def _reopened(case: Case, facts: dict[str, Any], *, own: bool) -> Why | None:
    rounds = int(facts.get("rounds") or 0)
    if not rounds or case.owner == "reporter":
        return None
    if facts.get("problem"):
        return Why(
            "triangle-alert", _("the level above leads it now."), _("A problem case: "), tone="late"
        )
    if own:
        return Why("repeat", _("look again, then report the result."), lead=_("Not solved yet: "))
    text = ngettext(
        "opened again %(count)d time; somebody else must check.",
        "opened again %(count)d times; somebody else must check.",
        rounds,
    )
    return Why("repeat", text % {"count": rounds}, lead=_("Not solved yet: "))


def _breached(case: Case, now: datetime, *, own: bool) -> Why | None:
    if case.due_at is None or case.due_at > now:
        return None
    for key, clock in case.clocks.items():
        if moment(clock.get("due")) == case.due_at and not clock.get("stopped"):
            name = clock_name(key)
            break
    else:
        name = ""
    unit = unit_name(case.lead_unit_id)
    if unit and case.owner == "lead_handler" and not own:
        text = _("%(unit)s has not done it; remind, reassign or help.") % {"unit": unit}
    else:
        text = _("act now, or say why it takes longer.")
    lead = _("“%(clock)s” ran out: ") % {"clock": name} if name else _("The time ran out: ")
    return Why("clock-alert", text, lead=lead, tone="late")


def _routing(case: Case, facts: dict[str, Any]) -> Why | None:
    if case.stage not in {Stage.INTAKE, Stage.DISPATCH} or case.lead_unit_id:
        return None
    if facts.get("located") == "border":
        text = _("No rule covers it: on the border of two areas. Please choose who leads.")
        return Why("map-pin-off", text)
    if facts.get("located") == "address":
        area = pick(areas.area(int(case.area_path.strip("/").rpartition("/")[2])).name)
        text = _("its address names %(area)s; look and send it.") % {"area": area}
        return Why("map-pin", text, lead=_("New: "))
    if case.grid_id is None:
        return Why("map-pin-off", _("It lies in no grid. Please say where it belongs."))
    unit = unit_name((facts.get("suggested") or {}).get("unit"))
    if unit:
        text = _("by the rules it goes to %(unit)s; look and send it.") % {"unit": unit}
        return Why("sparkle", text, lead=_("New: "))
    return Why("circle-question-mark", _("No rule covers it. Please choose who leads."))


def _alike(case: Case, alike: int) -> Why | None:
    if alike < 1 or case.stage not in {Stage.INTAKE, Stage.DISPATCH}:
        return None
    text = ngettext(
        "Much like %(count)d other near by: see whether they are one.",
        "Much like %(count)d others near by: see whether they are one.",
        alike,
    )
    return Why("copy", text % {"count": alike})


def _by_state(case: Case, *, own: bool) -> Why:
    unit = unit_name(case.lead_unit_id) or _("The lead unit")
    lines: dict[str, tuple[str, str]] = {
        "received": ("sparkle", _("New: read it, then accept or decline.")),
        "accepted": ("send", _("Accepted: choose who does it.")),
        "dispatched": ("bell", _("Sent to %(unit)s: waiting for their signature.")),
        "handling": ("footprints", _("In the hands of %(unit)s.")),
        "reported": ("shield-check", _("%(unit)s says it is done: somebody else has to look.")),
        "calling_back": ("phone", _("Checked: call the resident and ask.")),
        "resolved": ("star", _("Done: waiting for the resident's word.")),
    }
    if own:
        lines |= {
            "dispatched": ("bell", _("New for you: sign for it, then go and look.")),
            "handling": ("footprints", _("In your hands: report the result when it is done.")),
        }
    icon, text = lines.get(case.state, ("info", _("On its way.")))
    return Why(icon, text % {"unit": unit} if "%(unit)s" in text else text)


def unit_name(unit_id: Any) -> str:
    found = units.unit(int(unit_id)) if unit_id else None
    return pick(found.name) if found else ""


def alike_counts(cases: Iterable[Case]) -> dict[int, int]:
    """Of new cases: how many other open ones of the same type lie in the same cell.

    One statement, by the index `case_open_near`, each count stopped at nine.
    """
    new = [case for case in cases if case.h3 and case.stage in {Stage.INTAKE, Stage.DISPATCH}]
    if not new:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one.id, (SELECT count(*) FROM (SELECT 1 FROM cases_case AS other"
            " WHERE other.h3 = one.h3 AND other.case_type = one.case_type"
            " AND other.stage <> 'closed' AND other.channel <> 'part'"
            " AND other.id <> one.id LIMIT 9) AS few)"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS one(id, h3, case_type)",
            [[c.pk for c in new], [c.h3 for c in new], [c.case_type for c in new]],
        )
        return dict(cursor.fetchall())
