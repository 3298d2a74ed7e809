"""A topic that is put to a vote: what is counted moves it, and nothing before."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.events import stored
from lingka.core.models import Event
from lingka.deliberation import actions, receivers, rules, selectors
from lingka.deliberation.models import Poll, Topic
from lingka.voting import actions as votes
from tests.cases.city import City, names, problem, refusal
from tests.deliberation import table
from tests.deliberation.table import SITS, council, held, raised, state
from tests.deliberation.test_pages import desk, read
from tests.voting.hall import AGAINST, FOR, cast, people
from tests.voting.hall import seen as hall_seen

ASKED = names("门口划二十个车位吗？")
VOTES = SITS + timedelta(hours=3)
OVER = VOTES + timedelta(days=8)


def grids(city: City) -> UUID:
    return council(city, "joint", "joint_grids")


def talked_over(city: City) -> UUID:
    """A topic at a table of several grids, which met and did not decide yet."""
    at = grids(city)
    topic, desk = raised(city, at), city.staff["dispatcher"]
    meeting = table.planned(city, at)
    actions.put_on_agenda(meeting, topic, actor=desk)
    return _held(city, meeting, topic)


def _held(city: City, meeting: UUID, topic: UUID) -> UUID:
    desk = city.staff["dispatcher"]
    actions.invite(meeting, topic, "affected", actor=desk, name="三号院住户")
    Topic.objects.get(uuid=topic).materials.create(name="图", attachment=uuid4())
    actions.convene(meeting, actor=desk)
    with clock.at(SITS + timedelta(hours=1)):
        actions.hold(meeting, actor=desk, present=14, minutes="说了停车。")
    return topic


def put(city: City, topic: UUID, rule: str = "simple", **more: str) -> UUID:
    words = more.get("words", "划二十个车位")
    with clock.at(VOTES):
        return actions.put_to_vote(topic, ASKED, words, actor=city.staff["dispatcher"], rule=rule)


def ended(vote: UUID) -> None:
    """The vote's time is over, it is counted, and what is told is heard twice."""
    with clock.at(OVER):
        votes.close_vote(vote, actor=SYSTEM)
        votes.count(vote, actor=SYSTEM)
        hear(vote)


def hear(vote: UUID) -> None:
    told = Event.objects.filter(stream_id=vote).order_by("position").last()
    assert told is not None
    for _again in range(2):
        receivers.hear_of_votes(stored(told))


def seen(topic: UUID) -> selectors.TopicInfo:
    found = selectors.topic(topic)
    assert found is not None
    return found


def test_what_is_carried_is_adopted_and_can_be_given_to_its_owner(city: City) -> None:
    voters = people(city, 6)
    topic = talked_over(city)
    assert seen(topic).can_vote
    vote = put(city, topic)
    assert state(topic) == "voting"
    with clock.at(VOTES):
        cast(vote, *((one, FOR) for one in voters[:4]), (voters[4], AGAINST))
    running = seen(topic).poll
    assert running is not None
    assert (running.outcome, running.cast, running.hash) == ("", "", "")  # no number before
    ended(vote)
    found = seen(topic)
    assert (found.state, found.poll, found.decisions[0].hands) == ("adopted", None, None)
    poll = found.decisions[0].poll
    assert poll is not None
    assert (poll.cast, poll.roll, len(poll.hash)) == ("5", "6", 64)
    with clock.at(OVER):
        actions.resolve(
            topic, actor=city.staff["chief"], unit=city.units["light"].pk,
            until=(OVER + timedelta(days=9)).date(),
        )  # fmt: skip
    assert state(topic) == "in_work"
    events = list(Event.objects.filter(stream_id=topic).values_list("type", flat=True))
    assert events.count("deliberation.TopicVoted") == 1


def test_what_more_are_against_is_rejected_and_stays_so(city: City) -> None:
    voters = people(city, 5)
    vote = put(city, topic := talked_over(city), "hands")
    with clock.at(VOTES):
        cast(vote, *((one, AGAINST) for one in voters))
    ended(vote)
    assert state(topic) == "rejected"
    assert not seen(topic).decisions[0].adopted


def test_too_few_decide_nothing_and_it_waits_for_a_table_again(city: City) -> None:
    voters = people(city, 12)
    vote = put(city, topic := talked_over(city))
    with clock.at(VOTES):
        cast(vote, *((one, FOR) for one in voters[:5]))
    ended(vote)
    found = seen(topic)
    assert (found.state, found.decisions) == ("open", [])
    assert found.poll is not None
    assert found.poll.outcome == "no_quorum"


def test_a_cancelled_vote_gives_its_topic_back(city: City) -> None:
    people(city, 5)
    vote = put(city, topic := talked_over(city))
    votes.cancel(vote, names("问题写错了"), actor=SYSTEM)
    hear(vote)
    assert state(topic) == "open"
    assert Poll.objects.get(vote=vote).outcome == "cancelled"


def test_of_few_who_voted_in_secret_only_the_decision_is_told(city: City) -> None:
    voters = people(city, 4)
    vote = put(city, topic := talked_over(city))
    with clock.at(VOTES):
        cast(vote, *((one, FOR) for one in voters))
    ended(vote)
    poll = seen(topic).decisions[0].poll
    assert poll is not None
    assert (state(topic), poll.cast, poll.roll) == ("adopted", "", "")


def test_what_cannot_be_put_to_a_vote_is_refused(city: City, tea: UUID) -> None:
    people(city, 5)
    desk = city.staff["dispatcher"]
    topic = talked_over(city)
    with problem("rule"):
        put(city, topic, "owners_major")
    with problem("words"):
        put(city, topic, words=" ")
    with problem("question"):
        actions.put_to_vote(topic, {"zh-hans": "划吗？"}, "划", actor=desk, rule="simple")
    with refusal("not_keeper"):
        actions.put_to_vote(topic, ASKED, "划", actor=city.staff["handler"], rule="simple")
    put(city, topic)
    with problem("moved_on"):
        put(city, topic)
    hands = raised(city, tea)
    held(city, tea, hands)
    with problem("by_hands"):
        put(city, hands)


def test_a_table_that_votes_counts_no_hands_and_meets_first(city: City) -> None:
    people(city, 5)
    at, desk = grids(city), city.staff["dispatcher"]
    topic = raised(city, at)
    meeting = table.planned(city, at)
    actions.put_on_agenda(meeting, topic, actor=desk)
    with problem("not_held"):
        put(city, topic)
    _held(city, meeting, topic)
    with problem("by_vote"):
        actions.decide(meeting, topic, table.HANDS, "划", actor=desk)


def test_the_desk_opens_the_vote_on_its_page_and_everybody_finds_it(city: City) -> None:
    people(city, 5)
    topic = talked_over(city)
    page = f"/desk/councils/topics/{topic}"
    with clock.at(VOTES):
        form = {"do": "vote", "vote-words": "划二十个车位", "vote-rule": "simple"}
        refused = desk().post(page, form)
        assert refused.status_code == 400
        assert "划二十个车位" in refused.content.decode()  # what was typed is kept
        asked = {f"vote-question_{code}": "划二十个车位吗？" for code in ("zh-hans", "bo", "en")}
        assert desk().post(page, form | asked).status_code == 302
        vote = Poll.objects.get().vote
        for read_at in (f"/councils/topics/{topic}", "/councils/joint/", page):
            assert f"/votes/{vote}/" in read(desk(), read_at)


def test_a_vote_on_no_topic_concerns_no_council(city: City) -> None:
    before = Event.objects.count()
    actions.vote_ended(uuid4())
    assert Event.objects.count() == before


def test_seats_of_representatives_are_its_paper_roll(city: City) -> None:
    with problem("seats"):
        council(city, "reps", "representatives_ballot")
    at = council(city, "reps", "representatives_ballot", seats=9)
    topic, meeting = raised(city, at), table.planned(city, at)
    actions.put_on_agenda(meeting, topic, actor=city.staff["dispatcher"])
    vote = put(city, _held(city, meeting, topic), "two_thirds")
    poll = seen(topic).poll
    assert poll is not None
    assert (poll.vote, hall_seen(vote).roll) == (vote, 9)


@pytest.mark.parametrize(
    ("sizes", "becomes"), [([90, 80, 100], "adopted"), ([30, 30, 200], "rejected")]
)
def test_owners_move_their_topic_by_heads_and_by_area(
    city: City, sizes: list[int], becomes: str
) -> None:
    one, other = city.staff["dispatcher"], city.staff["supervisor"]
    topic = before_owners(city)
    with problem("sizes"):
        put(city, topic, "owners")
    with clock.at(VOTES):
        vote = actions.put_to_vote(
            topic, ASKED, "换电梯", actor=one, rule="owners", sizes=list(map(Decimal, sizes))
        )
        for number, choice in ((1, FOR), (2, FOR), (3, AGAINST)):
            votes.hand_paper(vote, number, actor=one)
            votes.enter_paper(vote, number, choice, actor=one)
            votes.confirm_paper(vote, number, right=True, actor=other)
    ended(vote)
    assert state(topic) == becomes
    poll = seen(topic).decisions[0].poll
    assert poll is not None
    assert poll.by_area is not None
    assert (poll.cast, poll.roll, poll.by_area.roll) == ("3", "3", str(sum(sizes)))


def before_owners(city: City) -> UUID:
    """A topic at an assembly of owners, who met and talked it over."""
    at = council(city, "owners", "owners_assembly")
    topic, meeting = raised(city, at), table.planned(city, at)
    actions.put_on_agenda(meeting, topic, actor=city.staff["dispatcher"])
    return _held(city, meeting, topic)


def test_the_desk_lists_the_flats_on_its_page(city: City) -> None:
    topic = before_owners(city)
    page = f"/desk/councils/topics/{topic}"
    form = {"do": "vote", "vote-words": "换电梯", "vote-rule": "owners"}
    form |= {f"vote-question_{code}": "换电梯吗？" for code in ("zh-hans", "bo", "en")}
    with clock.at(VOTES):
        for wrong in ("", "ninety"):
            assert desk().post(page, form | {"vote-sizes": wrong}).status_code == 400
        assert desk().post(page, form | {"vote-sizes": "90.5, 80"}).status_code == 302
    assert hall_seen(Poll.objects.get().vote).roll == 2


@pytest.mark.parametrize(
    "decides",
    [
        "whim", {"rules": [], "roll": "members", "days": 7},
        {"rules": ["owners"], "roll": "members", "days": 7},  # by square metres
        {"rules": ["owners", "simple"], "roll": "flats", "days": 7},
        {"rules": ["simple"], "roll": "friends", "days": 7},
        {"rules": ["simple"], "roll": "members", "days": 91},
        {"rules": ["simple"], "roll": "members"},
    ],
)  # fmt: skip
def test_a_kind_whose_vote_is_no_vote_is_found(decides: object) -> None:
    good = {"steps": ["invite", "meet", "decide", "carry_out", "read_out"]}
    whole = {"rules": ["simple"], "roll": "members", "days": 7}
    assert rules.faults({"one": good | {"decides": whole}}, {}) == []
    assert rules.faults({"one": good | {"decides": decides}}, {}) == ["one: decides"]
