"""Which area a text names."""

import pytest

from lingka.areas import selectors

from .conftest import Town


@pytest.fixture
def known(town: Town) -> dict[str, int]:
    """A city with two districts; each has a Well Lane, one has a market."""
    city = town.add("city", "540100000000")
    made = {"City": city.id}
    for number, (code, name) in enumerate((("540102", "North"), ("540103", "South"))):
        district = town.add("district", f"{code}000000", city)
        lane = town.add("street", f"{code}001000", district)
        district.name, lane.name = {"en": f"{name} District"}, {"en": "Well Lane"}
        district.save()
        lane.save()
        made |= {name: district.id, f"{name} lane": lane.id}
        if number == 0:
            market = town.add("street", f"{code}002000", district)
            market.name = {"zh-hans": "八廓街道", "en": "Barkor"}
            market.save()
            made["market"] = market.id
    selectors.forget()
    return made


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("八廓街道 12 号", "market"),
        ("12 barkor, third floor", "market"),
        ("North District, Well Lane 3", "North lane"),
        ("South District, Well Lane 3", "South lane"),
        ("Well Lane 3", "City"),  # there are two: what both lie in
        ("between Well Lane in the North District and Barkor", "North"),
        ("area 540103001000", "South lane"),
        ("Barkoria", None),  # part of another word
        ("1540103001000", None),
        ("somewhere", None),
        ("", None),
    ],
)
def test_an_area_is_found_by_what_an_address_names(
    known: dict[str, int], text: str, area: str | None
) -> None:
    found = selectors.named(text)
    assert (found.id if found else None) == (known[area] if area else None)
