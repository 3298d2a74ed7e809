"""The app is open to everybody, holds nobody's data, and is asked for anew at every start."""

import base64
import gzip
import hashlib

import pytest

from lingka.field import views_app

NAMES = {"": "index.html", "sw.js": "sw.js", "manifest.webmanifest": "manifest.webmanifest"}


@pytest.fixture
def built(tmp_path, monkeypatch):
    for name in NAMES.values():
        (tmp_path / name).write_text(f"this is {name}")
    monkeypatch.setattr(views_app, "DIST", tmp_path)


@pytest.mark.parametrize("address", NAMES)
def test_a_phone_gets_the_app_without_signing_in(client, built, address):
    answer = client.get(f"/field/{address}")
    assert answer.content.decode() == f"this is {NAMES[address]}"
    assert answer["Cache-Control"] == "no-cache"


def test_the_page_brings_the_cookie_that_registering_needs(client, built):
    assert "csrftoken" in client.get("/field/").cookies


def test_scripts_come_from_the_server_only(client, built):
    policy = client.get("/field/")["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_what_stands_in_the_page_itself_is_named_by_its_hash(client, built):
    text = "<style>p{}</style><script>1</script><script src='/x.js'></script>"
    (views_app.DIST / "index.html").write_text(text)
    policy = client.get("/field/")["Content-Security-Policy"]
    assert f"script-src 'self' 'sha256-{_hash('1')}';" in policy
    assert f"style-src 'self' 'sha256-{_hash('p{}')}';" in policy
    assert "sha256" not in client.get("/field/sw.js")["Content-Security-Policy"]


def test_a_phone_that_can_read_it_gets_the_page_compressed(client, built):
    answer = client.get("/field/", headers={"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(answer.content) == b"this is index.html"
    assert "Accept-Encoding" in answer["Vary"]


def _hash(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_a_checkout_without_the_build_says_so(client, tmp_path, monkeypatch):
    monkeypatch.setattr(views_app, "DIST", tmp_path)
    assert client.get("/field/").status_code == 404
