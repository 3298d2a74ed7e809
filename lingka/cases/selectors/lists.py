"""Lists that go through the grids: one limited look into the index for each."""

from collections.abc import Sequence

from lingka.accounts.selectors import PostInfo
from lingka.areas import selectors as areas
from lingka.cases.models import Case
from lingka.cases.selectors.queues import Page

OF_A_GRID = 60
SHOWN = 100


def open_in_grids(posts: Sequence[PostInfo]) -> Page:
    """What is open in the grids of these posts, the most pressing first. One statement."""
    grids = sorted({grid for post in posts for grid in areas.subtree_grids(post.area_id)})
    if not grids:
        return Page([])
    cases = list(
        Case.objects.raw(
            "SELECT found.* FROM unnest(%s::bigint[]) AS at(key) CROSS JOIN LATERAL"
            " (SELECT * FROM cases_case WHERE grid_id = at.key AND stage <> 'closed'"
            " ORDER BY id DESC LIMIT %s) AS found"
            " ORDER BY found.due_at, found.id LIMIT %s",
            [grids, OF_A_GRID, SHOWN],
        )
    )
    return Page(cases)
