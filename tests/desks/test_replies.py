"""Standard replies that were taken down: they stay in sight, and can be offered again."""

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.cases.selectors import replies
from lingka.desks import actions, selectors
from tests.cases.city import City
from tests.security.stage import _give, _reply

OWN = {"for": ["reply"], "title": {"zh-hans": "谢谢", "bo": "ཐུགས་རྗེ་ཆེ།", "en": "Thanks"},
       "text": {"zh-hans": "今天来", "bo": "དེ་རིང་ཡོང་།", "en": "We come today."}}  # fmt: skip


@pytest.fixture
def keeper(city: City) -> Client:
    _give(city, "administrator", "administrator", "hall", city.root)
    client = Client()
    client.force_login(User.objects.get(username="administrator"))
    client.cookies["language"] = "en"
    actions.publish_reply("thanks", OWN, actor=city.staff["administrator"])
    for key in ("thanks", "received"):  # one of the town's, one of the package
        actions.retire_reply(key, actor=city.staff["administrator"])
    return client


@pytest.mark.parametrize("key", ["thanks", "received"])
def test_what_was_taken_down_is_offered_again_by_its_page(keeper: Client, key: str) -> None:
    address = f"/desk/replies/{key}/"
    assert f'href="{address}"' in keeper.get("/desk/replies/").content.decode()
    page = keeper.get(address)
    shown = page.content.decode()
    assert ("Offer it again" in shown, "Offer it no more" in shown) == (True, False)
    assert page.context["forms"]["reply"].initial["title_en"]
    assert keeper.post(address, _reply()).status_code == 302
    assert (key in replies.bodies(), replies.taken_down().keys() & {key}) == (True, set())
    assert "Offer it no more" in keeper.get(address).content.decode()


def test_taken_down_before_it_ever_was_changed_it_reads_as_shipped(keeper: Client) -> None:
    assert replies.taken_down()["received"] == replies.shipped()["received"]
    assert replies.taken_down()["thanks"] == OWN
    assert not selectors.replies()["thanks"].body


def test_what_never_was_has_no_page(keeper: Client) -> None:
    assert keeper.get("/desk/replies/nothing/").status_code == 404
