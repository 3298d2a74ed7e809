"""The ledger of hazards on paper, in the reader's language: what stands on its page."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lingka.areas.documents import FONTS
from lingka.core import clock, codes, saying
from lingka.ledgers import selectors
from lingka.ledgers.selectors import Shown

SHEET = Path(__file__).parent / "hazards.typ"
MOST = 1000  # that ended; a town has some dozens in a year


def ledger() -> bytes:
    """A4, lying, as many pages as it takes."""
    made = typst.compile(
        str(SHEET), font_paths=[str(FONTS)],
        sys_inputs={"data": json.dumps(_said(), ensure_ascii=False)},
    )  # fmt: skip
    assert isinstance(made, bytes)  # a PDF is one piece
    return made


def _said() -> dict[str, Any]:
    gone = list(_gone())
    shown, left = gone[:MOST], len(gone) > MOST
    columns = [
        _("Case"), _("Place"), _("What"), _("Who mends it"), _("Stands at"), _("Listed"),
        _("Promised by"), _("Ended"),
    ]  # fmt: skip
    groups = [
        (_("Being mended"), selectors.hazards()),
        (_("Struck off in the last year"), [one for one in shown if one.struck_off]),
        (_("Ended otherwise"), [one for one in shown if not one.struck_off]),
    ]
    return {
        "language": get_language() or "",
        "title": _("Listed hazards"),
        "about": _(
            "Major hazards stand here until somebody other than whoever mended them has looked "
            "again. The list speaks of things and places, never of persons."
        ),
        "day": _("as of %(day)s") % {"day": saying.moment(clock.now())},
        "more": _("Older ones stand on the page.") if left else "",
        "columns": columns,
        "none": _("None just now"),
        "groups": [{"name": name, "rows": [_row(one) for one in found]} for name, found in groups],
    }


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
