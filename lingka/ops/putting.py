"""Rules that a town wants to put into force: what kind they are, what they change, their faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.core import histories, rulefiles
from lingka.core.differences import Difference, differences
from lingka.core.histories import History, Rules, Version
from lingka.core.problems import Problem

SHOWN = 120  # differences that are shown


@dataclass(frozen=True)
class Proposal:
    """A file as it would come into force, beside what is in force now."""

    history: History
    rules: Rules
    key: str
    name: str
    body: dict[str, Any]
    faults: Sequence[str]
    before: Version | None
    changed: Sequence[Difference]

    @property
    def number(self) -> int:
        """Of the version in force; 0 where there is none, or only what was shipped."""
        return self.before.number if self.before else 0

    @property
    def shown(self) -> Sequence[Difference]:
        return self.changed[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.changed) - SHOWN)


def proposal(given: bytes | str) -> Proposal:
    """Read a file; Problem where it is none of rules."""
    raw = rulefiles.parsed(given)
    history = histories.kind_of(raw)
    rules = history.rules if history else None
    if history is None or rules is None:
        known = ", ".join(f"{one.label} (`{one.rules.part}`)" for one in _kinds() if one.rules)
        raise Problem(
            "unknown_kind",
            _("This file is none of these, known by the entry in brackets: %(known)s")
            % {"known": known},
            status=422,
        )  # fmt: skip
    body: dict[str, Any] = {}

    def made(one: Mapping[str, Any]) -> Sequence[object]:
        body.update(rules.ready(dict(one)))
        return rules.faults(body)

    faults = histories.read(made, raw)
    return _beside(history, rules, body or raw, faults)


def _beside(
    history: History, rules: Rules, body: dict[str, Any], faults: Sequence[str]
) -> Proposal:
    key = str(body.get("key", ""))
    before = in_force(history, key)
    changed = differences(before.body if before else {}, body) if not faults else []
    name = "" if faults else history.name(body)
    return Proposal(history, rules, key, name or key, body, faults, before, changed)


def in_force(history: History, key: str) -> Version | None:
    """The newest version of a thing, unless it was taken down."""
    versions = history.versions().get(key) or []
    return versions[-1] if versions and versions[-1].body else None


def text_of(kind: str, key: str) -> str | None:
    """What is in force, as a file to be changed; None where there is no such thing."""
    history = histories.history(kind)
    found = in_force(history, key) if history and history.rules else None
    return rulefiles.written(found.body) if found else None


def _kinds() -> list[History]:
    return sorted(histories.ruled(), key=lambda one: str(one.label))


def things() -> list[tuple[History, list[tuple[str, str]]]]:
    """Every kind with what there is of it, by key and name."""
    return [(one, _named(one)) for one in _kinds()]


def _named(history: History) -> list[tuple[str, str]]:
    found = [
        (key, history.name(versions[-1].body))
        for key, versions in history.versions().items()
        if versions and versions[-1].body
    ]
    return sorted(found, key=lambda one: one[1])
