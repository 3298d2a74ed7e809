"""One case, step by step, from the report to the rating."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingka.cases import actions
from lingka.cases.models import Rating
from lingka.core import events, verify
from lingka.core.ids import uuid7
from tests.cases.city import MONDAY, City, case_of

pytestmark = pytest.mark.usefixtures("unhurried")


def test_a_case_goes_round_from_the_report_to_the_rating(city: City) -> None:
    opened = city.at("resolved")
    city.do(opened, "rate", city.reporter(opened), solved=True, satisfied="yes")
    case = case_of(opened)
    assert (case.state, case.stage, case.owner) == ("closed", "closed", "")
    assert case.closed_at == MONDAY
    assert Rating.objects.get().solved
    assert len(events.history(case.uuid)) == case.version == 8
    assert verify.run() == []


def test_opening_takes_at_most_twelve_statements(city: City) -> None:
    city.open()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        city.open(contact=actions.ContactData(phone="13900000000"))
    assert len(asked) <= 12, [one["sql"][:90] for one in asked]


def test_acting_takes_at_most_six_statements(city: City) -> None:
    opened = city.at("handling")
    with CaptureQueriesContext(connection) as asked:
        actions.perform(
            opened.case_uuid,
            "report_back",
            actor=city.staff["handler"],
            data={"words": "修好了"},
            op_id=uuid7(),
        )
    asked = [one["sql"][:110] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(asked) <= 6, asked
