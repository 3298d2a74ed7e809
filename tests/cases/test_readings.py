"""Who read a contact: with names for those who answer for it, by unit and role for the person."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from lingka.accounts.models import Post, User
from lingka.cases import actions
from lingka.cases.actions import ContactData
from lingka.cases.selectors.readings import readings_of
from lingka.core import clock
from lingka.core.actors import SYSTEM
from tests.cases.city import City, case_of


def signed_in(who: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username=who))
    return client


def read(city: City) -> tuple[str, object]:
    opened = city.at("handling", contact=ContactData(phone="13900001234"))
    actions.read_contact(opened.receipt_uuid, actor=city.staff["handler"], reason="约时间上门")
    return f"/desk/cases/{case_of(opened).number}/readings/", opened


def test_the_desk_sees_who_read_a_contact_when_and_why(city: City) -> None:
    page, _opened = read(city)
    html = signed_in("dispatcher").get(page).content.decode()
    for said in ("handler", "light", "约时间上门"):
        assert said in html
    assert "13900001234" not in html


def test_colleagues_do_not_watch_each_other(city: City) -> None:
    page, _opened = read(city)
    assert signed_in("handler").get(page).status_code == 404
    assert signed_in("verifier").get(page).status_code == 404


def test_the_person_reads_unit_and_role_and_no_name(city: City) -> None:
    User.objects.filter(username="handler").update(name="扎西")
    _page, opened = read(city)
    html = Client(headers={"Accept-Language": "en"}).get(f"/r/{opened.token}").content.decode()  # type: ignore[attr-defined]
    assert "light · Handler" in html
    assert "约时间上门" in html
    assert "扎西" not in html


def test_a_reader_keeps_the_post_of_that_day(city: City) -> None:
    _page, opened = read(city)
    soon = (timezone.now() + timedelta(days=2)).date()  # readings are stamped by the database
    Post.objects.filter(user__username="handler").update(valid_to=soon)
    with clock.at(timezone.now() + timedelta(days=30)):
        row = readings_of(case_of(opened))[0]  # type: ignore[arg-type]
    assert (row.unit, row.who) == ("light", "handler")


def test_messages_by_the_machine_name_nobody(city: City) -> None:
    opened = city.at("handling", contact=ContactData(phone="13900001234"))
    actions.read_contact(opened.receipt_uuid, actor=SYSTEM, reason="notification")
    row = readings_of(case_of(opened))[0]
    assert (row.who, row.unit) == ("", "")
