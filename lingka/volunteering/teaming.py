"""What teams can do, as data. Pure."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from lingka.core import datafiles
from lingka.core.text import pick

SKILLS = Path(__file__).parent / "data" / "skills.yaml"
LEADS = 3  # teams of one captain
MEMBERS = 200  # of one team
NAME = 40


@cache
def skills() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = datafiles.read(SKILLS)
    return found


def skill_names(keys: Iterable[str]) -> list[str]:
    return [pick(skills()[key]) for key in keys if key in skills()]
