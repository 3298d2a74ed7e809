"""Messages to a resident's own browser: really encrypted, sealed at rest, gone with the contact."""

import json

import http_ece
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings as configured
from django.core import mail

from config import environment
from lingka.cases import actions as cases
from lingka.cases import selectors
from lingka.cases.actions import ContactData
from lingka.cases.models import Contact
from lingka.core import crypto, events, verify
from lingka.core.actors import SYSTEM, Actor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.notifications import actions, devices
from lingka.notifications.models import Message
from lingka.ops.cli import main
from tests.notifications.browser import Browser, device, push_service
from tests.notifications.post import EMAIL, deliver, send

HERE = "https://push.example.org/1"


@pytest.fixture(autouse=True)
def pair(settings):
    settings.VAPID_KEY, public = devices.new_pair()
    return public


def _left(opened):
    row = Contact.objects.filter(receipt__uuid=opened.receipt_uuid).first()
    return crypto.unseal(bytes(row.sealed)) if row else None


def _listen(opened, subscription=None, who=None):
    given = subscription or device(HERE)
    who = who or Actor("resident", opened.receipt_id)
    actions.listen(opened.receipt_uuid, actor=who, subscription=given)


def _with_device(city, subscription, **more):
    """A case whose device is where only tests may send: past the check of addresses."""
    return city.open(contact=ContactData(push=json.dumps(subscription), **more), language="en")


def test_what_goes_out_is_readable_to_the_browser_alone_and_signed_by_us(city, pair):
    browser = Browser()
    with push_service() as service:
        opened = _with_device(city, browser.subscription(service.url))
        deliver()
        send()
    ((headers, body),) = service.got
    told = json.loads(browser.read(body))
    assert told["url"] == f"https://lingka.example.org/r/{opened.token}"
    assert "We have it" in told["title"]
    assert opened.token.encode() not in body
    assert headers["content-encoding"] == "aes128gcm"
    assert int(headers["ttl"]) > 0
    _scheme, _, given = headers["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in given.split(","))
    assert parts["k"] == pair
    key = ec.EllipticCurvePublicKey.from_encoded_point(devices.CURVE, devices._bytes(pair))
    claims = jwt.decode(
        parts["t"], key, algorithms=["ES256"], audience=service.url.partition("/send")[0]
    )
    assert claims["sub"].startswith("mailto:")


def test_another_browser_cannot_read_it(city):
    with push_service() as service:
        _with_device(city, device(service.url))
        deliver()
        send()
    with pytest.raises(http_ece.ECEException, match="InvalidTag"):
        Browser().read(service.got[0][1])


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(city, status):
    with push_service() as service:
        service.status = status
        opened = _with_device(city, device(service.url))
        deliver()
        send()
    assert _left(opened) is None
    assert Message.objects.get().state == "dropped"


def test_where_the_service_is_out_of_reach_the_next_way_is_taken(city):
    with push_service() as service:
        service.status = 503
        _with_device(city, device(service.url), email="dolma@example.org")
        deliver()
        send()
    assert [letter.to for letter in mail.outbox] == [["dolma@example.org"]]
    assert Message.objects.get().sent_by == "email"


def test_where_it_was_the_only_way_it_is_tried_again(city):
    with push_service() as service:
        service.status = 503
        _with_device(city, device(service.url))
        deliver()
        send()
    assert Message.objects.get().state == "queued"


def test_the_device_is_kept_sealed_beside_the_contact_and_told_of_in_the_history(city):
    opened = city.open(contact=EMAIL)
    _listen(opened)
    assert _left(opened)["email"] == EMAIL.email
    assert HERE.encode() not in bytes(Contact.objects.get().sealed)
    told = events.history(opened.case_uuid)[-1]
    assert (told.type, told.data.ways) == ("cases.ContactChanged", ["email", "push"])
    assert HERE not in str(told.data)
    assert verify.run() == []


def test_putting_it_on_twice_changes_nothing(city):
    opened = city.open()
    given = device(HERE)
    _listen(opened, given)
    _listen(opened, given)
    assert len(events.history(opened.case_uuid)) == 2


def test_taking_it_off_leaves_the_other_ways(city):
    opened = city.open(contact=EMAIL)
    _listen(opened)
    actions.listen_no_more(opened.receipt_uuid, actor=Actor("resident", opened.receipt_id))
    assert (_left(opened)["push"], _left(opened)["email"]) == ("", EMAIL.email)


def test_taking_off_the_only_way_leaves_nothing(city):
    opened = city.open()
    _listen(opened)
    actions.listen_no_more(opened.receipt_uuid, actor=Actor("resident", opened.receipt_id))
    assert not Contact.objects.exists()
    assert events.history(opened.case_uuid)[-1].type == "cases.ContactErased"


def test_it_goes_with_the_contact(city):
    opened = city.open(contact=EMAIL)
    _listen(opened)
    cases.erase_contact(opened.receipt_uuid, actor=SYSTEM, reason="retention")
    assert not selectors.pushes_to(opened.receipt_id, HERE)


def test_left_after_closing_it_is_erased_with_the_others(city):
    opened = city.at("resolved")
    city.do(opened, "rate", city.reporter(opened), solved=True)
    _listen(opened)
    assert Contact.objects.get().erase_at is not None


def test_only_the_holder_may(city):
    opened, other = city.open(), city.open()
    for who in (Actor("resident", other.receipt_id), city.staff["dispatcher"]):
        with pytest.raises(PermissionRefused):
            _listen(opened, who=who)
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        {},
        {"endpoint": HERE, "keys": {}},
        device("http://push.example.org/1"),
        device("https://push.example.org:8443/1"),
        device("https://push.example.org@127.0.0.1/1"),
        device("https://127.0.0.1/1"),
        device("https://evil.example/push.example.org"),
        device("https://push.example.org/" + "x" * 600),
        device(HERE) | {"keys": {"p256dh": "a", "auth": "b"}},
        device(HERE) | {"keys": device(HERE)["keys"] | {"auth": "short"}},
    ],
)
def test_the_server_writes_to_known_services_alone(city, bad):
    opened = city.open()
    with pytest.raises(Problem) as caught:
        actions.listen(
            opened.receipt_uuid, actor=Actor("resident", opened.receipt_id), subscription=bad
        )
    assert caught.value.code == "invalid"


def test_a_host_below_a_known_one_is_known(city):
    assert devices.checked(device("https://east.push.example.net/1"))


def test_a_receipts_device_changes_only_so_often(city):
    opened = city.open()
    for _time in range(actions.DEVICES[0]):
        _listen(opened)
    with pytest.raises(Problem) as caught:
        _listen(opened)
    assert caught.value.status == 429


# -- the page and the command ---------------------------------------------------------------


def _ask(client, opened, what, subscription=None):
    given = {"do": what, "subscription": subscription}
    return client.post(f"/r/{opened.token}/device", given, content_type="application/json")


def test_the_page_asks_puts_on_and_takes_off(city, client, pair):
    opened, mine = city.open(), device(HERE)
    assert _ask(client, opened, "ask").json() == {"on": False, "key": pair}
    assert _ask(client, opened, "on", mine).json()["on"] is True
    assert _ask(client, opened, "ask", mine).json()["on"] is True
    assert _ask(client, opened, "ask", device("https://push.example.org/2")).json()["on"] is False
    assert _ask(client, opened, "off", mine).json()["on"] is False


def test_the_page_refuses_what_is_no_subscription_and_a_wrong_token(city, client):
    opened = city.open()
    assert _ask(client, opened, "on", {"endpoint": "x"}).status_code == 400
    url = f"/r/{opened.token}/device"
    assert client.post(url, "no", content_type="application/json").json()["on"] is False
    assert client.post("/r/wrong/device", {}).status_code == 404
    assert client.get(url).status_code == 405


def test_the_button_is_there_only_where_push_is_set_up(city, client, settings):
    opened = city.open()
    assert "data-device" in client.get(f"/r/{opened.token}").content.decode()
    settings.VAPID_KEY = ""
    assert "data-device" not in client.get(f"/r/{opened.token}").content.decode()
    assert _ask(client, opened, "on", device(HERE)).status_code == 409


def test_the_worker_of_residents_controls_no_page(city, client):
    answer = client.get("/notices/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in answer


def test_the_command_prints_a_key_that_the_settings_take(capsys, settings):
    assert main(["vapid-keys"]) == 0
    line, public = capsys.readouterr().out.splitlines()
    name, _, key = line.partition("=")
    settings.VAPID_KEY = environment.vapid_key(key)
    assert name == "LINGKA_VAPID_KEY"
    assert public.endswith(devices.public_key())
    assert key == configured.VAPID_KEY


@pytest.mark.parametrize("bad", ["key", "ä", "A" * 44])
def test_a_key_that_is_none_is_refused_at_start(bad):
    with pytest.raises(ValueError, match="vapid-keys"):
        environment.vapid_key(bad)
