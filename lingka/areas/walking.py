"""In which order places are walked. Pure."""

from collections.abc import Callable, Sequence

Point = tuple[float, float]  # lon, lat


def walking_order(points: Sequence[Point], metres: Callable[[Point, Point], float]) -> list[int]:
    """In which order to walk: from the northernmost always to the nearest, then uncrossed."""
    if not points:
        return []
    order = [max(range(len(points)), key=lambda at: (points[at][1], -points[at][0], -at))]
    left = [at for at in range(len(points)) if at != order[0]]
    while left:
        nearest = min(left, key=lambda at: (metres(points[order[-1]], points[at]), at))
        left.remove(nearest)
        order.append(nearest)
    return _uncrossed(order, points, metres)


def _uncrossed(
    order: list[int], points: Sequence[Point], metres: Callable[[Point, Point], float]
) -> list[int]:
    """Turn parts of the way round as long as that makes it shorter."""

    def length(a: int, b: int) -> float:
        return metres(points[a], points[b])

    better = True
    while better:
        better = False
        for i in range(len(order) - 2):
            for j in range(i + 2, len(order)):
                after = order[j + 1] if j + 1 < len(order) else None
                now = length(order[i], order[i + 1])
                then = length(order[i], order[j])
                if after is not None:
                    now += length(order[j], after)
                    then += length(order[i + 1], after)
                if then < now - 0.01:  # a centimetre: rounding must not turn it for ever
                    order[i + 1 : j + 1] = reversed(order[i + 1 : j + 1])
                    better = True
    return order
