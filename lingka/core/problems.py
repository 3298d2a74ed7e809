"""Input that cannot be taken, said so that the sender can mend it."""

from typing import Any


class Problem(Exception):  # noqa: N818  # RFC 9457's own word
    """`message` says what to do; `field` names the input it belongs beside; `extra` for APIs."""

    def __init__(
        self, code: str, message: Any, *, field: str | None = None, status: int = 400, **extra: Any
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field
        self.status = status
        self.extra = extra

    def __str__(self) -> str:
        return str(self.message)
