"""Rules of which a town has one set: as the package brings them until it puts its own into force.

Every module that keeps versions of rules, here or in tables of its own, tells by `RulesActivated`
that one came into force.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock, datafiles, histories, locks
from lingka.core.actors import Actor
from lingka.core.events import EventData, event_type, record
from lingka.core.faults import Fault, refuse
from lingka.core.histories import History, Rules, Version
from lingka.core.keeping import Look
from lingka.core.models import RuleVersion
from lingka.core.versions import after

NAMESPACE = UUID("2f5a0f51-6c0e-5d0a-9f4c-7b8f0c1d2e63")  # makes kinds and keys into streams

Body = Mapping[str, Any]
T = TypeVar("T")
BOOKS: "list[Rulebook[Any]]" = []


def stream_of(kind: str, key: str) -> UUID:
    """Where what happens to one set of rules is recorded."""
    return uuid5(NAMESPACE, f"{kind}:{key}")


@event_type
@dataclass(frozen=True)
class RulesActivated(EventData):
    """Somebody put rules into force; what they say stands in the version, which nothing changes."""

    type: ClassVar[str] = "core.RulesActivated"
    stream: ClassVar[str] = "rules"
    label: ClassVar[Any] = _("Rules put into force")
    kind: str  # as the page of what was changed has it in its address
    key: str
    number: int
    content_hash: str


class Rulebook(Generic[T]):
    """One set of rules; `part` is the entry by which its file is known, `read` types it."""

    every = 30.0  # seconds until another process's new version is seen

    def __init__(
        self,
        kind: str,
        part: str,
        shipped: Path,
        *,
        faults: Callable[[Body], Iterable[object]],
        read: Callable[[Body], T],
    ) -> None:
        self.kind, self.key, self.part = kind, kind.replace("-", "_"), part
        self._shipped, self._faults, self._read = shipped, faults, read
        self.forget()
        BOOKS.append(self)

    def forget(self) -> None:
        """Begin anew with what the package brings, and look at the next read."""
        self._number, self._look = -1, Look()
        self._value: T | None = None

    def now(self) -> T:
        """What is in force."""
        if self._look.due(self.every):
            self._read_newest()
            self._look.looked()
        if self._value is None:
            self._value = self._read(self._body(0))
        return self._value

    @property
    def number(self) -> int:
        """Of what is in force; 0 is what the package brings."""
        self.now()
        return max(self._number, 0)

    def _read_newest(self) -> None:
        last = RuleVersion.objects.filter(kind=self.kind).order_by("-number").first()
        if last and last.number != self._number:
            self._hold(last)

    def _hold(self, row: RuleVersion) -> None:
        self._number, self._value = row.number, self._read(json.loads(row.text))

    def _body(self, number: int) -> dict[str, Any]:
        if number == 0:
            found: dict[str, Any] = datafiles.read(self._shipped)
        else:
            found = json.loads(RuleVersion.objects.get(kind=self.kind, number=number).text)
        return found

    def versions(self) -> dict[str, list[Version]]:
        """What the package brings counts as version 0; the town's own follow it."""
        found = [Version(0, None, None, self._body(0))]
        for row in RuleVersion.objects.filter(kind=self.kind).order_by("number"):
            body = json.loads(row.text)
            found.append(Version(row.number, row.activated_at, row.activated_by, body))
        return {self.key: found}

    def faults(self, body: Body) -> list[str]:
        if body.get("key") != self.key:
            return [str(Fault("key", "key", _("has to be “%(name)s”") % {"name": self.key}))]
        return histories.read(self._faults, body)

    def history(self, label: Any) -> History:
        """For the pages of what was changed and of a town's own rules."""
        rules = Rules(self.part, dict, self.faults, self._put)
        return History(self.kind, label, self.versions, lambda _body: str(label), rules=rules)

    def _put(self, body: dict[str, Any], actor: Actor) -> int:
        return put(self, body, actor=actor)


@transaction.atomic
def put(book: Rulebook[Any], body: dict[str, Any], *, actor: Actor) -> int:
    """Put a town's own version into force; the one in force already gives its number back.

    Raises Problem "faulty" (422) that names every fault.
    """
    refuse(book.faults(body))
    locks.hold(stream_of(book.kind, book.key))
    made, new = after(
        RuleVersion.objects.filter(kind=book.kind), body, kind=book.kind, text=json.dumps(body),
        activated_at=clock.now(), activated_by=histories.by(actor),
    )  # fmt: skip
    if not new:
        return int(made.number)
    said = RulesActivated(book.kind, book.key, made.number, made.content_hash)
    record(said, stream_id=stream_of(book.kind, book.key), actor=actor)
    book._hold(made)  # noqa: SLF001 - this module's own
    return int(made.number)


def forget() -> None:
    """Look anew at the next read (between tests)."""
    for one in BOOKS:
        one.forget()
