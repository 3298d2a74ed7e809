"""The desk's pages over HTTP: who sees what, what a list costs, what a form does."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lingka.accounts.models import User
from lingka.areas.models import Place
from lingka.cases import actions
from lingka.cases.models import Case, ContactReading, SavedView
from lingka.core import codes
from lingka.core.ids import uuid7
from tests.cases import city as cities
from tests.cases.city import City, case_of, reads

pytestmark = pytest.mark.usefixtures("unhurried")

HTMX = {"HX-Request": "true"}


@pytest.fixture
def sign_in(city: City) -> Any:
    def signed_in(who: str, language: str = "en") -> Client:
        client = Client(headers={"Accept-Language": language})
        client.force_login(User.objects.get(username=who))
        return client

    return signed_in


def page_of(case: Case) -> str:
    return f"/desk/cases/{case.number}/"


def test_a_stranger_is_asked_to_sign_in(city: City) -> None:
    assert Client().get("/desk/").status_code == 302


def test_somebody_without_a_post_finds_nothing(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create(uuid=uuid7(), username="nobody", name="x", password="!"))
    assert client.get("/desk/").status_code == 404


def test_a_new_case_stands_in_the_dispatchers_queue_with_the_reason(
    city: City, sign_in: Any
) -> None:
    opened = city.open(words="两栋楼之间的路灯不亮，台阶看不见。请来看看")
    html = sign_in("dispatcher").get("/desk/").content.decode()
    assert "两栋楼之间的路灯不亮，台阶看不见" in html
    assert "by the rules it goes to light" in html
    assert case_of(opened).number[:4] in html


def test_every_tab_and_filter_of_the_queue_opens_in_every_language(
    city: City, sign_in: Any
) -> None:
    city.open()
    for language in ("zh-hans", "bo", "en"):
        client = sign_in("dispatcher", language)
        for tab in ("mine", "soon", "late", "others", "paused", "nonsense"):
            answer = client.get(
                "/desk/", {"tab": tab, "group": "light", "order": "new", "after": "x"}
            )
            assert answer.status_code == 200, (tab, language)


def test_the_queue_takes_at_most_ten_statements(city: City, sign_in: Any) -> None:
    for _number in range(4):
        city.open()
    client = sign_in("dispatcher")
    client.get("/desk/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/desk/")
    assert len(reads(asked)) <= 10, "\n".join(reads(asked))


def test_a_handler_sees_the_units_cases_and_no_others(city: City, sign_in: Any) -> None:
    mine, other = city.at("dispatched"), city.open(case_type="water.burst", words="爆管")
    html = sign_in("handler").get("/desk/").content.decode()
    assert case_of(mine).number in html
    assert case_of(other).number not in html
    assert sign_in("handler").get(page_of(case_of(other))).status_code == 404


def test_who_helps_has_the_case_in_the_queue_until_it_has_reported(
    city: City, sign_in: Any
) -> None:
    opened = city.at("handling")
    number = case_of(opened).number
    client = sign_in("plumber")
    assert number not in client.get("/desk/").content.decode()
    city.do(opened, "add_co_handler", "dispatcher", unit=city.units["water"].id)
    html = client.get("/desk/").content.decode()
    assert number in html
    assert "You help with this: " in html
    city.do(opened, "extend_ask", "handler", until="2026-12-20", note="等灯具")
    assert "You help with this: " in client.get("/desk/").content.decode()
    assert 'id="do-co_report">' in _primary(client.get(page_of(case_of(opened))))
    city.do(opened, "co_report", "plumber", words="水关了")
    assert number not in client.get("/desk/").content.decode()
    assert number not in client.get("/desk/?tab=others").content.decode()


def test_a_helped_case_that_waits_stands_with_others(city: City, sign_in: Any) -> None:
    opened = city.at("handling")
    city.do(opened, "add_co_handler", "dispatcher", unit=city.units["water"].id)
    city.do(opened, "ask", "dispatcher", words="在几楼？")
    number = case_of(opened).number
    client = sign_in("plumber")
    assert number not in client.get("/desk/").content.decode()
    assert number in client.get("/desk/?tab=others").content.decode()


def test_a_case_asked_about_moves_to_those_with_others(city: City, sign_in: Any) -> None:
    opened = city.open()
    city.do(opened, "ask", "dispatcher", words="在几楼？")
    number = case_of(opened).number
    client = sign_in("dispatcher")
    assert number not in client.get("/desk/").content.decode()
    assert number in client.get("/desk/?tab=others").content.decode()


def test_an_asked_extension_comes_to_whoever_decides(city: City, sign_in: Any) -> None:
    opened = city.at("handling")
    city.do(opened, "extend_ask", "handler", until="2026-12-20", note="等灯具")
    html = sign_in("dispatcher").get("/desk/").content.decode()
    assert case_of(opened).number in html
    assert "asks for time until" in html


def test_the_case_page_shows_words_timeline_and_the_primary_action(
    city: City, sign_in: Any
) -> None:
    opened = city.at("accepted", words="གློག་བཞུ་འབར་གྱི་མི་འདུག")
    html = sign_in("dispatcher").get(page_of(case_of(opened))).content.decode()
    assert '<blockquote lang="bo">གློག་བཞུ་འབར་གྱི་མི་འདུག</blockquote>' in html
    assert "Dispatch to light" in html
    assert "Accepted" in html


def test_where_a_rule_names_a_unit_sending_it_there_is_the_main_action(
    city: City, sign_in: Any
) -> None:
    known, unknown = case_of(city.open()), case_of(city.open(case_type="other.any"))
    client = sign_in("dispatcher")
    assert 'id="do-dispatch">' in _primary(client.get(page_of(known)))
    assert 'id="do-accept">' in _primary(client.get(page_of(unknown)))


def test_who_has_the_case_already_is_not_proposed_to_help(city: City, sign_in: Any) -> None:
    opened = city.at("handling")
    html = sign_in("dispatcher").get(page_of(case_of(opened))).content.decode()
    helping = html.partition('id="do-add_co_handler"')[2].partition("</details>")[0]
    assert f'value="{city.units["water"].id}"' in helping
    assert f'value="{city.units["light"].id}"' not in helping


def test_granting_time_is_the_main_action_for_whoever_decides(city: City, sign_in: Any) -> None:
    opened = city.at("handling")
    city.do(opened, "extend_ask", "handler", until="2026-12-20", note="等灯具")
    answer = sign_in("dispatcher").get(page_of(case_of(opened)))
    assert 'id="do-extend_grant">' in _primary(answer)


def _primary(answer: Any) -> str:
    html: str = answer.content.decode()
    return html.partition('<form class="action-primary"')[2].partition("</form>")[0]


def test_whoever_was_signed_out_meanwhile_is_told_so_and_not_sent_away(city: City) -> None:
    case = case_of(city.open())
    answer = Client().post(f"{page_of(case)}say/", {"words": "明天来"}, headers=HTMX)
    assert answer.status_code == 401


def test_an_empty_queue_says_where_there_is_more(city: City, sign_in: Any) -> None:
    html = sign_in("walker").get("/desk/").content.decode()
    assert "Nothing that you must do now" in html
    assert '<a href="/desk/grid/">My grids</a>' in html


def test_an_empty_queue_tells_of_what_others_are_late_with(city: City, sign_in: Any) -> None:
    from lingka.core import clock

    city.at("handling")
    with clock.at(cities.MONDAY + timedelta(days=60)):
        html = sign_in("dispatcher").get("/desk/").content.decode()
    assert "With others, one has been late since" in html


def test_the_pane_alone_comes_to_htmx(city: City, sign_in: Any) -> None:
    case = case_of(city.open())
    html = sign_in("dispatcher").get(page_of(case), headers=HTMX).content.decode()
    assert "<html" not in html
    assert "desk-case" in html


def test_dispatching_by_the_form_names_what_happened(city: City, sign_in: Any) -> None:
    opened = city.at("accepted")
    case = case_of(opened)
    answer = sign_in("dispatcher").post(
        f"{page_of(case)}do/dispatch/",
        {"unit": city.units["light"].id, "version": case.version, "op": str(uuid7())},
        headers=HTMX,
    )
    assert answer.status_code == 200
    assert "Sent to a unit: light" in answer.content.decode()
    assert case_of(opened).state == "dispatched"


def test_a_missing_field_is_named_beside_it_and_nothing_is_lost(city: City, sign_in: Any) -> None:
    opened = city.at("accepted")
    answer = sign_in("dispatcher").post(
        f"{page_of(case_of(opened))}do/decline/", {"words": "不在本市", "reason": ""}
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "不在本市" in html
    assert "Please fill this in." in html


def test_two_people_at_once_the_second_is_told_and_keeps_the_words(
    city: City, sign_in: Any
) -> None:
    opened = city.at("accepted")
    before = case_of(opened).version
    city.do(opened, "note", "chief", note="我来看")
    answer = sign_in("dispatcher").post(
        f"{page_of(case_of(opened))}do/decline/",
        {"reason": "outside", "words": "不归本市，请找邻市", "version": before},
        headers=HTMX,
    )
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "不归本市，请找邻市" in html
    assert "Internal note" in html
    assert case_of(opened).state == "accepted"


def test_a_version_of_thousands_of_digits_is_no_version(city: City, sign_in: Any) -> None:
    case = case_of(city.open())
    sent = {"op": str(uuid7()), "version": "9" * 5000}
    assert sign_in("dispatcher").post(f"{page_of(case)}do/accept/", sent).status_code == 302


def test_the_same_form_sent_twice_acts_once(city: City, sign_in: Any) -> None:
    opened = city.open()
    case, op = case_of(opened), str(uuid7())
    client = sign_in("dispatcher")
    for _time in range(2):
        client.post(f"{page_of(case)}do/accept/", {"op": op, "version": case.version})
    assert case_of(opened).version == case.version + 1


def test_a_day_that_has_passed_is_refused_with_how_to_mend_it(city: City, sign_in: Any) -> None:
    opened = city.at("handling")
    answer = sign_in("dispatcher").post(
        f"{page_of(case_of(opened))}do/suspend/", {"until": "2026-11-01", "words": "等材料"}
    )
    assert answer.status_code == 422
    assert "choose a day after today" in answer.content.decode()


def test_a_reply_and_a_note_are_told_apart(city: City, sign_in: Any) -> None:
    opened = city.at("handling")
    client = sign_in("dispatcher")
    for action, words in (("reply", "明天来修"), ("note", "钥匙在三楼")):
        answer = client.post(
            f"{page_of(case_of(opened))}say/", {"action": action, "words": words}, headers=HTMX
        )
        assert answer.status_code == 200
    html = client.get(page_of(case_of(opened))).content.decode()
    assert "明天来修" in html
    assert "钥匙在三楼" in html
    printed = client.get(f"{page_of(case_of(opened))}print/").content.decode()
    assert "明天来修" in printed
    assert "钥匙在三楼" not in printed


def test_a_standard_reply_comes_in_the_residents_language(city: City, sign_in: Any) -> None:
    opened = city.open(language="bo")
    answer = sign_in("dispatcher").post(
        f"{page_of(case_of(opened))}say/", {"insert": "1", "standard": "received", "words": ""}
    )
    assert "འབྱོར་སོང་།" in answer.content.decode()


def test_a_contact_is_read_only_with_a_reason_that_is_kept(city: City, sign_in: Any) -> None:
    opened = city.open(contact=actions.ContactData(phone="13900000000"))
    client, case = sign_in("dispatcher"), case_of(opened)
    url = f"{page_of(case)}contact/{opened.receipt_uuid}/"
    refused = client.post(url, {"reason": ""}, headers=HTMX)
    assert refused.status_code == 422
    assert "13900000000" not in refused.content.decode()
    told = client.post(url, {"reason": "约时间上门"}, headers=HTMX).content.decode()
    assert "13900000000" in told
    assert ContactReading.objects.get().reason == "约时间上门"


def test_several_are_accepted_at_once_and_each_answers_for_itself(city: City, sign_in: Any) -> None:
    new, done = case_of(city.open()), case_of(city.at("handling"))
    answer = sign_in("dispatcher").post(
        "/desk/bulk/", {"action": "accept", "case": [new.number, done.number, "NOSUCH1"]}
    )
    assert "1 of 3 cases done" in answer.content.decode()
    assert Case.objects.get(pk=new.pk).state == "accepted"
    assert Case.objects.get(pk=done.pk).state == "handling"


def test_dispatching_several_follows_the_rules(city: City, sign_in: Any) -> None:
    case = case_of(city.at("accepted"))
    sign_in("dispatcher").post("/desk/bulk/", {"action": "dispatch", "case": [case.number]})
    assert Case.objects.get(pk=case.pk).lead_unit_id == city.units["light"].id


def test_pressing_for_several_counts_on_each(city: City, sign_in: Any) -> None:
    case, new = case_of(city.at("handling")), case_of(city.open())
    sent = {"action": "remind", "case": [case.number, new.number]}
    page = sign_in("dispatcher").post("/desk/bulk/", sent).content.decode()
    assert "1 of 2 cases done" in page
    assert Case.objects.get(pk=case.pk).facts["reminders"] == 1


def test_what_both_sides_of_a_call_said_of_each_other_stands_in_the_history(
    city: City, sign_in: Any
) -> None:
    opened, water = city.open("joint.community"), city.units["water"].id
    for action, who, given in (
        ("accept", "dispatcher", {}),
        ("call", "dispatcher", {"ground": "beyond", "unit": water, "note": "来"}),
        ("note_arrival", "dispatcher", {"helper": water, "how": "phone"}),
        ("report_back", "plumber", {"words": "好了"}),
        ("rate_unit", "dispatcher", {"helper": water, "in_time": True, "solved": False}),
        ("rate_call", "plumber", {"justified": False}),
    ):
        city.do(opened, action, who, **given)
    page = sign_in("dispatcher").get(page_of(case_of(opened))).content.decode()
    assert "Was it there in time? That is so" in page
    assert "Did it solve its part? That is not so" in page
    assert "Was the call one that the rules allow? That is not so" in page


def test_polling_says_not_modified_until_something_changes(city: City, sign_in: Any) -> None:
    opened = city.open()
    client = sign_in("dispatcher")
    first = client.get("/desk/rows/queue/", headers=HTMX)
    again = client.get(
        "/desk/rows/queue/", headers={**HTMX, "If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    city.do(opened, "accept", "dispatcher")
    changed = client.get(
        "/desk/rows/queue/", headers={**HTMX, "If-None-Match": first.headers["ETag"]}
    )
    assert changed.status_code == 200


def test_an_open_page_is_told_when_its_case_changes(city: City, sign_in: Any) -> None:
    opened = city.open()
    case, client = case_of(opened), sign_in("dispatcher")
    assert client.get(f"{page_of(case)}since/{case.version}/").status_code == 204
    city.do(opened, "accept", "chief")
    told = client.get(f"{page_of(case)}since/{case.version}/").content.decode()
    assert "Accepted" in told


def test_a_list_is_kept_under_a_name_and_dropped_again(city: City, sign_in: Any) -> None:
    client = sign_in("dispatcher")
    client.post("/desk/views/", {"name": "路灯", "query": "tab=late&group=light"})
    assert "路灯" in client.get("/desk/").content.decode()
    assert client.post("/desk/views/", {"name": "", "query": "tab=late"}).status_code == 422
    client.post(f"/desk/views/{SavedView.objects.get().pk}/drop/")
    assert not SavedView.objects.exists()


def test_a_kept_list_opens_for_a_colleague_within_their_own_rights(
    city: City, sign_in: Any
) -> None:
    mine = city.at("handling")  # of the unit of light
    sign_in("dispatcher").post("/desk/views/", {"name": "办着的", "query": "tab=others"})
    kept = SavedView.objects.get()
    address = f"/desk/views/{kept.uuid}/"
    assert address in sign_in("dispatcher").get("/desk/").content.decode()
    assert sign_in("dispatcher").get(address).headers["Location"] == "/desk/?tab=others"
    seen = sign_in("verifier").get(address).content.decode()
    assert "办着的" in seen
    assert "dispatcher" in seen
    assert case_of(mine).number not in sign_in("plumber").get(address).content.decode()
    sign_in("verifier").post("/desk/views/", {"name": kept.name, "query": "tab=others"})
    sign_in("dispatcher").post(f"/desk/views/{kept.pk}/drop/")
    assert sign_in("verifier").get(address).status_code == 404
    assert "办着的" in sign_in("verifier").get("/desk/").content.decode()


def test_a_list_of_the_whole_area_is_the_queue_for_who_oversees_nothing(
    city: City, sign_in: Any
) -> None:
    kept = {"name": "late", "query": "list=below&tab=late&area=;DROP&after=x"}
    answer = sign_in("supervisor").post("/desk/views/", kept)
    assert answer.headers["Location"] == "/desk/below/?tab=late"
    found = sign_in("handler").get(f"/desk/views/{SavedView.objects.get().uuid}/")
    assert found.context["section"] == "cases:queue"


def test_list_and_case_one_at_a_time_is_a_wish_that_is_kept(city: City, sign_in: Any) -> None:
    client = sign_in("dispatcher")
    assert "is-single" not in client.get("/desk/").content.decode()
    assert client.post("/display/", {"split": "single", "next": "/desk/"}).status_code == 302
    assert "is-single" in client.get("/desk/").content.decode()
    client.post("/display/", {"split": "gibberish"})
    assert "is-single" in client.get("/desk/").content.decode()
    client.post("/display/", {"split": ""})
    assert "is-single" not in client.get("/desk/").content.decode()


def test_a_code_typed_in_any_way_leads_to_its_case(city: City, sign_in: Any) -> None:
    opened = city.open()
    number = case_of(opened).number
    client = sign_in("dispatcher")
    answer = client.get("/desk/find/", {"q": f" {number[:4].lower()}-{number[4:]} "})
    assert answer.headers["Location"] == page_of(case_of(opened))
    answer = client.get("/desk/find/", {"q": opened.short_code.lower()})
    assert answer.headers["Location"] == page_of(case_of(opened))
    assert client.get("/desk/find/", {"q": "张三"}).status_code == 404


def test_supervisors_see_the_whole_area_and_a_grid_worker_the_grid(
    city: City, sign_in: Any
) -> None:
    number = case_of(city.at("handling")).number
    assert number in sign_in("supervisor").get("/desk/below/?tab=others").content.decode()
    assert number in sign_in("walker").get("/desk/grid/").content.decode()
    assert sign_in("handler").get("/desk/below/").status_code == 404
    assert sign_in("handler").get("/desk/grid/").status_code == 404


def test_the_workflow_is_drawn_and_listed(city: City, sign_in: Any) -> None:
    city.open()
    html = sign_in("dispatcher", "zh-hans").get("/desk/workflows/").content.decode()
    assert "接诉即办" in html
    assert html.count('<th scope="row">') > 20
    assert sign_in("dispatcher").get("/desk/workflows/nothing/").status_code == 404


def test_the_dispatchers_keys_are_written_down(city: City, sign_in: Any) -> None:
    assert b"<kbd>J</kbd>" in sign_in("dispatcher").get("/desk/keys/").content


def _place(grid: Any, name: str) -> None:
    Place.objects.create(
        uuid=uuid7(), code=codes.short_code(), kind="building", name=cities.names(name),
        address={}, grid=grid, lon=91.1, lat=29.6,
    )  # fmt: skip


def test_a_place_is_found_by_its_name_within_ones_area_alone(city: City, sign_in: Any) -> None:
    _place(city.grid, "东三号院")
    _place(cities.grid_elsewhere(), "东四号院")
    client = sign_in("dispatcher")
    assert "No case at this place" in client.get("/desk/find/", {"q": "东三号院"}).content.decode()
    assert client.get("/desk/find/", {"q": "东四号院"}).status_code == 404
    assert client.get("/desk/find/", {"q": "%"}).status_code == 404


def test_a_name_that_fits_several_places_lets_choose(city: City, sign_in: Any) -> None:
    for name in ("茶馆一号", "茶馆二号"):
        _place(city.grid, name)
    html = sign_in("dispatcher").get("/desk/find/", {"q": "茶馆"}).content.decode()
    assert "茶馆一号" in html
    assert "茶馆二号" in html


def test_the_search_never_looks_into_the_words_of_cases(city: City, sign_in: Any) -> None:
    city.open(words="王建国家门口的路灯不亮")
    assert sign_in("dispatcher").get("/desk/find/", {"q": "王建国"}).status_code == 404


def test_the_list_tells_the_menu_how_many_wait(city: City, sign_in: Any) -> None:
    client = sign_in("dispatcher")
    opened = city.open()
    rows = "/desk/rows/queue/"
    assert 'data-menu-count="/desk/" value="1"' in client.get(rows).content.decode()
    city.do(opened, "accept", "dispatcher")
    city.do(opened, "dispatch", "dispatcher", unit=city.units["light"].id)
    assert 'data-menu-count="/desk/" value=""' in client.get(rows).content.decode()
    assert "data-menu-count" not in client.get(rows, {"group": "light"}).content.decode()
