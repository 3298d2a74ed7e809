from pathlib import Path

import pytest
import yaml

from lingka.core import indicators

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "text",
    [
        "forms", "ledger_lines", "number of meetings held", "Meetings", "photos_taken",
        "台账条数", "召开会议次数", "填表数", "每日打卡", "ཚོགས་འདུའི་གྲངས", "questionnaires",
    ],
)  # fmt: skip
def test_whatever_counts_paper_is_found_in_three_languages(text):
    assert indicators.faults("rates.x", {"counts": text})


@pytest.mark.parametrize(
    "text",
    ["solved", "contacted_in_time", "formal answers", "information given", "former units",
     "居民说解决了的", "སྡོད་མིས་ཐག་གཅོད་བྱུང་ཟེར་བ", "performed in time", "format"],
)  # fmt: skip
def test_what_counts_cases_passes(text):
    assert indicators.faults("rates.x", {"counts": text}) == []


def test_the_fault_names_the_place_and_the_word():
    body = {"label": {"en": "Work"}, "beside": ["solved", "meetings_held"]}
    assert indicators.faults("rates.work", body) == [
        "rates.work.beside: “meeting” is paper; no indicator counts forms, meetings or ledger lines"
    ]


def shipped_rates():
    for path in sorted((ROOT / "lingka").glob("*/data/**/*.yaml")):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(body, dict):
            for key, rate in (body.get("rates") or {}).items():
                yield f"{path.name}: {key}", rate


def test_no_indicator_that_is_shipped_counts_forms_meetings_or_ledger_lines():
    assert [fault for key, rate in shipped_rates() for fault in indicators.faults(key, rate)] == []
