"""Exchange points, what lies there, and what sponsors are told, as files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core.actors import Actor
from lingka.core.listings import of_rows, register
from lingka.points import drawn, goods, permissions, showing, sponsors

ROLES = permissions.KEEPERS | permissions.REVIEWERS


def _shops(_actor: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    own = permissions.served_units(posts)
    for shop in showing.shops(paths=permissions.kept_paths(posts), own=own):
        for one in shop.goods:
            yield (
                shop.name, shop.unit, shop.area, one.name, one.points, one.stock, one.kept,
                one.sponsor, _state(is_open=shop.is_open, offered=one.offered),
            )  # fmt: skip


def _state(*, is_open: bool, offered: bool) -> str:
    if not is_open:
        return gettext("closed")
    return gettext("offered") if offered else gettext("not offered")


def _drawn(_actor: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    paths = permissions.reviewed_paths(posts)
    for one in drawn.to_review(paths) if paths else ():
        what = one.about.title if one.about else ""
        yield one.name, what, one.day, one.points, one.area, one.entered_by


def _sponsored(actor: Actor, _posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    try:
        shop, year = showing.shop(UUID(query["uuid"])), int(query["year"])
    except (KeyError, ValueError):
        return
    if shop is None or not MINYEAR < year < MAXYEAR:
        return
    if not permissions.may_serve(actor, shop.unit_id, shop.area_path):
        return
    few = gettext("fewer than %(few)s fetched") % {"few": goods.FEW}
    for one in sponsors.report(shop.uuid, year):
        untold = one.fetched is None
        yield (
            one.sponsor, one.good, one.since, one.before, one.delivered,
            few if untold else one.fetched, one.counted, "" if untold else one.left,
        )  # fmt: skip


register(
    of_rows(
        "goods-for-points", _("Goods for points"), ROLES,
        (
            (_("Exchange point"), 24), (_("Who serves there"), 24), (_("Area"), 20),
            (_("Goods"), 24), (_("Points"), 10), (_("Lying there"), 12), (_("Reserved"), 12),
            (_("Given by"), 24), (_("State"), 14),
        ),
        _shops, "points:desk",
    ),
    of_rows(
        "points-to-review", _("Entries to look at"), permissions.REVIEWERS,
        (
            (_("Rule"), 40), (_("For what"), 30), (_("Day"), 14), (_("Points"), 10),
            (_("Area"), 20), (_("Entered by"), 16),
        ),
        _drawn, "points:review",
    ),
    of_rows(
        "for-sponsors", _("For sponsors"), permissions.COUNTER,
        (
            (_("Given by"), 24), (_("Goods"), 24), (_("Since"), 10), (_("There before"), 14),
            (_("Brought"), 12), (_("Fetched"), 14), (_("Count difference"), 16),
            (_("What is left"), 12),
        ),
        _sponsored, "points:report",
    ),
)  # fmt: skip
