"""Names of China's public holidays in Tibetan; the `holidays` library has none."""

TIBETAN = {
    "元旦": "ཕྱི་ལོའི་གནམ་ལོ་གསར་ཚེས།",
    "农历除夕": "རྒྱ་ལོའི་ནམ་གང་།",
    "春节": "དཔྱིད་ཀའི་དུས་ཆེན།",
    "清明节": "དྭངས་གསལ་དུས་ཆེན།",
    "劳动节": "ངལ་རྩོལ་དུས་ཆེན།",
    "端午节": "ལྔ་པའི་ལྔ་ཚེས་དུས་ཆེན།",
    "中秋节": "སྟོན་དཀྱིལ་དུས་ཆེན།",
    "国庆节": "རྒྱལ་སྟོན་དུས་ཆེན།",
}
REST_DAY = "ངལ་གསོའི་ཉིན།"


def in_tibetan(chinese: str) -> str:
    """The Tibetan name of a holiday the library names in Chinese; "" for one not listed."""
    if chinese.startswith("休息日"):
        return REST_DAY
    return TIBETAN.get(chinese.removesuffix("（补假）"), "")
