"""What came out of a run, as plain data: from the engine's rows, events and rates."""

from collections import Counter
from collections.abc import Iterator, Mapping
from statistics import fmean, quantiles
from typing import Any

from lingka.areas import selectors as areas
from lingka.cases import clocks
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue
from lingka.core.models import Event
from lingka.core.text import pick
from lingka.insight.periods import Period, month_of
from lingka.insight.selectors import boards
from lingka.simulation import checked, known
from lingka.simulation.plan import NOTHING
from lingka.simulation.pools import Pool
from lingka.simulation.running import OPEN_STAGES, Simulation, open_cases
from lingka.simulation.town import label, names
from lingka.units import selectors as units

HOUR, DAY = 60.0, 24 * 60.0
LEAST = 30  # visits to a state before its shares are compared with the plan's
NOBODY = "(desk)"  # what no unit has yet

Figures = dict[str, Any]


def of(sim: Simulation) -> Figures:
    """Everything that the report, the table and a comparison show."""
    passed = list(_clocks())
    plan, by_clock = sim.plan, _passed(passed, "clock")
    return {
        "plan": {
            "name": plan.name, "seed": plan.seed, "begin": plan.begin.date().isoformat(),
            "days": plan.days, "city": plan.body["city"],
        },
        "seconds": round(sim.seconds, 1),
        "cases": _cases(sim),
        "staff": [_staff(sim, group, pools) for group, pools in names(sim.town.pools)],
        "series": _series(sim),
        "checked": checked.lines(sim, by_clock),
        "clocks": by_clock,
        "types": _named(_passed(passed, "type", only="resolve"), _type_name),
        "units": _named(_passed(passed, "unit", only="resolve"), _unit_name),
        "rates": _rates(sim),
        "walked": _walked(sim),
        "shares": _shares(sim),
        "refused": dict(sim.count.refused.most_common()),
        "stale": sim.count.stale,
    }  # fmt: skip


def _cases(sim: Simulation) -> Figures:
    stages = sim.samples[-1].stages
    days = [sim.plan.begin.date().fromordinal(sim.plan.begin.date().toordinal() + one)
            for one in range(sim.plan.days)]  # fmt: skip
    opened = sum(stages.values())
    return {
        "expected": round(sum(sim.arrivals.expected(day) for day in days)),
        "opened": opened,
        "ended": opened - open_cases(stages),
        "open": open_cases(stages),
        "stages": {stage: stages.get(stage, 0) for stage in OPEN_STAGES},
        "actions": sum(sim.count.taken.values()),
        "events": Event.objects.count(),
    }


def _staff(sim: Simulation, group: str, pools: list[Pool]) -> Figures:
    waits = sorted(wait / HOUR for pool in pools for wait in pool.tally.waits)
    duty = sum(pool.duty for pool in pools)
    return {
        "group": group,
        "label": label(group, pools),
        "people": sum(len(pool.actors) for pool in pools),
        "jobs": sum(pool.tally.asked for pool in pools),
        "waiting": sum(len(pool.queue) for pool in pools),
        "queue": round(sum(pool.mean_queue() for pool in pools), 2),
        "longest": max(sample.waiting.get(group, 0) for sample in sim.samples),
        "wait": round(fmean(waits), 2) if waits else 0.0,
        "wait_nine_of_ten": round(quantiles(waits, n=10)[-1], 2) if len(waits) > 1 else 0.0,
        "busy": round(sum(pool.tally.busy for pool in pools) / duty, 4) if duty else 0.0,
    }


def _series(sim: Simulation) -> Figures:
    """The last sample of each day: open cases, and jobs that wait for each staff."""
    daily = {int((one.at - 1) // DAY): one for one in sim.samples if one.at}
    groups = sorted({group for one in daily.values() for group in one.waiting})
    first = sim.plan.begin.date().toordinal()
    return {
        "days": [sim.plan.begin.date().fromordinal(first + day).isoformat() for day in daily],
        "open": [open_cases(one.stages) for one in daily.values()],
        "waiting": {
            group: [one.waiting.get(group, 0) for one in daily.values()] for group in groups
        },
    }


# -- deadlines ----------------------------------------------------------------------------------


def _clocks() -> Iterator[Mapping[str, Any]]:
    """Every clock that was started, once, with whether it was found to be over."""
    rows = Event.objects.filter(stream="case").order_by("stream_id", "sequence")
    stream, case_type, unit = None, "", 0
    seen: dict[tuple[str, str], dict[str, Any]] = {}
    for one, kind, data in rows.values_list("stream_id", "type", "data").iterator():
        if one != stream:
            yield from seen.values()
            stream, seen, unit = one, {}, 0
        changes = data.get("state") or data.get("changes") or {}
        case_type = changes.get("case_type", case_type)
        unit = changes["lead_unit"] or 0 if "lead_unit" in changes else unit
        for name, clock in changes.get("clocks", {}).items():
            key = name, clock["started"]
            found = seen.setdefault(key, {"clock": clocks.parted(name)[0], "type": case_type})
            found["unit"] = clocks.parted(name)[1] or unit
            found["over"] = found.get("over", False) or bool(clock["breached"])
        del kind
    yield from seen.values()


def _passed(found: list[Mapping[str, Any]], by: str, only: str = "") -> list[Figures]:
    """Deadlines and those that passed, by something; the largest first."""
    chosen = [one for one in found if not only or one["clock"] == only]
    started = Counter(one[by] for one in chosen)
    over = Counter(one[by] for one in chosen if one["over"])
    return [
        {"key": key, "started": number, "over": over[key], "share": round(over[key] / number, 4)}
        for key, number in started.most_common()
    ]


def _named(lines: list[Figures], name: Any) -> list[Figures]:
    return [line | {"key": str(line["key"]), "name": name(line["key"])} for line in lines]


def _type_name(key: str) -> str:
    return catalogue.case_type(key, "en").name


def _unit_name(key: int) -> str:
    return pick(units.unit(key).name, "en") if key else NOBODY


# -- rates and ways -----------------------------------------------------------------------------


def _rates(sim: Simulation) -> list[Figures]:
    first, last = sim.plan.begin.date(), sim.moment().date()
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    period = Period(month_of(first).first, months)
    scope = boards.Scope(period, areas.roots()[0])
    tally = boards.total(boards.board(scope, "month").months, period).tally
    made = []
    for rate in scope.definition.rates:
        numerator, denominator = rate.parts(tally)
        share = round(numerator / denominator, 4) if denominator else None
        made.append({
            "key": rate.key, "name": pick(rate.label, "en"), "share": share,
            "numerator": numerator, "denominator": denominator,
        })  # fmt: skip
    return made


def _walked(sim: Simulation) -> Figures:
    """Which actions of each workflow were done, the engine's own among them, and which never."""
    done = Counter(
        (catalogue.workflow(flow).key, action)
        for flow, action in _acted()
    )  # fmt: skip
    return {
        key: {
            "done": {action: done[key, action] for action in flow["actions"] if done[key, action]},
            "never": [action for action in flow["actions"] if not done[key, action]],
        }
        for key, flow in known.flows().items()
    }


def _acted() -> Iterator[tuple[int, str]]:
    flows = dict(Case.objects.values_list("uuid", "workflow_id"))
    acted = Event.objects.filter(stream="case", type="cases.CaseActed")
    for stream, action in acted.values_list("stream_id", "data__action").iterator():
        yield flows[stream], action


def _shares(sim: Simulation) -> list[Figures]:
    """What led on from each state, beside what the plan had said of it."""
    made = []
    for flow, state in dict.fromkeys((flow, state) for flow, state, _action in sim.count.taken):
        then, actions = sim.plan.way(flow, state).then, known.flows()[flow]["actions"]
        possible = {
            key: float(share) for key, share in then.items()
            if key != NOTHING and state in actions.get(key, {}).get("from", ())
        }  # fmt: skip
        done = {key: sim.count.taken[flow, state, key] for key in possible}
        visits, whole = sum(done.values()), sum(possible.values())
        if visits < LEAST or len(possible) < 2 or state == "closed":  # noqa: PLR2004 - a choice
            continue
        made += [
            {"workflow": flow, "state": state, "action": key, "plan": round(share / whole, 4),
             "run": round(done[key] / visits, 4), "visits": visits}
            for key, share in possible.items()
        ]  # fmt: skip
    return made
