"""Notices and what they are written from, as files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.areas.selectors import whole_town
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.core.text import pick
from lingka.notices import permissions, selectors, templates


def _notices(_actor: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    for one in selectors.under(permissions.paths(posts), over="over" in query):
        yield (
            one.title, one.kind_name, one.where, one.begins_at, one.ends_at, one.over_at,
            one.over_why, one.unit,
        )  # fmt: skip


def _templates(_actor: Actor, _posts: Sequence[PostInfo], _q: Mapping[str, str]) -> Iterator[Any]:
    for one in templates.all_in_force():
        yield one.name, pick(one.text), one.hours, one.number or _("as shipped")


register(
    of_rows(
        "notices", _("Notices"), permissions.PUBLISHERS,
        (
            (_("Notice"), 30), (_("Kind"), 14), (_("For whom"), 30), (_("From"), 17),
            (_("Expected until"), 17), (_("Ended"), 17), (_("Why"), 24), (_("At work"), 24),
        ),
        _notices, "notices:desk",
    ),
    of_rows(
        "notice-templates", _("Notice templates"), frozenset({"administrator"}),
        ((_("Title"), 24), (_("Text"), 60), (_("Hours"), 8), (_("Version"), 12)),
        _templates, "notices:templates", fits=whole_town,
    ),
)  # fmt: skip
