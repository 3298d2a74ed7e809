"""The picture of a workflow: its states as boxes under their stages, joined by lines with corners.

Lines run in the gaps between the columns, in channels over the boxes (back) and under them (past a
stage), so that none crosses a box.
"""

import re
from collections import Counter
from dataclasses import dataclass
from math import ceil

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from lingka.cases.definitions import State, Workflow
from lingka.cases.models import Stage
from lingka.core.text import pick

STAGES: tuple[tuple[str, str | Promise], ...] = (
    (Stage.INTAKE, gettext_lazy("Intake")),
    (Stage.DISPATCH, gettext_lazy("Dispatch")),
    (Stage.HANDLING, gettext_lazy("Handling")),
    (Stage.VERIFICATION, gettext_lazy("Verification")),
    (Stage.CLOSED, gettext_lazy("Closing")),
)
RELATIONS: dict[str, str | Promise] = {
    "dispatcher": gettext_lazy("Dispatcher of the area"),
    "lead_handler": gettext_lazy("Lead unit"),
    "co_handler": gettext_lazy("Helping unit"),
    "verifier": gettext_lazy("Verifier from another unit"),
    "caller": gettext_lazy("Caller from another unit"),
    "supervisor": gettext_lazy("Supervisor"),
    "grid_worker": gettext_lazy("Grid worker"),
    "reporter": gettext_lazy("Resident with the receipt"),
    "follower": gettext_lazy("Resident who follows it"),
    "ruler": gettext_lazy("Desk of the level above"),
    "link_lead": gettext_lazy("Lead unit, by its link"),
    "link_co": gettext_lazy("Helping unit, by its link"),
    "above": gettext_lazy("Desk or supervisor of a higher level"),
    "called_unit": gettext_lazy("Every unit that was called"),
    "claimant": gettext_lazy("Any unit of the area"),
    "named_lead": gettext_lazy("Named lead"),
    "leader": gettext_lazy("Leader who covers the area"),
    "reinspector": gettext_lazy("Unit named to look again"),
    "on_the_case": gettext_lazy("Everybody on the case"),
    "system": gettext_lazy("Lingka itself"),
}


@dataclass(frozen=True)
class Box:
    key: str
    name: str
    note: str
    css: str
    column: int
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        return self.x + self.width


@dataclass(frozen=True)
class Edge:
    d: str
    back: bool
    label: str = ""  # said of lines that run back; written over those that have room for it
    label_x: int = 0
    label_y: int = 0


@dataclass(frozen=True)
class Lane:
    name: str
    x: int


@dataclass(frozen=True)
class Picture:
    boxes: list[Box]
    edges: list[Edge]
    lanes: list[Lane]
    width: int
    height: int


DRAWN = 3  # an action that starts in more states than this is told by the table alone
WIDE, GAP, BELOW = 160, 48, 24
PAD, ROOM = 20, 132  # of a box: above and below its words, and for a line of them
HEAD, CHANNEL = 30, 20  # height of the stages' names, and of one line that runs over the boxes
TRACK, TRACKS = 6, 6  # lines beside one another in a gap
# Of a language: height of a line of the name and of the note, and how wide a sign of each is about.
LINES = {
    "zh-hans": ((21, 15.0), (19, 13.0)),
    "bo": ((29, 10.2), (26, 7.4)),
    "en": ((20, 7.8), (18, 6.6)),
}
BARE = re.compile("[\u0f71-\u0f84\u0f90-\u0fbc]")  # Tibetan signs that stand over or under another


def picture(read: Workflow) -> Picture:
    """Boxes left to right by stage; what is suspended hangs under the work it interrupts."""
    pairs = _pairs(read)
    order = [stage for stage, _name in STAGES]
    columns = {key: order.index(column(state)) for key, state in read.states.items()}
    backs = sum(columns[goal] < columns[start] - 1 for start, goal in pairs)
    past = sum(columns[goal] > columns[start] + 1 for start, goal in pairs)
    top = HEAD + CHANNEL * backs + 10
    boxes, low = _boxes(read, columns, top)
    router = Router(top, low)
    edges = [router.edge(boxes[one], boxes[two], label) for (one, two), label in pairs.items()]
    lanes = [
        Lane(str(name), GAP + at * (WIDE + GAP) - GAP // 2) for at, (_s, name) in enumerate(STAGES)
    ]
    width = GAP // 2 + len(STAGES) * (WIDE + GAP)
    return Picture(list(boxes.values()), edges, lanes, width, low + 12 * past + 16)


def _pairs(read: Workflow) -> dict[tuple[str, str], str]:
    """One line for each pair of states, named by its first action."""
    found: dict[tuple[str, str], str] = {}
    for action in read.actions.values():
        if action.to is None or action.to not in read.states or len(action.starts) > DRAWN:
            continue
        for start in action.starts:
            if start != action.to:
                found.setdefault((start, action.to), pick(action.label))
    return found


def _boxes(read: Workflow, columns: dict[str, int], top: int) -> tuple[dict[str, Box], int]:
    boxes: dict[str, Box] = {}
    heights = Counter(dict.fromkeys(range(len(STAGES)), top))
    for key, state in read.states.items():
        at = columns[key]
        css = "flow-initial" if key == read.initial else f"flow-{state.stage}"
        name, note = pick(state.label), owner(state)
        height = _height(name, note)
        x = GAP // 2 + at * (WIDE + GAP) + 4
        boxes[key] = Box(key, name, note, css, at, x, heights[at], WIDE, height)
        heights[at] += height + BELOW
    return boxes, max(heights.values()) - BELOW


def column(state: State) -> str:
    return str(Stage.HANDLING if state.stage == Stage.SUSPENDED else state.stage)


def owner(state: State) -> str:
    return str(RELATIONS.get(state.owner, state.owner)) if state.owner else _("Nobody: it ends")


def _height(name: str, note: str) -> int:
    """How high a box must be for its words; browsers wrap them, so it is only reckoned."""
    sizes = LINES.get(get_language() or "", LINES["en"])
    return PAD + sum(
        line * max(ceil(len(BARE.sub("", text)) * wide / ROOM), 1)
        for text, (line, wide) in zip((name, note), sizes, strict=True)
    )


class Router:
    """Gives each line a track of its own in the gaps, and a channel over or under the boxes."""

    def __init__(self, top: int, low: int) -> None:
        self.top, self.low = top, low
        self.used: Counter[int] = Counter()  # tracks taken in each gap
        self.over = self.under = 0

    def edge(self, one: Box, two: Box, label: str) -> Edge:
        if two.column < one.column:
            return self._back(one, two, label)
        if two.column == one.column:
            return self._beside(one, two)
        if two.column == one.column + 1:
            turn = self._track(two.column)
            d = f"M{one.right} {one.middle}H{turn}V{two.middle}H{two.x - 7}"
            if one.middle == two.middle:
                d = f"M{one.right} {one.middle}H{two.x - 7}"
            return Edge(d, back=False)
        self.under += 1
        y = self.low + 12 * self.under
        first, second = self._track(one.column + 1), self._track(two.column)
        return Edge(
            f"M{one.right} {one.middle}H{first}V{y}H{second}V{two.middle}H{two.x - 7}", back=False
        )

    def _track(self, gap: int) -> int:
        """A place to go up or down in the gap before a column."""
        at = self.used[gap] % TRACKS
        self.used[gap] += 1
        return GAP // 2 + gap * (WIDE + GAP) + 4 - GAP + 8 + TRACK * at

    def _beside(self, one: Box, two: Box) -> Edge:
        """Up or down in the same column: straight between neighbours, else through the gap."""
        down = two.y > one.y
        if down and two.y - one.y - one.height <= BELOW:
            x = one.x + one.width // 2
            return Edge(f"M{x} {one.y + one.height}V{two.y - 7}", back=False)
        turn = self._track(one.column + 1)
        d = f"M{one.right} {one.middle + 8}H{turn}V{two.middle - 8}H{two.right + 7}"
        return Edge(d, back=not down)

    def _back(self, one: Box, two: Box, label: str) -> Edge:
        """To the stage before through the gap between; farther over the boxes, with its name."""
        if one.column == two.column + 1:
            turn = self._track(one.column)
            d = f"M{one.x} {one.middle + 8}H{turn}V{two.middle + 8}H{two.right + 7}"
            return Edge(d, back=True, label=label)
        self.over += 1
        y = self.top - 10 - CHANNEL * (self.over - 1)
        first, second = self._track(one.column), self._track(two.column + 1)
        d = f"M{one.x} {one.middle + 8}H{first}V{y}H{second}V{two.middle + 8}H{two.right + 7}"
        return Edge(d, back=True, label=label, label_x=(first + second) // 2, label_y=y - 4)
