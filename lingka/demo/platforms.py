"""The demo's other platform: what the region's hotline sent, and where both lists differ."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.demo.organisation import DESK, HOME
from lingka.exchange import actions

if TYPE_CHECKING:
    from lingka.demo.history import History

KEY = "region-12345"
NAME = {
    "zh-hans": "自治区12345热线平台",
    "bo": "རང་སྐྱོང་ལྗོངས་ཀྱི་ 12345 ཚ་ཐིག་སྟེགས་བུ།",
    "en": "Regional 12345 hotline platform",
}
MAPPING = """\
source: region-12345
format: csv
id: 工单号
channel: hotline
language: zh-hans
time_zone: Asia/Shanghai
columns: {words: [内容], address: 行政区划代码}
types: {columns: [内容], keywords: true, default: other.any}
status: {column: 状态, closed: [已办结]}
"""
HEAD = "工单号,内容,行政区划代码,状态"
OPEN, CLOSED = "办理中", "已办结"
CALLS = (
    ("来电反映小区门口路灯三天不亮，老人晚上出门看不清", HOME),
    ("来电反映巷子里井盖松动，车压过去声音很大", DESK),
    ("来电咨询办理居住证要带哪些材料", HOME),
    ("来电反映垃圾桶满了两天没有清运，有异味", DESK),
    ("来电反映楼道堆放杂物，电动车推不进去", HOME),
    ("来电反映院里下水道堵塞，污水外溢", DESK),
)


def connect(history: "History") -> None:
    """Yesterday's calls came over; their list of today agrees with ours but for three."""
    yesterday = history.now - timedelta(days=1)
    numbers = [f"{yesterday:%Y%m%d}{number:04}" for number in range(318, 318 + len(CALLS))]
    rows = [[number, *call, OPEN] for number, call in zip(numbers, CALLS, strict=True)]
    with TemporaryDirectory() as folder:
        with clock.at(yesterday):
            actions.set_peer(KEY, actor=SYSTEM, name=NAME, mapping=MAPPING)
            actions.take(KEY, _file(folder, f"{yesterday:%Y%m%d}.csv", rows))
        theirs = [[*rows[0][:3], CLOSED], *rows[2:]]  # one is over there, one they lost
        theirs.append([f"{history.now:%Y%m%d}0007", "来电反映公交站牌倾斜", HOME, OPEN])
        actions.compare(KEY, _file(folder, f"{history.now:%Y%m%d}.csv", theirs))


def _file(folder: str, name: str, rows: list[list[str]]) -> Path:
    path = Path(folder) / name
    path.write_text("\n".join([HEAD, *(",".join(row) for row in rows), ""]), encoding="utf-8")
    return path
