"""Taking a call: hints while words come in, an answer on the spot, or a case with a code."""

from typing import Any

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.cases import actions as cases
from lingka.cases.models import Case, ContactReading, Receipt
from lingka.cases.selectors import case_types, receipt_by_token
from lingka.core import clock
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.text import dialled
from lingka.guides import selectors as guides
from lingka.intake import actions, calling
from tests.cases import city as cities
from tests.cases.city import City, problem

pytestmark = pytest.mark.django_db
NUMBER = "139 0000 1234"


@pytest.fixture
def desk() -> Any:
    """A street with its desk, on a Monday morning."""
    guides.forget()
    with clock.at(cities.MONDAY):
        yield cities.build()
    guides.forget()


def browser(who: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=who))
    client.cookies["language"] = "en"
    return client


def said(**changes: Any) -> dict[str, Any]:
    return {
        "idempotency_key": str(uuid7()), "channel": "hotline", "words": "路灯不亮", "address": "",
        "door": "", "case_type": "light.out", "phone": "", "language": "zh-hans",
    } | changes  # fmt: skip


def test_a_call_becomes_a_case_and_a_code_to_read_out(desk: City) -> None:
    page = browser("dispatcher").post("/desk/call/", said(), follow=True)
    case = Case.objects.get()
    assert (case.case_type, case.channel, case.state) == ("light.out", "hotline", "received")
    code = Receipt.objects.get().short_code
    assert code[:4] in page.content.decode()


def test_a_caller_is_offered_nothing_that_only_units_ask_of_each_other(desk: City) -> None:
    likely = calling.likely_types("我想开一份证明", every=True)
    assert likely[0].key == "help.papers"
    page = browser("dispatcher").get("/desk/call/").content.decode()
    offered = {one.key for one in case_types() if f'value="{one.key}"' in page}
    assert {one.group_key for one in likely} <= {one.partition(".")[0] for one in offered}
    assert {"help.papers", "joint.street", "council.resolution"} <= offered
    assert not {one for one in offered if one.startswith("order.")} | ({"joint.part"} & offered)


@pytest.mark.parametrize("kind", ["order.certificate", "joint.part"])
def test_no_call_becomes_an_order_or_a_part(desk: City, kind: str) -> None:
    answer = browser("dispatcher").post("/desk/call/", said(case_type=kind))
    assert (answer.status_code, Case.objects.count()) == (422, 0)


def test_the_same_form_sent_twice_is_one_case(desk: City) -> None:
    form = said()
    client = browser("dispatcher")
    client.post("/desk/call/", form)
    client.post("/desk/call/", form)
    assert Case.objects.count() == 1


def test_a_question_is_answered_from_a_guide_on_the_spot(desk: City) -> None:
    form = said(words="暖气几号开始？", case_type="", answered="heating-hours")
    browser("dispatcher").post("/desk/call/", form)
    case = Case.objects.get()
    assert (case.case_type, case.state) == ("help.question", "resolved")


def test_the_receipt_of_an_answer_names_source_day_and_version(desk: City) -> None:
    given = {
        "idempotency_key": uuid7(), "channel": "", "words": "几点收垃圾", "address": "",
        "door": "", "case_type": "help.question", "phone": "", "language": "bo",
    }  # fmt: skip
    opened = actions.take_call(given, answered="rubbish-hours", actor=desk.staff["dispatcher"])
    view = receipt_by_token(opened.token)
    assert view is not None
    told = " ".join(str(step) for step in vars(view).values())
    assert "དྲྭ་རེའི་ཁ་པར" in told  # in the caller's language
    assert "2026" in told


def test_an_answer_that_was_not_clear_comes_back_to_the_desk(desk: City) -> None:
    form = {
        "idempotency_key": uuid7(), "channel": "", "words": "几点收垃圾", "address": "",
        "door": "", "case_type": "help.question", "phone": "", "language": "",
    }  # fmt: skip
    opened = actions.take_call(form, answered="rubbish-hours", actor=desk.staff["dispatcher"])
    desk.do(opened, "reopen", desk.reporter(opened), words="没听懂")
    assert Case.objects.get().state == "received"


def test_an_unknown_guide_opens_nothing(desk: City) -> None:
    page = browser("dispatcher").post("/desk/call/", said(answered="nothing"))
    assert page.status_code == 422
    assert not Case.objects.exists()


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(desk: City) -> None:
    page = browser("dispatcher").post("/desk/call/", said(words="", address="东街 3 号"))
    assert page.status_code == 422
    assert "words" in page.context["form"].errors
    assert "东街 3 号" in page.content.decode()


def test_an_unknown_door_is_said_beside_it(desk: City) -> None:
    page = browser("dispatcher").post("/desk/call/", said(door="AAAAAAA"))
    assert "door" in page.context["form"].errors


def test_only_a_desk_takes_calls(desk: City) -> None:
    assert browser("handler").get("/desk/call/").status_code == 404
    assert browser("handler").post("/desk/call/", said()).status_code == 404
    assert browser("handler").post("/desk/call/hints", {}).status_code == 404
    part = {"hx-request": "true"}  # of a page whose reader is signed in no more
    assert Client().post("/desk/call/hints", {}, headers=part).status_code == 401
    with pytest.raises(PermissionRefused):
        actions.take_call(said(), actor=desk.staff["handler"])


def test_words_bring_the_likeliest_type_and_an_answer() -> None:
    found = calling.hints("家里没水了，水管没有水", "", "")
    assert found.types[0].key.startswith("water.")
    assert found.answers[0].key == "water-outage"


def test_an_urgent_type_among_the_likely_ones_stands_apart() -> None:
    found = calling.hints("水管爆了，一直喷水", "", "")
    assert found.urgent is not None
    assert found.urgent.key == "water.burst"
    assert calling.hints("想办居住证", "", "").urgent is None


def test_words_that_share_only_everyday_words_bring_no_answer() -> None:
    assert calling.hints("统建社区水管爆了，水流到街上", "", "").answers == []


def test_every_danger_is_at_hand_the_likeliest_first() -> None:
    first, *others = calling.hints("电线掉下来了", "", "").danger
    assert first.key == "light.wire"
    assert len(others) >= 2
    assert all(one.urgent for one in others)


def test_a_danger_goes_out_at_once_even_before_a_word_is_written(desk: City) -> None:
    form = said(words="", case_type="", danger="water.burst")
    browser("dispatcher").post("/desk/call/", form)
    case = Case.objects.get()
    assert (case.case_type, case.urgent) == ("water.burst", True)


def test_what_is_no_danger_is_not_sent_as_one(desk: City) -> None:
    page = browser("dispatcher").post("/desk/call/", said(case_type="", danger="light.out"))
    assert (page.status_code, Case.objects.count()) == (422, 0)


def test_the_area_that_the_caller_names_has_the_case(desk: City) -> None:
    browser("dispatcher").post("/desk/call/", said(words="540102001001 路灯不亮"))
    assert Case.objects.get().area_path.startswith(desk.street.path)
    found = calling.hints("540102001001 路灯不亮", "", "")
    assert found.where.name == "540102001001"


def test_a_caller_who_means_an_open_case_gets_a_receipt_of_it(desk: City) -> None:
    opened = desk.open()
    near = calling.hints("路灯不亮", "540102001001", "", "light.out").near
    form = said(case_type="", joins=near[0].offer, phone="13900001234")
    browser("dispatcher").post("/desk/call/", form)
    assert Case.objects.get().uuid == opened.case_uuid
    assert sorted(Receipt.objects.values_list("kind", flat=True)) == ["follower", "reporter"]


def test_a_type_counts_for_the_hints_once_it_was_chosen_by_hand(desk: City) -> None:
    sent = {"words": "路灯不亮", "case_type": "water.leak", "address": "540102001001"}
    client = browser("dispatcher")
    assert "water" not in client.post("/desk/call/hints", sent).content.decode().split("→")[1]
    chosen = client.post("/desk/call/hints", sent | {"by_hand": "1"}).content.decode()
    assert "<b>water</b>" in chosen


def test_an_area_in_the_address_says_who_would_lead_and_why(desk: City) -> None:
    found = calling.hints("路灯不亮", "540102001001", "", "light.out")
    assert (found.unit, found.why) == ("light", "light: 职责清单")


def test_hints_need_nothing() -> None:
    assert calling.hints("", "", "").types == []


def test_a_chosen_type_that_does_not_exist_is_as_none(desk: City) -> None:
    sent = {"words": "路灯不亮", "case_type": "no.such", "door": "\0", "address": "x" * 900}
    assert browser("dispatcher").post("/desk/call/hints", sent).status_code == 200


class TestTheNumberShown:
    def match(self, city: City, who: str = "dispatcher", number: str = "13900001234") -> list[str]:
        return [one.number for one in cases.match_number(number, actor=city.staff[who])]

    def test_it_finds_the_open_case_of_the_caller(self, desk: City) -> None:
        opened = desk.open(contact=cases.ContactData(phone=NUMBER))
        assert self.match(desk) == [opened.case_number]

    def test_each_match_is_a_reading_that_the_resident_sees(self, desk: City) -> None:
        opened = desk.open(contact=cases.ContactData(phone=NUMBER))
        self.match(desk)
        assert ContactReading.objects.get().user_id == desk.staff["dispatcher"].id
        view = receipt_by_token(opened.token)
        assert view is not None
        assert [one.reason for one in view.readings] != ["@presented"]

    def test_another_number_finds_nothing_and_leaves_no_trace(self, desk: City) -> None:
        desk.open(contact=cases.ContactData(phone=NUMBER))
        assert self.match(desk, number="13911111111") == []
        assert not ContactReading.objects.exists()

    def test_a_closed_case_is_found_no_more(self, desk: City) -> None:
        opened = desk.open(contact=cases.ContactData(phone=NUMBER))
        desk.do(opened, "withdraw", desk.reporter(opened))
        assert self.match(desk) == []

    def test_a_case_of_another_desk_s_area_is_not_found(self, desk: City) -> None:
        opened = desk.open(contact=cases.ContactData(phone=NUMBER))
        Case.objects.filter(uuid=opened.case_uuid).update(area_path="/999/")
        assert self.match(desk) == []

    def test_only_a_desk_may_ask(self, desk: City) -> None:
        for who in ("handler", "verifier", "supervisor", "walker"):
            with pytest.raises(PermissionRefused):
                self.match(desk, who)

    def test_nobody_asks_oftener_than_a_desk_takes_calls(
        self, desk: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lingka.cases.actions.numbers.MATCHES", (2, 3600))
        for _ in range(2):
            self.match(desk)
        with problem("many"):
            self.match(desk)

    def test_the_call_page_shows_what_the_number_matches(self, desk: City) -> None:
        opened = desk.open(contact=cases.ContactData(phone=NUMBER))
        page = browser("dispatcher").post("/desk/call/", {"number": NUMBER})
        said = page.content.decode()
        assert f"/desk/cases/{opened.case_number}" in said
        assert page.context["form"].initial["phone"] == NUMBER  # to call back

    def test_the_page_itself_asks_for_no_more_than_the_answer(self, desk: City) -> None:
        client = browser("dispatcher")
        page = client.post("/desk/call/", {"number": NUMBER}, headers={"HX-Request": "true"})
        assert "No open case of your area" in page.content.decode()
        assert "<form" not in page.content.decode()

    def test_a_number_in_the_address_is_not_looked_at(self, desk: City) -> None:
        desk.open(contact=cases.ContactData(phone=NUMBER))
        page = browser("dispatcher").get("/desk/call/", {"number": NUMBER}).content.decode()
        assert NUMBER not in page
        assert not ContactReading.objects.exists()

    def test_no_number_is_said_beside_the_field(self, desk: City) -> None:
        page = browser("dispatcher").post("/desk/call/", {"number": " "})
        assert "number" in page.context["shown"].errors

    @pytest.mark.parametrize(
        "left", ["139 0000 1234", "+86 139 0000 1234", "0086 13900001234", "8613900001234"]
    )
    @pytest.mark.parametrize("shown", ["13900001234", "+8613900001234", "013900001234"])
    def test_it_is_the_same_number_however_it_is_written(
        self, desk: City, left: str, shown: str
    ) -> None:
        opened = desk.open(contact=cases.ContactData(phone=left))
        assert self.match(desk, number=shown) == [opened.case_number]

    def test_a_number_of_another_country_is_another_number(self) -> None:
        assert dialled("+1 390 000 1234") == dialled("001 3900001234") == "13900001234"
        assert dialled("13900001234") == "8613900001234"

    def test_no_number_is_asked_for_nothing(self, desk: City) -> None:
        assert self.match(desk, number="unknown") == []


def test_whoever_signs_in_again_goes_on_at_the_page_of_their_form(client: Client) -> None:
    form = {"HTTP_REFERER": "http://testserver/desk/call/?drafts=1"}
    asked = client.post("/desk/call/hints", **form)
    assert asked["Location"] == "/accounts/login/?next=/desk/call/%3Fdrafts%3D1"
    other = {"HTTP_REFERER": "https://elsewhere.example/desk/"}
    asked = client.post("/desk/call/hints", **other)
    assert asked["Location"] == "/accounts/login/?next=/desk/call/hints"
