"""The administrators' pages of other platforms."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingka.accounts.models import User
from lingka.cases.models import Case
from lingka.exchange import folders, forms
from lingka.exchange.models import Peer
from tests.cases.city import City
from tests.exchange.conftest import KEY, PLAN, set_up, sheet
from tests.security.stage import _give

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(city: City) -> Client:
    _give(city, "administrator", "administrator", "hall", city.root)
    client = Client()
    client.force_login(User.objects.get(username="administrator"))
    client.cookies["language"] = "en"
    return client


def form(**changes: str) -> dict[str, str]:
    given = {"key": KEY, "mapping": PLAN, "shares": "own", "active": "on", "address": ""}
    given |= {f"name_{code}": "省平台" for code in ("zh-hans", "bo", "en")}
    return {"do": "peer"} | {f"peer-{name}": value for name, value in (given | changes).items()}


def upload(text: str, name: str = "list.csv") -> dict[str, Any]:
    file = SimpleUploadedFile(name, text.encode())
    return {"do": "compare", "compare-file": file}


def test_a_platform_is_set_up_and_changed(admin: Client) -> None:
    assert b"No other platform yet" in admin.get("/desk/exchange/").content
    assert b"service_request_id" in admin.get("/desk/exchange/new").content
    admin.post("/desk/exchange/new", form())
    assert "省平台" in admin.get("/desk/exchange/").content.decode()
    given = form(address="https://a.example/v2", secret="k")
    given.pop("peer-key")
    admin.post(f"/desk/exchange/{KEY}/edit", given)
    assert (Peer.objects.get().address, bool(Peer.objects.get().sealed_key)) == (
        "https://a.example/v2", True,
    )  # fmt: skip
    assert b"a.example" in admin.get(f"/desk/exchange/{KEY}/edit").content


def test_a_key_with_which_they_ask_is_forgotten_when_it_leaked(admin: Client) -> None:
    key, url = "a-key-that-nobody-guesses-0001", f"/desk/exchange/{KEY}/edit"
    set_up()
    assert b"asks_no_more" not in admin.get(url).content
    set_up(asks_with=key)
    assert b"asks_no_more" in admin.get(url).content
    admin.post(url, form())
    assert Peer.objects.get().asks_with, "left as it is, it stays"
    both = admin.post(url, form(asks_no_more="on", asks_with="another-key-nobody-guesses"))
    assert (both.status_code, b"field-error" in both.content) == (400, True)
    admin.post(url, form(asks_no_more="on"))
    assert Peer.objects.get().asks_with is None


@pytest.mark.parametrize(
    "changes", [{"mapping": "nothing"}, {"address": "ftp://a"}, {"key": "other"}, {"key": "a b"}]
)
def test_what_cannot_be_is_said_beside_its_field(admin: Client, changes: dict[str, str]) -> None:
    page = admin.post("/desk/exchange/new", form(**changes))
    assert page.status_code == 400
    assert b"field-error" in page.content
    assert not Peer.objects.exists()


def test_a_new_platform_does_not_change_one_that_is_there(admin: Client) -> None:
    set_up()
    page = admin.post("/desk/exchange/new", form(shares="listed"))
    assert (page.status_code, Peer.objects.get().shares) == (400, "own")


def test_exchanging_now_takes_what_waits_and_says_what_came(admin: Client) -> None:
    set_up()
    (folders.folder(KEY, "in") / "a.csv").write_text(sheet(("7", "路灯", ""), ("8", "", "")))
    page = admin.post(f"/desk/exchange/{KEY}/", {"do": "run"}, follow=True).content.decode()
    assert Case.objects.count() == 1
    assert "1 refused" in page


def test_what_fails_is_said(admin: Client) -> None:
    set_up()
    (folders.folder(KEY, "in") / "a.csv").write_text("a\n1\n")
    page = admin.post(f"/desk/exchange/{KEY}/", {"do": "run"}, follow=True).content.decode()
    assert "The file lacks the columns" in page
    assert "could not be read" in page


def test_a_list_is_compared_and_the_differences_are_a_table(admin: Client) -> None:
    set_up()
    shown = admin.post(f"/desk/exchange/{KEY}/", upload(sheet(("11", "井盖", "已办结"))))
    assert shown.status_code == 302
    page = admin.get(f"/desk/exchange/{KEY}/").content.decode()
    assert "only theirs 1, only ours 0, differing 0" in page
    table = admin.get(f"/desk/exchange/{KEY}/differences.csv").content.decode()
    assert table.splitlines()[1] == "theirs_only,11,,closed,,"


def test_a_list_of_a_long_name_is_compared(admin: Client) -> None:
    set_up()
    given = upload(sheet(("11", "井盖", "已办结")), f"{'单' * 200}.csv")
    assert admin.post(f"/desk/exchange/{KEY}/", given).status_code == 302


def test_a_list_that_cannot_be_read_is_said(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(mapping=PLAN.replace("csv", "xlsx"))
    assert admin.post(f"/desk/exchange/{KEY}/", upload("a")).status_code == 400
    monkeypatch.setattr(forms, "LARGEST", 3)
    page = admin.post(f"/desk/exchange/{KEY}/", upload("abcdef"))
    assert b"too large" in page.content


def test_others_find_nothing(admin: Client, city: City) -> None:
    set_up()
    for address in ("nobody/", "nobody/edit", "nobody/differences.csv"):
        assert admin.get(f"/desk/exchange/{address}").status_code == 404
    client = Client()
    client.force_login(User.objects.get(username="dispatcher"))
    assert client.get("/desk/exchange/").status_code == 404
    _give(city, "small", "administrator", "office", city.street)
    client.force_login(User.objects.get(username="small"))
    assert client.get("/desk/exchange/").status_code == 404
