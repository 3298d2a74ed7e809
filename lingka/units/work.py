"""What a unit can be asked to do, by its names. The kinds of cases belong to a module above this
one, which tells here how they are called; here they are keys only."""

from collections.abc import Callable

from django.utils.translation import gettext as _

Group = tuple[str, str, list[tuple[str, str]]]  # key, name, and the kinds in it
EVERYTHING = "*"


class _Told:
    groups: Callable[[], list[Group]] = list


def register(groups: Callable[[], list[Group]]) -> None:
    """Who knows the kinds of cases says how to ask for them, in the active language."""
    _Told.groups = groups


def names() -> dict[str, str]:
    """Everything a service can be for, by its key."""
    found = {EVERYTHING: _("Everything")}
    for key, name, kinds in _Told.groups():
        found[key] = _("%(group)s, all of it") % {"group": name}
        found.update(kinds)
    return found


def choices() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """The same for choosing, by groups."""
    called = names()
    found: list[tuple[str, str | list[tuple[str, str]]]] = [("", _("Please choose"))]
    found.append((EVERYTHING, called[EVERYTHING]))
    for key, name, kinds in _Told.groups():
        found.append((name, [(key, called[key]), *kinds]))
    return found
