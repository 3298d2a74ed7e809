from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from lingka.demo.moving import Course, Days, moved

ZONE = ZoneInfo("Asia/Shanghai")
OFF = {date(2026, 10, day) for day in range(1, 8)}


def days() -> Days:
    every = (date(2026, 9, 1) + timedelta(days=step) for step in range(90))
    return Days([day for day in every if day.weekday() < 5 and day not in OFF], ZONE)


def at(day: int, hour: int, month: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE).astimezone(UTC)


def course(*moments: datetime, **more: dict[datetime, datetime]) -> Course:
    return Course(moments[0], {one: [f"{one:%Y-%m-%d %H:%M:%S}+00"] for one in moments}, **more)


def days_of(texts: dict[str, str] | None) -> list[str]:
    assert texts is not None
    return [text[5:10] for text in texts.values()]


def test_a_moment_keeps_its_time_of_day_and_its_distance_in_working_days() -> None:
    texts = moved(course(at(7, 10), at(10, 16)), days(), date(2026, 9, 10))
    assert days_of(texts) == ["09-10", "09-15"]  # Thursday, and three working days later
    assert texts is not None
    assert [text[11:16] for text in texts.values()] == ["02:00", "08:00"]


def test_a_deadline_in_working_days_steps_over_a_holiday() -> None:
    assert days_of(moved(course(at(7, 10), at(9, 16)), days(), date(2026, 9, 29))) == [
        "09-29", "10-08",
    ]  # fmt: skip


def test_elapsed_time_keeps_its_length_over_a_holiday() -> None:
    begun, due = at(7, 10), at(14, 10)
    texts = moved(course(begun, due, anchors={due: begun}), days(), date(2026, 9, 29))
    assert days_of(texts) == ["09-29", "10-06"]


def test_what_was_in_time_is_never_moved_to_be_late() -> None:
    begun, done, due = at(7, 10), at(10, 16), at(14, 10)
    late = course(begun, done, due, anchors={due: begun})
    assert moved(late, days(), date(2026, 9, 29)) is None  # three working days end on 9 October
    assert moved(late, days(), date(2026, 9, 15)) is not None


def test_what_came_on_a_day_off_goes_to_a_day_off() -> None:
    saturday = course(at(5, 20), at(7, 10))
    assert moved(saturday, days(), date(2026, 9, 8)) is None
    assert days_of(moved(saturday, days(), date(2026, 10, 4))) == ["10-04", "10-08"]
