"""Lists of the desk under a name: the filters as they stand in a link, one's own to share."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from lingka.accounts import selectors as accounts
from lingka.cases.models import SavedView
from lingka.core.actors import Actor

BELOW = "below"  # of a whole area; any other is the queue


@dataclass(frozen=True)
class Kept:
    id: int
    name: str
    url: str
    link: str  # for a colleague, who sees what their own posts allow
    current: bool


@dataclass(frozen=True)
class Shared:
    """A list that somebody keeps, as whoever has its link finds it."""

    name: str
    query: str
    by: str
    mine: bool


def query_of(here: str, query: str) -> str:
    """What is kept of a list: which one, its tab and its filters."""
    if here != BELOW:
        return query
    return f"list={BELOW}&{query}" if query else f"list={BELOW}"


def list_of(values: Mapping[str, str]) -> str:
    return BELOW if values.get("list") == BELOW else "queue"


def url_of(query: str) -> str:
    """Where a kept list opens."""
    listed, _sign, rest = query.partition("&") if query.startswith("list=") else ("", "", query)
    path = reverse(f"cases:{BELOW}" if listed == f"list={BELOW}" else "cases:queue")
    return f"{path}?{rest}" if rest else path


def views(request: HttpRequest, actor: Actor, query: str) -> list[Kept]:
    """One's own, by name. One statement."""
    return [
        Kept(
            row.pk, row.name, url_of(row.query),
            request.build_absolute_uri(reverse("cases:kept", args=[row.uuid])),
            row.query == query,
        )
        for row in SavedView.objects.filter(user_id=actor.id or 0).order_by("name")
    ]  # fmt: skip


def shared(uuid: UUID, actor: Actor) -> Shared | None:
    row = SavedView.objects.filter(uuid=uuid).first()
    if row is None:
        return None
    names = accounts.users({row.user_id})
    by = names[row.user_id].name if row.user_id in names else ""
    return Shared(row.name, row.query, by, row.user_id == actor.id)
