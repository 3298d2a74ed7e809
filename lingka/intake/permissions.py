"""Who may look at held reports."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import PostInfo
from lingka.core.permissions import Allowed, Denied

REVIEWERS = frozenset({"dispatcher", "supervisor"})


def may_review(posts: Sequence[PostInfo]) -> Allowed | Denied:
    """Dispatchers and supervisors look at what came in floods."""
    if any(post.role in REVIEWERS for post in posts):
        return Allowed()
    return Denied("not-a-reviewer", _("Only dispatchers and supervisors look at held reports."))


def reaches(posts: Sequence[PostInfo], desk_path: str) -> bool:
    """Whether the report lies in the area of one of the posts; one without a place in any."""
    reviewing = (post for post in posts if post.role in REVIEWERS)
    return any(not desk_path or desk_path.startswith(post.area_path) for post in reviewing)
