"""Votes for everybody: what is asked, casting for those in the roll, the result and its hash."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.members import entering
from lingka.members.selectors import MemberInfo
from lingka.voting import actions, rules, selectors, showing
from lingka.voting.selectors import VoteInfo

POSTS = ["GET", "HEAD", "POST"]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is being voted on, and what was decided."""
    found = selectors.votes(rules.STATES, opened=True)
    running = [one for one in found if one.state in {"open", "closed"}]
    over = [one for one in found if one.state in {"counted", "cancelled"}]
    return render(request, "voting/index.html", {"running": running[::-1], "over": over})


def _vote(uuid: UUID) -> VoteInfo:
    found = selectors.vote(uuid)
    if found is None or found.opened_at is None:
        raise Http404
    return found


@require_http_methods(POSTS)
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A vote. A choice is looked at once more before it is cast; it stands in no address."""
    found, me = _vote(uuid), entering.me(request)
    if request.method != "POST":
        return _shown(request, found, me)
    if me is None:
        return redirect(entering.sign_in_url(request))
    given = request.POST.get("choice", "")
    choice = showing.chosen(found, given)
    if choice is None:
        return _shown(request, found, me, fault=_("Choose one of these."), status=422)
    if "sure" not in request.POST:
        shown = {"vote": found, "given": given, "label": showing.choice_name(found, choice)}
        return entering.private(render(request, "voting/review.html", shown))
    return _cast(request, found, me, choice)


def _cast(request: HttpRequest, vote: VoteInfo, me: MemberInfo, choice: int) -> HttpResponse:
    try:
        actions.cast(vote.uuid, choice, actor=me.actor)
    except PermissionRefused as refused:
        return _shown(request, vote, me, fault=str(refused), status=403)
    except Problem as problem:
        again = _vote(vote.uuid)
        return _shown(request, again, me, fault=str(problem), status=problem.status)
    messages.success(request, _("Your ballot is in the box."))
    return entering.private(redirect("voting:vote", vote.uuid))


def _shown(
    request: HttpRequest, vote: VoteInfo, me: MemberInfo | None, *, fault: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    mine = selectors.voter(vote.uuid, me.uuid) if me else None
    shown: dict[str, Any] = {
        "vote": vote, "me": me, "mine": mine, "fault": fault, "given": request.POST.get("choice"),
        "choices": showing.choices(vote), "tables": showing.tables(vote),
        "sign_in": entering.sign_in_url(request),
        "voices": showing.voices(vote, selectors.named(vote.uuid, me.uuid)) if me else [],
    }  # fmt: skip
    return entering.private(render(request, "voting/vote.html", shown, status=status))


@require_POST
@entering.member_only
def follow(request: HttpRequest, me: MemberInfo) -> HttpResponse:
    """Be told of votes, or no more."""
    if request.POST.get("do") == "stop":
        actions.unfollow(actor=me.actor)
        messages.success(request, _("You are told of votes no more."))
    else:
        actions.follow(actor=me.actor)
        messages.success(request, _("You are told of votes from now on."))
    return redirect("members:me")


@require_safe
def result(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The result byte by byte as it was hashed."""
    del request
    found = selectors.published(uuid)
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="application/json")
