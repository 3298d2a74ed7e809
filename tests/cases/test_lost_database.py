"""The database goes while cases are attended to: that is no case's fault."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from lingka.cases import actions
from lingka.cases.actions import waking
from lingka.cases.models import Unattended
from lingka.core import clock
from tests.cases import city as cities
from tests.cases.city import MONDAY


@pytest.mark.django_db(transaction=True)
def test_a_case_is_not_put_aside_because_the_database_went(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(*args: Any) -> bool:
        connection.connection.close()
        raise OperationalError("server closed the connection unexpectedly")

    with clock.at(MONDAY):
        cities.build().open("water.burst")
    with clock.at(MONDAY + timedelta(hours=2)):
        monkeypatch.setattr(waking, "_attend", gone)
        with pytest.raises(OperationalError):
            actions.due_now()
        connection.close()
        assert not Unattended.objects.exists()
        monkeypatch.undo()
        assert actions.due_now() == 1
