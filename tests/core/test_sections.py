"""The desk's parts in the header: those that fit one's posts, and no others."""

import pytest
from django.test import Client

from lingka.accounts import selectors as accounts
from lingka.accounts.models import User
from lingka.core import sections
from tests.cases import city as cities
from tests.cases.city import City

ADMINISTRATION = ("/desk/units/", "/desk/staff/", "/desk/areas/", "/desk/api-keys/")


@pytest.fixture
def city(db: None) -> City:
    made = cities.build()
    cities._post("boss", "administrator", made.units["hall"], made.root)
    return made


def page(who: str, path: str = "/desk/") -> str:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username=who))
    return client.get(path).content.decode()


def test_every_section_leads_to_a_page_that_its_posts_may_see(city: City) -> None:
    sections.discover()
    posts = {post.role: post.user.username for post in _posts()}
    for section in sections.SECTIONS.values():
        for role in section.roles & posts.keys():
            if section.fits and not section.fits(accounts.posts_of(_user(posts[role]).pk)):
                continue  # it is not in their header
            client = Client()
            client.force_login(User.objects.get(username=posts[role]))
            assert client.get(sections.reverse(section.name)).status_code == 200, section


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _posts():  # type: ignore[no-untyped-def]
    from lingka.accounts.models import Post

    return Post.objects.select_related("user")


def test_a_dispatcher_finds_held_reports_and_no_administration(city: City) -> None:
    html = page("dispatcher")
    assert 'href="/desk/held/"' in html
    assert not [path for path in ADMINISTRATION if path in html]
    assert "Administration" not in html


def test_a_handler_finds_neither(city: City) -> None:
    html = page("handler")
    assert "/desk/held/" not in html
    assert "Administration" not in html


@pytest.mark.parametrize("path", ADMINISTRATION)
def test_every_page_of_the_administrator_leads_to_the_others(city: City, path: str) -> None:
    html = page("boss", path)
    for other in ADMINISTRATION:
        assert f'href="{other}"' in html
    assert 'href="/desk/"' in html


def test_the_header_says_until_when_one_is_on_duty(city: City) -> None:
    from datetime import timedelta

    from lingka.accounts import actions
    from lingka.accounts.models import Post
    from lingka.core import clock
    from lingka.core.actors import SYSTEM

    post = Post.objects.get(user__username="dispatcher")
    with clock.at(cities.MONDAY):
        begin = cities.MONDAY - timedelta(hours=1)
        end = begin + timedelta(hours=9, minutes=30)
        assert "on duty until" not in page("dispatcher")
        actions.plan_shift(post.id, actor=SYSTEM, starts_at=begin, ends_at=end)
        assert "on duty until 18:30" in page("dispatcher")


def item(name: str, *, current: bool = False) -> sections.Item:
    return sections.Item(f"/desk/{name}/", name, current=current)


def test_a_head_of_few_parts_shows_them_all() -> None:
    few = [item(str(number)) for number in range(sections.IN_VIEW + 1)]
    assert sections._divided(few) == (few, [])


def test_what_waits_out_of_view_is_counted_where_it_opens() -> None:
    more = [sections.Item("/", "Agreements", "2"), sections.Item("/", "Rates"),
            sections.Item("/", "Notices", "1")]  # fmt: skip
    assert sections.Shown([], more, []).waiting == 3


def test_where_one_is_stands_in_view_though_there_are_many() -> None:
    many = [item(str(number), current=number == 9) for number in range(12)]
    in_view, more = sections._divided(many)
    assert [one.label for one in in_view] == ["0", "1", "2", "3", "4", "9"]
    assert [one.label for one in more] == ["5", "6", "7", "8", "10", "11"]
