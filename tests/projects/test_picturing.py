"""Photos of a project: everybody sees them, in order; whoever shows one takes it down again."""

import io
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from PIL import Image

from lingka.accounts.models import User
from lingka.cases.models import Attachment
from lingka.core import verify
from lingka.projects import actions, rules, selectors
from tests.cases.city import City, names, problem, refusal
from tests.projects.works import begun, draft, public


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(colour: str = "sienna") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


def show(city: City, code: str, shows: str = "before", **other: Any) -> UUID:
    given = {"file": picture(), "caption": "七栋三单元", **other}
    return actions.show_photo(
        code, given.pop("file"), shows, given.pop("caption"),
        actor=given.pop("actor", city.staff["handler"]), **given,
    )  # fmt: skip


def test_everybody_sees_the_photos_as_the_work_went(city: City) -> None:
    code = public(city)
    for shows in ("after", "before"):
        show(city, code, shows)
    found = selectors.project(code)
    assert found
    assert [one.shows for one in found.photos] == ["before", "after"]
    page = Client(headers={"accept-language": "en"}).get(f"/projects/{code}/")
    assert "七栋三单元" in page.content.decode()
    shown = Client().get(f"/projects/photos/{found.photos[0].uuid}")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert verify.run() == []


def test_a_photo_can_belong_to_a_milestone(city: City) -> None:
    desk, of = city.staff["dispatcher"], begun(city)
    code = actions.set_project(of, draft(city), actor=desk)
    step = actions.add_milestone(code, names("布线"), draft(city).due, actor=desk)
    actions.publish(of, actor=desk)
    show(city, code, "work", milestone=step)
    found = selectors.project(code)
    assert found
    assert [one.milestone for one in found.photos] == ["布线"]


def test_what_is_taken_down_is_gone_with_its_file(city: City) -> None:
    code = public(city)
    uuid = show(city, code)
    with problem("no_photo"):
        actions.take_photo_down(code, uuid4(), actor=city.staff["handler"])
    actions.take_photo_down(code, uuid, actor=city.staff["handler"])
    assert selectors.photo(uuid) is None
    assert Client().get(f"/projects/photos/{uuid}").status_code == 404
    assert not Attachment.objects.filter(erased_at=None).exists()


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("shows", {"shows": "selfie"}),
        ("caption", {"caption": " "}),
        ("caption", {"caption": "字" * (rules.CAPTION + 1)}),
        ("no_milestone", {"milestone": uuid4()}),
    ],
)
def test_what_says_nothing_of_the_work_is_refused(
    city: City, code: str, given: dict[str, Any]
) -> None:
    work = public(city)
    with problem(code):
        show(city, work, **given)
    found = selectors.project(work)
    assert found
    assert found.photos == ()


def test_there_are_never_more_than_a_page_bears(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_PHOTOS", 1)
    code = public(city)
    show(city, code)
    with problem("many"):
        show(city, code)


def test_only_its_owner_and_the_list_s_keepers_show_photos(city: City) -> None:
    code = public(city)
    with refusal("not_owner"):
        show(city, code, actor=city.staff["plumber"])


def test_a_file_that_is_no_picture_is_refused_beside_its_field(city: City) -> None:
    code, desk = public(city), Client(headers={"accept-language": "en"})
    desk.force_login(User.objects.get(username="handler"))
    answer = desk.post(
        f"/desk/projects/{code}",
        {"do": "photo", "photo-photo": io.BytesIO(b"no picture"), "photo-shows": "before",
         "photo-caption": "七栋三单元", "photo-milestone": ""},
    )  # fmt: skip
    assert answer.status_code == 400
    assert "七栋三单元" in answer.content.decode()
