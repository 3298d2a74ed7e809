from typing import Any

import pytest

from lingka.core.actors import SYSTEM
from lingka.exchange import actions
from tests.cases.city import names
from tests.cases.conftest import city, monday
from tests.field.conftest import seen_at_once

__all__ = ["city", "monday", "seen_at_once"]
KEY = "province"
PLAN = """
source: province
format: csv
id: 编号
channel: hotline
language: zh-hans
time_zone: Asia/Shanghai
columns: {words: [内容], address: 地址}
types: {columns: [内容], map: {路灯: light.out, 居住证: help.papers}, default: other.any}
status: {column: 状态, closed: [已办结]}
"""
WIRE = PLAN.replace("format: csv", "format: jsonl").replace("id: 编号", "id: service_request_id")
WIRE = WIRE.replace("[内容]", "[description]").replace("地址", "address")
WIRE = WIRE.replace("{column: 状态, closed: [已办结]}", "{column: status, closed: [closed]}")


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.EXCHANGE_ROOT = tmp_path / "exchange"


def set_up(**changes: Any) -> str:
    given = {"name": names("省平台"), "mapping": PLAN, "shares": "own"}
    actions.set_peer(KEY, actor=SYSTEM, **(given | changes))
    return KEY


@pytest.fixture
def peer(city: Any) -> str:
    return set_up()


def sheet(*rows: tuple[str, str, str]) -> str:
    """Number, words and status of each; all lie in the community."""
    lines = [f"{number},{words},{status},540102001001" for number, words, status in rows]
    return "\n".join(["编号,内容,状态,地址", *lines, ""])
