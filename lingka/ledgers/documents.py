"""The ledger of hazards on paper, in the reader's language: what stands on its page."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from lingka.cases.documents import Ledger, columns, printed
from lingka.core import codes, saying
from lingka.ledgers import selectors
from lingka.ledgers.selectors import Shown

MOST = 1000  # that ended; a town has some dozens in a year


def ledger() -> bytes:
    """A4, lying, as many pages as it takes."""
    gone = list(_gone())
    shown, left = gone[:MOST], len(gone) > MOST
    groups = [
        (_("Being mended"), selectors.hazards()),
        (_("Struck off in the last year"), [one for one in shown if one.struck_off]),
        (_("Ended otherwise"), [one for one in shown if not one.struck_off]),
    ]
    about = _(
        "Major hazards stand here until somebody other than whoever mended them has looked "
        "again. The list speaks of things and places, never of persons."
    )
    return printed(Ledger(
        _("Listed hazards"), about, columns(),
        [(name, [_row(one) for one in found]) for name, found in groups],
        _("None just now"), _("Older ones stand on the page.") if left else "",
    ))  # fmt: skip


def _gone() -> Iterator[Shown]:
    rows, before = selectors.gone_hazards()
    number = 0
    while rows and number <= MOST:
        yield from rows
        number += len(rows)
        rows, before = selectors.gone_hazards(before) if before else ([], None)


def _row(one: Shown) -> list[str]:
    case = one.standing
    return [
        codes.pretty(case.number), case.where, one.words, case.unit, case.state_label,
        _day(one.shown_at), _day(case.due), _day(one.ended_at),
    ]  # fmt: skip


def _day(at: datetime | None) -> str:
    return saying.day(at) if at else "—"
