"""Collect the icons that templates may use from Lucide into lingka/core/icons.json.

    python scripts/icons.py PATH_TO/lucide-static/icons

Only the drawing inside each <svg> is kept; `{% icon %}` supplies the frame.
"""

import json
import re
import sys
from pathlib import Path

NAMES = """
a-large-small archive arrow-right arrow-up arrow-up-narrow-wide badge-check ban bell bell-ring
book-open building-2 calendar calendar-plus camera check check-check chevron-down chevron-left
chevron-right chevron-up circle-alert circle-check circle-dot circle-question-mark circle-x
clipboard-check clock clock-alert cloud-off copy download external-link eye eye-off file-audio
file-text flag footprints frown git-merge heart-handshake hourglass house image inbox info
key-round keyboard languages layers life-buoy link list list-checks loader-circle locate-fixed
lock lock-open log-in log-out map-pin map-pin-off megaphone meh menu merge message-circle
message-circle-question-mark message-square message-square-plus messages-square mic minus moon
move navigation paperclip pause pen-line pencil phone phone-call phone-off play plus printer
qr-code refresh-cw repeat rotate-ccw route save scale scan-line scan-qr-code search send
shield-check shuffle smile snowflake sparkle split square star sun sun-moon tag thumbs-up timer
timer-off trash-2 triangle-alert undo-2 upload user user-check user-plus user-x users volume-2
wrench x zap
""".split()  # noqa: SIM905 - a hundred quotes less
TARGET = Path(__file__).resolve().parent.parent / "lingka" / "core" / "icons.json"


def drawing(source: str) -> str:
    inside = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if inside is None:
        raise SystemExit("not an SVG file")
    return re.sub(r"\s+", " ", inside[1]).replace(" />", "/>").replace("> <", "><").strip()


def main() -> None:
    folder = Path(sys.argv[1])
    icons = {name: drawing((folder / f"{name}.svg").read_text()) for name in NAMES}
    TARGET.write_text(json.dumps(icons, indent=0, sort_keys=True) + "\n")
    print(f"{len(icons)} icons, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
