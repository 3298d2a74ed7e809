"""What the demo city tells its residents: notices, a heading shown on air, promised days."""

import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.base import File

from lingka.areas import selectors as areas
from lingka.areas.selectors import PlaceInfo
from lingka.cases import actions as cases
from lingka.cases.models import Case
from lingka.core import clock, events
from lingka.core.actors import Actor
from lingka.demo import steps
from lingka.demo.fates import Fate
from lingka.demo.organisation import DESK, STREET
from lingka.notices import actions as notices
from lingka.notices import templates
from lingka.promises import actions as promises
from lingka.promises.models import HeadingCase
from lingka.promises.receivers import fold

if TYPE_CHECKING:
    from lingka.demo.history import History

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHOWN = (  # what was on air, at places of the demo street
    ("井盖没了，拿树枝插着。", "road.manhole"),
    ("井盖翘起来，电动车压上去就响。", "road.manhole"),
    ("井盖裂成两半，用木板盖着。", "road.manhole"),
    ("路口塌了一块，下雨积水。", "road.hole"),
    ("巷子里的坑补了又坏。", "road.hole"),
    ("井盖边上一圈都陷下去了。", "road.manhole"),
)
TITLE = {
    "zh-hans": "电视问政：脚下的井盖",
    "bo": "བརྙན་འཕྲིན་འདྲི་རྩད། རྐང་འོག་གི་དོང་ཁེབས།",
    "en": "On air: the manholes we walk on",
}
SOURCE = {
    "zh-hans": "市电视台《问政》节目",
    "bo": "གྲོང་ཁྱེར་བརྙན་འཕྲིན་ཁང་གི་ལེ་ཚན།",
    "en": "The city television's programme",
}
MENDED = 3  # so many of them before the promised day
PROMISES = (  # for cases under way: days from when it was promised, days ago, words
    (6, 1, "周末前把这一段换成新灯头，晚上有人巡一遍。"),
    (4, 2, "备件到了就装，四天内完成，装好拍照。"),
    (2, 3, "两天内疏通，疏通后冲洗路面。"),
)


def tell_in_public(history: "History") -> None:
    """Everything of the demo street that everybody can read beside the cases."""
    street = areas.area_by_code(STREET)
    assert street is not None  # the map has it
    here = [one for one in history.places if areas.area(one.grid_id).path.startswith(street.path)]
    _put_up(history, street, here)
    _show_on_air(history, street, here)
    _promise(history, street)


def _put_up(history: "History", street: areas.AreaInfo, here: list[PlaceInfo]) -> None:
    """One from the pipe case, one planned, a danger, one that is over."""
    desk, now = history.staff.desks[street.id], history.now
    burst = Case.objects.filter(
        case_type="water.burst", stage="handling", area_path__startswith=street.path
    ).last()
    if burst is not None and burst.place_id:
        place = areas.place(burst.place_id)
        near = [one.id for one in areas.places_near(place.lon, place.lat, 3)]
        _notice(desk, now - 0.3 * HOUR, "water_off", 5, near, case=burst)
    roads = [one.id for one in here if one.kind == "street"] or [here[0].id]
    _notice(desk, now - 2 * HOUR, "ice_danger", 20, roads[:1])
    homes = [one.id for one in here if one.kind in {"building", "courtyard"}] or [here[-1].id]
    over = _notice(desk, now - 52 * HOUR, "heat_off", 30, homes[:2])
    with clock.at(now - 40 * HOUR):
        notices.withdraw(over, "sooner", actor=desk)
    later = (now + DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    community = areas.area_by_code(DESK)
    if community is not None:
        with clock.at(now - 20 * HOUR):
            notices.publish(_draft("power_off", later, 5, [], [community.id]), actor=desk)


def _notice(  # noqa: PLR0917
    desk: Actor, at: datetime, template: str, hours: float, places: list[int],
    case: Case | None = None,
) -> str:  # fmt: skip
    draft = _draft(template, at, hours, places, [], case)
    with clock.at(at):
        return notices.publish(draft, actor=desk)


def _draft(  # noqa: PLR0917
    key: str, begins: datetime, hours: float, places: list[int], within: list[int],
    case: Case | None = None,
) -> notices.Draft:  # fmt: skip
    used = templates.template(key)
    assert used is not None  # comes with the package
    return notices.Draft(
        kind=used.kind, title=used.title, text=used.text, template=key, begins_at=begins,
        ends_at=(begins + hours * HOUR).replace(minute=0, second=0, microsecond=0) + HOUR,
        places=places, areas=within, case_uuid=case.uuid if case else None,
        unit=case.lead_unit_id if case else None,
    )  # fmt: skip


def _show_on_air(history: "History", street: areas.AreaInfo, here: list[PlaceInfo]) -> None:
    """A heading of six cases with one promised day: three in time, the others not yet."""
    roads = ([one for one in here if one.kind == "street"] or here)[: len(SHOWN)]
    lines = ["内容,类型,门牌码"]
    for number, (words, case_type) in enumerate(SHOWN):
        lines.append(f"{words},{case_type},{roads[number % len(roads)].code}")
    aired = (history.now - 8 * DAY).replace(hour=20, minute=30)
    boss = history.staff.supervisor
    draft = promises.HeadingDraft(
        TITLE, SOURCE, aired.date(), history.staff.units[f"street-{STREET}"], street.id
    )
    file = File(io.BytesIO("\n".join(lines).encode()), name="问政.csv")
    with clock.at(aired):
        made = promises.open_heading(draft, file, actor=boss)
    day = (history.now - DAY).replace(hour=18, minute=0, second=0, microsecond=0)
    with clock.at(aired + 13 * HOUR):
        promises.promise_all(
            made.code, until=day, words="一周内全部换好，换好一个公布一个。", actor=boss
        )
    rows = HeadingCase.objects.filter(heading__code=made.code).order_by("line")
    for number, case in enumerate(rows.values_list("case_uuid", flat=True)):
        if number < MENDED:
            _mend(history, case, aired + (20 + 9 * number) * HOUR)
        _fold(case)


def _mend(history: "History", case: UUID, at: datetime) -> None:
    """Take a case along the usual way until the resident is asked, a few hours a step."""
    row = Case.objects.get(uuid=case)
    fate = Fate(rates=False, pace=0.3)
    living = steps.Living(case, Actor("resident"), row.case_type, fate, row.urgent, at)
    for _step in range(9):
        with clock.at(at):
            steps.next_step(living, history)
        at += 3 * HOUR
        if living.done or living.state == "resolved":
            return


def _promise(history: "History", street: areas.AreaInfo) -> None:
    """Days promised for cases that units of the demo street have in hand."""
    going = Case.objects.filter(
        state="handling", area_path__startswith=street.path, opened_at__lt=history.now - 4 * DAY,
        case_type__in=("light.out", "water.leak", "water.drain", "rubbish.smell"),
    ).exclude(clocks__has_key="promise").order_by("id")[: len(PROMISES)]  # fmt: skip
    for case, (days, ago, words) in zip(going, PROMISES, strict=False):
        hand = history.staff.handlers.get(case.lead_unit_id or 0)
        at = history.now - ago * DAY
        if not hand or case.changed_at > at:
            continue
        given: dict[str, Any] = {"until": at + days * DAY, "words": words}
        with clock.at(at):
            cases.perform(case.uuid, "promise", actor=hand[0], data=given)
        _fold(case.uuid)


def _fold(case: UUID) -> None:
    """The receivers begin after the demo's history: what they would have made is made here."""
    fold([one for one in events.history(case) if one.type == "cases.CaseActed"])
