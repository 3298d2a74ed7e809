from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from lingka.accounts import actions, middleware, selectors
from lingka.accounts.models import ApiKey, Post, User
from lingka.accounts.permissions import administered
from lingka.core import clock, events
from lingka.core.actors import SYSTEM, Actor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from tests.accounts.conftest import give, make_user

EVENING = datetime(2026, 3, 2, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shift(post, start=EVENING - HOUR, end=EVENING + HOUR):
    return actions.plan_shift(post, actor=SYSTEM, starts_at=start, ends_at=end)


def leave(post, substitute=None):
    return actions.record_leave(
        post, actor=SYSTEM, starts_at=EVENING - HOUR, ends_at=EVENING + HOUR,
        substitute_id=substitute,
    )  # fmt: skip


def on_call(unit, at=EVENING):
    return [one.id for one in selectors.on_call(unit, at)]


def test_posts_are_read_with_one_statement(user, post, city, django_assert_num_queries):
    with django_assert_num_queries(1):
        (found,) = selectors.posts_of(user, EVENING)
    assert (found.id, found.role, found.area_path) == (post, "handler", city.path)


def test_a_post_counts_from_its_first_day_until_the_day_it_ends(user, post):
    actions.end_post(post, actor=SYSTEM, on=date(2026, 4, 1))
    assert selectors.posts_of(user, datetime(2025, 12, 31, 15, tzinfo=UTC)) == []
    assert selectors.posts_of(user, datetime(2025, 12, 31, 16, tzinfo=UTC)) != []
    assert selectors.posts_of(user, datetime(2026, 4, 1, tzinfo=UTC)) == []
    assert post in selectors.posts([post])


def test_who_may_not_sign_in_holds_no_post(user, post, water):
    actions.update_user(user, actor=SYSTEM, is_active=False)
    assert selectors.posts_of(user, EVENING) == []
    assert selectors.posts_in(water, at=EVENING) == []
    assert selectors.users([user]) == {}


def test_whoever_has_a_shift_is_on_call(water, post):
    shift(post)
    assert on_call(water) == [post]
    assert on_call(water, EVENING + HOUR) == []


def test_a_substitute_stands_in_during_leave(water, post):
    other = give(make_user("deng"), "handler", water)
    shift(post)
    absence = leave(post, other)
    assert on_call(water) == [other]
    actions.cancel_leave(absence, actor=SYSTEM)
    assert on_call(water) == [post]


def test_whoever_stands_in_for_a_substitute_on_leave_is_on_call(water, post):
    second, third = (give(make_user(name), "handler", water) for name in ("deng", "qi"))
    shift(post)
    leave(post, second)
    leave(second, third)
    assert on_call(water) == [third]


def test_two_who_stand_in_for_each_other_are_both_away(water, post):
    other = give(make_user("deng"), "handler", water)
    shift(post)
    leave(post, other)
    leave(other, post)
    assert on_call(water) == []


def test_nobody_is_on_call_when_leave_has_no_substitute(water, post):
    shift(post)
    leave(post)
    assert on_call(water) == []
    assert selectors.on_duty_until(Post.objects.get().area_id, "handler", EVENING) is None


def test_two_shifts_of_the_same_substitute_name_them_once(water, post):
    other = give(make_user("deng"), "handler", water)
    shift(post)
    shift(other)
    leave(post, other)
    assert on_call(water) == [other]


def test_duty_lasts_until_the_last_of_shifts_that_follow_one_another(post, city):
    shift(post)
    shift(post, EVENING + HOUR, EVENING + 3 * HOUR)
    shift(post, EVENING + 4 * HOUR, EVENING + 5 * HOUR)
    assert selectors.on_duty_until(city.id, "handler", EVENING) == EVENING + 3 * HOUR
    assert selectors.on_duty_until(city.id, "verifier", EVENING) is None
    before = selectors.on_duty_until(city.id, "handler", EVENING - 2 * HOUR)
    assert before is None


def test_a_posts_own_duty_ends_with_its_own_shifts_not_with_a_colleagues(water, post):
    other = give(make_user("deng"), "handler", water)
    shift(post)
    shift(other, EVENING, EVENING + 3 * HOUR)
    assert selectors.post_on_duty_until(post, EVENING) == EVENING + HOUR
    assert selectors.post_on_duty_until(other, EVENING) == EVENING + 3 * HOUR
    assert selectors.post_on_duty_until(post, EVENING + 2 * HOUR) is None


def test_who_stands_in_is_on_duty_and_who_is_away_is_not(water, post):
    other = give(make_user("deng"), "handler", water)
    shift(post)
    leave(post, other)
    assert selectors.post_on_duty_until(other, EVENING) == EVENING + HOUR
    assert selectors.post_on_duty_until(post, EVENING) is None


def test_shifts_of_one_post_may_not_overlap(post):
    planned = shift(post)
    with pytest.raises(Problem) as caught:
        shift(post, EVENING, EVENING + 2 * HOUR)
    assert caught.value.code == "overlap"
    actions.cancel_shift(planned, actor=SYSTEM)
    shift(post, EVENING, EVENING + 2 * HOUR)


def test_nobody_stands_in_for_themselves_or_from_another_role(user, post, water):
    same = give(user, "handler", water)
    another = give(make_user("pai"), "dispatcher", water)
    for wrong in (same, another):
        with pytest.raises(Problem) as caught:
            leave(post, wrong)
        assert caught.value.field == "substitute"


def test_a_span_without_length_is_refused(post):
    with pytest.raises(Problem):
        shift(post, EVENING, EVENING)


def test_areas_with_a_dispatcher_have_a_desk(user, water, city, django_assert_num_queries):
    give(user, "handler", water)
    assert city.id not in selectors.desk_areas(EVENING)
    give(user, "dispatcher", water)
    assert city.id in selectors.desk_areas(EVENING)
    with django_assert_num_queries(0):
        selectors.desk_areas(EVENING)


def test_posts_over_an_area_include_those_above(user, water, grid):
    desk = give(user, "dispatcher", water)
    assert [p.id for p in selectors.posts_over(grid.path, "dispatcher", EVENING)] == [desk]
    assert selectors.posts_over(grid.path, "supervisor", EVENING) == []


def test_only_an_administrator_changes_staff(user, post, guanli):
    handler = Actor("user", user, post)
    for actor in (handler, Actor("resident"), Actor("client", 1)):
        with pytest.raises(PermissionRefused):
            actions.create_user(actor=actor, username="x", name="x")
    assert actions.create_user(actor=guanli, username="x", name="x")


def test_an_administrator_stays_within_their_area(street, water, calendar, user):
    from lingka.units import actions as units
    from tests.units.conftest import make_area, names

    other = make_area("540199000000", level="city")
    far = units.create_unit(
        actor=SYSTEM, key="far", kind="department", name=names("远"), area_id=other.id,
        calendar_id=calendar,
    )  # fmt: skip
    local = make_user("local")
    post = give(local, "administrator", water, area_id=street.id)
    with pytest.raises(PermissionRefused) as caught:
        actions.grant_post(user, actor=Actor("user", local, post), role="handler", unit_id=far)
    assert caught.value.denied.code == "other_area"


def test_two_people_cannot_sign_in_by_one_name(user):
    with pytest.raises(Problem) as caught:
        make_user("SHUI")
    assert caught.value.field == "username"


def test_a_weak_password_is_refused_and_a_strong_one_works(user, guanli, settings):
    settings.AUTH_PASSWORD_VALIDATORS = [
        {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}
    ]
    with pytest.raises(Problem) as caught:
        actions.set_password(user, "short", actor=guanli)
    assert caught.value.field == "password"
    actions.set_password(user, "long enough now", actor=guanli)
    assert User.objects.get(id=user).check_password("long enough now")


def test_events_name_fields_and_never_what_is_personal_in_them(user, guanli):
    actions.update_user(user, actor=guanli, name="Another", email="a@example.org")
    actions.update_user(user, actor=guanli, name="Another")
    uuid = User.objects.get(id=user).uuid
    _added, changed = events.history(uuid)
    assert changed.data.fields == ["email", "name"]
    assert changed.data.before == changed.data.after == {}
    actions.update_user(user, actor=guanli, is_active=False)
    assert events.history(uuid)[-1].data.after == {"is_active": False}


def test_people_may_change_their_own_language_but_not_lock_themselves_out(user):
    me = Actor("user", user)
    actions.update_user(user, actor=me, language="bo")
    with pytest.raises(PermissionRefused):
        actions.update_user(user, actor=me, is_active=False)
    with pytest.raises(TypeError):
        actions.update_user(user, actor=me, username="other")


@pytest.mark.parametrize("change", [{"role": "king"}, {"valid_to": date(2026, 1, 1)}])
def test_a_post_that_makes_no_sense_is_refused(user, water, change):
    values = {"role": "handler", "valid_from": date(2026, 1, 1), **change}
    with pytest.raises(Problem):
        actions.grant_post(user, actor=SYSTEM, unit_id=water, **values)


# -- keys -------------------------------------------------------------------------------------


def issue(actor=SYSTEM, **more):
    values = {"name": "map", "scopes": ["cases:read"], **more}
    return actions.issue_api_key(actor=actor, **values)


def test_only_the_hash_of_a_key_is_kept_and_the_secret_opens_it(guanli, django_assert_num_queries):
    issued = issue(guanli)
    assert issued.secret not in str(ApiKey.objects.values().get())
    with django_assert_num_queries(1):
        found = selectors.api_key(issued.secret)
    assert (found.id, found.scopes) == (issued.id, {"cases:read"})
    assert selectors.api_key(issued.secret + "x") is None


def test_a_key_ends_when_it_expires_is_revoked_or_its_user_goes(user, guanli):
    until = clock.now() + HOUR
    expiring, revoked, personal = issue(expires_at=until), issue(), issue(user_id=user)
    assert selectors.api_key(expiring.secret)
    with clock.at(until):
        assert selectors.api_key(expiring.secret) is None
    actions.revoke_api_key(revoked.id, actor=guanli)
    actions.revoke_api_key(revoked.id, actor=guanli)
    assert selectors.api_key(revoked.secret) is None
    assert selectors.api_key(personal.secret).user_id == user
    actions.update_user(user, actor=guanli, is_active=False)
    assert selectors.api_key(personal.secret) is None


@pytest.mark.parametrize(
    "change",
    [{"scopes": []}, {"scopes": ["all"]}, {"name": " "},
     {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}],
)  # fmt: skip
def test_a_key_that_makes_no_sense_is_refused(db, change):
    with pytest.raises(Problem):
        issue(**change)


# -- requests ---------------------------------------------------------------------------------


def request_of(user, **session):
    request = RequestFactory().get("/desk/")
    request.user = user
    request.session = session
    middleware.people(lambda _request: None)(request)
    return request


def test_a_request_knows_its_actor_and_posts_with_one_statement(
    user, post, django_assert_num_queries
):
    request = request_of(User.objects.get(id=user))
    with django_assert_num_queries(1):
        assert request.actor == Actor("user", user, post)
        assert [one.id for one in request.posts] == [post]


def test_a_request_that_asks_nothing_costs_nothing(user, django_assert_num_queries):
    who = User.objects.get(id=user)
    with django_assert_num_queries(0):
        request_of(who)


def test_the_chosen_post_counts_while_it_is_held(user, post, water):
    second = give(user, "verifier", water)
    who = User.objects.get(id=user)
    assert request_of(who, post=second).actor.post == second
    assert request_of(who, post=second + 1).actor.post == post


def test_a_visitor_is_a_resident_without_posts(db):
    request = request_of(AnonymousUser())
    assert request.actor == Actor("resident")
    assert not request.posts


@pytest.mark.parametrize(("username", "name"), [(" ", "Pai"), ("pai", " ")])
def test_nobody_is_added_without_a_name(db, username, name):
    with pytest.raises(Problem):
        actions.create_user(actor=SYSTEM, username=username, name=name)


def test_other_software_administers_nothing(user):
    with pytest.raises(PermissionRefused):
        actions.set_password(user, "four words are good", actor=Actor("client", 1))


@pytest.mark.parametrize("actor", [Actor("resident", 1), Actor("client", 1), Actor("user")])
def test_who_is_no_member_of_staff_administers_no_area(db, actor):
    assert administered(actor) == ()
