"""A resolution is a case with an owner and a date, and what becomes of it comes back."""

from datetime import timedelta
from uuid import UUID

from lingka.cases import actions as cases
from lingka.cases.models import Case
from lingka.core import clock, receivers, verify
from lingka.core.events import stored
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.deliberation import actions
from lingka.deliberation.models import Resolution
from lingka.deliberation.rules import Hands
from lingka.notifications.models import Message
from tests.cases.city import RESIDENT, City, problem
from tests.cases.test_councils import council as brought
from tests.cases.test_councils import refused
from tests.deliberation.table import (
    SITS,
    adopted,
    convened,
    held,
    in_work,
    neighbour,
    planned,
    raised,
    shown,
    state,
)
from tests.members.people import hear

TWENTY = timedelta(days=20)
DONE = (
    ("sign_in", "handler", {}),
    ("report_back", "handler", {"words": "划好了"}),
    ("verify", "verifier", {"how": "visit"}),
    ("read_out", "chief", {"words": "二十个车位划好了，摊位都还在。"}),
)


def carried_out(city: City, case: UUID) -> None:
    for action, who, data in DONE:
        cases.perform(case, action, actor=city.staff[who], data=data)
    hear("deliberation.results")


def test_what_is_adopted_becomes_a_case_with_owner_date_and_budget(city: City) -> None:
    topic, case = in_work(city)
    row = Case.objects.get(uuid=case)
    assert (row.case_type, row.state) == ("council.resolution", "dispatched")
    assert row.lead_unit_id == city.units["light"].pk
    found = shown().topics[0].resolution
    assert found is not None
    assert (found.unit, found.budget, found.number, found.ended) == (
        "light", 3000, row.number, False,
    )  # fmt: skip
    assert state(topic) == "in_work"
    assert verify.run() == []


def test_its_result_is_read_out_there(city: City) -> None:
    topic, case = in_work(city)
    carried_out(city, case)
    found = shown().topics[0].resolution
    assert found is not None
    assert (found.report, found.ended) == ("二十个车位划好了，摊位都还在。", True)
    assert state(topic) == "done"


def test_what_is_heard_twice_is_done_once(city: City) -> None:
    _topic, case = in_work(city)
    carried_out(city, case)
    ended = Resolution.objects.get().ended_at
    with clock.at(SITS + TWENTY):
        hear("deliberation.results")
    assert Resolution.objects.get().ended_at == ended


def test_an_overdue_one_comes_back_to_the_table_by_itself_and_can_be_talked_over(
    city: City,
) -> None:
    topic, case = in_work(city)
    with clock.at(SITS + TWENTY + timedelta(days=1)):
        while cases.due_now():
            pass
    for _again in range(2):
        hear("deliberation.results")
    assert state(topic) == "returned"
    found = shown().topics[0]
    assert found.resolution is not None
    assert found.resolution.late
    assert found.can_come
    at = found.council.uuid
    actions.put_on_agenda(planned(city, at), topic, actor=city.staff["dispatcher"])
    carried_out(city, case)  # before the table met again
    assert state(topic) == "done"


def test_one_that_is_declined_comes_back_too(city: City) -> None:
    topic, case = in_work(city)
    actions.case_ended(case, "declined", None)
    assert state(topic) == "returned"
    actions.case_late(case)
    assert not Resolution.objects.get().late


def test_one_that_comes_to_the_table_again_is_back_at_it_when_the_meeting_is_called_off(
    city: City,
) -> None:
    topic, case = in_work(city)
    actions.tell_me(topic, actor=neighbour(city, 1).actor)
    actions.case_late(case)
    meeting = convened(city, shown().topics[0].council.uuid, topic)
    actions.call_off(meeting, actor=city.staff["dispatcher"])
    assert state(topic) == "returned"
    hear("notifications.topics")
    assert Message.objects.filter(key="topic_returned").count() == 1


def test_what_was_resolved_before_does_not_move_what_was_decided_anew(city: City) -> None:
    topic, before = in_work(city)
    actions.case_late(before)
    adopted(city, shown().topics[0].council.uuid, topic)
    until, unit = (SITS + TWENTY).date(), city.units["light"].pk
    actions.resolve(topic, actor=city.staff["chief"], unit=unit, until=until)
    actions.case_ended(before, "closed", None)
    assert state(topic) == "in_work"


def test_a_case_that_fails_leaves_its_topic_on_the_agenda_and_late_again_it_comes_back(
    city: City,
) -> None:
    topic, case = in_work(city)
    desk, meeting = city.staff["dispatcher"], planned(city, shown().topics[0].council.uuid)
    actions.case_late(case)
    actions.put_on_agenda(meeting, topic, actor=desk)
    actions.case_ended(case, "declined", None)
    assert state(topic) == "agenda"
    actions.case_opened_again(case)
    actions.case_late(case)
    assert state(topic) == "returned"
    actions.put_on_agenda(meeting, topic, actor=desk)
    assert state(topic) == "agenda"


def test_one_that_is_opened_again_is_in_work_again(city: City) -> None:
    topic, case = in_work(city)
    actions.case_opened_again(case)  # it is open anyway
    also = cases.follow_case(case, actor=RESIDENT, language="zh-hans", idempotency_key=uuid7())
    carried_out(city, case)
    cases.perform(case, "reopen", actor=city.reporter(also), data={"words": "又停满了"})
    reopened = Event.objects.filter(stream_id=case).latest("position")
    receivers.RECEIVERS["deliberation.results"].handle([stored(reopened)])
    assert state(topic) == "in_work"


def test_a_case_that_no_council_made_concerns_none(city: City) -> None:
    opened = city.open()
    for hears in (actions.case_late, actions.case_opened_again):
        hears(opened.case_uuid)
    actions.case_ended(opened.case_uuid, "closed", None)
    assert not Resolution.objects.exists()


def test_what_waits_for_the_council_is_settled_by_it_and_no_second_case_is_made(
    city: City, tea: UUID
) -> None:
    refused(city)
    waits = brought()
    topic = raised(city, tea, case=waits.number)
    adopted(city, tea, topic)
    actions.resolve(
        topic, actor=city.staff["chief"], unit=city.units["light"].pk, until=(SITS + TWENTY).date()
    )
    waits.refresh_from_db()
    assert waits.state == "dispatched"
    assert Resolution.objects.get().case == waits.uuid


def test_what_is_not_adopted_or_declined_ends_what_waited_and_its_matter_goes_on(
    city: City, tea: UUID
) -> None:
    refused(city)
    waits = brought()
    topic = raised(city, tea, case=waits.number)
    meeting, desk = held(city, tea, topic), city.staff["dispatcher"]
    actions.decide(meeting, topic, Hands(2, 9, 1), "不划车位", actor=desk)
    waits.refresh_from_db()
    assert waits.state == "declined"
    matter = Case.objects.get(uuid=waits.facts["resolves"])
    assert matter.facts["council_ended"] == "declined"


def test_a_topic_that_is_declined_leaves_no_case_waiting(city: City, tea: UUID) -> None:
    refused(city)
    waits = brought()
    topic = raised(city, tea, case=waits.number)
    actions.decline(topic, "归规划部门管", actor=city.staff["dispatcher"])
    waits.refresh_from_db()
    assert waits.state == "declined"


def test_what_no_resolution_can_be_is_refused(city: City, tea: UUID) -> None:
    topic, chief = raised(city, tea), city.staff["chief"]
    adopted(city, tea, topic)
    unit, until = city.units["light"].pk, (SITS + TWENTY).date()
    with problem("until"):
        actions.resolve(topic, actor=chief, unit=unit, until=SITS.date() - timedelta(days=9))
    with problem("budget"):
        actions.resolve(topic, actor=chief, unit=unit, until=until, budget=-1)
    actions.resolve(topic, actor=chief, unit=unit, until=until)
    with problem("moved_on"):
        actions.resolve(topic, actor=chief, unit=unit, until=until)
