"""Cases behind a figure, and appeals, as files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.cases import selectors as cases
from lingka.core.actors import Actor
from lingka.core.codes import pretty
from lingka.core.listings import of_rows, register
from lingka.insight import asking, permissions
from lingka.insight.selectors import appeals, listing
from lingka.insight.views import listed
from lingka.insight.views_appeals import shown

AT_ONCE = 1000  # cases read with one statement


def _cases(_actor: Actor, posts: Sequence[PostInfo], query: Mapping[str, str]) -> Iterator[Any]:
    """What one figure counts, however many pages it has."""
    scope, _published = asking.scope_of(query, permissions.reach(posts))
    measure, after, kinds = query.get("measure", "")[:60], "", cases.case_types()
    while True:
        page = listing.page(scope, measure, after, AT_ONCE)
        for row in page.rows:
            told = listed(row, scope, kinds)
            yield (
                pretty(row.number), told["type"], told["area"], told["unit"], row.opened_at,
                told["reason"], told["contact"], told["handled"],
                "" if told["reason"] else told["answer"],
            )  # fmt: skip
        after = page.next
        if not after:
            return


def _appeals(_actor: Actor, posts: Sequence[PostInfo], _query: Mapping[str, str]) -> Iterator[Any]:
    for one in appeals.seen(permissions.reach(posts)):
        told = shown(one)
        yield (
            pretty(one.number), told["unit"], told["kind"], told["ground"], one.filed_at,
            told["state"],
        )  # fmt: skip


register(
    of_rows(
        "rate-cases", _("Cases behind a figure"), permissions.READERS,
        (
            (_("Case"), 12), (_("Type"), 24), (_("Area"), 24), (_("Unit"), 24), (_("Opened"), 17),
            (_("Left out because"), 24), (_("First contact"), 18), (_("Result"), 18),
            (_("The resident"), 24),
        ),
        _cases, "insight:cases",
    ),
    of_rows(
        "appeals", _("Appeals"), permissions.READERS,
        (
            (_("Case"), 12), (_("Unit"), 24), (_("What"), 24), (_("Why"), 24), (_("Filed"), 17),
            (_("State"), 20),
        ),
        _appeals, "insight:appeals",
    ),
)  # fmt: skip
