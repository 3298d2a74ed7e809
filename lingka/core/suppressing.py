"""Small groups are not shown in public, nor what would give them away.

Where one cell of a column is hidden and the column's total is shown, the cell could be had by
subtraction. So further cells are hidden, the smallest first, until those hidden together make a
group that may be shown.
"""

from collections.abc import Mapping


def hidden(
    groups: Mapping[str, int], minimum: int, already: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Which of a column's cells are hidden; `already` are hidden for another reason.

    Empty cells say nothing of anybody; they are neither hidden nor do they hide others.
    """
    small = {key for key, size in groups.items() if 0 < size < minimum}
    found = {key for key in already if groups.get(key, 0)} | small
    rest = sorted((size, key) for key, size in groups.items() if size and key not in found)
    while found and rest and (len(found) == 1 or sum(groups[key] for key in found) < minimum):
        found.add(rest.pop(0)[1])
    return frozenset(found)
