"""Whoever leaves stays a number in the rolls."""

from pathlib import Path
from typing import Any

import pytest

from lingka.core.actors import SYSTEM
from lingka.members import actions as members
from lingka.ops import erasures
from lingka.voting import actions
from lingka.voting.models import Voter
from tests.cases.city import City, refusal
from tests.cases.conftest import city, monday
from tests.members.people import hear
from tests.voting.hall import FOR, actor, cast, counted, draft, opened, people, seen, unguarded

__all__ = ["city", "monday"]
pytestmark = pytest.mark.django_db


def test_who_has_left_votes_no_more_and_stays_a_number(
    city: City, tmp_path: Path, settings: Any
) -> None:
    settings.HOME = tmp_path
    voters, gone = people(city, 4), {"member": None}
    running, over = opened(city), opened(city)
    counted(over)
    asked = actions.prepare(draft(city, invited=[voters[0].uuid]), actor=SYSTEM)
    restored = Voter.objects.filter(vote__uuid=running, member=voters[0].uuid).get()
    members.leave(actor=actor(voters[0]))
    with refusal("no_member"):
        cast(running, (voters[0], FOR))
    hear("voting.let-go")
    assert Voter.objects.filter(**gone).count() == 2
    assert [seen(one).roll for one in (running, over)] == [4, 4]
    assert seen(asked).invited["invited"] == []
    erasures.keep()
    with unguarded():
        restored.save()  # as an older copy has it
    erasures.apply()
    assert Voter.objects.filter(**gone).count() == 2
