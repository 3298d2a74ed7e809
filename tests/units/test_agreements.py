from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import translation

from lingka.core import clock, events
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.units import actions, selectors
from lingka.units.models import Agreement
from tests.units.conftest import names

pytestmark = pytest.mark.usefixtures("unhurried")

DAY = date(2026, 3, 2)
UNTIL = date(2026, 7, 1)
PDF = ("signed.pdf", b"%PDF-1.7 signed")


def noon(day):
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@pytest.fixture
def agree(water, street):
    def register(**more):
        values = {
            "area_ids": [street.id], "case_types": ["water.burst"], "promise": names("随叫随到"),
            "valid_from": date(2026, 1, 1), "valid_to": UNTIL, **more,
        }  # fmt: skip
        return actions.register_agreement(water, actor=SYSTEM, **values)

    return register


def called(path, on=DAY, case_type="water.burst"):
    return selectors.services_for(case_type, path, noon(on))


def test_what_was_promised_comes_before_what_is_merely_served_there(agree, water, street, grid):
    serves = actions.add_service(
        water, actor=SYSTEM, area_id=street.id, case_type="water.burst", basis=names("章程"),
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    agreement = agree(case_types=["water"])
    first, second = called(grid.path)
    assert first.agreement.uuid == agreement
    assert second.id == serves


def test_a_deeper_area_s_service_still_comes_first(agree, water, grid):
    deeper = actions.add_service(
        water, actor=SYSTEM, area_id=grid.id, case_type="water", basis=names("章程"),
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    agree()
    assert called(grid.path)[0].id == deeper


def test_the_reason_names_unit_promise_and_last_day_in_every_language(agree, grid):
    agree()
    basis = called(grid.path)[0].basis
    with translation.override("en"):
        assert "自来水公司" in pick(basis)
        assert "30 June 2026" in pick(basis)
        assert "随叫随到" in pick(basis)
    assert "2026 年 6 月 30 日" in basis["zh-hans"]
    assert len(set(basis.values())) == 3


def test_after_its_last_day_it_is_no_longer_called_upon(agree, grid):
    agree()
    assert called(grid.path, UNTIL - timedelta(days=1))
    assert called(grid.path, UNTIL) == []


def test_a_renewal_counts_from_its_first_day_and_the_old_version_until_then(agree, grid):
    first = agree()
    with clock.at(noon(DAY)):
        agree(
            agreement=first, promise=names("两小时到"), valid_from=UNTIL, valid_to=date(2027, 7, 1)
        )
    assert called(grid.path, DAY)[0].agreement.number == 1
    assert called(grid.path, UNTIL)[0].agreement.number == 2
    assert [one.number for one in selectors.agreement_versions(first)] == [2, 1]


def test_a_correction_replaces_the_version_it_corrects_at_once(agree, grid):
    first = agree()
    agree(agreement=first, promise=names("两小时到"))
    found = called(grid.path)
    assert [one.agreement.number for one in found] == [2]


def test_ending_it_early_is_a_version_of_its_own(agree, water, grid):
    agreement = agree()
    actions.end_agreement(agreement, water, actor=SYSTEM, on=date(2026, 3, 1))
    assert called(grid.path, date(2026, 2, 28))
    assert called(grid.path, DAY) == []
    assert Agreement.objects.filter(uuid=agreement).count() == 2
    kinds = [event.type for event in events.history(agreement)]
    assert kinds == ["units.AgreementRegistered", "units.AgreementEnded"]


def test_a_version_is_never_rewritten(agree):
    agree()
    for change in (lambda rows: rows.update(promise={}), lambda rows: rows.delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change(Agreement.objects.all())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"valid_to": date(2026, 1, 1)}, "valid_to"),
        ({"area_ids": []}, "areas"),
        ({"case_types": ["*"]}, "case_types"),
        ({"promise": {"en": "soon"}}, "promise"),
        ({"document": ("a.pdf", b"<html>")}, "document"),
        ({"document": ("a.pdf", b"%PDF-" + b"x" * actions.DOCUMENT_LIMIT)}, "document"),
    ],
)
def test_what_does_not_do_is_said_beside_its_field(agree, given, field):
    with pytest.raises(Problem) as caught:
        agree(**given)
    assert caught.value.field == field
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("on", [date(2026, 1, 1), UNTIL])
def test_it_cannot_end_before_it_began_or_after_its_end(agree, water, on):
    agreement = agree()
    with pytest.raises(Problem) as caught:
        actions.end_agreement(agreement, water, actor=SYSTEM, on=on)
    assert caught.value.field == "on"


def test_another_unit_s_agreement_is_not_found(agree, water):
    agreement = agree()
    with pytest.raises(Problem) as caught:
        actions.end_agreement(agreement, water, actor=SYSTEM, on=date.max)
    assert caught.value.code == "invalid"
    with pytest.raises(Problem) as caught:
        agree(agreement=Agreement(uuid="01a1fd14-2338-77d3-9a98-75283fba15c1").uuid)
    assert caught.value.code == "no_agreement"


def test_the_paper_is_kept_once_and_stays_with_later_versions(agree, water):
    agreement = agree(document=PDF)
    agree(agreement=agreement, valid_to=date(2026, 8, 1))
    newest = selectors.agreement_versions(agreement)[0]
    assert selectors.document(newest.document) == PDF
    assert selectors.document("0" * 64) is None


def test_the_desk_is_told_once_ahead_and_once_when_it_is_over(agree):
    agreement = agree()
    for day, told in (
        (UNTIL - timedelta(days=31), 0), (UNTIL - timedelta(days=30), 1), (UNTIL, 1),
        (UNTIL + timedelta(days=1), 0), (UNTIL + timedelta(days=40), 0),
    ):  # fmt: skip
        with clock.at(noon(day)):
            assert actions.watch_agreements() == told
            assert actions.watch_agreements() == 0
    kinds = [event.type for event in events.history(agreement)][1:]
    assert kinds == ["units.AgreementRunsOut", "units.AgreementExpired"]


def test_an_area_s_desk_sees_the_agreements_for_it_below_it_and_over_it(agree, city, street, grid):
    agreement = agree()
    for path in (city.path, street.path, grid.path):
        assert [one.uuid for one in selectors.agreements(path)] == [agreement]
    assert selectors.agreements("/0/") == []


def test_looking_up_who_promised_asks_the_database_nothing(agree, grid, django_assert_num_queries):
    agree()
    called(grid.path)
    with django_assert_num_queries(0):
        assert called(grid.path)
        assert selectors.running_out(grid.path, at=noon(UNTIL))
