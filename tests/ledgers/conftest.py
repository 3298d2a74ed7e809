from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.core import clock
from tests.cases import city as cities
from tests.cases.city import City

SignIn = Callable[[str], Client]


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with clock.at(cities.MONDAY):
        yield cities.build()


@pytest.fixture
def sign_in(city: City) -> SignIn:
    def signed_in(who: str) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(User.objects.get(username=who))
        return client

    return signed_in
