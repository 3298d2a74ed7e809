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
    evicted: set[str]  # what had not arrived when the storage went, and the app said that it went
    evicted_files: set[str] = field(default_factory=set)  # its photos that had not arrived
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
    many = found.effects[key_of(one)]
    waits = one.op in found.tray
    if waits or not known:
        if many > 1:
            yield f"{named} had its effect {many} times"
        if not waits and one.op not in found.evicted:
            yield f"{named} is neither on the server nor in the tray, and nobody was told"
    elif known[0] == "held" and found.evicted_files & set(one.files):
        return  # it waits for what the browser threw away
    elif known[0] != "applied":
        yield f"{named} ended as {known[0]} and is not in the tray"
        return
    elif many != 1:
        yield f"{named} had its effect {many} times"
    yield from _files(one, found, whole=bool(known) and not waits)


def _files(one: Saved, found: Found, *, whole: bool) -> Iterable[str]:
    """Other bytes are never right; missing are only those that wait or were thrown away."""
    for attachment, digest in one.files.items():
        received = found.files.get(attachment)
        if received is None:
            if not whole or attachment in found.evicted_files:
                continue
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
