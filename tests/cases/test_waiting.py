"""Photos of a desk's form that was refused wait for the next try, for whoever brought them."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lingka.accounts.models import Post, User
from lingka.accounts.selectors import forget
from lingka.cases import actions
from lingka.cases.models import Attachment
from lingka.core import clock
from lingka.core.ids import uuid7
from tests.cases.city import MONDAY, City, case_of

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture
def hazard(city: City, settings: Any, tmp_path: Any) -> Any:
    """A hazard that nobody has registered yet: that asks for its level and a photo."""
    settings.MEDIA_ROOT = tmp_path
    return city.open("safety.hazard")


def desk(who: str = "dispatcher") -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username=who))
    return client


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def send(opened: Any, client: Client, **given: Any) -> Any:
    case = case_of(opened)
    address = f"/desk/cases/{case.number}/do/register/"
    return client.post(address, {"version": case.version, **given})


def kept(page: str) -> list[str]:
    return re.findall(r'name="attachments-kept" value="([^"]+)"', page)


def refused(opened: Any, client: Client, **given: Any) -> str:
    answer = send(opened, client, attachments=photo(), **given)
    assert answer.status_code in {409, 422}
    html: str = answer.content.decode()
    return html


def test_a_form_with_a_wrong_field_keeps_its_photos(hazard: Any) -> None:
    client = desk()
    page = refused(hazard, client)
    assert "data:image/webp;base64," in page
    answer = send(hazard, client, level="ordinary", **{"attachments-kept": kept(page)})
    assert (answer.status_code, case_of(hazard).state) == (302, "accepted")
    assert Attachment.objects.get().case == case_of(hazard)


def test_a_case_that_has_moved_on_keeps_the_photos(hazard: Any) -> None:
    client = desk()
    page = refused(hazard, client, version=0, level="ordinary")
    assert len(kept(page)) == 1


def test_a_photo_that_is_taken_out_does_not_come_along(hazard: Any) -> None:
    client = desk()
    key = kept(refused(hazard, client))
    again = send(hazard, client, **{"attachments-kept": key, "attachments-out": key})
    assert kept(again.content.decode()) == []


def colleague() -> Client:
    """Somebody else on the same post, who may do the same."""
    post = Post.objects.get(user__username="dispatcher")
    user = User.objects.create(uuid=uuid7(), username="colleague", name="B")
    Post.objects.create(
        user=user, role=post.role, unit_id=post.unit_id, area=post.area, valid_from=post.valid_from
    )
    forget()
    return desk("colleague")


def test_a_colleague_on_the_same_post_sends_the_form_with_a_photo_of_their_own(hazard: Any) -> None:
    given = {"level": "ordinary", "attachments": [photo()]}
    assert send(hazard, colleague(), **given).status_code == 302


def test_nobody_else_sees_or_sends_a_waiting_photo(hazard: Any) -> None:
    key = kept(refused(hazard, desk()))
    given = {"level": "ordinary", "attachments-kept": key}
    answer = send(hazard, colleague(), **given)
    assert answer.status_code == 422
    assert "data:image" not in answer.content.decode()
    assert Attachment.objects.get().case is None


def test_more_photos_than_fit_are_said_and_the_first_are_kept(hazard: Any) -> None:
    client = desk()
    given = {"level": "ordinary", "attachments": [photo() for _ in range(6)]}
    page = send(hazard, client, **given).content.decode()
    assert "At most 5 photos fit. The first were kept." in page
    assert len(kept(page)) == 5


def test_a_photo_whose_form_never_came_again_is_swept(hazard: Any) -> None:
    page = refused(hazard, desk())
    with clock.at(MONDAY + timedelta(hours=25)):
        actions.sweep_files()
    assert not Attachment.objects.exists()
    again = send(hazard, desk(), level="ordinary", **{"attachments-kept": kept(page)})
    assert kept(again.content.decode()) == []
