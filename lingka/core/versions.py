"""Versions that follow one another under a key: what was in force is never changed, and what says
the same again makes no new one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785
from django.db.models import Count, Max, Q, QuerySet

from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import sha256
from lingka.core.ids import uuid7

Body = Mapping[str, Any]


def digest_of(body: Body) -> str:
    """What two versions that say the same have in common."""
    return sha256(rfc8785.dumps(dict(body))).hex()


def after(
    rows: "QuerySet[Any]", said: Body, /, *, again: bool = False, **fields: Any
) -> tuple[Any, bool]:
    """The newest of these versions where it says this, else a new one behind it; and whether it
    is new. `again` makes one in any case. `fields` are the row's own."""
    digest = digest_of(said)
    last = rows.order_by("-number").first()
    if last and last.content_hash == digest and not again:
        return last, False
    number = last.number + 1 if last else 1
    return rows.model.objects.create(number=number, content_hash=digest, **fields), True


@dataclass(frozen=True)
class Published:
    """Things of one kind, each under a key: the newest version is in force until it is retired."""

    things: type[Any]
    versions: type[Any]
    check: Callable[[Body], None]  # Problem where a body does not do

    @property
    def _thing(self) -> str:
        """What a version calls the thing that it is of."""
        return str(self.things._meta.model_name)  # noqa: SLF001

    def keep(self, key: str, body: Body, *, actor: Actor, **more: Any) -> tuple[Any, bool]:
        """The version with this body in force, and whether that is new."""
        self.check(body)
        thing, _made = self.things.objects.select_for_update().get_or_create(
            key=key, defaults={"uuid": uuid7()}
        )
        gone = thing.retired_at is not None
        if gone:
            thing.retired_at = None
            thing.save(update_fields=["retired_at"])
        return after(
            self.versions.objects.filter(**{self._thing: thing}), body, again=gone, body=dict(body),
            published_at=clock.now(), published_by=actor.id if actor.kind == "user" else None,
            **{self._thing: thing}, **more,
        )  # fmt: skip

    def retire(self, key: str) -> Any | None:
        """Use a thing no more; None where none is in force. Its versions stay."""
        thing = self.things.objects.select_for_update().filter(key=key, retired_at=None).first()
        if thing is not None:
            thing.retired_at = clock.now()
            thing.save(update_fields=["retired_at"])
        return thing

    def ship(self, bodies: Mapping[str, Body]) -> None:
        """Put into force what the package brings, where a town has not put its own in its place.

        Nobody did it, so no event tells of it: the log of an empty installation is empty.
        """
        own = Q(retired_at__isnull=False) | Q(versions__published_by__isnull=False)
        theirs = set(self.things.objects.filter(own).values_list("key", flat=True))
        for key, body in bodies.items():
            if key not in theirs:
                self.keep(key, body, actor=SYSTEM)

    def sign(self) -> object:
        """Another one after every change."""
        found = self.things.objects.aggregate(at=Max("versions__id"), gone=Count("retired_at"))
        return found["at"], found["gone"]

    def in_force(self) -> dict[str, Any]:
        """The newest version of every thing that is not retired, by key."""
        rows = self.versions.objects.filter(**{f"{self._thing}__retired_at": None}).order_by("id")
        return {getattr(row, self._thing).key: row for row in rows.select_related(self._thing)}
