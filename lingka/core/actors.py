"""Who acts: staff, who holds a receipt or a unit's link, members who take part, other software, or
Lingka itself."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["user", "resident", "link", "member", "client", "system"]


@dataclass(frozen=True)
class Actor:
    """`id` is a user's, a receipt's, a link's, a member's or an API key's id; `post` the post acted
    through."""

    kind: Kind
    id: int | None = None
    post: int | None = None

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"kind": self.kind}
        if self.id is not None:
            shown["id"] = self.id
        if self.post is not None:
            shown["post"] = self.post
        return shown


SYSTEM = Actor("system")
