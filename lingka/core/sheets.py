"""Tables that people make: Excel files, and text as Excel in China writes it."""

import io
import zipfile
from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.exceptions import InvalidFileException

from lingka.core.problems import Problem

UNPACKED = 400 * 1024 * 1024  # bytes; a workbook of some megabytes may unpack to gigabytes
UNREADABLE = (
    InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError,
    IndexError, AttributeError, OSError, EOFError, NotImplementedError,
)  # fmt: skip


def encoding_of(content: bytes) -> str:
    """UTF-8, or GB 18030, which Excel in China still writes; a piece of the file is enough."""
    try:
        getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def excel(content: bytes) -> Iterator[tuple[Any, ...]]:
    """The first sheet's rows as they stand, headers included; a Problem where it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED:
                raise Problem("file", _("The file is too large: split it."), field="file")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        yield from book.worksheets[0].iter_rows(values_only=True)
        book.close()
    except UNREADABLE as error:
        raise Problem("file", _("This is no Excel file that can be read."), field="file") from error
