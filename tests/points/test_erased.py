"""Who left stays gone, also when an older copy of the data is brought back."""

from pathlib import Path
from uuid import uuid4

import pytest

from lingka.ops import erasures
from lingka.points import actions
from lingka.points.models import Owner
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
    assert erasures.keep() == 1
    Owner.objects.create(account_id=account, ledger="points", member=left)  # as the copy has it
    assert erasures.apply() == 1
    assert list(Owner.objects.values_list("member", flat=True)) == [stays]
    assert str(left) not in erasures.file().read_text()
