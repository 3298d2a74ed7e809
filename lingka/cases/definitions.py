"""Definitions as typed values: workflows, case types, deadlines, read from activated data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Names = Mapping[str, str]
PART = "part"  # of what was split off: the channel by which it came, the workflow it follows
COUNCIL = "council"  # the channel of what became so large that a council has to settle it


@dataclass(frozen=True)
class Need:
    """One thing that an action asks for."""

    name: str
    kind: str  # one of `checker.KINDS`
    label: Names
    required: bool
    audience: str  # "public": the reporter reads it; "staff"; "" where it is no text
    options: tuple[tuple[str, Names], ...]


@dataclass(frozen=True)
class State:
    """A step of a workflow."""

    key: str
    stage: str
    owner: str  # relation that has to act; "" in final states
    label: Names
    waits: Names  # what the reporter reads while the case stands here
    clock: str  # which clock runs here; "" with a reason in `no_clock`
    no_clock: str
    final: bool


@dataclass(frozen=True)
class Action:
    """What moves a case, or changes it where it stands (`to` is None)."""

    key: str
    label: Names
    done: Names  # the line in the timeline
    starts: tuple[str, ...]
    to: str | None  # a state; "@before": where it was before it was suspended
    by: tuple[str, ...]
    needs: tuple[Need, ...]
    one_of: tuple[str, ...]  # of these needs at least one is given
    conditions: tuple[str, ...]
    effects: tuple[tuple[str, Any], ...]
    primary: bool
    public: bool  # told to the reporter
    verifies: bool  # counts as verification by somebody else
    without_verification: str  # why this may close a case that nobody verified
    icon: str


@dataclass(frozen=True)
class Grade:
    """How hard a case is taken to be: who has it then, and when it climbs."""

    key: str
    label: Names
    desk: str  # the level of area whose desk has it; "": whichever has it already
    types: tuple[str, ...]  # kinds of case, or groups of them, that start here
    climbs: tuple[tuple[str, int], ...]  # a measure, and from which count on
    helpers: tuple[str, ...] = ()  # where units are looked for that could help
    opens: Mapping[str, str] = field(default_factory=dict)  # kinds of case, by publication class


@dataclass(frozen=True)
class Workflow:
    """A workflow version as the engine reads it."""

    key: str
    name: Names
    initial: str
    states: Mapping[str, State]
    actions: Mapping[str, Action]
    relations: tuple[str, ...]
    reopen_days: int
    on_open: tuple[tuple[str, Any], ...]  # effects of the report itself
    grades: tuple[Grade, ...] = ()  # from the lowest up
    begins: Mapping[str, str] = field(default_factory=dict)  # by channel, where not at `initial`
    way: Mapping[str, Names] = field(
        default_factory=dict
    )  # stages, where a holder reads other words

    def first(self, channel: str) -> State:
        """Where a case that came so begins."""
        return self.states[self.begins.get(channel, self.initial)]

    @property
    def state_clocks(self) -> frozenset[str]:
        """Clocks that belong to one state; those that the report starts run across states."""
        return frozenset(state.clock for state in self.states.values()) - self.promised - {""}

    @property
    def promised(self) -> frozenset[str]:
        """Clocks of what is promised to the resident, from the report on."""
        return frozenset(argument for name, argument in self.on_open if name == "start_clock")

    def by_system(self, state: str, effect: str) -> "Action | None":
        """What the engine itself may do in a state, with this effect."""
        return next(
            (
                action
                for action in self.actions.values()
                if "system" in action.by
                and state in action.starts
                and any(name == effect for name, _argument in action.effects)
            ),
            None,
        )

    def when_over(self, state: str) -> "Action | None":
        """What nobody but the engine may do in a state: done when the state's clock runs out.

        What has to be told something is not done by itself.
        """
        return next(
            (
                action
                for action in self.actions.values()
                if action.by == ("system",)
                and state in action.starts
                and not any(need.required for need in action.needs)
            ),
            None,
        )


def workflow(body: Mapping[str, Any]) -> Workflow:
    """Read a workflow; KeyError or TypeError for a shape that the checker would name."""
    states = {key: _state(key, raw) for key, raw in in_order(body, "states")}
    actions = {key: _action(key, raw, states) for key, raw in in_order(body, "actions")}
    return Workflow(
        body["key"], body["name"], body["initial"], states, actions,
        tuple(body["relations"]), body.get("reopen_days", 15),
        tuple(_effect(one) for one in body.get("on_open", [])),
        tuple(_grade(one) for one in body.get("grades", [])), body.get("begins", {}),
        body.get("way", {}),
    )  # fmt: skip


def in_order(body: Mapping[str, Any], part: str) -> list[tuple[str, Any]]:
    """The entries of a part as its author wrote them; those the order doesn't know come last."""
    known = [key for key in body.get("order", {}).get(part, ()) if key in body[part]]
    return [(key, body[part][key]) for key in dict.fromkeys([*known, *body[part]])]


def _state(key: str, raw: Mapping[str, Any]) -> State:
    return State(
        key, raw["stage"], raw.get("owner", ""), raw["label"], raw.get("waits", {}),
        raw.get("clock", ""), raw.get("no_clock", ""), raw.get("final", False),
    )  # fmt: skip


def _action(key: str, raw: Mapping[str, Any], states: Mapping[str, State]) -> Action:
    starts = raw.get("from", [])
    if starts == "open":
        starts = [name for name, state in states.items() if not state.final]
    return Action(
        key=key,
        label=raw["label"],
        done=raw["done"],
        starts=tuple(starts),
        to=raw.get("to"),
        by=tuple(raw["by"]),
        needs=tuple(_need(one) for one in raw.get("needs", [])),
        one_of=tuple(raw.get("one_of", [])),
        conditions=tuple(raw.get("if", [])),
        effects=tuple(_effect(one) for one in raw.get("effects", [])),
        primary=raw.get("primary", False),
        public=raw.get("public", False),
        verifies=raw.get("verifies", False),
        without_verification=raw.get("without_verification", ""),
        icon=raw.get("icon", ""),
    )


def _grade(raw: Mapping[str, Any]) -> Grade:
    return Grade(
        raw["key"], raw["label"], raw.get("desk", ""), tuple(raw.get("types", ())),
        tuple(raw.get("climbs", {}).items()), tuple(raw.get("helpers", ())), raw.get("opens", {}),
    )  # fmt: skip


def _effect(raw: Any) -> tuple[str, Any]:
    """`name` or `{name: argument}`."""
    if isinstance(raw, str):
        return raw, None
    ((name, argument),) = raw.items()
    return name, argument


def _need(raw: Mapping[str, Any]) -> Need:
    return Need(
        raw["name"], raw["kind"], raw["label"], raw.get("required", True),
        raw.get("audience", "public" if raw["kind"] == "text" else ""),
        tuple(in_order(raw, "options") if "options" in raw else ()),
    )  # fmt: skip


@dataclass(frozen=True)
class CaseTypeInfo:
    """A leaf of the category tree, in one language."""

    key: str
    group: str
    group_note: str  # a few examples, for its picture
    group_key: str
    name: str
    description: str
    icon: str
    keywords: tuple[str, ...]
    form: tuple[Mapping[str, Any], ...]
    workflow: str
    deadlines: str
    urgent: bool
    publication: str  # "listed" or "hidden"
    public: bool  # residents may choose it
    workers: bool  # grid workers may report it on their phones
    door: str  # not on the pictures: words of the link by which residents come to it; "" for none
    asks: str = ""  # over the field for words, where "What happened?" does not fit
    asks_help: str = ""
    channels: tuple[str, ...] = ()  # the only ways it may come; none named: any

    def comes_by(self, channel: str) -> bool:
        """Whether a case of this kind may be opened by a channel."""
        return not self.channels or channel in self.channels

    @property
    def is_open(self) -> bool:
        """Whether anybody may bring it by the web."""
        return self.public or bool(self.door)
