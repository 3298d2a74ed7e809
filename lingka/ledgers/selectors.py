"""The ledgers as they are shown: released words and how each case stands; nothing of anybody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from lingka.areas import selectors as areas
from lingka.areas.levels import scheme
from lingka.cases import selectors as cases
from lingka.cases.selectors import Progress
from lingka.core import clock, contents
from lingka.core.text import pick
from lingka.ledgers.models import Entry

PAGE = 40
GONE_FOR = timedelta(days=365)  # how long what was struck off stays on the list
OPEN = 400  # hazards or wishes shown as open; a town has some dozens a year
STRUCK_OFF, JOINED = "closed", "merged"  # the states
THANKS = 12  # shown on the wall
MOST = 1000  # demands or wishes of one year; a town has some dozens


@dataclass(frozen=True)
class Shown:
    """One line of a public ledger."""

    standing: Progress
    words: str
    protection: str
    about: str  # of a wish: the key of its kind
    shown_at: datetime
    agreed: bool
    end: str  # "" while it goes on
    ended_at: datetime | None

    @property
    def struck_off(self) -> bool:
        """Somebody else has looked again; what was taken back is no mended thing."""
        return self.end == STRUCK_OFF

    @property
    def where(self) -> str:
        """The community, never the place."""
        above = areas.ancestors(self.standing.area_path)
        wide = [one for one in above if one.level != scheme().grid]
        return pick(wide[-1].name) if wide else ""

    @property
    def late(self) -> bool:
        due = self.standing.due
        return not self.end and due is not None and due < clock.now()


def hazards() -> list[Shown]:
    """Listed hazards that are open, the last listed first."""
    return _shown(_listed(Entry.Ledger.HAZARD).order_by("-shown_at")[:OPEN])


def gone_hazards(before: datetime | None = None) -> tuple[list[Shown], datetime | None]:
    """What ended within a year, the last first, and from where the next page goes on.

    One that was joined to another goes on with that one.
    """
    rows = Entry.objects.filter(ledger=Entry.Ledger.HAZARD, shown_at__isnull=False)
    rows = rows.filter(ended_at__gt=clock.now() - GONE_FOR).exclude(end=JOINED)
    if before:
        rows = rows.filter(ended_at__lt=before)
    found = list(rows.order_by("-ended_at")[: PAGE + 1])
    following = found[PAGE - 1].ended_at if len(found) > PAGE else None
    return _shown(found[:PAGE]), following


def wishes(paths: Iterable[str] = ()) -> list[Shown]:
    """Wishes that hang free, the newest first: whose wisher agreed, and others in these areas,
    for those who may make them true there."""
    below = tuple(paths)
    return [
        one
        for one in _shown(_listed(Entry.Ledger.WISH).order_by("-shown_at")[:OPEN])
        if one.standing.state == "wished"
        and (one.agreed or one.standing.area_path.startswith(below))
    ]


def kinds() -> tuple[tuple[str, str], ...]:
    """The kinds of wishes, as whoever hangs one chooses them."""
    return cases.options(Entry.Ledger.WISH, "hang", "about")


def public() -> list[Shown]:
    """Whatever hangs on the wall for everybody, claimed or not, the newest first."""
    rows = _listed(Entry.Ledger.WISH).filter(agreed=True)
    return _shown(rows.order_by("-shown_at")[:OPEN])


def hung(number: str) -> bool:
    """Whether a wish of this number was hung up, for everybody or for staff alone."""
    case = cases.by_number(number)
    hanging = Entry.objects.filter(ledger=Entry.Ledger.WISH, shown_at__isnull=False)
    return case is not None and hanging.filter(case=case).exists()


@dataclass(frozen=True)
class Thanked:
    """A wish that came true, with the thanks that its wisher chose to hang up."""

    words: str
    thanks: str
    where: str


def thanked() -> list[Thanked]:
    """Of wishes that everybody could see, the newest first."""
    rows = Entry.objects.filter(ledger=Entry.Ledger.WISH, agreed=True, ended_at__isnull=False)
    rows = rows.filter(shown_at__isnull=False, ended_at__gt=clock.now() - GONE_FOR)
    rows = rows.exclude(thanks="").order_by("-ended_at")[:THANKS]
    chosen = dict(rows.values_list("case", "thanks"))
    named = dict(cases.options(Entry.Ledger.WISH, "thank", "thanks"))
    return [
        Thanked(one.words, named[thanks], one.where)
        for one in _shown(rows)
        if (thanks := chosen[one.standing.uuid]) in named
    ]


@dataclass(frozen=True)
class Claimed:
    """A wish that a member has claimed: what hangs on the wall, and until when it is theirs."""

    number: str
    words: str
    until: datetime | None


def claimed_by(member: int) -> list[Claimed]:
    until = dict(cases.claimed_by_member(member))
    rows = Entry.objects.filter(ledger=Entry.Ledger.WISH, case__in=until, shown_at__isnull=False)
    return [
        Claimed(one.standing.number, one.words, until[one.standing.uuid])
        for one in _shown(rows.order_by("shown_at"))
    ]


def on_the_way() -> int:
    """How many wishes on the wall somebody has claimed or delivered just now."""
    return sum(one.standing.state != "wished" for one in public())


def _listed(ledger: str) -> "QuerySet[Entry]":
    """What was released, and has not ended."""
    return Entry.objects.filter(ledger=ledger, shown_at__isnull=False, ended_at__isnull=True)


def come_true(year: int) -> int:
    """How many wishes of a year were confirmed by whoever wished."""
    return cases.solved_among(_ids(Entry.Ledger.WISH, year))


def _shown(rows: Iterable[Entry]) -> list[Shown]:
    found = list(rows)
    standing = cases.progress_of(one.case for one in found)
    ids = [text for one in found for text in (one.words, one.protection) if text]
    words = contents.read(ids)
    return [
        Shown(
            standing[one.case], _said(words, one.words), _said(words, one.protection), one.about,
            at, one.agreed, one.end, one.ended_at,
        )
        for one in found
        if one.case in standing and (at := one.shown_at) and one.words in words
    ]  # fmt: skip


def _said(words: dict, key: object) -> str:  # type: ignore[type-arg]
    return str(words.get(key, "")) if key else ""


@dataclass(frozen=True)
class Year:
    """The demands of one year, and what became of them."""

    year: int
    raised: int
    solved: int
    open: int
    unsolved: int  # ended, and the firm did not say that it is solved
    demands: list[Progress]  # the newest first


def demands(year: int, paths: Iterable[str]) -> Year:
    """What firms of some areas asked for in a year: solved, open, or ended otherwise."""
    below = tuple(paths)
    every = cases.progress_of(_ids(Entry.Ledger.DEMAND, year))
    found = [one for one in every.values() if one.area_path.startswith(below)]
    found.sort(key=lambda one: one.opened_at, reverse=True)
    ends = Counter(_became(one) for one in found)
    return Year(year, len(found), ends["solved"], ends["open"], ends["unsolved"], found)


def _became(one: Progress) -> str:
    if one.stage != "closed":
        return "open"
    return "solved" if one.solved else "unsolved"


def _ids(ledger: str, year: int) -> "QuerySet[Entry, UUID]":
    """Cases of a ledger that were opened in a year, the newest first."""
    zone = ZoneInfo(settings.TIME_ZONE)
    since, until = (datetime(one, 1, 1, tzinfo=zone) for one in (year, year + 1))
    rows = Entry.objects.filter(ledger=ledger, opened_at__gte=since, opened_at__lt=until)
    rows = rows.exclude(end=JOINED)  # told by the one it was joined to
    return rows.order_by("-opened_at").values_list("case", flat=True)[:MOST]


def years() -> list[int]:
    """Years with demands, the newest first; this year always."""
    zone = ZoneInfo(settings.TIME_ZONE)
    rows = Entry.objects.filter(ledger=Entry.Ledger.DEMAND).order_by("opened_at")
    first = rows.values_list("opened_at", flat=True).first()
    this = this_year()
    return list(range(this, (first.astimezone(zone).year if first else this) - 1, -1))


def this_year() -> int:
    today: date = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return today.year
