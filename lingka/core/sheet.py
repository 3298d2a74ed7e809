"""Content of the component sheet: what each component says in real use, in three languages.

These are samples, not strings of the interface, so they are authored text like a case type's name.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import get_language

from lingka.core import datafiles
from lingka.core.clockviews import ClockView
from lingka.core.text import pick

SAMPLES = Path(__file__).parent / "data" / "sheet.yaml"

LIGHT = "wall plaster wash wood wood-2 frame rule ochre sky barley willow".split()  # noqa: SIM905


@dataclass(frozen=True)
class Step:
    """One knot of a timeline, a row of stages or a chain."""

    state: str
    title: str
    note: str = ""


def say(zh: str, bo: str, en: str) -> str:
    return {"zh-hans": zh, "bo": bo}.get(get_language() or "", en)


def tiles() -> list[tuple[str, str, str]]:
    return [
        (one["picture"], pick(one["name"]), pick(one["hint"]))
        for one in datafiles.read(SAMPLES)["tiles"]
    ]


def more_pictures() -> list[tuple[str, str]]:
    return [
        ("green", say("绿化", "ལྗང་ཁུ།", "Trees")),
        ("noise", say("噪声", "འུར་སྒྲ།", "Noise")),
        ("smoke", say("油烟", "དུ་བ།", "Smoke")),
        ("safety", say("消防", "མེ་འགོག", "Fire safety")),
        ("care", say("照护", "བདག་སྐྱོང་།", "Care")),
        ("book", say("学习", "སློབ་སྦྱོང་།", "Learning")),
        ("bench", say("长椅", "རྐུབ་སྟེགས།", "Bench")),
        ("other", say("别的事", "དོན་གཞན།", "Something else")),
    ]


def clocks() -> list[ClockView]:
    return [
        ClockView("running", say("还剩 2 天", "ཉིན་ 2 ལྷག་ཡོད།", "2 days left"), 0.34),
        ClockView("soon", say("还剩 40 分", "སྐར་མ་ 40 ལྷག་ཡོད།", "40 min left"), 0.87),
        ClockView("late", say("晚了 3 小时", "ཆུ་ཚོད་ 3 འགྱངས་སོང་།", "3 h late"), 1),
        ClockView(
            "suspended",
            say("暂停", "མཚམས་བཞག", "Suspended"),
            0.45,
            "",
            say("24 日恢复", "ཚེས་ 24 ཉིན་མུ་མཐུད།", "resumes 24th"),
        ),
        ClockView("done", say("早一天办好", "ཉིན་གཅིག་སྔོན་ལ་གྲུབ།", "done a day early"), 1),
    ]


def timeline() -> list[Step]:
    return [
        Step(
            "done",
            say("居民扫码上报", "སྡོད་དམངས་ཀྱིས་རྟགས་བཤེར་ནས་ཞུས།", "A resident scanned and told us"),
            say("今天 14:52", "དེ་རིང་ 14:52", "today 14:52"),
        ),
        Step(
            "done",
            say(
                "网格员到现场，放了警示锥",
                "དྲ་མིག་པ་ས་ཐོག་ཏུ་སླེབས། ཉེན་བརྡ་བཞག",
                "The grid worker came and placed a cone",
            ),
            say("今天 15:20", "དེ་རིང་ 15:20", "today 15:20"),
        ),
        Step(
            "now",
            say(
                "等街道选主办",
                "ཁྲོམ་གཞུང་གིས་འགན་འཁུར་པ་འདེམས་པར་སྒུག",
                "Waiting for the street desk to choose who leads",
            ),
            say("18:30 前", "18:30 གོང་", "by 18:30"),
        ),
        Step(
            "next",
            say(
                "修好 → 核实 → 评价",
                "བཟོ་བཅོས། → ཞིབ་བཤེར། → དཔྱད་མཆན།",
                "repair → verification → rating",
            ),
        ),
    ]


def stages() -> list[Step]:
    return [
        Step("done", say("收到", "འབྱོར།", "Received"), say("18 日", "ཚེས་ 18", "18th")),
        Step("done", say("派出", "བསྐུར།", "Sent"), say("18 日", "ཚེས་ 18", "18th")),
        Step("done", say("处理", "སེལ།", "Handled"), say("19 日", "ཚེས་ 19", "19th")),
        Step("now", say("请您看", "གཟིགས་རོགས།", "Please look"), say("今天", "དེ་རིང་", "today")),
        Step("next", say("办结", "གྲུབ།", "Closed")),
    ]


def chain() -> list[Step]:
    return [
        Step(
            "done",
            say("议题", "གྲོས་གཞི།", "Topic"),
            say("从 6 件投诉里来", "ཞུ་གཏུག་ 6 ནས་བྱུང་།", "out of 6 complaints"),
        ),
        Step(
            "done",
            say("商量", "གྲོས་མོལ།", "Talk"),
            say("提了 3 个办法", "ཐབས་ལམ་ 3 བཏོན།", "3 ways proposed"),
        ),
        Step(
            "now",
            say("表决", "འོས་འཕེན།", "Vote"),
            say("应到 31 户，到 26 户", "ཁྱིམ་ 31 ནས་ 26 སླེབས།", "26 of 31 households came"),
        ),
        Step(
            "next",
            say("在办", "སྒྲུབ་བཞིན་པ།", "At work"),
            say("结果在这里公布", "འབྲས་བུ་འདིར་བསྒྲགས།", "results are posted here"),
        ),
    ]


def rates() -> list[tuple[str, str, str, str]]:
    return [
        (say("供水维修队", "ཆུ་ལམ་ཉམས་གསོ་ཚན།", "Water team"), "112 ÷ 118 · 94.9%", "+1.2", "9"),
        (say("市政照明所", "གྲོང་ཁྱེར་སྒྲོན་མེའི་ཁང་།", "Street lighting"), "64 ÷ 66 · 97.0%", "−0.4", "4"),
    ]


def few() -> tuple[str, str]:
    return (
        say("街道养护队", "ཁྲོམ་ལམ་ཉམས་གསོ་ཚན།", "Street upkeep team"),
        say("不足 10 件，不算比率", "10 མ་ལོངས་པས་ཚད་མི་རྩི།", "fewer than 10: no rate"),
    )


def tray() -> list[dict[str, str]]:
    return [
        {
            "icon": "camera",
            "title": say("复看照片 2 张，3 号院 2 单元", "འདྲ་པར་ 2 ར་སྐོར་ 3 པ།", "2 photos, yard 3"),
            "note": "1.4 MB",
        },
        {
            "icon": "clipboard-check",
            "title": say("配电间查看结果", "གློག་ཁང་གི་བརྟག་འབྲས།", "Switch room check"),
            "note": "6 kB",
        },
    ]


def type_samples() -> list[tuple[str, str, str, str]]:
    return [
        ("title", "修好了，请您看一看", "བཟོས་ཚར་སོང་། གཟིགས་རོགས།", "Fixed. Please look."),
        ("subtitle", "这件事现在在谁手里", "དོན་འདི་ད་ལྟ་སུའི་ལག་ཏུ་ཡོད་དམ།", "Who has it now"),
        (
            "body",
            "供水维修队明天 18:00 前回您话。",
            "ཆུ་སྐྲུན་རུ་ཁག་གིས་སང་ཉིན་ལན་འདེབས་ངེས།",
            "The water team replies by 18:00 tomorrow.",
        ),
        ("note", "今天 15:20 · 附照片 1 张", "དེ་རིང་ 15:20 · འདྲ་པར་ 1", "Today 15:20 · 1 photo"),
    ]


class SampleForm(forms.Form):
    """Fields as they stand, and one that says how to mend it."""

    where = forms.CharField()
    phone = forms.CharField(required=False)
    resume = forms.CharField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where, phone, resume = self.fields["where"], self.fields["phone"], self.fields["resume"]
        where.label = say("在哪里", "གང་དུ་ཡིན།", "Where")
        where.help_text = say(
            "扫码带来的，可以改", "རྟགས་ནས་བྱུང་། བཅོས་ཆོག", "from the code; you can change it"
        )
        phone.label = say("电话", "ཁ་པར།", "Phone")
        phone.help_text = say(
            "只用来回您话，办结后删掉",
            "ལན་འདེབས་པ་ཁོ་ནའི་ཆེད། གྲུབ་རྗེས་གསུབ་ངེས།",
            "only to answer you; erased afterwards",
        )
        resume.label = say("恢复日期", "མུ་མཐུད་པའི་ཚེས།", "Resumes on")

    def clean_resume(self) -> str:
        raise forms.ValidationError(
            say(
                "这天已经过了。请选今天以后的一天。",
                "ཉིན་འདི་འདས་ཟིན། དེ་རིང་རྗེས་ཀྱི་ཉིན་ཞིག་འདེམས་རོགས།",
                "That day is over. Please choose one after today.",
            )
        )


def sheet() -> dict[str, Any]:
    form = SampleForm(
        {
            "where": say("3 号院 2 单元", "ར་སྐོར་ཨང་༣པའི་སྡེ་ཚན་༢པ།", "Yard 3, unit 2"),
            "phone": "139",
            "resume": say("11 月 19 日", "ཟླ་ 11 ཚེས་ 19", "19 November"),
        }
    )
    form.is_valid()
    return {
        "colours": LIGHT,
        "types": type_samples(),
        "tiles": tiles(),
        "pictures": more_pictures(),
        "clocks": clocks(),
        "timeline": timeline(),
        "stages": stages(),
        "chain": chain(),
        "rates": rates(),
        "few": few(),
        "tray": tray(),
        "form": form,
        "elders": ELDERS,
        "t": words(),
    }


ELDERS = [
    ("zh-hans", "水管修好了吗？", "供水维修队说，19 日修好了。", "修好了", "没修好", "读给我听"),
    (
        "bo",
        "ཆུ་མདོང་བཟོས་ཚར་སོང་ངམ།",
        "ཚེས་ ༡༩ ཉིན་བཟོས་ཚར་ཡོད་ཟེར།",
        "ཚར་སོང་།",
        "ཚར་མ་སོང་།",
        "སྐད་ཀྱིས་ཀློག་རོགས།",
    ),
]


def words() -> dict[str, str]:
    """The headings and buttons of the sheet."""
    return {key: pick(said) for key, said in datafiles.read(SAMPLES)["words"].items()}
