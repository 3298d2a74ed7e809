"""The pages: a time from the guide, the counter's day, handing in, what was missing, windows."""

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.cases.models import Case
from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from lingka.counter import actions, selectors
from lingka.counter.models import Appointment, HandIn, Window
from lingka.counter.selectors import WindowInfo
from tests.cases.city import RESIDENT, City, names
from tests.counter.conftest import set_up
from tests.security.stage import _give

pytestmark = pytest.mark.django_db
GUIDE = "residence-permit"


def browser(who: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=who))
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def visitor() -> Client:
    client = Client()
    client.cookies["language"] = "en"
    return client


def asked(office: WindowInfo, at: Any = None, **more: str) -> dict[str, str]:
    at = at or selectors.free_days(office)[0][1][0]
    return {
        "window": str(office.uuid), "guide": GUIDE, "starts_at": at.isoformat(),
        "idempotency_key": str(uuid7()),
    } | more  # fmt: skip


def papers(*states: str, **more: str) -> dict[str, str]:
    return {f"paper_{at}": one for at, one in enumerate(states)} | {"language": "en"} | more


def test_a_guide_with_papers_leads_to_a_time(visitor: Client) -> None:
    assert f"/counter/?guide={GUIDE}" in visitor.get(f"/guides/{GUIDE}").content.decode()
    assert "/counter/" not in visitor.get("/guides/heating-hours").content.decode()


def test_without_a_window_the_page_says_so(visitor: Client) -> None:
    assert "No counter gives out times yet" in visitor.get("/counter/").content.decode()


def test_a_time_is_had_without_an_account_and_says_what_to_bring(
    visitor: Client, office: WindowInfo
) -> None:
    page = visitor.post("/counter/", asked(office), follow=True)
    shown = page.content.decode()
    assert "You are expected today 10:00" in shown
    assert "One recent photograph" in shown
    assert page["Referrer-Policy"] == "no-referrer"


def test_a_desk_gives_a_time_in_the_language_of_whoever_asks(office: WindowInfo) -> None:
    clerk = browser("dispatcher")
    slip = clerk.post("/counter/", asked(office, language="bo"), follow=True).content.decode()
    assert '<html lang="bo"' in slip
    assert Appointment.objects.get().language == "bo"
    assert '<html lang="en"' in clerk.get("/counter/").content.decode()


def test_who_takes_a_time_themselves_reads_it_in_their_own_language(
    visitor: Client, office: WindowInfo
) -> None:
    slip = visitor.post("/counter/", asked(office, language="bo"), follow=True).content.decode()
    assert '<html lang="en"' in slip
    assert "?in=" not in visitor.post("/counter/", asked(office, language="bo"))["Location"]


@pytest.mark.parametrize("wanted", ["", "xx", "bo'"])
def test_a_language_that_nobody_speaks_leaves_the_slip_in_the_reader_s_own(
    visitor: Client, office: WindowInfo, wanted: str
) -> None:
    address = visitor.post("/counter/", asked(office))["Location"]
    assert '<html lang="en"' in visitor.get(address, {"in": wanted}).content.decode()


def test_a_long_day_is_read_in_pages(
    city: City, office: WindowInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lingka.counter.views_desk.MOST_VISITS", 2)
    for at in selectors.free_days(office)[0][1][:5]:
        actions.book(office.uuid, at, actor=RESIDENT, idempotency_key=uuid7())
    client, address, shown = browser("dispatcher"), "/desk/counter/", []
    while address:
        page = client.get(address).content.decode()
        assert "0 of 5 handed in" in page
        shown += re.findall(r"<b>(\d\d:\d\d)</b>", page)
        more = re.search(r'href="([^"]+)">Next page', page)
        address = f"/desk/counter/{unescape(more[1])}" if more else ""
    assert shown == ["10:00", "10:30", "11:00", "11:30", "12:00"]


@pytest.mark.parametrize("mark", ["nonsense", "99999999999999999999-x", "1-2", "%00-"])
def test_a_made_up_place_in_the_day_s_list_is_its_beginning(office: WindowInfo, mark: str) -> None:
    actions.book(office.uuid, selectors.free_days(office)[0][1][0], actor=RESIDENT,
                 idempotency_key=uuid7())  # fmt: skip
    page = browser("dispatcher").get(f"/desk/counter/?open={mark}")
    assert (page.status_code, "<b>10:00</b>" in page.content.decode()) == (200, True)


def test_a_full_time_is_said_and_the_next_is_chosen(visitor: Client, office: WindowInfo) -> None:
    at = selectors.free_days(office)[0][1][0]
    visitor.post("/counter/", asked(office, at))
    page = visitor.post("/counter/", asked(office, at))
    assert page.status_code == 409
    later = (at + dt.timedelta(minutes=30)).isoformat()
    assert f'value="{later}" required checked' in page.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": ""},
        {"starts_at": "soon"},
        {"starts_at": "2026-99-01T00:00"},
        {"starts_at": "0001-01-01T00:00+14:00"},
    ],
)
def test_without_a_time_the_form_asks_for_one(
    visitor: Client, office: WindowInfo, changes: dict[str, str]
) -> None:
    page = visitor.post("/counter/", asked(office) | changes)
    assert (page.status_code, "Choose a time first" in page.content.decode()) == (422, True)


def test_nobody_takes_all_times(
    visitor: Client, office: WindowInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lingka.counter.views.FROM_ONE_ADDRESS", (1, 3600))
    visitor.post("/counter/", asked(office))
    assert visitor.post("/counter/", asked(office)).status_code == 429


def test_of_several_windows_one_is_chosen_first(city: City, visitor: Client) -> None:
    one, other = set_up(city), set_up(city, unit=city.units["hall"].pk)
    assert b"Show free times" in visitor.get("/counter/").content
    shown = visitor.get("/counter/", {"window": str(other.uuid), "guide": "nothing"})
    assert shown.context["chosen"].window == other
    assert one.uuid != other.uuid


def test_a_counter_that_closed_meanwhile_is_not_another_s(
    city: City, visitor: Client, office: WindowInfo
) -> None:
    set_up(city, unit=city.units["hall"].pk)
    form = asked(office)
    actions.set_window(
        office.uuid, actor=SYSTEM, name=names("窗口"), unit=office.unit_id, slot_minutes=30,
        capacity=1, is_open=False,
    )  # fmt: skip
    page = visitor.post("/counter/", form)
    assert (page.status_code, Appointment.objects.exists()) == (422, False)


def test_given_back_it_is_erased_and_the_address_leads_nowhere(
    visitor: Client, office: WindowInfo
) -> None:
    token = visitor.post("/counter/", asked(office))["Location"].rsplit("/", 1)[1]
    assert b"erased" in visitor.post(f"/counter/{token}/take-back").content
    assert not Appointment.objects.exists()
    assert visitor.get(f"/counter/{token}").status_code == 404
    assert visitor.post(f"/counter/{token}/take-back").status_code == 404


def test_what_was_used_is_not_given_back(city: City, visitor: Client, office: WindowInfo) -> None:
    token = visitor.post("/counter/", asked(office))["Location"].rsplit("/", 1)[1]
    visit = Appointment.objects.get()
    actions.move(visit.uuid, "arrived", actor=city.staff["dispatcher"])
    assert visitor.post(f"/counter/{token}/take-back").status_code == 409
    assert b"You were at the counter" in visitor.get(f"/counter/{token}").content


class TestTheDay:
    @pytest.fixture
    def visit(self, office: WindowInfo) -> Appointment:
        at = selectors.free_days(office)[0][1][0]
        actions.book(office.uuid, at, actor=RESIDENT, idempotency_key=uuid7(), guide=GUIDE)
        return Appointment.objects.get()

    def test_who_is_next_has_arrived_and_hands_in(self, visit: Appointment) -> None:
        desk = browser("dispatcher")
        assert "Next: 10:00" in desk.get("/desk/counter/").content.decode()
        shown = desk.post(f"/desk/counter/move/{visit.uuid}", {"to": "arrived"}, follow=True)
        assert "Take papers in" in shown.content.decode()
        assert f"appointment={visit.uuid}" in shown.content.decode()

    def test_other_days_are_a_step_away(self, visit: Appointment) -> None:
        desk = browser("dispatcher")
        assert (
            "Nobody has an appointment"
            in desk.get("/desk/counter/", {"day": "2026-11-17"}).content.decode()
        )

    @pytest.mark.parametrize("day", ["2026-13-99", "0001-01-01", "9999-12-31"])
    def test_a_day_that_cannot_be_is_today(self, visit: Appointment, day: str) -> None:
        page = browser("dispatcher").get("/desk/counter/", {"day": day})
        assert "Next: 10:00" in page.content.decode()

    def test_a_code_of_any_window_opens_it(self, visit: Appointment) -> None:
        page = browser("chief").get("/desk/counter/", {"code": visit.short_code})
        assert page["Location"].endswith(f"/{GUIDE}?appointment={visit.uuid}")

    @pytest.mark.parametrize("code", ["nothing", "0000000"])
    def test_an_unknown_code_is_said(self, visit: Appointment, code: str) -> None:
        page = browser("dispatcher").get("/desk/counter/", {"code": code})
        assert "compare it once more" in page.content.decode()

    def test_a_second_hand_at_the_same_visit_is_told(self, visit: Appointment) -> None:
        desk = browser("dispatcher")
        for _ in range(2):
            shown = desk.post(f"/desk/counter/move/{visit.uuid}", {"to": "missed"}, follow=True)
        assert "has done this already" in shown.content.decode()
        assert desk.post(f"/desk/counter/move/{uuid7()}", {"to": "missed"}).status_code == 302

    def test_only_desks_come_in(self, visit: Appointment) -> None:
        assert browser("handler").get("/desk/counter/").status_code == 404
        assert Client().get("/desk/counter/").status_code == 302

    def test_a_desk_books_for_somebody_without_limit(
        self, office: WindowInfo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lingka.counter.views.FROM_ONE_ADDRESS", (0, 3600))
        shown = browser("dispatcher").post("/counter/", asked(office), follow=True)
        assert "The counter's day" in shown.content.decode()


class TestHandingIn:
    def test_one_form_gives_one_receipt_to_print(self, city: City) -> None:
        desk = browser("dispatcher")
        assert (
            "One recent photograph" in desk.get(f"/desk/counter/hand-in/{GUIDE}").content.decode()
        )
        given = papers("here", "missing", "here", "unneeded", idempotency_key=str(uuid7()))
        shown = desk.post(f"/desk/counter/hand-in/{GUIDE}", given).content.decode()
        again = desk.post(f"/desk/counter/hand-in/{GUIDE}", given).content.decode()
        assert "Still missing" in shown
        code = HandIn.objects.get().short_code
        assert all(code[:4] in page for page in (shown, again))

    def test_a_list_that_changed_is_shown_anew_and_what_was_written_stays(self, city: City) -> None:
        given = papers("here", "here", "here", "here", words="合租", number="99")
        page = browser("dispatcher").post(f"/desk/counter/hand-in/{GUIDE}", given)
        assert (page.status_code, Case.objects.count()) == (409, 0)
        assert "合租" in page.content.decode()

    def test_the_receipt_s_own_pages_name_the_papers(self, city: City, visitor: Client) -> None:
        opened = actions.hand_in(
            GUIDE, ["here", "missing", "here", "unneeded"], actor=city.staff["dispatcher"],
            idempotency_key=uuid7(), language="en",
        )  # fmt: skip
        for page in ("", "/receipt"):
            shown = visitor.get(f"/r/{opened.token}{page}").content.decode()
            assert "still missing: any counter takes it" in shown
        assert visitor.get(f"/r/{opened.token}/slip.png")["Content-Type"] == "image/png"

    def test_the_slip_is_printed_in_the_resident_s_language(self, city: City) -> None:
        given = papers("here", "here", "here", "here") | {"language": "bo"}
        page = browser("dispatcher").post(f"/desk/counter/hand-in/{GUIDE}", given)
        assert "slip.pdf?in=bo" in page.content.decode()

    def test_what_is_not_answered_is_said_and_nothing_is_lost(self, city: City) -> None:
        given = papers("here", words="合租", phone="no number")
        page = browser("dispatcher").post(f"/desk/counter/hand-in/{GUIDE}", given)
        shown = page.content.decode()
        assert page.status_code == 422
        assert shown.count("Say of this paper whether it is here.") == 3
        assert "digits only" in shown
        assert "合租" in shown
        assert not Case.objects.exists()

    def test_what_the_action_refuses_is_said(self, city: City) -> None:
        given = papers("here", "here", "here", "here", appointment=str(uuid7()))
        page = browser("dispatcher").post(f"/desk/counter/hand-in/{GUIDE}", given)
        assert (page.status_code, Case.objects.count()) == (422, 0)

    @pytest.mark.parametrize("guide", ["heating-hours", "nothing"])
    def test_answers_have_no_papers(self, city: City, guide: str) -> None:
        assert browser("dispatcher").get(f"/desk/counter/hand-in/{guide}").status_code == 404

    def test_missing_papers_are_brought_to_another_desk(self, city: City) -> None:
        browser("dispatcher").post(
            f"/desk/counter/hand-in/{GUIDE}", papers("here", "missing", "here", "here")
        )
        code = HandIn.objects.get().short_code
        other = browser("chief")
        page = other.get("/desk/counter/", {"code": code}, follow=True).content.decode()
        assert "What is brought now is ticked" in page
        address = f"/desk/counter/papers/{code}"
        assert other.post(address, papers("here", "missing")).status_code == 422
        assert other.post(address, papers(*["missing"] * 4)).status_code == 422
        done = other.post(address, papers(*["here"] * 4), follow=True).content.decode()
        assert "Everything is here." in done
        assert other.get("/desk/counter/papers/0000000").status_code == 404


class TestWindows:
    @pytest.fixture
    def admin(self, city: City) -> Client:
        _give(city, "administrator", "administrator", "hall", city.root)
        return browser("administrator")

    def form(self, city: City, **changes: str) -> dict[str, str]:
        given = {"unit": str(city.units["office"].pk), "slot_minutes": "20", "capacity": "2",
                 "is_open": "on"}  # fmt: skip
        given |= {f"name_{code}": "窗口" for code in ("zh-hans", "bo", "en")}
        return {"do": "window"} | {f"window-{k}": v for k, v in (given | changes).items()}

    def test_an_administrator_sets_one_up_and_changes_it(self, admin: Client, city: City) -> None:
        assert b"No window yet" in admin.get("/desk/windows/").content
        admin.post("/desk/windows/new", self.form(city))
        made = Window.objects.get()
        assert (made.slot_minutes, made.capacity, made.closed_at) == (20, 2, None)
        assert "窗口" in admin.get("/desk/windows/").content.decode()
        address = f"/desk/windows/{made.uuid}"
        assert b"Save the window" in admin.get(address).content
        admin.post(address, {k: v for k, v in self.form(city).items() if "is_open" not in k})
        made.refresh_from_db()
        assert made.closed_at is not None

    def test_what_cannot_be_is_said(self, admin: Client, city: City) -> None:
        assert admin.post("/desk/windows/new", self.form(city, capacity="0")).status_code == 400
        assert admin.get(f"/desk/windows/{uuid7()}").status_code == 404

    def test_others_find_nothing(self, city: City) -> None:
        assert browser("dispatcher").get("/desk/windows/").status_code == 404
