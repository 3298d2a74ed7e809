"""What somebody holds by name and not by their post: open cases that they lead.

All else passes with the post: queues are those of desks and units, and whoever is put in a post
finds its work there.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from lingka.accounts import selectors as accounts
from lingka.accounts.selectors import PostInfo
from lingka.cases.models import Case, Stage
from lingka.cases.selectors.suggestions import who_may_lead

NAMING = frozenset({"supervisor", "dispatcher"})  # who may name a lead, as the workflows say
SHOWN = 50


def _led(posts: Iterable[PostInfo]) -> QuerySet[Case]:
    """Open cases with a named lead in the areas of whoever may name one."""
    here = Q(pk=None)
    for post in posts:
        if post.role in NAMING:
            here |= Q(area_path__startswith=post.area_path)
    return Case.objects.filter(here, facts__has_key="leader").exclude(stage=Stage.CLOSED)


def officers(posts: Iterable[PostInfo]) -> list[tuple[int, str]]:
    """Who leads here, by name; also who is in no post any more."""
    ids = _led(posts).order_by().values_list("facts__leader", flat=True).distinct()
    return sorted(accounts.names(ids).items(), key=lambda pair: pair[1])


def led_by(officer: int, posts: Iterable[PostInfo]) -> list[Case]:
    """What is due first comes first; one more than is shown tells that there are more."""
    return list(_led(posts).filter(facts__leader=officer).order_by("due_at", "id")[: SHOWN + 1])


def who_may_follow(cases: Sequence[Case], officer: int) -> list[tuple[int, str]]:
    """Whoever may lead one of these: each case judges for itself."""
    found: dict[int, str] = {}
    for path in sorted({case.area_path for case in cases}):
        found |= dict(who_may_lead(path))
    return [(user, name) for user, name in found.items() if user != officer]
