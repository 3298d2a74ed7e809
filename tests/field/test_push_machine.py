"""In whatever order, however often, in pieces: each report arrives once, each answer stays."""

from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingka.cases.models import Case
from lingka.core import verify
from lingka.core.ids import uuid7
from lingka.field.models import Operation
from tests.field.conftest import Phone

pytestmark = pytest.mark.django_db
FINAL = {"applied", "duplicate"}


def work(phone: Phone, shape: list[int]) -> list[dict[str, Any]]:
    """Reports, notes on them that depend on them, and one that is refused."""
    ops: list[dict[str, Any]] = []
    for notes in shape:
        record = uuid7()
        ops.append(phone.report(record, words=f"第{len(ops)}"))
        for _ in range(notes):
            note = phone.act(record, "note", given={"note": str(len(ops))})
            ops.append(note | {"depends_on": [ops[-1]["op_id"]]})
    return [*ops, phone.report(type="no.such")]


@settings(
    max_examples=12, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    shape=st.lists(st.integers(0, 3), min_size=1, max_size=3),
    order=st.randoms(use_true_random=False),
    sendings=st.lists(st.integers(1, 5), max_size=6),
)
def test_every_report_arrives_once_in_whatever_order_it_is_sent(
    phone: Phone, shape: list[int], order: Any, sendings: list[int]
) -> None:
    with transaction.atomic():
        ops = work(phone, shape)
        answers: dict[str, str] = {}
        for number in sendings:  # some of it, several times, in any order
            for answer in phone.push(*order.choices(ops, k=number)):
                before = answers.get(answer["op_id"], "held")
                assert before == "held" or settled(before) == settled(answer["status"])
                answers[answer["op_id"]] = answer["status"]
        order.shuffle(ops)
        phone.push(*ops)
        judge(ops, shape, phone)
        transaction.set_rollback(True)


def settled(status: str) -> str:
    return "applied" if status in FINAL else status


def judge(ops: list[dict[str, Any]], shape: list[int], phone: Phone) -> None:
    """All is there, once, in each case as many notes as were made, and verifies."""
    stands = {one["op_id"]: one for one in phone.standing().json()["operations"]}
    assert len(stands) == len(ops) == Operation.objects.count()
    kinds = {op["op_id"]: op["data"].get("type") == "no.such" for op in ops}
    assert all((stands[i]["status"] == "rejected") == bad for i, bad in kinds.items())
    assert sorted(Case.objects.values_list("version", flat=True)) == sorted(n + 1 for n in shape)
    assert all(UUID(one["op_id"]) for one in stands.values())
    assert verify.run() == []
