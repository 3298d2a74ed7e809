"""Templates for notices: what comes with the package, and a town's own in its place."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from lingka.core import datafiles
from lingka.core.histories import Version
from lingka.core.text import pick
from lingka.notices.models import Template as Row

SHIPPED = Path(__file__).parent / "data" / "templates.yaml"
FRAMES = Path(__file__).parent / "data" / "spoken.yaml"
NAMESPACE = uuid.UUID("0b0f6a3e-7f1d-5c52-9a55-64a2f5a3c1d7")  # makes keys into streams


@dataclass(frozen=True)
class Template:
    """`number` 0: as shipped."""

    key: str
    number: int
    kind: str
    title: dict[str, str]
    text: dict[str, str]
    hours: int
    picture: str
    cases: tuple[str, ...]  # beginnings of case types that it is for

    @property
    def name(self) -> str:
        return pick(self.title)


def all_in_force() -> list[Template]:
    """By key, as the file lists them, a town's own last."""
    newest = {key: versions[-1] for key, versions in versions_by_key().items()}
    return [_template(key, one.number, one.body) for key, one in newest.items() if one.body]


def versions_by_key() -> dict[str, list[Version]]:
    """Every version, oldest first; what is shipped counts as number 0."""
    found = {key: [Version(0, None, None, body)] for key, body in datafiles.read(SHIPPED).items()}
    for row in Row.objects.order_by("key", "number"):
        made = Version(row.number, row.published_at, row.published_by, row.body)
        found.setdefault(row.key, []).append(made)
    return found


def taken_down() -> list[Template]:
    """What is offered no more, as it last read."""
    return [
        _template(
            key, versions[-1].number, next(one.body for one in reversed(versions) if one.body)
        )
        for key, versions in versions_by_key().items()
        if not versions[-1].body
    ]


def template(key: str, *, gone: bool = False) -> Template | None:
    """One that is in force; with `gone` one that was taken down."""
    every = taken_down() if gone else all_in_force()
    return next((one for one in every if one.key == key), None)


def for_case(case_type: str) -> Template | None:
    """The template whose beginning of a case type fits longest."""
    fitting = [
        (len(start), one)
        for one in all_in_force()
        for start in one.cases
        if case_type.startswith(start)
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def stream_of(key: str) -> UUID:
    """Where what happens to a template is recorded."""
    return uuid.uuid5(NAMESPACE, key)


def frame(language: str) -> dict[str, str]:
    """How a notice is spoken in a language."""
    found: dict[str, str] = datafiles.read(FRAMES)["frames"][language]
    return found


def picture(key: str) -> str:
    """What a notice from a shipped template is drawn with; "" where it has no drawing."""
    return str(datafiles.read(SHIPPED).get(key, {}).get("picture", ""))


def _template(key: str, number: int, body: Any) -> Template:
    return Template(
        key, number, body["kind"], body["title"], body["text"], body["hours"],
        body.get("picture", ""), tuple(body.get("for", ())),
    )  # fmt: skip
