"""What areas print: sheets for doors, with the code that leads to the place."""

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import segno
import typst
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors
from lingka.areas.selectors import PlaceInfo
from lingka.core import codes
from lingka.core.problems import Problem

HERE = Path(__file__).parent
FONTS = HERE.parent / "fonts"
Layout = Literal["plate", "stickers"]
MOST = 400  # doors in one file
SAID = {  # printed, not shown on a screen: in both languages at once, whoever prints it
    "call": {"zh": "有事，扫这里", "bo": "དོན་ཡོད་ན་འདི་བཤེར་རོགས།"},
    "phone": {"zh": "不会扫？打 12345，报这个码", "bo": "ཡང་ན་ 12345 གཏོང་རོགས།"},
    "danger": {"zh": "火、煤气、急病：直接打", "bo": "མེ། སོལ་རླངས། ནད་དྲག"},
    "free": {
        "zh": "不用注册，不用留姓名。每一步都能查。",
        "bo": "ཐོ་འགོད་དང་མིང་འབྲི་མི་དགོས། གོམ་པ་རེ་རེ་བལྟ་ཆོག",
    },
}


def door_sheet(place_ids: Iterable[int], *, layout: Layout = "stickers") -> bytes:
    """A PDF for these doors, in the order given: four stickers to an A4 sheet, or one plate each.

    Raises Problem for no door, too many, or one that does not exist.
    """
    ids = list(place_ids)
    found = selectors.places(ids)
    if not ids or len(ids) > MOST:
        raise Problem("doors", _("Choose between 1 and %(most)s places.") % {"most": MOST})
    if missing := [number for number in ids if number not in found]:
        raise Problem("no_place", _("There is no such place."), status=404, places=missing)
    doors = [_door(found[number]) for number in ids]
    data = json.dumps({"layout": layout, "doors": doors, **SAID}, ensure_ascii=False)
    made = typst.compile(str(HERE / "door.typ"), font_paths=[str(FONTS)], sys_inputs={"data": data})
    assert isinstance(made, bytes)  # a PDF is one piece
    return made


def address_of(place: PlaceInfo) -> str:
    """What the QR code holds: short, so that its squares are large."""
    return f"{settings.PUBLIC_ORIGIN}/p/{place.code}"


def _door(place: PlaceInfo) -> dict[str, str]:
    return {
        "code": codes.pretty(place.code),
        "qr": _qr(address_of(place)),
        "zh": place.name.get("zh-hans", ""),
        "bo": place.name.get("bo", ""),
    }


def _qr(text: str) -> str:
    """An SVG with the quiet zone of four squares that readers need; survives 15 % of dirt."""
    stream = io.BytesIO()
    segno.make_qr(text, error="m").save(stream, kind="svg", border=4, xmldecl=False, dark="#2B211B")
    return stream.getvalue().decode()
