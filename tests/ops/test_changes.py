"""Who changed what and when."""

from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from django.test import Client

import lingka.core
from lingka.accounts.models import User
from lingka.areas.models import Area
from lingka.core import events, histories
from lingka.core.actors import SYSTEM, Actor
from lingka.core.ids import uuid7
from lingka.desks import actions as desks
from lingka.insight import actions as rates
from lingka.ops.views_changes import told
from lingka.units import actions as units
from lingka.units import work
from tests.cases import city as cities
from tests.cases.city import START, City


def administrator(city: City) -> Actor:
    from lingka.accounts.models import Post

    user = User.objects.create(uuid=uuid7(), username="keeper", name="keeper", password="!")
    post = Post.objects.create(
        user=user, role="administrator", unit=city.units["hall"], area=city.root, valid_from=START
    )
    return Actor("user", user.pk, post.pk)


def page(query: str = "") -> str:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username="keeper"))
    html: str = client.get(f"/desk/changes/{query}").content.decode()
    return html


def words(text: str) -> dict[str, str]:
    return dict.fromkeys(("zh-hans", "bo", "en"), text)


def test_a_change_stands_there_with_its_author_and_cases_do_not(db: None) -> None:
    city = cities.build()
    keeper = administrator(city)
    unit = units.create_unit(
        actor=keeper, key="glass", kind="department", name=cities.names("玻璃队"),
        area_id=Area.objects.get(level="city").pk, calendar_id=city.units["light"].calendar_id,
    )  # fmt: skip
    city.open()
    html = page()
    assert unit
    assert "glass" in html
    assert "keeper" in html
    assert "Case opened" not in html


def test_a_changed_route_says_which_unit_for_what_where_and_since_when(db: None) -> None:
    city = cities.build()
    keeper = administrator(city)
    service = units.add_service(
        city.units["light"].pk, actor=keeper, area_id=city.street.pk, case_type="light",
        basis=cities.names("新的分工"), valid_from=date(2026, 12, 1),
    )  # fmt: skip
    units.end_service(service, actor=keeper, on=date(2027, 1, 1))
    units.update_unit(
        city.units["light"].pk, actor=keeper, phone="0891-12345", area_id=city.street.pk,
        active=False,
    )  # fmt: skip
    lines = [one["which"] for one in told(events.beside_cases(3))]
    where, what = city.street.name["zh-hans"], work.names()["light"]
    root = city.root.name["zh-hans"]
    assert lines == [
        f"light · 启用与否: 是 → — · 区域: {root} → {where} · 电话: — → 0891-12345",
        f"light · {where} · {what} · 至 2027-01-01",
        f"light · {where} · {what} · 自 2026-12-01",
    ]


def test_every_version_of_a_workflow_stands_there(db: None) -> None:
    administrator(cities.build())
    html = page()
    assert "Kept in versions" in html
    assert "/desk/changes/workflow/quick_response/" in html
    assert "the package" in html


def test_a_changed_reply_shows_what_it_said_before_and_who_changed_it(db: None) -> None:
    keeper = administrator(cities.build())
    body = {"for": ["reply"], "title": words("Thanks"), "text": words("We come today.")}
    desks.publish_reply("thanks", body, actor=keeper)
    desks.publish_reply("thanks", body | {"text": words("We come tomorrow.")}, actor=keeper)
    html = page("reply/thanks/")
    assert "We come <del>today</del>." in html
    assert "We come <ins>tomorrow</ins>." in html
    assert html.index("Version 2") < html.index("· keeper") < html.index("Version 1")


def test_what_was_shipped_stands_before_the_town_s_own_and_a_retired_one_says_so(
    db: None,
) -> None:
    keeper = administrator(cities.build())
    desks.retire_reply("received", actor=keeper)
    html = page("reply/received/")
    assert html.index("Taken down") < html.index("As shipped")
    assert "/desk/changes/reply/received/" in page()


@pytest.mark.parametrize("path", ["reply/nothing/", "nothing/received/"])
def test_of_what_there_is_not_there_is_no_page(db: None, path: str) -> None:
    administrator(cities.build())
    assert "There is no such page" in page(path)


def test_every_kind_that_is_kept_in_versions_opens(db: None) -> None:
    administrator(cities.build())
    units.activate_shipped()
    rates.activate_shipped()
    for one in histories.every():
        key = next(iter(one.versions()), None)
        assert key is None or "<h1>" in page(f"{one.kind}/{key}/"), one.kind


def test_older_changes_are_a_link_away(db: None) -> None:
    city = cities.build()
    administrator(city)
    for number in range(52):
        units.update_unit(city.units["light"].pk, actor=SYSTEM, name=cities.names(f"灯{number}"))
    assert "?before=" in page()


# What an operator may look up of who changed what. Whatever else somebody does is their day at
# work: a new type of event is put here by whoever has thought about it, or says `day_s_work`.
CHANGES = """
accounts.ApiKeyIssued accounts.ApiKeyRevoked accounts.LeaveCancelled accounts.LeaveRecorded
accounts.PostEnded accounts.PostGranted accounts.ShiftCancelled accounts.ShiftPlanned
accounts.UserAdded accounts.UserChanged areas.AreaClosed areas.AreaImported areas.PlaceAdded
areas.PlaceMoved areas.PlaceRetired callbacks.CallsDrawn core.RulesActivated counter.WindowSet
covenants.CovenantAdopted covenants.CovenantEnded
deliberation.CouncilSet deliberation.DecisionTaken deliberation.MeetingMoved
deliberation.MeetingPrepared deliberation.ResolutionMade deliberation.TopicMoved
deliberation.TopicPutToVote deliberation.TopicRaised deliberation.TopicVoted
desks.ListTaken desks.ReplyPublished desks.ReplyRetired exchange.Exchanged exchange.PeerSet
field.DeviceRegistered field.DeviceRevoked guides.GuidePublished guides.GuideRetired
insight.AppealDecided insight.AppealFiled insight.AppealObjected insight.AssessmentPublished
insight.DefinitionActivated insight.RatesPublished insight.RatesShown insight.UnitMarked
intake.CallDaySet members.WorkplaceAsked members.WorkplaceConfirmed members.WorkplaceEnded
notices.NoticeEnded notices.NoticeProlonged notices.NoticePublished
notices.TemplatePublished notices.TemplateRetired ops.DeliveriesRetried ops.DeliverySkipped
patrols.ChecklistPublished patrols.ChecklistRetired patrols.DecisionMade patrols.DriveEnded
patrols.DriveJoined patrols.DriveMade patrols.MissExplained
patrols.PlanEnded patrols.PlanMade patrols.RoundMissed patrols.RoundsLaidOut
patrols.SoundDropped patrols.SoundKept points.GoodSet points.ShopSet
points.YearRecognised projects.ListBegun
projects.ListPublished projects.MilestoneLeftOut projects.MilestoneSet projects.ProjectChanged
projects.ProjectLeftOut projects.ProjectSet
projects.UsersAnswered projects.UsersAsked promises.HeadingOpened
rooms.ProgrammeSet rooms.RoomSet
rooms.SpecialDaySet rooms.StationSet surveys.SurveyClosed
surveys.SurveyOpened units.AgreementEnded units.AgreementExpired units.AgreementRegistered
units.AgreementRunsOut units.CalendarVersionAdded units.DutyListActivated units.ServiceAdded
units.ServiceEnded units.UnitAdded units.UnitChanged
volunteering.ActivityApproved volunteering.ActivityCancelled volunteering.ActivityChanged
volunteering.ActivityDrafted volunteering.ActivityPublished volunteering.ActivityReturned
volunteering.NeedEnded
volunteering.NeedPlanned volunteering.NeedPublished volunteering.NeedTaken
volunteering.NeedTakenByTeam volunteering.ResourceEnded volunteering.ResourceOffered
volunteering.ShiftClosed volunteering.TeamConfirmed
voting.PaperCounted voting.PaperLeftOut voting.VoteCancelled voting.VoteClosed voting.VoteCounted
voting.VoteNear voting.VoteOpened voting.VotePrepared
"""


def test_the_list_of_changes_follows_nobody_through_their_day() -> None:
    for module in Path(lingka.core.__file__).parents[1].glob("*/events.py"):
        import_module(f"lingka.{module.parent.name}.events")
    listed = {
        name for name, cls in events.REGISTRY.items()
        if cls.stream != "case" and not cls.day_s_work and cls.__module__.startswith("lingka.")
    }  # fmt: skip
    assert listed == set(CHANGES.split())
