"""Rows of a list on disk: appended as lines, then put together as one Excel file."""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import xlsxwriter  # type: ignore[import-untyped]
from django.utils import timezone
from django.utils.translation import gettext as _

from lingka.core.listings import Cell, Column, plain


def append(folder: Path, uuid: UUID, written: int, rows: Sequence[Sequence[Cell]]) -> int:
    """Write rows behind the first `written` bytes; what lay there was torn. Returns the new end."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(_rows_of(folder, uuid), "ab", opener=_private) as out:
        out.truncate(written)
        out.seek(written)
        out.writelines(json.dumps([plain(cell) for cell in row]).encode() + b"\n" for row in rows)
        out.flush()
        os.fsync(out.fileno())
        return out.tell()


def put_together(  # noqa: PLR0917
    folder: Path, uuid: UUID, written: int, name: str, columns: Sequence[Column], at: datetime
) -> None:
    """The Excel file out of the rows; it appears whole or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f"{uuid}.part"
    with xlsxwriter.Workbook(part, {"constant_memory": True, "remove_timezone": True}) as book:
        styles = (book.add_format({"bold": True, "bottom": 1}),
                  book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
                  book.add_format({"num_format": "yyyy-mm-dd"}))  # fmt: skip
        page = book.add_worksheet(_title(name))
        count = _fill(page, columns, _rows(folder, uuid, written), styles)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, max(count, 1), max(len(columns) - 1, 0))
        about = book.add_worksheet(_("About"))
        about.set_column(0, 0, 90)
        moment = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
        said = (
            _("%(name)s, as it stood at %(when)s") % {"name": name, "when": moment},
            _("Rows: %(count)d") % {"count": count},
            _("Residents' words and contact data are not in it: they stay with their case."),
        )
        for line, text in enumerate(said):
            about.write_string(line, 0, text)
    part.chmod(0o600)
    part.replace(path_of(folder, uuid))
    _rows_of(folder, uuid).unlink(missing_ok=True)


def _fill(
    page: Any, columns: Sequence[Column], rows: Iterator[list[Any]], styles: tuple[Any, Any, Any]
) -> int:
    heading, moment, day = styles
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, str(column.label), heading)
    count = 0
    for row in rows:
        count += 1
        for place, cell in enumerate(row):
            if isinstance(cell, dict) and "on" in cell:
                page.write_datetime(count, place, date.fromisoformat(cell["on"]), day)
            elif isinstance(cell, dict):
                local = timezone.localtime(datetime.fromisoformat(cell["at"]))
                page.write_datetime(count, place, local.replace(tzinfo=None), moment)
            elif isinstance(cell, int | float):
                page.write_number(count, place, cell)
            elif cell:
                page.write_string(
                    count, place, str(cell)
                )  # never a formula, whatever it begins with
    return count


def _rows(folder: Path, uuid: UUID, written: int) -> Iterator[list[Any]]:
    file = _rows_of(folder, uuid)
    if not file.is_file():
        return
    with file.open("rb") as lines:
        read = 0
        for line in lines:
            read += len(line)
            if read > written:
                return
            yield json.loads(line)


def _title(name: str) -> str:
    """What Excel takes as a sheet's name."""
    return "".join(sign for sign in name if sign not in "[]:*?/\\'")[:31] or "1"


def path_of(folder: Path, uuid: UUID) -> Path:
    return folder / f"{uuid}.xlsx"


def _rows_of(folder: Path, uuid: UUID) -> Path:
    return folder / f"{uuid}.rows"


def erase(folder: Path, uuid: UUID) -> None:
    for file in (path_of(folder, uuid), _rows_of(folder, uuid), folder / f"{uuid}.part"):
        file.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
