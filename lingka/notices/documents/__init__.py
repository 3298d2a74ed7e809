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
from lingka.core.crypto import sha256
from lingka.notices import selectors
from lingka.notices.models import Notice, Poster
from lingka.notices.selectors import NoticeInfo

SHEET = Path(__file__).parent / "poster.typ"
ORDER = ("bo", "zh-hans", "en")  # Tibetan first on doors


def poster(notice: NoticeInfo) -> bytes:
    """An A4 sheet in all languages. Black on white but for the cornice; reads in grey too.

    Made once for what it says, and kept: making one takes a processor for a while.
    """
    said = json.dumps(_said(notice), ensure_ascii=False)
    version = sha256(said.encode() + SHEET.read_bytes()).hex()
    held = Poster.objects.filter(notice__code=notice.code).first()
    if held is not None and held.version == version:
        return bytes(held.body)
    body = _made(said)
    Poster.objects.update_or_create(
        notice=Notice.objects.get(code=notice.code), defaults={"version": version, "body": body}
    )
    return body


def _said(notice: NoticeInfo) -> dict[str, Any]:
    parts = {code: part for code in ORDER if (part := _in(code, notice.code))}
    return {
        "parts": parts,
        "danger": notice.kind == "danger",
        "code": codes.pretty(notice.code),
        "phone": notice.phone,
        "qr": _qr(notice.url),
    }


def _made(said: str) -> bytes:
    made = typst.compile(str(SHEET), font_paths=[str(FONTS)], sys_inputs={"data": said})
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
