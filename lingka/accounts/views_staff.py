"""The administrator's pages of staff: posts, duty, leave; and of keys for other software."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingka.accounts import actions, selectors
from lingka.accounts import desk_forms as forms
from lingka.accounts.administering import actor_of, administrator, holds, page, sought_in
from lingka.accounts.models import ApiKey, Leave, Post, Role, Shift, User
from lingka.accounts.permissions import administered, may_administer_person
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.units import selectors as units

SHOWN = 60  # shifts and absences ahead


def label(post: Post) -> str:
    return f"{Role(post.role).label} · {pick(units.unit(post.unit_id).name)}"


@require_safe
@administrator
def show_staff(request: HttpRequest) -> HttpResponse:
    """Everybody of one's area with their posts, those who have left last."""
    rows, sought = rows_for(actor_of(request)), sought_in(request.GET)
    context = {
        "rows": narrowed(rows, sought), "all": len(rows),
        "sought_here": sought, "search_label": _("Name, unit or role"),
    }  # fmt: skip
    return render(request, "accounts/desk/staff.html", context)


def rows_for(actor: Actor) -> list[tuple[User, list[str]]]:
    """Everybody whom somebody looks after, with their posts."""
    posts: dict[int, list[str]] = {}
    day = selectors.today()
    for post in Post.objects.exclude(valid_to__lte=day).order_by("id"):
        posts.setdefault(post.user_id, []).append(label(post))
    return [(person, posts.get(person.pk, [])) for person in _own_people(actor)]


def narrowed(rows: list[tuple[User, list[str]]], sought: str) -> list[tuple[User, list[str]]]:
    return [row for row in rows if holds(sought, row[0].name, row[0].username, *row[1])]


def _own_people(actor: Actor) -> list[User]:
    """Whom this administrator may look after, those who have left last."""
    people = list(User.objects.order_by("-is_active", "username"))
    reach, mine = selectors.reach(p.pk for p in people), administered(actor)
    return [
        person
        for person in people
        if all(path.startswith(mine) for path in reach.get(person.pk, ()))
    ]


@administrator
def new_person(request: HttpRequest) -> HttpResponse:
    def create(actor: Actor, data: dict[str, Any]) -> int:
        return actions.create_user(actor=actor, **data)

    return page(
        request, "accounts/desk/form.html", {"person": (forms.NewPersonForm, create)},
        lambda: {"title": _("Add somebody"), "back": reverse("staff")},
        after=lambda user: reverse("person", args=[user]),
    )  # fmt: skip


@administrator
def show_person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One member of staff: posts, duty ahead, leave, password."""
    person = get_object_or_404(User, id=user_id)
    if not may_administer_person(actor_of(request), user_id):
        raise Http404
    posts = list(Post.objects.filter(user=person).order_by("id"))
    choices = [(str(post.id), label(post)) for post in posts if post.valid_to is None]
    return page(request, "accounts/desk/person.html", _doings(person, posts, choices), lambda: {
        "person": person,
        "posts": [(post, label(post)) for post in posts],
        "shifts": Shift.objects.filter(post__user=person, ends_at__gt=clock.now())
        .order_by("starts_at")[:SHOWN],
        "leaves": Leave.objects.filter(post__user=person, ends_at__gt=clock.now())
        .select_related("substitute__user").order_by("starts_at")[:SHOWN],
        "today": selectors.today(),
    })  # fmt: skip


def _doings(person: User, posts: list[Post], choices: list[tuple[str, str]]) -> dict[str, Any]:
    user, own = person.pk, {post.id for post in posts}
    initial = {"name": person.name, "email": person.email, "language": person.language}
    others = [
        (str(post.id), f"{post.user.name} · {label(post)}")
        for post in Post.objects.filter(
            unit_id__in={post.unit_id for post in posts}, valid_to=None, user__is_active=True
        ).exclude(user=person).select_related("user")
    ]  # fmt: skip
    make_shift = partial(forms.ShiftForm, posts=choices)
    return {
        "person": (partial(forms.PersonForm, initial=initial), partial(_change, user)),
        "password": (forms.PasswordForm, partial(_password, user)),
        "close": (partial(forms.IdForm, initial={"id": user}), partial(_close, person)),
        "post": (partial(forms.PostForm, initial={"valid_from": selectors.today()}),
            partial(_grant, user)),
        "end": (forms.EndForm, partial(_end, own)),
        "shift": (make_shift, partial(_plan, own)),
        "cancel_shift": (forms.IdForm, partial(_cancel, Shift, own)),
        "leave": (partial(forms.LeaveForm, posts=choices, others=others), partial(_leave, own)),
        "cancel_leave": (forms.IdForm, partial(_cancel, Leave, own)),
    }  # fmt: skip


def _change(user: int, actor: Actor, data: dict[str, Any]) -> None:
    actions.update_user(user, actor=actor, **data)


def _password(user: int, actor: Actor, data: dict[str, Any]) -> None:
    actions.set_password(user, data["password"], actor=actor)


def _close(person: User, actor: Actor, data: dict[str, Any]) -> None:
    del data  # the button says it all
    actions.update_user(person.pk, actor=actor, is_active=not person.is_active)


def _grant(user: int, actor: Actor, data: dict[str, Any]) -> None:
    actions.grant_post(
        user, actor=actor, role=data["role"], unit_id=data["unit"], area_id=data["area"],
        valid_from=data["valid_from"], valid_to=data["valid_to"],
    )  # fmt: skip


def _of(own: set[int], post: int) -> int:
    if post not in own:
        raise Problem("no_post", _("This post is somebody else's."))
    return post


def _end(own: set[int], actor: Actor, data: dict[str, Any]) -> None:
    actions.end_post(_of(own, data["id"]), actor=actor, on=data["on"])


def _plan(own: set[int], actor: Actor, data: dict[str, Any]) -> None:
    actions.plan_shifts(
        _of(own, data["post"]), actor=actor, starts_at=data["starts_at"],
        ends_at=data["ends_at"], weeks=data["weeks"],
    )  # fmt: skip


def _leave(own: set[int], actor: Actor, data: dict[str, Any]) -> None:
    actions.record_leave(
        _of(own, data["post"]), actor=actor, starts_at=data["starts_at"],
        ends_at=data["ends_at"], substitute_id=data["substitute"],
    )  # fmt: skip


def _cancel(
    model: type[Shift] | type[Leave], own: set[int], actor: Actor, data: dict[str, Any]
) -> None:
    row = model.objects.filter(id=data["id"]).first()
    if row is None:
        return  # somebody was quicker
    _of(own, row.post_id)
    if isinstance(row, Shift):
        actions.cancel_shift(row.pk, actor=actor)
    else:
        actions.cancel_leave(row.pk, actor=actor)


@administrator
def show_keys(request: HttpRequest) -> HttpResponse:
    """Keys for other software. A new one's secret is on the answer to its making, nowhere else."""
    people = [(str(one.pk), one.name) for one in _own_people(actor_of(request)) if one.is_active]
    make = partial(forms.KeyForm, prefix="key", people=people)
    form = make(request.POST or None)
    if request.method == "POST" and request.POST.get("do") == "key" and form.is_valid():
        try:
            issued = actions.issue_api_key(actor=actor_of(request), **form.cleaned_data)
        except Problem as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            return _keys(request, make(), issued.secret)
    if request.method == "POST" and request.POST.get("do") == "revoke":
        chosen = forms.IdForm(request.POST, prefix="revoke")
        if chosen.is_valid() and ApiKey.objects.filter(id=chosen.cleaned_data["id"]).exists():
            _revoke(request, chosen.cleaned_data["id"])
        form = make()
    return _keys(request, form)


def _revoke(request: HttpRequest, key: int) -> None:
    try:
        actions.revoke_api_key(key, actor=actor_of(request))
    except PermissionRefused as refused:
        messages.error(request, str(refused))


def _keys(request: HttpRequest, form: forms.KeyForm, secret: str = "") -> HttpResponse:
    keys = ApiKey.objects.select_related("user").order_by("-id")
    rows = [(key, forms.scope_names(key.scopes)) for key in keys]
    context = {"rows": rows, "form": form, "secret": secret, "now": clock.now()}
    return render(request, "accounts/desk/keys.html", context)
