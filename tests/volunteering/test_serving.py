"""In and out by the code on the spot or the list; hours; review; certificates."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lingka.accounts.models import User
from lingka.core import clock, saying
from lingka.core.models import Event
from lingka.members.actions import check_in, correct
from lingka.volunteering import actions, documents, selectors
from lingka.volunteering.models import Service
from tests.cases.city import problem, refusal
from tests.members.people import OFFER, joined
from tests.volunteering.helping import Town

MINUTE = timedelta(minutes=1)


def browser(key: str = "") -> Client:
    made = Client(headers={"accept-language": "en"})
    if key:
        made.cookies["member"] = key
    return made


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def served(town: Town, one: Any, came: Any, went: Any) -> Service:
    with clock.at(came):
        actions.check_in(town.shift, actor=one.actor)
    with clock.at(went):
        actions.check_out(town.shift, actor=one.actor)
    return Service.objects.get(member=one.uuid)


def test_a_code_is_scanned_and_one_button_pressed(town: Town) -> None:
    key = joined(town.home, "13900005551").key
    phone = browser(key)
    with clock.at(town.begins):
        assert phone.get(town.qr(town.begins))["Location"] == "/v/here/"
        assert "I am here" in said(phone.get("/v/here/"))
        assert Service.objects.count() == 0, "looking enters nothing"
        phone.post("/v/here/", {"do": "in"})
    assert Service.objects.get().state == "here"
    with clock.at(town.ends):
        phone.get(town.qr(town.ends))
        assert "I am leaving now" in said(phone.get("/v/here/"))
        phone.post("/v/here/", {"do": "out"})
    assert Service.objects.get().state == "gone"


def test_whoever_signs_in_first_does_not_have_to_run_back_to_the_code(town: Town) -> None:
    phone = browser()
    with clock.at(town.begins):
        phone.get(town.qr(town.begins))
        assert phone.get("/v/here/")["Location"] == "/me/in/?next=%2Fv%2Fhere%2F"
    phone.cookies["member"] = joined(town.home, "13900005551").key
    with clock.at(town.begins + 5 * MINUTE):
        assert "I am here" in said(phone.get("/v/here/"))


def test_a_photographed_code_counts_nothing_before_the_desk_has_looked(town: Town) -> None:
    who = joined(town.home, "13900005551")
    phone, taken = browser(who.key), town.qr(town.begins)
    with clock.at(town.begins + 2 * MINUTE):
        phone.get(taken)
        assert "I was here at 10:00" in said(phone.get("/v/here/"))
        phone.post("/v/here/", {"do": "in"})
        assert town.state(who.info) == "review"
    with clock.at(town.ends):
        phone.get(taken)
        phone.post("/v/here/")  # sent once more: it says nothing new
        assert Service.objects.get().out_at is None
        phone.get(town.qr(town.ends))
        phone.post("/v/here/", {"do": "out"})
        assert actions.close_shift(town.shift, actor=town.city.staff["dispatcher"]) == (0, 1)
    mine = Service.objects.get()
    assert (mine.state, mine.in_at, mine.out_at) == ("review", town.begins, town.ends)
    assert selectors.minutes_of(who.info.uuid) == 0


def test_what_is_said_later_is_of_the_time_for_scanning_and_before_the_hours_are_confirmed(
    town: Town,
) -> None:
    people = [town.member(number) for number in range(3)]
    with clock.at(town.begins), problem("not_now"):
        actions.say_later(town.shift, town.begins - 40 * MINUTE, actor=people[0].actor)
    with clock.at(town.ends):
        for one in people[:2]:
            actions.say_later(town.shift, town.begins, actor=one.actor)
        actions.say_later(town.shift, town.ends, actor=people[0].actor)
        assert Service.objects.get(member=people[0].uuid).out_at == town.ends
        with problem("full"):
            actions.say_later(town.shift, town.begins, actor=people[2].actor)
        actions.close_shift(town.shift, actor=town.city.staff["dispatcher"])
        with problem("not_now"):
            actions.say_later(town.shift, town.begins, actor=people[1].actor)


def test_a_code_that_never_was_leads_nowhere(town: Town) -> None:
    phone = browser(joined(town.home, "13900005551").key)
    assert "has run out" in said(phone.get(f"/v/in/{town.shift}/{'0' * 12}"))
    assert "scan" not in phone.cookies
    assert phone.get(f"/v/in/{town.shift}/{'0' * 12}").status_code == 409
    assert phone.get("/v/here/").status_code == 409


def test_a_code_opens_nothing_long_before_or_after(town: Town) -> None:
    one = town.member()
    for moment in (town.begins - 31 * MINUTE, town.ends + 61 * MINUTE):
        with clock.at(moment), problem("not_now"):
            actions.check_in(town.shift, actor=one.actor)


def test_hours_count_inside_the_shift_only_and_once_confirmed(town: Town) -> None:
    one = town.member()
    served(town, one, town.begins - 20 * MINUTE, town.ends + 30 * MINUTE)
    assert selectors.minutes_of(one.uuid) == 0
    with clock.at(town.ends + 31 * MINUTE):
        assert actions.close_shift(town.shift, actor=town.city.staff["dispatcher"]) == (1, 0)
    assert selectors.minutes_of(one.uuid) == 120
    told = Event.objects.get(type="volunteering.HoursConfirmed").data
    assert (told["member"], told["minutes"]) == (str(one.uuid), 120)
    assert told["confirmed_by"] == town.city.staff["dispatcher"].id
    with problem("closed"):
        actions.close_shift(town.shift, actor=town.city.staff["dispatcher"])


def test_hours_are_confirmed_by_the_areas_desk_and_not_before_the_end(town: Town) -> None:
    with clock.at(town.ends), refusal("not_organiser"):
        actions.close_shift(town.shift, actor=town.city.staff["handler"])
    with clock.at(town.ends - MINUTE), problem("early"):
        actions.close_shift(town.shift, actor=town.city.staff["dispatcher"])


def test_a_forgotten_check_out_counts_nothing_until_somebody_looked(town: Town) -> None:
    one, desk = town.member(), town.city.staff["dispatcher"]
    with clock.at(town.begins):
        actions.check_in(town.shift, actor=one.actor)
    with clock.at(town.ends + MINUTE):
        assert actions.close_shift(town.shift, actor=desk) == (0, 1)
        assert (town.state(one), selectors.minutes_of(one.uuid)) == ("review", 0)
        mine = Service.objects.get().uuid
        for went in (town.begins - MINUTE, town.ends + MINUTE):
            with problem("went"):
                actions.settle(mine, went, actor=desk)
        actions.settle(mine, town.begins + 45 * MINUTE, actor=desk)
        assert selectors.minutes_of(one.uuid) == 45
        with problem("settled"):
            actions.settle(mine, None, actor=desk)


def test_who_did_not_come_is_not_marked_and_a_refused_review_counts_nothing(town: Town) -> None:
    people, desk = [town.member(number) for number in range(2)], town.city.staff["dispatcher"]
    actions.sign_up(town.shift, actor=people[0].actor)
    with clock.at(town.begins):
        actions.check_in(town.shift, actor=people[1].actor)
    with clock.at(town.ends):
        actions.close_shift(town.shift, actor=desk)
        actions.settle(Service.objects.get(member=people[1].uuid).uuid, None, actor=desk)
    assert [town.state(one) for one in people] == ["missed", "missed"]


def test_whoever_has_no_place_left_does_not_get_in(town: Town) -> None:
    people = [town.member(number) for number in range(3)]
    with clock.at(town.begins):
        for one in people[:2]:
            assert actions.check_in(town.shift, actor=one.actor) == "here"
        for _again in range(2):
            with problem("full"):
                actions.check_in(town.shift, actor=people[2].actor)
    assert Service.objects.get(member=people[2].uuid).state == "waiting", "as they are told"


def test_the_list_enters_whoever_has_no_phone_and_names_its_author(town: Town) -> None:
    one = town.member()
    actions.sign_up(town.shift, actor=one.actor)
    client = browser()
    client.force_login(User.objects.get(pk=town.city.staff["dispatcher"].id))
    page, mine = f"/desk/activities/shifts/{town.shift}", Service.objects.get()
    with clock.at(town.begins):
        assert "云0" in said(client.get(page))
        client.post(page, {"do": "here", "here-service": mine.uuid})
        assert 'class="qr"' in said(client.get(f"{page}/code"))
    with clock.at(town.ends):
        client.post(page, {"do": "gone", "gone-service": mine.uuid})
        client.post(page, {"do": "close"})
    mine.refresh_from_db()
    assert (mine.state, mine.minutes) == ("served", 120)
    assert mine.listed_by == town.city.staff["dispatcher"].id


def test_the_page_with_the_code_reads_itself_anew(town: Town) -> None:
    client = browser()
    client.force_login(User.objects.get(pk=town.city.staff["dispatcher"].id))
    answer = client.get(f"/desk/activities/shifts/{town.shift}/code")
    assert int(answer["Refresh"]) < 30
    assert answer["Cache-Control"] == "no-store"


@pytest.fixture
def helper(town: Town) -> Any:
    one = joined(town.home, "13900005551", "Lark")
    served(town, one.info, town.begins, town.ends)
    with clock.at(town.ends):
        actions.close_shift(town.shift, actor=town.city.staff["dispatcher"])
    return one


def test_a_certificate_is_checked_by_its_code_without_a_name(town: Town, helper: Any) -> None:
    phone = browser(helper.key)
    paper = phone.post("/me/service/certificate.pdf")
    assert paper.content[:5] == b"%PDF-"
    code = paper["Content-Disposition"].split('"')[1].removesuffix(".pdf")
    page = said(browser().get(f"/v/paper/{code}"))
    assert "This certificate is genuine" in page
    assert "Lark" not in page
    assert actions.certify(actor=helper.info.actor) == code, "the same paper for the same hours"
    actions.let_go(helper.info.uuid)
    assert browser().get(f"/v/paper/{code}").status_code == 404


def test_a_certificate_names_the_year_of_its_days_as_it_is_kept(
    helper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[dict[str, Any]] = []
    monkeypatch.setattr(documents, "_made", lambda _sheet, said: kept.append(said) or b"")
    paper = selectors.certificate(actions.certify(actor=helper.info.actor))
    assert paper is not None
    documents.certificate(paper, helper.info)
    for part in kept[0]["parts"].values():
        year = str(paper.issued_on.year)
        assert (part["text"].count(year), part["issued"].count(year)) == (2, 1)


def test_the_record_has_five_parts_and_goes_along(helper: Any) -> None:
    phone = browser(helper.key)
    page = said(phone.get("/me/service/"))
    assert "<b>2 h</b> served and confirmed" in page
    parts = ["About me", "Service so far", "Training", "Commendation", "Evaluation"]
    assert re.findall(r'<h2 id="\w+">(.*?)</h2>', page) == parts
    assert "Workplace" not in page  # none is registered
    kept = json.loads(phone.get("/me/kept.json").content)["service_record"]
    assert list(kept)[:5] == ["basic", "service", "training", "commendation", "evaluation"]
    assert kept["service"][0]["minutes"] == 120


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_the_record_is_printed_in_five_headed_parts_in_the_readers_language(
    helper: Any, town: Town, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    bank = town.city.units["light"].pk
    desk = town.city.staff["dispatcher"]
    check_in(bank, town.home, actor=desk, **OFFER)
    correct(actor=helper.info.actor, workplace=bank)
    kept: list[dict[str, Any]] = []
    made = documents._made
    monkeypatch.setattr(
        documents, "_made", lambda sheet, said: kept.append(said) or made(sheet, said)
    )
    phone = browser(helper.key)
    phone.cookies["language"] = language
    answer = phone.get("/me/service/record.pdf", headers={"accept-language": language})
    assert answer.content[:5] == b"%PDF-"
    [printed] = kept
    with translation.override(language):
        assert [one["title"] for one in printed["sections"]] == [
            str(_(one)) for one in
            ("About me", "Service so far", "Training", "Commendation", "Evaluation")
        ]  # fmt: skip
        assert "light" in [one["value"] for one in printed["sections"][0]["lines"]]
        assert printed["hours"] == saying.served(120)


def test_a_certificate_of_a_few_minutes_says_them(town: Town) -> None:
    one = joined(town.home, "13900005551", "Lark")
    served(town, one.info, town.begins, town.begins + 5 * MINUTE)
    with clock.at(town.ends):
        actions.close_shift(town.shift, actor=town.city.staff["dispatcher"])
    code = actions.certify(actor=one.info.actor)
    assert "<dd>5 min</dd>" in said(browser().get(f"/v/paper/{code}"))


def test_a_time_that_cannot_be_stays_typed_with_the_reason_beside_it(town: Town) -> None:
    one, other = (town.member(number) for number in range(2))
    client = browser()
    client.force_login(User.objects.get(pk=town.city.staff["dispatcher"].id))
    page = f"/desk/activities/shifts/{town.shift}"
    with clock.at(town.begins):
        for here in (one, other):
            actions.check_in(town.shift, actor=here.actor)
    with clock.at(town.ends + MINUTE):
        client.post(page, {"do": "close"})
        mine = Service.objects.get(member=one.uuid).uuid
        wrong = timezone.localtime(town.ends + 90 * MINUTE).strftime("%Y-%m-%dT%H:%M")
        form = {"do": "went", "went-service": mine, "went-went": wrong}
        shown = said(client.post(page, form))
    assert shown.count(f'value="{wrong}" aria-invalid="true" aria-describedby="wrong-{mine}"') == 1
    assert shown.count("Between when they came and the end of the shift.") == 1
    assert f'id="wrong-{mine}"' in shown


def test_there_is_nothing_to_certify_before_anything_was_served(town: Town) -> None:
    phone = browser(joined(town.home, "13900005552").key)
    assert phone.post("/me/service/certificate.pdf").status_code == 302
    assert "No hours are confirmed yet" in said(phone.get("/me/service/"))
