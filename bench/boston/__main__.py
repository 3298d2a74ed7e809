"""`python -m bench.boston`: learn Boston's deadlines from one quarter, be judged on the next.

Deadlines are computed by the engine from type and opening time alone. Writes docs/boston.md.
"""

import os
import time
from collections import Counter
from datetime import datetime
from typing import Any

from bench import world
from bench.boston import fit, ground, replay, rows
from bench.boston.rows import HALF, Answer, Matter

AT_ONCE = 500
A_DAY = 86400


def main() -> None:
    os.environ["LINGKA_TIME_ZONE"] = rows.ZONE
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    began = time.monotonic()
    pairs, left_out = rows.read()
    with world.cluster():
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        fitted = fit.fit(pair for pair in pairs if pair[0].opened < HALF)
        made = ground.build(fitted, {matter.type for matter, _ in pairs})
        verdicts = _through_the_engine(made, [matter for matter, _ in pairs])
        faults = _verify()
    judged = [
        (matter, answer, verdict)
        for (matter, answer), verdict in zip(pairs, verdicts, strict=True)
        if matter.opened >= HALF
    ]
    _write(fitted, judged, {
        "rows": len(pairs), "left_out": left_out, "faults": faults,
        "minutes": round((time.monotonic() - began) / 60),
    })  # fmt: skip


def _through_the_engine(made: ground.Ground, matters: list[Matter]) -> list[replay.Verdict]:
    from lingka.core.processes import spread

    until = max(matter.closed for matter in matters if matter.closed)
    parts = [matters[at : at + AT_ONCE] for at in range(0, len(matters), AT_ONCE)]
    with spread(os.cpu_count() or 1) as each:
        done = each(replay.replay, [(made, until, part) for part in parts])
        return [verdict for part in done for verdict in part]


def _verify() -> int:
    from lingka.core import verify

    return len(verify.run(processes=os.cpu_count() or 1))


Judged = list[tuple[Matter, Answer, replay.Verdict]]


def _write(fitted: fit.Fitted, judged: Judged, facts: dict[str, Any]) -> None:
    told = [one for one in judged if one[1].on_time]
    differ = [one for one in told if one[1].on_time != one[2][1]]
    agree = _share(len(told) - len(differ), len(told))
    lines = [
        *_told(fitted, facts),
        *_found(told, differ),
        f"- {len(judged) - len(told)} requests of the second half have no flag and are not judged.",
        "",
        *_reasons(told, differ),
        "Where most flags differ:",
        "",
        "| type | flags that differ | of | rule learnt |",
        "|---|---:|---:|---|",
        *_types(fitted, told, differ),
        "",
    ]
    (world.ROOT / "docs" / "boston.md").write_text("\n".join(lines), "utf-8")
    print(f"{agree} of the flags agree; docs/boston.md says why not all.")


def _told(fitted: fit.Fitted, facts: dict[str, Any]) -> list[str]:
    """What was done, and what was learnt."""
    return [
        "# Boston's half-year of 2011 through the engine",
        "",
        "`python -m bench.boston` reads the city's 311 requests of July to December 2011 (the file",
        "lies outside this repository; see `docs/imports.md`), learns a deadline for each type",
        "from those opened before October, and takes all of them through the engine: opened, sent",
        "to a unit, signed in and reported back at their times, with the fitted deadlines as data.",
        "The engine is told type, opening and closing; it never sees the city's due time or flag.",
        "",
        f"- {facts['rows']:,} requests went through; {facts['left_out']}, which are comments on",
        f"  persons, were left out. `lingka verify` found {facts['faults']} faults afterwards.",
        f"  {facts['minutes']} minutes in all.",
        f"- Fitted on the first half: hours {fitted.hours[0]} to {fitted.hours[1]}, Monday to",
        f"  Friday, no holidays; {_share(fitted.met, fitted.of)} of its due times met within an",
        f"  hour, by {len(fitted.rules)} types.",
    ]


def _found(told: Judged, differ: Judged) -> list[str]:
    """How many flags agree."""
    dropped = _most(differ)
    others = [one for one in told if one[0].type != dropped]
    right = sum(answer.on_time == verdict[1] for _, answer, verdict in others)
    late = [verdict[1] for _, answer, verdict in told if answer.on_time == "OVERDUE"]
    agree = _share(len(told) - len(differ), len(told))
    return [
        f"- Judged on the second half: **{agree} of the flags agree**.",
        f"  Without “{dropped}” {_share(right, len(others))}.",
        "- Of the requests that the city calls overdue,",
        f"  {_share(late.count('OVERDUE'), len(late))} are overdue to the engine too.",
    ]


def _reasons(told: Judged, differ: Judged) -> list[str]:
    """Why the others do not."""
    dropped, counted = (
        _most(differ),
        Counter(_why(answer, verdict) for _, answer, verdict in differ),
    )
    count = sum(matter.type == dropped for matter, *_ in differ)
    return [
        "Why the rest differ:",
        "",
        "| reason | flags |",
        "|---|---:|",
        *(f"| {reason} | {number:,} |" for reason, number in counted.most_common()),
        "",
        f"{count:,} of the {len(differ):,} are of one type, “{dropped}”: {_until(told, dropped)}",
        "",
    ]


def _most(differ: Judged) -> str:
    """The type with most flags that differ."""
    return Counter(matter.type for matter, *_ in differ).most_common(1)[0][0]


def _until(told: Judged, kind: str) -> str:
    """When the city stopped to set deadlines for a type, if it did."""
    mine = [(matter.opened, answer.due) for matter, answer, _ in told if matter.type == kind]
    last = max(opened for opened, due in mine if due)
    after = sum(opened > last for opened, _ in mine)
    return (
        f"the last one with a deadline was opened on {last:%d %B}, and {after:,} follow without.\n"
        "What was learnt before October cannot know that; in an installation it is a new version\n"
        "of the deadlines, in force from that day."
    )


def _types(fitted: fit.Fitted, told: Judged, differ: Judged) -> list[str]:
    size = Counter(matter.type for matter, *_ in told)
    most = Counter(matter.type for matter, *_ in differ).most_common(12)
    return [
        f"| {kind} | {number:,} | {size[kind]:,} | {_said(fitted.rules.get(kind))} |"
        for kind, number in most
    ]


def _said(rule: fit.Rule | None) -> str:
    if rule is None:
        return "type unknown in the first half"
    if not rule.basis:
        return "no deadline"
    if rule.basis == "elapsed":
        return f"{rule.amount // 1440} days"
    return f"{rule.amount} working hours"


def _why(answer: Answer, verdict: replay.Verdict) -> str:
    """What differs between the city's deadline and ours."""
    if not answer.due:
        return "the city set no deadline for this request, though it did for others of its type"
    if not verdict[0]:
        return "the city set a deadline, though it had set none for this type before"
    off = (datetime.fromisoformat(verdict[0]) - answer.due).total_seconds()
    if abs(off) < A_DAY:
        return "both deadlines lie within a day, and the request was closed between them"
    return "the city's deadline is later" if off < 0 else "the city's deadline is earlier"


def _share(part: int, whole: int) -> str:
    return f"{part:,} ÷ {whole:,} · {part / whole:.1%}" if whole else "0 ÷ 0"


if __name__ == "__main__":
    main()
