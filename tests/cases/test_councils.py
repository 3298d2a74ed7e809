"""What became large is brought before a council: once, linked both ways, told to the reporter."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.test import Client

from lingka.accounts.models import User
from lingka.cases import actions, checker, clocks, parts, replay
from lingka.cases.actions import activation
from lingka.cases.models import Case
from lingka.cases.receipts import Opened
from lingka.cases.selectors import offers_for, receipt_by_token
from lingka.cases.selectors.kin import family
from lingka.cases.selectors.whys import why
from lingka.core import clock, events, verify
from lingka.core.ids import uuid7
from tests.cases.city import RESIDENT, City, case_of, refusal, second_grid

FLOW = activation.read(parts.DATA / "workflows" / "quick_response.yaml")


def refused(city: City, times: int = 3, case_type: str = "light.out") -> Opened:
    """A case that units handed back so often."""
    opened = city.open(case_type)
    for unit, who in [("light", "handler"), ("water", "plumber"), ("light", "handler")][:times]:
        city.do(opened, "dispatch", "chief", unit=city.units[unit].id)
        city.do(opened, "return", who, reason="not_ours", note="不归我们")
    return opened


def council() -> Case:
    return Case.objects.get(channel="council")


def settled(case: Case, city: City) -> None:
    """The council meets and gives what it resolved to the lighting unit."""
    until = (clock.now() + timedelta(days=9)).isoformat()
    for action, who, data in (
        ("settle", "chief", {"words": "两家各修一半，月底前亮"}),
        ("dispatch", "chief", {"unit": city.units["light"].id, "until": until}),
        ("sign_in", "handler", {}),
    ):
        actions.perform(case.uuid, action, actor=city.staff[who], data=data)


def test_what_climbs_to_large_is_brought_before_the_council_once(city: City) -> None:
    opened = refused(city)
    made = council()
    assert (made.case_type, made.state, made.desk_area_id) == (
        "council.resolution", "raised", city.root.id,
    )  # fmt: skip
    assert set(made.clocks) == {"settle", "resolve"}
    city.do(opened, "dispatch", "chief", unit=city.units["water"].id)
    city.do(opened, "return", "plumber", reason="not_ours", note="不归我们")
    assert Case.objects.count() == 2


def test_a_hard_case_is_brought_before_nobody(city: City) -> None:
    refused(city, times=2)
    assert Case.objects.count() == 1


def test_both_cases_name_each_other_on_their_pages(city: City) -> None:
    opened = refused(city)
    case, made = case_of(opened), council()
    one, other = family(case).resolution, family(made).resolves
    assert one
    assert other
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username="chief"))
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert "Brought before the council:" in page
    assert one.url in page
    page = client.get(f"/desk/cases/{made.number}/").content.decode()
    assert "Settles:" in page
    assert other.url in page


def test_the_reporter_reads_that_it_is_before_the_council_and_what_that_resolved(
    city: City,
) -> None:
    opened = refused(city)
    page = receipt_by_token(opened.token)
    assert page
    assert [(one.open, one.unit_id) for one in page.councils] == [(True, None)]
    html = Client(headers={"Accept-Language": "en"}).get(f"/r/{opened.token}").content.decode()
    assert "Waiting for the council" in html
    settled(council(), city)
    page = receipt_by_token(opened.token)
    assert page
    assert page.councils[0].unit_id == city.units["light"].id
    assert [one.words for one in page.replies] == ["两家各修一半，月底前亮"]


def test_nothing_is_resolved_before_the_council_has_met(city: City) -> None:
    refused(city)
    offered = {one.key: bool(one.state) for one in offers_for(council(), city.staff["chief"])}
    assert offered["settle"]
    assert not offered["dispatch"]
    assert not offered["ask"]  # whoever reported it is asked on the case that they follow
    assert why(council(), now=clock.now()).icon == "users"


def test_history_explains_both(city: City) -> None:
    opened = refused(city)
    settled(council(), city)
    for case in (case_of(opened), council()):
        assert replay.differences(case, events.history(case.uuid)) == []
    assert verify.run() == []


def test_what_the_public_never_sees_is_brought_before_no_council(city: City) -> None:
    opened = refused(city, case_type="help.papers")
    assert case_of(opened).facts["grade"] == "large"
    assert Case.objects.count() == 1


# -- by every way that leads there ---------------------------------------------------------------


def with_grades(city: City, **changes: dict[str, Any]) -> None:
    """The town's own thresholds."""
    changed = [{**one, **changes.get(one["key"], {})} for one in FLOW["grades"]]
    activation.activate("workflow", {**FLOW, "grades": changed}, actor=city.staff["chief"])


def test_a_kind_that_starts_large_is_there_from_the_first_moment(city: City) -> None:
    with_grades(city, large={"types": ["other.green"]})
    opened = city.open("other.green")
    assert case_of(opened).desk_area_id == city.root.id
    assert council().facts["resolves"] == str(opened.case_uuid)


def test_several_grids_bring_it_there(city: City) -> None:
    with_grades(city, hard={"climbs": {"grids": 2}})
    lon, lat = second_grid(city)
    one, two = city.open(), city.open(lon=lon, lat=lat)
    city.do(two, "merge", "dispatcher", into=one.case_number)
    assert council().facts["resolves"] == str(one.case_uuid)


def test_time_brings_it_there(city: City) -> None:
    with_grades(city, hard={"climbs": {"late": 1}})
    opened = city.open()
    with clock.at(clocks.moment(case_of(opened).clocks["resolve"]["due"]) + timedelta(hours=1)):
        while actions.due_now():
            pass
    assert council().facts["resolves"] == str(opened.case_uuid)
    assert verify.run() == []


def test_failing_three_times_brings_it_there(city: City) -> None:
    opened = city.at("reported")
    for _round in range(2):
        city.do(opened, "verify_failed", "verifier", words="还是黑的")
        city.do(opened, "report_back", "handler", words="又修了")
    assert Case.objects.count() == 1
    city.do(opened, "verify_failed", "verifier", words="还是黑的")
    assert case_of(opened).facts["grade"] == "large"
    assert council().facts["resolves"] == str(opened.case_uuid)


def test_where_cases_of_a_channel_begin_has_to_be_a_state() -> None:
    body = activation.read(parts.DATA / "workflows" / "resolution.yaml")
    found = checker.workflow_faults({**body, "begins": {"council": "nowhere"}})
    assert [one.code for one in found] == ["no_initial"]


def test_a_case_that_a_council_is_to_settle_is_not_merged_away_from_it(city: City) -> None:
    opened, other = refused(city), city.open()
    with refusal("council"):
        city.do(opened, "merge", "chief", into=other.case_number)
    assert str(council().uuid) == case_of(opened).facts["resolution"]
    city.do(other, "merge", "chief", into=opened.case_number)


def test_what_the_council_is_done_with_may_be_merged_until_it_takes_it_up_again(
    city: City,
) -> None:
    opened, other = refused(city), city.open()
    made = council()
    actions.perform(
        made.uuid, "decline", actor=city.staff["chief"],
        data={"reason": "outside", "words": "不归议事会"},
    )  # fmt: skip
    case = case_of(opened)
    assert case.facts["council_ended"] == "declined"
    city.do(opened, "merge", "chief", into=other.case_number)
    assert verify.run() == []


def test_a_council_that_is_opened_again_tells_what_it_settles(city: City) -> None:
    opened, made = refused(city), council()
    also = actions.follow_case(
        made.uuid, actor=RESIDENT, language="zh-hans", idempotency_key=uuid7()
    )
    settled(made, city)
    for action, who, data in (
        ("report_back", "handler", {"words": "修好了"}),
        ("verify", "verifier", {"how": "visit"}),
        ("read_out", "chief", {"words": "都亮了"}),
    ):
        actions.perform(made.uuid, action, actor=city.staff[who], data=data)
    assert case_of(opened).facts["council_ended"] == "closed"
    actions.perform(made.uuid, "reopen", actor=city.reporter(also), data={"words": "又黑了"})
    assert "council_ended" not in case_of(opened).facts
    assert verify.run() == []


def test_what_ended_before_matters_heard_of_it_is_told_once(city: City) -> None:
    opened = refused(city)
    Case.objects.filter(channel="council").update(stage="closed", state="declined")
    moved = import_module("lingka.cases.migrations.0014_councils_that_ended")
    for _again in range(2):
        moved.tell(None, SimpleNamespace(connection=connection))
    case = case_of(opened)
    assert case.facts["council_ended"] == "declined"
    assert replay.differences(case, events.history(case.uuid)) == []
