"""Who hears of what, and that nothing is lost or told twice without need."""

import json
import re
from datetime import datetime, timedelta
from time import monotonic

import pytest
import structlog
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.exceptions import AppNotOpen

from lingka.cases import actions as cases
from lingka.cases.actions import ContactData
from lingka.cases.models import Case, Contact, ContactReading
from lingka.core import clock, delivery, receivers
from lingka.core.actors import SYSTEM, Actor
from lingka.core.models import Cursor
from lingka.notifications import (
    channels,
    selectors,
    sending,
    tasks,
    texts,
    unsubscribing,
)
from lingka.notifications.models import DemoMessage, Message
from lingka.ops import doctor
from tests.cases.city import MONDAY
from tests.notifications.post import DEVICE, EMAIL, PHONE, deliver, keys, send

pytestmark = pytest.mark.usefixtures("unhurried")


def test_a_resident_hears_of_each_stage_with_a_link(city):
    opened = city.at("resolved", contact=EMAIL, language="en")
    deliver()
    send()
    assert keys() == ["opened", "accepted", "dispatched", "reported", "look", "resolved"]
    assert len(mail.outbox) == 6
    for message in mail.outbox:
        assert message.to == ["dolma@example.org"]
        assert f"https://lingka.example.org/r/{opened.token}" in message.body
        assert "/notices/stop/" in message.extra_headers["List-Unsubscribe"]
    assert opened.short_code in mail.outbox[0].body


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "收到了"), ("bo", "འབྱོར་སོང་།"), ("en", "We have it")]
)
def test_the_message_speaks_the_receipts_language(city, language, said):
    city.open(contact=EMAIL, language=language)
    deliver()
    send()
    assert said in mail.outbox[0].body


def test_nothing_is_written_when_nobody_can_be_reached(city):
    city.at("resolved")
    deliver()
    assert not Message.objects.exists()


def test_a_batch_costs_a_handful_of_reads_however_long(city):
    receivers.discover()
    city.at("resolved")
    with CaptureQueriesContext(connection) as one:
        deliver()
    city.at("resolved")
    city.at("resolved")
    with CaptureQueriesContext(connection) as three:
        deliver()
    assert len(three) == len(one) <= 5


def test_a_delivery_repeated_writes_nothing_new(city):
    city.open(contact=EMAIL)
    deliver()
    deliver()
    assert Message.objects.count() == 1
    send()
    deliver()
    send()
    assert len(mail.outbox) == 1


def test_old_news_is_told_to_nobody(city):
    city.open(contact=EMAIL)
    with clock.at(MONDAY + timedelta(days=7)):
        deliver()
    assert not Message.objects.exists()


def test_residents_are_not_told_of_what_they_did_themselves(city):
    opened = city.at("resolved", contact=EMAIL)
    city.do(opened, "rate", city.reporter(opened), solved=True, satisfied="yes")
    deliver()
    assert "closed" not in keys()


def test_whoever_follows_hears_too_but_is_not_asked(city):
    opened = city.open(contact=EMAIL)
    cases.follow_case(
        opened.case_uuid, actor=Actor("resident"), language="en",
        contact=ContactData(email="tashi@example.org"), idempotency_key=opened.receipt_uuid,
    )  # fmt: skip
    city.do(opened, "ask", "dispatcher", words="哪一盏？")
    deliver()
    send()
    told = [(message.to[0].split("@")[0], Message.objects.filter(key="asked").count())
            for message in mail.outbox]  # fmt: skip
    assert sorted(name for name, _n in told) == ["dolma", "dolma", "tashi"]
    assert Message.objects.filter(key="asked").count() == 1


def test_each_reading_of_the_contact_is_logged_with_its_reason(city):
    city.open(contact=EMAIL)
    deliver()
    send()
    assert ContactReading.objects.get().reason == "notification"


def test_after_erasure_nothing_more_is_sent(city):
    opened = city.open(contact=EMAIL)
    deliver()
    cases.erase_contact(opened.receipt_uuid, actor=SYSTEM, reason="asked")
    send()
    assert mail.outbox == []
    assert Message.objects.get().state == "dropped"


# -- never lost ---------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here: nothing after it runs."""


def test_killed_between_sending_and_marking_it_goes_out_again(city, monkeypatch):
    city.open(contact=EMAIL)
    deliver()
    real = channels.email

    def die(to, letter):
        real(to, letter)
        raise Killed

    monkeypatch.setattr(channels, "email", die)
    with pytest.raises(Killed):
        send()
    monkeypatch.setattr(channels, "email", real)
    assert len(mail.outbox) == 1
    send()
    assert len(mail.outbox) == 1  # leased: another process may be sending it
    with clock.at(MONDAY + sending.LEASE):
        send()
    assert len(mail.outbox) == 2
    assert Message.objects.get().state == "sent"


def test_a_failed_try_waits_longer_each_time_and_ends(city, monkeypatch):
    city.open(contact=EMAIL)
    deliver()

    def refuse(to, letter):
        raise ConnectionRefusedError("dolma@example.org")

    monkeypatch.setattr(channels, "email", refuse)
    at = MONDAY
    for wait in sending.BACK_OFF:
        with clock.at(at):
            send()
        message = Message.objects.get()
        assert (message.state, message.next_try_at) == ("queued", at + wait)
        assert message.error == "ConnectionRefusedError"
        at += wait
    with clock.at(at):
        send()
    assert Message.objects.get().state == "failed"


def test_the_rest_of_a_batch_that_waited_too_long_is_left_to_whoever_took_it(city, monkeypatch):
    for person in ("dolma", "tashi"):
        city.open(contact=ContactData(email=f"{person}@example.org"), words=person)
    deliver()
    real = channels.email

    def slow(to, letter):
        with clock.at(MONDAY + sending.LEASE):
            Message.objects.filter(state="queued").update(
                next_try_at=MONDAY + 2 * sending.LEASE  # another process leased the rest
            )
        moment[0] = MONDAY + sending.LEASE
        return real(to, letter)

    moment = [MONDAY]
    monkeypatch.setattr(sending.clock, "now", lambda: moment[0])
    monkeypatch.setattr(channels, "email", slow)
    sending.send_some()
    assert len(mail.outbox) == 1


def test_every_copy_of_a_message_bears_the_same_name(city, monkeypatch):
    city.open(contact=EMAIL)
    deliver()
    names = []
    real = channels.email

    def cut(to, letter):
        real(to, letter)
        names.append(mail.outbox[-1].extra_headers["Message-ID"])
        raise TimeoutError

    monkeypatch.setattr(channels, "email", cut)
    for minutes in (0, 10):
        with clock.at(MONDAY + timedelta(minutes=minutes)):
            send()
    assert names[0] == names[1]
    assert names[0].endswith("@lingka.example.org>")


def test_what_could_not_be_sent_is_counted_by_channel_and_kind_of_error(city, monkeypatch):
    city.open(contact=EMAIL)
    deliver()
    assert selectors.troubles() == []

    def refuse(to, letter):
        raise ConnectionRefusedError(to)

    monkeypatch.setattr(channels, "email", refuse)
    send()
    expected = selectors.Trouble("contact", "ConnectionRefusedError", failed=0, waiting=1)
    assert selectors.troubles() == [expected]
    assert selectors.counts() == {"queued": 1}
    assert "ConnectionRefusedError" in doctor.messages().what


def test_a_mail_server_that_is_away_is_tried_again_and_nobody_is_named_in_the_log(city, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    city.open(contact=EMAIL)
    deliver()
    with structlog.testing.capture_logs() as lines:
        send()
    message = Message.objects.get()
    assert (message.state, message.error) == ("queued", "ConnectionRefusedError")
    assert [line["event"] for line in lines] == ["message_not_sent"]
    assert "dolma" not in str(lines)


def test_one_that_fails_does_not_hold_up_the_others(city, monkeypatch):
    city.open(contact=EMAIL)
    city.open(contact=ContactData(email="tashi@example.org"), words="另一盏")
    deliver()
    real = channels.email

    def moody(to, letter):
        if to.startswith("dolma"):
            raise OSError
        return real(to, letter)

    monkeypatch.setattr(channels, "email", moody)
    send()
    assert [message.to for message in mail.outbox] == [["tashi@example.org"]]


def test_asking_twice_for_sending_queues_one_job(city):
    tasks.wake()
    tasks.wake()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        assert cursor.fetchone() == (1,)


def test_while_the_worker_goes_down_asking_for_sending_is_left_to_the_sweep(city, monkeypatch):
    def gone() -> None:
        raise AppNotOpen

    monkeypatch.setattr(tasks.send_due, "defer", gone)
    city.open(contact=EMAIL)
    deliver()
    assert Message.objects.filter(state=Message.State.QUEUED).exists()


def test_settled_messages_are_forgotten_and_waiting_ones_never(city):
    city.open(contact=EMAIL)
    deliver()
    with clock.at(MONDAY + sending.KEPT + timedelta(days=1)):
        tasks.tidy(0)
        assert Message.objects.count() == 1
        send()
        tasks.tidy(0)
    assert not Message.objects.exists()


def test_the_sweep_sends_what_nobody_woke_up_for(city):
    city.open(contact=EMAIL)
    deliver()
    tasks.sweep(0)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_the_workers_loop_delivers_what_was_committed(transactional_db):
    from tests.cases import city as cities

    with clock.at(MONDAY):
        city = cities.build()
        city.open(contact=EMAIL)
        until = monotonic() + 30  # a neighbour's open transaction may hold the log back a while
        while not Message.objects.exists() and monotonic() < until:
            delivery.run_until_idle()
        send()
    assert Cursor.objects.get(receiver="notifications.tell").position > 0
    assert len(mail.outbox) == 1


# -- channels -----------------------------------------------------------------------------------


def test_a_phone_gets_a_text_message_through_the_providers_address(city, settings, monkeypatch):
    settings.SMS_URL = "json://sms.example.org/?to={phone}&template={template}&code={code}"
    sent = []

    class Apprise:
        def add(self, address):
            sent.append(address)
            return True

        def notify(self, body):
            return True

    monkeypatch.setattr("apprise.Apprise", Apprise)
    opened = city.open(contact=PHONE)
    deliver()
    send()
    assert sent == [
        f"json://sms.example.org/?to=13900000000&template=opened&code={opened.short_code}"
    ]
    assert Message.objects.get().sent_by == "sms"


@pytest.mark.parametrize("answer", ["add", "notify"])
def test_a_provider_that_refuses_is_tried_again(city, settings, monkeypatch, answer):
    settings.SMS_URL = "json://sms.example.org/{phone}"

    class Apprise:
        def add(self, address):
            return answer != "add"

        def notify(self, body):
            return False

    monkeypatch.setattr("apprise.Apprise", Apprise)
    city.open(contact=PHONE)
    deliver()
    send()
    assert Message.objects.get().error == "NotTaken"


def test_without_a_provider_a_number_alone_reaches_nobody(city):
    city.open(contact=PHONE)
    deliver()
    send()
    assert Message.objects.get().state == "dropped"


def test_the_demo_shows_what_would_have_gone_out(city, settings, client):
    settings.DEMO = True
    city.open(contact=PHONE)
    deliver()
    send()
    assert DemoMessage.objects.get().to == "13900000000"
    assert "13900000000" in client.get("/demo/outbox/").content.decode()
    settings.DEMO = False
    assert client.get("/demo/outbox/").status_code == 404


def test_the_demo_shows_an_e_mail_to_its_end_which_says_how_to_stop_them(city, settings, client):
    settings.DEMO = True
    city.open(contact=EMAIL)
    deliver()
    send()
    assert re.search(rb'<a href="[^"]+/notices/stop/', client.get("/demo/outbox/").content)


def test_a_residents_own_page_is_the_quietest_way(city, pushes):
    sent, _answer = pushes
    city.open(contact=ContactData(email="dolma@example.org", push=json.dumps(DEVICE)))
    deliver()
    send()
    assert mail.outbox == []
    assert json.loads(sent[0]["data"])["url"].startswith("https://lingka.example.org/r/")


def test_a_browser_that_is_gone_leaves_the_other_ways(city, pushes):
    _sent, answer = pushes
    answer.status_code = 410
    city.open(contact=ContactData(email="dolma@example.org", push=json.dumps(DEVICE)))
    deliver()
    send()
    assert len(mail.outbox) == 1


# -- the end ------------------------------------------------------------------------------------


def test_the_link_to_stop_asks_first_and_then_erases_the_contact(city, client):
    opened = city.open(contact=EMAIL)
    link = unsubscribing.path(opened.receipt_uuid)
    assert client.get(link).status_code == 200
    assert Contact.objects.exists()
    assert client.post(link).status_code == 200
    assert not Contact.objects.exists()
    assert client.post(link).status_code == 200
    assert client.get("/notices/stop/forged:token/").status_code == 404


def test_a_mail_program_ends_the_messages_by_one_click(city, client):
    city.open(contact=EMAIL)
    deliver()
    send()
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = headers["List-Unsubscribe"].strip("<>").removeprefix("https://lingka.example.org")
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Contact.objects.exists()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Apprise, while it loads
@pytest.mark.parametrize(
    ("address", "grade"), [("", "ok"), ("nonsense", "bad"), ("json://x", "ok")]
)
def test_the_doctor_knows_an_address_that_no_service_has(settings, address, grade):
    settings.SMS_URL = address
    assert doctor.text_messages().grade == grade


def test_every_text_is_whole_in_every_language(settings):
    data = texts.data()
    named = {*data["residents"]["actions"].values(), *data["residents"]["states"].values()}
    assert named <= data["texts"].keys()
    for key, by_language in data["texts"].items():
        assert set(by_language) == {"zh-hans", "bo", "en"}, key
        used = [sorted(texts.fields(text)) for text in by_language.values()]
        assert used[0] == used[1] == used[2], key
        assert "link" in used[0] or key == "digits", key


def test_a_title_is_short_and_has_no_link():
    body = texts.render("resolved", "en", {"type": "x" * 90, "link": "https://x/r/y"})
    title = texts.subject(body, "https://x/r/y")
    assert len(title) == texts.SUBJECT
    assert "https" not in title


def test_of_what_an_import_tells_of_long_ago_nobody_hears(city):
    ago = MONDAY - timedelta(days=30)
    city.open(contact=EMAIL, actor=SYSTEM, occurred_at=ago)
    deliver()
    assert not Message.objects.exists()


def test_a_resident_hears_once_when_the_last_part_of_a_split_case_has_ended(city):
    opened = city.at("handling", case_type="light.out", contact=EMAIL)
    parts = []
    for note in ("先把井里的水抽干", "再看看水管"):
        asked = {"case_type": "water.none", "unit": city.units["water"].id, "note": note}
        city.do(opened, "split", "dispatcher", **asked)
        parts.append(Case.objects.filter(channel="part").latest("id").uuid)
    for part in parts:
        cases.perform(part, "sign_in", actor=city.staff["plumber"])
        cases.perform(part, "report_back", actor=city.staff["plumber"], data={"words": "好了"})
        cases.perform(part, "verify", actor=city.staff["verifier"], data={"how": "visit"})
    deliver()
    assert keys().count("parts_ended") == 1


def test_of_parts_that_end_with_their_case_a_resident_hears_nothing_more(city):
    opened = city.at("handling", case_type="light.out", contact=EMAIL)
    asked = {"case_type": "water.none", "unit": city.units["water"].id, "note": "先抽水"}
    city.do(opened, "split", "dispatcher", **asked)
    Case.objects.filter(uuid=opened.case_uuid).update(stage="closed", state="withdrawn")
    cases.perform(Case.objects.get(channel="part").uuid, "drop", actor=SYSTEM)
    deliver()
    assert "parts_ended" not in keys()


def test_who_is_told_of_a_dispatch_reads_the_unit_in_charge_and_the_day_it_is_solved_by(city):
    opened = city.at("dispatched", contact=EMAIL, language="en")
    deliver()
    told = Message.objects.get(key="dispatched")
    case = Case.objects.get(uuid=opened.case_uuid)
    assert told.values["unit"] == case.lead_unit_id
    resolve = datetime.fromisoformat(case.clocks["resolve"]["due"])
    assert datetime.fromisoformat(told.values["due"]) == resolve > case.due_at
