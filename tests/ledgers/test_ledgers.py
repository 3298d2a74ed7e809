"""Ledgers write themselves, and tell in public what was released and nothing else."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typst
from django.test import Client
from PIL import Image

from lingka.accounts.models import User
from lingka.cases import actions as cases
from lingka.cases.models import Case
from lingka.cases.receipts import Opened
from lingka.core import clock, events
from lingka.core.ids import uuid7
from lingka.ledgers import actions, entering, selectors
from lingka.ledgers.models import Entry
from tests.cases.city import HUNG, MONDAY, City, case_of, picture, problem, refusal
from tests.ledgers.conftest import SignIn

OWN_WORDS = "三楼老人家里，电话 13900000000"


def heard(opened: Opened) -> None:
    entering.take(events.history(opened.case_uuid))


def text_of(path: str, client: Client | None = None) -> str:
    page = (client or Client(headers={"Accept-Language": "en"})).get(path)
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


# -- hazards ------------------------------------------------------------------------------------


def listed(city: City, **more: Any) -> Opened:
    opened = city.open("safety.hazard", words=OWN_WORDS)
    city.do(opened, "register", "dispatcher", level="major", attachments=[picture()])
    until = (MONDAY + timedelta(days=9)).isoformat()
    city.do(
        opened, "dispatch", "dispatcher", unit=city.units["light"].id, item="电线", measure="穿管",
        funds="owner", person="电工岗", until=until, reinspector=city.units["checkers"].id,
    )  # fmt: skip
    city.do(opened, "list", "supervisor", words="楼道电线老化", **more)
    heard(opened)
    return opened


def test_a_listed_hazard_shows_what_was_released_its_promise_and_who_mends_it(city: City) -> None:
    listed(city, protection="断电，围挡")
    html = text_of("/hazards/")
    assert "楼道电线老化" in html
    assert "断电，围挡" in html
    assert "25 November" in html
    assert "light" in html


def test_nothing_that_the_reporter_said_stands_in_the_list(city: City) -> None:
    listed(city)
    assert "13900000000" not in text_of("/hazards/")


def test_the_list_goes_on_paper_with_what_its_page_says(
    city: City, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(city)
    said: list[dict[str, Any]] = []
    made = typst.compile
    monkeypatch.setattr(
        typst, "compile",
        lambda *args, **given: said.append(json.loads(given["sys_inputs"]["data"]))
        or made(*args, **given),
    )  # fmt: skip
    desk = sign_in("dispatcher")
    for language in ("zh-hans", "bo", "en"):
        desk.cookies["language"] = language
        assert desk.get("/desk/hazards/ledger.pdf").content.startswith(b"%PDF")
    assert [one["language"] for one in said] == ["zh-hans", "bo", "en"]
    [row] = said[2]["groups"][0]["rows"]
    assert "楼道电线老化" in row
    assert OWN_WORDS not in str(said)
    assert "/desk/hazards/ledger.pdf" in text_of("/hazards/", desk)


def test_who_serves_nowhere_takes_no_paper_from_the_desk(city: City, client: Client) -> None:
    assert client.get("/desk/hazards/ledger.pdf").status_code == 302
    client.force_login(User.objects.create(uuid=uuid7(), username="nobody", name="nobody"))
    assert client.get("/desk/hazards/ledger.pdf").status_code == 404
    assert "ledger.pdf" not in text_of("/hazards/", client)


def test_a_hazard_that_was_not_listed_is_not_told_of(city: City) -> None:
    opened = city.open("safety.hazard")
    city.do(opened, "register", "dispatcher", level="major", attachments=[picture()])
    heard(opened)
    assert Entry.objects.count() == 1
    assert "None just now" in text_of("/hazards/")


def test_a_hazard_past_its_promise_is_called_late(city: City) -> None:
    listed(city)
    with clock.at(MONDAY + timedelta(days=10)):
        assert "tag-late" in text_of("/hazards/")


def test_what_was_struck_off_stays_for_a_year(city: City, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    opened, after = listed(city), io.BytesIO()
    Image.new("RGB", (16, 16), "grey").save(after, "JPEG")
    photo = cases.add_attachment(after.getvalue(), actor=city.staff["handler"], kind="photo")
    city.do(opened, "protect", "handler", words="断电")
    city.do(opened, "sign_in", "handler")
    city.do(opened, "report_back", "handler", words="穿好了", attachments=[str(photo)])
    city.do(opened, "verify", "verifier", how="visit")
    heard(opened)
    assert "None just now" in text_of("/hazards/")
    with clock.at(MONDAY + timedelta(days=30)):
        assert "Struck off in the last year" in text_of("/hazards/")
    with clock.at(MONDAY + timedelta(days=400)):
        assert "楼道电线老化" not in text_of("/hazards/")


def test_a_registered_hazard_leaves_the_list_by_no_word_but_of_who_looked_again(
    city: City,
) -> None:
    opened = listed(city)
    with refusal("state"):
        city.do(opened, "withdraw", city.reporter(opened))
    with refusal("state"):
        city.do(opened, "decline", "dispatcher", reason="untrue", words="没有")
    lamp = city.open()
    with problem("other_ledger"):
        city.do(opened, "merge", "dispatcher", into=lamp.case_number)
    heard(opened)
    assert "楼道电线老化" in text_of("/hazards/")


def test_a_listed_hazard_goes_on_only_as_another_that_is_listed(city: City) -> None:
    opened, other = listed(city), city.open("safety.hazard", attachments=[picture()])
    with problem("graver"):
        city.do(opened, "merge", "dispatcher", into=other.case_number)
    city.do(other, "register", "dispatcher", level="ordinary")
    with problem("graver"):
        city.do(opened, "merge", "dispatcher", into=other.case_number)
    city.do(other, "merge", "dispatcher", into=opened.case_number)
    heard(opened)
    assert "楼道电线老化" in text_of("/hazards/")


@pytest.mark.parametrize(
    "before",
    ["yesterday", "2026-13-40T00:00", "2026-11-16T00:00", "9999-12-31T23:59-23:59", "\x00"],
)
def test_a_page_of_the_list_that_means_nothing_is_the_first(city: City, before: str) -> None:
    listed(city)
    page = Client().get("/hazards/", {"before": before})
    assert page.status_code == 200
    assert "楼道电线老化" in page.content.decode()


# -- wishes -------------------------------------------------------------------------------------


def wished(city: City, *, agreed: bool = True) -> Opened:
    opened = city.open("wish.small", words=OWN_WORDS, share_words=agreed)
    city.do(opened, "hang", "dispatcher", words="一副老花镜", **HUNG)
    heard(opened)
    return opened


def test_a_wish_hangs_in_the_desks_words_and_names_nobody(city: City) -> None:
    opened = wished(city)
    html = text_of("/wishes/")
    assert "一副老花镜" in html
    assert "13900000000" not in html
    assert case_of(opened).number not in html


def test_a_wish_hangs_only_after_every_line_of_the_list_was_ticked(city: City) -> None:
    opened = city.open("wish.small", words=OWN_WORDS, share_words=True)
    for ticked in (["no_name"], [*HUNG["checks"], "more"], "no_name", [{}]):
        with problem("checks"):
            city.do(opened, "hang", "dispatcher", words="x", about="thing", checks=ticked)
    with problem("missing"):
        city.do(opened, "hang", "dispatcher", words="x", about="thing")
    city.do(opened, "hang", "dispatcher", words="一副老花镜", **HUNG)
    given = events.history(opened.case_uuid)[-1].data.given  # type: ignore[attr-defined]
    assert set(given["checks"]) == set(HUNG["checks"])


def test_the_desk_ticks_the_list_on_the_case_and_reads_it_there(
    city: City, sign_in: SignIn
) -> None:
    opened, desk = city.open("wish.small", words=OWN_WORDS), sign_in("dispatcher")
    page = f"/desk/cases/{case_of(opened).number}/"
    form = {"words": "一副老花镜", "about": "thing", "version": case_of(opened).version}
    again = desk.post(f"{page}do/hang/", form | {"checks": ["no_name"]})
    assert b"Every line must hold" in again.content
    assert "一副老花镜" in again.content.decode()
    desk.post(f"{page}do/hang/", form | {"checks": HUNG["checks"]})
    assert case_of(opened).state == "wished"
    assert "checked: " in text_of(f"{page}?tab=history", desk)


def test_a_wish_made_for_somebody_says_how_they_agreed(city: City, sign_in: SignIn) -> None:
    """The receipt is theirs: whoever wrote it down confirms nothing."""
    worker, answered = city.staff["walker"], {"whose": "told"}
    opened = city.open("wish.small", actor=worker, channel="grid_worker", attributes=answered)
    first = events.history(opened.case_uuid)[0]
    assert (first.actor["id"], first.data.attributes) == (worker.id, answered)  # type: ignore[attr-defined]
    page = text_of(f"/desk/cases/{case_of(opened).number}/", sign_in("dispatcher"))
    assert "who agreed on the spot" in page
    city.hang(opened, "一副老花镜")
    city.do(opened, "claim", "handler")
    city.do(opened, "deliver", "handler", words="送到了")
    with refusal("relation"):
        city.do(opened, "rate", "walker", solved=True)
    with problem("choice"):
        city.open("wish.small", attributes={"whose": "x"})


def test_the_wall_is_filtered_by_kind(city: City) -> None:
    wished(city)
    opened = city.open("wish.small", words=OWN_WORDS, share_words=True)
    city.do(opened, "hang", "dispatcher", words="有人陪着逛公园", **HUNG | {"about": "outing"})
    heard(opened)
    for asked, there, gone in (("outing", "逛公园", "老花镜"), ("thing", "老花镜", "逛公园")):
        html = text_of(f"/wishes/?about={asked}")
        assert there in html
        assert gone not in html
    assert "老花镜" in text_of("/wishes/?about=%00")


def test_the_wisher_reads_the_desk_s_words_and_has_them_taken_down(city: City) -> None:
    opened = wished(city)
    page = f"/r/{opened.token}"
    assert "一副老花镜" in text_of(page)
    Client().post(f"{page}/do/take_down", {"words": "写眼镜就行"})
    assert case_of(opened).state == "received"
    heard(opened)
    assert "一副老花镜" not in text_of("/wishes/")
    with refusal("state"):
        city.do(opened, "take_down", city.reporter(opened))


def test_a_wish_whose_wisher_did_not_agree_is_shown_to_staff_alone(
    city: City, sign_in: SignIn
) -> None:
    wished(city, agreed=False)
    assert "一副老花镜" not in text_of("/wishes/")
    assert "一副老花镜" in text_of("/wishes/", sign_in("handler"))
    assert "一副老花镜" not in text_of("/wishes/", sign_in("verifier"))
    assert selectors.wishes(["/999/"]) == []


def test_a_wish_claimed_from_the_wall_is_gone_from_it_and_the_second_is_told_so(
    city: City, sign_in: SignIn
) -> None:
    number = case_of(wished(city)).number
    first, second = sign_in("handler"), sign_in("plumber")
    assert first.post(f"/wishes/{number}/claim").status_code == 302
    assert "一副老花镜" not in text_of("/wishes/")
    told = second.post(f"/wishes/{number}/claim", follow=True)
    assert b"Not possible while" in told.content


def test_a_lapsed_claim_hangs_on_the_wall_again(city: City) -> None:
    opened = wished(city)
    city.do(opened, "claim", "handler")
    with clock.at(MONDAY + timedelta(days=3)):
        cases.due_now()
        assert "一副老花镜" in text_of("/wishes/")


def test_who_holds_no_helping_post_cannot_claim(city: City, sign_in: SignIn) -> None:
    number = case_of(wished(city)).number
    assert Client().post(f"/wishes/{number}/claim").status_code == 302
    assert sign_in("verifier").post(f"/wishes/{number}/claim").status_code == 404
    assert case_of(Entry.objects.get().case).state == "wished"


def test_only_a_wish_is_claimed_from_the_wall(city: City, sign_in: SignIn) -> None:
    number = case_of(city.open("light.out")).number
    assert sign_in("handler").post(f"/wishes/{number}/claim").status_code == 404


def test_wishes_that_came_true_are_counted(city: City) -> None:
    opened = wished(city)
    city.do(opened, "claim", "handler")
    city.do(opened, "deliver", "handler", words="送到了")
    city.do(opened, "rate", city.reporter(opened), solved=True)
    assert "One wish came true this year" in text_of("/wishes/")


def test_thanks_hang_only_if_the_wisher_wishes_and_are_taken_back(city: City) -> None:
    opened = wished(city)
    city.do(opened, "claim", "handler")
    city.do(opened, "deliver", "handler", words="送到了")
    page = f"/r/{opened.token}"
    assert "Say thank you" not in text_of(page)
    city.do(opened, "rate", city.reporter(opened), solved=True)
    heard(opened)
    assert "just right" not in text_of("/wishes/")
    assert "without your name" in text_of(page)
    phone = Client()
    assert phone.post(f"{page}/do/thank", {"thanks": "loud", "words": "x"}).status_code == 422
    phone.post(f"{page}/do/thank", {"thanks": "fits", "words": "我是卓玛，谢谢"})
    heard(opened)
    html = text_of("/wishes/")
    assert "it is just right" in html
    assert "卓玛" not in html
    phone.post(f"{page}/do/thank", {"thanks": "none"})
    heard(opened)
    assert "it is just right" not in text_of("/wishes/")


def test_of_a_wish_that_hung_for_staff_alone_no_thanks_are_shown(city: City) -> None:
    opened = wished(city, agreed=False)
    city.do(opened, "claim", "handler")
    city.do(opened, "deliver", "handler", words="送到了")
    city.do(opened, "rate", city.reporter(opened), solved=True)
    city.do(opened, "thank", city.reporter(opened), thanks="warm")
    heard(opened)
    assert "warmed" not in text_of("/wishes/")


# -- demands ------------------------------------------------------------------------------------


def test_the_year_shows_raised_solved_and_open_with_the_named_lead(
    city: City, sign_in: SignIn
) -> None:
    solved = city.open("enterprise.demand")
    open_ = city.open("enterprise.demand", words="缺两块装卸用地。请看看")
    case = case_of(solved)
    case.stage, case.closed_at, case.facts = "closed", MONDAY, case.facts | {"solved": True}
    case.save()
    leader = User.objects.get(username="supervisor")
    city.do(open_, "accept", "dispatcher")
    city.do(open_, "name_lead", "dispatcher", leader=leader.id)
    for one in (solved, open_):
        heard(one)
    html = text_of("/desk/demands/", sign_in("dispatcher"))
    assert html.split("<dt>Raised</dt><dd>")[1][0] == "2"
    assert html.split("<dt>Still open</dt><dd>")[1][0] == "1"
    assert leader.name in html
    assert "must answer" in html
    assert ">缺两块装卸用地<" in html


def test_a_demand_that_was_joined_to_another_is_raised_once(city: City, sign_in: SignIn) -> None:
    one, same = city.open("enterprise.demand"), city.open("enterprise.demand")
    city.do(same, "merge", "dispatcher", into=case_of(one).number)
    for opened in (one, same):
        heard(opened)
    html = text_of("/desk/demands/", sign_in("dispatcher"))
    assert html.split("<dt>Raised</dt><dd>")[1][0] == "1"


def test_only_who_sees_to_demands_sees_the_year(city: City, sign_in: SignIn) -> None:
    assert sign_in("handler").get("/desk/demands/").status_code == 404
    assert Client().get("/desk/demands/").status_code == 302


@pytest.mark.parametrize("year", ["0000", "9999", "x", "20261", "²⁰²⁶"])
def test_a_year_that_means_nothing_is_this_one(city: City, sign_in: SignIn, year: str) -> None:
    page = sign_in("dispatcher").get("/desk/demands/", {"year": year})
    assert b"What firms asked for in 2026" in page.content


# -- all ----------------------------------------------------------------------------------------


def test_ledgers_made_anew_are_the_same(city: City) -> None:
    wished(city)
    listed(city)
    before = list(Entry.objects.order_by("case").values_list("case", "agreed", "shown_at", "words"))
    Entry.objects.all().delete()
    assert actions.rebuild() == 2
    after = Entry.objects.order_by("case").values_list("case", "agreed", "shown_at", "words")
    assert list(after) == before


def test_other_cases_stand_in_no_ledger(city: City) -> None:
    heard(city.at("handling"))
    assert not Entry.objects.exists()


def test_a_part_that_is_split_off_stands_in_no_ledger(city: City) -> None:
    whole = city.at("handling")
    given = {"case_type": "safety.hazard", "unit": city.units["water"].id, "note": "电线老化"}
    city.do(whole, "split", "dispatcher", **given)
    part = Case.objects.get(case_type="safety.hazard")
    entering.take(events.history(part.uuid))
    assert not Entry.objects.exists()
    assert actions.rebuild() == 0
