"""Setting up platforms, taking in, telling, and comparing both lists.

Everything may be broken off and run again: rows that came in are known by platform and number,
what was told is known by the version of the case, a file goes after its last row.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from lingka.cases import selectors as cases
from lingka.core import clock, crypto, locks
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import NEW, record
from lingka.core.ids import uuid7
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.exchange import folders, permissions, rules, selectors, wire
from lingka.exchange.events import Exchanged, PeerSet
from lingka.exchange.models import Given, Peer, Run, Theirs
from lingka.intake import exports, imports

MOST_FAULTS = 200
MOST_UNANSWERED = 3  # reports to one platform in one go
PAGE = 200  # requests asked for at once
MOST_PAGES = 100  # in one go
OVERLAP = timedelta(hours=1)  # asked for again: what was written late is not missed
NOTED_AT_ONCE = 500
P = ParamSpec("P")
R = TypeVar("R")
FORMULAS = ("=", "+", "-", "@")


# -- platforms ------------------------------------------------------------------------------


@transaction.atomic
def set_peer(
    key: str,
    *,
    actor: Actor,
    name: Mapping[str, str],
    mapping: str,
    address: str = "",
    secret: str | None = None,
    asks_with: str | None = None,
    shares: str = "own",
    answers: bool = False,
    active: bool = True,
) -> None:
    """Set up a platform, or change it. `secret`, with which we report there, and `asks_with`, with
    which they ask us: None keeps the key that is there, "" drops it.

    Raises Problem "mapping" where the mapping cannot be used.
    """
    _may(actor)
    plan = imports.read_plan(mapping)
    if plan.source != key:
        said = _("The mapping's source must be “%(key)s”: with it each row is known for ever.")
        raise Problem("mapping", said % {"key": key}, field="mapping", status=422)
    row = Peer.objects.select_for_update().filter(key=key).first()
    new = row is None
    row = row or Peer(uuid=uuid7(), key=key)
    row.name, row.mapping, row.address = dict(name), mapping, address
    row.shares, row.answers, row.active = shares, answers, active
    if asks_with is not None:
        row.asks_with = rules.hash_of(asks_with) if asks_with else None
    if secret is not None:
        row.sealed_key = crypto.seal(secret) if secret else None
    row.save()
    record(
        PeerSet(key, shares, active), stream_id=row.uuid, actor=actor, after=NEW if new else None
    )


def _may(actor: Actor) -> None:
    verdict = permissions.may_exchange(actor)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)


def _peer(key: str) -> Peer:
    found = Peer.objects.filter(key=key).first()
    if found is None:
        raise Problem("unknown_peer", _("There is no such platform."), status=404)
    return found


def _by_itself(step: Callable[Concatenate[str, P], R]) -> Callable[Concatenate[str, P], R]:
    """Nobody exchanges with the same platform meanwhile, worker, page or command.

    A step that belongs to another is let through: the lock is the connection's. Raises Problem
    "busy" where somebody else is at it.
    """

    @wraps(step)
    def locked(key: str, /, *args: P.args, **more: P.kwargs) -> R:
        with locks.alone(_peer(key).uuid) as free:
            if not free:
                raise Problem("busy", _("This is being done just now."), status=409)
            return step(key, *args, **more)

    return locked


# -- what comes -----------------------------------------------------------------------------


@_by_itself
def take_waiting(key: str, *, actor: Actor = SYSTEM) -> int:
    """Take in every whole file of the platform's folder; returns how many.

    One that cannot be read is put aside, so that those behind it come in; then Problem says so.
    """
    taken, failed = 0, []
    folders.forget(key)
    for path in folders.waiting(key):
        try:
            take(key, path, actor=actor)
        except Problem as problem:
            failed.append(f"{_storable(path.name)}: {problem}")
            folders.put_aside(key, path)
        else:
            taken += 1
            path.unlink(missing_ok=True)
    if failed:
        raise Problem("file", "\n".join(failed))
    return taken


@_by_itself
def take(key: str, path: Path, *, actor: Actor = SYSTEM) -> dict[str, int]:
    """Take in one file. Broken off, it is taken again from its start: known rows open nothing."""
    _may(actor)
    peer, digest = _peer(key), folders.digest(path)
    before = Run.objects.filter(peer=peer, kind="take", digest=digest).first()
    if before is not None and not before.counts["refused"]:  # a mended mapping may read them
        return dict(before.counts)
    plan = imports.read_plan(peer.mapping)
    try:
        report = imports.import_requests(path, mapping=plan, actor=SYSTEM)
        _note(peer, _said(exports.lines_of(path, plan.form), plan))
    except Problem as problem:
        faults = [[0, "", str(problem)]]
        _ran(peer, "take", {"failed": 1}, actor, name=path.name, faults=faults)
        raise
    return _ran(
        peer, "take", _counted(report), actor, name=path.name, digest=digest,
        faults=_faults(report),
    )  # fmt: skip


def _counted(report: imports.Report) -> dict[str, int]:
    return {
        "rows": report.rows, "opened": report.opened, "known": report.known,
        "refused": report.refused.total(),
    }  # fmt: skip


def _faults(report: imports.Report) -> list[list[Any]]:
    return [
        [one.line, _storable(one.source_id), one.message] for one in report.faults[:MOST_FAULTS]
    ]


def _storable(text: str) -> str:
    """As much of it as the database can hold."""
    return text[: imports.LONGEST_ID].replace("\0", "?").encode(errors="replace").decode()


def _said(lines: Iterable[exports.Line], plan: imports.Plan) -> Iterable[Theirs]:
    """What each row says of its case: open or closed, and since when."""
    seen = clock.now()
    for _line, row in lines:
        their_id = "" if isinstance(row, Problem) else _number(row, plan)
        if not isinstance(row, Problem) and imports.can_be_number(their_id):
            is_open, changed = imports.standing_of(row, plan)
            yield Theirs(their_id=their_id, is_open=is_open, changed_at=changed, seen_at=seen)


def _number(row: Mapping[str, Any], plan: imports.Plan) -> str:
    return str(row.get(plan.id) or "").strip()


def _note(peer: Peer, said: Iterable[Theirs]) -> int:
    """Keep what they say, the last word of each."""
    last = {one.their_id: one for one in said}
    for one in last.values():
        one.peer = peer
    Theirs.objects.bulk_create(
        last.values(), batch_size=NOTED_AT_ONCE, update_conflicts=True,
        unique_fields=["peer", "their_id"], update_fields=["is_open", "changed_at", "seen_at"],
    )  # fmt: skip
    return len(last)


@_by_itself
def pull(key: str, *, actor: Actor = SYSTEM) -> dict[str, int]:
    """Ask the platform's Open311 for what changed since the last time."""
    _may(actor)
    peer = _peer(key)
    if not peer.address:
        raise Problem("no_address", _("This platform has no address: it exchanges files."))
    # Over the wire each row says for itself what it holds: what is empty may be left out.
    plan, begun = replace(imports.read_plan(peer.mapping), form="jsonl"), clock.now()
    total, faults = dict.fromkeys(("rows", "opened", "known", "refused"), 0), []
    ours = selectors.our_numbers(peer.id)
    for rows in _pages(peer, plan):
        theirs = [row for row in rows if _number(row, plan) not in ours]
        report = imports.import_lines(enumerate(theirs, start=1), plan, actor=SYSTEM)
        _note(peer, _said(enumerate(rows, start=1), plan))
        total = {name: total[name] + more for name, more in _counted(report).items()}
        faults += _faults(report)
    peer.pulled_until = begun - OVERLAP
    peer.save(update_fields=["pulled_until"])
    return _ran(peer, "pull", total, actor, faults=faults[:MOST_FAULTS])


def _pages(peer: Peer, plan: imports.Plan) -> Iterable[list[dict[str, Any]]]:
    """Page after page, until one is short or says nothing new: some platforms know no pages, and
    answer the same for ever."""
    seen: set[str] = set()
    for page in range(1, MOST_PAGES + 1):
        rows = wire.ask(peer.address, _query(peer, page))
        numbers = {_number(row, plan) for row in rows}
        if numbers <= seen:
            return
        seen |= numbers
        yield rows
        if len(rows) < PAGE:
            return
    raise Problem(wire.AWAY, _("The other platform finds no end."), status=502)


def _query(peer: Peer, page: int) -> dict[str, Any]:
    since = peer.pulled_until
    asked: dict[str, Any] = {"page": page, "page_size": PAGE}
    return asked | ({"updated_after": f"{since:%Y-%m-%dT%H:%M:%SZ}"} if since else {})


# -- what goes ------------------------------------------------------------------------------


@_by_itself
@transaction.atomic
def send(key: str, *, actor: Actor = SYSTEM) -> dict[str, int]:
    """Write a file of every case that changed since it was told last; none where none did."""
    _may(actor)
    peer = Peer.objects.select_for_update().filter(pk=_peer(key).pk).get()
    begun = clock.now()
    news = selectors.news_for(peer)
    if news:
        peer.files += 1
        name = f"lingka-{peer.files:06}.{_form(peer)}"
        folders.write(peer.key, name, _text(news, _form(peer)))
        _told(peer, news)
        _ran(peer, "send", {"rows": len(news)}, actor, name=name)
    peer.told_until = begun - OVERLAP
    peer.save(update_fields=["files", "told_until"])
    return {"rows": len(news)}


def _form(peer: Peer) -> str:
    return "jsonl" if imports.read_plan(peer.mapping).form == "jsonl" else "csv"


def _text(news: list[selectors.News], form: str) -> str:
    rows = [one.as_row() for one in news]
    if form != "jsonl":
        rows = [{**row, "answers": _lines(row.get("answers", ()))} for row in rows]
    if form == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows({name: plain(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _lines(answers: Iterable[Mapping[str, str]]) -> str:
    """In one cell of a table: each answer begins a line, with its moment and unit."""
    return "\n".join(f"{one['at']} {one['unit']}: {one['words']}" for one in answers)


def plain(value: Any) -> Any:
    """No cell begins a formula in the table program that opens the file."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value


@transaction.atomic
def changes(key: str, token: str, cursor: str, *, heard: bool = True) -> dict[str, Any] | None:
    """What changed in a platform's own cases since a cursor, for who asks with its key; else None.

    The same cursor gives the same cases again, as they stand now: what got lost is asked again.
    `heard`: whether the asker gets the answer itself, and so was told.
    """
    peer = Peer.objects.filter(key=key, active=True).first()
    if peer is None or not rules.opens(token, peer.asks_with):
        return None
    news, cursor, more = selectors.changes_for(peer, cursor)
    if heard:
        _told(peer, news)
    return {"changes": [one.as_row() for one in news], "cursor": cursor, "more": more}


def _told(peer: Peer, news: list[selectors.News]) -> None:
    rows = [
        Given(peer=peer, case_uuid=one.standing.uuid, version=one.standing.version) for one in news
    ]
    Given.objects.bulk_create(
        rows, batch_size=NOTED_AT_ONCE, update_conflicts=True,
        unique_fields=["peer", "case_uuid"], update_fields=["version"],
    )  # fmt: skip


@_by_itself
def push(key: str, *, actor: Actor = SYSTEM) -> dict[str, int]:
    """Report to the platform's Open311 each listed case that it does not have yet, one by one."""
    _may(actor)
    peer = _peer(key)
    if not peer.address or not peer.sealed_key:
        raise Problem("no_key", _("Reporting there needs its address and a key."))
    secret = crypto.unseal(bytes(peer.sealed_key))
    told, away, faults = 0, 0, []
    for standing in selectors.unreported(peer):
        try:
            _report(peer, standing, secret)
            told += 1
        except Problem as problem:
            faults.append([0, standing.public.number, str(problem)])
            away += problem.code == wire.AWAY
            if away == MOST_UNANSWERED:  # the next time goes on here
                break
    counts = {"rows": told, "refused": len(faults), "away": away}
    return _ran(peer, "push", counts, actor, faults=faults[:MOST_FAULTS])


def _report(peer: Peer, standing: cases.Telling, secret: str) -> None:
    shown = standing.public
    values = {
        "api_key": secret, "service_code": shown.case_type, "lat": shown.lat, "long": shown.lon,
        "address_string": shown.where, "description": selectors.described(shown),
    }  # fmt: skip
    sent = {name: value for name, value in values.items() if value not in (None, "")}
    answer = wire.tell(peer.address, sent, str(uuid5(peer.uuid, str(standing.uuid))))
    their_id = str(answer[0].get("service_request_id") or "").strip() if answer else ""
    if not imports.can_be_number(their_id):
        raise Problem("peer", _("The other platform gave no number."), status=502)
    if Given.objects.filter(peer=peer, their_id=their_id).exists():
        raise Problem("peer", _("The other platform gave the same number twice."), status=502)
    Given.objects.update_or_create(
        peer=peer, case_uuid=standing.uuid, defaults={"their_id": their_id}
    )


# -- both -----------------------------------------------------------------------------------


@_by_itself
@transaction.atomic
def compare(key: str, path: Path, *, actor: Actor = SYSTEM) -> dict[str, int]:
    """Take a file as the whole list of what they have, and say where both differ."""
    _may(actor)
    peer = Peer.objects.select_for_update().filter(pk=_peer(key).pk).get()
    plan = imports.read_plan(peer.mapping)
    Theirs.objects.filter(peer=peer).delete()
    _note(peer, _said(exports.lines_of(path, plan.form), plan))
    found = selectors.compared(peer.key)
    counts = {
        "theirs_only": len(found.theirs_only), "ours_only": len(found.ours_only),
        "differing": len(found.differing), "agreeing": found.agreeing,
    }  # fmt: skip
    return _ran(peer, "compare", counts, actor, name=path.name)


@_by_itself
def run(key: str, *, actor: Actor = SYSTEM) -> list[str]:
    """Everything that is due with one platform; what failed is said and stops nothing else."""
    peer = _peer(key)
    failed: list[str] = []

    def tried(step: Callable[..., Any]) -> Any:
        try:
            return step(peer.key, actor=actor)
        except (Problem, OSError) as fault:  # OSError: the folder, say on a full disk
            failed.append(str(fault))
            return None

    tried(take_waiting)
    unsure = False
    if peer.address and peer.sealed_key and peer.shares == "listed":
        told = tried(push)
        unsure = told is None or bool(told["away"])
    # What they may have kept without our knowing its number would come back as a new case.
    if peer.address and not unsure:
        tried(pull)
    tried(send)
    return failed


def _ran(
    peer: Peer, kind: str, counts: dict[str, int], actor: Actor, *, name: str = "",
    digest: str = "", faults: list[list[Any]] | None = None,
) -> dict[str, int]:  # fmt: skip
    """Write down that it was done; what changed nothing and failed nowhere leaves no trace."""
    if any(counts.values()) or faults or name:
        with transaction.atomic():
            Run.objects.create(
                peer=peer, kind=kind, counts=counts, name=_storable(name), digest=digest,
                faults=faults or [], at=clock.now(),
            )  # fmt: skip
            record(Exchanged(kind, counts), stream_id=peer.uuid, actor=actor)
    return counts
