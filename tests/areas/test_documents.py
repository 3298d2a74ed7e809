import re

import pytest
from django.conf import settings

from lingka.areas.documents import MOST, _qr, address_of, door_sheet
from lingka.areas.models import Place
from lingka.core import codes
from lingka.core.problems import Problem

from .conftest import Town, middle, square


@pytest.fixture
def doors(town: Town) -> list[Place]:
    grid = town.grid(1, town.trunk(), square(0, 0))
    return [town.place(grid, codes.short_code(), *middle(0, 0)) for _door in range(5)]


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_four_stickers_share_a_sheet(doors: list[Place]) -> None:
    assert pages(door_sheet([door.id for door in doors])) == 2


def test_a_plate_has_a_sheet_of_its_own(doors: list[Place]) -> None:
    assert pages(door_sheet([door.id for door in doors[:2]], layout="plate")) == 2


def test_every_sign_on_a_sheet_comes_from_our_own_fonts(doors: list[Place]) -> None:
    used = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([\w-]+)", door_sheet([doors[0].id])))
    assert used
    assert all(name.startswith(b"Noto") for name in used)


def test_the_code_leads_to_the_place_and_keeps_its_quiet_zone(doors: list[Place]) -> None:
    door = doors[0]
    address = address_of(door)  # type: ignore[arg-type]
    assert address == f"{settings.PUBLIC_ORIGIN}/p/{door.code}"
    assert "M4 4" in _qr(address) or "M4.0 4" in _qr(address) or "translate(4" in _qr(address)


def test_no_doors_unknown_doors_and_too_many_are_refused(doors: list[Place]) -> None:
    for wrong in ([], [999_999], [doors[0].id] * (MOST + 1)):
        with pytest.raises(Problem):
            door_sheet(wrong)
