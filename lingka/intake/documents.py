"""The receipt on paper, and as a picture to keep among one's photos."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import segno
import typst
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

FONTS = Path(__file__).resolve().parent.parent / "core" / "fonts"
TEMPLATE = Path(__file__).resolve().parent / "data" / "slip.typ"


@dataclass(frozen=True)
class Slip:
    """What stands on it: never a name or a number of the reporter."""

    url: str
    code: str
    facts: list[tuple[str, str]]
    note: str


def qr_svg(url: str) -> SafeString:
    """The QR code as inline SVG, dark on paper in every theme, read aloud as what it is."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        border=2,
        dark="#2b211b",
        light="#ffffff",
        title=_("QR code of the receipt"),
    )
    return SafeString(out.getvalue().decode())  # our own drawing of an address that we made


def make_slip(slip: Slip, form: Literal["pdf", "png"]) -> bytes:
    """The slip as "pdf" or "png"."""
    code = io.BytesIO()
    segno.make(slip.url, error="m", micro=False).save(code, kind="svg", border=0, dark="#2b211b")
    inputs = {
        "qr": code.getvalue().decode(),
        "code": slip.code,
        "note": slip.note,
        "facts": "\x1e".join(f"{name}\x1f{value}" for name, value in slip.facts),
    }
    return typst.compile(
        TEMPLATE,
        format=form,
        ppi=200 if form == "png" else None,
        font_paths=[FONTS] if FONTS.is_dir() else [],
        sys_inputs=inputs,
    )
