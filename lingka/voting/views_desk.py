"""The desk's side of votes: prepare, open, hand paper out, close, count; no number before."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.administering import Doing, page
from lingka.areas import selectors as areas
from lingka.cases.desk import Desk, staff
from lingka.core.actors import Actor
from lingka.core.text import pick
from lingka.voting import actions, permissions, rules, selectors, showing
from lingka.voting.forms import (
    MINUTES,
    CountForm,
    DraftForm,
    EntryForm,
    NumberForm,
    WhyForm,
    spread,
)
from lingka.voting.selectors import VoteInfo

POSTS = ["GET", "HEAD", "POST"]


@require_safe
@staff
def index(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Votes of one's areas, those that wait for the desk first."""
    paths = permissions.kept_paths(desk.posts)
    if not paths:
        raise Http404
    found = selectors.votes(rules.STATES, paths=paths)
    order = {state: place for place, state in enumerate(("closed", "draft", "open"))}
    found.sort(key=lambda one: order.get(one.state, len(order)))
    return render(request, "voting/desk/index.html", {"votes": found})


def _vote(desk: Desk, uuid: UUID) -> VoteInfo:
    found = selectors.vote(uuid)
    if found is None or not permissions.may_keep(desk.actor, found.area_path):
        raise Http404
    return found


@require_http_methods(POSTS)
@staff
def edit(request: HttpRequest, desk: Desk, uuid: UUID | None = None) -> HttpResponse:
    """Write a vote down, or anew while it is a draft."""
    paths = permissions.kept_paths(desk.posts)
    found = _vote(desk, uuid) if uuid else None
    if not paths or (found and found.state != "draft"):
        raise Http404
    form = partial(DraftForm, initial=_kept(found), areas=_areas(paths))
    return page(
        request, "voting/desk/edit.html", {"vote": (form, partial(_prepare, found))},
        lambda: {"vote": found}, after=lambda made: reverse("voting:one", args=[made]),
    )  # fmt: skip


def _kept(found: VoteInfo | None) -> dict[str, Any]:
    if found is None:
        return {"members": True, "rule": next(iter(rules.BOOK.now().rules))}
    options = "\n".join(
        " | ".join(one[code] for code in ("zh-hans", "bo", "en")) for one in found.option_texts
    )
    return {
        **spread("question", found.questions), **spread("about", found.abouts),
        "options": "" if found.proposal else options, "rule": found.rule.key,
        "area": found.area_id, "closes_at": localtime(found.closes_at).strftime(MINUTES),
        "members": found.invited["members"], "papers": found.invited["papers"],
        "sizes": ", ".join(found.invited["sizes"]),
    }  # fmt: skip


def _prepare(found: VoteInfo | None, actor: Actor, data: dict[str, Any]) -> UUID:
    if found is None:
        key = data["idempotency_key"]
        return actions.prepare(data["form"].draft(), actor=actor, idempotency_key=key)
    kept = found.invited["invited"]
    return actions.prepare(data["form"].draft(kept), actor=actor, uuid=found.uuid)


def _areas(paths: tuple[str, ...]) -> list[tuple[int, str]]:
    tops = [int(path.strip("/").split("/")[-1]) for path in paths]
    below = [areas.area(one) for top in tops for one in areas.desks_under(top)]
    return list({one.id: pick(one.name) for one in below}.items())


@require_http_methods(POSTS)
@staff
def one(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """A vote as its desk has it before it: what can be done with it now."""
    found = _vote(desk, uuid)
    return page(
        request, "voting/desk/vote.html", _doings(found), lambda: _context(desk, _vote(desk, uuid))
    )


def _doings(vote: VoteInfo) -> dict[str, Doing]:
    """What its state allows; the actions look again."""
    uuid, plain = vote.uuid, forms.Form
    steps: dict[str, Any] = {
        "draft": {"open": actions.open_vote}, "open": {"close": actions.close_vote},
        "closed": {"count": actions.count},
    }  # fmt: skip
    found: dict[str, Doing] = {
        name: (plain, partial(_step, deed, uuid))
        for name, deed in steps.get(vote.state, {}).items()
    }
    if vote.state in steps:
        found["cancel"] = (
            WhyForm,
            lambda actor, data: actions.cancel(uuid, data["form"].texts("why"), actor=actor),
        )  # fmt: skip
    if vote.state == "open":
        found["hand"] = (
            NumberForm, lambda actor, data: actions.hand_paper(uuid, data["number"], actor=actor)
        )  # fmt: skip
    return found | (_paper(vote) if vote.state in {"open", "closed"} else {})


def _step(deed: Any, uuid: UUID, actor: Actor, _data: dict[str, Any]) -> None:
    deed(uuid, actor=actor)


def _paper(vote: VoteInfo) -> dict[str, Doing]:
    uuid = vote.uuid
    if vote.rule.secret:
        if vote.state == "open":
            return {}
        form = partial(CountForm, options=vote.options)
        return {
            "papers": (
                form,
                lambda actor, data: actions.count_papers(uuid, data["form"].counts(), actor=actor),
            )
        }
    missing: dict[str, Doing] = (
        {"missing": (forms.Form, partial(_step, actions.leave_out, uuid))}
        if vote.state == "closed"
        else {}
    )
    return missing | {
        "enter": (
            partial(EntryForm, options=vote.options),
            lambda actor, data: actions.enter_paper(uuid, actor=actor, **data),
        ),
        "right": (NumberForm, partial(_confirm, uuid, right=True)),
        "wrong": (NumberForm, partial(_confirm, uuid, right=False)),
    }


def _confirm(uuid: UUID, actor: Actor, data: dict[str, Any], *, right: bool) -> None:
    actions.confirm_paper(uuid, data["number"], right=right, actor=actor)


def _context(desk: Desk, vote: VoteInfo) -> dict[str, Any]:
    paper = selectors.paper(vote.uuid)
    return {
        "vote": vote, "paper": paper, "me": desk.actor.id, "tables": showing.tables(vote),
        "to_confirm": [
            (number, showing.choice_name(vote, choice), by)
            for number, choice, by in paper.to_confirm
        ],
        "counted": desk.actor.id in paper.counted_by,
        "flats": showing.voices(vote, selectors.flats(vote.uuid)),
    }  # fmt: skip
