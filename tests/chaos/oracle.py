"""What must have become of everything that the screen called saved. No browser, no database."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Saved:
    """One line of the log outside the browser, written when the screen said "saved"."""

    op: str
    kind: str
    record: str
    files: Mapping[str, str] = field(default_factory=dict)  # attachment: SHA-256 on the phone


@dataclass
class Found:
    """What there is in the end, on both sides of the line."""

    operations: list[tuple[str, str]]  # op_id, status; of this worker, on whatever device
    effects: Counter[str]  # how often the record, or for an action the operation, had an effect
    files: dict[str, str]  # attachment: SHA-256 of what the server received, of those with a case
    tray: set[str]  # what the screen still shows as not arrived
    evicted: set[str]  # what was on the phone when its storage went, and the app said so
    unspoken: int = 0  # so many may have been kept by a phone that died before it could say so


def faults(saved: Iterable[Saved], found: Found) -> list[str]:
    """Everything that was lost, doubled or altered, in words."""
    log = list(saved)
    return [*(fault for one in log for fault in _of(one, found)), *_strange(log, found)]


def _of(one: Saved, found: Found) -> Iterable[str]:
    known = [status for op, status in found.operations if op == one.op]
    named = f"{one.kind} {one.op}"
    if len(known) > 1:
        yield f"{named} was stored {len(known)} times"
    if one.op in found.tray:
        return
    if not known:
        if one.op not in found.evicted:
            yield f"{named} is neither on the server nor in the tray, and nobody was told"
        return
    if known[0] != "applied":
        yield f"{named} ended as {known[0]} and is not in the tray"
        return
    many = found.effects[key_of(one)]
    if many != 1:
        yield f"{named} had its effect {many} times"
    if one.op not in found.evicted:
        yield from _files(one, found)


def _files(one: Saved, found: Found) -> Iterable[str]:
    for attachment, digest in one.files.items():
        received = found.files.get(attachment)
        if received is None:
            yield f"photo {attachment} of {one.kind} {one.op} did not arrive"
        elif received != digest:
            yield f"photo {attachment} of {one.kind} {one.op} arrived with other bytes"


def key_of(one: Saved) -> str:
    """Reports and checklists are counted by what they made, actions by what they said."""
    return one.op if one.kind == "act" else one.record


def _strange(log: list[Saved], found: Found) -> Iterable[str]:
    told = {one.op for one in log}
    strange = [(op, status) for op, status in found.operations if op not in told]
    if len(strange) > found.unspoken:
        for op, status in strange:
            yield f"operation {op} is on the server ({status}), and no screen called it saved"
