"""Write the table of environment variables into docs/operations.md, from config/settings.py."""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "operations.md"
HEAD = "| variable | default | meaning |\n|---|---|---|\n"


def table() -> str:
    sys.path.insert(0, str(ROOT))
    # The table shows defaults, whatever this shell has set.
    for name in [n for n in os.environ if n.startswith(("LINGKA_", "DATABASE_URL", "DEBUG"))]:
        del os.environ[name]
    from config.settings import ENVIRONMENT

    rows = []
    for one in ENVIRONMENT.variables:
        default = "" if one.default.startswith("/") else one.default  # a path of this machine
        rows.append(f"| `{one.name}` | {f'`{default}`' if default else ''} | {one.meaning} |\n")
    return HEAD + "".join(rows)


def main() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    pattern = re.escape(HEAD) + r"(?:\|.*\n)*"
    GUIDE.write_text(re.sub(pattern, lambda _found: table(), text), encoding="utf-8")


if __name__ == "__main__":
    main()
