"""A phone is made known by its worker, and revoked by them or their administrator."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from lingka.accounts.models import Post, User
from lingka.cases.models import Case
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.field import actions, selectors
from lingka.field.models import Device
from tests.cases.city import START, City, refusal
from tests.field.conftest import Phone, later, registered

pytestmark = pytest.mark.django_db
NEW = {"name": "Redmi 9A", "app": "2026.11.21", "schema": 1}


def make(client: Client, **more: object) -> object:
    return client.post("/field/api/v1/devices", NEW | more, content_type="application/json")


def administrator(city: City, area: Any = None) -> Client:
    name = f"admin{area.pk if area else ''}"
    user = User.objects.create(uuid=uuid7(), username=name, name=name, password="!")
    Post.objects.create(
        user=user, role="administrator", unit=city.units["hall"], area=area or city.root,
        valid_from=START,
    )  # fmt: skip
    client = Client()
    client.force_login(user)
    return client


def test_the_token_is_kept_as_a_hash_alone(phone: Phone) -> None:
    device = Device.objects.get()
    assert phone.token.encode() not in bytes(device.token_hash)
    assert len(phone.token) >= 43


def test_only_staff_with_a_post_make_a_phone_known(city: City) -> None:
    client = Client()
    assert make(client).status_code == 401  # type: ignore[attr-defined]
    client.force_login(User.objects.create(uuid=uuid7(), username="x", name="x", password="!"))
    assert make(client).status_code == 403  # type: ignore[attr-defined]
    assert not Device.objects.exists()


def test_making_a_phone_known_asks_for_the_page_s_token(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(id=city.staff["walker"].id))
    assert make(client).status_code == 403  # type: ignore[attr-defined]


def test_what_the_phone_says_of_itself_is_checked(city: City, phone: Phone) -> None:
    for wrong in ({"name": " "}, {"schema": 0}, {"app": "x" * 41}, {"more": 1}):
        assert make(phone.client, **wrong).status_code == 422  # type: ignore[attr-defined]


def test_nobody_registers_phones_without_end(city: City, phone: Phone) -> None:
    answers = [make(phone.client).status_code for _ in range(20)]  # type: ignore[attr-defined]
    assert answers == [201] * 19 + [429]


def test_a_browser_whose_storage_was_cleared_is_told_what_was_still_on_it(
    city: City, phone: Phone
) -> None:
    phone.push(left={"operations": 3, "attachments": 4})
    told = make(phone.client).json()["evicted"]  # type: ignore[attr-defined]
    assert (told["operations"], told["attachments"], told["device"]) == (3, 4, str(phone.device))
    assert phone.send().status_code == 401, "the former one is closed"
    assert make(Client(), name="x").status_code == 401  # type: ignore[attr-defined]


def test_a_registering_whose_answer_was_lost_tells_of_the_cleared_storage_once_more(
    city: City, phone: Phone
) -> None:
    phone.push(left={"operations": 3, "attachments": 4})
    before = phone.client.cookies["lingka_device"].value
    make(phone.client)  # type: ignore[attr-defined]
    phone.client.cookies["lingka_device"] = before
    told = make(phone.client).json()["evicted"]  # type: ignore[attr-defined]
    assert (told["operations"], told["attachments"], told["device"]) == (3, 4, before)


def test_storage_that_goes_again_before_the_app_spoke_is_told_with_what_went_first(
    city: City, phone: Phone
) -> None:
    phone.push(left={"operations": 3, "attachments": 4})
    make(phone.client)  # type: ignore[attr-defined]
    told = make(phone.client).json()["evicted"]  # type: ignore[attr-defined]
    assert (told["operations"], told["attachments"]) == (3, 4)


def test_another_worker_in_the_same_browser_learns_nothing_of_it(city: City, phone: Phone) -> None:
    other = registered(city.staff["handler"].id, client=phone.client)
    assert phone.send().status_code == other.send().status_code == 200


@pytest.mark.parametrize("header", ["", "Device", "Device x", "Bearer {}", "Device {}x"])
def test_without_the_right_token_nothing_is_taken(phone: Phone, header: str) -> None:
    phone.client.logout()
    answer = phone.client.post(
        "/field/api/v1/push", {}, content_type="application/json",
        headers={"authorization": header.format(phone.token)},
    )  # fmt: skip
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Device")


def test_a_token_without_a_session_still_pushes(phone: Phone) -> None:
    phone.client.logout()
    assert phone.push(phone.report())[0]["status"] == "applied"


def test_a_revoked_phone_is_told_to_erase_itself_and_nothing_is_taken(
    city: City, phone: Phone
) -> None:
    page = phone.client.post(f"/desk/devices/{phone.device}/")
    assert page.status_code == 302
    for answer in (phone.send(phone.report()), phone.standing()):
        assert answer.status_code == 403
        assert (answer.json()["type"], answer.json()["wipe"]) == ("/problems/revoked", True)
    assert not Case.objects.exists()
    assert Device.objects.get().told_at


def test_a_revoked_phone_does_not_make_itself_known_again(city: City, phone: Phone) -> None:
    actions.revoke(phone.device, actor=city.staff["walker"])
    assert phone.send(phone.report()).json()["wipe"] is True
    again = make(phone.client)
    assert again.status_code == 401, "its browser is signed out"  # type: ignore[attr-defined]
    assert Device.objects.count() == 1


def test_a_revoked_phone_is_known_again_only_after_another_sign_in(
    city: City, phone: Phone
) -> None:
    actions.revoke(phone.device, actor=city.staff["walker"])
    first = make(phone.client)  # its storage was cleared, so it has no token to be told by
    assert first.status_code == 403  # type: ignore[attr-defined]
    assert first.json()["wipe"] is True  # type: ignore[attr-defined]
    with later(minutes=1):
        phone.client.force_login(User.objects.get(id=city.staff["walker"].id))
        assert make(phone.client).status_code == 201  # type: ignore[attr-defined]


def test_a_colleague_s_session_in_that_browser_goes_on(city: City, phone: Phone) -> None:
    actions.revoke(phone.device, actor=city.staff["walker"])
    phone.client.force_login(User.objects.get(id=city.staff["handler"].id))
    assert phone.send().status_code == 403
    assert make(phone.client).status_code == 201  # type: ignore[attr-defined]


def test_a_worker_who_lost_the_post_sends_nothing_and_loses_nothing(phone: Phone) -> None:
    Post.objects.all().delete()
    answer = phone.send(phone.report())
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/no_post")
    assert "wipe" not in answer.json()


def test_an_administrator_sees_and_revokes_the_phones_of_the_area(city: City, phone: Phone) -> None:
    client = administrator(city)
    assert "Redmi 9A" in client.get("/desk/devices/").content.decode()
    page = client.get(f"/desk/devices/{phone.device}/")
    assert page.status_code == 200
    client.post(f"/desk/devices/{phone.device}/")
    assert phone.send().status_code == 403


def test_phones_of_somebody_without_a_post_are_the_town_s_alone(city: City, phone: Phone) -> None:
    Post.objects.filter(user_id=city.staff["walker"].id).delete()
    street, page = administrator(city, city.street), f"/desk/devices/{phone.device}/"
    assert "Redmi 9A" not in street.get("/desk/devices/").content.decode()
    assert street.post(page).status_code == 404
    with refusal("not_yours"):
        poster = Post.objects.get(area=city.street, role="administrator")
        actions.revoke(phone.device, actor=Actor("user", poster.user_id, poster.pk))
    town = administrator(city)
    assert "Redmi 9A" in town.get("/desk/devices/").content.decode()
    assert town.post(page).status_code == 302
    assert Device.objects.get().revoked_at


def test_of_many_phones_those_that_came_by_last_are_listed(
    city: City, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with later(days=1):
        registered(city.staff["handler"].id, "Honor 8")
    monkeypatch.setattr(selectors, "MOST_PHONES", 1)
    town = administrator(city)
    listed = town.get("/desk/devices/").content.decode()
    assert "Honor 8" in listed
    assert "Redmi 9A" not in listed
    assert town.get(f"/desk/devices/{phone.device}/").status_code == 200


def test_colleagues_neither_see_nor_revoke_each_other_s_phones(city: City, phone: Phone) -> None:
    client = Client()
    client.force_login(User.objects.get(id=city.staff["dispatcher"].id))
    assert "Redmi 9A" not in client.get("/desk/devices/").content.decode()
    assert client.get(f"/desk/devices/{phone.device}/").status_code == 404
    with refusal("not_yours"):
        actions.revoke(UUID(str(phone.device)), actor=city.staff["dispatcher"])


def test_revoking_twice_is_no_fault_and_one_event(city: City, phone: Phone) -> None:
    from lingka.core import events

    for _ in range(2):
        actions.revoke(phone.device, actor=city.staff["walker"])
    assert [event.type for event in events.history(phone.device)] == [
        "field.DeviceRegistered", "field.DeviceRevoked",
    ]  # fmt: skip


def test_a_phone_that_keeps_one_worker_s_records_does_not_become_another_s(city: City) -> None:
    phone = registered(city.staff["walker"].id)
    worker = phone.standing().json()["worker"]
    other = Client(headers={"accept-language": "en"})
    other.force_login(User.objects.get(id=city.staff["handler"].id))
    given = {"name": "Redmi 9A", "app": "2026.11.21", "schema": 1, "worker": worker}
    devices = "/field/api/v1/devices"
    refused = other.post(devices, given, content_type="application/json")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/other_user")
    assert Device.objects.count() == 1
    again = phone.client.post(devices, given, content_type="application/json")
    assert (again.status_code, again.json()["worker"]) == (201, worker)
