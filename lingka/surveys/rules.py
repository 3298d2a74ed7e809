"""What can be asked, what is a valid answer, and which answers may be shown: pure."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lingka.core import datafiles, suppressing

DATA = Path(__file__).parent / "data" / "surveys.yaml"
Names = Mapping[str, str]
Counts = Mapping[tuple[str, str], int]  # by question and option


def shipped() -> dict[str, Any]:
    found: dict[str, Any] = datafiles.read(DATA)
    return found


def ordered(body: Mapping[str, Any]) -> dict[str, Any]:
    """A survey with the order of its answers, which the database forgets."""
    questions = [one | {"order": list(one["options"])} for one in body["questions"]]
    return {**body, "questions": questions}


def options(one: Mapping[str, Any]) -> list[tuple[str, Names]]:
    """The answers of a question as they are offered."""
    return [(key, one["options"][key]) for key in one["order"]]


def word(secret: bytes) -> str:
    """What a device carries in one round. Only the server can make one up."""
    body = secrets.token_urlsafe(18)
    return f"{body}.{_seal(secret, body)}"


def genuine(secret: bytes, given: str) -> bool:
    """Whether the server made this word up for this round."""
    body, _dot, seal = given.partition(".")
    return hmac.compare_digest(_seal(secret, body).encode(), seal.encode())


def _seal(secret: bytes, body: str) -> str:
    return hmac.digest(secret, f"word:{body}".encode(), "sha256").hex()[:32]


def mark(secret: bytes, given: str) -> bytes:
    """How a device is known again within one round, and in no other."""
    return hmac.digest(secret, f"mark:{given}".encode(), "sha256")


def state(opens_at: datetime, closes_at: datetime, closed: bool, now: datetime) -> str:  # noqa: FBT001
    """ "coming", "open", "over" (its answers are not shown yet), "closed"."""
    if closed:
        return "closed"
    if now < opens_at:
        return "coming"
    return "open" if now < closes_at else "over"


def valid(body: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """The answers that are answers to these questions."""
    known = {one["key"]: one["options"] for one in body["questions"]}
    return {key: option for key, option in given.items() if option in known.get(key, ())}


@dataclass(frozen=True)
class Bar:
    """One answer: how many chose it, and its share of those who answered the question; neither
    where too few chose it, or where they would give such an answer away."""

    option: str
    label: Names
    answers: int | None
    percent: int | None
    good: bool


@dataclass(frozen=True)
class Shown:
    """One question with its bars; `answered` is what the shares are of, None if they are few."""

    key: str
    label: Names
    answered: int | None
    bars: tuple[Bar, ...]

    @property
    def whole(self) -> bool:
        """Whether every answer is shown by itself."""
        return bool(self.bars) and all(bar.answers is not None for bar in self.bars)


@dataclass(frozen=True)
class Share:
    """Of those who answered a question in one community, how many are content."""

    good: int
    answered: int

    @property
    def percent(self) -> int:
        return percent(self.good, self.answered)


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def shown(body: Mapping[str, Any], counts: Counts, minimum: int) -> list[Shown]:
    """The questions of the whole area; one that fewer than the minimum answered has no figures."""
    return [_shown(one, counts, minimum) for one in body["questions"]]


def _shown(one: Mapping[str, Any], counts: Counts, minimum: int) -> Shown:
    numbers = {option: counts.get((one["key"], option), 0) for option in one["options"]}
    whole = sum(numbers.values())
    if whole < minimum:
        return Shown(one["key"], one["label"], None, ())
    few = suppressing.hidden(numbers, minimum)
    bars = tuple(
        Bar(option, names, None if option in few else numbers[option],
            None if option in few else percent(numbers[option], whole), option in one["good"])
        for option, names in options(one)
    )  # fmt: skip
    return Shown(one["key"], one["label"], whole, bars)


def hidden(turnouts: Mapping[int, int], minimum: int) -> frozenset[int]:
    """Areas with too few answers, and those by which they could be reckoned."""
    texts = suppressing.hidden({str(area): size for area, size in turnouts.items()}, minimum)
    return frozenset(map(int, texts))


@dataclass(frozen=True)
class Table:
    """What may be shown of a survey, all of it looked at together."""

    questions: list[Shown]
    hidden: frozenset[int]  # areas of which nothing is shown
    shares: list[dict[int, Share]]  # by question, of areas that may show it


def table(body: Mapping[str, Any], counts: Mapping[int, Counts], minimum: int) -> Table:
    """The sums of the whole area, and by area below.

    A question one of whose answers is hidden has no shares by area: their sums would tell it.
    """
    sums: dict[tuple[str, str], int] = {}
    for numbers in counts.values():
        for key, number in numbers.items():
            sums[key] = sums.get(key, 0) + number
    questions = shown(body, sums, minimum)
    few = hidden({area: numbers.get(("", ""), 0) for area, numbers in counts.items()}, minimum)
    columns = [
        shares(one, counts, minimum, few) if above.whole else {}
        for one, above in zip(body["questions"], questions, strict=True)
    ]
    return Table(questions, few, columns)


def shares(
    one: Mapping[str, Any], counts: Mapping[int, Counts], minimum: int, already: frozenset[int]
) -> dict[int, Share]:
    """One question by area, of those areas only that may show it; `already` show nothing."""
    found = {area: _share(one, numbers) for area, numbers in counts.items()}
    few = hidden_shares(found, minimum, already)
    return {
        area: share for area, share in found.items()
        if share.answered and area not in few and area not in already
    }  # fmt: skip


def _share(one: Mapping[str, Any], numbers: Counts) -> Share:
    said = set(one["options"]) - set(one.get("aside", ()))
    chosen = {option: numbers.get((one["key"], option), 0) for option in said}
    return Share(sum(chosen[option] for option in one["good"]), sum(chosen.values()))


def hidden_shares(
    shares: Mapping[int, Share], minimum: int, already: frozenset[int]
) -> frozenset[int]:
    """Areas where too few answered, or too few were content, or too few were not.

    The whole area's sums are shown as well. So those hidden must be more than one and, taken
    together, no small group either; until then the smallest of the others is hidden with them.
    """
    asked = {area: share for area, share in shares.items() if share.answered}
    found = {area for area, share in asked.items() if area in already or _few(share, minimum)}
    rest = sorted((share.answered, area) for area, share in asked.items() if area not in found)
    while found and rest and (len(found) == 1 or _few(_sum(asked, found), minimum)):
        found.add(rest.pop(0)[1])
    return frozenset(found)


def _few(share: Share, minimum: int) -> bool:
    groups = (share.good, share.answered - share.good, share.answered)
    return any(0 < size < minimum for size in groups)


def _sum(shares: Mapping[int, Share], of: set[int]) -> Share:
    return Share(sum(shares[one].good for one in of), sum(shares[one].answered for one in of))
