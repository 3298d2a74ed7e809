"""A public list is not shortened: days, costs and ends change with a reason that all read."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.areas.selectors import day_of
from lingka.core import clock, verify
from lingka.core.models import Event
from lingka.projects import actions, rules, selectors
from tests.cases.city import City, names, problem, refusal
from tests.projects.works import asked, begun, draft, public, row

LATER = timedelta(days=31)  # the day of a work has passed


def test_a_late_work_says_why_before_anything_else_is_said_of_it(city: City) -> None:
    code, owner = public(city), city.staff["handler"]
    with problem("in_time"):
        actions.explain(code, "太早", actor=owner)
    with clock.at(clock.now() + LATER):
        with problem("late"):
            actions.report_done(code, actor=owner)
        with problem("late"):
            actions.reach(code, uuid4(), actor=owner)
        with problem("why"):
            actions.explain(code, " ", actor=owner)
        found = selectors.project(code)
        assert found
        assert (found.late, found.unexplained, found.why_late) == (True, True, "")
        actions.explain(code, "灯具从成都运来，路断了", actor=owner)
        found = selectors.project(code)
        assert found
        assert (found.late, found.unexplained) == (True, False)
        assert found.why_late == "灯具从成都运来，路断了"
        actions.report_done(code, actor=owner)


def test_another_day_needs_a_reason_and_the_days_before_stay(city: City) -> None:
    code, owner, first = public(city), city.staff["handler"], day_of(None) + timedelta(days=30)
    later = first + timedelta(days=20)
    with problem("why"):
        actions.move(code, later, "", actor=owner)
    for wrong in (first, day_of(None) - timedelta(days=1)):
        with problem("due"):
            actions.move(code, wrong, "为什么", actor=owner)
    actions.move(code, later, "等物业的电", actor=owner)
    found = selectors.project(code)
    assert found
    assert (found.first_due, found.due) == (first, later)
    assert [(one.before, one.after, one.why) for one in found.changes] == [
        (first, later, "等物业的电")
    ]
    with clock.at(clock.now() + timedelta(days=52)), problem("late"):
        actions.report_done(code, actor=owner)  # a reason holds for the day it was given for


def test_what_costs_more_than_planned_or_less_than_before_says_why(city: City) -> None:
    code, owner = public(city, planned=8000), city.staff["handler"]
    actions.spend(code, 3000, actor=owner)
    for dear in (9000, 2000):
        with problem("why"):
            actions.spend(code, dear, actor=owner)
    with problem("spent"):
        actions.spend(code, rules.MOST_COST + 1, actor=owner)
    actions.spend(code, 9000, "多装了两层", actor=owner)
    assert row(code).spent == 9000
    found = selectors.project(code)
    assert found
    assert [(one.before, one.after) for one in found.changes] == [(0, 3000), (3000, 9000)]


def test_steps_are_reached_once_and_come_before_the_end(city: City) -> None:
    desk, of = city.staff["dispatcher"], begun(city)
    code = actions.set_project(of, draft(city), actor=desk)
    with problem("due"):
        actions.add_milestone(code, names("验收"), day_of(None) + LATER, actor=desk)
    with problem("no_project"):
        actions.add_milestone("nowhere", names("验收"), day_of(None), actor=desk)
    step = actions.add_milestone(code, names("拉线"), day_of(None) + timedelta(days=9), actor=desk)
    early = day_of(None) + timedelta(days=8)
    with problem("due"):
        actions.set_project(of, draft(city, due=early), actor=desk, code=code)
    with problem("not_public"):
        actions.reach(code, step, actor=desk)
    actions.publish(of, actor=desk)
    with problem("no_milestone"):
        actions.reach(code, uuid4(), actor=city.staff["handler"])
    with problem("due"):
        actions.move(code, early, "早一点", actor=desk)
    actions.reach(code, step, actor=city.staff["handler"])
    with problem("moved_on"):
        actions.reach(code, step, actor=city.staff["handler"])
    found = selectors.project(code)
    assert found
    assert found.steps[0].done_on == day_of(None)


def test_nothing_is_added_to_or_taken_from_a_public_list(city: City) -> None:
    desk, code = city.staff["dispatcher"], public(city)
    of = row(code).of.uuid
    for again in ("", code):
        with problem("public"):
            actions.set_project(of, draft(city), actor=desk, code=again)
    with problem("public"):
        actions.publish(of, actor=desk)


def test_before_it_is_public_a_work_is_entered_anew_under_its_code(city: City) -> None:
    desk, of = city.staff["dispatcher"], begun(city)
    code = actions.set_project(of, draft(city), actor=desk)
    assert actions.set_project(of, draft(city, planned=9), actor=desk, code=code) == code
    assert (row(code).planned, row(code).number) == (9, 1)
    assert selectors.project(code) is None  # nobody outside sees it yet
    with problem("no_project"):
        actions.set_project(of, draft(city), actor=desk, code="nowhere")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("title", {"en": "x"}, "title"), ("planned", -1, "planned"),
     ("due", date(2050, 1, 1), "due")],
)  # fmt: skip
def test_a_work_that_says_too_little_is_refused(
    city: City, field: str, value: object, code: str
) -> None:
    of, good = begun(city), draft(city)
    wrong = actions.Draft(**{**good.__dict__, field: value})
    with problem(code):
        actions.set_project(of, wrong, actor=city.staff["dispatcher"])


def test_nothing_is_entered_or_published_late(city: City) -> None:
    """Nobody could have said why."""
    of, today, desk = begun(city), day_of(None), city.staff["dispatcher"]
    with problem("due"):
        actions.set_project(of, draft(city, due=today - timedelta(days=1)), actor=desk)
    code = actions.set_project(of, draft(city, due=today), actor=desk)
    with problem("due"):
        actions.add_milestone(code, names("挖沟"), today - timedelta(days=1), actor=desk)
    with clock.at(clock.now() + timedelta(days=1)), problem("past"):
        actions.publish(of, actor=desk)
    actions.publish(of, actor=desk)


def test_what_was_entered_by_mistake_is_left_out_until_the_list_is_public(city: City) -> None:
    of, desk = begun(city), city.staff["dispatcher"]
    first, second = (actions.set_project(of, draft(city), actor=desk) for _each in range(2))
    steps = [
        actions.add_milestone(code, names("挖沟"), day_of(None), actor=desk)
        for code in (first, second)
    ]
    actions.leave_step_out(second, steps[1], actor=desk)
    actions.leave_out(first, actor=desk)
    [left] = selectors.projects_of(of)
    assert (left.code, left.number, left.steps) == (second, 1, ())
    actions.set_project(of, draft(city), actor=desk)  # takes the number that became free
    assert [one.number for one in selectors.projects_of(of)] == [1, 2]
    with problem("no_project"):
        actions.leave_out(first, actor=desk)
    actions.publish(of, actor=desk)
    with problem("public"):
        actions.leave_out(second, actor=desk)
    assert verify.run() == []


def test_a_draft_s_page_leaves_it_out_and_leads_to_its_list(city: City, client: Client) -> None:
    of, desk = begun(city), city.staff["dispatcher"]
    code = actions.set_project(of, draft(city), actor=desk)
    step = actions.add_milestone(code, names("挖沟"), day_of(None), actor=desk)
    client.force_login(User.objects.get(pk=desk.id))
    page = f"/desk/projects/{code}"
    told = client.post(page, {"do": "less", "less-milestone": str(step)})
    assert told["Location"] == page
    assert "挖沟" not in client.get(page).content.decode()
    assert client.post(page, {"do": "out"})["Location"] == f"/desk/projects/lists/{of}"
    assert client.get(page).status_code == 404


def test_an_area_has_one_list_a_year_and_an_empty_one_is_not_published(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, of = city.staff["dispatcher"], begun(city)
    with problem("list_there"):
        begun(city)
    with problem("year"):
        actions.begin_list(city.street.pk, 2031, actor=desk)
    with problem("empty"):
        actions.publish(of, actor=desk)
    with problem("no_list"):
        actions.publish(uuid4(), actor=desk)
    monkeypatch.setattr(rules, "MOST", 0)
    with problem("full"):
        actions.set_project(of, draft(city), actor=desk)


def test_a_stopped_work_stays_on_the_list_with_its_reason(city: City) -> None:
    code, desk = public(city), city.staff["dispatcher"]
    with refusal("not_keeper"):
        actions.stop(code, "不做了", actor=city.staff["handler"])
    actions.stop(code, "楼要拆了", actor=desk)
    found = selectors.project(code)
    assert found
    assert (found.state, found.changes[-1].why) == ("stopped", "楼要拆了")
    with problem("moved_on"):
        actions.spend(code, 1, actor=desk)
    with problem("moved_on"):
        actions.report_done(code, actor=desk)
    with problem("moved_on"):
        actions.move(code, day_of(None), "又要做了", actor=desk)


def test_who_neither_keeps_the_list_nor_owns_the_work_changes_nothing(city: City) -> None:
    code = public(city)
    with refusal("not_owner"):
        actions.spend(code, 1, actor=city.staff["plumber"])
    with refusal("not_keeper"):
        actions.begin_list(city.street.pk, 2027, actor=city.staff["handler"])
    with problem("no_project"):
        actions.spend("nowhere", 1, actor=city.staff["handler"])


def test_a_list_sums_works_and_money(city: City) -> None:
    code = asked(city)
    actions.spend(code, 4000, actor=city.staff["handler"])
    sums = selectors.sums(selectors.projects_of(row(code).of.uuid))
    assert (sums.all, sums.asked, sums.late, sums.cost, sums.paid) == (1, 1, 0, "8,000", "4,000")


def test_events_hold_the_hash_of_a_reason_and_never_its_words(city: City) -> None:
    code = public(city)
    actions.stop(code, "楼要拆了", actor=city.staff["dispatcher"])
    told = Event.objects.get(type="projects.ProjectChanged").data
    assert told["kind"] == "stopped"
    assert len(told["why"]) == 64
