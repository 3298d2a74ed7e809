"""The report of one or several runs: a page of Markdown, its charts beside it as SVG."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from lingka.simulation import charts, tables
from lingka.simulation.checked import differing
from lingka.simulation.figures import Figures

QUEUES = 5  # lines in the chart of queues: those that were longest
BARS = 12


def terminal(several: Sequence[Figures]) -> str:
    """What is said at the end of a run."""
    told = []
    for figures in several:
        told += [
            f"\n{figures['plan']['name']}", tables.cases(figures), "",
            tables.plain(tables.staff(figures)), "",
            tables.plain(tables.deadlines(figures, "clocks")), "",
            "Deadlines for the result (resolve), by type and by unit:",
            tables.plain(tables.deadlines(figures, "types"), 10), "",
            tables.plain(tables.deadlines(figures, "units"), 10), "",
            tables.plain(tables.rates(figures)), "",
            tables.plain(tables.walked(figures)), "",
            *verdict(figures),
        ]  # fmt: skip
    if len(several) > 1:
        told += ["\nCompared", tables.plain(tables.compared(several))]
    return "\n".join(told)


def verdict(figures: Figures) -> list[str]:
    """Whether what the product shows is what was planned, and where not."""
    every, wrong = figures["checked"], differing(figures["checked"])
    if not wrong:
        return [f"Planned and shown: {len(every)} figures reckoned twice, all the same."]
    told = f"Planned and shown: {len(wrong)} of {len(every)} figures differ."
    return [told, tables.plain(tables.checked(wrong))]


def write(folder: Path, several: Sequence[Figures]) -> Path:
    """Write report.md, figures.json and the charts; returns the report's path."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = ["# Simulated: " + ", ".join(one["plan"]["name"] for one in several), ""]
    if len(several) > 1:
        parts += ["## Compared", "", tables.markdown(tables.compared(several))]
    for number, figures in enumerate(several, start=1):
        mark = f"{number}-" if len(several) > 1 else ""
        for name, chart in _charts(figures).items():
            (folder / f"{mark}{name}.svg").write_text(chart, "utf-8")
        parts.append(_section(figures, mark))
    (folder / "figures.json").write_text(json.dumps(list(several), indent=1) + "\n", "utf-8")
    page = folder / "report.md"
    page.write_text("\n".join(parts), "utf-8")
    return page


def _charts(figures: Figures) -> Mapping[str, str]:
    series = figures["series"]
    queues = sorted(series["waiting"].items(), key=lambda one: -sum(one[1]))[:QUEUES]
    late = sorted(figures["types"], key=lambda one: -one["share"])[:BARS]
    bars = [
        (one["name"], one["share"], f"{tables.percent(one['share'])} of {one['started']}")
        for one in late if one["over"]
    ]  # fmt: skip
    return {
        "open": charts.lines("Open cases", series["days"], {"open": series["open"]}),
        "queues": charts.lines("Jobs that wait", series["days"], dict(queues)),
        "late": charts.bars("Deadlines for the result that passed", bars),
    }


def _section(figures: Figures, mark: str) -> str:
    plan = figures["plan"]
    told = (
        f"{plan['days']} days from {plan['begin']}, seed {plan['seed']}, city {plan['city']};"
        f" run in {figures['seconds'] / 60:.1f} minutes. {tables.cases(figures)}"
    )
    return "\n".join([
        f"## {plan['name']}", "", told, "",
        f"![Open cases]({mark}open.svg)", "",
        "### Staff and queues", "",
        "Waits are hours by the clock, nights and days off among them.", "",
        tables.markdown(tables.staff(figures)),
        f"![Jobs that wait at the end of each day]({mark}queues.svg)", "",
        "### Deadlines that passed", "", tables.markdown(tables.deadlines(figures, "clocks")),
        "For the result (`resolve`), by type and by unit:", "",
        f"![Shares by type]({mark}late.svg)", "",
        tables.markdown(tables.deadlines(figures, "types")),
        tables.markdown(tables.deadlines(figures, "units")),
        "### Rates", "", tables.markdown(tables.rates(figures)),
        "### Planned and shown", "",
        "Reckoned from what people did, in books of its own, and read off the product.", "",
        f"{len(differing(figures['checked']))} of {len(figures['checked'])} figures differ.", "",
        tables.markdown(tables.checked(of_note(figures["checked"]))),
        "### Plan and run", "",
        "What led on from a state, where the plan leaves a choice:", "",
        tables.markdown(tables.shares(figures)),
        "### Workflows walked", "", tables.markdown(tables.walked(figures)),
        "### Refused by the engine", "", tables.markdown(tables.refused(figures)),
        f"{figures['stale']:,} jobs were nobody's any more when their turn came.", "",
    ])  # fmt: skip


def of_note(lines: Sequence[Figures]) -> Sequence[Figures]:
    """All but the queues of most days: those of the first of each month, and whatever differs."""
    return [
        one for one in lines
        if one["what"][10:11] != ":" or one["what"][8:10] == "01" or one in differing([one])
    ]  # fmt: skip
