"""Asking another unit, and what it does to the burden report; the pages of the lists."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingka.accounts.models import User
from lingka.areas import cache
from lingka.cases.models import Case
from lingka.core import clock, events
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.desks.selectors import hanging
from lingka.partners import actions, selectors
from lingka.partners.models import Override
from lingka.partners.receivers import count_overrides
from lingka.units import actions as unit_actions
from lingka.units import duties
from lingka.units import selectors as units
from lingka.units.models import Unit
from tests.cases import city as cities
from tests.cases.city import names, problem

COMMUNITY = duties.SHIPPED / "community.yaml"


@pytest.fixture
def city(db):
    with clock.at(cities.MONDAY):
        made = cities.build()
        unit_actions.activate_shipped()
        made.units["committee"] = Unit.objects.create(
            uuid=uuid7(), key="committee", kind="community_office", name=names("统建居委会"),
            area=made.grid.parent, calendar=made.units["light"].calendar,
        )  # fmt: skip
        units.forget()
        cache.forget()
        yield made
        units.forget()


def asked(city, case_type="order.task", **more):
    values = {
        "actor": city.staff["handler"], "unit_id": city.units["committee"].id,
        "case_type": case_type, "words": "请把公告栏修好", "language": "zh-hans", "key": uuid7(),
    }  # fmt: skip
    return actions.ask_unit(**(values | more))


def browser(who, language="en"):
    client = Client()
    client.force_login(User.objects.get(username=who))
    client.cookies["language"] = language
    return client


def test_what_is_asked_becomes_a_case_in_that_unit_s_hands(city):
    opened = asked(city)
    case = Case.objects.get(uuid=opened.case_uuid)
    assert (case.lead_unit_id, case.state) == (city.units["committee"].id, "dispatched")
    assert case.area_path == city.grid.parent.path


def test_asking_twice_with_one_key_asks_once(city):
    key = uuid7()
    assert asked(city, key=key).case_uuid == asked(city, key=key).case_uuid
    assert Case.objects.count() == 1


@pytest.mark.parametrize("case_type", ["order.ledger", "order.enforce", "order.app"])
def test_what_the_list_keeps_from_it_is_refused_before_anything_exists(city, case_type):
    with problem("duty_list"):
        asked(city, case_type)
    assert not Case.objects.exists()


def test_what_the_list_keeps_from_it_may_be_put_before_the_level_above(city):
    opened = asked(city, "order.ledger", reason="上级检查组明天到")
    case = Case.objects.get(uuid=opened.case_uuid)
    assert (case.lead_unit_id, case.state) == (None, "received")
    put_before = {who: hanging(actor)[0] for who, actor in city.staff.items()}
    assert [one.case_uuid for one in put_before["chief"]] == [case.uuid]
    assert put_before["dispatcher"] == put_before["plumber"] == []


def test_what_the_level_above_allows_goes_to_the_unit_and_stands_in_the_report(city):
    opened = asked(city, "order.ledger", reason="上级检查组明天到")
    committee = city.units["committee"].id
    with problem("duty_list"):
        city.do(opened, "dispatch", "dispatcher", unit=committee)
    city.do(opened, "except_duty", "chief", unit=committee, note="检查组明天到")
    city.do(opened, "accept", "dispatcher")
    city.do(opened, "dispatch", "dispatcher", unit=committee)
    heard()
    assert Case.objects.get().lead_unit_id == committee
    (line,) = selectors.burden([city.root.path], since=cities.START)
    assert (line.article.number, line.count) == (13, 1)


@pytest.mark.parametrize(
    ("given", "code"), [({"case_type": "light.out"}, "case_type"), ({"words": "  "}, "missing")]
)
def test_only_orders_are_asked_and_in_words(city, given, code):
    with problem(code):
        asked(city, **given)


def excepted(city, times, at=cities.MONDAY):
    with clock.at(at):
        for _time in range(times):
            opened = city.open("order.ledger", channel="unit", idempotency_key=uuid7())
            city.do(opened, "accept", "dispatcher")
            unit = city.units["committee"].id
            city.do(opened, "except_duty", "chief", unit=unit, note="上面急要")
    heard()


def told():
    """What is told of the cases, in the order of the log."""
    return [event for case in Case.objects.order_by("id") for event in events.history(case.uuid)]


def heard():
    for event in told():
        count_overrides(event)


def test_exceptions_are_counted_by_month_article_and_unit(city):
    excepted(city, 2)
    excepted(city, 1, at=datetime(2026, 12, 7, 2, tzinfo=UTC))
    lines = selectors.burden([city.root.path], since=cities.START)
    assert [(one.month.month, one.article.number, one.count) for one in lines] == [
        (12, 13, 1), (11, 13, 2),
    ]  # fmt: skip


def test_told_twice_an_exception_counts_once(city):
    excepted(city, 1)
    heard()
    assert Override.objects.count() == 1


def test_what_is_delivered_after_a_later_one_counts_too(city):
    excepted(city, 2)
    Override.objects.all().delete()
    for event in reversed(told()):
        count_overrides(event)
    assert [one.count for one in selectors.burden([city.root.path], since=cities.START)] == [2]


def test_the_report_knows_no_persons():
    fields = {field.name for field in Override._meta.get_fields()}
    assert fields == {"position", "month", "duty_list", "article", "unit"}


def test_another_street_s_burden_is_not_shown(city):
    excepted(city, 1)
    assert selectors.burden(["/0/"], since=cities.START) == []


@pytest.mark.parametrize("who", ["supervisor", "leader"])
def test_the_report_is_for_those_who_oversee(city, who):
    excepted(city, 1)
    page = browser(who).get("/desk/burden/")
    assert "统建居委会" in page.content.decode()
    assert "No ledgers, forms or photos" in page.content.decode()
    assert browser("handler").get("/desk/burden/").status_code == 404
    assert Client().get("/desk/burden/").status_code == 302


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_everybody_reads_the_lists_in_their_language(city, language):
    client = Client()
    client.cookies["language"] = language
    assert units.duty_list("community").name[language] in client.get("/duties/").content.decode()
    page = client.get("/duties/community/").content.decode()
    assert page.count('id="article-') == 22
    assert units.duty_list("community").articles[12].text[language] in page
    assert client.get("/duties/palace/").status_code == 404
    assert client.get("/duties/community/?version=99").status_code == 404


def test_the_form_says_the_article_and_keeps_what_was_typed(city):
    desk = browser("handler")
    given = {
        "unit": city.units["committee"].id, "case_type": "order.ledger", "words": "请补台账",
        "key": str(uuid7()),
    }  # fmt: skip
    answer = desk.post("/desk/ask/", given)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "article 13" in page
    assert "请补台账" in page
    above = desk.post("/desk/ask/", given | {"above": "1"})
    assert "Please say why it has to be them." in above.content.decode()
    assert not Case.objects.exists()
    asked_above = given | {"above": "1", "reason": "检查组明天到"}
    assert desk.post("/desk/ask/", asked_above).status_code == 302
    given["key"] = str(uuid7())
    assert desk.post("/desk/ask/", given | {"case_type": "order.task"}).status_code == 302
    assert browser("verifier").get("/desk/ask/").status_code == 404


def _administrator(city, area):
    actor: Actor = cities._post(f"adm{area.id}", "administrator", city.units["hall"], area)
    return browser(User.objects.get(id=actor.id).username)


def test_a_town_puts_its_own_list_into_force_and_faults_are_named(city):
    office = _administrator(city, city.root)
    own = COMMUNITY.read_text(encoding="utf-8").replace("Duty list of communities", "Our list of")
    answer = office.post("/desk/duties/", {"file": SimpleUploadedFile("a.yaml", own.encode())})
    assert answer.status_code == 302
    assert "Our list of" in office.get("/desk/duties/").content.decode()
    for wrong in (b"a: [", b"\xff", b"- 1", b"key: x"):
        answer = office.post("/desk/duties/", {"file": SimpleUploadedFile("a.yaml", wrong)})
        assert answer.status_code == 400
    assert "“kinds” is missing" in answer.content.decode()
    big = SimpleUploadedFile("a.yaml", b"#" * 200_001)
    assert "too large" in office.post("/desk/duties/", {"file": big}).content.decode()


def test_a_street_s_administrator_reads_the_lists_and_changes_none(city):
    office = _administrator(city, city.street)
    assert "Put a list into force" not in office.get("/desk/duties/").content.decode()
    file = SimpleUploadedFile("a.yaml", Path(COMMUNITY).read_bytes())
    assert office.post("/desk/duties/", {"file": file}).status_code == 404
