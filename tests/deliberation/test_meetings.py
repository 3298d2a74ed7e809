"""Meetings: who has to be invited, who came as a number, what was decided by hands."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from lingka.cases import selectors as cases
from lingka.core import clock
from lingka.core.models import Event
from lingka.deliberation import actions, rules
from lingka.deliberation.models import Meeting, Topic
from lingka.deliberation.rules import Hands
from tests.cases.city import City, picture, problem, refusal
from tests.deliberation.table import (
    HANDS,
    SITS,
    adopted,
    code,
    convened,
    council,
    held,
    neighbour,
    planned,
    proposed,
    raised,
    shown,
    state,
)  # fmt: skip

NOBODY = uuid4()


def test_who_is_affected_has_to_be_among_those_who_are_invited(city: City, tea: UUID) -> None:
    desk, topic, meeting = city.staff["dispatcher"], raised(city, tea), planned(city, tea)
    with problem("agenda"):
        actions.convene(meeting, actor=desk)
    actions.put_on_agenda(meeting, topic, actor=desk)
    water = city.units["water"].pk
    actions.invite(meeting, topic, "carries_out", actor=desk, unit=water)
    with problem("affected"):
        actions.convene(meeting, actor=desk)
    actions.invite(meeting, topic, "affected", actor=desk, name="三号院住户")
    with clock.at(SITS), problem("late"):  # nobody could come any more
        actions.convene(meeting, actor=desk)
    actions.convene(meeting, actor=desk)
    found = shown().next
    assert found is not None
    assert [who for who, _why in found.items[0].invited] == ["water", "三号院住户"]
    with problem("moved_on"):
        actions.convene(meeting, actor=desk)


def test_what_no_invitation_can_be_is_refused(city: City, tea: UUID) -> None:
    desk, topic, meeting = city.staff["dispatcher"], raised(city, tea), planned(city, tea)
    with problem("unknown"):  # not on the agenda
        actions.invite(meeting, topic, "affected", actor=desk, name="三号院")
    actions.put_on_agenda(meeting, topic, actor=desk)
    with problem("reason"):
        actions.invite(meeting, topic, "likes_us", actor=desk, name="三号院")
    with problem("name"):
        actions.invite(meeting, topic, "affected", actor=desk)
    with problem("name"):
        actions.invite(meeting, topic, "affected", actor=desk, name="三" * 61)
    with refusal("not_keeper"):
        actions.invite(meeting, topic, "affected", actor=city.staff["handler"], name="三号院")
    with problem("unknown"):
        actions.invite(NOBODY, topic, "affected", actor=desk, name="三号院")


def test_a_neighbours_proposal_comes_to_the_table_when_enough_stand_behind_it(
    city: City, tea: UUID
) -> None:
    desk, topic, meeting = city.staff["dispatcher"], proposed(tea), planned(city, tea)
    with problem("moved_on"):  # nobody has looked at it yet
        actions.put_on_agenda(meeting, topic, actor=desk)
    actions.accept(topic, actor=desk)
    for number in range(3):
        with problem("support"):
            actions.put_on_agenda(meeting, topic, actor=desk)
        actions.support(topic, actor=neighbour(city, number).actor)
    assert shown().topics[0].can_come
    actions.put_on_agenda(meeting, topic, actor=desk)
    assert state(topic) == "agenda"


def test_the_way_of_another_kind_asks_for_materials(city: City) -> None:
    at = council(city, "shops", "street_shops")
    desk, topic, meeting = city.staff["dispatcher"], raised(city, at), planned(city, at)
    actions.put_on_agenda(meeting, topic, actor=desk)
    actions.invite(meeting, topic, "affected", actor=desk, name="商户")
    with problem("materials"):
        actions.convene(meeting, actor=desk)


def test_a_meeting_lies_ahead_and_somewhere_and_takes_its_own_topics(city: City, tea: UUID) -> None:
    desk, topic = city.staff["dispatcher"], raised(city, tea)
    with problem("starts_at"):
        actions.plan(tea, clock.now(), "茶馆", actor=desk)
    with problem("where"):
        actions.plan(tea, SITS, "", actor=desk)
    other = planned(city, council(city, "other"))
    with problem("unknown"):
        actions.put_on_agenda(other, topic, actor=desk)


def test_a_meeting_that_is_called_off_gives_its_topics_back(city: City, tea: UUID) -> None:
    topic = raised(city, tea)
    meeting = convened(city, tea, topic)
    actions.call_off(meeting, actor=city.staff["dispatcher"])
    assert state(topic) == "open"
    assert shown().next is None
    with problem("moved_on"):
        actions.call_off(meeting, actor=city.staff["dispatcher"])


def test_a_topic_that_was_done_meanwhile_stays_so_when_its_meeting_is_called_off(
    city: City, tea: UUID
) -> None:
    topic = raised(city, tea)
    meeting = convened(city, tea, topic)
    Topic.objects.update(state="done")
    actions.call_off(meeting, actor=city.staff["dispatcher"])
    assert state(topic) == "done"


def test_who_scans_is_one_more_and_nobody_in_particular(city: City, tea: UUID) -> None:
    meeting = convened(city, tea, raised(city, tea))
    told = Event.objects.count()
    with problem("not_now"):
        actions.come(meeting, code(meeting))
    with clock.at(SITS):
        shown_now = code(meeting)
        actions.come(meeting, shown_now)
        with problem("stale_code"):
            actions.come(meeting, "000000000000")
    with clock.at(SITS + timedelta(minutes=2)), problem("stale_code"):
        actions.come(meeting, shown_now)
    with problem("unknown"):
        actions.come(NOBODY, shown_now)
    assert Meeting.objects.get().present == 1
    assert Event.objects.count() == told


def test_a_meeting_is_held_once_with_people_and_minutes(city: City, tea: UUID) -> None:
    desk, meeting = city.staff["dispatcher"], convened(city, tea, raised(city, tea))
    with problem("not_now"):
        actions.hold(meeting, actor=desk, present=9, minutes="说了停车")
    with clock.at(SITS):
        with problem("present"):
            actions.hold(meeting, actor=desk, present=0, minutes="说了停车")
        with problem("minutes"):
            actions.hold(meeting, actor=desk, present=9, minutes="")
        actions.hold(meeting, actor=desk, present=9, minutes="说了停车")
        with problem("moved_on"):
            actions.hold(meeting, actor=desk, present=9, minutes="说了停车")
    found = shown().sat("held")[0]
    assert (found.present, found.minutes) == (9, "说了停车")


def test_who_scans_while_the_desk_enters_its_count_does_not_change_it(
    city: City, tea: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = convened(city, tea, raised(city, tea))

    def entered_meanwhile(*_given: object) -> bool:
        Meeting.objects.update(state="held", present=9)
        return True

    monkeypatch.setattr("lingka.volunteering.rules.fits", entered_meanwhile)
    with clock.at(SITS):
        actions.come(meeting, code(meeting))
    assert Meeting.objects.get().present == 9


def test_a_voice_note_is_the_desk_s_and_goes_when_the_minutes_are_written(
    city: City, tea: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, meeting = city.staff["dispatcher"], convened(city, tea, raised(city, tea))
    with refusal("not_keeper"):
        actions.keep_recording(meeting, b"", actor=city.staff["handler"])
    first, second = picture(), picture()
    made = iter([first, second])
    monkeypatch.setattr("lingka.cases.actions.add_attachment", lambda *_a, **_k: next(made))
    for _again in range(2):  # another takes its place
        actions.keep_recording(meeting, b"", actor=office)
    kept = Meeting.objects.get().recording
    assert kept == second
    assert cases.unattached_file(first, small=False) is None
    assert cases.unattached_file(kept, small=False) is not None
    with clock.at(SITS):
        actions.hold(meeting, actor=office, present=9, minutes="说了停车。")
    assert Meeting.objects.get().recording is None
    assert cases.unattached_file(kept, small=False) is None
    with problem("moved_on"):
        actions.keep_recording(meeting, b"", actor=office)


def test_a_voice_note_goes_after_a_while_without_minutes(city: City, tea: UUID) -> None:
    meeting = convened(city, tea, raised(city, tea))
    Meeting.objects.filter(uuid=meeting).update(recording=picture())
    assert actions.forget_recordings() == 0
    with clock.at(SITS + timedelta(days=91)):
        assert actions.forget_recordings() == 1


def test_nobody_is_invited_to_a_meeting_that_is_over(city: City, tea: UUID) -> None:
    convened(city, tea, raised(city, tea))
    with clock.at(SITS + rules.LATE):
        assert shown().next is not None
    with clock.at(SITS + rules.LATE + timedelta(minutes=1)):
        assert shown().next is None


def test_what_was_not_decided_waits_for_another_meeting_and_is_decided_there_alone(
    city: City, tea: UUID
) -> None:
    desk, topic = city.staff["dispatcher"], raised(city, tea)
    meeting = held(city, tea, topic)
    actions.adjourn(meeting, topic, actor=desk)
    assert state(topic) == "open"
    with problem("moved_on"):
        actions.adjourn(meeting, topic, actor=desk)
    later = planned(city, tea)
    actions.put_on_agenda(later, topic, actor=desk)
    with problem("moved_on"):
        actions.decide(meeting, topic, HANDS, "划", actor=desk)
    with problem("not_held"):
        actions.adjourn(later, topic, actor=desk)


def test_hands_decide_and_both_sides_are_told(city: City, tea: UUID) -> None:
    topic = raised(city, tea)
    adopted(city, tea, topic)
    assert state(topic) == "adopted"
    found = shown().topics[0].decisions[0]
    assert (found.words, found.dissent, found.hands) == ("划二十个车位", "怕挤了摊位", HANDS)


def test_what_more_are_against_is_not_adopted(city: City, tea: UUID) -> None:
    topic = raised(city, tea)
    meeting = held(city, tea, topic)
    assert not actions.decide(
        meeting, topic, Hands(2, 3, 0), "不划", actor=city.staff["dispatcher"]
    )
    assert state(topic) == "rejected"
    with problem("unknown"):
        actions.resolve(
            topic, actor=city.staff["chief"], unit=city.units["light"].pk, until=SITS.date()
        )


def test_of_few_hands_only_the_outcome_is_told(city: City, tea: UUID) -> None:
    topic = raised(city, tea)
    meeting = held(city, tea, topic, present=5)
    actions.decide(meeting, topic, Hands(3, 1, 0), "划", actor=city.staff["dispatcher"])
    found = shown().topics[0].decisions[0]
    assert (found.adopted, found.hands) == (True, None)


def test_what_no_decision_can_be_is_refused(city: City, tea: UUID) -> None:
    topic, desk = raised(city, tea), city.staff["dispatcher"]
    meeting = convened(city, tea, topic)
    with problem("not_held"):
        actions.decide(meeting, topic, HANDS, "划", actor=desk)
    with clock.at(SITS):
        actions.hold(meeting, actor=desk, present=4, minutes="人少")
    with problem("quorum"):
        actions.decide(meeting, topic, Hands(4, 0, 0), "划", actor=desk)
    for hands in (Hands(5, 0, 0), Hands(-1, 0, 0)):
        with problem("hands"):
            actions.decide(meeting, topic, hands, "划", actor=desk)
    with problem("words"):
        actions.decide(meeting, topic, Hands(4, 0, 0), "", actor=desk)
    with problem("dissent"):
        actions.decide(meeting, topic, Hands(4, 0, 0), "划", actor=desk, dissent="怕" * 601)
    assert state(topic) == "agenda"


def test_nothing_is_decided_twice_at_one_table(city: City, tea: UUID) -> None:
    topic = raised(city, tea)
    meeting = adopted(city, tea, topic)
    with problem("moved_on"):
        actions.decide(meeting, topic, HANDS, "再划", actor=city.staff["dispatcher"])
