"""A part of a case becomes a case of its own; the whole waits for it and tells the resident."""

import pytest

from lingka.cases import actions, replay
from lingka.cases.models import Case
from lingka.cases.receipts import Opened
from lingka.cases.receivers import whole_ended
from lingka.cases.selectors import receipt_by_token, similar_open
from lingka.cases.selectors.kin import family
from lingka.cases.selectors.public import PublicFilter, public_cases
from lingka.core import events, verify
from tests.cases.city import HERE, City, case_of, problem, refusal


class Split:
    """A case that the lighting unit leads, with a part of it at the water unit."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.whole = city.at("handling", case_type="light.out")
        self.more()

    def more(self) -> Case:
        city = self.city
        city.do(
            self.whole, "split", "dispatcher", case_type="water.none",
            unit=city.units["water"].id, note="先把井里的水抽干",
        )  # fmt: skip
        return self.part

    @property
    def part(self) -> Case:
        return Case.objects.filter(channel="part").latest("id")

    def do(self, action: str, who: str, **data: object) -> None:
        actions.perform(self.part.uuid, action, actor=self.city.staff[who], data=data)

    def end(self) -> None:
        for action, who, data in (
            ("sign_in", "plumber", {}),
            ("report_back", "plumber", {"words": "水抽干了"}),
            ("verify", "verifier", {"how": "visit"}),
        ):
            self.do(action, who, **data)


@pytest.fixture
def split(city: City) -> Split:
    return Split(city)


def test_a_part_has_its_own_type_unit_and_clocks(split: Split) -> None:
    part = split.part
    assert (part.case_type, part.state) == ("water.none", "dispatched")
    assert part.lead_unit_id == split.city.units["water"].id
    assert part.clocks["resolve"]["due"]
    assert part.clocks["sign_in"]["due"]
    assert (part.grid_id, part.desk_area_id) == (
        case_of(split.whole).grid_id, case_of(split.whole).desk_area_id,
    )  # fmt: skip


def test_the_whole_is_not_reported_done_while_a_part_is_open(split: Split) -> None:
    with refusal("parts"):
        split.city.do(split.whole, "report_back", "handler", words="好了")
    split.end()
    split.city.do(split.whole, "report_back", "handler", words="都好了")
    assert case_of(split.whole).state == "reported"


def test_every_one_of_several_parts_is_waited_for(split: Split) -> None:
    split.end()
    split.more()
    with refusal("parts"):
        split.city.do(split.whole, "report_back", "handler", words="好了")
    split.do("drop", "dispatcher")
    split.city.do(split.whole, "report_back", "handler", words="都好了")


def test_who_did_a_part_does_not_check_it(split: Split) -> None:
    split.do("sign_in", "plumber")
    split.do("report_back", "plumber", words="好了")
    with refusal("relation"):
        split.do("verify", "plumber", how="visit")


def test_the_resident_sees_each_part_s_stage_and_hears_its_result(split: Split) -> None:
    def seen() -> tuple[list[tuple[int | None, bool]], list[str]]:
        page = receipt_by_token(split.whole.token)
        assert page
        return [(one.unit_id, one.open) for one in page.parts], [r.words for r in page.replies]

    water = split.city.units["water"].id
    assert seen() == ([(water, True)], [])
    split.end()
    assert seen() == ([(water, False)], ["水抽干了"])


def test_the_desk_sees_parts_and_whole_on_each_other_s_page(split: Split) -> None:
    assert [one.title for one in family(case_of(split.whole)).parts] == ["先把井里的水抽干"]
    whole = family(split.part).whole
    assert whole
    assert whole.url.endswith(f"/{split.whole.case_number}/")


def test_a_part_s_end_is_told_in_the_history_of_the_whole(split: Split) -> None:
    split.end()
    assert [one.type for one in events.history(split.whole.case_uuid)][-1] == "cases.PartEnded"
    for case in Case.objects.all():
        assert replay.differences(case, events.history(case.uuid)) == []
    assert verify.run() == []


def test_what_the_resident_takes_back_nobody_goes_on_with_in_parts(split: Split) -> None:
    split.city.do(split.whole, "withdraw", split.city.reporter(split.whole))
    for _twice in range(2):  # delivered again, nothing new happens
        whole_ended([one for one in events.history(split.whole.case_uuid) if "Acted" in one.type])
    assert split.part.state == "dropped"


def test_a_case_with_open_parts_is_neither_declined_nor_merged(split: Split) -> None:
    other = split.city.open()
    split.city.do(split.whole, "return", "handler", reason="not_ours", note="1")
    with refusal("parts"):
        split.city.do(
            split.whole, "decline", "dispatcher", reason="outside", words="不在这里"
        )  # fmt: skip
    with refusal("parts"):
        split.city.do(split.whole, "merge", "dispatcher", into=other.case_number)


def test_a_part_is_given_by_the_duty_lists_like_any_case(city: City) -> None:
    whole = city.at("handling")
    with problem("case_type"):
        city.do(
            whole, "split", "dispatcher", case_type="no.such", note="?",
            unit=city.units["water"].id,
        )  # fmt: skip
    assert Case.objects.count() == 1


def test_strangers_are_shown_the_whole_and_never_its_parts(split: Split) -> None:
    assert [one.number for one in public_cases(PublicFilter(), limit=9)] == [
        split.whole.case_number
    ]
    assert similar_open("water.none", *HERE, "水") == []


def test_nothing_is_merged_into_a_part(split: Split) -> None:
    other: Opened = split.city.open()
    with problem("part"):
        split.city.do(other, "merge", "dispatcher", into=split.part.number)
