"""What the case page offers to do: forms from `allowed_actions`, each button naming its result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lingka.cases.forms import LISTED, SEVERAL, ActionForm
from lingka.cases.models import Case, Receipt
from lingka.cases.selectors.colleagues import colleagues_of
from lingka.cases.selectors.kin import alike
from lingka.cases.selectors.offers import offers_for
from lingka.cases.selectors.replies import Reply, standard_replies
from lingka.cases.selectors.rows import unit_name
from lingka.cases.selectors.suggestions import Suggestion, others, people, suggestions
from lingka.cases.selectors.together import could_help
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.desks import selectors as desks

LATER = frozenset({"state", "nothing_against", "nothing_asked", "no_arrival", "done"})
SAID = ("reply", "ask", "note")  # these live in the box under the story, not among the buttons


@dataclass(frozen=True)
class Typed:
    """What somebody typed into one action, kept while the page is shown again."""

    action: str
    data: Any = None
    files: Any = None
    op: str = ""
    form: ActionForm | None = None
    error: str = ""


@dataclass(frozen=True)
class FormView:
    key: str
    label: str
    icon: str
    url: str
    op: str
    form: ActionForm
    result: str
    result_pattern: str = ""
    heading: str = ""
    heading_note: str = ""
    open: bool = False
    one_click: Sequence[Suggestion] = ()  # units that the case's grade says could help


@dataclass(frozen=True)
class Refused:
    label: str
    reason: str


@dataclass(frozen=True)
class Writing:
    """What stands in a box: typed just now, or begun earlier and kept."""

    words: str = ""
    error: str = ""
    kept_at: datetime | None = None


@dataclass(frozen=True)
class Named:
    """A colleague who may be named in a note."""

    id: int
    label: str


@dataclass(frozen=True)
class SayBox:
    url: str
    op: str
    may_reply: bool
    may_ask: bool
    may_note: bool
    standard: list[Reply]
    colleagues: list[Named]
    mentioned: frozenset[int] = frozenset()
    reply: Writing = Writing()
    note: Writing = Writing()
    language: str = ""


@dataclass(frozen=True)
class Offers:
    primary: FormView | None = None
    actions: list[FormView] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)  # for a reason of its own
    not_now: list[Refused] = field(default_factory=list)  # only because the case stands elsewhere
    say: SayBox | None = None


def offers(
    case: Case, actor: Actor, receipts: Sequence[Receipt], typed: Typed | None = None
) -> Offers:
    """Everything that concerns this actor now; the first primary one becomes the blue button."""
    given = list(offers_for(case, actor))
    allowed = [one for one in given if one.state]
    choice = _choices(case, allowed)
    first = _first(allowed, suggested=bool(choice.get("suggestions")))
    primary: FormView | None = None
    shown: list[FormView] = []
    for offer in allowed:
        if offer.key in SAID:
            continue
        view = _form_view(case, offer, choice, typed)
        if offer is first:
            primary = view
        else:
            shown.append(view)
    refused, not_now = _refused(given)
    return Offers(primary, shown, refused, not_now, _say(case, actor, allowed, receipts, typed))


def _first(allowed: Sequence[Any], *, suggested: bool) -> Any | None:
    """What the blue button does: where the rules name a unit, sending it there, else what is
    first in the workflow."""
    ranked = [one for one in allowed if one.primary and one.key not in SAID]
    sending = (one for one in ranked if suggested and _has_unit(one))
    return next(sending, next(iter(ranked), None))


def _refused(given: Sequence[Any]) -> tuple[list[Refused], list[Refused]]:
    """What is forbidden for a reason worth reading at once, and what merely comes later."""
    refused: list[Refused] = []
    not_now: list[Refused] = []
    for one in given:
        if not one.state:
            told = Refused(str(one.label), str(one.state.message))
            (not_now if one.state.code in LATER else refused).append(told)
    return refused, not_now


def _units(case: Case) -> dict[str, Any]:
    """The units to choose from: a few with reasons, and every other one that is near."""
    suggested = suggestions(case)
    return {"suggestions": suggested, "others": others(case, suggested)}


def _choices(case: Case, offered: Sequence[Any]) -> dict[str, Any]:
    """What forms of these actions let choose from, looked up only where one of them asks."""
    kinds = {need.kind for offer in offered for need in offer.needs}
    found = _units(case) if "unit" in kinds else {}
    if "case" in kinds:
        found["alike"] = alike(case)
    return found | {"people": people(case)} if kinds & (SEVERAL | LISTED) else found


def _helping(case: Case, offer: Any) -> list[Suggestion]:
    """Where a unit is asked to help, those that the case's grade says could."""
    return could_help(case) if offer.helps else []


def _asking(case: Case, helping: list[Suggestion], choice: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same choices, with who could help before who could lead."""
    if not helping:
        return choice
    return {**choice, "suggestions": helping, "others": others(case, helping)}


def _form_view(case: Case, offer: Any, choice: Mapping[str, Any], typed: Typed | None) -> FormView:
    helping = _helping(case, offer)
    choice = _asking(case, helping, choice)
    mine = typed if typed is not None and typed.action == offer.key else None
    form = mine.form if mine and mine.form is not None else None
    if form is None:
        form = ActionForm(offer.needs, prefix=None, auto_id=f"{offer.key}-%s", **choice)
    result, pattern = _result(offer, form)
    heading = _("Who does it") if _has_unit(offer) and choice.get("suggestions") else ""
    return FormView(
        key=offer.key,
        label=str(offer.label),
        icon=offer.icon or "arrow-right",
        url=reverse("cases:act", args=[case.number, offer.key]),
        op=mine.op if mine and mine.op else str(uuid7()),
        form=form,
        result=result,
        result_pattern=pattern,
        heading=heading,
        heading_note=_suggestions_note(len(choice.get("suggestions", ()))) if heading else "",
        open=mine is not None,
        one_click=helping,
    )


def _suggestions_note(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(count)d suggestion", "%(count)d suggestions", count) % {"count": count}


def _has_unit(offer: Any) -> bool:
    return any(need.kind == "unit" for need in offer.needs)


def _result(offer: Any, form: ActionForm) -> tuple[str, str]:
    """ "Dispatch to the lighting office", and the pattern by which a choice renames the button."""
    label = str(offer.label)
    if offer.key not in {"dispatch", "reassign"} or "unit" not in form.fields:
        return label, ""
    pattern = _("Dispatch to %(unit)s")
    field_ = form.fields["unit"]
    chosen = str(form["unit"].value() or "")
    names = {str(key): str(name) for key, name in field_.choices}  # type: ignore[attr-defined]
    if not chosen or chosen not in names:
        return label, pattern % {"unit": "%s"}
    return pattern % {"unit": names[chosen]}, pattern % {"unit": "%s"}


def _say(
    case: Case,
    actor: Actor,
    allowed: Sequence[Any],
    receipts: Sequence[Receipt],
    typed: Typed | None,
) -> SayBox | None:
    keys = {offer.key for offer in allowed} & set(SAID)
    if not keys:
        return None
    mine = typed if typed is not None and typed.action in SAID else None
    begun = desks.drafts_of(case.uuid, actor)
    language = receipts[0].language if receipts else ""
    standard = [one for one in standard_replies(language, case) if keys & set(one.actions)]
    given = (mine.data or {}).get("mentioned", ()) if mine else ()
    return SayBox(
        url=reverse("cases:say", args=[case.number]),
        op=mine.op if mine and mine.op else str(uuid7()),
        may_reply="reply" in keys,
        may_ask="ask" in keys,
        may_note="note" in keys,
        standard=standard,
        colleagues=_colleagues(case, actor) if "note" in keys else [],
        mentioned=frozenset(given),
        reply=_writing(mine, begun.get("reply"), note=False),
        note=_writing(mine, begun.get("note"), note=True),
    )


def _writing(mine: Typed | None, begun: desks.DraftInfo | None, *, note: bool) -> Writing:
    if mine is not None and (mine.action == "note") == note:
        return Writing(str((mine.data or {}).get("words", "")), mine.error)
    return Writing(begun.words, kept_at=begun.changed_at) if begun else Writing()


def _colleagues(case: Case, actor: Actor) -> list[Named]:
    return [
        Named(one.id, f"{one.name} · {unit_name(one.unit_id)}")
        for one in colleagues_of(case, actor)
    ]


def needs_of(case: Case, actor: Actor, action: str) -> tuple[Any | None, Mapping[str, Any]]:
    """The offer of one action, whether allowed or not, with what its form needs to be built."""
    for offer in offers_for(case, actor):
        if offer.key == action:
            return offer, _asking(case, _helping(case, offer), _choices(case, [offer]))
    return None, {}


def words_field(offer: Any) -> str:
    """Which of its needs an action in the box under the story takes the words as."""
    for need in offer.needs:
        if need.kind == "text":
            return str(need.name)
    return "words"


def op_of(text: str) -> UUID:
    """The operation id that the form was drawn with; a fresh one when it was tampered with."""
    try:
        return UUID(text)
    except ValueError:
        return uuid7()
