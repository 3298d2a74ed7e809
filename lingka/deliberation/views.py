"""Councils for everybody: what they talk over, decided, and what became of it. A proposal needs no
account; who supports one is a member, and is named nowhere."""

from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.cases import selectors as cases
from lingka.cases.serving import respond
from lingka.core import limits
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.deliberation import actions, rules, selectors, talked
from lingka.deliberation.forms import ProposalForm
from lingka.members import entering

RESIDENT = Actor("resident")
POSTS = ["GET", "HEAD", "POST"]
FROM_ONE_ADDRESS = (12, 3600)  # proposals in an hour
SCANS = (600, 600)  # of one connection, in so many seconds: a whole table may share one
SAT = "sat"  # the cookie of a browser that was counted at a meeting
LASTS = 6 * 3600
HIDDEN = {"asked", "declined"}
TO_COME_TO = {"convened", "held"}  # before that a meeting is the desk's alone


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All councils."""
    found = [(one, selectors.board(one)) for one in selectors.councils()]
    return render(request, "deliberation/index.html", {"councils": found})


@require_safe
def council(request: HttpRequest, key: str) -> HttpResponse:
    """One of them: the next meeting, what is talked over, carried out, done."""
    found = selectors.council(key, closed=True)
    if found is None:
        raise Http404
    board = selectors.board(found)
    parts = ("returned", "open", "in_work", "done", "held")
    shown = {one: getattr(board, one) for one in parts}
    context = {"council": found, "board": board, **shown}
    return render(request, "deliberation/council.html", context)


def _council(key: str) -> selectors.CouncilInfo:
    found = selectors.council(key)
    if found is None:
        raise Http404
    return found


@require_http_methods(POSTS)
def propose(request: HttpRequest, key: str) -> HttpResponse:
    """Bring something before it. No account."""
    found, status = _council(key), HTTPStatus.OK
    form = ProposalForm(
        request.POST or None, initial={"idempotency_key": uuid7()},
        member=entering.me(request) is not None,
    )  # fmt: skip
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            if not limits.hit("proposal", limits.source_of(request), *FROM_ONE_ADDRESS):
                return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
            _proposed(request, found, form)
            return redirect("deliberation:council", key=key)
    shown = render(
        request, "deliberation/propose.html", {"council": found, "form": form}, status=status
    )
    return entering.private(shown)


def _proposed(request: HttpRequest, found: selectors.CouncilInfo, form: ProposalForm) -> None:
    me, given = entering.me(request), form.cleaned_data
    actor = me.actor if me else RESIDENT
    send = partial(
        actions.propose, found.uuid, given["title"], given["text"], actor=actor,
        thanked=given.get("thanked", False),
    )  # fmt: skip
    try:
        send(idempotency_key=given["idempotency_key"])
    except Problem as problem:
        if problem.code != "key_reused":
            raise
        send(idempotency_key=uuid7())  # gone back to, and changed
    messages.success(request, _("Thank you. The community reads it before it stands here."))


@require_http_methods(POSTS)
def topic(request: HttpRequest, topic: UUID) -> HttpResponse:
    """One topic: its way so far. Members stand behind it, hear of it, or stop. What not everybody
    reads is read by those who are told of it."""
    found, me = selectors.topic(topic), entering.me(request)
    mine = selectors.backing(topic, me.uuid) if me else None
    if found is None or (mine is None and not _is_public(found)):
        raise Http404
    if request.method == "POST":
        if me is None:
            return redirect(entering.sign_in_url(request))
        _backed(request, topic, me.actor)
        if not _is_public(found):
            return redirect("members:me")
        return redirect("deliberation:topic", topic=topic)
    laid = [] if found.state in HIDDEN else found.materials
    wished = selectors.proposer(topic)
    context = {
        "topic": found, "council": found.council, "mine": mine, "materials": laid,
        "elsewhere": me is not None and not me.area_path.startswith(found.council.area_path),
        "thanked": me is not None and wished is not None and wished[0] == me.uuid,
        "talk": talked.on(topic) if found.council.kind.talk and found.state not in HIDDEN else [],
        "rules": rules.talk().values(),
    }  # fmt: skip
    return entering.private(render(request, "deliberation/topic.html", context))


def _is_public(found: selectors.TopicInfo) -> bool:
    return found.state not in HIDDEN


def _backed(request: HttpRequest, topic: UUID, actor: Actor) -> None:
    deeds = {"support": actions.support, "tell": actions.tell_me, "stop": actions.stop}
    try:
        if act := deeds.get(request.POST.get("do", "")):
            act(topic, actor=actor)
    except (Problem, PermissionRefused) as refused:
        messages.error(request, str(refused))


@require_safe
def material(request: HttpRequest, material: UUID) -> HttpResponse:
    """Something that was laid out for everybody."""
    found = selectors.material(material)
    stored = cases.unattached_file(found[0], small="small" in request.GET) if found else None
    if stored is None:
        raise Http404
    return respond(request, stored)


@require_http_methods(POSTS)
def come(request: HttpRequest, meeting: UUID, code: str) -> HttpResponse:
    """The code on the table: one button, and one more is there. Pressed twice it is once."""
    found = selectors.meeting(meeting)
    if found is None or found[1].state not in TO_COME_TO:
        raise Http404
    if not limits.hit("table", limits.source_of(request), *SCANS):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    context = {"council": found[0], "meeting": found[1]}
    if request.method != "POST":
        return entering.private(render(request, "deliberation/come.html", context))
    if request.COOKIES.get(SAT) != str(meeting):
        try:
            actions.come(meeting, code[:64])
        except Problem as problem:
            context["fault"] = problem
            shown = render(request, "deliberation/come.html", context, status=problem.status)
            return entering.private(shown)
    messages.success(request, _("Welcome. You are counted; who you are is kept nowhere."))
    response = redirect("deliberation:council", key=found[0].key)
    response.set_cookie(
        SAT, str(meeting), max_age=LASTS, path="/councils/", httponly=True,
        secure=request.is_secure(), samesite="Lax",
    )  # fmt: skip
    return entering.private(response)
