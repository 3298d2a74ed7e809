"""The commands of provable history: heads and proofs as files, and checking them."""

import json
from pathlib import Path
from typing import Any

from lingka.ops.run import say
from lingka.proofs import checking, notes
from lingka.proofs.notes import Head

SAID = {  # what holds, what does not
    "records": ("Every record leads to the head's root.", "A record does not lead to the root."),
    "complete": ("No record is missing between them.", "Records are missing between them."),
    "signature": ("The head is signed.", "The head's signature does not hold."),
    "since": ("It continues the earlier head.", "It does not continue the earlier head."),
}


def export_head(file: Path) -> int:
    """Sign what there is, and write the newest head: a file to keep where this machine is not."""
    from lingka.proofs import actions, selectors

    actions.keep_up()
    head = selectors.newest()
    if head is None:
        say("There is no signed head: is LINGKA_HEAD_KEYS set, and anything recorded?")
        return 1
    _write(file, head.as_json())
    say(f"The head over {head.size} records is in {file}. Keep it away from this machine.")
    return 0


def export_proof(case: str, file: Path, since: Path | None) -> int:
    """Write the proof of a case's history."""
    from lingka.cases.selectors import by_number
    from lingka.proofs import actions, selectors

    stream = by_number(case)
    if stream is None:
        say(f"There is no case {case}.")
        return 1
    earlier = read_heads([since]) if since else []
    if earlier is None:
        return 1
    actions.keep_up()
    proof = selectors.proof_of(stream, earlier[0][1] if earlier else None)
    if proof is None:
        say("Nothing of this case is under a signed head yet.")
        return 1
    _write(file, proof)
    say(f"The proof of {len(proof['records'])} records is in {file}.")
    return 0


def check(file: Path, head: Path | None) -> int:
    """Say what holds of a proof, by the file alone and the keys of a head that one trusts."""
    trusted = read_heads([head]) if head else []
    if trusted is None:
        return 1
    try:
        proof = checking.load(_read(file))
    except ValueError as problem:
        say(f"{file}: {problem}")
        return 1
    findings = checking.check(proof, {key for _, one in trusted for key in one.signed_by()})
    for finding in findings:
        say(f"[{'  ok  ' if finding.holds else ' BAD  '}] {_said(finding)}")
    holds = all(finding.holds for finding in findings)
    say(
        f"{len(proof.records)} records, of {proof.head.origin}, as they were at"
        f" {proof.head.made_at}." if holds else "This proof does not hold."
    )  # fmt: skip
    if holds and not trusted:
        say("Whose key it is, this file cannot say: give a head that you trust with --head.")
    return 0 if holds else 1


def _said(finding: checking.Finding) -> str:
    holds, fails = SAID[finding.about]
    return holds if finding.holds else fails


def read_heads(files: list[Path]) -> list[tuple[str, Head]] | None:
    """The heads in these files, heads or proofs; None, and the reason said, where one is none."""
    found = []
    for file in files:
        try:
            value = _read(file)
            found.append((str(file), notes.load(value.get("head", value))))
        except (ValueError, AttributeError) as problem:
            say(f"{file}: {problem}")
            return None
    return found


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise ValueError(problem.strerror) from problem
    except ValueError as problem:
        raise ValueError("this is not JSON") from problem


def _write(file: Path, value: dict[str, Any]) -> None:
    file.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
