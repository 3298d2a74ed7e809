"""The scene of mission row C1: a tea-house table votes for parking bays; the resolution becomes a
case, its result is read out there."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from lingka.cases import actions as cases
from lingka.core.actors import Actor
from lingka.deliberation import actions
from lingka.deliberation.models import Resolution
from tests.deliberation.table import code

WEDNESDAY = timezone.make_aware(dt.datetime(2026, 11, 25, 15, 0))  # noqa: DTZ001
BEFORE = WEDNESDAY - dt.timedelta(days=5)
NAMES = {"zh-hans": "甜茶议事会", "bo": "ཇ་མངར་གྲོས་ཚོགས།", "en": "Sweet-tea council"}
REPORT = "二十个车位划好了，轮椅过得去了。"


@pytest.fixture
def table(town, time_is):
    """A table that sits on Wednesdays, with a topic that concerns yard three."""
    time_is(BEFORE)
    chief = Actor("user", town.posts.chief.user_id, town.posts.chief.pk)
    tea = actions.set_council(
        None, actor=chief, key="tea", kind="teahouse", area=town.community.pk, unit=town.desk.pk,
        name=NAMES, about=NAMES,
    )  # fmt: skip
    topic = actions.raise_topic(tea, "给两轮车划车位", "停满了巷子。", actor=chief)
    meeting = actions.plan(tea, WEDNESDAY, "甜茶馆", actor=chief)
    actions.put_on_agenda(meeting, topic, actor=chief)
    actions.invite(meeting, topic, "affected", actor=chief, name="三号院住户")
    actions.convene(meeting, actor=chief)
    return town, meeting, topic


def _carried_out(town, case):
    """Those who carry it out do, somebody else looks, and the chief reads the result out."""
    posts = town.posts
    for action, post, data in (
        ("sign_in", posts.handler, {}),
        ("report_back", posts.handler, {"words": "划好了"}),
        ("verify", posts.verifier, {"how": "visit"}),
        ("read_out", posts.chief, {"words": REPORT}),
    ):
        cases.perform(case, action, actor=Actor("user", post.user_id, post.pk), data=data)


def _enters_what_was_decided(chief):
    chief.get_by_label("How many were there").fill("14")
    chief.get_by_label("What was said, in short").fill("说了停车。")
    chief.get_by_role("button", name="Enter the meeting").click()
    for label, said in (("Hands for it", "11"), ("Hands against it", "2"), ("Neither", "1")):
        chief.get_by_label(label).fill(said)
    chief.get_by_label("What was decided").fill("沿北墙划二十个车位")
    chief.get_by_label("What was said on the other side").fill("怕早市没地方卸货")
    chief.get_by_role("button", name="Enter the decision").click()


def _gives_it_to(chief, unit):
    chief.get_by_label("Who carries it out").select_option(str(unit.pk))
    chief.get_by_label("Done by").fill("2026-12-20")
    chief.get_by_label("Budget").fill("3600")
    chief.get_by_role("button", name="Give it to its owner").click()


def test_c1_a_tea_house_table_votes_for_parking_bays_and_hears_what_became_of_them(
    table, phone, desk, time_is, the_worker
):
    town, meeting, topic = table

    # Everybody reads when the table sits, on what, and who was asked to come, and why.
    neighbour = phone("zh-hans")
    neighbour.goto("/councils/tea/")
    expect(neighbour.get_by_text("三号院住户")).to_be_visible()
    expect(neighbour.get_by_text("这事关系到他们")).to_be_visible()

    # At the table a neighbour scans the code, and is one more; nobody asks who.
    time_is(WEDNESDAY)
    chief = desk("zong")
    neighbour.goto(f"/councils/meetings/{meeting}/{code(meeting)}")
    neighbour.get_by_role("button", name="我到了").click()
    expect(neighbour.get_by_text("已经算上您")).to_be_visible()

    # Hands are counted, for it and against it, and what the other side said.
    chief.goto(f"/desk/councils/meetings/{meeting}")
    expect(chief.get_by_label("How many were there")).to_have_value("1")
    _enters_what_was_decided(chief)
    expect(chief.get_by_text("11 for, 2 against, 1 neither")).to_be_visible()

    # What was resolved is a case, with an owner, a day and money.
    chief.goto(f"/desk/councils/topics/{topic}")
    _gives_it_to(chief, town.water)
    expect(chief.get_by_text("being carried out")).to_be_visible()

    # It is done, and its result is read out there.
    _carried_out(town, Resolution.objects.get().case)
    the_worker()
    neighbour.goto("/councils/tea/")
    expect(neighbour.get_by_text(REPORT)).to_be_visible()
    expect(neighbour.get_by_text("11 赞成，2 反对，1 弃权")).to_be_visible()
    expect(neighbour.get_by_text("怕早市没地方卸货")).to_be_visible()
