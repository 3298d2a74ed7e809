"""A council that sits no more: its page stays, and what is not over goes on or says why."""

from datetime import timedelta
from uuid import UUID

from django.test import Client

from lingka.core import clock
from lingka.deliberation import actions, selectors
from lingka.deliberation.models import Topic
from tests.cases.city import City, names, problem, refusal
from tests.deliberation.table import (
    SITS,
    adopted,
    council,
    held,
    in_work,
    planned,
    proposed,
    raised,
    state,
)
from tests.deliberation.test_pages import desk, read

ENGLISH = {"Accept-Language": "en"}


def test_with_a_reason_what_has_not_begun_is_declined_and_the_page_stays(
    city: City, tea: UUID
) -> None:
    topic, asked = raised(city, tea), proposed(tea)
    Topic.objects.filter(uuid=raised(city, tea)).update(state="returned")
    actions.close_council(tea, "茶馆搬走了", actor=city.staff["dispatcher"])
    assert (state(topic), state(asked)) == ("declined", "declined")
    assert selectors.council("tea") is None
    page = read(Client(headers=ENGLISH), "/councils/tea/")
    assert "茶馆搬走了" in page
    assert "Back at the table" in page  # what is overdue stays there with the reason
    assert "/councils/tea/propose" not in page
    assert Client().get("/councils/tea/propose").status_code == 404


def test_a_successor_takes_over_what_is_not_over_and_old_meetings_stay(city: City) -> None:
    topic, case = in_work(city)
    at = Topic.objects.get(uuid=topic).council.uuid
    council(city, "yard", "courtyard", name=names("院落议事会"))
    actions.close_council(at, "", actor=city.staff["dispatcher"], successor="yard")
    yard = selectors.council("yard")
    old = selectors.council("tea", closed=True)
    assert yard is not None
    assert old is not None
    assert [one.uuid for one in selectors.board(yard).in_work] == [topic]
    board = selectors.board(old)
    assert board.in_work == []
    assert board.held[0].items[0].decision is not None
    assert old.successor == ("yard", "院落议事会")
    with clock.at(SITS + timedelta(days=30)):
        actions.case_late(case)
    assert [one.uuid for one in selectors.board(yard).returned] == [topic]
    assert "/councils/yard/" in read(Client(headers=ENGLISH), "/councils/tea/")


def test_a_council_that_is_at_work_is_not_closed(city: City, tea: UUID) -> None:
    office = city.staff["dispatcher"]
    meeting = planned(city, tea)
    with problem("at_work"):
        actions.close_council(tea, "搬走了", actor=office)
    actions.call_off(meeting, actor=office)
    topic = raised(city, tea)
    held(city, tea, topic)
    with problem("at_work"):  # on the table, not decided
        actions.close_council(tea, "搬走了", actor=office)
    other = council(city, "yard", "courtyard")
    adopted(city, other, raised(city, other))
    with problem("unowned"):
        actions.close_council(other, "搬走了", actor=office)


def test_what_closes_no_council_is_refused(city: City, tea: UUID) -> None:
    office = city.staff["dispatcher"]
    with problem("why"):
        actions.close_council(tea, " ", actor=office)
    with problem("successor"):
        actions.close_council(tea, "", actor=office, successor="tea")
    with refusal("not_keeper"):
        actions.close_council(tea, "搬走了", actor=city.staff["handler"])
    actions.close_council(tea, "搬走了", actor=office)
    with problem("unknown"):
        actions.close_council(tea, "搬走了", actor=office)


def test_the_desk_changes_a_council_and_closes_it(city: City, tea: UUID) -> None:
    page = "/desk/councils/tea/edit"
    given = {"do": "change", "change-unit": city.units["office"].pk}
    given |= {f"change-name_{code}": "光明茶馆" for code in ("zh-hans", "bo", "en")}
    assert desk().post(page, given).status_code == 302
    found = selectors.council("tea")
    assert found is not None
    assert (found.name, found.kind.key) == ("光明茶馆", "teahouse")
    assert desk().post(page, given | {"change-name_bo": ""}).status_code == 400
    assert desk().post(page, {"do": "close"}).status_code == 400
    answer = desk().post(page, {"do": "close", "close-why": "茶馆搬走了"})
    assert answer["Location"] == "/councils/tea/"
    assert selectors.council("tea") is None
    assert desk().get(page).status_code == 404
