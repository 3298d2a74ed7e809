"""Pages of councils: what anybody reads, what a member can do, what the desk keeps."""

from datetime import timedelta
from uuid import UUID

from django.test import Client

from lingka.accounts.models import User
from lingka.core import clock
from lingka.deliberation import selectors
from lingka.deliberation.forms import serving
from lingka.deliberation.models import Backing, Council, Meeting, Topic
from lingka.units import selectors as units
from lingka.units.models import Unit
from tests.cases.city import City
from tests.deliberation.table import (
    SITS,
    adopted,
    code,
    convened,
    held,
    planned,
    proposed,
    raised,
    state,
)
from tests.members.people import joined
from tests.units.conftest import make_area

ENGLISH = {"Accept-Language": "en"}


def anybody() -> Client:
    return Client(headers=ENGLISH)


def member(city: City) -> Client:
    client = anybody()
    client.cookies["member"] = joined(city.grid.parent_id or 0).key
    return client


def desk(name: str = "dispatcher") -> Client:
    client = anybody()
    client.force_login(User.objects.get(username=name))
    return client


def read(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def test_everybody_reads_who_is_invited_and_why_and_what_was_decided(city: City, tea: UUID) -> None:
    convened(city, tea, raised(city, tea))
    adopted(city, tea, raised(city, tea))
    html = read(anybody(), "/councils/tea/")
    for said in ("三号院住户", "It concerns them", "划二十个车位", "怕挤了摊位", "14 were there"):
        assert said in html
    assert "9 for, 2 against, 1 neither" in html
    assert "甜茶议事会" in read(anybody(), "/councils/")
    assert '<b><span lang="zh-hans">三号院住户</span>' in html
    read(anybody(), "/councils/none/", 404)


def test_a_proposal_needs_no_account_and_keeps_what_was_typed(city: City, tea: UUID) -> None:
    client = anybody()
    answer = client.post("/councils/tea/propose", {"title": "灯太暗", "text": ""})
    assert answer.status_code == 422
    assert "灯太暗" in answer.content.decode()
    client.post("/councils/tea/propose", {"title": "灯太暗", "text": "夜里看不见"})
    topic = Topic.objects.get()
    assert topic.state == "asked"
    assert "灯太暗" not in read(client, "/councils/tea/")
    read(client, f"/councils/topics/{topic.uuid}", 404)


def test_a_member_stands_behind_a_topic_and_reads_of_it_on_their_own_page(
    city: City, tea: UUID
) -> None:
    topic, client = proposed(tea), member(city)
    desk().post(f"/desk/councils/topics/{topic}", {"do": "accept"})
    url = f"/councils/topics/{topic}"
    assert anybody().post(url, {"do": "support"})["Location"].startswith("/me/in/")
    client.post(url, {"do": "support"})
    assert "You stand behind it" in read(client, url)
    assert "门口划电动车位" in read(client, "/me/")
    assert "You stand behind it" in read(client, "/me/kept/")
    assert '"councils"' in read(client, "/me/kept.json")
    client.post(url, {"do": "stop"})
    assert not Backing.objects.exists()


def test_whoever_lives_elsewhere_is_told_so_instead_of_being_asked(city: City, tea: UUID) -> None:
    topic, client = proposed(tea), anybody()
    desk().post(f"/desk/councils/topics/{topic}", {"do": "accept"})
    Council.objects.update(area=city.grid)
    client.cookies["member"] = joined(city.grid.parent_id or 0).key
    page = read(client, f"/councils/topics/{topic}")
    assert "Those who live in this area can support it." in page
    assert 'value="support"' not in page


def test_units_of_elsewhere_have_no_part_in_a_council(city: City) -> None:
    town, there = units.units(), make_area("540102999000", city.street, "community")
    named = {one for one, _name in serving(there.path)}
    assert named == {one.id for one in town if there.path.startswith(one.area_path)}
    Unit.objects.filter(key="checkers").update(area=there)
    units.forget()
    checkers = city.units["checkers"].pk
    assert checkers in {one for one, _name in serving(there.path)}
    assert checkers not in {one for one, _name in serving(city.grid.path)}


def test_who_proposed_reads_what_nobody_else_does_and_takes_it_back(city: City, tea: UUID) -> None:
    client = member(city)
    client.post("/councils/tea/propose", {"title": "灯太暗", "text": "夜里看不见"})
    url = f"/councils/topics/{Topic.objects.get().uuid}"
    assert "灯太暗" in read(client, url)
    read(anybody(), url, 404)
    assert client.post(url, {"do": "stop"})["Location"] == "/me/"
    read(client, url, 404)


def test_the_desk_leaves_a_topic_for_another_meeting(city: City, tea: UUID) -> None:
    topic = raised(city, tea)
    url = f"/desk/councils/meetings/{held(city, tea, topic)}"
    assert "Leave it for another meeting" in read(desk(), url)
    desk().post(url, {"do": "adjourn", "adjourn-topic": str(topic)})
    assert state(topic) == "open"
    assert "Leave it for another meeting" not in read(desk(), url)


def test_nobody_comes_to_a_meeting_that_is_only_planned(city: City, tea: UUID) -> None:
    read(anybody(), f"/councils/meetings/{planned(city, tea)}/{'é'}", 404)


def test_a_browser_is_counted_once_at_a_meeting(city: City, tea: UUID) -> None:
    meeting, client = convened(city, tea, raised(city, tea)), anybody()
    with clock.at(SITS):
        url = f"/councils/meetings/{meeting}/{code(meeting)}"
        assert "I am here" in read(client, url)
        for _again in range(2):
            assert client.post(url).status_code == 302
        assert anybody().post(url[:-3] + "é").status_code == 409
        assert "<svg" in read(desk(), f"/desk/councils/meetings/{meeting}/code")
    assert Meeting.objects.get().present == 1


def test_the_desk_leads_a_topic_from_its_proposal_to_its_owner(city: City, tea: UUID) -> None:
    client, topic = desk("chief"), proposed(tea)
    assert "Everybody may read it" in read(client, f"/desk/councils/topics/{topic}")
    own = {"do": "raise", "raise-title": "灯", "raise-text": "太暗"}
    assert client.post("/desk/councils/tea/", own).status_code == 302
    plan = {"do": "plan", "plan-starts_at": f"{SITS + timedelta(hours=8):%Y-%m-%dT%H:%M}",
            "plan-where": "茶馆"}  # fmt: skip
    client.post("/desk/councils/tea/", plan)
    meeting = Meeting.objects.get().uuid
    url = f"/desk/councils/meetings/{meeting}"
    lamp = Topic.objects.get(origin="office").uuid
    client.post(url, {"do": "agenda", "agenda-topic": str(lamp)})
    assert "Invite those whom" in client.post(url, {"do": "convene"}).content.decode()
    client.post(url, {"do": "invite", "invite-topic": str(lamp), "invite-name": "住户",
                      "invite-reason": "affected"})  # fmt: skip
    client.post(url, {"do": "convene"})
    with clock.at(Meeting.objects.get().starts_at):
        client.post(url, {"do": "hold", "hold-present": 9, "hold-minutes": "说了灯"})
        client.post(url, {"do": "decide", "decide-topic": str(lamp), "decide-yes": 8,
                          "decide-no": 1, "decide-abstained": 0,
                          "decide-words": "换灯"})  # fmt: skip
        unit = city.units["light"].pk
        page = f"/desk/councils/topics/{lamp}"
        given = {"do": "resolve", "resolve-until": "2026-12-20"}
        nobody = client.post(page, {**given, "resolve-unit": ""})  # no unit is chosen in advance
        assert set(nobody.context["forms"]["resolve"].errors) == {"unit"}
        client.post(page, {**given, "resolve-unit": unit})
    found = selectors.topic(lamp)
    assert found is not None
    assert found.state == "in_work"
    assert "换灯" in read(client, url)


def test_a_desk_sets_a_council_up(city: City) -> None:
    words = {f"council-{part}_{code}": "院坝" for part in ("name", "about")
             for code in ("zh-hans", "bo", "en")}  # fmt: skip
    given = {"do": "council", "council-kind": "courtyard", "council-key": "yard",
             "council-area": city.grid.parent_id,
             "council-unit": city.units["office"].pk}  # fmt: skip
    answer = desk().post("/desk/councils/new", {**given, **words})
    assert answer["Location"] == "/desk/councils/yard/"
    assert "院坝" in read(desk(), "/desk/councils/")
    read(desk("handler"), "/desk/councils/", 404)
    assert anybody().get("/desk/councils/").status_code == 302
