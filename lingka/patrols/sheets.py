"""A register as an Excel file, as its page shows it."""

import io
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from lingka.core.text import pick
from lingka.patrols.registers import Register
from lingka.patrols.selectors.entries import EntryInfo

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDE, NARROW = 28, 16


def book(of: Register, found: Sequence[EntryInfo], areas: Mapping[UUID, str]) -> bytes:
    """A sheet with a line for each place."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None  # a new book has one
    sheet.title = pick(of.name)[:31]
    sheet.append(
        [_("Area"), _("Place"), _("How it stands"), *(pick(one.name) for one in of.fields),
         _("Since")]
    )  # fmt: skip
    for one in found:
        said = dict(one.facts)
        cells = [said.get(pick(field.name), "") for field in of.fields]
        row = [areas[one.uuid], pick(one.place.name), pick(one.state.name), *cells]
        sheet.append([*map(plain, row), date_format(one.since, "Y-m-d")])
    laid_out(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def laid_out(sheet: Worksheet) -> None:
    """Its first row are headings, its second column names."""
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number in range(1, sheet.max_column + 1):
        width = WIDE if number == 2 else NARROW  # noqa: PLR2004 - the place's name
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"


def plain(text: str) -> str:
    """No cell is a formula."""
    return f"'{text}" if text[:1] in "=+-@" and text else text
