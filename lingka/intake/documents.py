"""The receipt on paper, and as a picture to keep among one's photos."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import segno
import typst

from lingka.areas.documents import FONTS

TEMPLATE = Path(__file__).resolve().parent / "data" / "slip.typ"


@dataclass(frozen=True)
class Slip:
    """What stands on it: never a name or a number of the reporter."""

    url: str
    code: str
    facts: list[tuple[str, str]]
    note: str


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
        font_paths=[FONTS],
        sys_inputs=inputs,
    )
