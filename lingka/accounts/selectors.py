"""Reads on staff: who holds which post, who is on duty, and which key is whose."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Exists, Q, QuerySet

from lingka.accounts.models import Leave, Post, Role, Shift, User
from lingka.core import clock
from lingka.core.crypto import sha256
from lingka.core.keeping import Look

LOOK_EVERY = 5.0  # seconds until another process's new desk is seen
LONGEST_CHAIN = 3  # substitutes of substitutes; two who stand in for each other end nowhere
LEADING = (Role.LEADER, Role.SUPERVISOR)  # who may be named to lead a case, nearest first
AHEAD = timedelta(days=2)  # how far consecutive shifts are followed


@dataclass(frozen=True)
class PostInfo:
    """A user's role in a unit over an area and all below it."""

    id: int
    user_id: int
    role: str
    unit_id: int
    area_id: int
    area_path: str


@dataclass(frozen=True)
class UserInfo:
    """What other modules may know of a colleague."""

    id: int
    name: str
    email: str
    language: str


@dataclass(frozen=True)
class KeyInfo:
    id: int
    uuid: UUID
    name: str
    scopes: frozenset[str]
    user_id: int | None


def today(at: datetime | None = None) -> date:
    """The date on the town's calendars."""
    return (at or clock.now()).astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _valid(day: date, prefix: str = "") -> Q:
    """Posts that count on a day, held by somebody who may sign in."""
    return Q(
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": day}),
        **{f"{prefix}valid_from__lte": day, f"{prefix}user__is_active": True},
    )


def _info(post: Post) -> PostInfo:
    return PostInfo(post.id, post.user_id, post.role, post.unit_id, post.area_id, post.area.path)


def _posts(*conditions: Q) -> list[PostInfo]:
    rows: QuerySet[Post] = Post.objects.filter(*conditions).select_related("area")
    return [_info(post) for post in rows.order_by("id")]


def posts_of(user_id: int, at: datetime | None = None) -> list[PostInfo]:
    """The posts a user holds on a day, one statement.

    Asked on every request and action, so it is written out: composing it costs more than it.
    """
    day = today(at)
    with connection.cursor() as cursor:
        cursor.execute(_POSTS_OF, [user_id, day, day])
        return [PostInfo(*row) for row in cursor.fetchall()]


_POSTS_OF = """
SELECT post.id, post.user_id, post.role, post.unit_id, post.area_id, area.path
FROM accounts_post post
JOIN accounts_user holder ON holder.id = post.user_id AND holder.is_active
JOIN areas_area area ON area.id = post.area_id
WHERE post.user_id = %s AND post.valid_from <= %s AND (post.valid_to IS NULL OR post.valid_to > %s)
ORDER BY post.id
"""


def reach_of(user_id: int) -> list[str]:
    """Paths of all areas, and of the units' own, that a user's posts give a say in."""
    return reach([user_id]).get(user_id, [])


def reach(user_ids: Iterable[int]) -> dict[int, list[str]]:
    """The same for several users; posts that begin later count, ended ones do not."""
    rows = Post.objects.filter(user_id__in=list(user_ids)).exclude(valid_to__lte=today())
    found: dict[int, list[str]] = {}
    for user, *paths in rows.values_list("user_id", "area__path", "unit__area__path"):
        found.setdefault(user, []).extend(paths)
    return found


def posts(ids: Iterable[int]) -> dict[int, PostInfo]:
    """Posts by id, ended ones too: history names them."""
    return {post.id: post for post in _posts(Q(id__in=list(ids)))}


def posts_in(unit_id: int, role: str = "", at: datetime | None = None) -> list[PostInfo]:
    """Who serves in a unit on a day, in a role or in any."""
    chosen = Q(role=role) if role else Q()
    return _posts(_valid(today(at)), Q(unit_id=unit_id), chosen)


def posts_over(area_path: str, role: str, at: datetime | None = None) -> list[PostInfo]:
    """Posts of a role whose area holds this path: on it or above it."""
    areas = [int(part) for part in area_path.strip("/").split("/") if part]
    return _posts(_valid(today(at)), Q(area_id__in=areas, role=role))


def posts_around(area_path: str, unit_ids: Iterable[int]) -> list[tuple[PostInfo, str]]:
    """Posts in these units, or whose area holds this path, each with its holder's name."""
    areas = [int(part) for part in area_path.strip("/").split("/") if part]
    near = Q(area_id__in=areas) | Q(unit_id__in=list(unit_ids))
    rows = Post.objects.filter(_valid(today()), near).select_related("area", "user")
    return [(_info(post), post.user.name) for post in rows.order_by("id")]


def posts_once(user_ids: Iterable[int]) -> dict[int, list[tuple[PostInfo, date, date | None]]]:
    """Every post that these users hold or held, with its days: history names unit and role."""
    found: dict[int, list[tuple[PostInfo, date, date | None]]] = {}
    rows = Post.objects.filter(user_id__in=list(user_ids)).select_related("area")
    for post in rows.order_by("id"):
        days = (_info(post), post.valid_from, post.valid_to)
        found.setdefault(post.user_id, []).append(days)
    return found


def role_name(role: str) -> str:
    """A role in the reader's language."""
    return str(Role(role).label)


def posts_of_many(user_ids: Iterable[int], at: datetime | None = None) -> list[PostInfo]:
    """The posts of several users on a day, one statement."""
    return _posts(_valid(today(at)), Q(user_id__in=list(user_ids)))


def with_email() -> dict[int, UserInfo]:
    """Active colleagues who left an e-mail address."""
    rows = User.objects.filter(is_active=True).exclude(email="")
    return {row.id: UserInfo(row.id, row.name, row.email, row.language) for row in rows}


def users(ids: Iterable[int]) -> dict[int, UserInfo]:
    """Active colleagues by id."""
    rows = User.objects.filter(id__in=list(ids), is_active=True)
    return {row.id: UserInfo(row.id, row.name, row.email, row.language) for row in rows}


def names(ids: Iterable[int]) -> dict[int, str]:
    """What colleagues are called, those who left too."""
    return dict(User.objects.filter(id__in=list(ids)).values_list("id", "name"))


def stand_ins(post_ids: Iterable[int], at: datetime) -> dict[int, int | None]:
    """Posts on leave at a moment, with the post that stands in or None."""
    rows = Leave.objects.filter(post_id__in=list(post_ids), starts_at__lte=at, ends_at__gt=at)
    return dict(rows.order_by("id").values_list("post_id", "substitute_id"))


def _present(planned: list[int], moment: datetime) -> list[int]:
    """Who is there of these posts: for one on leave who stands in, and so on if they are away."""
    present, away = planned, stand_ins(planned, moment)
    for _step in range(LONGEST_CHAIN):
        if not away:
            return present
        present = [post for one in present if (post := away.get(one, one)) is not None]
        away = stand_ins(present, moment)
    return [one for one in present if one not in away]


def on_call(unit_id: int, at: datetime | None = None) -> list[PostInfo]:
    """Who has duty in a unit at a moment; a substitute in place of one on leave."""
    moment = at or clock.now()
    rows = Shift.objects.filter(
        _valid(today(moment), "post__"),
        post__unit_id=unit_id, starts_at__lte=moment, ends_at__gt=moment,
    )  # fmt: skip
    planned = list(dict.fromkeys(rows.order_by("id").values_list("post_id", flat=True)))
    if not planned:
        return []
    present = _present(planned, moment)
    found = {post.id: post for post in _posts(_valid(today(moment)), Q(id__in=present))}
    return [found[one] for one in dict.fromkeys(present) if one in found]


def on_duty_until(area_id: int, role: str, at: datetime | None = None) -> datetime | None:
    """When the last shift ends of those that follow one another from now; None without any."""
    moment = at or clock.now()
    rows = Shift.objects.filter(
        _valid(today(moment), "post__"),
        post__area_id=area_id, post__role=role,
        starts_at__lte=moment + AHEAD, ends_at__gt=moment,
    )  # fmt: skip
    shifts = list(rows.order_by("starts_at").values_list("post_id", "starts_at", "ends_at"))
    absent = {
        post for post, other in stand_ins({s[0] for s in shifts}, moment).items() if not other
    }
    present = ((starts, ends) for post, starts, ends in shifts if post not in absent)
    return _end_of(present, moment)


def post_on_duty_until(post_id: int, at: datetime | None = None) -> datetime | None:
    """When this post's own duty ends, standing in included; None without any. One statement."""
    moment = at or clock.now()
    away = Leave.objects.filter(starts_at__lte=moment, ends_at__gt=moment)
    rows = Shift.objects.filter(
        Q(post_id__in=away.filter(substitute_id=post_id).values("post_id"))
        | Q(~Exists(away.filter(post_id=post_id)), post_id=post_id),
        starts_at__lte=moment + AHEAD, ends_at__gt=moment,
    )  # fmt: skip
    return _end_of(rows.order_by("starts_at").values_list("starts_at", "ends_at"), moment)


def _end_of(shifts: Iterable[tuple[datetime, datetime]], moment: datetime) -> datetime | None:
    """The end of the shifts that follow one another from a moment on; given by their start."""
    until = moment
    for starts, ends in shifts:
        if starts <= until:
            until = max(until, ends)
    return until if until > moment else None


class _Held:
    desks: frozenset[int] | None = None
    day: date | None = None
    look = Look()


def forget(**_signal: Any) -> None:
    """Read the desks anew: this process changed a post."""
    _Held.desks = None


def desk_areas(at: datetime | None = None) -> frozenset[int]:
    """Areas that have a desk: a dispatcher's post. Held in the process."""
    day = today(at)
    if _Held.desks is None or _Held.day != day or _Held.look.due(LOOK_EVERY):
        rows = Post.objects.filter(_valid(day), role=Role.DISPATCHER)
        _Held.desks = frozenset(rows.values_list("area_id", flat=True))
        _Held.day = day
        _Held.look.looked()
    return _Held.desks


def api_key(secret: str) -> KeyInfo | None:
    """The key that a secret opens; None when unknown, expired, revoked or its user is gone."""
    with connection.cursor() as cursor:
        cursor.execute(_API_KEY, [sha256(secret.encode()), clock.now()])
        row = cursor.fetchone()
    if row is None:
        return None
    number, uuid, name, scopes, user = row
    return KeyInfo(number, uuid, name, frozenset(json.loads(scopes)), user)


_API_KEY = """
SELECT key.id, key.uuid, key.name, key.scopes, key.user_id
FROM accounts_apikey key LEFT JOIN accounts_user owner ON owner.id = key.user_id
WHERE key.hash = %s AND key.revoked_at IS NULL
AND (key.expires_at IS NULL OR key.expires_at > %s) AND (key.user_id IS NULL OR owner.is_active)
"""
