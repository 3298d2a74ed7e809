"""Tests that commit leave nothing behind, and take nothing away."""

import pytest
from django.contrib.auth.models import Permission

from lingka.cases.models import Definition
from lingka.core.models import Event
from tests import refresh
from tests.cases import city as cities


@pytest.mark.django_db(transaction=True)
def test_rows_come_and_go_until_all_is_as_the_migrations_left_it() -> None:
    if not refresh.possible():
        pytest.skip("only a superuser may write past what forbids to change history")
    shipped = set(Definition.objects.values_list("id", "content_hash"))
    granted = Permission.objects.count()
    cities.build()
    Permission.objects.all().delete()
    refresh.restore()
    assert not Event.objects.exists()
    assert set(Definition.objects.values_list("id", "content_hash")) == shipped
    assert Permission.objects.count() == granted > 0
