"""A checklist gone through: what failed is a hazard in the same step, once, with its photo."""

from typing import Any

import pytest

from lingka.cases import actions as cases
from lingka.cases.models import Attachment, Case
from lingka.core import contents
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.patrols import actions, selectors
from lingka.patrols.models import Submission
from tests.cases.city import HERE, City, problem, refusal
from tests.patrols import town as towns
from tests.patrols.town import Town
from tests.security.stage import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(city: City) -> Town:
    return towns.build(city)


def answers(**changes: Any) -> dict[str, Any]:
    """A kitchen without gas where all is in order."""
    whole: dict[str, Any] = {
        "gas": {"value": "none"}, "back_door": {"value": "yes"},
        "extinguisher": {"value": "yes"}, "lights": {"value": "yes"},
    }  # fmt: skip
    return whole | changes


def submit(town: Town, said: dict[str, Any], **more: Any) -> actions.Submitted:
    values: dict[str, Any] = {
        "actor": town.walker, "key": uuid7(), "checklist": "restaurant", "version": 1,
        "place": town.places[0].id, "answers": said,
    }  # fmt: skip
    return actions.submit_checklist(**(values | more))


def blocked(picture: Any) -> dict[str, Any]:
    return {"value": "no", "words": "堆了货箱", "photos": [str(picture)]}


def picture(town: Town, actor: Actor | None = None) -> Any:
    return cases.add_attachment(photo(), actor=actor or town.walker, kind="photo")


def test_all_in_order_opens_nothing(town: Town) -> None:
    done = submit(town, answers())
    assert (done.cases, done.failed) == ([], [])
    assert done.in_order == done.looked_at == 6  # what weighs 3, 2 and 1
    assert not Case.objects.exists()


def test_a_failed_item_is_a_hazard_at_the_place_with_its_photo(town: Town) -> None:
    taken = picture(town)
    done = submit(town, answers(back_door=blocked(taken)), attachments=[taken])
    case = Case.objects.get()
    assert done.cases == [str(case.uuid)]
    assert (case.case_type, case.place_id) == ("safety.hazard", town.places[0].id)
    assert Attachment.objects.get(uuid=taken).case_id == case.id
    words = contents.read([case.words])[case.words]
    assert words.splitlines()[:2] == ["后门被堵或上锁 (一般)", "堆了货箱"]
    assert "消防法第二十八条" in words


def test_sending_it_again_gives_the_first_result(town: Town) -> None:
    taken, key = picture(town), uuid7()
    said = answers(back_door=blocked(taken))
    first = submit(town, said, key=key, attachments=[taken])
    again = submit(town, said, key=key, attachments=[taken])
    assert (again.cases, again.existing) == (first.cases, True)
    assert Case.objects.count() == Submission.objects.count() == 1
    with problem("key_reused"):
        submit(town, answers(), key=key)


def test_what_is_missing_is_named_and_nothing_is_kept(town: Town) -> None:
    said = answers(back_door={"value": "no"}, lights={"value": "maybe"})
    with pytest.raises(actions.submitting.Problem) as caught:
        submit(town, said)
    named = {one["field"]: one["code"] for one in caught.value.extra["errors"]}
    assert named == {"back_door": "photo", "lights": "option"}
    assert not Case.objects.exists()
    assert not Submission.objects.exists()


def test_two_hazards_have_each_their_own_photo(town: Town) -> None:
    one, two, spare = picture(town), picture(town), picture(town)
    said = answers(back_door=blocked(one), extinguisher=blocked(two))
    submit(town, said, attachments=[one, two, spare])
    owners = [Attachment.objects.get(uuid=each).case_id for each in (one, two)]
    assert len(set(owners)) == 2
    assert None not in owners
    assert Attachment.objects.get(uuid=spare).held


def test_what_was_mended_at_once_stays_out_of_the_ledger(town: Town) -> None:
    one, two = picture(town), picture(town)
    mended = blocked(one) | {"mended": True, "after": [str(two)]}
    done = submit(town, answers(back_door=mended), attachments=[one, two])
    assert (done.cases, done.failed) == ([], ["back_door"])


def test_the_stop_it_was_for_is_done_and_the_round_started(town: Town) -> None:
    row = town.first(stops=[town.stop(0, "restaurant"), town.stop(1)])
    stop = row.stops.get(checklist="restaurant")
    submit(town, answers(), round=row.uuid, stop=stop.uuid, place=None)
    info = selectors.round_of(row.uuid)
    assert info
    assert (info.state, info.done, info.stops[0].items) == ("started", 1, 12)


def test_a_stop_laid_out_anew_meanwhile_is_found_by_its_place(town: Town) -> None:
    row = town.first(stops=[town.stop(0, "restaurant")])
    submit(town, answers(), round=row.uuid, stop=uuid7())
    assert row.stops.get().outcome == "done"


@pytest.mark.parametrize("more", [{}, {"stop": "its own"}, {"stop": "of before"}])
def test_a_checklist_does_not_reach_a_round_that_another_team_walks(
    town: Town, more: dict[str, Any]
) -> None:
    row = town.first(stops=[town.stop(0, "restaurant")])
    if more:
        more = {"stop": row.stops.get().uuid if more["stop"] == "its own" else uuid7()}
    with refusal("not_walker"):
        submit(town, answers(), actor=town.city.staff["dispatcher"], round=row.uuid, **more)
    assert row.stops.get().outcome == ""
    assert not Submission.objects.exists()


def test_what_is_looked_at_on_a_stop_is_its_place_whatever_is_named(town: Town) -> None:
    row = town.first(stops=[town.stop(0, "restaurant")])
    submit(town, answers(), stop=row.stops.get().uuid, place=town.places[1].id)
    assert Submission.objects.get().place_id == town.places[0].id


def test_a_place_that_is_no_stop_of_a_round_is_looked_at_for_itself(town: Town) -> None:
    row = town.first(stops=[town.stop(0, "restaurant")])
    submit(town, answers(), round=row.uuid, place=town.places[1].id)
    kept = Submission.objects.get()
    assert (kept.round, kept.place_id) == (None, town.places[1].id)


def test_the_point_is_kept_nowhere_but_with_the_hazard(town: Town) -> None:
    taken = picture(town)
    lon, lat = HERE[0] + 0.000123, HERE[1] + 0.000321
    submit(
        town, answers(back_door=blocked(taken)), attachments=[taken], lon=lon, lat=lat
    )  # fmt: skip
    said = str(list(Event.objects.values_list("data", flat=True)))
    assert str(lon) not in said
    assert str(lon) not in str(Submission.objects.values().get())


def test_without_a_place_the_point_says_whose_it_is(town: Town) -> None:
    done = submit(town, answers(), place=None, lon=HERE[0], lat=HERE[1])
    assert done.looked_at
    with problem("place"):
        submit(town, answers(), place=None)


def test_an_old_version_is_still_taken_and_an_unknown_one_is_not(town: Town) -> None:
    current = selectors.info("restaurant")
    assert current
    newer = {**current.body, "items": current.body["items"][:1]}
    actions.publish_checklist("restaurant", newer, actor=actions.planning.SYSTEM)
    assert submit(town, answers()).looked_at == 6
    with problem("no_checklist"):
        submit(town, answers(), version=9)


def test_people_of_other_areas_do_not_look_here(town: Town) -> None:
    with refusal("other_area"):
        submit(town, answers(), actor=town.city.staff["handler"])
    assert submit(town, answers(), actor=town.city.staff["dispatcher"]).looked_at


def test_answers_are_content_that_can_be_erased(town: Town) -> None:
    submit(town, answers(lights={"value": "yes", "words": "老板在"}))
    row = Submission.objects.get()
    assert "老板在" not in str(list(Event.objects.values_list("data", flat=True)))
    assert contents.erase([row.answers]) == 1
