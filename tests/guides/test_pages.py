"""The pages of guides: read by all, written by the town's administrators."""

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.guides import selectors
from lingka.guides.forms import initial
from tests.cases.city import City
from tests.security.stage import _give

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(city: City) -> Client:
    _give(city, "administrator", "administrator", "hall", city.root)
    client = Client()
    client.force_login(User.objects.get(username="administrator"))
    return client


def filled(**changes: str) -> dict[str, object]:
    body = selectors.body("heating-hours")
    assert body is not None
    values = initial(body) | changes
    return {"do": "guide"} | {f"guide-{name}": value for name, value in values.items()}


@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "要带什么"), ("bo", "ཡིག་ཆ"), ("en", "What to bring")]
)
def test_a_guide_says_what_to_bring_in_the_reader_s_language(
    client: Client, language: str, word: str
) -> None:
    client.cookies["language"] = language
    page = client.get("/guides/residence-permit").content.decode()
    assert word in page
    assert "2015" in page  # of when its source is


def test_a_search_without_a_find_offers_to_say_it(client: Client) -> None:
    page = client.get("/guides/", {"q": "火星"}, headers={"accept-language": "en"})
    assert "Nothing fits these words" in page.content.decode()


def test_an_unknown_guide_is_not_found(client: Client) -> None:
    assert client.get("/guides/nothing").status_code == 404


def test_saving_a_guide_publishes_a_version_that_residents_read(administrator: Client) -> None:
    sent = filled(**{"answer_zh-hans": "今年提前到十月二十日供暖。"})
    assert administrator.post("/desk/guides/heating-hours", sent).status_code == 302
    selectors.forget()
    assert "十月二十日" in administrator.get("/guides/heating-hours").content.decode()
    assert selectors.guides("answer")[0].number in (1, 2)


def test_a_language_left_out_is_said_beside_its_field_and_nothing_is_lost(
    administrator: Client,
) -> None:
    sent = filled(takes_en="a day")
    page = administrator.post("/desk/guides/heating-hours", sent)
    assert page.status_code == 400
    assert "a day" in page.content.decode()
    form = page.context["forms"]["guide"]
    assert "takes_zh-hans" in form.errors


def test_a_paper_missing_in_one_language_is_said_beside_it(administrator: Client) -> None:
    sent = filled(**{"papers_zh-hans": "证一\n证二", "papers_bo": "ལག་ཁྱེར།", "papers_en": "a\nb"})
    page = administrator.post("/desk/guides/heating-hours", sent)
    assert "papers_bo" in page.context["forms"]["guide"].errors or page.status_code == 400


def test_a_guide_taken_down_is_gone_for_residents(administrator: Client) -> None:
    administrator.post("/desk/guides/reading-room/retire")
    selectors.forget()
    assert administrator.get("/guides/reading-room").status_code == 404
