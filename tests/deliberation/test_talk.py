"""Talk in writing: by members who live there, hidden by published rules, objected to once."""

from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.test import Client

from lingka.core import clock, contents
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.deliberation import actions, rules, selectors, talked
from lingka.deliberation.models import Contribution, Council, Topic
from lingka.members.selectors import MemberInfo
from tests.cases.city import MONDAY, City, names, problem, refusal
from tests.deliberation.table import council, neighbour, proposed, raised, state
from tests.deliberation.test_pages import desk, read
from tests.members.people import joined
from tests.voting.hall import people

TEXT = "晚上路口太暗，先装灯再划车位。"


@pytest.fixture
def hall(city: City) -> UUID:
    return council(city, "hall", "online")


def said(topic: UUID, me: MemberInfo, text: str = TEXT) -> UUID:
    return actions.contribute(topic, text, actor=me.actor, idempotency_key=uuid7())


def hidden(city: City, topic: UUID, me: MemberInfo) -> UUID:
    made = said(topic, me)
    actions.hide(made, "respect", actor=city.staff["dispatcher"])
    return made


def one(topic: UUID) -> talked.Said:
    return talked.on(topic)[0]


def test_what_a_member_writes_stands_there_without_them(city: City, hall: UUID) -> None:
    topic, me = raised(city, hall), neighbour(city, 1)
    key = uuid7()
    made = actions.contribute(topic, f" {TEXT} ", actor=me.actor, idempotency_key=key)
    assert actions.contribute(topic, TEXT, actor=me.actor, idempotency_key=key) == made
    with problem("key_reused"):
        actions.contribute(topic, "别的", actor=me.actor, idempotency_key=key)
    found = one(topic)
    assert (found.text, found.language, found.rule) == (TEXT, "zh-hans", None)
    told = Event.objects.get(type="deliberation.ContributionMoved")
    assert str(me.uuid) not in str(told.data) + str(told.actor)


def test_what_no_contribution_can_be_is_refused(city: City, tea: UUID, hall: UUID) -> None:
    topic, me = raised(city, hall), neighbour(city, 1)
    Council.objects.filter(uuid=hall).update(area=city.grid)
    with problem("elsewhere"):
        said(topic, me)
    Council.objects.filter(uuid=hall).update(area=city.grid.parent)
    with problem("text"):
        said(topic, me, " ")
    with problem("not_open"):  # a table talks aloud
        said(raised(city, tea), me)
    with refusal("not_member"):
        actions.contribute(topic, TEXT, actor=city.staff["dispatcher"], idempotency_key=uuid7())
    for _time in range(rules.MOST_SAID):
        said(topic, me)
    with problem("enough"):
        said(topic, me)
    Topic.objects.filter(uuid=topic).update(state="rejected")
    with problem("not_open"):
        said(topic, neighbour(city, 2))
    with problem("online"):
        actions.plan(hall, MONDAY + timedelta(days=3), "茶馆", actor=city.staff["dispatcher"])


def test_a_closed_council_hears_nothing_more(city: City, hall: UUID) -> None:
    topic, me = raised(city, hall), neighbour(city, 1)
    Council.objects.update(closed_at=MONDAY)
    with problem("unknown"):
        said(topic, me)


def test_a_rule_stands_in_the_place_of_what_is_hidden(city: City, hall: UUID) -> None:
    topic, me, keeper = raised(city, hall), neighbour(city, 1), city.staff["dispatcher"]
    made = said(topic, me)
    with problem("rule"):
        actions.hide(made, "dislike", actor=keeper)
    with refusal("not_keeper"):
        actions.hide(made, "respect", actor=city.staff["handler"])
    actions.hide(made, "respect", actor=keeper)
    with problem("moved_on"):
        actions.hide(made, "adverts", actor=keeper)
    with problem("unknown"):
        actions.hide(uuid4(), "respect", actor=keeper)
    page = read(Client(headers={"Accept-Language": "en"}), f"/councils/topics/{topic}")
    assert TEXT not in page
    assert "Hidden by the rule: The matter, not the person" in page
    assert "No advertising" in page  # all rules are public
    for published in rules.talk().values():
        assert set(published.names) == set(published.abouts) == {"zh-hans", "bo", "en"}


def test_whoever_wrote_it_objects_once_and_somebody_else_has_the_last_word(
    city: City, hall: UUID
) -> None:
    topic, me = raised(city, hall), neighbour(city, 1)
    made = said(topic, me)
    with problem("moved_on"):  # nothing is hidden
        actions.object_to_hiding(made, "没有骂人", actor=me.actor)
    actions.hide(made, "respect", actor=city.staff["dispatcher"])
    with problem("unknown"):
        actions.object_to_hiding(made, "没有骂人", actor=neighbour(city, 2).actor)
    with problem("why"):
        actions.object_to_hiding(made, "", actor=me.actor)
    with problem("moved_on"):  # nobody objected
        actions.judge(made, shown=True, actor=city.staff["chief"])
    assert one(topic).can_object
    actions.object_to_hiding(made, "没有骂人", actor=me.actor)
    assert one(topic).waits
    with problem("moved_on"):
        actions.object_to_hiding(made, "再说一次", actor=me.actor)
    with refusal("own"):
        actions.judge(made, shown=False, actor=city.staff["dispatcher"])
    actions.judge(made, shown=True, actor=city.staff["chief"])
    assert one(topic).rule is None
    with problem("moved_on"):
        actions.hide(made, "respect", actor=city.staff["dispatcher"])


def test_an_objection_can_be_turned_down_for_good(city: City, hall: UUID) -> None:
    topic, me = raised(city, hall), neighbour(city, 1)
    made = hidden(city, topic, me)
    actions.object_to_hiding(made, "没有骂人", actor=me.actor)
    actions.judge(made, shown=False, actor=city.staff["chief"])
    found = one(topic)
    assert (found.rule is not None, found.waits, found.judged) == (True, False, True)
    with problem("moved_on"):
        actions.judge(made, shown=True, actor=city.staff["chief"])


def test_what_one_takes_back_or_leaves_behind_is_gone(city: City, hall: UUID) -> None:
    topic, me, other = raised(city, hall), neighbour(city, 1), neighbour(city, 2)
    made = said(topic, me)
    with problem("unknown"):
        actions.take_back(made, actor=other.actor)
    hidden(city, topic, other)
    kept = list(Contribution.objects.values_list("words", flat=True))
    assert len(contents.read(kept)) == 2
    actions.take_back(made, actor=me.actor)
    actions.let_go(other.uuid)
    assert contents.read(kept) == {}
    assert talked.on(topic) == []


def reply(topic: UUID, me: MemberInfo, to: UUID, text: str = "先装灯。") -> UUID:
    return actions.contribute(
        topic, text, actor=me.actor, idempotency_key=uuid7(), answers=to
    )  # fmt: skip


def test_a_reply_stands_under_what_it_answers_and_is_hidden_and_erased_like_it(
    city: City, hall: UUID
) -> None:
    topic, me, other = raised(city, hall), neighbour(city, 1), neighbour(city, 2)
    first, second = said(topic, me), said(topic, other, "划线就好。")
    under = reply(topic, other, first)
    order = [(one.uuid, one.answers) for one in talked.on(topic)]
    assert order == [(first, None), (under, first), (second, None)]
    actions.hide(under, "respect", actor=city.staff["dispatcher"])
    assert talked.on(topic)[1].rule is not None
    actions.let_go(other.uuid)
    assert [one.uuid for one in talked.on(topic)] == [first]
    assert len(contents.read(Contribution.objects.values_list("words", flat=True))) == 1


def test_what_is_answered_can_be_taken_back_and_its_replies_stand_alone(
    city: City, hall: UUID
) -> None:
    topic, me, other = raised(city, hall), neighbour(city, 1), neighbour(city, 2)
    first = said(topic, me)
    under = reply(topic, other, first)
    actions.take_back(first, actor=me.actor)
    assert [(one.uuid, one.answers) for one in talked.on(topic)] == [(under, None)]


def test_what_no_reply_can_be_to_is_refused(city: City, hall: UUID) -> None:
    topic, elsewhere = raised(city, hall), raised(city, hall)
    me, other = neighbour(city, 1), neighbour(city, 2)
    first, key = said(topic, me), uuid7()
    under = reply(topic, other, first)
    for to in (under, said(elsewhere, me), hidden(city, topic, me), uuid4()):
        with problem("answers"):
            reply(topic, other, to)
    sent = partial(actions.contribute, topic, TEXT, actor=other.actor, idempotency_key=key)
    assert sent(answers=first) == sent(answers=first)
    with problem("key_reused"):
        sent()


def test_a_member_replies_on_the_page_that_shows_what_to(city: City, hall: UUID) -> None:
    topic, me = raised(city, hall), joined(city.grid.parent_id or 0)
    first = said(topic, neighbour(city, 1))
    client, page = Client(headers={"Accept-Language": "en"}), f"/councils/topics/{topic}/talk"
    client.cookies["member"] = me.key
    assert f"{page}?answers={first}" in read(client, f"/councils/topics/{topic}")
    shown = read(client, f"{page}?answers={first}")
    assert "Your reply to:" in shown
    assert TEXT in shown
    assert "Your reply to:" not in read(client, f"{page}?answers=nothing")
    sent = {"do": "say", "answers": str(first), "text": ""}
    refused = client.post(page, sent)
    assert refused.status_code == 422
    assert "Your reply to:" in refused.content.decode()
    assert client.post(page, sent | {"text": "先装灯。"}).status_code == 302
    assert talked.on(topic)[1].answers == first


def test_long_after_a_topic_nobody_knows_who_wrote(city: City, hall: UUID) -> None:
    topic, me = raised(city, hall), neighbour(city, 1)
    said(topic, me)
    Topic.objects.update(state="rejected", moved_at=MONDAY)
    with clock.at(MONDAY + timedelta(days=91)):
        actions.forget_backings()
    assert Contribution.objects.get().member is None
    assert one(topic).text == TEXT


def test_an_online_topic_is_talked_over_some_days_and_then_voted_on(city: City, hall: UUID) -> None:
    people(city, 5)
    office, topic = city.staff["dispatcher"], proposed(hall)
    actions.accept(topic, actor=office)
    asked = names("门口划车位吗？")

    def put(days: int) -> UUID:
        with clock.at(MONDAY + timedelta(days=days)):
            return actions.put_to_vote(topic, asked, "划车位", actor=office, rule="simple")

    with problem("support"):
        put(6)
    for number in range(3):
        actions.support(topic, actor=neighbour(city, number).actor)
    with problem("talk"):
        put(4)
    found = selectors.topic(topic)
    assert found is not None
    assert not found.can_vote
    put(6)
    assert state(topic) == "voting"


def test_a_member_writes_objects_and_takes_back_on_one_page(city: City, hall: UUID) -> None:
    topic, me = raised(city, hall), joined(city.grid.parent_id or 0)
    page, client = f"/councils/topics/{topic}/talk", Client(headers={"Accept-Language": "en"})
    assert client.get(page).status_code == 302  # to sign in
    client.cookies["member"] = me.key
    assert client.post(page, {"do": "say", "text": ""}).status_code == 422
    sent = {"do": "say", "text": "别的", "idempotency_key": str(uuid7())}
    for text in ("别的", TEXT):  # gone back to after sending, and changed: two
        assert client.post(page, sent | {"text": text}).status_code == 302
    first, made = Contribution.objects.order_by("id")
    actions.take_back(first.uuid, actor=me.info.actor)
    form = {"do": "hide", "hide-contribution": str(made.uuid), "hide-rule": "respect"}
    keep = f"/desk/councils/topics/{topic}"
    assert desk().post(keep, form).status_code == 302
    assert "Something you wrote is hidden" in read(client, "/me/")
    refused = client.post(page, {"do": "object", "which": str(made.uuid), "why": ""})
    assert refused.status_code == 422
    form = {"do": "object", "which": str(made.uuid), "why": "没有骂人"}
    assert client.post(page, form).status_code == 302
    assert "没有骂人" in read(desk("chief"), keep)
    form = {"do": "judge", "judge-contribution": str(made.uuid), "judge-shown": "on"}
    assert desk().post(keep, form).status_code == 400
    assert desk("chief").post(keep, form).status_code == 302
    assert TEXT in read(client, f"/councils/topics/{topic}")
    assert client.post(page, {"do": "back", "which": "x"}).status_code == 404
    assert client.post(page, {"do": "back", "which": str(made.uuid)}).status_code == 302
    assert TEXT not in read(client, f"/councils/topics/{topic}")


@pytest.mark.parametrize(
    "change",
    [
        {"steps": ["talk", "meet", "decide", "carry_out", "read_out"], "talk": 5},
        {"decides": "hands", "quorum": "table"}, {"talk": 0},
    ],
)  # fmt: skip
def test_an_online_kind_that_is_wrong_is_found(change: dict[str, object]) -> None:
    good = {
        "steps": ["talk", "decide", "carry_out", "read_out"], "talk": 5,
        "decides": {"rules": ["simple"], "roll": "members", "days": 7},
    }  # fmt: skip
    quorum = {"table": {"least": 3, "majority": "1/2", "of": "seats"}}
    assert rules.faults({"hall": good}, quorum) == []
    assert rules.faults({"hall": good | change}, quorum) != []
