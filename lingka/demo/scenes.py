"""The cases that wait at the demo street's desk on the first day, each for a reason of its own."""

from dataclasses import dataclass

from lingka.demo.fates import Fate


@dataclass(frozen=True)
class Scene:
    """`hours` before now it came; `stops` where it waits."""

    hours: float
    case_type: str
    words: str
    stops: tuple[str, ...]
    language: str = "zh-hans"
    channel: str = "door"
    returns: int = 0
    extended: bool = False
    suspended: bool = False
    reopened: bool = False
    photo: bool = False

    def fate(self) -> Fate:
        return Fate(
            returns=self.returns, extended=self.extended, suspended=self.suspended,
            reopened=self.reopened, photo=self.photo, pace=0.3, stops=frozenset(self.stops),
        )  # fmt: skip


SCENES = (
    Scene(52.3, "heat.leak", "供热管井冒水，人行道结冰，早上有人滑倒。", ("accepted",), returns=2),
    Scene(3.2, "passage.fire", "市场北门消防通道被货箱堵住，车进不来。", ("received",)),
    Scene(
        4.1, "light.out",
        "གློག་སྒྲོན་འདི་ཉིན་གསུམ་རིང་འབར་གྱི་མི་འདུག མཚན་མོར་རྡོ་སྐས་མཐོང་གི་མི་འདུག",
        ("accepted",), language="bo", photo=True,
    ),
    Scene(195.4, "water.drain", "厨房下水返味，修过还有，楼上也闻得到。", ("handling",),
          reopened=True),
    Scene(6.4, "road.hole", "院门口坑洼积水，老人绕不过去。", ("received",), channel="hotline"),
    Scene(78.2, "rubbish.smell", "餐饮店排烟口正对住户窗户，一到饭点就开不了窗。", ("handling",),
          extended=True),
    Scene(8.7, "passage.gate", "单元门禁坏了，老人进不去，两家都说不归自己。", ("accepted",)),
    Scene(120.6, "other.any", "院里想要一条能晒太阳的长椅，靠南墙就好。", ("suspended",),
          suspended=True, channel="letterbox"),
    Scene(2.4, "other.green", "公交站牌被树枝挡住，看不见车次。", ("received",)),
    Scene(1.3, "water.leak", "地下室水管漏水，门口已经结冰。", ("received",), photo=True),
)  # fmt: skip
