"""What activities print: a poster to sign up by, and a certificate that can be checked."""

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lingka.areas import selectors as areas
from lingka.areas.documents import FONTS
from lingka.core import codes, saying
from lingka.members import selectors as members
from lingka.members.selectors import MemberInfo
from lingka.volunteering import records, selectors
from lingka.volunteering.selectors import ActivityInfo, Paper

HERE = Path(__file__).parent
ORDER = ("bo", "zh-hans", "en")  # Tibetan first on doors
TIMES = 4  # that a poster has room for
THANKS = 3  # that a certificate has room for


def poster(activity: ActivityInfo) -> bytes:
    """An A4 sheet in all languages, with the times that are to come."""
    parts = {code: part for code in ORDER if (part := _in(code, activity.code))}
    said = {"parts": parts, "code": codes.pretty(activity.code), "qr": _qr(activity.url)}
    return _made("poster.typ", said)


def _in(language: str, code: str) -> dict[str, Any]:
    with translation.override(language):
        said = selectors.activity(code)
        if said is None:
            return {}
        return {
            "kind": said.kind_name,
            "title": said.title,
            "text": said.text,
            "where": said.where,
            "times": [saying.moment(one.starts_at) for one in said.coming[:TIMES]],
            "scan": _("Scan to sign up; a phone is all you need"),
        }


def certificate(paper: Paper, me: MemberInfo) -> bytes:
    """What a member served so far, in all languages, with the name that they chose."""
    url = f"{settings.PUBLIC_ORIGIN}/v/paper/{paper.code}"
    said = {
        "parts": {code: _said(code, paper, me) for code in ORDER}, "name": members.name(me),
        "code": codes.pretty(paper.code), "qr": _qr(url),
    }  # fmt: skip
    return _made("certificate.typ", said)


def _said(language: str, paper: Paper, me: MemberInfo) -> dict[str, Any]:
    with translation.override(language):
        words = {
            "first": saying.dated(paper.first_day), "last": saying.dated(paper.last_day),
            "time": paper.hours, "times": paper.times,
        }  # fmt: skip
        return {
            "title": _("Certificate of voluntary service"),
            "text": _("served %(time)s, %(times)s times, between %(first)s and %(last)s.") % words,
            "thanks": [one.line for one in records.commendations(me.uuid)][:THANKS],
            "issued": _("Issued %(day)s") % {"day": saying.dated(paper.issued_on)},
            "scan": _("Scan to check that it is genuine"),
        }


def record(me: MemberInfo) -> bytes:
    """The five parts of a volunteer's record, in the reader's language."""
    found = records.record(me)
    said = {
        "language": get_language(), "title": _("Volunteer's service record"),
        "sections": [asdict(one) for one in found["sections"]], "hours": found["hours"],
        "confirmed": _("served and confirmed"),
        "printed": _("Printed %(day)s") % {"day": saying.dated(areas.day_of(None))},
        "kept": _("Kept by the volunteer's own wish, and erased when they leave."),
    }  # fmt: skip
    return _made("record.typ", said)


def _made(sheet: str, said: dict[str, Any]) -> bytes:
    data = json.dumps(said, ensure_ascii=False)
    made = typst.compile(str(HERE / sheet), font_paths=[str(FONTS)], sys_inputs={"data": data})
    assert isinstance(made, bytes)  # a PDF is one piece
    return made


def _qr(text: str) -> str:
    """An SVG with its quiet zone; survives 15 % of dirt."""
    stream = io.BytesIO()
    segno.make_qr(text, error="m").save(stream, kind="svg", border=4, xmldecl=False, dark="#2B211B")
    return stream.getvalue().decode()
