"""Surveys as a file: how many answered is told exactly as their page tells it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.core.text import pick
from lingka.surveys import selectors
from lingka.surveys.permissions import ASKERS
from lingka.surveys.selectors import Survey
from lingka.surveys.views_desk import paths_of

STATES = {"open": _("open"), "closed": _("closed, public")}


def _surveys(_actor: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    page, older = 0, True
    while older:
        found, older = selectors.surveys(paths_of(posts), page)
        page += 1
        for one in found:
            yield (
                pick(one.name), pick(areas.area(one.area).name), one.opens_at, one.closes_at,
                _turnout(one), STATES.get(one.state, _("over")),
            )  # fmt: skip


def _turnout(one: Survey) -> str | int:
    """Small groups stay hidden, and nobody follows who answers while it runs."""
    if one.few:
        return gettext("fewer than %(minimum)s") % {"minimum": one.minimum}
    if one.state == "closed":
        return one.answers
    return gettext("%(minimum)s or more") % {"minimum": one.minimum}


register(
    of_rows(
        "surveys", _("Surveys"), ASKERS,
        (
            (_("Questions asked"), 30), (_("Area"), 24), (_("From"), 17), (_("Until"), 17),
            (_("Answers"), 12), (_("State"), 16),
        ),
        _surveys, "surveys:list",
    ),
)  # fmt: skip
