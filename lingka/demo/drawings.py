"""Small drawn pictures in place of photographs: nobody's street, nobody's face."""

import io
import random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 440
WALLS = ("#CEC6B8", "#D6CEC0", "#C4BCAE", "#B9B1A5")
GROUNDS = ("#8F867A", "#9A9184", "#837A6F")
WOOD, DARK, STEEL, WATER, BARLEY = "#3D2B24", "#262B33", "#6E7A82", "#C5DAE6", "#E8B84A"
OCHRE, GREEN, WINDOW = "#8E3A26", "#5E7F63", "#3E4A55"


def draw(group: str, *, mended: bool, rng: random.Random) -> bytes:
    """A picture of a matter of this group, before or after it was mended, as JPEG."""
    night = group == "light"
    image = Image.new("RGB", (WIDTH, HEIGHT), DARK if night else rng.choice(WALLS))
    pen = ImageDraw.Draw(image)
    floor = rng.randint(260, 310)
    pen.rectangle((0, floor, WIDTH, HEIGHT), fill="#444A50" if night else rng.choice(GROUNDS))
    _door(pen, rng, floor, night=night)
    PAINTERS.get(group, _box)(pen, rng, floor, mended)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=82)
    return stream.getvalue()


def _door(pen: ImageDraw.ImageDraw, rng: random.Random, floor: int, *, night: bool) -> None:
    left = rng.randint(400, 500)
    pen.rectangle((left, floor - 220, left + 120, floor), fill="#5B4336")
    pen.rectangle((left + 14, floor - 204, left + 106, floor), fill=WOOD)
    pen.rectangle((40, 40, 110, 120), fill=rng.choice((BARLEY, WINDOW)) if night else WINDOW)


def _water(pen: ImageDraw.ImageDraw, rng: random.Random, floor: int, mended: bool) -> None:  # noqa: FBT001
    left = rng.randint(50, 130)
    pen.rectangle((left, 0, left + 26, floor), fill=STEEL)
    pen.rectangle((left, floor - 26, left + 130, floor), fill=STEEL)
    if mended:
        pen.rectangle((left + 70, floor - 34, left + 110, floor + 4), fill=BARLEY, outline=WOOD)
    else:
        wide = rng.randint(160, 240)
        pen.ellipse((left + 20, floor + 30, left + 40 + wide, floor + 110), fill=WATER)
        pen.rectangle((left + 128, floor, left + 138, floor + 50), fill="#E8F1F6")


def _light(pen: ImageDraw.ImageDraw, rng: random.Random, floor: int, mended: bool) -> None:  # noqa: FBT001
    left = rng.randint(180, 300)
    if mended:
        pen.polygon([(left + 70, 110), (left - 40, floor), (left + 180, floor)], fill="#7A6F45")
    pen.rectangle((left, 90, left + 12, floor), fill="#11151A")
    pen.rectangle((left, 90, left + 90, 100), fill="#11151A")
    pen.ellipse((left + 54, 92, left + 96, 118), fill=BARLEY if mended else "#30363D")


def _road(pen: ImageDraw.ImageDraw, rng: random.Random, floor: int, mended: bool) -> None:  # noqa: FBT001
    for line in range(floor + 30, HEIGHT, 40):
        pen.line((0, line, WIDTH, line), fill="#6F675D", width=3)
    left = rng.randint(120, 300)
    shape = (left, floor + 50, left + 150, floor + 110)
    pen.ellipse(shape, fill=STEEL if mended else "#1C1F23", outline=WOOD, width=5)
    if not mended:
        pen.polygon([(left - 60, floor + 80), (left - 30, floor), (left, floor + 80)], fill=OCHRE)


def _rubbish(pen: ImageDraw.ImageDraw, rng: random.Random, floor: int, mended: bool) -> None:  # noqa: FBT001
    for step in range(2):
        left = 90 + step * 130
        pen.rectangle((left, floor - 110, left + 90, floor + 20), fill=GREEN)
        pen.rectangle((left - 6, floor - 124, left + 96, floor - 108), fill="#3F5A45")
    for _heap in range(0 if mended else 9):
        x, y = rng.randint(60, 340), rng.randint(floor - 10, floor + 60)
        pen.ellipse((x, y, x + 54, y + 40), fill=rng.choice(("#2F3338", "#EDE8DE", OCHRE)))


def _box(pen: ImageDraw.ImageDraw, rng: random.Random, floor: int, mended: bool) -> None:  # noqa: FBT001
    for _one in range(1 if mended else 6):
        x, y = rng.randint(60, 320), rng.randint(floor - 90, floor + 10)
        pen.rectangle((x, y, x + 92, y + 74), fill="#B08A5B", outline=WOOD, width=4)
        pen.line((x, y + 37, x + 92, y + 37), fill=WOOD, width=3)


PAINTERS = {
    "water": _water, "heat": _water, "light": _light, "road": _road, "rubbish": _rubbish,
}  # fmt: skip
