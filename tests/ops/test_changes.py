"""Who changed what and when."""

from django.test import Client

from lingka.accounts.models import User
from lingka.areas.models import Area
from lingka.core.actors import SYSTEM, Actor
from lingka.core.ids import uuid7
from lingka.units import actions as units
from tests.cases import city as cities
from tests.cases.city import START, City


def administrator(city: City) -> Actor:
    from lingka.accounts.models import Post

    user = User.objects.create(uuid=uuid7(), username="keeper", name="keeper", password="!")
    post = Post.objects.create(
        user=user, role="administrator", unit=city.units["hall"], area=city.root, valid_from=START
    )
    return Actor("user", user.pk, post.pk)


def page(query: str = "") -> str:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username="keeper"))
    html: str = client.get(f"/desk/changes/{query}").content.decode()
    return html


def test_a_change_stands_there_with_its_author_and_cases_do_not(db: None) -> None:
    city = cities.build()
    keeper = administrator(city)
    unit = units.create_unit(
        actor=keeper, key="glass", kind="department", name=cities.names("玻璃队"),
        area_id=Area.objects.get(level="city").pk, calendar_id=city.units["light"].calendar_id,
    )  # fmt: skip
    city.open()
    html = page()
    assert unit
    assert "glass" in html
    assert "keeper" in html
    assert "Case opened" not in html


def test_every_version_of_a_workflow_stands_there(db: None) -> None:
    administrator(cities.build())
    html = page()
    assert "Workflows, case types, deadlines" in html
    assert "the package" in html


def test_older_changes_are_a_link_away(db: None) -> None:
    city = cities.build()
    administrator(city)
    for number in range(52):
        units.update_unit(city.units["light"].pk, actor=SYSTEM, name=cities.names(f"灯{number}"))
    assert "?before=" in page()
