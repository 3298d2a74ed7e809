"""Exports as other systems write them: CSV, Excel or JSON lines, packed or not, row by row."""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _

from lingka.core import sheets
from lingka.core.problems import Problem

SAMPLE = 1 << 16  # bytes looked at to tell the encoding
LONGEST_CELL = 1 << 24
Line = tuple[int, dict[str, Any] | Problem]


def lines_of(path: Path, form: str) -> Iterator[Line]:
    """Each row with its line, or what is wrong with that line. A Problem where nothing is read."""
    readers = {"csv": _csv, "jsonl": _json_lines, "xlsx": _excel}
    if form not in readers:
        raise Problem("mapping", _("The format is csv, jsonl or xlsx."))
    try:
        yield from readers[form](path)
    except (csv.Error, OSError, EOFError, zlib.error, RuntimeError) as error:
        raise Problem("file", _("The file cannot be read, or breaks off.")) from error


def _opened(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _texts(path: Path) -> Iterator[str]:
    """The file's lines, with their ends; a sign that is none is written as such."""
    with _opened(path) as file:
        sample = file.read(SAMPLE)
    encoding = sheets.encoding_of(sample)
    with io.TextIOWrapper(_opened(path), encoding, errors="replace", newline="") as lines:
        yield from lines


def _csv(path: Path) -> Iterator[Line]:
    csv.field_size_limit(LONGEST_CELL)
    texts = _texts(path)
    first = next(texts, "")
    reader = csv.reader(chain([first], texts), delimiter=sheets.delimiter_of(first))
    head = [name.strip() for name in next(reader, [])]
    line = reader.line_num + 1
    for cells in reader:
        if len(cells) > len(head):
            said = _("There are more cells than headings.")
            yield line, Problem("cells", said)
        elif any(cells):
            yield line, dict(zip_longest(head, cells))
        line = reader.line_num + 1  # quoted cells may span lines


def _excel(path: Path) -> Iterator[Line]:
    rows = sheets.excel(path.read_bytes())
    head = [str(name or "").strip() for name in next(rows, ())]
    for line, cells in enumerate(rows, start=2):
        if any(cell is not None for cell in cells):
            yield line, dict(zip_longest(head, cells[: len(head)]))


def _json_lines(path: Path) -> Iterator[Line]:
    for line, text in enumerate(_texts(path), start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            row = None
        said = _("The line is no JSON object.")
        yield line, row if isinstance(row, dict) else Problem("json", said)
