"""What decisions need to know of areas, units, calendars and deadline policies. Read-only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lingka.accounts import selectors as accounts
from lingka.areas import selectors as areas
from lingka.cases.clocks import Calendar
from lingka.cases.definitions import Grade, Workflow
from lingka.cases.selectors import catalogue, ratings, telling
from lingka.cases.workflow import CaseState
from lingka.units import selectors as units
from lingka.units.duties import Article, DutyList


class World:
    """The world as it is at one moment, for one decision."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def rule(self, state: CaseState, clock: str) -> Mapping[str, Any] | None:
        """The deadline rule of a clock for this case's type, None where it has none."""
        kind = catalogue.case_type(state.case_type, "en", catalogue=state.catalogue)
        return catalogue.deadline(kind.deadlines, clock)

    def calendar(self, unit: int | None) -> Calendar:
        """The unit's working calendar; without a unit, the installation's own."""
        if unit is None:
            return units.default_calendar(self.now)
        return units.calendar_for(unit, self.now)

    def calendar_of(self, clock: Mapping[str, Any]) -> Calendar:
        """The version now in force of the calendar that a clock began in.

        Whoever gets the case later, a promise goes on counting in the calendar it was made in.
        """
        version = clock["calendar"]
        return units.calendar_in_force(version, self.now) if version else self.calendar(None)

    def unit(self, unit: int) -> units.UnitInfo:
        return units.unit(unit)

    def who_may_lead(self, area_path: str) -> frozenset[int]:
        """Leaders and supervisors whose posts cover a place."""
        posts = (accounts.posts_over(area_path, role, self.now) for role in accounts.LEADING)
        return frozenset(post.user_id for several in posts for post in several)

    def units_leading(self, area_path: str, user: int) -> frozenset[int]:
        """The units for which somebody may lead at a place."""
        posts = (accounts.posts_over(area_path, role, self.now) for role in accounts.LEADING)
        return frozenset(post.unit_id for of in posts for post in of if post.user_id == user)

    def code_of(self, place: int) -> str:
        """The code that hangs at a place."""
        return areas.place(place).code

    def duty_against(
        self, unit: int, case_type: str, *, lead: bool
    ) -> tuple[DutyList, Article] | None:
        """The duty list and article that keep a kind of case from a unit, if any do."""
        return units.duty_against(unit, case_type, lead=lead, at=self.now)

    def has_promised(self, unit: int, state: CaseState) -> bool:
        """Does an agreement in force bind a unit to such a case here?"""
        return units.has_promised(unit, state.case_type, state.area_path, self.now)

    def cited(self, unit: units.UnitInfo, duty_list: DutyList, article: Article) -> str:
        """That article, in words for whoever is refused."""
        return units.cited(unit, duty_list, article)

    def desk_of(self, path: str) -> int:
        """The deepest area on this path that has a desk; the topmost area without any."""
        ids = [int(part) for part in path.strip("/").split("/") if part]
        desks = accounts.desk_areas()
        return next((one for one in reversed(ids) if one in desks), ids[0])

    def desk_above(self, area: int) -> int | None:
        """The next desk up the tree, None at the top."""
        path = areas.area(area).path
        ids = [int(part) for part in path.strip("/").split("/")][:-1]
        desks = accounts.desk_areas()
        return next((one for one in reversed(ids) if one in desks), None)

    def desk_at(self, area: int, level: str) -> int:
        """The desk of a level above an area; the area's own where it is as high already."""
        ids = [int(part) for part in areas.area(area).path.strip("/").split("/")]
        at = next((one for one in ids if areas.area(one).level == level), None)
        return area if at is None else self.desk_of(areas.area(at).path)

    def opens(self, state: CaseState, grade: Grade) -> str:
        """The kind of case that begins where one reaches a grade; "" for none or an unknown one."""
        if not grade.opens:
            return ""
        kind = catalogue.case_type(state.case_type, "en", catalogue=state.catalogue)
        key = grade.opens.get(kind.publication, "")
        return key if any(one.key == key for one in catalogue.case_types("en")) else ""

    def can_be_a_part(self, case_type: str) -> bool:
        """Whether there is such a kind, whose workflow ends without a reporter of its own."""
        return catalogue.can_be_a_part(case_type)

    def workflow(self, state: CaseState) -> Workflow:
        return catalogue.workflow(state.workflow)

    def rounds_rated(self, state: CaseState) -> int | None:
        """How many rounds the reporters of a merged case may have rated on the one it went into."""
        return ratings.rounds_on(state.facts["into"])

    def version_told(self, number: str) -> int:
        """The version of a case by its number, as other platforms are told it."""
        return telling.version_told(number)

    def reopen_days(self, state: CaseState) -> int:
        return catalogue.workflow(state.workflow).reopen_days
