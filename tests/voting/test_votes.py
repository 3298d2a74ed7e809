"""From a draft to a result, and what is refused on the way."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from lingka.core import canonical, clock, verify
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import sha256
from lingka.core.events import history
from lingka.core.models import Event
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.voting import actions, selectors, tasks
from lingka.voting.models import Ballot, Named, PaperCount, Vote, Voter
from tests.cases.city import MONDAY, City, names, problem, refusal
from tests.cases.conftest import city, monday
from tests.voting.hall import (
    AFTER,
    AGAINST,
    BENCH,
    BLANK,
    END,
    FOR,
    INVALID,
    actor,
    cast,
    close,
    counted,
    draft,
    heads,
    opened,
    people,
    run,
    seen,
    unguarded,
)  # fmt: skip

__all__ = ["city", "monday"]
pytestmark = pytest.mark.django_db
WHY = names("议题并到下次了。")


def told(vote: UUID) -> list[str]:
    rows = Event.objects.filter(stream_id=vote).order_by("sequence")
    return [one.type.removeprefix("voting.") for one in rows]


# -- the way of a vote ----------------------------------------------------------------------


def test_a_secret_vote_goes_from_draft_to_a_result_that_anybody_can_hash(city: City) -> None:
    voters = people(city, 7)
    vote = opened(city, papers=2)
    cast(vote, *[(one, FOR) for one in voters[:4]], (voters[4], AGAINST), (voters[5], BLANK))
    result = counted(vote)
    assert heads(result) == {
        "by": "number", "roll": "9", "cast": "6", "options": ["4", "1"], "blank": "1",
        "invalid": "0",
    }  # fmt: skip
    assert (result["quorum"], result["carried"], result["option"]) == (True, True, 0)
    published = selectors.published(vote)
    assert published is not None
    assert sha256(published).hex() == seen(vote).hash
    assert told(vote) == ["VotePrepared", "VoteOpened", "VoteClosed", "VoteCounted"]
    assert Event.objects.get(type="voting.VoteCounted").data["hash"] == seen(vote).hash
    assert (seen(vote).carried, seen(vote).won) == (True, "赞成")
    assert verify.run() == []


def test_of_several_options_one_is_chosen(city: City) -> None:
    voters = people(city, 5)
    options = [names("车位"), names("长椅"), names("空着")]
    vote = opened(city, rule="most", options=options)
    cast(vote, *[(one, 1) for one in voters[:3]], (voters[3], 0), (voters[4], 2))
    assert (counted(vote)["option"], seen(vote).won) == (1, "长椅")


def test_of_few_only_the_decision_is_told(city: City) -> None:
    voters = people(city, 4)
    vote = opened(city)
    cast(vote, *[(one, FOR) for one in voters])
    result = counted(vote)
    assert (result["few"], result["carried"]) == (True, True)
    assert "tallies" not in result
    assert "quorum" not in result


def test_of_many_of_whom_few_came_only_the_decision_is_told(city: City) -> None:
    voters = people(city, 9)
    vote = opened(city)
    cast(vote, (voters[0], FOR))
    assert (counted(vote)["few"], seen(vote).carried) == (True, False)


def test_an_open_vote_tells_its_roll_who_chose_what_once_it_is_counted(city: City) -> None:
    voters, stranger = people(city, 3), uuid4()
    vote = opened(city, rule="hands")
    cast(vote, (voters[0], FOR), (voters[1], AGAINST), (voters[2], FOR))
    assert selectors.named(vote, voters[0].uuid) == []
    assert heads(counted(vote))["options"] == ["2", "1"]
    shown = selectors.named(vote, voters[0].uuid)
    assert sorted(one.choice for one in shown) == [FOR, FOR, AGAINST]
    assert selectors.named(vote, stranger) == []


def test_a_draft_is_written_anew_until_it_opens(city: City) -> None:
    vote = actions.prepare(draft(city), actor=SYSTEM)
    actions.prepare(draft(city, question=names("装三条？")), actor=SYSTEM, uuid=vote)
    assert seen(vote).question == "装三条？"
    people(city, 3)
    actions.open_vote(vote, actor=SYSTEM)
    with problem("state"):
        actions.prepare(draft(city), actor=SYSTEM, uuid=vote)


def test_a_draft_that_is_sent_twice_is_one_and_with_other_words_it_is_refused(city: City) -> None:
    key = uuid4()
    made = {actions.prepare(draft(city), actor=SYSTEM, idempotency_key=key) for _twice in range(2)}
    assert made == {key}
    assert [one.type for one in history(key)] == ["voting.VotePrepared"]
    changes: list[dict[str, Any]] = [
        {"question": names("装三条？")}, {"area": city.root.pk}, {"papers": 3},
        {"closes_at": END - timedelta(days=1)}, {"rule": "most"},
    ]  # fmt: skip
    for change in changes:
        with problem("key_reused"):
            actions.prepare(draft(city, **change), actor=SYSTEM, idempotency_key=key)
    assert seen(key).question == pick(BENCH)


def test_who_joins_after_the_opening_is_not_in_the_roll(city: City) -> None:
    people(city, 3)
    vote = opened(city)
    late = people(city, 1)[0]
    with refusal("not_in_roll"):
        actions.cast(vote, FOR, actor=actor(late))
    assert seen(vote).roll == 3


def test_only_who_was_invited_is_in_the_roll_where_not_all_are(city: City) -> None:
    voters = people(city, 5)
    vote = opened(city, members=False, invited=[one.uuid for one in voters[:3]] + [uuid4()])
    assert seen(vote).roll == 3
    assert selectors.voter(vote, voters[4].uuid) is None
    assert {selectors.voter(vote, one.uuid).number for one in voters[:3]} == {1, 2, 3}  # type: ignore[union-attr]


def test_a_vote_that_is_cancelled_counts_nothing_and_keeps_no_ballot(city: City) -> None:
    voters = people(city, 3)
    secret, hands = opened(city), opened(city, rule="hands")
    for vote in (secret, hands):
        cast(vote, (voters[0], FOR))
        actions.cancel(vote, WHY, actor=SYSTEM)
        assert (seen(vote).state, seen(vote).why) == ("cancelled", WHY["zh-hans"])
    assert not Ballot.objects.exists()
    assert not Named.objects.exists()
    assert selectors.published(secret) is None
    with problem("state"):
        actions.cancel(secret, WHY, actor=SYSTEM)


def test_what_has_run_its_time_is_closed_and_counted_unless_paper_waits(city: City) -> None:
    people(city, 3)
    plain, with_paper, later = opened(city), opened(city, papers=1), None
    later = opened(city, closes_at=END + timedelta(days=1))
    number = next(
        one.number for one in Voter.objects.filter(vote__uuid=with_paper, member=None)
    )  # fmt: skip
    actions.hand_paper(with_paper, number, actor=SYSTEM)
    with clock.at(AFTER):
        tasks.close(0)
    assert [seen(one).state for one in (plain, with_paper, later)] == ["counted", "closed", "open"]
    with clock.at(AFTER):
        assert actions.close_due() == 0


def test_a_vote_ends_before_its_time_only_when_everybody_has_voted(city: City) -> None:
    voters = people(city, 3)
    vote = opened(city)
    cast(vote, (voters[0], FOR), (voters[1], FOR))
    with problem("running"):
        actions.close_vote(vote, actor=SYSTEM)
    cast(vote, (voters[2], FOR))
    actions.close_vote(vote, actor=SYSTEM)
    assert seen(vote).state == "closed"


# -- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"rule": "dice"}, "rule", "rule"),
        ({"question": {"zh-hans": "甲", "bo": " ", "en": "a"}}, "words", "question_bo"),
        ({"about": {"zh-hans": "甲"}}, "words", "about_bo"),
        ({"options": [BENCH]}, "options", "options"),
        ({"options": [BENCH] * 9}, "options", "options"),
        ({"options": [BENCH, {}]}, "words", "option1_zh-hans"),
        ({"closes_at": MONDAY}, "closes_at", "closes_at"),
        ({"closes_at": MONDAY + timedelta(days=93)}, "closes_at", "closes_at"),
        ({"papers": -1}, "papers", "papers"),
        ({"papers": 5001}, "papers", "papers"),
        ({"sizes": [Decimal(80)]}, "sizes", "sizes"),
        ({"rule": "owners"}, "sizes", "sizes"),
        ({"rule": "owners", "sizes": [Decimal(80)]}, "sizes", "sizes"),
        ({"rule": "owners", "members": False, "sizes": [Decimal(0)]}, "sizes", "sizes"),
    ],
)
def test_a_draft_that_does_not_hold_together_is_refused_beside_the_fault(
    city: City, change: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Problem) as caught:
        actions.prepare(replace(draft(city), **change), actor=SYSTEM)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert not Vote.objects.exists()


def test_a_secret_vote_needs_three_in_its_roll_any_vote_one(city: City) -> None:
    people(city, 2)
    with problem("small_roll"):
        opened(city)
    with problem("small_roll"):
        opened(city, rule="hands", members=False)
    assert seen(opened(city, rule="hands")).roll == 2


def test_a_draft_whose_end_has_passed_is_not_opened(city: City) -> None:
    people(city, 3)
    vote = actions.prepare(draft(city), actor=SYSTEM)
    with clock.at(AFTER), problem("closes_at"):
        actions.open_vote(vote, actor=SYSTEM)


def test_only_the_desk_of_the_area_looks_after_a_vote(city: City) -> None:
    people(city, 3)
    vote = actions.prepare(draft(city), actor=city.staff["dispatcher"])
    stranger: Any = {"actor": city.staff["handler"]}
    for deed in (
        lambda: actions.prepare(draft(city), **stranger),
        lambda: actions.open_vote(vote, **stranger),
        lambda: actions.cancel(vote, WHY, **stranger),
    ):
        with refusal("not_desk"):
            deed()
    actions.open_vote(vote, actor=city.staff["dispatcher"])
    for deed in (
        lambda: actions.hand_paper(vote, 1, **stranger),
        lambda: actions.close_vote(vote, **stranger),
    ):
        with refusal("not_desk"):
            deed()
    close(vote)
    for deed in (
        lambda: actions.count_papers(vote, [0, 0, 0, 0], **stranger),
        lambda: actions.count(vote, **stranger),
    ):
        with refusal("not_desk"):
            deed()
    with refusal("not_desk"):
        actions.prepare(draft(city), actor=actor(people(city, 1)[0]))


def test_a_member_votes_once_and_for_what_is_offered(city: City) -> None:
    voters = people(city, 3)
    vote = opened(city)
    for choice in (2, INVALID, -3):
        with problem("choice"):
            actions.cast(vote, choice, actor=actor(voters[0]))
    cast(vote, (voters[0], AGAINST))
    with problem("voted"):
        cast(vote, (voters[0], FOR))
    with refusal("no_member"):
        actions.cast(vote, FOR, actor=city.staff["dispatcher"])


def test_nobody_votes_before_the_opening_nor_after_the_end(city: City) -> None:
    voters = people(city, 3)
    vote = actions.prepare(draft(city), actor=SYSTEM)
    with problem("state"):
        cast(vote, (voters[0], FOR))
    with problem("no_vote"):
        cast(uuid4(), (voters[0], FOR))
    actions.open_vote(vote, actor=SYSTEM)
    with clock.at(END), problem("state"):  # the job that closes it has not come by yet
        cast(vote, (voters[0], FOR))
    close(vote)
    with problem("state"):
        cast(vote, (voters[0], FOR))
    actions.count(vote, actor=SYSTEM)
    for deed in (actions.open_vote, actions.close_vote, actions.count):
        with problem("state"):
            deed(vote, actor=SYSTEM)


def test_before_the_count_nobody_reads_a_number(city: City) -> None:
    voters = people(city, 5)
    vote = opened(city)
    empty = seen(vote)
    cast(vote, *[(one, FOR) for one in voters[:4]])
    assert seen(vote) == empty  # nor how many have voted
    assert selectors.published(vote) is None
    close(vote)
    assert selectors.published(vote) is None
    assert seen(vote).result is None


# -- paper ----------------------------------------------------------------------------------


def papers(vote: UUID) -> list[int]:
    return [one.number for one in Voter.objects.filter(vote__uuid=vote, member=None)]


def test_paper_is_counted_by_two_who_must_agree(city: City) -> None:
    people(city, 3)
    one, other = city.staff["dispatcher"], city.staff["supervisor"]
    vote = opened(city, papers=6)
    for number in papers(vote):
        actions.hand_paper(vote, number, actor=one)
    close(vote)
    for wrong in ([7, 0, 0, 0], [1, 1], [-1, 1, 0, 0]):
        with problem("counts"):
            actions.count_papers(vote, wrong, actor=one)
    actions.count_papers(vote, [4, 0, 0, 1], actor=one)
    with problem("papers"):
        actions.count(vote, actor=SYSTEM)
    actions.count_papers(vote, [3, 1, 0, 1], actor=other)
    with problem("papers"):
        actions.count(vote, actor=SYSTEM)
    actions.count_papers(vote, [3, 1, 0, 1], actor=one)  # counted again
    assert set(selectors.paper(vote).counted_by) == {one.id, other.id}
    actions.count(vote, actor=one)
    assert heads(seen(vote).result or {}) == {
        "by": "number", "roll": "9", "cast": "5", "options": ["3", "1"], "blank": "0",
        "invalid": "1",
    }  # fmt: skip
    assert not PaperCount.objects.exists()


def test_who_took_paper_votes_on_paper_alone_and_who_voted_gets_none(city: City) -> None:
    voters = people(city, 3)
    vote = opened(city)
    mine = selectors.voter(vote, voters[0].uuid)
    assert mine is not None
    actions.hand_paper(vote, mine.number, actor=SYSTEM)
    with problem("voted"):
        cast(vote, (voters[0], FOR))
    cast(vote, (voters[1], FOR))
    other = selectors.voter(vote, voters[1].uuid)
    assert other is not None
    for number, code in ((other.number, "voted"), (mine.number, "voted"), (99, "no_number")):
        with problem(code):
            actions.hand_paper(vote, number, actor=SYSTEM)


def test_an_owners_vote_counts_each_flat_s_ballot_as_two_have_seen_it(city: City) -> None:
    one, other = city.staff["dispatcher"], city.staff["supervisor"]
    sizes = [Decimal("90.5"), Decimal(120), Decimal("60.25")]
    vote = opened(city, rule="owners", members=False, sizes=sizes)
    for number, choice in ((1, FOR), (2, FOR), (3, AGAINST)):
        with problem("not_handed"):
            actions.enter_paper(vote, number, choice, actor=one)
        actions.hand_paper(vote, number, actor=one)
        actions.enter_paper(vote, number, choice, actor=one)
    with problem("entered"):
        actions.enter_paper(vote, 1, AGAINST, actor=other)
    close(vote)
    with problem("papers"):
        actions.count(vote, actor=SYSTEM)
    with refusal("own_entry"):
        actions.confirm_paper(vote, 1, right=True, actor=one)
    actions.confirm_paper(vote, 3, right=False, actor=other)
    assert selectors.paper(vote).to_enter == [3]
    actions.enter_paper(vote, 3, INVALID, actor=other)
    assert [row[0] for row in selectors.paper(vote).to_confirm] == [1, 2, 3]
    actions.confirm_paper(vote, 3, right=True, actor=one)
    for number in (1, 2):
        actions.confirm_paper(vote, number, right=True, actor=other)
    with problem("not_entered"):
        actions.confirm_paper(vote, 1, right=True, actor=other)
    actions.count(vote, actor=SYSTEM)
    result = seen(vote).result or {}
    assert [one["options"] for one in result["tallies"]] == [["2", "0"], ["210.5", "0"]]
    assert result["tallies"][1]["roll"] == "270.75"
    assert result["carried"]


def test_the_box_of_paper_is_counted_of_secret_votes_each_ballot_entered_of_open_ones(
    city: City,
) -> None:
    people(city, 3)
    desk = city.staff["dispatcher"]
    secret, hands = opened(city, papers=1), opened(city, rule="hands", papers=1)
    with problem("secret"):
        actions.enter_paper(secret, 1, FOR, actor=desk)
    with problem("state"):
        actions.count_papers(secret, [0, 0, 0, 0], actor=desk)
    close(hands)
    with problem("open_vote"):
        actions.count_papers(hands, [0, 0, 0, 0], actor=desk)
    with refusal("no_person"):
        actions.enter_paper(hands, 1, FOR, actor=SYSTEM)


# -- what the database refuses --------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO voting_voter SELECT gen_random_uuid(), 9, NULL, NULL, '', id FROM voting_vote",
        "DELETE FROM voting_voter",
        "UPDATE voting_voter SET member = gen_random_uuid()",
        "UPDATE voting_voter SET number = number + 100",
        "UPDATE voting_voter SET member = NULL, voted = 'paper' WHERE voted = 'online'",
        "UPDATE voting_voter SET voted = '' WHERE voted = 'online'",
        "UPDATE voting_voter SET voted = voted",
        "UPDATE voting_voter SET voted = 'online' WHERE voted = 'online'",
        "UPDATE voting_ballot SET sealed = '\\x00'",
        "DELETE FROM voting_ballot",
        "UPDATE voting_vote SET question = '{}'",
        "UPDATE voting_vote SET closes_at = closes_at - interval '1 day'",
        "UPDATE voting_vote SET state = 'counted', key = NULL, result = '{}', hash = '\\x00'",
        "UPDATE voting_vote SET state = 'draft', key = NULL",
        "DELETE FROM voting_vote",
        "INSERT INTO voting_named (voter_id, choice) SELECT id, 0 FROM voting_voter LIMIT 1",
    ],
)
def test_raw_sql_changes_nothing_of_an_open_vote(city: City, statement: str) -> None:
    voters = people(city, 3)
    cast(opened(city), (voters[0], FOR))
    with pytest.raises(DatabaseError, match=r"voting:|pgtrigger"), transaction.atomic():
        run(statement)


@pytest.mark.parametrize("table", ["vote", "voter", "ballot", "named"])
def test_votes_are_never_emptied(city: City, table: str) -> None:
    run("SET LOCAL lingka.never_empty = 'on'")
    with pytest.raises(DatabaseError, match="never emptied"), transaction.atomic():
        run(f"TRUNCATE voting_{table} CASCADE")


def test_a_result_that_is_rewritten_is_refused_and_one_that_got_in_is_found(city: City) -> None:
    people(city, 3)
    vote = opened(city)
    counted(vote)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        Vote.objects.filter(uuid=vote).update(result={})
    with unguarded():
        Vote.objects.filter(uuid=vote).update(result={"carried": True})
    assert [one.what for one in verify.run()] == [
        "the result is not what was told when it was counted"
    ]


def test_a_vote_of_which_no_event_tells_is_found(city: City) -> None:
    vote = actions.prepare(draft(city), actor=SYSTEM)
    Vote.objects.filter(uuid=vote).update(uuid=uuid4())  # a draft's row is not yet guarded
    assert sorted(one.what for one in verify.run()) == [
        "no event tells of this vote", "the vote is not where its events tell",
    ]  # fmt: skip


def test_a_box_keeps_its_ballots_under_a_new_key_of_the_installation(
    city: City, settings: Any
) -> None:
    voters = people(city, 5)
    vote = opened(city)
    cast(vote, *[(one, FOR) for one in voters])
    settings.LINGKA_KEYS = ["a-new-key-" * 4, *settings.LINGKA_KEYS]
    assert actions.reseal_keys() == 1
    settings.LINGKA_KEYS = settings.LINGKA_KEYS[:1]
    assert heads(counted(vote))["options"] == ["5", "0"]
    assert canonical.dumps(seen(vote).result) == selectors.published(vote)


def test_an_actor_without_a_post_keeps_no_vote(city: City) -> None:
    with refusal("not_desk"):
        actions.prepare(draft(city), actor=Actor("user", None))
