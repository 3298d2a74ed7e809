"""The board shows every rate with what it is made of, and opens into its cases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lingka.accounts.models import User
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.insight.models import Count, Fact
from lingka.insight.selectors import listing
from tests.cases.city import MONDAY, City, case_of
from tests.insight.conftest import forgotten

pytestmark = pytest.mark.usefixtures("unhurried")

Heard = Callable[[], None]
BOARD, CASES = "/desk/rates/", "/desk/rates/cases/"


def browser(actor: Actor, language: str = "en") -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.id))
    client.cookies["language"] = language
    return client


def page(actor: Actor, path: str = BOARD, **query: Any) -> str:
    answer = browser(actor).get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def dozen(city: City, heard: Heard) -> City:
    """Twelve cases, ten of them solved and one not, one withdrawn."""
    for number in range(11):
        opened = city.at("resolved")
        solved = number > 0
        city.do(
            opened, "rate", city.reporter(opened),
            solved=solved, satisfied="yes" if solved else "no",
        )  # fmt: skip
    opened = city.open()
    city.do(opened, "withdraw", city.reporter(opened))
    heard()
    return city


def test_each_rate_stands_with_its_parts(dozen: City) -> None:
    said = page(dozen.staff["supervisor"])
    for number in ("100.0%", "90.9%"):
        assert number in said
    assert ">10</a> ÷ <a" in said
    assert "Withdrawn by the resident" in said
    assert "96.8%" not in said and "93.6%" in said, "30 × 1 + 35 × 10/11 + 35 × 10/11"  # noqa: PT018


def test_a_rate_of_too_few_is_not_made(city: City, heard: Heard) -> None:
    city.at("resolved")
    heard()
    said = page(city.staff["supervisor"])
    assert "Fewer than 10: no rate" in said
    assert "100.0%" not in said


def test_while_figures_are_counted_anew_each_page_of_them_says_so(city: City, heard: Heard) -> None:
    city.at("resolved")
    heard()
    with clock.at(MONDAY + timedelta(days=1)):
        for path in ("", "cases/"):
            desk, url = browser(city.staff["supervisor"]), f"/desk/rates/{path}?period=2026-11"
            assert "counted anew" not in desk.get(url).content.decode()
            forgotten()
            assert "counted anew" in desk.get(url).content.decode()
            heard()


def test_a_month_without_cases_says_what_to_do(city: City) -> None:
    assert "Nothing was counted here" in page(city.staff["supervisor"], period="2024-02")


@pytest.mark.parametrize("nonsense", ["2026-13", "2026-W54", "x", "2026-Q9", "٢٠٢٦", "1" * 50])
def test_what_means_nothing_in_a_link_is_dropped(dozen: City, nonsense: str) -> None:
    said = page(
        dozen.staff["supervisor"], period=nonsense, area=nonsense, unit=nonsense, group=nonsense
    )
    assert "November 2026" in said


def test_a_unit_sees_its_own_rates_and_no_other(dozen: City) -> None:
    lights, water = dozen.units["light"].pk, dozen.units["water"].pk
    own = page(dozen.staff["handler"], unit=water)
    assert "light · November 2026" in own
    assert "90.9%" in own
    assert "By unit" not in own
    other = page(dozen.staff["plumber"], unit=lights)
    assert "Nothing was counted here" in other
    assert case_of_any() not in page(dozen.staff["plumber"], CASES, unit=lights)


def case_of_any() -> str:
    number = Fact.objects.values_list("number", flat=True)[0]
    return f"{number[:4]}-{number[4:]}"


def test_somebody_of_one_street_sees_no_other_area(dozen: City) -> None:
    said = page(dozen.staff["dispatcher"], area=dozen.root.pk)
    assert f"{dozen.street.name['en']} · November 2026" in said


def test_a_leader_sees_the_rates_of_their_area(dozen: City) -> None:
    said = page(dozen.staff["leader"])
    assert f"{dozen.street.name['en']} · November 2026" in said
    assert "90.9%" in said


@pytest.mark.parametrize("who", ["walker"])
def test_who_works_in_a_grid_has_no_rates(dozen: City, who: str) -> None:
    assert browser(dozen.staff[who]).get(BOARD).status_code == 404


def test_a_figure_opens_into_exactly_its_cases(dozen: City) -> None:
    boss = dozen.staff["supervisor"]
    for measure, wanted in (("solved", 10), ("not_solved", 1), ("left_out", 1), ("", 11)):
        said = page(boss, CASES, measure=measure)
        assert said.count('<th scope="row"') == wanted, measure
    assert "Withdrawn by the resident" in page(boss, CASES, measure="left_out:withdrawn")
    assert "No case here" in page(boss, CASES, measure="left_out:declined")


def test_long_lists_come_page_by_page_each_case_once(
    dozen: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 4)
    seen, url, client = [], f"{CASES}?measure=", browser(dozen.staff["supervisor"])
    while url:
        answer = client.get(url)
        seen += [row["number"] for row in answer.context["rows"]]
        url = answer.context["next_url"]
    assert len(seen) == len(set(seen)) == 11


def test_a_key_that_is_none_begins_at_the_first_page(dozen: City) -> None:
    for after in ("x", "====", "é", "MjAyNg"):
        assert page(dozen.staff["supervisor"], CASES, after=after).count('<th scope="row"') == 11


def test_figures_can_be_asked_by_type_week_quarter_and_year(dozen: City) -> None:
    boss = dozen.staff["supervisor"]
    for period in ("2026-Q4", "2026"):
        assert "90.9%" in page(boss, period=period)
    assert "90.9%" in page(boss, period="2026-W47")
    assert "Nothing was counted here" in page(boss, period="2026-W46")
    assert "Nothing was counted here" in page(boss, group="water")
    assert "90.9%" in page(boss, group="light")


def test_a_page_asks_no_more_when_there_is_more(dozen: City) -> None:
    client = browser(dozen.staff["supervisor"])
    client.get(BOARD)
    with CaptureQueriesContext(connection) as few:
        client.get(BOARD)
    row = Count.objects.filter(area=dozen.root.pk).first()
    assert row is not None
    for number in range(40):
        Count.objects.create(
            area=dozen.root.pk, month=row.month, unit=row.unit, case_type=f"light.{number}",
            reason="", cases=1,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        client.get(BOARD)
    assert len(many) <= len(few) <= 10


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_the_pages_speak_every_language(dozen: City, language: str) -> None:
    client = browser(dozen.staff["supervisor"], language)
    said = client.get(BOARD).content.decode()
    assert {"zh-hans": "解决率", "bo": "ཐག་གཅོད་ཚད།", "en": "Resolution"}[language] in said
    assert client.get(CASES).status_code == 200


def test_the_sections_lead_to_the_rates(dozen: City) -> None:
    said = page(dozen.staff["handler"], "/desk/")
    assert f'href="{BOARD}"' in said
    assert case_of(Fact.objects.all()[0].case).number in page(
        dozen.staff["handler"], CASES
    ).replace("-", "")


def test_everybody_reads_what_the_rates_mean_version_by_version(city: City) -> None:
    client = Client()
    client.cookies["language"] = "en"
    said = client.get("/rates/definition/").content.decode()
    for words in ("weight 35", "say solved", "residents who answered", "not reached", "Malicious"):
        assert words in said
    assert client.get("/rates/definition/?version=1").status_code == 200
    assert client.get("/rates/definition/?version=99").status_code == 404
