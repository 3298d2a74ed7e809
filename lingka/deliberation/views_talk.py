"""Writing on a topic: a member's own page of it, where they also take back, and object once."""

from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingka.core import limits
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.deliberation import actions, rules, selectors, talked
from lingka.deliberation.forms import TalkForm
from lingka.members import entering
from lingka.members.selectors import MemberInfo

POSTS = ["GET", "HEAD", "POST"]
FROM_ONE_ADDRESS = (60, 3600)  # in an hour
HIDDEN = {"asked", "declined"}


@require_http_methods(POSTS)
def talk(request: HttpRequest, topic: UUID) -> HttpResponse:
    """Write, read one's own, take back, object."""
    found, me = selectors.topic(topic), entering.me(request)
    if found is None or not found.council.kind.talk or found.state in HIDDEN:
        raise Http404
    if me is None:
        return redirect(entering.sign_in_url(request))
    saying = request.method == "POST" and request.POST.get("do") == "say"
    to = _answered(topic, request)
    first = {"idempotency_key": uuid7(), "answers": to and to.uuid}
    form = TalkForm(request.POST if saying else None, initial=first)
    status = HTTPStatus.OK
    if request.method == "POST":
        if not limits.hit("talk", limits.source_of(request), *FROM_ONE_ADDRESS):
            return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        if _said(topic, form, me) if saying else _moved(request, me):
            messages.success(request, _("Saved."))
            return redirect("deliberation:talk", topic=topic)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "topic": found, "council": found.council, "form": form, "rules": rules.talk().values(),
        "to": to,
        "mine": talked.by(me.uuid, topic), "typed": request.POST.get("why", "")[: rules.TEXT],
    }  # fmt: skip
    return entering.private(render(request, "deliberation/talk.html", context, status=status))


def _answered(topic: UUID, request: HttpRequest) -> talked.Said | None:
    """What a reply would be to: as a link asks for it, or as it was sent."""
    sent = request.POST if request.method == "POST" else request.GET
    try:
        return talked.standing(topic, UUID(sent.get("answers", "")))
    except ValueError:
        return None


def _said(topic: UUID, form: TalkForm, me: MemberInfo) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    say = partial(
        actions.contribute, topic, given["text"], actor=me.actor, answers=given["answers"]
    )
    try:
        try:
            say(idempotency_key=given["idempotency_key"])
        except Problem as problem:
            if problem.code != "key_reused":
                raise
            say(idempotency_key=uuid7())  # gone back to after sending, and changed
    except Problem as problem:
        form.add_error("text" if problem.field == "text" else None, str(problem))
        return False
    return True


def _moved(request: HttpRequest, me: MemberInfo) -> bool:
    """Take back, or object."""
    try:
        which = UUID(request.POST.get("which", ""))
    except ValueError:
        raise Http404 from None
    try:
        if request.POST.get("do") == "object":
            actions.object_to_hiding(which, request.POST.get("why", ""), actor=me.actor)
        else:
            actions.take_back(which, actor=me.actor)
    except (Problem, PermissionRefused) as refused:
        messages.error(request, str(refused))
        return False
    return True
