"""The desk that keeps the table: topics, meetings, what was decided and to whom it was given."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.administering import opened_by, page
from lingka.cases import selectors as cases
from lingka.cases.serving import respond
from lingka.core import clock, qr
from lingka.core.actors import Actor
from lingka.deliberation import actions, permissions, rules, selectors, talked
from lingka.deliberation.forms import (
    ChangeForm,
    CloseForm,
    CouncilForm,
    DecideForm,
    DeclineForm,
    HideForm,
    HoldForm,
    InviteForm,
    JudgeForm,
    MaterialForm,
    PlanForm,
    RaiseForm,
    RecordForm,
    ResolveForm,
    TopicForm,
    VoteForm,
)
from lingka.deliberation.selectors import Board, CouncilInfo, MeetingInfo, TopicInfo
from lingka.volunteering import rules as codes

POSTS = ["GET", "HEAD", "POST"]
Doings = dict[str, Any]
AGAIN = 15  # seconds after which the page with the code is read anew


# Desks and administrators.
keeper = opened_by(lambda posts: (permissions.paths(posts),))


def _own(found: CouncilInfo | None, paths: tuple[str, ...]) -> CouncilInfo:
    if found is None or not (found.is_open and found.area_path.startswith(paths)):
        raise Http404
    return found


@require_safe
@keeper
def index(request: HttpRequest, paths: tuple[str, ...]) -> HttpResponse:
    """The councils of one's area, and what waits at each."""
    found = [(one, selectors.board(one)) for one in selectors.councils(paths=paths)]
    return render(request, "deliberation/desk/index.html", {"councils": found})


@require_http_methods(POSTS)
@keeper
def new(request: HttpRequest, paths: tuple[str, ...]) -> HttpResponse:
    """Set one up."""

    def make(actor: Actor, data: dict[str, Any]) -> str:
        actions.set_council(None, actor=actor, **data["given"])
        return str(data["key"])

    return page(
        request, "deliberation/desk/new.html",
        {"council": (partial(CouncilForm, paths=paths), make)}, dict,
        after=lambda key: reverse("deliberation:table", args=[key]),
    )  # fmt: skip


@require_http_methods(POSTS)
@keeper
def edit(request: HttpRequest, paths: tuple[str, ...], key: str) -> HttpResponse:
    """Change a council, or close it."""
    found = _own(selectors.council(key), paths)
    kept = {"unit": found.unit_id, "seats": found.seats} | {
        f"{part}_{code}": texts.get(code, "")
        for part, texts in (("name", found.names), ("about", found.abouts))
        for code, _language in settings.LANGUAGES
    }
    others = [one for one in selectors.councils(paths=paths) if one.key != key]
    doings: Doings = {
        "change": (
            partial(ChangeForm, paths=paths, initial=kept),
            lambda actor, data: actions.set_council(
                found.uuid,
                actor=actor,
                key=key,
                kind=found.kind.key,
                area=found.area_id,
                **data["given"],
            ),
        ),
        "close": (
            partial(CloseForm, others=others),
            lambda actor, data: actions.close_council(found.uuid, actor=actor, **data),
        ),
    }
    return page(
        request, "deliberation/desk/edit.html", doings, lambda: {"council": found},
        after=lambda changed: reverse(
            "deliberation:table" if changed else "deliberation:council", args=[key]
        ),
    )  # fmt: skip


@require_http_methods(POSTS)
@keeper
def table(request: HttpRequest, paths: tuple[str, ...], key: str) -> HttpResponse:
    """One council: bring something before it, plan when it sits."""
    found = _own(selectors.council(key), paths)
    doings: Doings = {
        "raise": (
            RaiseForm,
            lambda actor, data: actions.raise_topic(found.uuid, actor=actor, **data),
        ),
    }
    if not found.kind.talk:
        doings["plan"] = (
            PlanForm,
            lambda actor, data: actions.plan(found.uuid, actor=actor, **data),
        )
    return page(
        request, "deliberation/desk/table.html", doings,
        lambda: {"council": found, "board": selectors.board(found)},
    )  # fmt: skip


# -- a topic --------------------------------------------------------------------------------------


@require_http_methods(POSTS)
@keeper
def topic(request: HttpRequest, paths: tuple[str, ...], topic: UUID) -> HttpResponse:
    """One topic and its next step."""
    found = selectors.topic(topic)
    council = _own(found.council if found else None, paths)
    assert found is not None  # else there was no council
    return page(
        request, "deliberation/desk/topic.html", _of_topic(topic, found),
        lambda: {
            "council": council, "topic": selectors.topic(topic), "talk": talked.on(topic),
            "rules": rules.talk().values(), "me": request.user.pk,
        },
    )  # fmt: skip


def _of_topic(topic: UUID, found: TopicInfo) -> Doings:
    doings: Doings = {}
    state = found.state
    if state == "asked":
        doings["accept"] = (forms.Form, lambda actor, _d: actions.accept(topic, actor=actor))
    if state in {"asked", "open"}:
        doings["decline"] = (DeclineForm, lambda actor, data: actions.decline(
            topic, data["why"], actor=actor
        ))  # fmt: skip
    if state in {"open", "agenda", "returned"}:
        doings["material"] = (MaterialForm, lambda actor, data: actions.add_material(
            topic, data["name"], data["photo"].read(), actor=actor
        ))  # fmt: skip
    if found.council.kind.talk:
        doings |= {
            "hide": (HideForm, lambda actor, data: actions.hide(**data, actor=actor)),
            "judge": (JudgeForm, lambda actor, data: actions.judge(**data, actor=actor)),
        }
    if found.can_vote:
        doings["vote"] = (partial(VoteForm, kind=found.council.kind), partial(_vote, topic))
    if state == "adopted":
        doings["resolve"] = (
            partial(ResolveForm, path=found.council.area_path),
            lambda actor, data: actions.resolve(topic, actor=actor, **data),
        )
    return doings


def _vote(topic: UUID, actor: Actor, data: dict[str, Any]) -> UUID:
    return actions.put_to_vote(
        topic, data["question"], data["words"], actor=actor, rule=data["rule"],
        sizes=data.get("sizes", ()),
    )  # fmt: skip


# -- a meeting ------------------------------------------------------------------------------------


@require_http_methods(POSTS)
@keeper
def meeting(request: HttpRequest, paths: tuple[str, ...], meeting: UUID) -> HttpResponse:
    """Agenda and invitation before it, people, minutes and hands after it."""
    found = selectors.meeting(meeting)
    council = _own(found[0] if found else None, paths)
    board = selectors.board(council, also=meeting)
    one = _of(board, meeting)
    return page(
        request, "deliberation/desk/meeting.html", _doings(one, board, council.area_path),
        lambda: {"council": council, "meeting": _again(council, meeting)},
    )  # fmt: skip


def _again(council: CouncilInfo, meeting: UUID) -> MeetingInfo:
    return _of(selectors.board(council, also=meeting), meeting)


def _of(board: Board, meeting: UUID) -> MeetingInfo:
    return next(one for one in board.meetings if one.uuid == meeting)


def _doings(one: MeetingInfo, board: Board, path: str) -> Doings:
    doings: Doings = {}
    on = [item.topic for item in one.items]
    if one.state == "planned":
        can = [topic for topic in board.topics if topic.can_come]
        doings["agenda"] = (partial(TopicForm, topics=can), lambda actor, data: (
            actions.put_on_agenda(one.uuid, data["topic"], actor=actor)
        ))  # fmt: skip
        doings["convene"] = (
            forms.Form, lambda actor, _d: actions.convene(one.uuid, actor=actor)
        )  # fmt: skip
    if one.state in {"planned", "convened"}:
        doings["invite"] = (partial(InviteForm, topics=on, path=path), lambda actor, data: (
            actions.invite(one.uuid, actor=actor, **data)
        ))  # fmt: skip
        doings["off"] = (forms.Form, lambda actor, _d: actions.call_off(one.uuid, actor=actor))
    if one.state == "convened" and one.has_begun:
        first = {"present": one.present or None}
        doings["record"] = (RecordForm, lambda actor, data: actions.keep_recording(
            one.uuid, data["voice"].read(), actor=actor
        ))  # fmt: skip
        doings["hold"] = (partial(HoldForm, initial=first), partial(_hold, one.uuid))
    left = [item.topic for item in one.items if item.waits]
    if one.state == "held" and left:
        if left[0].council.kind.quorum:
            doings["decide"] = (partial(DecideForm, topics=left), partial(_decide, one.uuid))
        doings["adjourn"] = (partial(TopicForm, topics=left), lambda actor, data: (
            actions.adjourn(one.uuid, data["topic"], actor=actor)
        ))  # fmt: skip
    return doings


def _hold(meeting: UUID, actor: Actor, data: dict[str, Any]) -> None:
    actions.hold(meeting, actor=actor, present=data["present"], minutes=data["minutes"])


def _decide(meeting: UUID, actor: Actor, data: dict[str, Any]) -> bool:
    hands = rules.Hands(data["yes"], data["no"], data["abstained"])
    return actions.decide(
        meeting, data["topic"], hands, data["words"], actor=actor, dissent=data["dissent"]
    )


@require_safe
@keeper
def recording(request: HttpRequest, paths: tuple[str, ...], meeting: UUID) -> HttpResponse:
    """The voice note, for whoever writes the minutes."""
    found = selectors.meeting(meeting)
    _own(found[0] if found else None, paths)
    kept = found[1].recording if found else None
    stored = cases.unattached_file(kept, small=False) if kept else None
    if stored is None:
        raise Http404
    return respond(request, stored)


@require_safe
@keeper
def code(request: HttpRequest, paths: tuple[str, ...], meeting: UUID) -> HttpResponse:
    """The code on the table, large; the page reads itself anew, without JavaScript."""
    found, secret = selectors.meeting(meeting), selectors.secret_of(meeting)
    council = _own(found[0] if found else None, paths)
    if found is None or secret is None:
        raise Http404
    shown = codes.code_of(secret, codes.step_of(clock.now()))
    url = settings.PUBLIC_ORIGIN + reverse("deliberation:come", args=[meeting, shown])
    context = {
        "council": council, "meeting": found[1], "qr": qr.svg(url, _("Scan: I am here")),
    }  # fmt: skip
    response = render(request, "deliberation/desk/code.html", context)
    response["Refresh"] = str(AGAIN)
    return response
