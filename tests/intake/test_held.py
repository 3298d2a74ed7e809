"""Reports that came in a flood wait for a dispatcher, who lets them in, merges or discards them."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image

from lingka.accounts.models import Post, User
from lingka.accounts.selectors import posts_of
from lingka.cases import actions as cases
from lingka.cases.models import Attachment, Case, Receipt
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.models import Event
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.intake import actions, drafts, gate, selectors
from lingka.intake.models import Quarantined
from lingka.intake.rules import Ruling
from tests.intake.conftest import desk_for_all, forget

RESIDENT = Actor("resident")


def _held(town, words="水管漏水", key=None, path=None, files=()):
    values = {
        "case_type": "water.leak",
        "channel": "door",
        "words": words,
        "language": "zh-hans",
        "lon": None,
        "lat": None,
        "place_id": town.place.id,
        "address": "",
        "attributes": {},
        "contact": {"phone": "13912345678"},
        "attachments": [str(one) for one in files],
        "idempotency_key": str(key or uuid4()),
        "share_words": False,
    }
    where = town.grid.path if path is None else path
    return actions.hold(values, actor=RESIDENT, reason="flood", flood="water@x", desk_path=where)


@pytest.fixture
def dispatcher(town):
    post = town.posts.dispatcher
    return Actor("user", post.user_id, post.id)


def test_a_held_report_waits_sealed_and_is_told_by_an_event(town):
    _held(town)
    assert "水管漏水".encode() not in bytes(Quarantined.objects.get().sealed)
    assert Event.objects.filter(type="intake.ReportHeld").count() == 1


def _photo():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG")
    return cases.add_attachment(out.getvalue(), actor=RESIDENT, kind="photo")


def test_what_was_sent_with_it_waits_as_long_as_it_does(town, dispatcher):
    photo = _photo()
    held = _held(town, files=[photo])
    with clock.at(clock.now() + timedelta(days=10)):
        cases.sweep_files()
        actions.release([held], actor=dispatcher)
    assert Attachment.objects.get(uuid=photo).case is not None


def test_let_in_as_one_the_followers_photos_go(town, dispatcher):
    photo = _photo()
    actions.release_as_one([_held(town), _held(town, files=[photo])], actor=dispatcher)
    assert Attachment.objects.get(uuid=photo).erased_at is not None


def test_the_desk_counts_what_it_lists(town, dispatcher):
    _held(town)
    _held(town, path="/elsewhere/")
    _held(town, path="")
    posts = posts_of(dispatcher.id)
    assert selectors.held_count(posts) == 2
    assert sum(len(flood.reports) for flood in selectors.held(posts)) == 2
    assert selectors.held_count(posts_of(town.posts.handler.user_id)) == 0


def test_a_report_without_a_place_waits_at_the_desk_of_the_whole_town(town, dispatcher):
    whole = desk_for_all(town)
    report = _held(town, path="")
    assert selectors.held_count(posts_of(dispatcher.id)) == 0
    assert selectors.held_count(posts_of(whole.user_id)) == 1
    with pytest.raises(PermissionRefused):
        actions.release([report], actor=dispatcher)
    actions.release([report], actor=Actor("user", whole.user_id, whole.id))
    assert Case.objects.count() == 1


def test_a_desk_of_the_whole_town_that_ends_leaves_them_to_every_desk(town, dispatcher):
    whole = desk_for_all(town)
    _held(town, path="")
    Post.objects.filter(id=whole.id).delete()
    forget()
    assert selectors.held_count(posts_of(dispatcher.id)) == 1


def test_an_address_that_names_a_street_leads_to_its_desk(client, town, dispatcher, monkeypatch):
    desk_for_all(town)
    monkeypatch.setattr(gate, "ruling", lambda *_given: (Ruling.QUARANTINE, "flood"))
    client.post("/report/light.out", {"words": "灯不亮", "address": "乙街道 12 号", "seen": "1"})
    assert Quarantined.objects.get().desk_path == town.street.path
    assert selectors.held_count(posts_of(dispatcher.id)) == 1


def test_the_same_report_is_held_once(town):
    key = uuid4()
    assert _held(town, key=key) == _held(town, key=key)


def test_let_in_it_becomes_a_case_and_its_words_leave_the_quarantine(town, dispatcher):
    [case] = actions.release([_held(town)], actor=dispatcher)
    assert Case.objects.get().uuid == case
    report = Quarantined.objects.get()
    assert (report.outcome, report.sealed) == ("released", None)


def test_let_in_as_one_the_others_follow(town, dispatcher):
    ids = [_held(town) for _ in range(3)]
    actions.release_as_one(ids, actor=dispatcher)
    assert Case.objects.count() == 1
    assert sorted(Receipt.objects.values_list("kind", flat=True)) == [
        "follower",
        "follower",
        "reporter",
    ]


def test_thrown_away_its_words_are_gone_and_that_it_came_is_kept(town, dispatcher):
    assert actions.discard([_held(town)], actor=dispatcher) == 1
    assert Quarantined.objects.get().sealed is None
    assert not Case.objects.exists()


def test_it_is_looked_at_once(town, dispatcher):
    report = _held(town)
    actions.release([report], actor=dispatcher)
    with pytest.raises(Problem):
        actions.discard([report], actor=dispatcher)


def test_who_is_no_dispatcher_or_elsewhere_may_not(town, dispatcher):
    handler = Actor("user", town.posts.handler.user_id)
    with pytest.raises(PermissionRefused):
        actions.release([_held(town)], actor=handler)
    with pytest.raises(PermissionRefused):
        actions.release([_held(town, path="/999/")], actor=dispatcher)
    with pytest.raises(PermissionRefused):
        actions.release([_held(town)], actor=RESIDENT)


def test_a_flood_elsewhere_hides_nobody_s_own(client, town, dispatcher, monkeypatch):
    monkeypatch.setattr("lingka.intake.selectors.MOST_HELD", 2)
    for _ in range(2):
        _held(town, path="/999/")
    _held(town, words="这里的")
    client.force_login(User.objects.get(id=dispatcher.id))
    assert "这里的" in client.get("/desk/held/").content.decode()


def test_the_page_that_waits_turns_into_the_receipt(client, town, dispatcher):
    report = _held(town)
    url = f"/waiting/{drafts.key_for(report, 'held')}"
    assert client.get(url).status_code == 200
    actions.release([report], actor=dispatcher)
    assert client.get(url)["Location"].startswith("/r/")


def test_the_page_that_waits_says_when_it_was_not_taken_up(client, town, dispatcher):
    report = _held(town)
    actions.discard([report], actor=dispatcher)
    page = client.get(f"/waiting/{drafts.key_for(report, 'held')}")
    assert "没有受理" in page.content.decode()


def test_a_made_up_waiting_page_is_missing(client, town):
    assert client.get("/waiting/x").status_code == 404


def test_dispatchers_see_and_decide_on_a_page(client, town):
    report = _held(town, words="很多人说漏水")
    client.force_login(User.objects.get(username="pai"))
    shown = client.get("/desk/held/").content.decode()
    assert "很多人说漏水" in shown
    assert Quarantined.objects.get().flood not in shown  # words, not keys
    client.post("/desk/held/", {"report": str(report), "do": "release"})
    assert Case.objects.count() == 1
    assert "很多人说漏水" not in client.get("/desk/held/").content.decode()


def test_strangers_are_sent_to_sign_in_and_handlers_are_told_why_not(client, town):
    assert client.get("/desk/held/").status_code == 302
    client.force_login(User.objects.get(username="shui"))
    assert client.get("/desk/held/").status_code == 403


def test_a_list_that_is_too_old_is_told_so(client, town):
    client.force_login(User.objects.get(username="pai"))
    for report in ("nonsense", str(uuid4())):
        assert client.post("/desk/held/", {"report": report, "do": "merge"}).status_code == 302
