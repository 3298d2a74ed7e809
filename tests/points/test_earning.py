"""Every shipped rule earns: hours and training that were confirmed, proposals of those who wished
it, and what desks enter."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from lingka.accounts import selectors as accounts
from lingka.accounts.models import User
from lingka.core import clock, datafiles, listings, rulebooks
from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from lingka.deliberation import actions as council
from lingka.deliberation import selectors as councils
from lingka.deliberation.models import Backing
from lingka.members.selectors import MemberInfo
from lingka.points import actions, rules
from lingka.points.models import Award
from lingka.volunteering import actions as serving
from lingka.volunteering.models import Activity
from tests.cases import city as cities
from tests.cases.city import MONDAY, City
from tests.deliberation import table
from tests.members.people import Joined, hear, joined
from tests.points.bank import has
from tests.points.bank import joined as opened
from tests.volunteering.helping import open_activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return cities.build()


@pytest.fixture
def who(city: City) -> Joined:
    with clock.at(MONDAY):
        found = joined(city.grid.parent_id or 0)
        opened(member=found.info.uuid)
        return found


@pytest.fixture
def me(who: Joined) -> MemberInfo:
    return who.info


def points(who: MemberInfo) -> int:
    account = actions.open_account("points", actor=who.actor, member=who.uuid)
    return has(account)[0]


def earned() -> set[str]:
    return set(Award.objects.values_list("rule", flat=True))


SHIPPED = datafiles.read(rules.SHIPPED)["earning"]


@pytest.mark.parametrize("rule", [key for key, one in SHIPPED.items() if one["from"] == rules.HAND])
def test_what_desks_enter_earns(city: City, me: MemberInfo, rule: str) -> None:
    occasion = actions.Occasion("hand:1", MONDAY.date(), city.street.pk)
    with clock.at(MONDAY):
        actions.award_by_hand(rule, occasion, member=me.uuid, actor=city.staff["dispatcher"])
    assert points(me) == rules.BOOK.now().rules[rule].points


def serve(city: City, who: MemberInfo, **kind: bool) -> None:
    """Two hours, confirmed by the desk and told of twice."""
    with clock.at(MONDAY):
        town = open_activity(
            city, MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=3), places=2
        )
        if kind:
            Activity.objects.update(**kind)
    with clock.at(town.begins):
        serving.check_in(town.shift, actor=who.actor)
    with clock.at(town.ends):
        serving.check_out(town.shift, actor=who.actor)
        serving.close_shift(town.shift, actor=city.staff["dispatcher"])
        hear("points.earned")
        hear("points.earned")


@pytest.mark.parametrize(
    ("kind", "rule"), [({}, "served-hour"), ({"training": True}, "attended-training")]
)
def test_two_confirmed_hours_earn_by_what_they_were(
    city: City, me: MemberInfo, kind: dict[str, bool], rule: str
) -> None:
    serve(city, me, **kind)
    assert earned() == {rule}
    assert points(me) == 10


# -- proposals ------------------------------------------------------------------------------


def proposed(city: City, who: MemberInfo, *, thanked: bool = True) -> UUID:
    at = table.council(city, "yard", "courtyard")
    topic = council.propose(
        at, "灯", "太暗", actor=who.actor, idempotency_key=uuid7(), thanked=thanked
    )
    council.accept(topic, actor=city.staff["dispatcher"])
    return topic


def adopt(city: City, topic: UUID) -> None:
    with clock.at(MONDAY):
        [at] = councils.councils()
        table.adopted(city, at.uuid, topic)
    with clock.at(table.SITS):
        hear("points.earned")
        hear("points.earned")


def test_an_adopted_proposal_earns_once_for_whoever_wished_it(city: City, me: MemberInfo) -> None:
    with clock.at(MONDAY):
        topic, other = proposed(city, me), table.neighbour(city, 1)
        opened(member=other.uuid)
        council.tell_me(topic, actor=other.actor)
    assert points(me) == 0
    adopt(city, topic)
    assert (points(me), points(other)) == (30, 0)
    award = Award.objects.get()
    assert (award.rule, award.area_id) == ("adopted-proposal", city.grid.parent_id)
    assert award.given_by == city.staff["dispatcher"].id, "who decided does not review it"


def test_nobody_earns_by_a_proposal_who_did_not_wish_it(city: City, me: MemberInfo) -> None:
    with clock.at(MONDAY):
        topic = proposed(city, me, thanked=False)
    adopt(city, topic)
    assert points(me) == 0


def test_a_wish_that_was_taken_back_earns_nothing(city: City, me: MemberInfo) -> None:
    with clock.at(MONDAY):
        topic = proposed(city, me)
        council.stop(topic, actor=me.actor)
        assert not Backing.objects.exists()
    adopt(city, topic)
    assert points(me) == 0


def test_who_does_not_collect_points_earns_none_by_a_proposal(city: City) -> None:
    with clock.at(MONDAY):
        who = table.neighbour(city, 1)
        topic = proposed(city, who)
    adopt(city, topic)
    assert not Award.objects.exists()


def test_a_proposal_that_was_only_read_by_the_desk_earns_nothing(
    city: City, me: MemberInfo
) -> None:
    with clock.at(MONDAY):
        proposed(city, me)
        hear("points.earned")
    assert points(me) == 0


# -- the box --------------------------------------------------------------------------------


def page(key: str = "") -> Client:
    client = Client(headers={"Accept-Language": "zh-hans"})
    if key:
        client.cookies["member"] = key
    return client


def test_only_members_are_asked_and_the_box_is_empty(city: City, who: Joined) -> None:
    with clock.at(MONDAY):
        table.council(city, "yard", "courtyard")
        url = "/councils/yard/propose"
        assert 'name="thanked"' not in page().get(url).content.decode()
        html = page(who.key).get(url).content.decode()
    assert 'name="thanked"' in html
    assert "checked" not in html
    assert "如果被采纳，请给我记积分" in html


def test_a_box_that_is_ticked_is_kept_with_the_backing_and_shown(city: City, who: Joined) -> None:
    with clock.at(MONDAY):
        table.council(city, "yard", "courtyard")
        key = str(uuid7())
        for thanked in ({}, {"thanked": "on"}):  # gone back to, and ticked: the same proposal
            sent = {"title": "灯", "text": "太暗", "idempotency_key": key, **thanked}
            assert page(who.key).post("/councils/yard/propose", sent).status_code == 302
            assert Backing.objects.get().thanked == bool(thanked)
        [own] = councils.own(who.info.uuid)
        html = page(who.key).get(f"/councils/topics/{own.topic.uuid}").content.decode()
        kept = page(who.key).get("/me/kept/").content.decode()
    assert "您希望它被采纳时给您记积分" in html
    assert "您希望它被采纳时给您记积分" in kept


def test_a_neighbour_without_an_account_cannot_wish_for_points(city: City) -> None:
    with clock.at(MONDAY):
        table.council(city, "yard", "courtyard")
        sent = {"title": "灯", "text": "太暗", "thanked": "on"}
        assert page().post("/councils/yard/propose", sent).status_code == 302
    assert not Backing.objects.exists()


# -- what who looks at it reads -------------------------------------------------------------


@pytest.fixture
def all_drawn(db: None) -> None:
    made: dict[str, Any] = datafiles.read(rules.SHIPPED)
    made["review"]["percent"] = 100
    with clock.at(MONDAY):
        rulebooks.put(rules.BOOK, made, actor=SYSTEM)


def review(**sent: str) -> str:
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(User.objects.get(username="supervisor"))
    with clock.at(MONDAY + timedelta(days=3)):
        if sent:
            assert browser.post("/desk/points/review", sent).status_code == 302
        return browser.get("/desk/points/review").content.decode()


def test_who_looks_at_confirmed_hours_reads_of_which_activity_and_of_nobody(
    city: City, me: MemberInfo, all_drawn: None
) -> None:
    serve(city, me)
    html = review()
    for said in ("捡垃圾", "亭子", "A full hour of voluntary service", 'href="/v/'):
        assert said in html
    assert "云雀" not in html
    assert "entered by" not in html


def test_who_looks_at_a_proposal_reads_which_and_not_whose(
    city: City, me: MemberInfo, all_drawn: None
) -> None:
    with clock.at(MONDAY):
        topic = proposed(city, me)
    adopt(city, topic)
    html = review()
    assert f'<a href="/councils/topics/{topic}">灯</a>' in html
    assert "云雀" not in html


def test_who_looks_at_what_a_desk_entered_reads_who_did_and_when(
    city: City, me: MemberInfo, all_drawn: None
) -> None:
    desk = city.staff["dispatcher"]
    with clock.at(MONDAY):
        occasion = actions.Occasion("hand:1", MONDAY.date(), city.street.pk)
        actions.award_by_hand("clean-up", occasion, member=me.uuid, actor=desk)
    html = review()
    assert f"entered by {User.objects.get(pk=desk.id).name} on" in html
    assert "云雀" not in html


def test_what_it_was_for_is_kept_until_somebody_looked_at_it(
    city: City, me: MemberInfo, all_drawn: None
) -> None:
    serve(city, me)
    award = Award.objects.get()
    assert award.about is not None
    review(**{"do": str(award.uuid), f"{award.uuid}-right": "yes"})
    assert Award.objects.get().about is None


def test_the_file_of_what_to_look_at_says_what_it_was_for(
    city: City, me: MemberInfo, all_drawn: None
) -> None:
    serve(city, me)
    found, boss = listings.listing("points-to-review"), city.staff["supervisor"]
    assert found is not None
    [row] = found.keys(boss, accounts.posts_of(boss.id or 0), {})
    assert "捡垃圾" in row
    assert len(row) == len(found.columns)
