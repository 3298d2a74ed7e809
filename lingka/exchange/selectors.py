"""What is due to a platform, and where its list and ours differ."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from lingka.cases import selectors as cases
from lingka.cases.selectors import PublicCase, Telling
from lingka.core.text import pick
from lingka.exchange import cursors, rules
from lingka.exchange.models import Given, Peer, Run, Theirs
from lingka.intake import selectors as intake

MOST_SHOWN = 200  # rows of a table on the page; the file has all
LAST_RUNS = 20


@dataclass(frozen=True)
class PeerInfo:
    key: str
    name: str
    address: str
    shares: str
    answers: bool
    asks: bool  # they have a key with which they ask us
    active: bool
    has_key: bool
    last: "RunInfo | None" = None


@dataclass(frozen=True)
class RunInfo:
    kind: str
    name: str
    counts: Mapping[str, int]
    faults: list[list[Any]]
    at: datetime


@dataclass(frozen=True)
class News:
    """How a case stands, for a platform; `their_id` where it is known there."""

    standing: Telling
    their_id: str
    answers: list[cases.Answer] | None = None  # None: nothing was agreed about them

    def as_row(self) -> dict[str, Any]:
        """Never the resident's words, nobody's contact; a place only of listed types."""
        one = self.standing.public
        said = [
            {"at": _iso(one.at), "unit": one.unit, "words": one.words} for one in self.answers or ()
        ]
        return {
            "id": one.number, "their_id": self.their_id,
            "service_code": one.case_type, "service_name": cases.case_type(one.case_type).name,
            "status": "open" if self.standing.is_open else "closed", "stage": one.stage,
            "opened_at": _iso(one.opened_at), "changed_at": _iso(one.changed_at),
            "due_at": _iso(one.due_at), "closed_at": _iso(one.closed_at),
            "unit": one.unit, "where": one.where, "lat": one.lat, "long": one.lon,
            "version": self.standing.version,
            **({} if self.answers is None else {"answers": said}),
        }  # fmt: skip


def _iso(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


def peers(*, active: bool = False) -> list[PeerInfo]:
    """By key, each with what went over last."""
    rows = Peer.objects.order_by("key")
    return [_info(row) for row in (rows.filter(active=True) if active else rows)]


def peer(key: str) -> PeerInfo | None:
    row = Peer.objects.filter(key=key).first()
    return _info(row) if row else None


def texts(key: str) -> tuple[dict[str, str], str]:
    """A platform's name in all languages and its mapping, for its form."""
    name, mapping = Peer.objects.values_list("name", "mapping").get(key=key)
    return dict(name), mapping


def _info(row: Peer) -> PeerInfo:
    last = row.runs.order_by("-id").first()
    return PeerInfo(
        row.key, pick(row.name), row.address, row.shares, row.answers, bool(row.asks_with),
        row.active, bool(row.sealed_key),
        _run(last) if last else None,
    )  # fmt: skip


def runs(key: str) -> list[RunInfo]:
    """The last ones, newest first."""
    return [_run(row) for row in Run.objects.filter(peer__key=key).order_by("-id")[:LAST_RUNS]]


def _run(row: Run) -> RunInfo:
    return RunInfo(row.kind, row.name, row.counts, row.faults, row.at)


# -- what is due ----------------------------------------------------------------------------


def news_for(peer: Peer) -> list[News]:
    """Cases of theirs, and all listed ones where that is agreed, as far as they changed."""
    theirs = intake.imported(peer.key)
    told = dict(Given.objects.filter(peer=peer).values_list("case_uuid", "version"))
    names = {case: their for their, case in theirs.items()}
    names |= _reported(peer.id)
    moved = cases.changed_since(peer.told_until) if peer.told_until else None
    new = [case for case in theirs.values() if case not in told]  # of whatever day they are
    own = [case for case in theirs.values() if moved is None or case in moved]
    found = {one.uuid: one for one in cases.tellings({*own, *new})}
    if peer.shares == Peer.Shares.LISTED:
        found = {one.uuid: one for one in cases.listed_tellings(moved)} | found
    changed = [one for one in found.values() if told.get(one.uuid) != one.version]
    return _news(peer, changed, names, set(theirs.values()))


def changes_for(peer: Peer, cursor: str) -> tuple[list[News], str, bool]:
    """Cases of theirs that changed after a cursor, the next cursor, and whether there are more."""
    theirs = intake.imported(peer.key)
    names = {case: their for their, case in theirs.items()}
    found, after, more = cursors.following(cursors.read(cursor), set(names))
    news = _news(peer, cases.tellings(found), names, set(names))
    return news, after.text(), more


def _news(
    peer: Peer, standings: list[Telling], names: Mapping[UUID, str], theirs: Container[UUID]
) -> list[News]:
    """With what was answered on cases of theirs, where that is agreed: on ours nobody asked."""
    mine = [one.uuid for one in standings if one.uuid in theirs] if peer.answers else []
    said = cases.answers_of(mine)
    return [News(one, names.get(one.uuid, ""), said.get(one.uuid)) for one in standings]


def _reported(peer_id: int) -> dict[UUID, str]:
    """Our cases that we reported there, with their numbers there."""
    rows = Given.objects.filter(peer_id=peer_id).exclude(their_id="")
    return dict(rows.values_list("case_uuid", "their_id"))


def our_numbers(peer_id: int) -> frozenset[str]:
    """Numbers there that stand for cases of ours: these must not come back as new ones."""
    return frozenset(_reported(peer_id).values())


def unreported(peer: Peer) -> list[Telling]:
    """Open listed cases that the platform does not have: neither theirs nor reported."""
    theirs, there = set(intake.imported(peer.key).values()), _reported(peer.id)
    every = cases.listed_tellings(still_open=True)
    return [one for one in every if one.uuid not in theirs and one.uuid not in there]


def described(shown: PublicCase) -> str:
    """A summary made of type and place; the resident's words stay here."""
    name = cases.case_type(shown.case_type).name
    return f"{name} · {shown.where}" if shown.where else name


# -- both lists -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """A case on one list or on both."""

    their_id: str
    number: str
    theirs: bool | None  # open there
    ours: bool | None  # open here
    changed_at: datetime | None


@dataclass
class Reconciliation:
    theirs_only: list[Pair] = field(default_factory=list)
    ours_only: list[Pair] = field(default_factory=list)
    differing: list[Pair] = field(default_factory=list)
    agreeing: int = 0
    untold: list[Pair] = field(default_factory=list)  # changed here since they were told
    seen_at: datetime | None = None  # when they last said something

    def rows(self) -> Iterable[tuple[str, Pair]]:
        for name in ("theirs_only", "ours_only", "differing", "untold"):
            for one in getattr(self, name):
                yield name, one


def compared(key: str) -> rules.Compared:
    """By ids alone."""
    return _compared(Peer.objects.get(key=key))[0]


def _compared(peer: Peer) -> tuple[rules.Compared, dict[UUID, Telling]]:
    links = intake.imported(peer.key) | {
        their: case for case, their in _reported(peer.id).items()
    }  # fmt: skip
    rows = Theirs.objects.filter(peer=peer).order_by("their_id")
    said = [rules.Said(*one) for one in rows.values_list("their_id", "is_open", "changed_at")]
    ours = {one.uuid: one for one in cases.tellings(links.values())}
    is_open = {uuid: one.is_open for uuid, one in ours.items()}
    return rules.compare(said, links, is_open), ours


def reconciliation(key: str) -> Reconciliation:
    """What they have that we don't, the other way round, and where the status differs."""
    peer = Peer.objects.get(key=key)
    found, ours = _compared(peer)
    said = {one.their_id: one for one, _case in found.differing}
    last = Theirs.objects.filter(peer=peer).order_by("-seen_at").first()
    return Reconciliation(
        [Pair(one.their_id, "", one.is_open, None, one.changed_at) for one in found.theirs_only],
        [_pair(their, ours.get(case), None) for their, case in found.ours_only],
        [_pair(one.their_id, ours.get(case), said[one.their_id])
         for one, case in found.differing],
        found.agreeing, _untold(peer, ours), last.seen_at if last else None,
    )  # fmt: skip


def _untold(peer: Peer, ours: Mapping[UUID, Telling]) -> list[Pair]:
    """Cases of theirs that stand otherwise than they were told, or of which they were told none."""
    told = dict(Given.objects.filter(peer=peer).values_list("case_uuid", "version"))
    return [
        _pair(their, ours[case], None)
        for their, case in sorted(intake.imported(peer.key).items())
        if case in ours and told.get(case) != ours[case].version
    ]


def _pair(their_id: str, standing: Telling | None, said: rules.Said | None) -> Pair:
    return Pair(
        their_id, standing.public.number if standing else "", said.is_open if said else None,
        standing.is_open if standing else None,
        standing.public.changed_at if standing else None,
    )  # fmt: skip
