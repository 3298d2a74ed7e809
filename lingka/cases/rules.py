"""Named conditions of actions, and the words of their refusals.

A workflow names conditions by key; each sees the case's state and the relations in which the
actor stands to it, and answers Allowed or Denied with a reason that a person can read.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lingka.cases import callbacks, chains
from lingka.cases.clocks import parted
from lingka.cases.definitions import COUNCIL
from lingka.cases.workflow import had_a_hand
from lingka.core import clock
from lingka.core.permissions import Allowed, Denied
from lingka.core.text import pick
from lingka.units import selectors as units

if TYPE_CHECKING:
    from lingka.cases.definitions import Names
    from lingka.cases.workflow import CaseState

NOT_YOURS = _("This is not yours to do: another post has to act.")
NOTHING_AGAINST = _("No duty list speaks against this: send it as usual.")
NO_DEADLINE = _("Nothing here has a deadline that could be moved.")
HIGHEST_GRADE = _("It stands at the highest grade already.")
ALLOWED = Allowed()
Verdict = Allowed | Denied


class NotFrom:
    """Why an action that starts elsewhere is not possible here, worded when it is shown.

    Django's `format_lazy` would make a class for each: a phone's first page asks a thousand times.
    """

    def __init__(self, state: "Names") -> None:
        self.state = state

    def __str__(self) -> str:
        words = gettext("Not possible while the case stands at “{state}”.")
        return words.format(state=pick(self.state))


def handler_does_not_verify(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """Who handled does not verify, nor does anybody of the unit that handled."""
    if "handled_this" in relations or "handling_unit" in relations:
        return Denied("separated", _("Whoever handled this cannot check it. Somebody else must."))
    return ALLOWED


def asker_does_not_grant(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if "asked_extension" in relations:
        return Denied("separated", _("You asked for more time: somebody else decides."))
    return ALLOWED


def extension_is_asked(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if "extension" not in state.facts:
        return Denied("nothing_asked", _("Nobody has asked for more time."))
    return ALLOWED


def a_duty_list_speaks_against_it(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """An exception is made only from what is written."""
    if not units.kept_from_somebody(state.case_type, clock.now()):
        return Denied("nothing_against", NOTHING_AGAINST)
    return ALLOWED


def no_extension_pending(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if "extension" in state.facts:
        return Denied("pending", _("An extension is already waiting for a decision."))
    return ALLOWED


def before_the_deadline(state: "CaseState", relations: frozenset[str]) -> Verdict:
    resolve = state.clocks.get("resolve")
    if not resolve or resolve["stopped"]:
        return Denied("no_deadline", NO_DEADLINE)
    over = resolve["left"] == 0 if resolve.get("paused") else _passed(resolve["due"])
    if over:
        return Denied("too_late", _("More time is asked for before the deadline, not after it."))
    return ALLOWED


def day_asked_lies_ahead(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """What waited for an answer until the day itself had passed gives nobody more time."""
    asked = state.facts.get("extension")
    if asked and _passed(asked["until"]):
        return Denied(
            "past",
            _("The day asked for has passed. Refuse it, so that a later one can be asked for."),
        )
    return ALLOWED


def _passed(moment: str) -> bool:
    return datetime.fromisoformat(moment) <= clock.now()


def within_reopening(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """The reporter may reopen for N days after the result was reported."""
    until = state.facts.get("reopen_until")
    if until and datetime.fromisoformat(until) < clock.now():
        return Denied("too_late", _("The days for reopening are over. Please report it anew."))
    return ALLOWED


def reopening_is_over(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """What is archived cannot be reopened: so it waits until the reporter's days are over."""
    if state.facts.get("reopen_until") and within_reopening(state, relations):
        return Denied("reopenable", _("The reporter may still reopen this: archive it later."))
    return ALLOWED


def not_answered_this_round(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if "rated" in relations:
        return Denied("rated", _("You have rated this already."))
    return ALLOWED


def called_often_enough(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """Who was rung up once at noon was not reached once; that is no “not reached”."""
    if not state.facts.get("calls", {}).get("enough"):
        return Denied("too_few_calls", _TriesLeft())
    return ALLOWED


class _TriesLeft:
    """How often, and how spread, one tries before giving up, in the reader's language."""

    def __str__(self) -> str:
        by = callbacks.plan()
        return gettext(
            "Try first: %(tries)s calls at %(times)s times of day or more, on %(days)s days."
        ) % {"tries": by.tries, "times": by.times, "days": by.days}


def nobody_asked_yet(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if state.facts.get("asked"):
        return Denied("pending", _("A question to the resident is still open."))
    return ALLOWED


def reporter_is_here(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """What was brought before a council has its reporter on the case that it settles."""
    if state.channel == COUNCIL:
        return Denied("nothing_asked", _("Ask on the case that this one settles."))
    return ALLOWED


def question_is_open(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if not state.facts.get("asked"):
        return Denied("nothing_asked", _("There is no open question."))
    return ALLOWED


def nobody_else_named_it(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """One reporter does not end what others wait for."""
    if state.facts.get("followers"):
        return Denied(
            "others", _("Others named it too, and it goes on for them. Withdraw your own report.")
        )
    return ALLOWED


def others_named_it(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if not state.facts.get("followers"):
        return Denied("nothing_asked", _("Nobody else named it: withdraw the whole."))
    return ALLOWED


def arrival_is_open(state: "CaseState", relations: frozenset[str]) -> Verdict:
    awaited = (one for name, one in state.clocks.items() if parted(name)[0] == "arrive")
    if all(one["stopped"] for one in awaited):
        return Denied("no_arrival", _("No arrival is awaited here."))
    return ALLOWED


def a_code_hangs_there(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """Whoever is there shows it by the code of the place; without one the desk records it."""
    if state.place is None:
        return Denied(
            "no_place", _("No code hangs where this is. Let the desk record that you are there.")
        )
    return ALLOWED


def contact_is_open(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if state.facts.get("contacted"):
        return Denied("done", _("The resident has been contacted already."))
    return ALLOWED


def ruling_is_due(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """After the second return a case is ruled on by the level above."""
    if state.facts.get("ruling") and "ruler" not in relations:
        return Denied("ruling", _("Returned twice: the level above decides who takes it."))
    return ALLOWED


def helpers_have_ended(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """The lead reports for all: so not while a unit that helps has neither reported nor left."""
    if any(one["kind"] == "co" and not one["ended"] for one in state.assignments):
        return Denied(
            "helpers",
            _("A unit that helps has not reported yet. Wait for it, or let the desk excuse it."),
        )
    return ALLOWED


def others_are_on_it(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if any(one["kind"] == "co" and not one["ended"] for one in state.assignments):
        return ALLOWED
    return Denied("nothing_asked", _("No other unit is on this: nobody is there to meet."))


def no_meeting_called(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if state.facts.get("meeting"):
        return Denied("meeting", _("A meeting is called. Record what it agreed, or call it off."))
    return ALLOWED


def meeting_is_called(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if not state.facts.get("meeting"):
        return Denied("nothing_asked", _("No meeting is called."))
    return ALLOWED


def meeting_has_begun(state: "CaseState", relations: frozenset[str]) -> Verdict:
    called = state.facts.get("meeting")
    if called and not _passed(called["at"]):
        return Denied("too_early", _("The meeting is still ahead."))
    return ALLOWED


def parts_have_ended(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """The whole is not done while a part of it is not."""
    if set(state.facts.get("parts", ())) - set(state.facts.get("ended", {})):
        return Denied("parts", _("A part that was split off is still open. It has to end first."))
    return ALLOWED


def no_call_is_open(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """One call at a time: who comes is heard before others are asked for."""
    asked = state.facts.get("call")
    if asked and asked not in state.facts.get("ended", {}):
        return Denied("pending", _("A call was asked for already, and has not ended yet."))
    return ALLOWED


def stands_for_itself(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """What another case asked for has no reporter of its own: the whole speaks for it."""
    if state.facts.get("whole"):
        return Denied("a_part", _("This was asked for by another case. Do it there."))
    return ALLOWED


def is_a_part(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if not state.facts.get("whole"):
        return Denied("no_part", _("No other case asked for this."))
    return ALLOWED


def can_wait_for_another(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """What is urgent is not handed back: act first, settle later."""
    if state.urgent:
        return Denied(
            "act_first", _("Urgent: act first. Say that it is not yours; the level above rules.")
        )
    return ALLOWED


def is_urgent(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if not state.urgent:
        return Denied("state", _("Not urgent: it can be handed back."))
    return ALLOWED


def no_dispute_open(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if state.facts.get("dispute"):
        return Denied("pending", _("The level above is ruling on it already."))
    return ALLOWED


def dispute_is_open(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if not state.facts.get("dispute"):
        return Denied("nothing_asked", _("No unit says that this is not its matter."))
    return ALLOWED


def never_redone(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """What somebody has judged already is not counted as a mere repeat of another case."""
    if state.facts.get("rounds"):
        return Denied("redone", _("It was reported done once: it goes on by itself."))
    return ALLOWED


BEFORE_COUNCIL = _("A council is to settle this case, so it goes on by itself.")


def no_council_sits_on_it(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """What a council is to settle stays the case that it was asked about."""
    if state.facts.get("resolution") and not state.facts.get("council_ended"):
        return Denied("council", BEFORE_COUNCIL)
    return ALLOWED


def merge_can_be_undone(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """For as many days as the reporter of a closed case may have it opened again."""
    left = state.facts.get("merged_from")
    if left is None or _passed(left["until"]):
        return Denied("too_late", _("The days in which this can be undone are over."))
    return ALLOWED


def not_supervised_yet(state: "CaseState", relations: frozenset[str]) -> Verdict:
    asked = state.facts.get("supervised")
    if asked and not asked.get("answered"):
        return Denied("pending", _("It is supervised already: an answer is still owed."))
    return ALLOWED


def answer_is_owed(state: "CaseState", relations: frozenset[str]) -> Verdict:
    asked = state.facts.get("supervised")
    if not asked or asked.get("answered"):
        return Denied("nothing_asked", _("No supervision waits for an answer."))
    return ALLOWED


def who_has_it_answers(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """The unit in charge answers for itself; the desk only for what no unit has."""
    if state.lead_unit and not relations & {"lead_handler", "named_lead"}:
        return Denied("relation", _("The unit in charge has to answer."))
    return ALLOWED


def supervision_was_answered(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if not (state.facts.get("supervised") or {}).get("answered"):
        return Denied("nothing_asked", _("No supervision was answered."))
    return ALLOWED


def above_names_or_it_came_live(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """The level above names who leads; the desk, only where a leader took the call."""
    live = state.channel == "leader" or state.facts.get("told_live")
    if relations & {"supervisor", "above"} or live:
        return ALLOWED
    return Denied("nothing_asked", _("This did not come as a leader's live call."))


def not_leading_yet(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if "named_lead" in relations:
        return Denied("done", _("You lead it already."))
    return ALLOWED


def lead_is_waited_for(state: "CaseState", relations: frozenset[str]) -> Verdict:
    asked = state.clocks.get("lead_answer")
    if not asked or asked["stopped"]:
        return Denied("nothing_asked", _("Nobody waits for the lead's answer."))
    return ALLOWED


def grade_can_rise(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if state.facts.get("highest"):
        return Denied("done", HIGHEST_GRADE)
    return ALLOWED


def chain_goes_on(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if not chains.ahead(state):
        return Denied("done", _("The chain ends here."))
    return ALLOWED


def chain_is_through(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """Every desk of the chain takes it in turn; none is skipped."""
    if chains.ahead(state):
        return Denied("chain", _("First the desk above has to take it: hand it up."))
    return ALLOWED


def hazard_is_major(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if state.facts.get("level") != "major":
        return Denied("state", _("Only major hazards are listed."))
    return ALLOWED


def not_listed_yet(state: "CaseState", relations: frozenset[str]) -> Verdict:
    if state.facts.get("listed"):
        return Denied("done", _("It is listed already."))
    return ALLOWED


def protection_stands(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """A major hazard is made safe for the time being before anything else is said of it."""
    if state.facts.get("level") == "major" and not state.facts.get("protected"):
        return Denied("unprotected", _("Major: first say how it is kept safe meanwhile."))
    return ALLOWED


def named_reinspector_looks(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """Who looks again was fixed beforehand, and nobody else strikes it off; unless they have had a
    hand in it since, by a part of it."""
    again = state.facts.get("reinspector")
    if again in had_a_hand(state.assignments, state.facts):
        return ALLOWED
    if again and "reinspector" not in relations:
        return Denied("separated", _("Another unit was named to look at this again."))
    return ALLOWED


def may_be_said_in_public(state: "CaseState", relations: frozenset[str]) -> Verdict:
    """Nothing is promised in public for cases of types that public lists leave out."""
    from lingka.cases.selectors.standings import is_listed

    if not is_listed(state.case_type):
        return Denied("not_public", _("Cases of this type are not shown in public."))
    return ALLOWED


CONDITIONS: dict[str, Callable[["CaseState", frozenset[str]], Verdict]] = {
    function.__name__: function
    for function in (
        handler_does_not_verify,
        asker_does_not_grant,
        extension_is_asked,
        no_extension_pending,
        a_duty_list_speaks_against_it,
        before_the_deadline,
        day_asked_lies_ahead,
        within_reopening,
        reopening_is_over,
        not_answered_this_round,
        called_often_enough,
        nobody_asked_yet,
        question_is_open,
        reporter_is_here,
        nobody_else_named_it,
        others_named_it,
        arrival_is_open,
        a_code_hangs_there,
        contact_is_open,
        ruling_is_due,
        helpers_have_ended,
        parts_have_ended,
        no_call_is_open,
        stands_for_itself,
        is_a_part,
        others_are_on_it,
        no_meeting_called,
        meeting_is_called,
        meeting_has_begun,
        can_wait_for_another,
        is_urgent,
        no_dispute_open,
        dispute_is_open,
        never_redone,
        no_council_sits_on_it,
        merge_can_be_undone,
        not_supervised_yet,
        answer_is_owed,
        who_has_it_answers,
        supervision_was_answered,
        above_names_or_it_came_live,
        not_leading_yet,
        lead_is_waited_for,
        grade_can_rise,
        chain_goes_on,
        chain_is_through,
        hazard_is_major,
        not_listed_yet,
        protection_stands,
        named_reinspector_looks,
        may_be_said_in_public,
    )
}
