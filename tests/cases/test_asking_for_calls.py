"""Whoever has a case that they cannot solve asks for a call, and the case waits for it."""

import pytest
from django.utils import translation

from lingka.accounts import selectors as accounts
from lingka.accounts.models import Post
from lingka.areas.models import Area
from lingka.cases import actions, replay
from lingka.cases.actions import activation
from lingka.cases.models import Case
from lingka.cases.receivers import whole_ended
from lingka.cases.selectors import receipt_by_token
from lingka.cases.selectors.catalogue import body, current
from lingka.cases.selectors.public import PublicFilter, public_cases
from lingka.core import events, verify
from tests.cases.city import START, City, case_of, problem, refusal

WORKFLOWS = sorted(path.stem for path in (activation.DATA / "workflows").glob("*.yaml"))
ASKED = {"caller": "street", "note": "要城管和水务一起来"}


class Asking:
    """A resident's case at the lighting unit, which asks for a call of the street."""

    def __init__(self, city: City) -> None:
        Post.objects.create(  # the community has a desk of its own, where the case begins
            user_id=city.staff["walker"].id, role="dispatcher", unit=city.units["office"],
            area=Area.objects.get(level="community"), valid_from=START,
        )  # fmt: skip
        accounts.forget()
        self.city, self.whole = city, city.open()
        for action, data in (("accept", {}), ("dispatch", {"unit": city.units["light"].id})):
            city.do(self.whole, action, "walker", **data)
        city.do(self.whole, "sign_in", "handler")

    @property
    def call(self) -> Case:
        return Case.objects.filter(channel="part").latest("id")

    def ask(self, who: str = "handler", **given: object) -> Case:
        self.city.do(self.whole, "ask_call", who, **(ASKED | given))
        return self.call

    def do(self, action: str, who: str, **data: object) -> None:
        actions.perform(self.call.uuid, action, actor=self.city.staff[who], data=data)

    def come(self) -> None:
        """The street takes it and calls; the water unit comes and reports."""
        water = self.city.units["water"].id
        self.do("accept", "dispatcher")
        self.do("call", "dispatcher", ground="beyond", unit=water, note="来")
        self.do("note_arrival", "dispatcher", helper=water, how="seen")
        self.do("report_back", "plumber", words="井修好了")


@pytest.fixture
def asking(city: City) -> Asking:
    return Asking(city)


@pytest.mark.parametrize("who", ["handler", "walker", "mate"])
def test_unit_community_and_grid_worker_ask_and_the_street_has_it(asking: Asking, who: str) -> None:
    city = asking.city
    if who == "mate":
        Post.objects.create(
            user_id=city.staff["mate"].id, role="grid_worker", unit=city.units["office"],
            area=city.grid, valid_from=START,
        )  # fmt: skip
        accounts.forget()
    call = asking.ask(who)
    assert (call.case_type, call.state) == ("joint.street", "received")
    assert call.desk_area_id == city.street.id
    assert case_of(asking.whole).desk_area.level == "community"
    assert case_of(asking.whole).state == "handling"


def test_the_community_calls_where_it_is_asked_to(asking: Asking) -> None:
    call = asking.ask(caller="community")
    assert (call.case_type, call.desk_area.level) == ("joint.community", "community")


def test_the_case_waits_until_those_who_were_called_are_done_and_checked(asking: Asking) -> None:
    city = asking.city
    asking.ask()
    asking.come()
    with refusal("parts"):
        city.do(asking.whole, "report_back", "handler", words="好了")
    with refusal("a_part"):
        asking.do("verify", "verifier", how="visit")
    asking.do("verify_part", "verifier", how="visit")
    assert asking.call.state == "part_done"
    city.do(asking.whole, "report_back", "handler", words="都好了")
    for case in Case.objects.all():
        assert replay.differences(case, events.history(case.uuid)) == []
    assert verify.run() == []


def test_the_resident_hears_one_whole_and_rates_once(asking: Asking) -> None:
    city, water = asking.city, asking.city.units["water"].id
    asking.ask()
    asking.come()
    asking.do("verify_part", "verifier", how="visit")
    page = receipt_by_token(asking.whole.token)
    assert page
    assert [(one.unit_id, one.open) for one in page.parts] == [(water, False)]
    assert [one.words for one in page.replies] == ["井修好了"]
    city.do(asking.whole, "report_back", "handler", words="都好了")
    city.do(asking.whole, "verify", "verifier", how="visit")
    city.do(asking.whole, "rate", city.reporter(asking.whole), solved=True)
    assert case_of(asking.whole).state == "closed"
    assert not asking.call.receipts.exists()


def test_both_sides_of_the_call_rate_each_other(asking: Asking) -> None:
    asking.ask()
    asking.come()
    asking.do("verify_part", "verifier", how="visit")
    water = asking.city.units["water"].id
    asking.do("rate_unit", "dispatcher", helper=water, in_time=True, solved=True)
    asking.do("rate_call", "plumber", justified=True)
    assert asking.call.facts["call_rated"] == {str(water): True}


def test_the_street_may_refuse_and_whoever_asked_goes_on(asking: Asking) -> None:
    asking.ask()
    with refusal("pending"):
        asking.ask()
    asking.do("refuse_call", "dispatcher", note="不够三条")
    assert asking.call.state == "dropped"
    asking.ask(note="又来了人")
    asking.do("drop", "dispatcher")
    asking.city.do(asking.whole, "report_back", "handler", words="自己办好了")


def test_what_its_partners_cannot_do_the_community_asks_the_street_to_call_for(
    asking: Asking,
) -> None:
    """The call waits for the street's, and the resident hears of both as one whole."""
    city, water = asking.city, asking.city.units["water"].id
    partners = asking.ask(caller="community")
    asking.do("accept", "walker")
    asking.do("call", "walker", ground="beyond", unit=city.units["light"].id, note="来")
    actions.perform(
        partners.uuid, "ask_call", actor=city.staff["walker"], data={"note": "要水务来"}
    )
    assert (asking.call.case_type, asking.call.desk_area_id) == ("joint.street", city.street.id)
    asking.come()
    page = receipt_by_token(asking.whole.token)
    assert page
    assert [one.unit_id for one in page.parts] == [city.units["light"].id, water]
    assert [one.words for one in page.replies] == ["井修好了"]
    asking.do("verify_part", "verifier", how="visit")
    partners.refresh_from_db()
    assert partners.facts["ended"] == {str(asking.call.uuid): "part_done"}
    assert water in partners.facts["part_units"]
    assert verify.run() == []


KINDS = [
    ("ask_for", "en", "ask_call: no kind of case is called “joint.city”"),
    ("ask_for", "zh-hans", "ask_call: 没有叫“joint.city”的诉求类型"),
    ("ask_for", "bo", "ask_call: “joint.city” ཞེས་པའི་དོན་གྱི་རིགས་མི་འདུག"),
    ("open_call", "en", "ask_call: no kind of case is called “joint.city”"),
]


@pytest.mark.parametrize(("effect", "language", "said"), KINDS)
def test_a_workflow_calls_only_for_kinds_that_there_are(
    city: City, effect: str, language: str, said: str
) -> None:
    key = "community_calls" if effect == "ask_for" else "quick_response"
    found = body(current("workflow", key))
    kind: object = "joint.city"
    if effect == "open_call":
        kind = {"street": "joint.street", "community": "joint.city"}
    asked = {**found["actions"]["ask_call"], "effects": [{effect: kind}]}
    with translation.override(language):
        told = activation.judged(
            "workflow", {**found, "actions": {**found["actions"], "ask_call": asked}}
        )
    assert told == [said]


def test_a_workflow_calls_only_for_what_can_end_as_a_part(city: City) -> None:
    found = body(current("workflow", "community_calls"))
    asked = {**found["actions"]["ask_call"], "effects": [{"ask_for": "light.out"}]}
    with translation.override("en"):
        told = activation.judged(
            "workflow", {**found, "actions": {**found["actions"], "ask_call": asked}}
        )
    said = "ask_call: a case of the kind “light.out” cannot end as a part of another"
    assert told == [said]


@pytest.mark.parametrize("key", WORKFLOWS)
def test_every_shipped_workflow_names_kinds_that_there_are(city: City, key: str) -> None:
    assert activation.judged("workflow", body(current("workflow", key))) == []


@pytest.mark.parametrize(
    ("action", "data"),
    [("decline", {"reason": "outside", "words": "不在本市"}), ("ask", {"words": "在哪儿？"})],
)
def test_what_is_said_to_the_resident_is_said_on_the_whole(
    asking: Asking, action: str, data: dict[str, str]
) -> None:
    asking.ask()
    with refusal("a_part"):
        asking.do(action, "dispatcher", **data)


def test_a_collection_of_its_own_ends_as_no_part(city: City) -> None:
    opened = city.open("joint.street")
    with refusal("no_part"):
        city.do(opened, "drop", "dispatcher")


def test_what_the_resident_takes_back_nobody_is_called_for(asking: Asking) -> None:
    asking.ask()
    asking.city.do(asking.whole, "withdraw", asking.city.reporter(asking.whole))
    whole_ended([one for one in events.history(asking.whole.case_uuid) if "Acted" in one.type])
    assert asking.call.state == "dropped"


def test_public_lists_show_the_whole_and_not_its_call(asking: Asking) -> None:
    asking.ask()
    shown = public_cases(PublicFilter(), limit=9)
    assert [one.number for one in shown] == [asking.whole.case_number]


def test_what_cannot_end_as_a_part_is_called_for_by_nobody(asking: Asking) -> None:
    types = body(current("case_types", "case_types"))
    other = {**types["types"]["joint.street"], "workflow": "quick_response"}
    activation.activate(
        "case_types", {**types, "types": {**types["types"], "joint.street": other}},
        actor=asking.city.staff["chief"],
    )  # fmt: skip
    with problem("no_call"):
        asking.ask()
