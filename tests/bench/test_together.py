"""What is measured of the points bank begins when all who take part are ready."""

from typing import Any
from uuid import UUID

import pytest

from bench import together
from lingka.points import actions


class Line:
    def __init__(self, told: list[str]) -> None:
        self.told = told

    def wait(self, _longest: float) -> None:
        self.told.append("wait")


def test_nobody_redeems_before_all_have_their_points(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def tells(name: str) -> None:
        monkeypatch.setattr(actions, name, lambda *_a, **_k: told.append(name) or made)

    made: Any = type("Made", (), {"uuid": UUID(int=1)})
    for name in ("open_account", "earn", "reserve", "hand_over"):
        tells(name)
    monkeypatch.setattr(together, "LINE", [Line(told)])
    together._redeem([(UUID(int=2), UUID(int=3))] * 2)
    assert told == ["open_account", "earn"] * 2 + ["wait"] + ["reserve", "hand_over"] * 2
