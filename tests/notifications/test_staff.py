"""Which messages staff get, by which way, and what they chose themselves."""

from datetime import timedelta

import pytest
from django.core import mail

from lingka.accounts.models import User
from lingka.cases import actions as cases
from lingka.cases.models import Case
from lingka.core import clock
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.notifications import (
    actions,
    channels,
)
from lingka.notifications.models import Message, Preference, Subscription
from tests.cases.city import MONDAY, picture
from tests.notifications.post import DEVICE, EMAIL, deliver, give_email, keys, send


def test_staff_hear_by_e_mail_of_what_is_urgent_only(city):
    give_email(city, "dispatcher")
    city.open()
    deliver()
    assert keys() == []


def test_whoever_asks_for_it_hears_of_everything_that_is_theirs(city):
    user = give_email(city, "handler")
    actions.choose(user, actor=city.staff["handler"], wanted=[("to_do", "email")])
    opened = city.at("dispatched")
    deliver()
    send()
    assert keys() == ["to_do"]
    assert mail.outbox[0].to == ["handler@example.org"]
    assert f"/desk/cases/{opened.case_number}/" in mail.outbox[0].body


def test_who_promised_a_day_in_public_is_reminded_before_it_comes(city):
    user = give_email(city, "handler")
    actions.choose(user, actor=city.staff["handler"], wanted=[("warned", "email")])
    opened, until = city.at("handling"), MONDAY + timedelta(days=4)
    city.do(opened, "promise", "handler", until=until, words="周五换好")
    with clock.at(MONDAY + timedelta(days=3, hours=2)):
        cases.due_now()
        deliver()
        send()
    warned = [letter.body for letter in mail.outbox if opened.case_number in letter.body]
    assert any("20 November" in body or "11-20" in body for body in warned)


def hears(city, who):
    """Somebody who wants every message by e-mail."""
    user = give_email(city, who)
    wanted = [(topic, "email") for topic in ("to_do", "urgent", "warned")]
    actions.choose(user, actor=city.staff[who], wanted=wanted)


def told(city, who):
    """The texts that somebody was told, in order."""
    mine = Message.objects.filter(recipient=f"user:{city.staff[who].id}")
    return list(mine.order_by("position").values_list("key", flat=True))


def disputed(city):
    opened = city.open("water.burst")
    city.do(opened, "sign_in", "plumber")
    city.do(opened, "dispute", "plumber", reason="not_ours", note="是供暖的管")
    return opened


def test_whoever_rules_hears_of_a_dispute_and_by_when(city):
    hears(city, "chief")
    hears(city, "plumber")
    opened = disputed(city)
    deliver()
    assert told(city, "chief")[-1:] == ["to_rule"]
    assert "to_rule" not in told(city, "plumber")
    due = Case.objects.get(uuid=opened.case_uuid).clocks["ruling"]["due"]
    assert Message.objects.get(key="to_rule").values["due"] == due


def test_a_ruling_that_nears_its_end_is_told_to_whoever_rules_alone(city):
    hears(city, "chief")
    hears(city, "plumber")
    disputed(city)
    with clock.at(MONDAY + timedelta(minutes=65)):
        cases.due_now()
        deliver()
    warned = [event for event in Event.objects.filter(type="cases.ClockWarned")
              if event.data["clock"] == "ruling"]  # fmt: skip
    heard = Message.objects.filter(position__in=[event.position for event in warned])
    assert warned
    assert {one.recipient for one in heard} == {f"user:{city.staff['chief'].id}"}


def test_a_dispute_that_was_ruled_on_is_nobodys_to_do(city):
    hears(city, "chief")
    city.do(disputed(city), "rule_stays", "leader", note="归水务")
    deliver()
    assert "to_rule" not in told(city, "chief")


def test_a_supervisor_hears_of_a_major_hazard_to_list(city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    hears(city, "supervisor")
    for level in ("ordinary", "major"):
        opened = city.open("safety.hazard")
        city.do(opened, "register", "dispatcher", level=level, attachments=[str(picture())])
    deliver()
    assert told(city, "supervisor") == ["to_list"]


def test_the_desk_hears_that_more_time_is_asked_for(city):
    hears(city, "dispatcher")
    opened = city.at("handling")
    city.do(opened, "extend_ask", "handler", until="2026-11-30", note="等配件")
    deliver()
    assert told(city, "dispatcher")[-1:] == ["to_grant"]


def test_the_unit_named_to_look_again_hears_of_it_and_no_verifier(city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    hears(city, "chief")
    hears(city, "verifier")
    opened = city.open("safety.hazard")
    photo, units = [str(picture())], {"unit": "light", "reinspector": "hall"}
    city.do(opened, "register", "dispatcher", level="ordinary", attachments=photo)
    city.do(
        opened, "dispatch", "dispatcher", item="护栏", measure="焊牢", funds="none", person="班长",
        until="2026-12-01", **{name: city.units[unit].id for name, unit in units.items()},
    )  # fmt: skip
    city.do(opened, "sign_in", "handler")
    city.do(opened, "report_back", "handler", words="焊好了", attachments=[str(picture())])
    deliver()
    assert (told(city, "chief"), told(city, "verifier")) == (["to_do"], [])


def helped(city, who="plumber"):
    """Lights are out, and the water team is asked to help."""
    user = give_email(city, who)
    actions.choose(user, actor=city.staff[who], wanted=[("to_do", "email")])
    opened = city.at("handling")
    city.do(opened, "add_co_handler", "dispatcher", unit=city.units["water"].id)
    return opened


def test_a_unit_that_is_asked_to_help_is_told_so(city):
    opened = helped(city)
    deliver()
    send()
    assert [letter.to for letter in mail.outbox] == [["plumber@example.org"]]
    assert mail.outbox[0].body.startswith("Your help is asked for")
    assert opened.case_number in mail.outbox[0].body


def test_a_helper_who_is_asked_about_what_is_urgent_hears_that_it_is(city):
    give_email(city, "handler")
    opened = city.open("water.burst")
    city.do(opened, "add_co_handler", "chief", unit=city.units["light"].id)
    deliver()
    assert keys() == ["help_urgent"]


def test_the_unit_in_charge_is_not_told_again_when_another_helps(city):
    helped(city, "handler")
    deliver()
    assert "help_to_do" not in keys()


def test_help_that_was_given_already_is_nobodys_to_do(city):
    opened = helped(city)
    city.do(opened, "co_report", "plumber", words="水管没事")
    deliver()
    assert keys() == []


def test_an_act_of_one_helper_tells_no_other_helper_again(city):
    opened = helped(city)
    city.do(opened, "add_co_handler", "dispatcher", unit=city.units["checkers"].id)
    city.do(opened, "reassign", "dispatcher", unit=city.units["office"].id, note="换人")
    deliver()
    assert keys() == ["help_to_do"]


def test_nobody_is_told_of_their_own_act(city):
    user = give_email(city, "dispatcher")
    actions.choose(user, actor=city.staff["dispatcher"], wanted=[("to_do", "email")])
    opened = city.open()
    deliver()
    city.do(opened, "accept", "dispatcher")
    deliver()
    assert keys() == ["to_do"]  # of the report, not of accepting it


def test_what_has_moved_on_is_nobodys_to_do(city):
    user = give_email(city, "dispatcher")
    actions.choose(user, actor=city.staff["dispatcher"], wanted=[("to_do", "email")])
    city.at("dispatched")
    deliver()
    assert keys() == []


def test_a_passed_deadline_is_told_to_the_desk(city):
    give_email(city, "dispatcher")
    city.open()
    with clock.at(MONDAY + timedelta(days=3)):
        cases.due_now(100)
        deliver()
        send()
    assert "breached" in keys()
    assert "Late" in mail.outbox[-1].body


def test_a_reported_case_is_told_to_whoever_verifies_there(city):
    user = give_email(city, "verifier")
    actions.choose(user, actor=city.staff["verifier"], wanted=[("to_do", "email")])
    city.at("reported")
    deliver()
    assert keys() == ["to_do"]


def test_what_waits_for_the_resident_is_told_to_no_staff(city):
    for who in ("dispatcher", "verifier"):
        user = give_email(city, who)
        actions.choose(user, actor=city.staff[who], wanted=[("to_do", "email")])
    city.at("resolved")
    deliver()
    assert keys() == []


def test_a_passed_deadline_is_not_told_to_the_resident(city):
    city.open(contact=EMAIL)
    deliver()
    with clock.at(MONDAY + timedelta(days=3)):
        cases.due_now(100)
        deliver()
    assert keys() == ["opened"]


def test_a_device_of_staff_gets_what_is_theirs_and_is_forgotten_when_gone(city, pushes):
    sent, answer = pushes
    user = city.staff["dispatcher"].id
    actions.subscribe(user, actor=city.staff["dispatcher"], subscription=DEVICE)
    city.open()
    deliver()
    send()
    assert len(sent) == 1
    answer.status_code = 404
    city.open(words="又一盏")
    deliver()
    send()
    assert not Subscription.objects.exists()


def test_a_device_that_fails_keeps_the_message_from_no_other_and_nobody_hears_twice(
    city, pushes, monkeypatch
):
    sent, _answer = pushes
    user = city.staff["dispatcher"].id
    for name in ("broken", "good"):
        device = DEVICE | {"endpoint": f"{DEVICE['endpoint']}{name}"}
        actions.subscribe(user, actor=city.staff["dispatcher"], subscription=device)
    real = channels.push

    def moody(subscription, letter):
        if subscription["endpoint"].endswith("broken"):
            raise TimeoutError
        return real(subscription, letter)

    monkeypatch.setattr(channels, "push", moody)
    city.open()
    deliver()
    send()
    assert len(sent) == 1
    assert Message.objects.get().state == "sent"


def test_preferences_are_kept_as_differences_from_the_default(city):
    me = city.staff["dispatcher"]
    actions.choose(me.id, actor=me, wanted=[("urgent", "email"), ("to_do", "email")])
    rows = set(Preference.objects.values_list("topic", "channel", "wanted"))
    assert ("to_do", "email", True) in rows
    assert ("breached", "email", False) in rows
    assert not any(row[:2] == ("urgent", "email") for row in rows)
    with pytest.raises(Problem):
        actions.choose(me.id, actor=city.staff["handler"], wanted=[])


def test_the_page_of_preferences_saves(city, client):
    client.force_login(User.objects.get(id=city.staff["dispatcher"].id))
    assert client.get("/desk/notices/").status_code == 200
    client.post("/desk/notices/", {"wanted": ["to_do:email"]})
    assert Preference.objects.filter(topic="to_do", channel="email", wanted=True).exists()
    assert client.get("/desk/notices/worker.js").status_code == 200


def test_devices_are_added_and_forgotten_by_their_owner(city, client, pushes):
    client.force_login(User.objects.get(id=city.staff["dispatcher"].id))
    url = "/desk/notices/devices/"
    assert client.post(url, "no", content_type="application/json").status_code == 400
    bad = DEVICE | {"endpoint": "http://push.example.org"}
    assert client.post(url, bad, content_type="application/json").status_code == 400
    assert client.post(url, DEVICE, content_type="application/json").status_code == 204
    assert Subscription.objects.count() == 1
    client.post(f"{url}forget/")
    assert not Subscription.objects.exists()
