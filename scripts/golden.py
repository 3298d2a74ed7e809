"""Write the missing golden files of event types: an example of the present version of each.

A golden file is never changed afterwards: it stands for what databases hold.
"""

import json
import os
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "core" / "golden"
EXAMPLES = {str: "text", int: 7, bool: True, float: 1.5, Any: "text"}


def example(kind: Any) -> Any:
    """A value that this annotation allows."""
    origin, inner = get_origin(kind) or kind, get_args(kind)
    if origin is dict:
        return {"key": example(inner[1])} if inner else {}
    if origin in (list, tuple):
        return [example(inner[0])] if inner else []
    if inner:
        return example(inner[0])
    return EXAMPLES.get(kind, "text")


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.utils.module_loading import autodiscover_modules

    from lingka.core import events

    autodiscover_modules("events")
    for cls in events.types():
        path = GOLDEN / f"{cls.type}.{cls.version}.json"
        if path.exists():
            continue
        hints = get_type_hints(cls)
        data = {field.name: example(hints[field.name]) for field in fields(cls)}  # type: ignore[arg-type]
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        print(path.name)


if __name__ == "__main__":
    main()
