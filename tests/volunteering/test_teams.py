"""Service teams: led by one, joined by choice, confirmed by the community; what they can do."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from lingka.areas.models import Area
from lingka.core import clock
from lingka.members import actions as members
from lingka.members.selectors import MemberInfo
from lingka.ops import erasures
from lingka.volunteering import actions, needs, selectors, teams
from lingka.volunteering.models import Activity, Need, Service, Team, TeamMember
from tests.cases.city import problem, refusal
from tests.members.people import hear, joined
from tests.volunteering.helping import Town, wanted
from tests.volunteering.test_needs import wanted as asked_for
from tests.volunteering.test_serving import browser, said

CREW = actions.Crew("白杨队", "environment", ["snow", "first-aid"], ["bo"])


@pytest.fixture
def captain(town: Town) -> MemberInfo:
    return town.member(0)


@pytest.fixture
def team(town: Town, captain: MemberInfo) -> UUID:
    made = actions.ask_team(CREW, actor=captain.actor)
    actions.confirm_team(made, actor=town.city.staff["dispatcher"])
    return made


def code(team: UUID) -> str:
    return Team.objects.get(uuid=team).code


def test_a_team_is_founded_from_a_phone_and_confirmed_at_the_desk(town: Town) -> None:
    from tests.points.test_mine import desk

    phone = browser(joined(town.home, "13900005551").key)
    sent = {"crew-name": "白杨队", "crew-kind": "environment", "crew-skills": ["snow"],
            "crew-languages": ["bo"]}  # fmt: skip
    page = phone.post("/me/teams/", {"do": "crew", **sent})["Location"]
    assert "has not confirmed it yet" in said(phone.get(page))
    made = Team.objects.get()
    office = desk("dispatcher")
    assert "fewer than 5" in said(office.get("/desk/teams/"))
    office.post("/desk/teams/", {"do": f"confirm-{made.uuid}"})
    assert "has not confirmed it yet" not in said(phone.get(page))
    with problem("moved_on"):
        actions.confirm_team(made.uuid, actor=town.city.staff["dispatcher"])
    with refusal("not_organiser"):
        actions.confirm_team(made.uuid, actor=town.city.staff["handler"])


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("name", "x" * 41), ("kind", "spying"), ("skills", ["flying"]),
     ("languages", ["xx"])],
)  # fmt: skip
def test_a_team_is_of_what_the_lists_know(
    town: Town, captain: MemberInfo, field: str, value: Any
) -> None:
    said_so = {"name": "队", "kind": "care", "skills": (), "languages": (), field: value}
    with problem(field):
        actions.ask_team(actions.Crew(**said_so), actor=captain.actor)


def test_one_person_leads_three_teams_at_the_most(town: Town, captain: MemberInfo) -> None:
    for _team in range(3):
        actions.ask_team(CREW, actor=captain.actor)
    with problem("leads"):
        actions.ask_team(CREW, actor=captain.actor)


def test_a_team_is_joined_by_its_code_and_left_with_one_tap(
    town: Town, team: UUID, captain: MemberInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = joined(town.home, "13900005551", "雪莲")
    phone = browser(other.key)
    page = phone.post("/me/teams/", {"do": "join", "join-code": code(team).lower()})["Location"]
    assert actions.join_team(code(team), actor=other.info.actor) == team, "twice is once"
    assert teams.people(team)[1] == (other.info.uuid, "雪莲")
    assert "云0" not in said(phone.get(page)), "only the captain sees who is in it"
    assert "白杨队" in said(phone.get("/me/kept/"))
    assert '"leads": false' in said(phone.get("/me/kept.json"))
    with problem("captain"):
        actions.leave_team(team, actor=captain.actor)
    phone.post(page, {"do": "leave"})
    assert not teams.in_team(team, other.info.uuid)
    assert phone.get(page).status_code == 404
    with problem("no_team"):
        actions.join_team("NOPE", actor=other.info.actor)
    monkeypatch.setattr("lingka.volunteering.teaming.MEMBERS", 1)
    with problem("full"):
        actions.join_team(code(team), actor=other.info.actor)


def test_the_captain_signs_the_team_up_and_keeps_its_list_but_not_for_themselves(
    town: Town, team: UUID, captain: MemberInfo
) -> None:
    other, stranger = town.member(1), town.member(2)
    actions.join_team(code(team), actor=other.actor)
    chosen = [captain.uuid, other.uuid, stranger.uuid]
    assert actions.sign_team_up(team, town.shift, chosen, actor=captain.actor) == (2, 0)
    mine, theirs = (Service.objects.get(member=one.uuid).uuid for one in (captain, other))
    with clock.at(town.begins):
        actions.put_here(theirs, actor=captain.actor)
        for who in (captain, other):
            with refusal("not_organiser"):
                actions.put_here(mine, actor=who.actor)
    with clock.at(town.ends):
        actions.put_gone(theirs, actor=captain.actor)
        actions.close_shift(town.shift, actor=town.city.staff["dispatcher"])
    row = Service.objects.get(uuid=theirs)
    assert (row.minutes, row.by_captain, row.listed_by) == (120, True, None)
    assert [one.by_captain for one in selectors.roll(town.shift)] == [False, True]


def test_where_somebody_goes_by_themselves_is_not_their_captain_s_to_see_or_to_mark(
    town: Town, team: UUID, captain: MemberInfo
) -> None:
    other = town.member(1)
    actions.join_team(code(team), actor=other.actor)
    actions.sign_up(town.shift, actor=other.actor)
    actions.sign_team_up(team, town.shift, [other.uuid], actor=captain.actor)
    assert teams.places(team, town.shift, captain.uuid) == []
    with clock.at(town.begins), refusal("not_organiser"):
        actions.put_here(Service.objects.get().uuid, actor=captain.actor)


def test_a_place_through_a_team_is_its_captain_s_to_see_until_they_leave_it_or_it_ends(
    town: Town, team: UUID, captain: MemberInfo
) -> None:
    other = town.member(1)
    chosen = [captain.uuid, other.uuid]
    actions.join_team(code(team), actor=other.actor)
    actions.sign_team_up(team, town.shift, chosen, actor=captain.actor)
    assert len(teams.places(team, town.shift, captain.uuid)) == 2
    actions.leave_team(team, actor=other.actor)
    assert [one.own for one in teams.places(team, town.shift, captain.uuid)] == [True]
    actions.end_team(team, actor=captain.actor)
    assert not Service.objects.exclude(team=None).exists()


def test_the_list_on_the_day_is_for_captains_of_confirmed_teams(town: Town) -> None:
    lead = joined(town.home, "13900005551", "柳树")
    team, phone = actions.ask_team(CREW, actor=lead.info.actor), browser(lead.key)
    assert phone.get(f"/me/teams/{team}/{town.shift}").status_code == 404
    actions.confirm_team(team, actor=town.city.staff["dispatcher"])
    assert phone.get(f"/me/teams/{team}/{town.shift}").status_code == 200


def test_whoever_signed_off_is_not_put_back_by_the_captain(
    town: Town, team: UUID, captain: MemberInfo
) -> None:
    other = town.member(1)
    actions.join_team(code(team), actor=other.actor)
    actions.sign_team_up(team, town.shift, [other.uuid], actor=captain.actor)
    actions.give_back(town.shift, actor=other.actor)
    with problem("signed_off"):
        actions.sign_team_up(team, town.shift, [other.uuid], actor=captain.actor)
    both = [captain.uuid, other.uuid]
    assert actions.sign_team_up(team, town.shift, both, actor=captain.actor) == (1, 0)
    actions.sign_up(town.shift, actor=other.actor)
    assert Service.objects.get(member=other.uuid).team is None, "this time by themselves"


def test_only_the_captain_of_a_confirmed_team_signs_its_own_people_up(
    town: Town, team: UUID, captain: MemberInfo
) -> None:
    other = town.member(1)
    with refusal("not_captain"):
        actions.sign_team_up(team, town.shift, [other.uuid], actor=other.actor)
    with problem("chosen"):
        actions.sign_team_up(team, town.shift, [other.uuid], actor=captain.actor)
    with clock.at(town.ends), problem("not_open"):
        actions.sign_team_up(team, town.shift, [captain.uuid], actor=captain.actor)
    fresh = actions.ask_team(CREW, actor=captain.actor)
    with problem("unconfirmed"):
        actions.sign_team_up(fresh, town.shift, [captain.uuid], actor=captain.actor)


def need(town: Town, **more: Any) -> UUID:
    asked = asked_for(**({"kind": "environment", "languages": ["bo"]} | more))
    return actions.publish_need(town.home, asked, actor=town.city.staff["dispatcher"])


def test_a_need_in_their_language_is_shown_with_the_reason_and_becomes_an_activity(
    town: Town, team: UUID, captain: MemberInfo
) -> None:
    asked = need(town)
    found = teams.team(team)
    assert found is not None
    [(shown, fit)] = needs.for_team(found)
    assert shown.uuid == asked
    assert len(fit.reasons) == 3, "the kind, the community and the language"
    [(fitting, _why)] = needs.teams_for(shown)
    assert fitting.uuid == team
    actions.pick_up_as_team(asked, team, actor=captain.actor)
    with problem("moved_on"):
        actions.pick_up_as_team(asked, team, actor=captain.actor)
    assert [one.unit for one in needs.seen_to_by(found)] == ["白杨队"]
    desk = town.city.staff["dispatcher"]
    made = actions.draft(town.home, wanted(), actor=desk, need=asked)
    assert Activity.objects.get(code=made).need == Need.objects.get()
    [theirs] = needs.seen_to_by(found)
    assert (theirs.activities, theirs.public) == ([made], []), "others cannot open a draft"
    with problem("no_need"):
        actions.draft(town.home, wanted(), actor=desk, need=uuid4())
    actions.give_up(asked, actor=captain.actor)
    assert Need.objects.get().state == "open"


def test_the_draft_of_a_need_says_what_the_need_says(town: Town) -> None:
    from tests.points.test_mine import desk

    page = said(desk("dispatcher").get(f"/desk/activities/new?need={need(town)}"))
    assert "讲一讲反诈" in page
    assert desk("dispatcher").get("/desk/activities/new?need=x").status_code == 200


def test_a_team_picks_nothing_up_that_is_not_its_captain_s_to_pick(
    town: Town, team: UUID, captain: MemberInfo
) -> None:
    asked = need(town)
    with refusal("not_captain"):
        actions.pick_up_as_team(asked, team, actor=town.member(1).actor)
    fresh = actions.ask_team(CREW, actor=captain.actor)
    with problem("no_team"):
        actions.pick_up_as_team(asked, fresh, actor=captain.actor)
    Team.objects.filter(uuid=team).update(area=Area.objects.get(parent=None))
    with problem("far"):
        actions.pick_up_as_team(asked, team, actor=captain.actor)


def test_a_captain_who_leaves_ends_the_team_and_nothing_says_who_was_in_it(
    town: Town, team: UUID, captain: MemberInfo
) -> None:
    actions.join_team(code(team), actor=town.member(1).actor)
    members.leave(actor=captain.actor)
    hear("volunteering.let-go")
    assert Team.objects.get().captain is None
    assert not Team.objects.get().members.exists()
    with problem("no_team"):
        actions.end_team(team, actor=town.city.staff["dispatcher"])


def test_nobody_who_left_is_in_a_team_again_after_a_restore(
    town: Town, team: UUID, captain: MemberInfo, tmp_path: Path, settings: Any
) -> None:
    settings.HOME = tmp_path
    left, stays = town.member(1), town.member(2)
    other = actions.ask_team(CREW, actor=stays.actor)
    for one in (captain, left):
        members.leave(actor=one.actor)
    erasures.keep()
    # The teams know nothing of it yet, as in an older copy.
    for one in (team, other):
        TeamMember.objects.create(team=Team.objects.get(uuid=one), member=left.uuid)
    TeamMember.objects.create(team=Team.objects.get(uuid=team), member=uuid4())
    erasures.apply()
    assert Team.objects.get(uuid=team).captain is None
    assert list(TeamMember.objects.values_list("member", flat=True)) == [stays.uuid]


def test_what_a_team_that_ended_had_pledged_is_open_to_others(
    town: Town, team: UUID, captain: MemberInfo
) -> None:
    asked = need(town)
    actions.pick_up_as_team(asked, team, actor=captain.actor)
    actions.end_team(team, actor=captain.actor)
    assert [one.uuid for one in needs.open_needs()] == [asked]


def test_the_desk_and_the_captain_end_a_team_and_nobody_else(
    town: Town, team: UUID, captain: MemberInfo
) -> None:
    with refusal("not_organiser"):
        actions.end_team(team, actor=town.member(1).actor)
    actions.end_team(team, actor=captain.actor)
    assert teams.team(team) is None


def test_the_captain_s_pages_do_all_of_it_from_a_phone(town: Town) -> None:
    lead, other = joined(town.home, "13900005551", "柳树"), town.member(1)
    team = actions.ask_team(CREW, actor=lead.info.actor)
    actions.confirm_team(team, actor=town.city.staff["dispatcher"])
    actions.join_team(code(team), actor=other.actor)
    asked, phone, page = need(town), browser(lead.key), f"/me/teams/{team}"
    assert "We see to it" in said(phone.get(page))
    phone.post(page, {"do": "take", "one": str(asked)})
    assert "What we see to" in said(phone.get(page))
    phone.post(page, {"do": "give", "one": str(asked)})
    assert phone.post(page, {"do": "take", "one": "x"}).status_code == 409
    roll = phone.post(
        page, {"do": "sign", "one": str(town.shift), "chosen": [str(other.uuid), "x"]}
    )
    mine = Service.objects.get()
    with clock.at(town.begins):
        assert "Is here" in said(phone.get(roll["Location"]))
        phone.post(roll["Location"], {"do": "here", "here-service": mine.uuid})
    mine.refresh_from_db()
    assert mine.state == "here"
    phone.post(page, {"do": "end"})
    assert teams.team(team) is None


def test_nobody_is_ticked_in_advance_for_a_time(town: Town) -> None:
    one = joined(town.home, "13900005559", "Lark")
    made = actions.ask_team(CREW, actor=one.info.actor)
    actions.confirm_team(made, actor=town.city.staff["dispatcher"])
    page = said(browser(one.key).get(f"/me/teams/{made}"))
    assert f'name="chosen" value="{one.info.uuid}">' in page
