"""Draw the shipped workflows into docs/workflows, from the data that the engine runs."""

import sys
from pathlib import Path
from typing import Any

import yaml

from lingka.cases import parts

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "lingka" / "cases" / "data" / "workflows"
TARGET = ROOT / "docs" / "workflows"
MANY = 3  # an action possible in more states than this is listed, not drawn


def drawn(body: dict[str, Any]) -> str:
    """One workflow as a page: diagram, states, actions."""
    lines = [
        f"# {body['name']['en']} · {body['name']['zh-hans']}",
        "",
        f"Drawn by `scripts/workflows.py` from `{body['key']}.yaml`; edit that file, not this one.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {body['initial']}",
        *_arrows(body),
        "```",
        "",
        *_states(body),
        "",
        *_actions(body),
        *_chain(body),
        *_grades(body),
    ]
    return "\n".join(lines) + "\n"


def _starts(body: dict[str, Any], action: dict[str, Any]) -> list[str]:
    if action["from"] == "open":
        return [key for key, state in body["states"].items() if not state.get("final")]
    return list(action["from"])


def _arrows(body: dict[str, Any]) -> list[str]:
    lines = []
    for key, action in body["actions"].items():
        goal, starts = action.get("to"), _starts(body, action)
        if goal and goal in body["states"] and len(starts) <= MANY:
            lines += [f"    {start} --> {goal}: {key}" for start in starts if start != goal]
    ends = [key for key, state in body["states"].items() if state.get("final")]
    return lines + [f"    {key} --> [*]" for key in ends]


def _states(body: dict[str, Any]) -> list[str]:
    lines = ["| state | stage | who has to act | clock |", "|---|---|---|---|"]
    for key, state in body["states"].items():
        waits = state.get("clock") or state.get("no_clock") or "none: it ends here"
        lines.append(
            f"| {key} · {state['label']['zh-hans']} | {state['stage']} |"
            f" {state.get('owner', '')} | {waits} |"
        )
    return lines


def _actions(body: dict[str, Any]) -> list[str]:
    lines = ["| action | from → to | who may | asks for | only if |", "|---|---|---|---|---|"]
    open_states = sum(not state.get("final") for state in body["states"].values())
    for key, action in body["actions"].items():
        starts = _starts(body, action)
        where = "any open state" if len(starts) >= open_states else ", ".join(starts)
        goal = {None: "", "@before": " → where it was"}.get(
            action.get("to"), f" → {action.get('to')}"
        )
        needs = ", ".join(need["name"] for need in action.get("needs", []))
        lines.append(
            f"| {key} · {action['label']['zh-hans']} | {where}{goal} |"
            f" {', '.join(action['by'])} | {needs} | {', '.join(action.get('if', []))} |"
        )
    return lines


def _chain(body: dict[str, Any]) -> list[str]:
    """The levels whose desks take a case in turn."""
    found = (one["chain"] for one in body.get("on_open", []) if "chain" in one)
    return [line for levels in found for line in ("", f"Desks in turn: {' → '.join(levels)}.")]


def _grades(body: dict[str, Any]) -> list[str]:
    if "grades" not in body:
        return []
    lines = [
        "",
        "| grade | climbs when | desk | kinds that start here | opens |",
        "|---|---|---|---|---|",
    ]
    for grade in body["grades"]:
        when = ", ".join(f"{name} ≥ {limit}" for name, limit in grade.get("climbs", {}).items())
        label = grade["label"]["zh-hans"]
        types, opens = (", ".join(one) for one in (grade.get("types", ()), _opened(grade)))
        desk = grade.get("desk", "")
        lines.append(f"| {grade['key']} · {label} | {when} | {desk} | {types} | {opens} |")
    return lines


def _opened(grade: dict[str, Any]) -> list[str]:
    return [f"{kind} (for what is {public})" for public, kind in grade.get("opens", {}).items()]


def pages() -> dict[Path, str]:
    """Path and text of every page."""
    found, shared = {}, parts.shipped()
    for path in sorted(SOURCE.glob("*.yaml")):
        body = parts.expanded(yaml.safe_load(path.read_text("utf-8")), shared)
        found[TARGET / f"{path.stem}.md"] = drawn(body)
    return found


def main() -> int:
    """Write the pages; with --check only say whether they are up to date."""
    check = "--check" in sys.argv
    old = [path for path, text in pages().items() if not path.exists() or path.read_text() != text]
    for path in old:
        if check:
            print(f"{path.relative_to(ROOT)} is out of date: run scripts/workflows.py")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages()[path], "utf-8")
    return 1 if check and old else 0


if __name__ == "__main__":
    sys.exit(main())
