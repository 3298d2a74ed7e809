"""A station's day among the desk's pages."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.rooms import selectors


def _waiting(posts: Sequence[Any]) -> int:
    return len(selectors.to_answer(selectors.stations_run_by(posts)))


def _runs_some(posts: Sequence[Any]) -> bool:
    return bool(selectors.stations_run_by(posts))


register(
    Section(
        "rooms:day", _("Stations"), frozenset({"dispatcher", "handler", "administrator"}), 58,
        pages=frozenset({"rooms:edit", "rooms:contact"}), count=_waiting, fits=_runs_some,
    ),
)  # fmt: skip
