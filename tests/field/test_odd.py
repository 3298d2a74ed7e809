"""Whatever a phone sends, of whatever kind, each operation gets an answer and no fault is ours."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingka.core.ids import uuid7
from lingka.field.kinds import KINDS
from tests.cases.city import City
from tests.field.conftest import Phone
from tests.field.test_pull import place

pytestmark = pytest.mark.django_db
FIELDS = (
    "type", "words", "language", "lon", "lat", "place", "code", "address", "attributes",
    "attachments", "case", "action", "given", "stop", "outcome", "reason", "checklist", "version",
    "round", "answers", "changes", "from", "to", "name.bo", "kind", "point", "value", "photos",
    "\x00", "",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1, 2**31, 2**53, 10**30, 1.5, 1e308, "", "x", "\x00", "\ud800", "x" * 5000,
    "light.out", "note", "done", "skipped", "restaurant", "zh-hans", "2026-11-16T10:00:00",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-16T10:00:00+08:00",
    str(uuid7()), "CASE", "PLACE", [], {}, [[[]]],
)  # fmt: skip
leaves = st.sampled_from(ODD)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3)
    ),
    max_leaves=6,
)
datas = st.dictionaries(st.sampled_from(FIELDS), values, max_size=6)
# Half of what is sent is nearly right, so that it gets further than the first look.
right: dict[str, dict[str, Any]] = {
    "report": {"type": "light.out", "lon": 91.13, "lat": 29.65},
    "act": {"case": "CASE", "action": "note", "given": {"note": "x"}},
    "round_stop": {"stop": str(uuid7()), "outcome": "done"},
    "checklist": {"checklist": "restaurant", "version": 1, "answers": {}},
    "place": {"changes": {"kind": {"from": "building", "to": "shop"}}},
}
kinds = st.sampled_from([*KINDS, "dance"])
operations = st.tuples(
    kinds, st.booleans(), datas, st.dictionaries(st.sampled_from(
        ("op_id", "seq", "record", "base_version", "depends_on", "occurred_at", "kind", "more")
    ), values, max_size=1),
)  # fmt: skip


def named(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: named(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [named(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value


@settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(sent=st.lists(operations, min_size=1, max_size=6))
def test_odd_operations_are_each_answered(city: City, phone: Phone, sent: Any) -> None:
    with transaction.atomic():
        names = {"CASE": str(city.open().case_uuid), "PLACE": str(place(city).uuid)}
        ops = []
        for kind, good, data, envelope in sent:
            whole = (right.get(kind, {}) if good else {}) | data
            record = names["PLACE"] if kind == "place" else str(uuid7())
            ops.append(named(phone.op(kind, record, data=whole) | envelope, names))
        answers = phone.push(*ops)
        assert len(answers) == len(ops)
        faults = [one for one in answers if (one["problem"] or {}).get("type") == "/problems/again"]
        assert not faults
        assert phone.standing().status_code == 200
        transaction.set_rollback(True)
