"""A restored backup begins another epoch: phones send again, and what was lost is done again."""

import pytest
from django.db import transaction

from lingka.cases.models import Case
from lingka.core import epochs, verify
from tests.field.conftest import Phone

pytestmark = pytest.mark.django_db


def test_what_the_backup_had_is_a_duplicate_and_what_it_had_not_is_done(phone: Phone) -> None:
    before, after = phone.report(), phone.report()
    first = phone.send(before).json()["epoch"]
    with transaction.atomic():
        phone.push(after)
        transaction.set_rollback(True)  # what came after the backup was made
    assert Case.objects.count() == 1
    epochs.begin()
    answer = phone.send(before, after).json()
    assert answer["epoch"] != first
    assert [one["status"] for one in answer["results"]] == ["duplicate", "applied"]
    assert Case.objects.count() == 2
    assert verify.run() == []


def test_the_epoch_stays_as_long_as_nothing_is_restored(phone: Phone) -> None:
    epochs = {phone.send().json()["epoch"], phone.standing().json()["epoch"]}
    assert len(epochs) == 1
