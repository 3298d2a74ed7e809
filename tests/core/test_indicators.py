from pathlib import Path

import pytest
import yaml

from lingka.core import indicators
from lingka.insight import assessing, checker, definitions

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
    found = indicators.faults("rates.work", body)
    assert [(one.code, one.where) for one in found] == [("paper", "rates.work.beside")]
    assert "“meeting”" in str(found[0])


PARTS = ("rates", "aspects", "sides", "indicators", "watched")  # where files define what counts


def shipped():
    """Every indicator of every data file of the package."""
    for path in sorted((ROOT / "lingka").glob("*/data/**/*.yaml")):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(body, dict):
            for part in PARTS:
                for key, one in (body.get(part) or {}).items():
                    yield path.name, key, one


def test_no_indicator_that_is_shipped_counts_forms_meetings_or_ledger_lines():
    found = list(shipped())
    assert {file for file, _key, _one in found} >= {"rates.yaml", "assessment.yaml", "calls.yaml"}
    assert [
        fault for _file, key, one in found for fault in indicators.faults(key, {key: one})
    ] == []


def test_a_towns_own_assessment_that_counts_meetings_is_refused():
    body = assessing.plan()
    meetings = {"zh-hans": "开会次数", "bo": "ཚོགས་འདུའི་གྲངས།", "en": "Meetings held"}
    faults = assessing.ASSESSMENT.faults(body | {"aspects": {"held": meetings}})
    assert any("“meeting" in one.lower() for one in faults), faults


def test_a_towns_own_rates_that_count_forms_are_refused():
    body = definitions.shipped()
    key, rate = next(iter(body["rates"].items()))
    faults = checker.faults(body | {"rates": {**body["rates"], key: rate | {"counts": "forms"}}})
    assert {one.code for one in faults} >= {"paper"}
