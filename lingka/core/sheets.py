"""Tables that people make: Excel files, and text as Excel in China writes it."""

import io
import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_LE, getincrementaldecoder
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.exceptions import InvalidFileException

from lingka.core.problems import Problem

UNPACKED = 400 * 1024 * 1024  # bytes; a workbook of some megabytes may unpack to gigabytes
MOST_UNREAD = 0.005  # of the signs: one torn letter must not refuse a whole export
MOST_NOUGHTS = 0.05  # of the bytes; text of two or four bytes a sign has more
UNREADABLE = (
    InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError,
    IndexError, AttributeError, OSError, EOFError, NotImplementedError,
)  # fmt: skip


def encoding_of(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark ("Unicode text" of Excel), or GB 18030, which Excel in China
    still writes; a piece of the file is enough. A Problem where it is none of these."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) and not content.startswith(BOM_UTF32_LE):
        return "utf-16"
    if content.count(0) <= MOST_NOUGHTS * len(content):
        unread = {name: _share_unread(content, name) for name in ("utf-8-sig", "gb18030")}
        best = min(unread, key=lambda name: unread[name])
        if unread[best] <= MOST_UNREAD:
            return best
    raise Problem("file", _("The text is in no encoding that is known: save it as UTF-8, "
                            "in Excel as “CSV UTF-8”."), field="file")  # fmt: skip


def _share_unread(content: bytes, encoding: str) -> float:
    text = getincrementaldecoder(encoding)(errors="replace").decode(content)
    return text.count("\ufffd") / max(len(text), 1)


def delimiter_of(head: str) -> str:
    """What stands between the cells of a line with headings: comma, tab or semicolon."""
    return max(",\t;", key=head.count)


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
