"""What a round of handling left, and whether it still stands."""

from collections.abc import Sequence

from lingka.cases.events import CaseActed
from lingka.core.events import StoredEvent


def done_anew_at(past: Sequence[StoredEvent]) -> int:
    """The sequence at which a result was last found wanting, by who checked it or by the resident;
    0 where none was. What was shown for it before says nothing of how it is now."""
    found = (
        one.sequence
        for one in past
        if isinstance(one.data, CaseActed) and one.data.changes.get("facts", {}).get("rounds")
    )
    return max(found, default=0)
