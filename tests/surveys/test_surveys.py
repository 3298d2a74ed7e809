"""An area is asked without asking who: once a device, sums only, small groups hidden."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingka.accounts.models import Post
from lingka.areas import cache
from lingka.areas.models import Area, Place
from lingka.core import clock, codes
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.surveys import actions, rules, selectors
from lingka.surveys.models import Round, Spent, Tally
from tests.cases.city import HERE, MONDAY, City, grid_elsewhere

WEEK = timedelta(days=7)
SAID = {"clean": "yes", "heard": "no"}


def opened(city: City, area: Area | None = None, template: str = "around_home") -> Round:
    until = clock.now() + WEEK
    return actions.open_round(
        template, (area or city.root).pk, until, actor=city.staff["supervisor"]
    )


def answered(made: Round, area: int, times: int, **given: str) -> None:
    for _phone in range(times):
        actions.answer(made.code, actions.begin(made.code), area, given or SAID)


def refusal(code: str, *args: object, **kwargs: object) -> None:
    with pytest.raises(Problem) as caught:
        actions.answer(*args, **kwargs)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_answers_become_sums_and_no_sheet_is_kept(city: City) -> None:
    made = opened(city)
    answered(made, city.root.pk, 3)
    rows = Tally.objects.values_list("question", "option", "answers")
    assert sorted(rows) == [("", "", 3), ("clean", "yes", 3), ("heard", "no", 3)]


def test_a_device_answers_once_a_round(city: City) -> None:
    made = opened(city)
    word = actions.begin(made.code)
    actions.answer(made.code, word, city.root.pk, SAID)
    refusal("again", made.code, word, city.root.pk, SAID)
    assert Tally.objects.get(question="").answers == 1


@pytest.mark.parametrize("word", ["", "made up", "made.up", "."])
def test_a_word_that_the_server_did_not_make_up_counts_for_nothing(city: City, word: str) -> None:
    refusal("new", opened(city).code, word, city.root.pk, SAID)
    assert not Tally.objects.exists()


def test_a_word_of_one_round_is_of_no_use_in_another(city: City) -> None:
    one, other = opened(city), opened(city, template="at_the_counter")
    refusal("new", other.code, actions.begin(one.code), city.root.pk, {"once": "yes"})


def test_no_two_rounds_know_a_device_by_the_same_mark() -> None:
    one, other = (rules.mark(secret, "same") for secret in (b"1" * 32, b"2" * 32))
    assert one != other


def test_closing_lets_the_round_forget_every_device(city: City) -> None:
    made = opened(city)
    word = actions.begin(made.code)
    actions.answer(made.code, word, city.root.pk, SAID)
    assert selectors.standing(made.code, word) == "answered"
    closed = actions.close_round(made.code, actor=actions.SYSTEM)
    assert (closed.secret, Spent.objects.count()) == (None, 0)
    refusal("over", made.code, word, city.root.pk, SAID)
    assert selectors.standing(made.code, word) == "new"


def test_the_log_tells_of_rounds_and_of_no_answer(city: City) -> None:
    made = opened(city)
    answered(made, city.root.pk, 2)
    actions.close_round(made.code, actor=actions.SYSTEM)
    told = (
        Event.objects.filter(stream="survey")
        .order_by("position")
        .values_list("type", "data__answers")
    )
    assert list(told) == [("surveys.SurveyOpened", None), ("surveys.SurveyClosed", 2)]


@pytest.mark.parametrize("given", [{}, {"clean": "nonsense"}, {"nonsense": "yes"}])
def test_what_answers_nothing_is_refused(city: City, given: dict[str, str]) -> None:
    made = opened(city)
    refusal("empty", made.code, actions.begin(made.code), city.root.pk, given)


def test_before_its_time_after_it_and_without_a_survey_nobody_answers(city: City) -> None:
    made = opened(city)
    for moment in (MONDAY - timedelta(minutes=1), MONDAY + WEEK):
        with clock.at(moment):
            refusal("over", made.code, "phone", city.root.pk, SAID)
    refusal("over", "NONE", "phone", city.root.pk, SAID)


def test_nobody_sees_answers_while_it_runs(city: City) -> None:
    made = opened(city)
    answered(made, city.root.pk, 12)
    found = selectors.survey(made.code)
    assert found is not None
    assert selectors.results(found) is None


def results(made: Round) -> selectors.Results:
    actions.close_round(made.code, actor=actions.SYSTEM)
    found = selectors.survey(made.code)
    assert found is not None
    came = selectors.results(found)
    assert came is not None
    return came


def test_one_that_was_closed_early_ran_until_then(city: City) -> None:
    made = opened(city)
    with clock.at(MONDAY + timedelta(days=2)):
        results(made)
    found = selectors.survey(made.code)
    assert found is not None
    assert found.closes_at == MONDAY + timedelta(days=2)


def test_too_few_answers_show_nothing(city: City) -> None:
    made = opened(city)
    answered(made, city.root.pk, 9)
    assert results(made) == selectors.Results(None, [], [])


def test_a_question_that_too_few_answered_shows_no_figure(city: City) -> None:
    made = opened(city)
    answered(made, city.root.pk, 10, clean="yes")
    answered(made, city.root.pk, 9, light="no")
    clean, light = results(made).questions[:2]
    assert (clean.answered, light.answered, light.bars) == (10, None, ())


def test_an_answer_that_few_chose_is_hidden_and_another_with_it(city: City) -> None:
    made = opened(city)
    for option, times in (("yes", 30), ("partly", 12), ("no", 2)):
        answered(made, city.root.pk, times, clean=option)
    shown = {bar.option: bar.answers for bar in results(made).questions[0].bars}
    assert shown == {"yes": 30, "partly": None, "no": None}


def test_shares_are_of_those_who_answered_the_question(city: City) -> None:
    made = opened(city)
    answered(made, city.root.pk, 30, clean="yes")
    answered(made, city.root.pk, 10, clean="no", heard="no")
    came = results(made)
    clean, heard = came.questions[0], came.questions[2]
    assert came.answers == 40
    assert [(bar.answers, bar.percent) for bar in clean.bars] == [(30, 75), (0, 0), (10, 25)]
    assert [bar.answers for bar in heard.bars] == [0, 0, 10, 0]
    assert came.lines == [], "one area alone makes no table"


def test_a_small_community_is_hidden_and_another_with_it(city: City) -> None:
    made = opened(city)
    for area, times in ((city.root.pk, 20), (city.street.pk, 11), (city.grid.parent_id, 3)):
        answered(made, area or 0, times, clean="yes")
    lines = results(made).lines
    shown = {line.area: line.answers for line in lines}
    assert shown == {city.root.pk: 20, city.street.pk: None, city.grid.parent_id: None}
    assert [line.shares[0] for line in lines] == [rules.Share(20, 20), None, None]


def test_who_never_reported_is_neither_content_nor_not(city: City) -> None:
    made = opened(city)
    for area in (city.root.pk, city.street.pk):
        answered(made, area, 12, heard="yes")
        answered(made, area, 15, heard="never")
    assert [line.shares[2] for line in results(made).lines] == [rules.Share(12, 12)] * 2


def test_a_question_is_hidden_where_few_of_a_community_answered_it(city: City) -> None:
    made = opened(city)
    for area, clean, light in ((city.root.pk, 20, 30), (city.street.pk, 15, 2)):
        answered(made, area, clean, clean="yes")
        answered(made, area, light, light="yes")
    first, second = results(made).lines
    assert [share and share.answered for share in first.shares[:2]] == [20, None]
    assert [share and share.answered for share in second.shares[:2]] == [15, None]


OPTIONS = {"clean": ("yes", "partly", "no"), "heard": ("yes", "partly", "no", "never")}
BODY = rules.ordered(rules.shipped()["surveys"]["around_home"])
CHOSEN = st.sampled_from([0, 0, 2, 5, 9, 10, 12, 20, 40])
COUNTS = st.dictionaries(
    st.integers(1, 4),
    st.fixed_dictionaries(
        {(key, one): CHOSEN for key, options in OPTIONS.items() for one in options}
    ),
    min_size=1,
)


def turned_out(counts: dict[int, dict[tuple[str, str], int]]) -> dict[int, rules.Counts]:
    """With how many answered at all in each area: as many as answered the fuller question."""
    return {
        area: numbers | {("", ""): max(
            sum(number for (asked, _option), number in numbers.items() if asked == key)
            for key in OPTIONS
        )}
        for area, numbers in counts.items()
    }  # fmt: skip


def reckoned(table: rules.Table) -> list[int]:
    """What can be had by taking what is shown from what is shown."""
    found = []
    for question, shares in zip(table.questions, table.shares, strict=True):
        if question.answered is None:
            assert not shares
            continue
        known = {bar.option: bar for bar in question.bars}
        found += [bar.answers for bar in question.bars if bar.answers is not None]
        found.append(question.answered - sum(bar.answers or 0 for bar in question.bars))
        for share in shares.values():
            found += [share.good, share.answered - share.good]
        if shares:
            good = sum(bar.answers or 0 for bar in question.bars if bar.good)
            aside = known["never"].answers or 0 if "never" in known else 0
            found.append(good - sum(one.good for one in shares.values()))
            rest = question.answered - aside - good
            found.append(rest - sum(one.answered - one.good for one in shares.values()))
    return found


@settings(deadline=None, max_examples=100)
@given(COUNTS)
def test_nothing_that_is_shown_gives_a_small_group_away(
    counts: dict[int, dict[tuple[str, str], int]],
) -> None:
    table = rules.table(BODY, turned_out(counts), 10)
    assert not [number for number in reckoned(table) if 0 < number < 10]


def test_a_question_with_a_hidden_answer_has_no_shares() -> None:
    counts = {
        1: {("", ""): 37, ("clean", "yes"): 12, ("clean", "partly"): 5, ("clean", "no"): 20},
        2: {("", ""): 20, ("clean", "no"): 20},
    }
    table = rules.table(BODY, counts, 10)
    assert [bar.answers for bar in table.questions[0].bars] == [None, None, 20 + 20]
    assert table.shares[0] == {}


def test_an_answer_counts_in_the_community_of_the_door_that_was_scanned(city: City) -> None:
    door = Place.objects.create(
        uuid=uuid7(), code=codes.short_code(), kind="building", name={"zh-hans": "1 号楼"},
        grid=city.grid, lon=HERE[0], lat=HERE[1],
    )  # fmt: skip
    whole, below = opened(city), opened(city, Area.objects.get(pk=city.grid.parent_id))
    for made in (whole, below):
        found = selectors.survey(made.code)
        assert found is not None
        assert selectors.asked_area(found, door.code) == city.grid.parent_id
        assert selectors.asked_area(found, "") == made.area
        assert selectors.asked_area(found, "NONE") == made.area


def test_a_door_outside_the_area_counts_for_the_area_as_a_whole(city: City) -> None:
    made = opened(city, Area.objects.get(pk=city.grid.parent_id))
    found = selectors.survey(made.code)
    assert found is not None
    door = Place.objects.create(
        uuid=uuid7(), code=codes.short_code(), kind="building", name={"zh-hans": "2 号楼"},
        grid=grid_elsewhere(), lon=HERE[0], lat=HERE[1],
    )  # fmt: skip
    cache.forget()
    assert selectors.asked_area(found, door.code) == made.area


def test_a_list_is_of_ones_own_areas_page_by_page(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "PAGE", 1)
    community = Area.objects.get(pk=city.grid.parent_id)
    old = opened(city, community)
    with clock.at(MONDAY + timedelta(hours=1)):
        new = opened(city, community, template="at_the_counter")
        opened(city)  # the newest, of a wider area
    answered(old, community.pk, 2)
    pages = [selectors.surveys([community.path], page) for page in (0, 1)]
    assert [([one.code for one in found], older) for found, older in pages] == [
        ([new.code], True), ([old.code], False),
    ]  # fmt: skip
    assert pages[1][0][0].answers == 2


def test_who_does_not_oversee_the_area_asks_nobody(city: City) -> None:
    until = clock.now() + WEEK
    with pytest.raises(PermissionRefused):
        actions.open_round("around_home", city.root.pk, until, actor=city.staff["handler"])
    made = opened(city)
    with pytest.raises(PermissionRefused):
        actions.close_round(made.code, actor=city.staff["verifier"])
    Post.objects.filter(user=city.staff["supervisor"].id).update(area=city.street)
    with pytest.raises(PermissionRefused):
        opened(city, template="at_the_counter")


@pytest.mark.parametrize(
    ("template", "after", "code"),
    [
        ("nonsense", WEEK, "template"),
        ("around_home", timedelta(minutes=5), "until"),
        ("around_home", timedelta(days=400), "until"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_the_field(
    city: City, template: str, after: timedelta, code: str
) -> None:
    with pytest.raises(Problem) as caught:
        actions.open_round(
            template, city.root.pk, clock.now() + after, actor=city.staff["supervisor"]
        )
    assert caught.value.field == code


def test_nobody_closes_it_in_its_first_two_days(city: City) -> None:
    made, boss = opened(city), city.staff["supervisor"]
    with pytest.raises(Problem) as caught:
        actions.close_round(made.code, actor=boss)
    assert caught.value.code == "early"
    with clock.at(MONDAY + timedelta(days=2)):
        assert actions.close_round(made.code, actor=boss).closed_at


def test_nothing_smaller_than_a_community_is_asked(city: City) -> None:
    with pytest.raises(Problem) as caught:
        opened(city, city.grid)
    assert caught.value.field == "area"


def test_one_whose_time_is_up_ends_when_it_is_opened_again(city: City) -> None:
    made = opened(city)
    with clock.at(MONDAY + WEEK):
        assert opened(city).number == made.number + 1
    made.refresh_from_db()
    assert made.closed_at == MONDAY + WEEK


def test_the_same_is_not_asked_twice_at_once_but_again_later(city: City) -> None:
    made = opened(city)
    with pytest.raises(Problem) as caught:
        opened(city)
    assert caught.value.code == "running"
    with clock.at(MONDAY + WEEK):
        assert actions.close_due() == 1
        assert actions.close_due() == 0
        assert opened(city).number == made.number + 1


@pytest.mark.parametrize(("code", "again"), [("NONE", False), ("", True)])
def test_what_is_none_or_over_cannot_be_closed(city: City, code: str, again: bool) -> None:  # noqa: FBT001
    made = opened(city)
    if again:
        actions.close_round(made.code, actor=actions.SYSTEM)
    with pytest.raises(Problem):
        actions.close_round(code or made.code, actor=actions.SYSTEM)


@pytest.mark.parametrize(
    ("after", "closed", "state"),
    [(-1, False, "coming"), (1, False, "open"), (9, False, "over"), (1, True, "closed")],
)
def test_a_survey_says_how_it_stands(after: int, closed: bool, state: str) -> None:  # noqa: FBT001
    now = MONDAY + timedelta(days=after)
    assert rules.state(MONDAY, MONDAY + WEEK, closed, now) == state
    assert rules.percent(1, 0) == 0


def test_every_question_is_complete_in_three_languages() -> None:
    for survey in rules.shipped()["surveys"].values():
        for one in survey["questions"]:
            assert set(one["good"]) <= set(one["options"]) - set(one.get("aside", ()))
            assert set(one.get("aside", ())) <= set(one["options"])
            for names in (survey["name"], survey["about"], one["label"], *one["options"].values()):
                assert all(names[code] for code in ("zh-hans", "bo", "en"))
