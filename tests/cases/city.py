"""A very small city: one grid under one street desk, four units, and who works there."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import shapely
from django.test.utils import CaptureQueriesContext
from PIL import Image

from lingka.accounts import selectors as accounts
from lingka.accounts.models import Post, User
from lingka.areas import cache
from lingka.areas.models import Area, Place
from lingka.cases import actions
from lingka.cases.models import Case
from lingka.cases.receipts import Opened
from lingka.cases.selectors import catalogue
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.units import selectors as units
from lingka.units.models import Calendar, CalendarVersion, Service, Unit

START = date(2020, 1, 1)
MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # ten in the morning in Lhasa
HERE = (91.13, 29.65)
HOURS = {str(day): [["09:30", "13:00"], ["15:30", "18:30"]] for day in range(5)}
RESIDENT = Actor("resident")
# What hanging a wish up asks for beside its words: its kind, and every line of the list ticked.
LOOKED = ["agreed", "no_name", "no_home", "no_illness", "no_hardship", "no_picture", "no_shame"]
HUNG = {"about": "thing", "checks": LOOKED}


def names(text: str) -> dict[str, str]:
    return {"zh-hans": text, "bo": text, "en": text}


@dataclass
class City:
    root: Area
    street: Area
    grid: Area
    units: dict[str, Unit]
    staff: dict[str, Actor]

    def hang(self, opened: Opened, words: str, **more: Any) -> None:
        """The desk has looked a wish through, and hangs it on the wall."""
        self.do(opened, "hang", "dispatcher", words=words, **HUNG | more)

    def open(self, case_type: str = "light.out", **more: Any) -> Opened:
        values: dict[str, Any] = {
            "actor": RESIDENT,
            "case_type": case_type,
            "channel": next(iter(catalogue.case_type(case_type).channels), "web"),
            "language": "zh-hans",
            "idempotency_key": uuid7(),
            "words": "路灯不亮",
            "lon": HERE[0],
            "lat": HERE[1],
        }
        return actions.open_case(**(values | more))

    def do(self, opened: Opened, action: str, who: str | Actor, **data: Any) -> actions.Performed:
        actor = who if isinstance(who, Actor) else self.staff[who]
        return actions.perform(opened.case_uuid, action, actor=actor, data=data)

    def reporter(self, opened: Opened) -> Actor:
        return Actor("resident", opened.receipt_id)

    def walk(self, opened: Opened, until: str) -> None:
        """Take a case along the straight way until it stands in a state."""
        lights = self.units["light"].id
        steps: list[tuple[str, str, str, dict[str, Any]]] = [
            ("accepted", "accept", "dispatcher", {}),
            ("dispatched", "dispatch", "dispatcher", {"unit": lights}),
            ("handling", "sign_in", "handler", {}),
            ("reported", "report_back", "handler", {"words": "修好了"}),
            ("calling_back", "verify", "verifier", {"how": "visit"}),
            ("resolved", "call_back_done", "verifier", {}),
        ]
        for state, action, who, data in steps:
            self.do(opened, action, who, **data)
            if state == until:
                return
        raise AssertionError(until)

    def at(self, state: str, **more: Any) -> Opened:
        opened = self.open(**more)
        if state != "received":
            self.walk(opened, state)
        return opened


def picture() -> UUID:
    """A photo that a case can take."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG")
    return actions.add_attachment(out.getvalue(), actor=RESIDENT, kind="photo")


def at_door(city: City, code: str) -> Place:
    """A place with a code on its door."""
    return Place.objects.create(
        uuid=uuid7(), code=code, kind="building", name=names("3 号楼"), grid=city.grid,
        lon=HERE[0], lat=HERE[1],
    )  # fmt: skip


def case_of(opened: Opened | UUID) -> Case:
    uuid = opened if isinstance(opened, UUID) else opened.case_uuid
    return Case.objects.get(uuid=uuid)


@contextmanager
def refusal(code: str) -> Iterator[None]:
    """The body must be refused with this code."""
    with pytest.raises(PermissionRefused) as caught:
        yield
    assert caught.value.denied.code == code


@contextmanager
def problem(code: str) -> Iterator[None]:
    """The body must be a problem of this code."""
    with pytest.raises(Problem) as caught:
        yield
    assert caught.value.code == code


def build() -> City:
    """Make it in the database, directly: this is set-up, not what is tested."""
    whole = shapely.box(91.0, 29.5, 91.3, 29.8)
    root = _area("540100000000", "city", None, whole)
    district = _area("540102000000", "district", root, whole)
    street = _area("540102001000", "street", district, whole)
    community = _area("540102001001", "community", street, whole)
    grid = _area("540102001001001", "grid", community, whole)
    calendar = Calendar.objects.create(key="office", name=names("office"))
    CalendarVersion.objects.create(calendar=calendar, number=1, hours=HOURS, valid_from=START)
    made = {
        key: Unit.objects.create(
            uuid=uuid7(), key=key, kind="team", name=names(key), area=area, calendar=calendar
        )
        for key, area in (
            ("water", root), ("light", root), ("office", street), ("checkers", street),
            ("hall", root),
        )
    }  # fmt: skip
    for kind in ("water", "light"):
        Service.objects.create(
            unit=made[kind], area=root, case_type=kind, basis=names(f"{kind}: 职责清单"),
            valid_from=START,
        )  # fmt: skip
    staff = {
        who: _post(who, role, made[unit], area)
        for who, role, unit, area in (
            ("dispatcher", "dispatcher", "office", street),
            ("chief", "dispatcher", "hall", root),
            ("handler", "handler", "light", root),
            ("mate", "handler", "light", root),
            ("plumber", "handler", "water", root),
            ("verifier", "verifier", "checkers", street),
            ("supervisor", "supervisor", "hall", root),
            ("leader", "leader", "hall", street),
            ("walker", "grid_worker", "office", grid),
        )
    }
    for module in (cache, units, accounts, catalogue):
        module.forget()
    return City(root, street, grid, made, staff)


def second_grid(city: City) -> tuple[float, float]:
    """One more grid of the same community, beside the first; a point in it."""
    shape = shapely.box(91.3, 29.5, 91.4, 29.8)
    _area("540102001001002", "grid", city.grid.parent, shape)
    cache.forget()
    return 91.35, 29.65


def grid_elsewhere() -> Area:
    """A grid where nobody of this city has a post."""
    return _area("549999001001001", "grid", None, shapely.box(92.0, 30.0, 92.1, 30.1))


def _area(code: str, level: str, parent: Area | None, shape: shapely.Geometry) -> Area:
    made = Area.objects.create(
        uuid=uuid7(), code=code, level=level, name=names(code), parent=parent, path="/",
        kind="comprehensive" if level == "grid" else "", boundary=shapely.to_wkb(shape),
        lon=HERE[0], lat=HERE[1], valid_from=START,
    )  # fmt: skip
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    made.save(update_fields=["path"])
    return made


def posted(city: City, name: str, role: str, area: Area, unit: str = "hall") -> Actor:
    """Somebody more who works here."""
    made = _post(name, role, city.units[unit], area)
    accounts.forget()
    return made


def _post(name: str, role: str, unit: Unit, area: Area) -> Actor:
    user = User.objects.create(uuid=uuid7(), username=name, name=name, password="!")
    post = Post.objects.create(user=user, role=role, unit=unit, area=area, valid_from=START)
    return Actor("user", user.id, post.id)


def reads(asked: CaptureQueriesContext) -> list[str]:
    """The statements that read or write; what frames a transaction does neither."""
    frame = ("BEGIN", "SET LOCAL", "COMMIT")
    return [one["sql"][:200] for one in asked if not one["sql"].startswith(frame)]
