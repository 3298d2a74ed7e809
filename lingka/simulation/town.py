"""Who can act in the simulated town: a pool for every desk, unit and office, from its posts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simpy import Environment

from lingka.accounts import actions as accounts
from lingka.accounts.models import Post, Role
from lingka.areas import selectors as areas
from lingka.cases.models import Case
from lingka.cases.world import World
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.simulation import hours
from lingka.simulation.plan import Plan
from lingka.simulation.pools import Pool, Worker
from lingka.units import selectors as units
from lingka.units.models import Service

NUMBER = re.compile(r"-\d+$")  # of an area, at the end of a unit's key
DESK, LEADERS = "desk", "leader"
BY_AREA = {Role.DISPATCHER.value: DESK, Role.LEADER.value: LEADERS}  # who stands for an area
POOLED = (Role.HANDLER, Role.DISPATCHER, Role.VERIFIER, Role.SUPERVISOR, Role.LEADER)


def group_of(key: str) -> str:
    """What units of many areas have in common: the sanitation offices, the communities."""
    return NUMBER.sub("", key)


@dataclass
class Town:
    """The pools by what they are asked for."""

    env: Environment
    plan: Plan
    handlers: dict[int, Pool] = field(default_factory=dict)  # by unit
    desks: dict[int, Pool] = field(default_factory=dict)  # by area
    verifiers: dict[int, Pool] = field(default_factory=dict)  # by unit
    supervisors: dict[int, Pool] = field(default_factory=dict)  # by unit
    leads: dict[int, Pool] = field(default_factory=dict)  # by area
    acts_for: dict[int, int] = field(default_factory=dict)  # a post's unit

    @property
    def pools(self) -> list[Pool]:
        parts = (self.desks, self.handlers, self.verifiers, self.supervisors, self.leads)
        return [pool for part in parts for pool in part.values()]

    def of(self, relation: str, case: Case, unit: int | None = None) -> Pool | None:
        """Whose queue something joins that this relation has to do."""
        if relation in {"dispatcher", "ruler"}:
            return self.desk(case.desk_area_id) or self._some(self.supervisors)
        if relation == "above":
            above = World(clock.now()).desk_above(case.desk_area_id)
            return self.desk(above) or self._some(self.supervisors)
        if relation in {"lead_handler", "co_handler", "called_unit", "claimant"}:
            return self.handlers.get(unit or case.lead_unit_id or 0)
        if relation == "reinspector":
            again = case.facts.get("reinspector", 0)
            return self.verifiers.get(again) or self.handlers.get(again)
        if relation in {"verifier", "caller"}:
            return self._some(self.verifiers)
        return self._over(relation, case)

    def _over(self, relation: str, case: Case) -> Pool | None:
        """Who stands over whoever works on it."""
        if relation == "leader":
            return _nearest(self.leads, case.area_path)
        if relation == "named_lead":
            return self._of_person(case.facts.get("leader"))
        return self._some(self.supervisors) if relation == "supervisor" else None

    def desk(self, area: int | None) -> Pool | None:
        """The desk of an area, or the next above it that is staffed."""
        return _nearest(self.desks, areas.area(area).path if area else "/")

    def leaders(self, path: str) -> list[Actor]:
        """Who may answer by name for what lies here."""
        near, pressing = _nearest(self.leads, path), self._some(self.supervisors)
        return [actor for pool in (pressing, near) if pool for actor in pool.actors]

    def _of_person(self, user: int | None) -> Pool | None:
        """Where one person's work waits."""
        every = (*self.supervisors.values(), *self.leads.values())
        found = (pool for pool in every if any(one.id == user for one in pool.actors))
        return next(found, None)

    def checkers(self, but: int | None) -> list[int]:
        """Units that can look at something again."""
        return [one for one in (*self.verifiers, *self.handlers) if one != but]

    def near(self, keys: Sequence[str], path: str) -> list[int]:
        """Staffed units of these keys (or groups) that serve where something is."""
        every = [units.unit(one) for one in self.handlers]
        here = [one for one in every if path.startswith(one.area_path)]
        return [one.id for key in keys for one in here if key in {one.key, group_of(one.key)}]

    def others(self, but: set[int], path: str) -> list[int]:
        """Any staffed units that serve where something is, those of a smaller area last."""
        every = [units.unit(one) for one in self.handlers if one not in but]
        here = [one for one in every if path.startswith(one.area_path)]
        return [one.id for one in sorted(here, key=lambda one: (len(one.area_path), one.key))]

    def _some(self, pools: Mapping[int, Pool]) -> Pool | None:
        return next(iter(pools.values()), None)


def staffed(env: Environment, plan: Plan) -> Town:
    """The town's posts as pools; where the plan wants more people than there are, they come."""
    town, held = Town(env, plan), _posts()
    for (role, place), posts in held.items():
        group = BY_AREA.get(role) or group_of(posts[0].unit.key)
        wanted = plan.staff(group)
        people = _people(posts, len(posts) if wanted is None else wanted)
        if not people:
            continue
        key = areas.area(place).code if role in BY_AREA else posts[0].unit.key
        pool = Pool(env, f"{role}:{key}", group)
        _pools_of(town, role)[place] = pool
        _work(plan, pool, people, posts[0].unit_id)
    town.acts_for = dict(Post.objects.values_list("id", "unit_id"))
    return town


def _nearest(pools: Mapping[int, Pool], path: str) -> Pool | None:
    """The pool of the smallest area on this path that has one."""
    ids = [int(part) for part in path.strip("/").split("/") if part]
    return next((pools[one] for one in reversed(ids) if one in pools), None)


def served() -> list[tuple[str, str]]:
    """Which types of case some unit serves, with the path of the area where it does."""
    rows = Service.objects.values_list("case_type", "area_id")
    return [(case_type, areas.area(area).path) for case_type, area in rows]


def _pools_of(town: Town, role: str) -> dict[int, Pool]:
    return {
        Role.HANDLER.value: town.handlers, Role.DISPATCHER.value: town.desks,
        Role.VERIFIER.value: town.verifiers, Role.SUPERVISOR.value: town.supervisors,
        Role.LEADER.value: town.leads,
    }[role]  # fmt: skip


def _posts() -> dict[tuple[str, int], list[Post]]:
    """Everybody's posts by where their work waits: a desk's or leader's area, else a unit."""
    found: dict[tuple[str, int], list[Post]] = {}
    rows = Post.objects.filter(role__in=POOLED).select_related("unit", "area")
    for post in rows.order_by("unit__key", "id"):
        place = post.area_id if post.role in BY_AREA else post.unit_id
        found.setdefault((post.role, place), []).append(post)
    return found


def _people(posts: list[Post], wanted: int) -> list[Actor]:
    found = [Actor("user", post.user_id, post.id) for post in posts[:wanted]]
    while len(found) < wanted:
        found.append(_another(posts[0], len(found) + 1))
    return found


def _another(like: Post, number: int) -> Actor:
    name = f"simulated-{like.role}-{like.unit.key}-{like.area.code}-{number}"[-64:]
    user = accounts.create_user(
        actor=SYSTEM, username=name, name=name, password=None, language=""
    )  # fmt: skip
    post = accounts.grant_post(
        user, actor=SYSTEM, role=like.role, unit_id=like.unit_id, area_id=like.area_id,
        valid_from=like.valid_from,
    )  # fmt: skip
    return Actor("user", user, post)


def _work(plan: Plan, pool: Pool, people: list[Actor], unit: int) -> None:
    calendar = units.calendar_for(unit, plan.begin)
    for number, actor in enumerate(people):
        Worker(pool, actor, hours.spans(plan, calendar, pool.group, number, pool.key))
    if pool.group in plan.body["on_call"]:
        Worker(pool, people[0], hours.always(plan), on_call=True)


def names(pools: Sequence[Pool]) -> Iterator[tuple[str, list[Pool]]]:
    """The pools by group, in the order of the town."""
    for group in dict.fromkeys(pool.group for pool in pools):
        yield group, [pool for pool in pools if pool.group == group]


def label(group: str, pools: list[Any]) -> str:
    """How a group is called in a report."""
    return group.replace("_", " ") + (f" ({len(pools)})" if len(pools) > 1 else "")
