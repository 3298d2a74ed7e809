"""The demo's rates as a town would have them: months published, one before its units, appeals."""

from datetime import datetime, timedelta

from lingka.core import clock, events
from lingka.demo.organisation import Staff
from lingka.insight import actions as rates
from lingka.insight import counting, periods
from lingka.insight.models import Appeal, Fact

LOOKED = timedelta(days=20)  # after the end of a month it is published
# Of the water company's cases whose residents were not content: asked, and how it was decided.
APPEALS = (
    ("rating", "other_matter", "居民说的是楼上邻居家漏水，不是这根管。", True,
     "看了回访记录，说的确实是另一处。"),
    ("rating", "unreasonable", "居民要求当天换整条管，材料三天才到。", False,
     "要求急了些，但问的是修没修好，照样计入。"),
    ("on_time", "force", "那两天大雪封路，车上不去。", None, ""),
)  # fmt: skip


def publish_months(begin: datetime, now: datetime, staff: Staff) -> None:
    """Months that are over are public but for the last: its units still look and appeal."""
    month = periods.month_of(begin.date())
    while month.end <= now.date():
        over = begin.replace(
            year=month.end.year, month=month.end.month, day=1, hour=10, minute=0, second=0
        )
        last = month.after.end > now.date()
        if last:
            over = now - timedelta(days=1)
            _appeal(month.first.isoformat(), over, staff)
        with clock.at(over):
            shown = rates.show_to_units(month.first, actor=staff.supervisor)
        if not last:
            with clock.at(over + LOOKED):
                rates.publish(shown.uuid, actor=staff.supervisor)
        month = month.after


def _appeal(month: str, at: datetime, staff: Staff) -> None:
    """The water company asks, the supervision office decides."""
    water = staff.units["water"]
    unhappy = Fact.objects.filter(month=month, unit=water, reason="", answer="answered")
    chosen = unhappy.filter(solved=False).order_by("opened_at")[: len(APPEALS)]
    for fact, (kind, ground, words, upheld, said) in zip(chosen, APPEALS, strict=False):
        with clock.at(at):
            made = rates.file_appeal(
                fact.case, kind=kind, ground=ground, words=words, actor=staff.handlers[water][0]
            )
        if upheld is not None:
            with clock.at(at + timedelta(hours=5)):
                _decide(made, upheld, said, staff)


def _decide(appeal: Appeal, upheld: bool, said: str, staff: Staff) -> None:  # noqa: FBT001
    rates.decide_appeal(appeal.uuid, upheld=upheld, words=said, actor=staff.supervisor)
    decided = [one for one in events.history(appeal.uuid) if hasattr(one.data, "upheld")]
    counting.take(decided)
