"""Who left stays gone, also when an older copy of the data is brought back."""

from pathlib import Path
from uuid import uuid4

import pytest

from lingka.core import clock
from lingka.ops import erasures
from lingka.points import actions
from lingka.points.models import Owner, Recognised, Recognition
from tests.cases.city import RESIDENT
from tests.points.bank import joined


@pytest.mark.django_db
def test_a_restored_owner_of_an_account_that_was_left_goes_again(
    tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    left, stays = uuid4(), uuid4()
    account = joined(5, member=left)
    joined(member=stays)
    actions.leave("points", left, actor=RESIDENT)
    erasures.keep()
    Owner.objects.create(account_id=account, ledger="points", member=left)  # as the copy has it
    assert erasures.apply() == 1
    assert list(Owner.objects.values_list("member", flat=True)) == [stays]
    assert str(left) not in erasures.file().read_text()


@pytest.mark.django_db
def test_whoever_left_is_not_thanked_again_after_a_restore(
    tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    left, stays = uuid4(), uuid4()
    accounts = [joined(5, member=left), joined(5, member=stays)]
    actions.leave("points", left, actor=RESIDENT)
    erasures.keep()
    year = Recognition.objects.create(
        uuid=uuid4(), year=2026, number=1, levels=[], frozen_at=clock.now()
    )
    for one in accounts:
        Recognised.objects.create(recognition=year, account_id=one, level="warm")
    erasures.apply()
    assert list(Recognised.objects.values_list("account", flat=True)) == accounts[1:]
