"""Joining by choice, seeing what is kept, leaving with one tap; nobody is looked up."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lingka.core import clock, contents
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import history
from lingka.core.ids import uuid7
from lingka.core.models import Content, Event
from lingka.members import actions, outgoing, parts, rules, selectors
from lingka.members.events import MemberLeft
from lingka.members.models import Member, Reach, Session
from lingka.ops import erasures
from tests.cases import city as cities
from tests.cases.city import MONDAY, City, problem, refusal
from tests.members.people import OFFER, digits, joined, proved

PHONE = "13900001111"


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def browser_of(key: str) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.cookies["member"] = key
    return browser


def test_somebody_joins_from_a_phone_without_a_password(home: int) -> None:
    phone = Client(headers={"accept-language": "en"})
    asked = phone.post("/me/in/", {"to": PHONE, "next": "/me/kept/"})
    shown = phone.post(asked["Location"], {"digits": f" {digits()[:3]} {digits()[3:]}",
                                           "next": "/me/kept/"})  # fmt: skip
    assert shown["Location"] == "/me/join/?next=%2Fme%2Fkept%2F"
    form = {"name": "Lark", "area": home, "language": "en", "next": "/me/kept/"}
    refused = phone.post("/me/join/", form)
    assert refused.status_code == 422
    assert "Without this nothing may be kept of you" in said(refused)
    assert 'value="Lark"' in said(refused)
    assert phone.post("/me/join/", form | {"agreed": "on"})["Location"] == "/me/kept/"
    held = phone.cookies["member"]
    assert (held["path"], held["httponly"], held["samesite"]) == ("/", True, "Lax")
    assert "Lark" in said(phone.get("/me/kept/"))


@pytest.mark.parametrize(
    ("field", "value"), [("name", " "), ("name", "x" * 25), ("area", "0"), ("area", "99999999999")]
)
def test_what_is_wrong_is_said_beside_it_and_the_rest_stays(
    home: int, field: str, value: str
) -> None:
    phone = Client(headers={"accept-language": "en"})
    phone.post("/me/in/", {"to": PHONE})
    phone.post("/me/code/", {"digits": digits()})
    form = {"name": "Lark", "area": home, "language": "bo", "agreed": "on"} | {field: value}
    refused = phone.post("/me/join/", form)
    assert refused.status_code == 422
    assert f'id="id_{field}_error"' in said(refused)
    assert not Member.objects.exists()


def test_two_browsers_that_join_with_one_number_make_one_member(home: int) -> None:
    first, _none = proved(PHONE)
    second, _none = proved(PHONE)
    actions.join(first, name="a", area=home, language="en")
    with problem("taken"):
        actions.join(second, name="b", area=home, language="en")
    assert Member.objects.count() == 1


def test_only_areas_that_hold_grids_can_be_joined(city: City) -> None:
    token, _key = proved(PHONE)
    with problem("area"):
        actions.join(token, name="a", area=city.street.pk, language="en")


def test_a_member_sees_and_takes_along_all_that_is_kept(home: int) -> None:
    one = joined(home, PHONE, name="云雀")
    answer = browser_of(one.key).get("/me/kept.json")
    held = json.loads(answer.content)
    assert held["name"] == "云雀"
    assert held["reached_by"] == {"kind": "phone", "to": PHONE}
    assert held["last_month"] == "2026-11"
    assert answer["Cache-Control"] == "no-store"
    kept = {one.name for one in Member._meta.get_fields() if not one.one_to_many}
    assert kept == {
        "id", "uuid", "area", "name", "workplace", "language", "consent", "consented_at",
        "joined_at", "month", "warned_on", "left_at", "reach",
    }, "a new field belongs on the page of what is kept, and in its file"  # fmt: skip


def test_a_member_corrects_what_is_kept_and_the_old_name_is_erased(home: int) -> None:
    one = joined(home, PHONE, name="云雀")
    form = {"do": "entry", "entry-name": "柳树", "entry-area": home, "entry-language": "bo"}
    assert browser_of(one.key).post("/me/kept/", form).status_code == 302
    after = selectors.member(one.info.uuid)
    assert after is not None
    assert (selectors.name(after), after.language) == ("柳树", "bo")
    assert contents.read([one.info.name_id]) == {}


def test_the_number_is_changed_by_proving_the_new_one(home: int) -> None:
    one = joined(home, PHONE)
    _token, key = proved("pema@example.org", member=one.info.id)
    found = selectors.by_key(key)
    assert found is not None
    address = selectors.address(found)
    assert address is not None
    assert address.to == "pema@example.org"
    assert proved(PHONE)[1] == "", "the old number is nobody's"


def test_a_number_that_takes_part_already_is_not_taken_over(home: int) -> None:
    one = joined(home, PHONE)
    two = joined(home, "13955556666")
    with problem("taken"):
        proved(PHONE, member=two.info.id)
    assert Reach.objects.get(member_id=one.info.id)


def test_leaving_is_one_tap_and_everything_is_gone(city: City, home: int) -> None:
    unit = city.units["light"].pk
    actions.check_in(unit, home, actor=city.staff["dispatcher"], **OFFER)
    one = joined(home, PHONE, name="云雀", workplace=unit)
    answer = browser_of(one.key).post("/me/leave/")
    assert "you have left" in said(answer).lower()
    assert selectors.by_key(one.key) is None
    assert selectors.member(one.info.uuid) is None
    assert not Session.objects.exists()
    assert not Reach.objects.exists()
    assert Content.objects.get(pk=one.info.name_id).value is None
    row = Member.objects.get()
    assert (row.area, row.workplace, row.name, row.month, row.language) == (None,) * 4 + ("",)
    assert isinstance(history(one.info.uuid)[-1].data, MemberLeft)
    with refusal("not_member"):
        actions.leave(actor=one.info.actor)


def test_no_event_tells_who_somebody_is_or_where_they_live_and_work(city: City, home: int) -> None:
    unit = city.units["light"].pk
    actions.check_in(unit, home, actor=city.staff["dispatcher"], **OFFER)
    one = joined(home, PHONE, name="云雀", workplace=unit)
    actions.correct(actor=one.info.actor, name="柳树", workplace=None)
    actions.leave(actor=one.info.actor)
    for event in Event.objects.filter(stream="member"):
        assert set(event.data) <= {"consent", "name", "fields", "why"}
        assert "柳树" not in json.dumps(event.data, ensure_ascii=False)
        assert set(event.data.get("name", {"content", "hash"})) == {"content", "hash"}


def test_after_a_restore_whoever_left_has_left_again(
    home: int, tmp_path: Any, settings: Any
) -> None:
    settings.HOME = tmp_path
    one = joined(home, PHONE)
    before = Member.objects.values().get(), Reach.objects.values().get()
    actions.leave(actor=one.info.actor)
    erasures.keep()
    Member.objects.filter(pk=one.info.id).update(**before[0])
    Reach.objects.create(**before[1])
    erasures.apply()
    assert selectors.member(one.info.uuid) is None
    assert not Reach.objects.exists()


def test_another_text_is_agreed_to_anew(home: int, monkeypatch: pytest.MonkeyPatch) -> None:
    one = joined(home, PHONE)
    monkeypatch.setattr(rules, "consent", lambda: rules.Consent("2027-01", ({"en": "New."},)))
    phone = browser_of(one.key)
    assert "The text that you agreed to has changed" in said(phone.get("/me/"))
    phone.post("/me/consent/")
    assert "has changed" not in said(phone.get("/me/"))


def test_whoever_stays_away_is_told_and_then_let_go(home: int) -> None:
    one = joined(home, PHONE)
    later = MONDAY + rules.inactive()
    with clock.at(later - timedelta(days=60)):
        assert actions.warn_inactive() == []
    with clock.at(later):
        assert actions.warn_inactive(dry_run=True) == [one.info.uuid]
        assert actions.warn_inactive() == [one.info.uuid]
        assert actions.warn_inactive() == [], "told once"
        assert actions.lapse() == []
    with clock.at(later + rules.notice() + timedelta(days=1)):
        assert actions.lapse(dry_run=True) == [one.info.uuid]
        assert selectors.member(one.info.uuid) is not None
        assert actions.lapse() == [one.info.uuid]
    assert selectors.member(one.info.uuid) is None


def test_whoever_comes_by_after_the_warning_stays(home: int) -> None:
    one = joined(home, PHONE)
    later = MONDAY + rules.inactive()
    with clock.at(later):
        actions.warn_inactive()
        proved(PHONE)
    with clock.at(later + rules.notice() + timedelta(days=1)):
        assert actions.lapse() == []
    assert selectors.member(one.info.uuid) is not None


def test_when_somebody_comes_by_is_known_by_the_month_only(home: int) -> None:
    key = joined(home, PHONE).key
    with clock.at(MONDAY + timedelta(days=20)):
        browser_of(key).get("/me/")
    assert str(Member.objects.get().month) == "2026-12-01"


def test_only_the_member_changes_their_entry(city: City, home: int) -> None:
    joined(home, PHONE)
    for actor in (SYSTEM, city.staff["dispatcher"], Actor("member", 0), Actor("resident")):
        with refusal("not_member"):
            actions.correct(actor=actor, name="x")


def test_another_module_shows_and_exports_its_part(
    home: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = parts.Part(
        "probe", "Probe", 1, "members/left.html", lambda _r, _m: {},
        lambda _m: [("Probed", "twice")], lambda _m: {"times": 2},
    )  # fmt: skip
    monkeypatch.setattr(parts, "PARTS", {"probe": part})
    phone = browser_of(joined(home, PHONE).key)
    assert "Probed" in said(phone.get("/me/kept/"))
    assert json.loads(phone.get("/me/kept.json").content)["probe"] == {"times": 2}


def test_without_a_way_out_no_code_is_said_to_be_sent(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "_ways", [])
    actions.ask(PHONE, language="en", source="a")
    with pytest.raises(RuntimeError):
        actions.send_waiting()


def test_there_is_no_address_at_which_members_are_listed(city: City, home: int) -> None:
    one = joined(home, PHONE, name="云雀")
    cities._post("boss", "administrator", city.units["hall"], city.root)
    from lingka.accounts.models import User

    for who in ("boss", "dispatcher"):
        desk = Client()
        desk.force_login(User.objects.get(username=who))
        for path in ("/me/", f"/me/{one.info.uuid}", "/desk/members/", "/desk/find/?q=13900001111"):
            assert "云雀" not in said(desk.get(path))
    assert uuid7() != one.info.uuid
