"""Writes what was measured: bench/results.json, raw samples, docs/performance.md."""

import json
from typing import Any

from bench.world import ROOT

GOALS = {
    "lifecycle_per_pgbench_tx": "≥ 0.008",
    "lifecycle_1m_over_empty": "≥ 0.9",
    "create_sql_statements": "≤ 12",
    "create_cpu_ms": "≤ 10",
    "queue_page_1m_over_10k": "≤ 1.3",
    "rates_page_ms": "≤ 300",
    "rates_page_1m_over_10k": "≤ 1.5",
    "locate_points_per_s": "≥ 200,000",
    "phones_drain_s": "reported",
    "phones_errors": "0",
    "redemptions_per_pgbench_tx": "reported",
    "check_ins_per_pgbench_tx": "reported",
    "street_check_in_s": "≤ 300",
    "street_lost_or_doubled": "0",
    **{
        f"lighthouse_{page}_{name}": goal
        for page in ("field", "report")
        for name, goal in (
            ("performance", "≥ 90"), ("accessibility", "100"), ("best_practices", "100"),
        )
    },
}  # fmt: skip


def write(results: dict[str, dict[str, Any]], samples: dict[str, Any], machine: str) -> None:
    _json("results.json", results)
    _json("samples.json", samples | {"machine": machine})
    (ROOT / "docs" / "performance.md").write_text(_page(results, samples, machine), "utf-8")


def add(name: str, part: dict[str, Any]) -> None:
    """A part that was measured alone takes its place among what was measured before."""
    samples = json.loads((ROOT / "bench" / "samples.json").read_text("utf-8")) | {name: part}
    results = json.loads((ROOT / "bench" / "results.json").read_text("utf-8"))
    write(results | figures(samples), samples, samples["machine"])


def figures(samples: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Of the parts that can be measured alone."""
    found: dict[str, tuple[Any, str]] = {}
    if one := samples.get("phones"):
        size = f"{one['phones']} phones with {one['records']:,} records, {one['photos']:,} photos"
        found["phones_drain_s"] = (one["seconds"], f"s, {size}")
        found["phones_errors"] = (one["errors"], "errors")
    if one := samples.get("together"):
        found["redemptions_per_pgbench_tx"] = (
            round(one["redemptions_per_s"] / one["tps"], 4),
            f"redemptions per pgbench transaction, {one['redemptions_per_s']:g} a second",
        )
        found["check_ins_per_pgbench_tx"] = (
            round(one["check_ins_per_s"] / one["tps"], 4),
            f"check-ins at one event per pgbench transaction, {one['check_ins_per_s']:g} a second",
        )
        size = f"{one['street']:,} phones, {one['failed_requests']:,} requests failed"
        found["street_check_in_s"] = (one["seconds"], f"s, {size}")
        found["street_lost_or_doubled"] = (one["lost"] + one["doubled"], "check-ins")
    for page, scores in samples.get("app", {}).items():
        if page != "machine":
            for name in ("performance", "accessibility", "best_practices"):
                found[f"lighthouse_{page}_{name}"] = (scores[name], "of 100, Lighthouse, phone")
    return {name: {"value": value, "unit": unit} for name, (value, unit) in found.items()}


def _json(name: str, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    (ROOT / "bench" / name).write_text(text, "utf-8")


def _page(results: dict[str, dict[str, Any]], samples: dict[str, Any], machine: str) -> str:
    lines = [
        *_head(samples, machine),
        "| what | measured | goal |",
        "|---|---:|---:|",
        *(
            f"| {name} | {one['value']} {one['unit']} | {GOALS[name]} |"
            for name, one in results.items()
        ),
        "",
        "One lifecycle: report by Open311, dispatch, sign in, report back, verify, rate, by eight",
        "clients over HTTP on two server processes with the worker running; it counts when the",
        "last receiver has caught up.",
        "",
        "| database | pgbench tps | CPU ms a transaction | lifecycles/s | CPU ms a lifecycle |",
        "|---|---:|---:|---:|---:|",
    ]
    for part in ("empty", "full"):
        lines += [
            "| " + " | ".join(str(value) for value in (part, *row.values())) + " |"
            for row in samples[part]["samples"]
        ]
    small, large = samples["queue_small"], samples["queue_large"]
    pages = f"{small['median_ms']} ms at the small size, {large['median_ms']} ms at the full size"
    lines += [
        "",
        f"Queue page: {pages}, {large['statements']} SQL statements (BEGIN and the like apart).",
        *_rates(samples),
        *([f"Seeding took {samples['seed_seconds']} s."] if "seed_seconds" in samples else []),
        *_verified(samples),
        *_phones(samples),
        *_together(samples),
        *_app(samples),
        "",
    ]
    return "\n".join(lines)


def _head(samples: dict[str, Any], machine: str) -> list[str]:
    return [
        "# Performance",
        "",
        f"Measured by `{samples.get('command', 'make bench')}` on {machine},",
        f"with {samples['cases']:,} cases.",
        "The yardstick is `pgbench` (TPC-B, scale 10, 8 clients) on the same PostgreSQL in the",
        "same run, with fsync and synchronous_commit on. Raw samples: `bench/samples.json`.",
        "",
    ]


def _phones(samples: dict[str, Any]) -> list[str]:
    """A day out of reach that comes in at once."""
    if not (one := samples.get("phones")):
        return []
    return [
        "",
        f"{one['phones']} phones that come back at once ({one['machine']}),",
        f"{one['megabytes']} MB: all through in {one['seconds']} s, half of them in",
        f"{one['half_through_seconds']} s, with {one['cpu_seconds']} s of CPU (server, worker,",
        f"database); {one['errors']} errors, and {one['asked_again']} requests that waited more",
        f"than a minute and were sent again. The bytes alone take {one['loopback_seconds']} s on",
        "the loopback. The load runs on the same cores.",
        "`python -m bench --only phones` measures this alone.",
    ]


def _together(samples: dict[str, Any]) -> list[str]:
    """The points bank, and a street that checks in at one event."""
    if not (one := samples.get("together")):
        return []
    return [
        "",
        f"Points and volunteering ({one['machine']}), pgbench at {one['tps']} tps:",
        f"{one['redemptions_per_s']:g} redemptions a second (reserved, then handed over) and",
        f"{one['check_ins_per_s']:g} check-ins a second at one event, by four processes. Then",
        f"{one['street']:,} phones check in over HTTP at one event within {one['seconds']} s, one",
        f"request in ten failing ({one['failed_requests']:,} did): {one['lost']} lost,",
        f"{one['doubled']} doubled. The last quarter of them takes {one['growth']:g} times as long",
        "as the second: what a check-in costs beside those who are there. The load runs on the",
        "same cores.",
        "`python -m bench --only together` measures this alone.",
    ]


def _app(samples: dict[str, Any]) -> list[str]:
    """What Lighthouse took points for."""
    if not (told := samples.get("app")):
        return []
    lines = [
        "",
        f"Lighthouse on its phone profile ({told['machine']}); `--only app` measures it alone.",
    ]
    for page, scores in told.items():
        if page != "machine" and scores["costs"]:
            lines += ["", f"Points that /{page}/ lost: " + "; ".join(scores["costs"]) + "."]
    return lines


def _rates(samples: dict[str, Any]) -> list[str]:
    """The board of rates, and whether what it reads is what all events give."""
    small, large = samples["rates_small"], samples["rates_large"]
    times = (
        f"a month {small['median_ms']} ms at the small size, {large['median_ms']} ms at the full"
    )
    lines = [f"Board of rates: {times}, a week {large['week_ms']} ms."]
    if "rates_differences" in samples:
        lines.append(
            f"All figures made anew of all events in {samples['rates_anew_seconds']} s differed in"
            f" {samples['rates_differences']} places."
        )
    return lines


def _verified(samples: dict[str, Any]) -> list[str]:
    """What `lingka verify` said of the whole database in the end."""
    if "faults" not in samples:
        return []
    return [
        f"`lingka verify` then read all {samples['events']:,} events and every case with all",
        f"cores in {samples['verify_seconds']} s and found {samples['faults']} faults.",
    ]
