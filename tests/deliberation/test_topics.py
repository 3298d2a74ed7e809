"""What comes before a council, and who stands behind it."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils.translation import override

from lingka.core import clock, contents
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.deliberation import actions, selectors
from lingka.deliberation.models import Backing, Council, Meeting, Topic
from lingka.members import actions as members
from tests.cases.city import MONDAY, RESIDENT, City, names, picture, problem, refusal
from tests.deliberation import table
from tests.deliberation.table import council, neighbour, proposed, raised, state
from tests.members.people import hear, joined

NOBODY = uuid4()


def test_a_desk_opens_a_council_changes_and_closes_it(city: City, tea: UUID) -> None:
    given = {"key": "tea", "kind": "teahouse", "area": city.grid.parent_id or 0}
    rest = {"unit": city.units["office"].pk, "name": names("茶"), "about": names("周三")}
    desk = city.staff["dispatcher"]
    assert actions.set_council(tea, actor=desk, **given, **rest) == tea  # type: ignore[arg-type]
    assert [one.name for one in selectors.councils()] == ["茶"]
    assert selectors.councils(paths=["/999/"]) == []
    actions.close_council(tea, "茶馆搬走了", actor=desk)
    assert selectors.council("tea") is None
    with problem("unknown"):
        proposed(tea)
    with problem("unknown"):
        raised(city, tea)


def test_what_a_council_cannot_be_is_refused(city: City, tea: UUID) -> None:
    with problem("kind"):
        council(city, "a", "parliament")
    with problem("name"):
        council(city, "a", name=names(" "))
    with problem("seats"):
        council(city, "a", "owners_committee")
    with problem("key_taken"):
        council(city)
    with problem("unknown"):
        actions.set_council(
            NOBODY, actor=city.staff["dispatcher"], key="x", kind="teahouse",
            area=city.grid.parent_id or 0, unit=city.units["office"].pk, name=names("茶"), about={},
        )  # fmt: skip
    with refusal("not_keeper"):
        actions.set_council(
            None, actor=city.staff["handler"], key="x", kind="teahouse",
            area=city.grid.parent_id or 0, unit=city.units["office"].pk, name=names("茶"), about={},
        )  # fmt: skip
    assert Council.objects.count() == 1


def test_a_proposal_is_read_by_nobody_before_the_desk_has_looked(city: City, tea: UUID) -> None:
    topic = proposed(tea)
    assert state(topic) == "asked"
    with problem("unknown"):
        actions.tell_me(topic, actor=neighbour(city, 1).actor)
    actions.accept(topic, actor=city.staff["dispatcher"])
    assert state(topic) == "open"
    with problem("moved_on"):
        actions.accept(topic, actor=city.staff["dispatcher"])


def test_a_proposal_that_is_declined_says_why(city: City, tea: UUID) -> None:
    topic, desk = proposed(tea), city.staff["dispatcher"]
    with problem("why"):
        actions.decline(topic, "  ", actor=desk)
    actions.decline(topic, "写了别人的名字，请改写", actor=desk)
    found = selectors.topic(topic)
    assert found is not None
    assert (found.state, found.said) == ("declined", "写了别人的名字，请改写")
    with problem("moved_on"):
        actions.decline(topic, "再说一次", actor=desk)


def test_a_form_that_is_sent_twice_is_one_proposal(tea: UUID) -> None:
    key = uuid7()
    made = {
        actions.propose(tea, "灯", "太暗", actor=RESIDENT, idempotency_key=key) for _ in range(2)
    }
    assert len(made) == Topic.objects.count() == 1


@pytest.mark.parametrize(("title", "text", "code"), [("", "太暗", "title"), ("灯", "", "text")])
def test_a_proposal_says_something(tea: UUID, title: str, text: str, code: str) -> None:
    with problem(code):
        actions.propose(tea, title, text, actor=RESIDENT, idempotency_key=uuid7())


def test_a_member_supports_once_and_can_withdraw_and_nothing_tells_of_it(
    city: City, tea: UUID
) -> None:
    topic, me = proposed(tea), neighbour(city, 1)
    actions.accept(topic, actor=city.staff["dispatcher"])
    told = Event.objects.count()
    for _again in range(2):
        actions.support(topic, actor=me.actor)
    assert Backing.objects.filter(supports=True).count() == 1
    assert selectors.backing(topic, me.uuid) is True
    assert [one.supports for one in selectors.own(me.uuid)] == [True]
    actions.stop(topic, actor=me.actor)
    assert selectors.backing(topic, me.uuid) is None
    assert Event.objects.count() == told


def test_who_only_wants_to_hear_stands_behind_nothing(city: City, tea: UUID) -> None:
    topic, me = raised(city, tea), neighbour(city, 1)
    actions.tell_me(topic, actor=me.actor)
    assert selectors.backing(topic, me.uuid) is False
    with problem("not_open"):  # no neighbour's proposal
        actions.support(topic, actor=me.actor)


def test_only_members_who_live_there_support(city: City, tea: UUID) -> None:
    other = council(city, "far", area=city.grid.parent_id)
    topic = proposed(other)
    actions.accept(topic, actor=city.staff["dispatcher"])
    Council.objects.filter(uuid=other).update(area=city.grid)
    with problem("elsewhere"):
        actions.support(topic, actor=neighbour(city, 1).actor)
    with refusal("not_member"):
        actions.support(topic, actor=RESIDENT)


def test_a_member_who_proposes_stands_behind_it_and_leaves_nothing_behind(
    city: City, tea: UUID
) -> None:
    me = joined(city.grid.parent_id or 0).info
    actions.propose(tea, "灯", "太暗", actor=me.actor, idempotency_key=uuid7())
    assert Backing.objects.get().supports
    assert Event.objects.get(type="deliberation.TopicRaised").actor == {"kind": "resident"}
    members.leave(actor=me.actor)
    hear("deliberation.let-go")
    assert not Backing.objects.exists()


def test_a_topic_that_collects_no_voices_does_not_say_so(city: City, tea: UUID) -> None:
    raised(city, tea)
    actions.accept(proposed(tea), actor=city.staff["dispatcher"])
    with override("en"):
        assert [one.label for one in table.shown().topics] == [
            "collecting voices", "to be talked over",
        ]  # fmt: skip


def test_a_kind_without_support_collects_none(city: City) -> None:
    topic = proposed(council(city, "yard", "courtyard"))
    actions.accept(topic, actor=city.staff["dispatcher"])
    found = table.shown("yard").topics[0]
    assert (found.collects, found.can_come) == (False, True)
    with problem("not_open"):
        actions.support(topic, actor=neighbour(city, 1).actor)


def test_what_is_kept_of_a_member_is_told_whole_and_can_be_taken_back(
    city: City, tea: UUID
) -> None:
    me = neighbour(city, 1)
    topic = actions.propose(tea, "灯", "太暗", actor=me.actor, idempotency_key=uuid7())
    Council.objects.update(closed_at=MONDAY)
    assert [one.topic.title for one in selectors.own(me.uuid)] == ["灯"]
    actions.stop(topic, actor=me.actor)
    assert not Backing.objects.exists()


def test_no_number_of_proposals_hides_what_is_talked_over(city: City, tea: UUID) -> None:
    topic = raised(city, tea)
    meeting = table.held(city, tea, topic)
    of: dict[str, Any] = {"council": Council.objects.get()}
    plain: dict[str, Any] = of | {
        "origin": "proposal", "words": NOBODY, "raised_at": MONDAY, "moved_at": MONDAY,
    }  # fmt: skip
    Topic.objects.bulk_create(Topic(state="asked", **plain) for _each in range(101))
    assert len(table.shown().asked) == 100
    assert [one.uuid for one in table.shown().open] == [topic]
    late = MONDAY + timedelta(days=30)
    Meeting.objects.bulk_create(
        Meeting(starts_at=late, secret=b"", **of) for _each in range(100)
    )  # fmt: skip
    Topic.objects.filter(uuid=topic).update(state="rejected")
    Topic.objects.bulk_create(Topic(state="done", **plain) for _each in range(100))
    found = selectors.meeting(meeting)
    assert found is not None
    assert [one.topic.uuid for one in found[1].items] == [topic]


def test_who_was_told_is_forgotten_some_months_after_it_is_over(city: City, tea: UUID) -> None:
    topic = raised(city, tea)
    actions.tell_me(topic, actor=neighbour(city, 1).actor)
    Topic.objects.update(state="done")
    with clock.at(MONDAY + timedelta(days=80)):
        assert actions.forget_backings() == 0
    with clock.at(MONDAY + timedelta(days=91)):
        assert actions.forget_backings() == 1


def test_a_case_comes_before_a_council_once_by_its_number(city: City, tea: UUID) -> None:
    opened = city.open()
    topic = raised(city, tea, case=opened.case_number)
    assert Topic.objects.get(uuid=topic).case == opened.case_uuid
    with problem("case_taken"):
        raised(city, tea, case=opened.case_number)
    with problem("case"):
        raised(city, tea, case="ABCD2345")
    hidden = city.open("help.papers")
    with problem("case"):
        raised(city, tea, case=hidden.case_number)


def test_only_the_desk_of_the_area_keeps_the_table(city: City, tea: UUID) -> None:
    topic = proposed(tea)
    for who in (city.staff["handler"], RESIDENT, Actor("user", None)):
        with refusal("not_keeper"):
            actions.accept(topic, actor=who)
    with problem("unknown"):
        actions.accept(NOBODY, actor=city.staff["dispatcher"])
    assert state(topic) == "asked"


def test_material_is_laid_out_for_everybody(
    city: City, tea: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic, desk = raised(city, tea), city.staff["dispatcher"]
    with problem("name"):
        actions.add_material(topic, "", b"", actor=desk)
    made = picture()
    monkeypatch.setattr("lingka.cases.actions.add_attachment", lambda *_a, **_k: made)
    laid = actions.add_material(topic, "车位图", b"", actor=desk)
    assert selectors.material(laid) == (made, "tea")
    assert selectors.material(NOBODY) is None
    assert table.shown().topics[0].materials == [(laid, "车位图")]


def test_what_was_declined_long_ago_is_erased_and_its_reason_stays(city: City, tea: UUID) -> None:
    topic, stays = raised(city, tea), raised(city, tea)
    made = picture()
    Topic.objects.get(uuid=topic).materials.create(name="图", attachment=made)
    actions.decline(topic, "归规划部门管", actor=city.staff["dispatcher"])
    with clock.at(MONDAY + timedelta(days=80)):
        actions.forget_backings()
    assert Topic.objects.get(uuid=topic).materials.exists()
    with clock.at(MONDAY + timedelta(days=91)):
        actions.forget_backings()
    found, other = selectors.topic(topic), selectors.topic(stays)
    assert found is not None
    assert other is not None
    assert (found.title, found.text, found.said) == ("—", "", "归规划部门管")
    assert other.text
    assert found.materials == []


def test_what_was_erased_once_is_left_alone_every_night_after(
    city: City, tea: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = raised(city, tea)
    words = Topic.objects.get(uuid=topic).words
    actions.decline(topic, "归规划部门管", actor=city.staff["dispatcher"])
    erase, asked = contents.erase, list[list[UUID]]()

    def noted(ids: list[UUID]) -> int:
        asked.append(ids)
        return erase(ids)

    monkeypatch.setattr(contents, "erase", noted)
    with clock.at(MONDAY + timedelta(days=91)):
        for _night in range(2):
            actions.forget_backings()
    assert asked == [[words], []]


def test_what_the_desk_sends_twice_is_one_topic_and_one_meeting(city: City, tea: UUID) -> None:
    key, office = uuid4(), city.staff["dispatcher"]
    topics = {raised(city, tea, idempotency_key=key) for _twice in range(2)}
    begins = MONDAY + timedelta(days=2)
    meetings = {
        actions.plan(tea, begins, "茶馆", actor=office, idempotency_key=key) for _twice in range(2)
    }
    assert (len(topics), meetings) == (1, {key})


def test_what_is_sent_again_with_other_words_is_refused_and_the_first_stays(
    city: City, tea: UUID
) -> None:
    key, desk, other = uuid4(), city.staff["dispatcher"], council(city, "other")
    sent = partial(actions.raise_topic, actor=desk, idempotency_key=key)
    sent(tea, "门口划电动车位", "停满了巷子。")
    case = city.open().case_number
    for at, words in ((tea, "划十个车位"), (other, "停满了巷子。")):
        with problem("key_reused"):
            sent(at, "门口划电动车位", words)
    for number in (case, "nonsense"):
        with problem("key_reused"):
            sent(tea, "门口划电动车位", "停满了巷子。", case=number)
    assert [one.title for one in table.shown().topics] == ["门口划电动车位"]


def test_a_meeting_that_is_sent_again_with_another_time_or_place_is_refused(
    city: City, tea: UUID
) -> None:
    key, desk, begins = uuid4(), city.staff["dispatcher"], MONDAY + timedelta(days=2)
    sent = partial(actions.plan, actor=desk, idempotency_key=key)
    sent(tea, begins, "茶馆")
    for at, day, where in (
        (tea, begins, "院里"), (tea, begins + timedelta(days=1), "茶馆"),
        (council(city, "other"), begins, "茶馆"),
    ):  # fmt: skip
        with problem("key_reused"):
            sent(at, day, where)
    assert Meeting.objects.get().where == "茶馆"


def test_a_neighbour_who_goes_back_and_writes_something_else_has_proposed_both(
    city: City, tea: UUID
) -> None:
    browser, key = Client(), str(uuid4())
    for title in ("划车位", "划车位", "装路灯"):
        sent = {"title": title, "text": "巷子里。", "idempotency_key": key}
        assert browser.post("/councils/tea/propose", sent).status_code == 302
    with problem("key_reused"):
        actions.propose(tea, "别的", "巷子里。", actor=RESIDENT, idempotency_key=UUID(key))
    said = contents.read(Topic.objects.values_list("words", flat=True)).values()
    assert sorted(one["title"] for one in said) == ["划车位", "装路灯"]


def test_words_that_were_erased_leave_a_page_that_can_be_read(city: City, tea: UUID) -> None:
    raised(city, tea)
    contents.erase([Topic.objects.get().words])
    assert table.shown().topics[0].title == "—"
