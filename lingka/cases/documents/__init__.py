"""Ledgers of cases on paper: tables under headings, in the reader's language."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lingka.areas.documents import FONTS
from lingka.core import clock, saying

SHEET = Path(__file__).parent / "ledger.typ"
Groups = Sequence[tuple[str, Iterable[Sequence[str]]]]  # heading, and a row for each case


@dataclass(frozen=True)
class Ledger:
    """What stands on its page; rows have as many cells as there are columns."""

    title: str
    about: str
    columns: Sequence[str]
    groups: Groups
    none: str  # of the first group, where it has no rows; others are left out then
    more: str = ""  # below all


def columns() -> list[str]:
    """What a ledger of hazards says of each."""
    return [
        _("Case"), _("Place"), _("What"), _("Who mends it"), _("Stands at"), _("Listed"),
        _("Promised by"), _("Ended"),
    ]  # fmt: skip


def printed(of: Ledger) -> bytes:
    """A PDF: A4, lying, as many pages as it takes."""
    said = {
        "language": get_language() or "",
        "title": of.title,
        "about": of.about,
        "day": _("as of %(day)s") % {"day": saying.moment(clock.now())},
        "more": of.more,
        "columns": list(of.columns),
        "none": of.none,
        "groups": [{"name": name, "rows": [list(row) for row in rows]} for name, rows in of.groups],
    }
    made = typst.compile(
        str(SHEET), font_paths=[str(FONTS)],
        sys_inputs={"data": json.dumps(said, ensure_ascii=False)},
    )  # fmt: skip
    assert isinstance(made, bytes)  # a PDF is one piece
    return made
