"""Questions of a checklist can be heard: as somebody recorded them, and as nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.patrols import actions, editing, schema, selectors, xlsform
from lingka.patrols.actions.publishing import shipped
from lingka.patrols.models import Sound
from tests.cases.city import MONDAY, problem
from tests.patrols.test_editing import administrator  # noqa: F401 - a fixture
from tests.security.patrolling import checklist_form, tone

pytestmark = pytest.mark.django_db
EDIT = "/desk/checklists/road_ice/edit"


def recorded(data: bytes = b"", **more: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("name of the speaker.wav", data or tone(), "text/html")
    return checklist_form() | {"item-0-speak-bo": file} | more


def test_a_question_that_was_recorded_is_heard_by_all_who_ask_it(administrator: Client) -> None:  # noqa: F811
    assert administrator.post(EDIT, recorded()).status_code == 302
    selectors.forget()
    body = selectors.info("road_ice").body  # type: ignore[union-attr]
    named = body["items"][0]["audio"]
    assert list(named) == ["bo"]
    heard = administrator.get(f"/checklists/sounds/{named['bo']}.m4a")
    assert heard["Content-Type"] == "audio/mp4"
    assert heard["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in heard["Content-Security-Policy"]
    assert heard.content[4:8] == b"ftyp"
    # Made anew: nothing of what came in, not even its name, is kept.
    assert tone()[44:144] not in heard.content
    assert Client().get(f"/checklists/sounds/{named['bo']}.m4a").status_code == 404
    assert (
        editing.read(checklist_form(dict(body)) | {"item-0-audio-bo": named["bo"]})["items"]
        == body["items"]
    )


def test_what_is_no_recording_is_said_beside_its_field_and_nothing_is_published(
    administrator: Client,  # noqa: F811
) -> None:
    page = administrator.post(EDIT, recorded(b"<script>alert(1)</script>"))
    assert page.status_code == 422
    assert 'id="item-0-audio-bo_error"' in page.content.decode()
    assert not Sound.objects.exists()


def test_arranging_the_form_loses_no_recording_and_it_can_be_taken_away(
    administrator: Client,  # noqa: F811
) -> None:
    page = administrator.post(EDIT, recorded(do="add"))
    kept = page.context["form"].items[0].spoken[1].value
    assert kept == Sound.objects.get().sha256
    sent = checklist_form() | {"item-0-audio-bo": kept, "item-0-unsaid-bo": "1"}
    assert "audio" not in editing.read(sent)["items"][0]
    odd = checklist_form() | {"item-0-audio-bo": "of another tool.mp3", "do": "add"}
    assert administrator.post(EDIT, odd).status_code == 200


def test_a_recording_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem):
        actions.keep_sound(tone(61), actor=SYSTEM)
    monkeypatch.setattr("lingka.patrols.actions.recording.LARGEST", 100)
    with pytest.raises(Problem):
        actions.keep_sound(tone(), actor=SYSTEM)


def test_a_recording_that_no_version_names_goes_after_a_while_and_no_other() -> None:
    """A while since it was made by the server's clock: an id says nothing of when."""
    with clock.at(MONDAY):
        named, unused, twice = (
            actions.keep_sound(tone(0.3 + more), actor=SYSTEM) for more in (0, 0.2, 0.4)
        )
        body = dict(shipped()["road_ice"])
        body["items"] = [{**body["items"][0], "audio": {"bo": named}}, *body["items"][1:]]
        actions.publish_checklist("road_ice", body, actor=SYSTEM)
        actions.publish_checklist("road_ice", shipped()["road_ice"], actor=SYSTEM)
    with clock.at(MONDAY + timedelta(days=1)):
        assert actions.drop_sounds() == 0
        assert actions.keep_sound(tone(0.7), actor=SYSTEM) == twice
    with clock.at(MONDAY + timedelta(days=2, minutes=1)):
        assert actions.drop_sounds() == 1
    there = [selectors.sound(one) is not None for one in (named, unused, twice)]
    assert there == [True, False, True]


def test_no_version_names_a_recording_that_is_not_there() -> None:
    body = dict(shipped()["road_ice"])
    body["items"] = [{**body["items"][0], "audio": {"bo": "0" * 64}}, *body["items"][1:]]
    with problem("checklist"):
        actions.publish_checklist("road_ice", body, actor=SYSTEM)
    for odd in ({"bo": "../a"}, {"fr": "0" * 64}, ["bo"], {"bo": 1}):
        body["items"][0] = {**body["items"][0], "audio": odd}
        assert any(one.where.startswith("items.0.audio") for one in schema.faults(body))


def test_recordings_go_out_and_come_back_in_a_spreadsheet() -> None:
    body = dict(shipped()["road_ice"])
    heard = {"zh-hans": "a" * 64, "bo": "b" * 64}
    body["items"] = [{**body["items"][0], "audio": heard}, *body["items"][1:]]
    assert xlsform.read(xlsform.write("road_ice", body))["items"] == body["items"]
