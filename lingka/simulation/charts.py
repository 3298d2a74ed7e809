"""Small charts as SVG, drawn by hand: lines over days, bars of shares. They print as they are."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 150, 16, 28
PAPER, TEXT, QUIET, RULE, LATE = "#FFFEFC", "#2B211B", "#5E5148", "#DDD5C8", "#8E3A26"
COLOURS = ("#1C4E80", "#8E3A26", "#37624A", "#B07A12", "#5E5148", "#6B4E8A")
STEPS = (1, 2, 5)
FONT = "font-family='Noto Sans, Noto Sans SC, sans-serif' font-size='12'"
END = "text-anchor='end'"


def lines(title: str, days: Sequence[str], series: Mapping[str, Sequence[float]]) -> str:
    """Each series as a line over the days, its name at its end."""
    top = _round(max((max(values, default=0) for values in series.values()), default=0))
    body = [_grid(days, top)]
    ends = _apart({name: _y(values[-1], top) for name, values in series.items() if values})
    for (name, values), colour in zip(series.items(), COLOURS * 9, strict=False):
        if not values:
            continue
        points = " ".join(
            f"{_x(number, len(days)):.1f},{_y(value, top):.1f}"
            for number, value in enumerate(values)
        )
        body.append(f"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='2'/>")
        body.append(
            f"<text x='{WIDTH - RIGHT + 8}' y='{ends[name]:.1f}' fill='{colour}' {FONT}>"
            f"{escape(name)} {values[-1]:g}</text>"
        )
    return _svg(title, body, HEIGHT)


def bars(title: str, shares: Sequence[tuple[str, float, str]]) -> str:
    """Shares of a whole, each with its name and figures."""
    row, left = 24, 220
    height = TOP + row * max(len(shares), 1) + 8
    most = max((share for _name, share, _said in shares), default=0) or 1
    body = []
    for number, (name, share, said) in enumerate(shares):
        y = TOP + number * row
        wide, told = (WIDTH - left - RIGHT) * share / most, escape(said)
        body += [
            f"<text x='{left - 8}' y='{y + 13}' fill='{TEXT}' {END} {FONT}>{escape(name)}</text>",
            f"<rect x='{left}' y='{y}' width='{wide:.1f}' height='16' fill='{LATE}'/>",
            f"<text x='{left + wide + 8:.1f}' y='{y + 13}' fill='{QUIET}' {FONT}>{told}</text>",
        ]
    return _svg(title, body, height)


def _svg(title: str, body: Sequence[str], height: int) -> str:
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' role='img'"
        f" aria-label='{escape(title, quote=True)}'><title>{escape(title)}</title>"
        f"<rect width='{WIDTH}' height='{height}' fill='{PAPER}'/>{''.join(body)}</svg>\n"
    )


def _grid(days: Sequence[str], top: float) -> str:
    made = []
    for part in range(5):
        value = top * part / 4
        y = _y(value, top)
        made.append(
            f"<line x1='{LEFT}' x2='{WIDTH - RIGHT}' y1='{y:.1f}' y2='{y:.1f}' stroke='{RULE}'/>"
            f"<text x='{LEFT - 6}' y='{y + 4:.1f}' text-anchor='end' fill='{QUIET}' {FONT}>"
            f"{value:g}</text>"
        )
    for number, day in enumerate(days):
        if day.endswith("-01") or number == 0:
            x = _x(number, len(days))
            made.append(
                f"<text x='{x:.1f}' y='{HEIGHT - 8}' fill='{QUIET}' {FONT}>{day[5:]}</text>"
            )
    return "".join(made)


def _x(number: int, days: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * number / max(days - 1, 1)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _round(most: float) -> float:
    """A round number not below this, that four steps divide well."""
    scale = 4.0
    while True:
        for step in STEPS:
            if scale * step >= most:
                return scale * step
        scale *= 10


def _apart(ends: Mapping[str, float]) -> dict[str, float]:
    """The names at the lines' ends, moved until none covers another."""
    found: dict[str, float] = {}
    last = -99.0
    for name, y in sorted(ends.items(), key=lambda one: one[1]):
        last = max(y + 4, last + 14)
        found[name] = last
    over = last - (HEIGHT - BOTTOM + 4)
    return {name: y - max(over, 0) for name, y in found.items()}
