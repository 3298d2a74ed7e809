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
    voice: bool = False
    at: str = "street"  # whose desk: the demo street's, the community's, or a grid worker's grid;
    # "nowhere": no place is named, so the desk of the whole town has it
    unit: str = ""  # who has it, whatever the rules say
    kind: str = ""  # of place, where the words name one
    followers: int = 0  # so many more say: me too

    def fate(self) -> Fate:
        return Fate(
            returns=self.returns, extended=self.extended, suspended=self.suspended,
            reopened=self.reopened, photo=self.photo, voice=self.voice, pace=0.3,
            asked="answer" in self.stops, stops=frozenset(self.stops), followers=self.followers,
        )  # fmt: skip


SCENES = (
    Scene(52.3, "heat.leak", "供热管井冒水，人行道结冰，早上有人滑倒。",
          ("accepted",), returns=2, kind="street"),
    Scene(3.2, "passage.fire", "市场北门消防通道被货箱堵住，车进不来。",
          ("received",), kind="shop"),
    Scene(
        4.1, "light.out",
        "གློག་སྒྲོན་འདི་ཉིན་གསུམ་རིང་འབར་གྱི་མི་འདུག མཚན་མོར་རྡོ་སྐས་མཐོང་གི་མི་འདུག",
        ("accepted",), language="bo", photo=True,
    ),
    Scene(195.4, "water.drain", "厨房下水返味，修过还有，楼上也闻得到。", ("handling",),
          reopened=True, kind="building"),
    Scene(6.4, "road.hole", "院门口坑洼积水，老人绕不过去。",
          ("received",), channel="hotline", kind="courtyard"),
    Scene(78.2, "rubbish.smell", "餐饮店排烟口正对住户窗户，一到饭点就开不了窗。", ("handling",),
          extended=True, kind="building"),
    Scene(8.7, "passage.gate", "单元门禁坏了，老人进不去，两家都说不归自己。",
          ("accepted",), kind="building"),
    Scene(120.6, "other.any", "院里想要一条能晒太阳的长椅，靠南墙就好。", ("suspended",),
          suspended=True, channel="letterbox", kind="courtyard"),
    Scene(2.4, "other.green", "公交站牌被树枝挡住，看不见车次。", ("received",), kind="street"),
    Scene(1.3, "water.leak", "地下室水管漏水，门口已经结冰。",
          ("received",), photo=True, kind="building"),
    Scene(0.4, "water.burst", "院里总管裂了，水往一楼冒，已经拿沙袋挡着。",
          ("handling",), photo=True, kind="courtyard", followers=3),
    Scene(5.2, "other.any", "想请人看看公告栏，字小，老人看不清。", ("answer",)),
    Scene(30.5, "water.none", "四楼水一直小，早上完全没有。", ("reported",), kind="building"),
    Scene(29.1, "light.out", "巷口两盏路灯都灭了，下晚自习的孩子害怕。",
          ("reported",), photo=True, kind="street"),
    Scene(49.7, "water.leak", "水表井渗水，踩得满地泥。", ("calling_back",)),
    Scene(74.9, "light.out", "楼道灯一闪一闪的，昨晚有人绊了一下。",
          ("calling_back",), kind="building"),
    Scene(7.3, "light.out", "十字路口的灯不亮，摸黑走。",
          ("dispatched",), kind="street", followers=2),
    Scene(26.8, "light.out", "路灯白天亮，晚上灭。", ("handling",)),
    Scene(25.2, "water.drain", "污水井满出来了，走路要绕。",
          ("handling",), photo=True, kind="street"),
    Scene(2.1, "water.none", "水一会儿有一会儿没有，做饭都成问题。",
          ("dispatched",), kind="building"),
    Scene(1.9, "passage.stairs", "楼道里停着电动车充电，晚上看不见会绊倒。",
          ("received",), at="community"),
    Scene(3.7, "rubbish.full", "垃圾桶满了三天没人清，风一吹到处飞。",
          ("received",), at="community", photo=True),
    Scene(
        4.9, "help.errand", "སྨན་ལེན་པར་རོགས་རམ་ཞུ། རྐང་པ་བདེ་པོ་མི་འདུག ཁྱིམ་དུ་མི་མེད།", ("received",),
        language="bo", at="community", voice=True,
    ),
    Scene(27.6, "passage.gate", "院门关不上，晚上谁都能进来。", ("accepted",), at="community"),
    Scene(2.8, "road.ice", "背阴的台阶上一层冰，送孩子要扶着走。", ("received",), at="grid"),
    Scene(28.3, "passage.stairs", "楼道里堆着旧沙发，担架抬不下来。", ("handling",), at="grid"),
    Scene(50.2, "rubbish.dump", "院墙外倒了一堆装修废料。",
          ("dispatched",), at="grid", channel="grid_worker"),
    Scene(149.0, "water.leak", "墙角渗水一个星期了，墙皮都泡起来了。", ("handling",)),
    Scene(170.5, "light.out", "巷子北头的路灯修过一次，没亮过两天。", ("handling",), kind="street"),
    Scene(5.6, "rubbish.full", "路口的垃圾箱好几天没收了，来电的人没说是哪条路。",
          ("received",), at="nowhere", channel="hotline"),
    Scene(28.9, "help.policy", "想问老人换证要带什么，能不能让别人代办。",
          ("received",), at="nowhere", channel="hotline"),
    Scene(24.6, "heat.cold", "新换的暖气还是不热，老人穿着棉衣坐着。",
          ("resolved",), kind="building"),
)  # fmt: skip
