"""Who walks a round is not tracked: of a stop there is an outcome, and no moment, and no order; of
the round that it was walked, and neither when nor by whom."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import localtime

from lingka.core import events
from lingka.core.models import Content, Event
from lingka.patrols import actions, selectors
from lingka.patrols.events import ChecklistSubmitted, StopRecorded
from lingka.patrols.models import Round, Stop
from tests.cases.city import MONDAY, City
from tests.patrols import town as towns
from tests.patrols.test_pages import signed_in, text
from tests.patrols.test_submitting import answers, submit
from tests.patrols.town import Town

pytestmark = pytest.mark.django_db
THERE = MONDAY - timedelta(minutes=13)


@pytest.fixture
def town(city: City) -> Town:
    return towns.build(city)


@pytest.fixture
def walked(town: Town) -> Round:
    """A round with a stop looked at, one done and one left out, all at one moment."""
    row = town.first(stops=[town.stop(0, "restaurant"), town.stop(1), town.stop(2)])
    actions.start_round(row.uuid, actor=town.walker)
    looked, done, left = row.stops.order_by("number")
    submit(town, answers(), round=row.uuid, stop=looked.uuid, occurred_at=THERE)
    for stop, outcome in ((done, "done"), (left, "skipped")):
        actions.record_stop(
            row.uuid, stop.uuid, outcome=outcome, reason="门上了锁", actor=town.walker
        )
    return row


@pytest.mark.parametrize("who", ["dispatcher", "walker"])
def test_no_page_says_when_somebody_was_at_a_stop(town: Town, walked: Round, who: str) -> None:
    client = signed_in(town, who)
    pages = [text(client.get(f"/desk/rounds/{one}")) for one in ("", "week/", f"{walked.uuid}/")]
    assert "Left out: " in pages[2]
    assert not any(localtime(THERE).strftime("%H:%M") in page for page in pages)


def test_no_phone_hears_when_somebody_was_at_a_stop(town: Town, walked: Round) -> None:
    (info,) = selectors.rounds_for(town.walker.id or 0, MONDAY.date())
    said = info.as_json()
    assert [one["outcome"] for one in said["stops"]] == ["done", "done", "skipped"]
    assert not any("_at" in name for one in said["stops"] for name in one)
    assert THERE.strftime(":%M") not in str(said["stops"])


def test_no_event_says_which_stop_was_done_or_what_came_of_it(walked: Round) -> None:
    found = Event.objects.filter(type__in=("patrols.StopRecorded", "patrols.ChecklistSubmitted"))
    assert [one.data for one in found] == [{}] * 4
    assert {one.occurred_at for one in found} == {MONDAY}  # when it arrived
    kept = set(walked.stops.values_list("uuid", flat=True))
    kept |= {one.key for stop in walked.stops.all() for one in stop.submissions.all()}
    assert kept.isdisjoint(one.stream_id for one in found)


def test_what_was_looked_at_says_the_day_and_neither_hour_nor_who(walked: Round) -> None:
    [look] = [one for stop in walked.stops.all() for one in stop.submissions.all()]
    assert look.day == MONDAY.date()
    models = (Stop, type(look))
    names = {one.name for model in models for one in model._meta.fields} - {"looked_at"}
    assert not any(name.endswith(("_at", "_by")) for name in names)


def test_a_round_says_that_it_was_walked_and_neither_when_nor_by_whom(
    town: Town, walked: Round
) -> None:
    assert actions.end_round(walked.uuid, actor=town.walker).state == "ended"
    names = {one.name for one in Round._meta.fields}
    planned = {"from_at", "until_at", "missed_at"}  # missed: nobody was there
    assert not any(name.endswith(("_at", "_by")) for name in names - planned)


def test_no_event_of_a_walk_names_who_walked(town: Town, walked: Round) -> None:
    actions.end_round(walked.uuid, actor=town.walker)
    of_the_walk = Event.objects.filter(stream__in=("round", "submission"))
    assert {"patrols.RoundStarted", "patrols.StopRecorded", "patrols.RoundEnded"} <= set(
        of_the_walk.values_list("type", flat=True)
    )
    assert {one["kind"] for one in of_the_walk.values_list("actor", flat=True)} == {"system"}


def test_what_was_left_out_says_of_when_it_was_written_the_day(walked: Round) -> None:
    words = Content.objects.get(id=walked.stops.get(outcome="skipped").words)
    made = datetime.fromtimestamp((words.id.int >> 80) / 1000, UTC)
    assert words.value == "门上了锁"
    assert made == words.created_at == datetime(2026, 11, 16, tzinfo=UTC)


def test_no_list_of_changes_follows_a_round_through_its_day(town: Town, walked: Round) -> None:
    told = {one.type for one in events.beside_cases(50)}
    assert "patrols.RoundsLaidOut" in told
    assert told.isdisjoint(
        {one.type for one in events.history(walked.uuid)} - {"patrols.RoundsLaidOut"}
    )


@pytest.mark.parametrize(
    "type_", sorted(name for name, cls in events.REGISTRY.items()
                    if cls.stream in {"round", "submission", "entry", "appointment", "papers"})
)  # fmt: skip
def test_what_somebody_does_at_work_is_no_change(type_: str) -> None:
    watched = {"patrols.RoundMissed", "patrols.MissExplained"}  # nobody was there
    assert events.REGISTRY[type_].day_s_work == (type_ not in watched)


def test_older_events_are_read_without_their_stop(db: None) -> None:
    old = {"stop": "x", "outcome": "done", "reason": "", "words": None}
    assert events.load("patrols.StopRecorded", 1, old) == StopRecorded()
    assert events.load("patrols.ChecklistSubmitted", 1, {"place": 7}) == ChecklistSubmitted()
