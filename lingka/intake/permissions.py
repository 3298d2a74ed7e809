"""Who may look at held reports."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo, desk_areas
from lingka.areas import selectors as areas
from lingka.core.permissions import Allowed, Denied

REVIEWERS = frozenset({"dispatcher", "supervisor"})


def may_review(posts: Sequence[PostInfo]) -> Allowed | Denied:
    """Dispatchers and supervisors look at what came in floods."""
    if any(post.role in REVIEWERS for post in posts):
        return Allowed()
    return Denied("not-a-reviewer", _("Only dispatchers and supervisors look at held reports."))


def may_take_calls(posts: Sequence[PostInfo]) -> Allowed | Denied:
    """Dispatchers take calls: their desk is the one that the case comes to."""
    if any(post.role == "dispatcher" for post in posts):
        return Allowed()
    return Denied("not-a-desk", _("Only a desk that takes calls may do this."))


def within_reach(posts: Sequence[PostInfo]) -> Q:
    """Reports in the area of one of the posts. One without a place is for whoever covers the
    whole town; where no desk does, it is for every desk rather than for nobody."""
    tops = {one.id for one in areas.roots()}
    nobody_covers_it = not tops & desk_areas()
    found = Q(pk__in=[])
    for post in posts:
        if post.role in REVIEWERS:
            found |= Q(desk_path__startswith=post.area_path)
            if nobody_covers_it or post.area_id in tops:
                found |= Q(desk_path="")
    return found
