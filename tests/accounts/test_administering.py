"""The administrator's pages, by the client: what is shown, what a form does, who may."""

from datetime import UTC, date, datetime

import pytest

from lingka.accounts import actions, selectors
from lingka.accounts.models import ApiKey, Leave, Post, Shift, User
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.permissions import PermissionRefused
from lingka.units import actions as unit_actions
from lingka.units import selectors as units
from tests.accounts.conftest import give, make_user

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def desk(client, guanli):
    """A browser with an administrator at it, in English."""
    client.force_login(User.objects.get(id=guanli.id))
    client.cookies["language"] = "en"
    return client


def three(prefix, text="Water"):
    return {f"{prefix}_{number}": text for number in range(3)}


def submit(client, url, do, **data):
    given = {"do": do} | {f"{do}-{name}": value for name, value in data.items()}
    return client.post(url, given)


PAGES = ["/desk/units/", "/desk/units/new/", "/desk/staff/", "/desk/staff/new/", "/desk/api-keys/"]


@pytest.mark.parametrize("url", PAGES)
def test_pages_are_for_administrators(client, url, post):
    assert "/accounts/login/" in client.get(url).url
    client.force_login(User.objects.get(username="shui"))
    assert client.get(url).status_code == 404


def test_whoever_sends_a_form_signed_out_comes_back_to_its_page(client, water):
    page = f"http://testserver/desk/units/{water}/?name=1"
    answer = client.post(f"/desk/units/{water}/", {"do": "close"}, headers={"referer": page})
    assert answer.url.endswith(f"next=/desk/units/{water}/%3Fname%3D1")


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_every_page_is_shown(desk, water, calendar, user, language):
    desk.cookies["language"] = language
    own = [
        f"/desk/units/{water}/",
        f"/desk/calendars/{calendar}/?year=2027",
        f"/desk/staff/{user}/",
    ]
    for url in [*PAGES, *own]:
        response = desk.get(url)
        assert response.status_code == 200, url
        assert 'class="cornice"' in response.content.decode()


def test_what_does_not_exist_is_not_found(desk, water):
    for url in ("/desk/units/999999/", "/desk/calendars/999999/", "/desk/staff/999999/"):
        assert desk.get(url).status_code == 404


def test_a_unit_is_added_changed_and_closed(desk, city, calendar):
    values = {"key": "heat", "kind": "utility", "area": city.id, "calendar": calendar, "phone": ""}
    response = submit(desk, "/desk/units/new/", "unit", **values, **three("name", "Heat"))
    unit = units.unit_by_key("heat")
    assert response.url == f"/desk/units/{unit.id}/"
    submit(desk, response.url, "unit", **values | {"phone": "0891-1"}, **three("name", "Heat"))
    assert units.unit(unit.id).phone == "0891-1"
    submit(desk, response.url, "close", id=unit.id)
    assert not units.unit(unit.id).active


def test_a_name_missing_in_one_language_is_said_beside_the_field(desk, city, calendar):
    values = {"key": "heat", "kind": "utility", "area": city.id, "calendar": calendar}
    answer = submit(
        desk, "/desk/units/new/", "unit", **values, name_0="热", name_1="", name_2="Heat"
    )
    assert answer.status_code == 400
    assert units.unit_by_key("heat") is None


def test_a_service_is_added_and_ended(desk, water, city):
    url = f"/desk/units/{water}/"
    submit(desk, url, "service", area=city.id, case_type="water", valid_from="2026-03-01",
         **three("basis"))  # fmt: skip
    (service,) = units.services_of(water)
    assert submit(desk, url, "end", id=service.id, on="2026-01-01").status_code == 400
    submit(desk, url, "end", id=service.id, on="2026-04-01")
    assert units.services_of(water)[0].valid_to == date(2026, 4, 1)
    assert submit(desk, url, "end", id=service.id + 1, on="2026-04-01").status_code == 400


@pytest.mark.parametrize(
    ("key", "name"),
    [("water", "Water, all of it"), ("water.burst", "Burst pipe"), ("*", "Everything")],
)
def test_what_a_unit_does_is_shown_by_its_name(desk, water, city, key, name):
    url = f"/desk/units/{water}/"
    submit(desk, url, "service", area=city.id, case_type=key, valid_from="2026-03-01",
           **three("basis"))  # fmt: skip
    page = desk.get(url).content.decode()
    assert f'<th scope="row">{name}</th>' in page
    assert f">{key}<" not in page


def test_what_is_no_kind_of_case_is_no_service(desk, water, city):
    answer = submit(
        desk, f"/desk/units/{water}/", "service", area=city.id, case_type="watr",
        valid_from="2026-03-01", **three("basis"),
    )  # fmt: skip
    assert answer.status_code == 400
    assert units.services_of(water) == []


@pytest.mark.parametrize("year", ["0000", "9999", "x", "٢٠٢٧٢٠٢٧"])
def test_a_year_that_is_none_shows_this_one(desk, calendar, year):
    assert desk.get(f"/desk/calendars/{calendar}/?year={year}").status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        {"do": "day", "day-day": "9999-12-31", "day-days": "31"},
        {"do": "day", "day-day": "0001-01-01", "day-days": "1"},
        {"do": "year", "year-year": "9" * 30},
        {"do": "hours", "hours-valid_from": "9999-12-31", "hours-day0": "09:00-12:00"},
    ],
)
def test_days_that_no_calendar_reckons_in_are_refused(desk, calendar, given):
    names = {f"day-names_{number}": "x" for number in range(3)}
    before = units.calendar(calendar)
    assert desk.post(f"/desk/calendars/{calendar}/", given | names).status_code == 400
    assert units.calendar(calendar) == before


def test_losar_a_year_and_hours_are_entered(desk, calendar):
    url = f"/desk/calendars/{calendar}/?year=2027"
    assert "not announced yet" in desk.get(url).content.decode()
    submit(desk, url, "day", day="2027-02-08", days=3, working="", **three("names", "Losar"))
    assert "Losar" in desk.get(url).content.decode()
    submit(desk, url, "unset", day="2027-02-09")
    assert date(2027, 2, 9) not in units.calendar(calendar).days_off
    submit(desk, url, "year", year=2027)
    assert "not announced yet" not in desk.get(url).content.decode()
    bad = submit(desk, url, "hours", valid_from="2026-03-02", day0="9-12")
    assert "like 09:30-13:00" in bad.content.decode()
    submit(desk, url, "hours", valid_from="2026-03-02", day0="09:00-12:00 14:00-18:00")
    assert units.calendar(calendar).hours[0] == (("09:00", "12:00"), ("14:00", "18:00"))


def test_somebody_is_added_with_a_post_duty_and_leave(desk, water):
    answer = submit(desk, "/desk/staff/new/", "person", username="deng", name="Deng", email="",
                  language="bo", password="lamps at dusk")  # fmt: skip
    deng = User.objects.get(username="deng")
    assert answer.url == f"/desk/staff/{deng.pk}/"
    submit(desk, answer.url, "post", role="handler", unit=water, area="", valid_from="2026-03-01")
    held = Post.objects.get(user=deng)
    span = {"starts_at": "2026-03-03T09:00", "ends_at": "2026-03-03T18:00"}
    submit(desk, answer.url, "shift", post=held.id, weeks=3, **span)
    assert Shift.objects.count() == 3
    assert submit(desk, answer.url, "shift", post=held.id, weeks=1, **span).status_code == 400
    other = give(make_user("shui"), "handler", water)
    submit(desk, answer.url, "leave", post=held.id, substitute=other, **span)
    assert [one.id for one in selectors.on_call(water, datetime(2026, 3, 3, 4, tzinfo=UTC))] == [
        other
    ]
    submit(desk, answer.url, "cancel_leave", id=Leave.objects.get().id)
    submit(desk, answer.url, "cancel_shift", id=Shift.objects.first().id)
    submit(desk, answer.url, "cancel_shift", id=999999)
    assert (Leave.objects.count(), Shift.objects.count()) == (0, 2)
    submit(desk, answer.url, "end", id=held.id, on="2026-03-05")
    held.refresh_from_db()
    assert held.valid_to == date(2026, 3, 5)


def test_anothers_post_is_not_ended_from_here(desk, user, post, guanli):
    url = f"/desk/staff/{guanli.id}/"
    answer = desk.post(url, {"do": "end", "end-id": post, "end-on": "2026-03-05"})
    assert answer.status_code == 400
    assert Post.objects.get(id=post).valid_to is None


def test_an_account_gets_a_new_password_and_is_closed(desk, user):
    url = f"/desk/staff/{user}/"
    assert submit(desk, url, "password", password="short").status_code == 400
    submit(desk, url, "password", password="water under the bridge")
    submit(desk, url, "person", name="Shui", email="shui@example.org", language="")
    submit(desk, url, "close", id=user)
    row = User.objects.get(id=user)
    assert row.check_password("water under the bridge")
    assert (row.name, row.is_active) == ("Shui", False)


def test_a_key_is_shown_once_and_revoked(desk, guanli):
    url = "/desk/api-keys/"
    page = submit(desk, url, "key", name="Map", scopes=["cases:read"]).content.decode()
    secret = page.split("lk_")[1].split("<")[0]
    assert selectors.api_key(f"lk_{secret}")
    assert secret not in desk.get(url).content.decode()
    past = {"scopes": ["cases:read"], "expires_at": "2020-01-01T00:00"}
    assert "has passed" in submit(desk, url, "key", name="Map", **past).content.decode()
    submit(desk, url, "revoke", id=ApiKey.objects.get().id)
    assert selectors.api_key(f"lk_{secret}") is None


@pytest.fixture
def street_desk(client, street, calendar):
    """The administrator of one street, at the same pages."""
    office = unit_actions.create_unit(
        actor=SYSTEM, key="office", kind="street_office",
        name=dict.fromkeys(("zh-hans", "bo", "en"), "Office"),
        area_id=street.id, calendar_id=calendar,
    )  # fmt: skip
    one = make_user("jiedao")
    give(one, "administrator", office)
    client.force_login(User.objects.get(id=one))
    return client


def test_a_street_s_administrator_sets_no_password_of_somebody_with_more_say(
    street_desk, user, post
):
    url = f"/desk/staff/{user}/"
    assert street_desk.get(url).status_code == 404
    assert "shui" not in street_desk.get("/desk/staff/").content.decode()
    jiedao = Actor("user", User.objects.get(username="jiedao").pk)
    for attempt in (
        lambda: actions.set_password(user, "lamps at dusk, again", actor=jiedao),
        lambda: actions.update_user(user, actor=jiedao, email="other@example.org"),
        lambda: actions.issue_api_key(actor=jiedao, name="x", scopes=["cases:read"], user_id=user),
    ):
        with pytest.raises(PermissionRefused):
            attempt()


def test_a_street_s_administrator_gives_no_post_or_service_beyond_the_street(street_desk, city):
    office = units.unit_by_key("office").id
    one = make_user("neu")
    wide = {"role": "supervisor", "unit": office, "area": city.id, "valid_from": "2026-03-01"}
    assert submit(street_desk, f"/desk/staff/{one}/", "post", **wide).status_code == 400
    assert not Post.objects.filter(user_id=one).exists()
    wide = {"area": city.id, "case_type": "*", "valid_from": "2026-03-01", **three("basis")}
    assert submit(street_desk, f"/desk/units/{office}/", "service", **wide).status_code == 400
    assert not units.services_of(office)


def test_a_calendar_that_others_work_by_too_is_not_a_street_s_to_change(
    street_desk, water, calendar
):
    url = f"/desk/calendars/{calendar}/"
    assert street_desk.get(url).status_code == 404
    assert url not in street_desk.get("/desk/units/").content.decode()


def test_a_key_of_somebody_with_more_say_is_not_a_street_s_to_revoke(street_desk, user, post):
    key = actions.issue_api_key(actor=SYSTEM, name="Map", scopes=["cases:read"], user_id=user)
    answer = submit(street_desk, "/desk/api-keys/", "revoke", id=key.id)
    assert answer.status_code == 200
    assert ApiKey.objects.get(id=key.id).revoked_at is None


def test_a_key_speaks_for_the_person_it_was_made_for(desk, user, post):
    page = submit(desk, "/desk/api-keys/", "key", name="Map", scopes=["cases:read"], user_id=user)
    secret = "lk_" + page.content.decode().split("lk_")[1].split("<")[0]
    assert selectors.api_key(secret).user_id == user


def test_a_street_s_administrator_makes_no_key_for_somebody_with_more_say(street_desk, user, post):
    submit(street_desk, "/desk/api-keys/", "key", name="x", scopes=["cases:read"], user_id=user)
    assert not ApiKey.objects.exists()
