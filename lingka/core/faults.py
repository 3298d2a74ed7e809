"""What is wrong with rules that somebody wrote: a code for tools, the place, and words for its
author in the author's language. Every checker of rules finds such faults, and none other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lingka.core.problems import Problem

LANGUAGES = ("zh-hans", "bo", "en")
UNFIT = (AttributeError, IndexError, KeyError, TypeError, ValueError)  # what odd files lead to


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold: what kind, where in the file, and in words."""

    code: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


Faults = Iterator[Fault]


class Unreadable(ValueError):  # noqa: N818 - said of a file
    """A file that cannot be put together, with words of its own for why."""

    def __init__(self, message: Any, **named: object) -> None:
        super().__init__(message)
        self.message, self.named = message, named

    def __str__(self) -> str:
        return str(self.message) % self.named


def unreadable(error: Exception, where: str = "") -> Fault:
    """What kept a file from being read at all."""
    if isinstance(error, Unreadable):
        said = str(error)
    elif isinstance(error, KeyError):
        said = _("“%(name)s” is missing") % {"name": error.args[0]}
    else:
        said = _("a list, a text or a number stands where something else is meant")
    return Fault("shape", where, _("cannot be read: %(why)s") % {"why": said})


def missing(where: str, name: str) -> Fault:
    return Fault("lacking", where, _("“%(name)s” is missing") % {"name": name})


def texts(where: str, value: Any) -> Faults:
    """A fault for each language that a text lacks."""
    for code in LANGUAGES:
        if not str(value.get(code, "")).strip():
            yield Fault(
                "untranslated", where, _("has no text in %(language)s") % {"language": code}
            )


def number(where: str, value: Any, least: int, most: int) -> Faults:
    """A fault where this is no whole number within bounds."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        said = _("a whole number from %(least)s to %(most)s") % {"least": least, "most": most}
        yield Fault("amount", where, said)


def refuse(found: Iterable[object]) -> None:
    """Raise Problem "faulty" (422) that names every fault, where there is one."""
    if faults := [str(one) for one in found]:
        said = _("This definition does not hold together: %(first)s") % {"first": faults[0]}
        raise Problem("faulty", said, status=422, faults=faults)
