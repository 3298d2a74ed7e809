"""A unit may ask, somebody else decides, the resident may object."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lingka.accounts.models import Post, User
from lingka.cases.models import Receipt
from lingka.cases.receipts import Opened
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import history
from lingka.core.ids import uuid7
from lingka.core.models import Content
from lingka.insight import replay
from lingka.insight.actions import decide_appeal, differences, file_appeal, object_to
from lingka.insight.models import Appeal, Count, Fact
from tests.cases.city import MONDAY, START, City, case_of, problem, refusal
from tests.insight.conftest import forgotten
from tests.insight.test_board import browser
from tests.insight.test_counting import of_town

Heard = Callable[[], None]


@pytest.fixture
def chief(city: City) -> Actor:
    """A second supervisor of the town."""
    return another_supervisor(city, "zong")


def another_supervisor(city: City, name: str, unit: str = "hall") -> Actor:
    user = User.objects.create(uuid=uuid7(), username=name, name=name, password="!")
    post = Post.objects.create(
        user=user, role="supervisor", unit=city.units[unit], area=city.root, valid_from=START
    )
    return Actor("user", user.pk, post.pk)


@pytest.fixture
def unhappy(city: City, heard: Heard) -> Opened:
    opened = city.at("resolved")
    city.do(opened, "rate", city.reporter(opened), solved=False, satisfied="no")
    heard()
    return opened


def appeal(city: City, opened: Opened, **more: Any) -> Appeal:
    given: dict[str, Any] = {
        "kind": "rating", "ground": "unreasonable", "words": "要的是换一条街的灯",
        "actor": city.staff["handler"],
    }  # fmt: skip
    return file_appeal(opened.case_uuid, **(given | more))


def test_an_answer_set_aside_counts_in_no_rate_of_answers(
    city: City, unhappy: Opened, heard: Heard
) -> None:
    assert of_town(city).answered == 1
    made = appeal(city, unhappy)
    heard()
    assert of_town(city).answered == 1, "asking changes nothing"
    decide_appeal(made.uuid, upheld=True, words="确实", actor=city.staff["supervisor"])
    heard()
    found = of_town(city)
    assert (found.answered, found.answer_aside, found.handled_met) == (0, 1, 1)
    assert case_of(unhappy).state == "closed", "the case itself is as it was"
    assert differences() == []


@pytest.mark.parametrize(
    ("kind", "column"),
    [("response", "contact_aside"), ("on_time", "handled_aside")],
)
def test_a_clock_can_be_set_aside(
    city: City, unhappy: Opened, heard: Heard, kind: str, column: str
) -> None:
    made = appeal(city, unhappy, kind=kind, ground="force")
    decide_appeal(made.uuid, upheld=True, words="大雪", actor=city.staff["supervisor"])
    heard()
    assert getattr(of_town(city), column) == 1
    assert of_town(city).answered == 1


def test_a_case_left_out_stands_under_its_ground(city: City, unhappy: Opened, heard: Heard) -> None:
    made = appeal(city, unhappy, kind="exclude", ground="outside")
    decide_appeal(made.uuid, upheld=True, words="在邻县", actor=city.staff["supervisor"])
    heard()
    assert Count.objects.get(area=city.root.pk, reason="outside").cases == 1
    assert of_town(city).answered == 0


def test_what_is_refused_counts_on(city: City, unhappy: Opened, heard: Heard) -> None:
    made = appeal(city, unhappy)
    decide_appeal(made.uuid, upheld=False, words="合理", actor=city.staff["supervisor"])
    heard()
    assert of_town(city).answered == 1
    with problem("decided"):
        decide_appeal(made.uuid, upheld=True, words="再想", actor=city.staff["supervisor"])


@pytest.mark.parametrize("who", ["plumber", "dispatcher", "verifier", "supervisor"])
def test_only_the_unit_in_question_appeals(city: City, unhappy: Opened, who: str) -> None:
    with refusal("unit"):
        appeal(city, unhappy, actor=city.staff[who])


def test_who_handled_it_does_not_decide(city: City, unhappy: Opened) -> None:
    made = appeal(city, unhappy)
    user = city.staff["handler"].id
    Post.objects.create(
        user_id=user, role="supervisor", unit=city.units["hall"], area=city.root, valid_from=START
    )
    with refusal("involved"):
        decide_appeal(made.uuid, upheld=True, words="好", actor=city.staff["handler"])


def test_nobody_decides_before_it_is_known_again_who_was_on_the_case(
    city: City, unhappy: Opened, heard: Heard
) -> None:
    made, boss = appeal(city, unhappy), city.staff["supervisor"]
    forgotten()
    page, given = f"/desk/rates/appeals/{made.uuid}/", {"verdict": "upheld", "words": "好"}
    desk = browser(boss)
    assert "counted anew" in desk.get(page).content.decode()
    refused = desk.post(page, given)
    assert (refused.status_code, "counted anew" in refused.content.decode()) == (409, True)
    with problem("counting"):
        decide_appeal(made.uuid, upheld=True, words="好", actor=boss)
    with problem("counting"):
        appeal(city, unhappy, kind="response", ground="force")
    heard()
    assert desk.post(page, given).status_code == 302


def test_whoever_appeals_while_figures_are_counted_anew_is_told_so(
    city: City, unhappy: Opened, heard: Heard
) -> None:
    page = f"/desk/rates/cases/{unhappy.case_number}/appeal/"
    desk = browser(city.staff["handler"])
    with clock.at(MONDAY + timedelta(days=1)):
        assert desk.get(page).status_code == 200
        forgotten()
        later = desk.get(page)
        assert (later.status_code, "counted anew" in later.content.decode()) == (409, True)
        heard()
        assert desk.get("/desk/rates/cases/0000000/appeal/").status_code == 404


def test_words_of_an_appeal_keep_the_language_they_are_written_in(
    city: City, unhappy: Opened
) -> None:
    made = appeal(city, unhappy, words="སྲང་ལམ་གཅིག་གི་གློག་བཞུ་བརྗེ་དགོས།")
    decide_appeal(made.uuid, upheld=True, words="同意", actor=city.staff["supervisor"])
    kept = Content.objects.filter(kind="appeal").order_by("created_at", "id")
    assert [one.language for one in kept] == ["bo", "zh-hans"]
    told = [text["language"] for event in history(made.uuid) for text in event.data.texts]
    assert told == ["bo", "zh-hans"]


def test_who_gains_by_it_does_not_decide(city: City, unhappy: Opened) -> None:
    made = appeal(city, unhappy)
    with refusal("involved"):
        decide_appeal(
            made.uuid, upheld=True, words="好", actor=another_supervisor(city, "deng", "light")
        )


@pytest.mark.parametrize("who", ["dispatcher", "verifier", "plumber", "walker"])
def test_only_supervisors_decide(city: City, unhappy: Opened, who: str) -> None:
    made = appeal(city, unhappy)
    with refusal("role"):
        decide_appeal(made.uuid, upheld=True, words="好", actor=city.staff[who])


def test_the_resident_objects_and_a_second_reviewer_decides(
    city: City, unhappy: Opened, heard: Heard, chief: Actor
) -> None:
    made = appeal(city, unhappy)
    boss = city.staff["supervisor"]
    decide_appeal(made.uuid, upheld=True, words="确实", actor=boss)
    object_to(made.uuid, words="我说的就是这盏灯", actor=city.reporter(unhappy))
    with refusal("again"):
        decide_appeal(made.uuid, upheld=True, words="还是", actor=boss)
    done = decide_appeal(made.uuid, upheld=False, words="居民说得对", actor=chief)
    assert done.final
    heard()
    assert of_town(city).answered == 1, "it counts again"
    assert [type(one.data).__name__ for one in history(made.uuid)] == [
        "AppealFiled", "AppealDecided", "AppealObjected", "AppealDecided",
    ]  # fmt: skip
    with problem("over"):
        object_to(made.uuid, words="再来", actor=city.reporter(unhappy))


def test_a_stranger_does_not_object(city: City, unhappy: Opened) -> None:
    made = appeal(city, unhappy)
    decide_appeal(made.uuid, upheld=True, words="确实", actor=city.staff["supervisor"])
    other = city.open()
    for actor in (city.reporter(other), city.staff["handler"], Actor("resident")):
        with problem("unknown_case"):
            object_to(made.uuid, words="不对", actor=actor)


def test_the_time_to_object_ends(city: City, unhappy: Opened) -> None:
    made = appeal(city, unhappy)
    decide_appeal(made.uuid, upheld=True, words="确实", actor=city.staff["supervisor"])
    with clock.at(MONDAY + timedelta(days=11)), problem("over"):
        object_to(made.uuid, words="不对", actor=city.reporter(unhappy))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "mood"}, "kind"),
        ({"ground": "force"}, "ground"),
        ({"words": "  "}, "words"),
        ({"words": "字" * 1001}, "long"),
    ],
)
def test_what_is_missing_is_said(
    city: City, unhappy: Opened, given: dict[str, Any], code: str
) -> None:
    with problem(code):
        appeal(city, unhappy, **given)


def test_the_same_is_not_appealed_twice_at_once(city: City, unhappy: Opened) -> None:
    appeal(city, unhappy)
    with problem("already"):
        appeal(city, unhappy)
    appeal(city, unhappy, kind="on_time", ground="waited")


def test_verification_finds_an_appeal_altered_by_hand(city: City, unhappy: Opened) -> None:
    made = appeal(city, unhappy)
    decide_appeal(made.uuid, upheld=False, words="合理", actor=city.staff["supervisor"])
    told = {made.uuid: history(made.uuid)}
    assert list(replay.faults(told)) == []
    assert list(replay.untold()) == []
    Appeal.objects.filter(uuid=made.uuid).update(state="upheld")
    assert [one.what for one in replay.faults(told)] == ["differs from its events state"]
    Appeal.objects.filter(uuid=made.uuid).update(uuid=uuid7())
    assert [one.what for one in replay.faults(told)] == ["has events and no row"]
    assert [one.what for one in replay.untold()] == ["has no events"]


# -- pages ---------------------------------------------------------------------------------------


def test_a_unit_files_on_the_page_and_the_supervisor_decides_there(
    city: City, unhappy: Opened, heard: Heard
) -> None:
    number = Fact.objects.get(case=unhappy.case_uuid).number
    unit, boss = browser(city.staff["handler"]), browser(city.staff["supervisor"])
    page = f"/desk/rates/cases/{number}/appeal/"
    assert page in unit.get("/desk/rates/cases/").content.decode()
    assert unit.post(page, {"what": "", "words": "x"}).status_code == 422
    kept = unit.post(page, {"what": "", "words": "写了半天"}).content.decode()
    assert "写了半天" in kept
    answer = unit.post(page, {"what": "exclude:untrue", "words": "现场没有灯"})
    assert answer.status_code == 302
    assert unit.post(page, {"what": "exclude:untrue", "words": "再来"}).status_code in {409, 422}
    shown = unit.get(answer["Location"]).content.decode()
    assert "Supervisors of the area decide on appeals." in shown
    assert number[:4] in boss.get("/desk/rates/appeals/").content.decode()
    assert boss.post(answer["Location"], {"verdict": "", "words": ""}).status_code == 422
    assert boss.post(
        answer["Location"], {"verdict": "upheld", "words": "去看过"}
    ).status_code == 302  # fmt: skip
    heard()
    assert Fact.objects.get(case=unhappy.case_uuid).reason == "untrue"


def test_others_find_neither_page(city: City, unhappy: Opened) -> None:
    made = appeal(city, unhappy)
    water = browser(city.staff["plumber"])
    assert water.get(f"/desk/rates/appeals/{made.uuid}/").status_code == 404
    assert water.get(f"/desk/rates/cases/{made.number}/appeal/").status_code == 404
    assert browser(city.staff["handler"]).get(
        "/desk/rates/cases/0000000/appeal/"
    ).status_code == 404  # fmt: skip


def test_the_holder_of_the_receipt_reads_why_and_objects(city: City, unhappy: Opened) -> None:
    page, client = f"/r/{unhappy.token}/counted", Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    assert "It counts like every other" in client.get(page).content.decode()
    made = appeal(city, unhappy, kind="exclude", ground="untrue", words="没有这盏灯")
    assert "It counts like every other" in client.get(page).content.decode()
    decide_appeal(made.uuid, upheld=True, words="现场没有", actor=city.staff["supervisor"])
    said = client.get(page)
    assert "Found untrue" in said.content.decode()
    assert "现场没有" in said.content.decode()
    assert "no-store" in said["Cache-Control"]
    assert client.post(page, {"appeal": str(made.uuid), "words": ""}).status_code == 422
    assert client.post(page, {"appeal": "x", "words": "有"}).status_code == 422
    assert client.post(page, {"appeal": str(made.uuid), "words": "有的"}).status_code == 302
    told = client.get(page).content.decode()
    assert "Somebody else looks at it again." in told
    assert "有的" in told
    joined = city.open()
    Receipt.objects.filter(id=joined.receipt_id).update(case=case_of(unhappy), kind="follower")
    of_another = client.get(f"/r/{joined.token}/counted").content.decode()
    assert "Somebody else looks at it again." in of_another
    assert "有的" not in of_another
    assert client.post(page, {"appeal": str(made.uuid), "words": "有的"}).status_code == 422
    assert client.get("/r/aaaaaaaaaaaaaaaa/counted").status_code == 404
