"""A town's own version of rules came into force: what every module that keeps some tells."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from lingka.core.events import EventData, event_type

NAMESPACE = UUID("2f5a0f51-6c0e-5d0a-9f4c-7b8f0c1d2e63")  # makes kinds and keys into streams


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
