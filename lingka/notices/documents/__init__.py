"""What notices print: a sheet for the door, with the code that says whether it still stands."""

import io
import json
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils import translation
from django.utils.translation import gettext as _

from lingka.areas.documents import FONTS
from lingka.core import codes, saying
from lingka.notices import selectors
from lingka.notices.selectors import NoticeInfo

HERE = Path(__file__).parent
ORDER = ("bo", "zh-hans", "en")  # Tibetan first on doors


def poster(notice: NoticeInfo) -> bytes:
    """An A4 sheet in all languages. Black on white but for the cornice; reads in grey too."""
    parts = {code: part for code in ORDER if (part := _in(code, notice.code))}
    data = {
        "parts": parts,
        "danger": notice.kind == "danger",
        "code": codes.pretty(notice.code),
        "phone": notice.phone,
        "qr": _qr(notice.url),
    }
    made = typst.compile(
        str(HERE / "poster.typ"),
        font_paths=[str(FONTS)],
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)  # a PDF is one piece
    return made


def _in(language: str, code: str) -> dict[str, Any]:
    with translation.override(language):
        said = selectors.notice(code)
        if said is None:
            return {}
        until = saying.moment(said.ends_at)
        return {
            "kind": said.kind_name,
            "title": said.title,
            "text": said.text,
            "until": _("Until %(until)s") % {"until": until},
            "unit": said.unit,
            "scan": _("Scan to see whether this still stands"),
        }


def _qr(text: str) -> str:
    """An SVG with its quiet zone; survives 15 % of dirt."""
    stream = io.BytesIO()
    segno.make_qr(text, error="m").save(stream, kind="svg", border=4, xmldecl=False, dark="#2B211B")
    return stream.getvalue().decode()
