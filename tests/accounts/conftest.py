from datetime import date

import pytest

from lingka.accounts import actions
from lingka.core.actors import SYSTEM, Actor
from tests.units.conftest import calendar, city, grid, street, water

__all__ = ["calendar", "city", "grid", "street", "water"]


def make_user(username="shui", **more):
    return actions.create_user(
        actor=SYSTEM, username=username, name=username, password="lingka-demo", **more
    )


def give(user, role, unit, **more):
    values = {"valid_from": date(2026, 1, 1), **more}
    return actions.grant_post(user, actor=SYSTEM, role=role, unit_id=unit, **values)


@pytest.fixture
def user(db):
    return make_user()


@pytest.fixture
def post(user, water):
    return give(user, "handler", water)


@pytest.fixture
def guanli(water):
    """An administrator, as an actor."""
    one = make_user("guanli")
    return Actor("user", one, give(one, "administrator", water))
