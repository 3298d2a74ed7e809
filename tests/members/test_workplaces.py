"""Double check-in: a workplace serves a community, its people name it, and only counts are told."""

from typing import Any

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.areas import selectors as areas
from lingka.core.text import pick
from lingka.members import actions, rules, selectors
from lingka.members.models import Workplace
from tests.cases.city import City, problem, refusal
from tests.members.people import OFFER, joined


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def desk(city: City, who: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=city.staff[who].id))
    return client


def test_the_desk_checks_a_workplace_in_and_its_people_name_it(city: City, home: int) -> None:
    bank = city.units["light"].pk
    actions.check_in(bank, home, actor=city.staff["dispatcher"], **OFFER)
    assert selectors.workplace_choices(home) == [(bank, "light")]
    one = joined(home, workplace=bank)
    assert one.info.workplace_id == bank


def test_a_unit_asks_by_itself_and_counts_once_the_community_confirms(
    city: City, home: int
) -> None:
    bank = city.units["light"].pk
    asked = actions.check_in(bank, home, actor=city.staff["handler"], **OFFER)
    assert selectors.workplace_choices(home) == []
    with refusal("not_keeper"):
        actions.confirm(asked, actor=city.staff["handler"])
    assert actions.confirm(asked, actor=city.staff["dispatcher"]) == 0
    assert selectors.workplace_choices(home) == [(bank, "light")]


def test_nobody_checks_in_another_unit(city: City, home: int) -> None:
    with refusal("not_keeper"):
        actions.check_in(city.units["water"].pk, home, actor=city.staff["handler"], **OFFER)


@pytest.mark.parametrize(
    ("field", "value"), [("kinds", ["spying"]), ("kinds", []), ("weekdays", [7]), ("times", ["x"])]
)
def test_what_is_not_on_the_lists_is_refused_beside_its_field(
    city: City, home: int, field: str, value: Any
) -> None:
    with problem(field):
        actions.check_in(
            city.units["light"].pk, home, actor=city.staff["dispatcher"], **OFFER | {field: value}
        )


def test_only_a_workplace_of_ones_own_community_can_be_named(city: City, home: int) -> None:
    with problem("workplace"):
        joined(home, workplace=city.units["light"].pk)


def test_an_ended_check_in_is_named_by_nobody_any_more(city: City, home: int) -> None:
    bank = city.units["light"].pk
    made = actions.check_in(bank, home, actor=city.staff["dispatcher"], **OFFER)
    one = joined(home, workplace=bank)
    actions.end(made, actor=city.staff["dispatcher"])
    after = selectors.member(one.info.uuid)
    assert after is not None
    assert after.workplace_id is None


def test_of_few_no_number_is_told(city: City, home: int) -> None:
    bank = city.units["light"].pk
    made = actions.check_in(bank, home, actor=city.staff["dispatcher"], **OFFER)
    for number in range(rules.FEW):  # nor whether there is anybody
        page = said(desk(city, "dispatcher").get(f"/desk/workplaces/{made}"))
        assert "<dd>fewer than 5</dd>" in page
        joined(home, f"1390000222{number}", f"云{number}", workplace=bank)
    assert actions.confirm(made, actor=city.staff["dispatcher"]) == rules.FEW
    page = said(desk(city, "dispatcher").get(f"/desk/workplaces/{made}"))
    assert "of 5 who took part" in page
    assert "云0" not in page


def test_the_desk_does_it_all_on_its_pages(city: City, home: int) -> None:
    client = desk(city, "dispatcher")
    form = {
        "do": "offer", "offer-unit": city.units["water"].pk, "offer-area": home,
        "offer-kinds": ["care", "talks"], "offer-weekdays": ["5"], "offer-times": [],
    }  # fmt: skip
    refused = client.post("/desk/workplaces/new", form)
    assert refused.status_code == 400
    assert 'value="talks" id="id_offer-kinds_2" checked' in said(refused)
    made = client.post("/desk/workplaces/new", form | {"offer-times": ["evening"]})
    page = made["Location"]
    listed = said(client.get("/desk/workplaces/"))
    assert "Policy talks" in listed
    street = areas.area(areas.area(home).parent_id or 0)
    assert f'<br><span class="note">{pick(street.name)}</span>' in listed
    client.post(page, {"do": "end"})
    assert Workplace.objects.get().ended_at is not None
    assert client.get(page).status_code == 404
