"""The figures of a run as text: for the terminal, and as tables of a report."""

from collections.abc import Iterable, Sequence
from typing import Any

from lingka.simulation.figures import Figures

Row = Sequence[str]
Table = tuple[Row, Sequence[Row]]
STAFF = ("staff", "people", "busy", "jobs", "wait, mean", "9 of 10 wait under", "queue, mean",
         "longest", "at the end")  # fmt: skip
DEADLINES = ("deadline", "started", "passed", "share")


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def hours(value: float) -> str:
    return f"{value:.1f} h"


def cases(figures: Figures) -> str:
    """One line on what came in and what became of it."""
    one = figures["cases"]
    standing = ", ".join(f"{stage} {number}" for stage, number in one["stages"].items() if number)
    return (
        f"{one['opened']:,} cases ({one['expected']:,} expected by the plan's rates):"
        f" {one['ended']:,} ended, {one['open']:,} open ({standing or 'none'})."
        f" {one['actions']:,} actions by people, {one['events']:,} events in all."
    )


def staff(figures: Figures) -> Table:
    rows = [
        (one["label"], str(one["people"]), percent(one["busy"]), f"{one['jobs']:,}",
         hours(one["wait"]), hours(one["wait_nine_of_ten"]), f"{one['queue']:.1f}",
         str(one["longest"]), str(one["waiting"]))
        for one in figures["staff"] if one["jobs"]
    ]  # fmt: skip
    return STAFF, rows


def deadlines(figures: Figures, part: str) -> Table:
    """Deadlines by what they are for, by type or by unit."""
    rows = [
        (one.get("name", one["key"]), f"{one['started']:,}", f"{one['over']:,}",
         percent(one["share"]))
        for one in figures[part]
    ]  # fmt: skip
    return (part.removesuffix("s") if part != "clocks" else "deadline", *DEADLINES[1:]), rows


def rates(figures: Figures) -> Table:
    rows = [
        (one["name"], f"{one['numerator']:,}", f"{one['denominator']:,}", percent(one["share"]))
        for one in figures["rates"]
    ]
    return ("rate", "cases", "of", "share"), rows


def checked(lines: Sequence[Figures]) -> Table:
    """Figures that were reckoned twice, from what people did and by the product."""
    rows = [(one["what"], one["planned"], one["shown"]) for one in lines]
    return ("figure", "planned", "shown"), rows


def shares(figures: Figures) -> Table:
    """Where the run went another way than the plan, the largest differences first."""
    chosen = sorted(figures["shares"], key=lambda one: -abs(one["run"] - one["plan"]))
    rows = [
        (one["workflow"], one["state"], one["action"], percent(one["plan"]), percent(one["run"]),
         f"{one['visits']:,}")
        for one in chosen
    ]  # fmt: skip
    return ("workflow", "state", "leads on", "plan", "run", "of"), rows


def walked(figures: Figures) -> Table:
    rows = [
        (key, f"{sum(one['done'].values()):,}", str(len(one["done"])),
         str(len(one["done"]) + len(one["never"])), ", ".join(one["never"]) or "–")
        for key, one in figures["walked"].items()
    ]  # fmt: skip
    return ("workflow", "times", "actions done", "of", "never done"), rows


def refused(figures: Figures) -> Table:
    """What people tried and the engine did not let them."""
    rows = [(what, f"{number:,}") for what, number in figures["refused"].items()]
    return ("action: why not", "times"), rows


def compared(several: Sequence[Figures]) -> Table:
    """Plans side by side: deadlines that passed, rates, waits and queues."""
    head = ["", *(one["plan"]["name"] for one in several)]
    rows = [
        ["cases", *(f"{one['cases']['opened']:,}" for one in several)],
        ["open at the end", *(f"{one['cases']['open']:,}" for one in several)],
        ["deadlines passed, all", *(percent(overall(one)) for one in several)],
    ]
    rows += [
        [f"passed: {key}", *(percent(_share(one["clocks"], key)) for one in several)]
        for key in _keys(several, "clocks", "key")
    ]
    rows += [
        [f"rate: {name}", *(percent(_of(one["rates"], "name", name, "share")) for one in several)]
        for name in _keys(several, "rates", "name")
    ]
    for group in _keys(several, "staff", "label"):
        found = [_line(one["staff"], "label", group) for one in several]
        if any(one.get("jobs") for one in found):
            rows.append([f"{group}: people, busy, mean wait, longest queue", *map(_worked, found)])
    return head, rows


def overall(figures: Figures) -> float | None:
    """Of all deadlines that were started, how many passed."""
    started = sum(one["started"] for one in figures["clocks"])
    return sum(one["over"] for one in figures["clocks"]) / started if started else None


def _worked(one: Figures) -> str:
    if not one:
        return "–"
    return f"{one['people']}, {percent(one['busy'])}, {hours(one['wait'])}, {one['longest']}"


def _keys(several: Sequence[Figures], part: str, by: str) -> Iterable[str]:
    return dict.fromkeys(line[by] for one in several for line in one[part])


def _line(lines: Sequence[Figures], by: str, key: str) -> Figures:
    return next((one for one in lines if one[by] == key), {})


def _of(lines: Sequence[Figures], by: str, key: str, name: str) -> Any:
    return _line(lines, by, key).get(name)


def _share(lines: Sequence[Figures], key: str) -> Any:
    return _of(lines, "key", key, "share")


# -- how they are written ------------------------------------------------------------------------


def plain(table: Table, most: int | None = None) -> str:
    """For the terminal: columns under one another, figures to the right."""
    head, rows = table
    shown = rows[:most]
    wide = [max(len(row[number]) for row in (head, *shown)) for number in range(len(head))]
    lines = ["  ".join(_aligned(row, wide)).rstrip() for row in (head, *shown)]
    left = len(rows) - len(shown)
    return "\n".join([*lines, *([f"… and {left} more"] if left else [])])


def _aligned(row: Row, wide: Sequence[int]) -> Iterable[str]:
    for number, (cell, width) in enumerate(zip(row, wide, strict=True)):
        yield cell.rjust(width) if number and _figure(cell) else cell.ljust(width)


def _figure(cell: str) -> bool:
    return bool(cell) and (cell[0].isdigit() or cell[0] in "–-")


def markdown(table: Table) -> str:
    head, rows = table
    figures = [
        bool(rows) and all(_figure(row[number]) for row in rows) for number in range(len(head))
    ]
    rule = "".join("|---:" if one else "|---" for one in figures) + "|"
    return "\n".join([_piped(head), rule, *map(_piped, rows), ""])


def _piped(row: Row) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in row) + " |"
