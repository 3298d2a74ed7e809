"""The session's own database."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_a_new_enough_postgresql() -> None:
    assert connection.cursor().connection.info.server_version >= 150000
