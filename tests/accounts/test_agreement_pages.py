"""Agreements on the pages: registered by administrators, watched by the desk, read by no other."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lingka.accounts.models import User
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.units import actions, selectors
from tests.accounts.conftest import give, make_user
from tests.accounts.test_administering import submit, three
from tests.units.conftest import make_area, names

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
PAPER = b"%PDF-1.7 signed and sealed"


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def office(client, guanli):
    client.force_login(User.objects.get(id=guanli.id))
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def at_desk(client, water, city):
    """Signs somebody in who holds a role over the city."""

    def sign_in(role):
        user = make_user("pai")
        give(user, role, water)
        client.force_login(User.objects.get(id=user))
        client.cookies["language"] = "en"
        return client

    return sign_in


@pytest.fixture
def agree(water, city):
    def register(last_day, **more):
        return actions.register_agreement(
            water, actor=SYSTEM, area_ids=[city.id], case_types=["water.burst"],
            promise={"zh-hans": "一小时到", "bo": "ཆུ་ཚོད་གཅིག", "en": "There within the hour"},
            valid_from=date(2026, 1, 1), valid_to=last_day + timedelta(days=1), **more,
        )  # fmt: skip

    return register


def given(city, **more):
    return {
        **three("promise", "Within the hour"), "areas": [city.id], "case_types": ["water.burst"],
        "valid_from": "2026-03-01", "valid_to": "2026-12-31", **more,
    }  # fmt: skip


def test_an_agreement_is_registered_with_its_paper_and_counts_through_its_last_day(
    office, water, city
):
    paper = SimpleUploadedFile("signed.pdf", PAPER, "application/pdf")
    answer = submit(office, f"/desk/units/{water}/", "agreement", **given(city, document=paper))
    assert answer.status_code == 302
    (one,) = selectors.agreements_of(water)
    assert (one.valid_from, one.valid_to) == (date(2026, 3, 1), date(2027, 1, 1))
    page = office.get(f"/desk/units/{water}/").content.decode()
    assert "Within the hour" in page
    assert "31 December" in page


def test_a_new_version_leaves_the_old_one_to_be_read(office, at_desk, water, city, agree):
    agreement = agree(date(2026, 6, 30))
    submit(office, f"/desk/units/{water}/", "agreement", **given(city, agreement=agreement))
    page = at_desk("dispatcher").get(f"/desk/agreements/{agreement}/").content.decode()
    assert page.index("Version 2") < page.index("Within the hour") < page.index("Version 1")
    assert "There within the hour" in page


def test_it_is_ended_from_the_unit_s_page(office, water, agree):
    agreement = agree(date(2026, 6, 30))
    submit(office, f"/desk/units/{water}/", "end_agreement", agreement=agreement, on="2026-03-02")
    assert selectors.agreement_versions(agreement)[0].is_over()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"valid_to": "2026-02-01"}, "The end lies before the beginning."),
        ({"document": SimpleUploadedFile("a.pdf", b"<html>")}, "has to be a PDF"),
        ({"areas": []}, "This field is required."),
        ({"agreement": "01a1fd14-2338-77d3-9a98-75283fba15c1"}, "not one of the available"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(office, water, city, wrong, said):
    answer = submit(office, f"/desk/units/{water}/", "agreement", **given(city, **wrong))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert "Within the hour" in page
    assert not selectors.agreements_of(water)


def test_a_street_s_administrator_registers_none_beyond_the_street(client, water, city, street):
    user = make_user("jie")
    unit = actions.create_unit(
        actor=SYSTEM, key="bank", kind="partner", name=names("B"),
        area_id=street.id, calendar_id=selectors.unit(water).calendar_id,
    )  # fmt: skip
    give(user, "administrator", unit, area_id=street.id)
    client.force_login(User.objects.get(id=user))
    answer = submit(client, f"/desk/units/{unit}/", "agreement", **given(city))
    assert answer.status_code == 400
    assert not selectors.agreements_of(unit)


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_the_desk_sees_what_runs_out_and_what_did(at_desk, agree, language):
    soon, over = agree(date(2026, 3, 20)), agree(date(2026, 3, 1))
    later = agree(date(2026, 12, 31))
    desk = at_desk("dispatcher")
    desk.cookies["language"] = language
    page = desk.get("/desk/agreements/").content.decode()
    above, below = page.split("<table", 1)
    assert str(soon) in above
    assert str(over) in above
    assert str(later) not in above
    assert str(later) in below
    assert "%(" not in page


def test_the_header_counts_what_needs_somebody(at_desk, agree):
    agree(date(2026, 12, 31))
    desk = at_desk("dispatcher")
    assert 'Agreements <span class="count">' not in desk.get("/desk/agreements/").content.decode()
    agree(date(2026, 3, 20))
    page = desk.get("/desk/agreements/").content.decode()
    assert 'Agreements <span class="count">1</span>' in page


def test_the_paper_is_handed_out_to_be_kept(at_desk, agree):
    agreement = agree(date(2026, 6, 30), document=("协议 signed.pdf", PAPER))
    desk = at_desk("supervisor")
    answer = desk.get(f"/desk/agreements/{agreement}/1/document")
    assert answer.content == PAPER
    assert answer["Content-Disposition"].startswith("attachment")
    assert desk.get(f"/desk/agreements/{agreement}/2/document").status_code == 404


def test_who_neither_dispatches_nor_supervises_has_no_such_pages(at_desk, agree):
    agreement = agree(date(2026, 6, 30), document=("signed.pdf", PAPER))
    desk = at_desk("handler")
    for url in ("", f"{agreement}/", f"{agreement}/1/document"):
        assert desk.get(f"/desk/agreements/{url}").status_code == 404


def test_another_street_s_agreements_are_not_found(client, water, agree, city):
    here, there = make_area("540102001000", city), make_area("540102002000", city)
    agreement = actions.register_agreement(
        water, actor=SYSTEM, area_ids=[there.id], promise=names("x"),
        valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31),
    )  # fmt: skip
    user = make_user("pai")
    give(user, "dispatcher", water, area_id=here.id)
    client.force_login(User.objects.get(id=user))
    assert client.get(f"/desk/agreements/{agreement}/").status_code == 404
