"""What a process keeps in memory of rows that seldom change, and when it looks whether another
process changed them. Who changes something here says `forget`, so it is seen at once."""

from collections.abc import Callable
from time import monotonic
from typing import Any, Generic, TypeVar

T = TypeVar("T")
NEVER = float("-inf")
KEPT: "list[Kept[Any]]" = []


class Look:
    """When a process last looked at the database."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._at = NEVER

    def due(self, every: float) -> bool:
        """Is the last look so many seconds ago?"""
        return monotonic() - self._at > every

    def looked(self) -> None:
        self._at = monotonic()


class Kept(Generic[T]):
    """Read once, and again when `sign` is another: one short statement that every change alters.
    Without a sign it is read again whenever a look is due."""

    def __init__(
        self, load: Callable[[], T], *, every: float, sign: Callable[[], object] | None = None
    ) -> None:
        self._load, self._sign_of, self.every = load, sign, every
        self._look = Look()
        self.forget()
        KEPT.append(self)

    def forget(self, **_signal: Any) -> None:
        """Read it anew at the next read."""
        self.held: tuple[object, T] | None = None

    def sign(self) -> object:
        """What the kept is known by: another one after every change."""
        self.now()
        return self.held[0] if self.held else None

    def now(self) -> T:
        """What is kept, at most `every` seconds old."""
        if self.held is not None and not self._look.due(self.every):
            return self.held[1]
        sign = self._sign_of() if self._sign_of else None
        if self.held is None or self._sign_of is None or self.held[0] != sign:
            self.held = (sign, self._load())
        self._look.looked()
        return self.held[1]
