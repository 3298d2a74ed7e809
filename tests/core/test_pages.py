"""Every page: language, size and light by cookie, no script or style in line, errors in words."""

import re

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from lingka.core.templatetags.lingka import CORE, _icons, _picture, icon, linked, picture

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _ in settings.LANGUAGES]
SHEET = "/components/"


def page(client: Client, **cookies: str) -> str:
    for name, value in cookies.items():
        client.cookies[name] = value
    return client.get(SHEET).content.decode()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_cookie_decides_the_language_of_a_page(client, code):
    assert f'<html lang="{code}"' in page(client, language=code)


def test_without_any_wish_a_page_is_chinese(client):
    assert '<html lang="zh-hans"' in page(client)


@pytest.mark.parametrize(("header", "code"), [("bo-CN,zh;q=0.5", "bo"), ("zh-CN", "zh-hans")])
def test_the_browser_decides_where_no_cookie_does(client, header, code):
    answer = client.get(SHEET, headers={"accept-language": header})
    assert f'<html lang="{code}"' in answer.content.decode()


def test_the_switch_keeps_the_reader_where_he_was(client):
    answer = client.post(reverse("core:language"), {"language": "bo", "next": SHEET})
    assert answer.url == SHEET
    assert client.cookies["language"].value == "bo"


def test_the_switch_leads_to_no_other_site(client):
    answer = client.post(reverse("core:display"), {"size": "elder", "next": "//evil.example/"})
    assert answer.url == "/"


def test_large_letters_stay_until_they_are_switched_off(client):
    client.post(reverse("core:display"), {"size": "elder", "next": SHEET})
    assert 'data-size="elder"' in page(client)
    client.post(reverse("core:display"), {"size": "", "next": SHEET})
    assert "data-size=" not in page(client)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_reader_chooses_light_or_dark(client, theme):
    client.post(reverse("core:display"), {"theme": theme, "next": SHEET})
    assert f'data-theme="{theme}"' in page(client)


def test_an_unknown_wish_counts_as_none(client):
    html = page(client, size='"><script>', theme="pink")
    assert "data-size=" not in html
    assert "data-theme=" not in html


def test_switching_by_a_link_is_refused(client):
    assert client.get(reverse("core:display")).status_code == 405


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_page_carries_script_or_style_in_line(client, code):
    html = page(client, language=code)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html)


def test_the_sheet_shows_the_five_faces_of_a_clock(client):
    html = page(client)
    for state in ("running", "soon", "late", "suspended", "done"):
        assert f"clock-{state}" in html


def test_a_field_in_error_says_how_to_mend_it_beside_itself(client):
    html = page(client)
    assert 'aria-invalid="true"' in html
    assert "请选今天以后的一天" in html
    assert re.search(r'aria-describedby="[^"]*id_resume_error', html)


def test_an_icon_keeps_silent_beside_its_word():
    assert 'aria-hidden="true"' in icon("phone")


def test_an_unknown_icon_breaks_no_page():
    assert icon("no-such-thing") == icon("info")


def test_every_icon_and_picture_that_a_template_names_exists():
    named = re.compile(r"""{%\s*(icon|picture) "([^"]+)"|icon="([^"]+)"|picture_name="([^"]+)\"""")
    for file in (CORE.parent).glob("*/templates/**/*.html"):
        for tag, name, sign, drawing in named.findall(file.read_text()):
            if tag == "icon" or sign:
                assert (name or sign) in _icons(), f"{file.name}: {name or sign}"
            else:
                assert _picture(name or drawing) != _picture("other") or name == "other", file


def test_an_unknown_picture_is_something_else():
    assert picture("no-such-thing") == picture("other")


@override_settings(DEBUG=False)
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_missing_page_says_so_in_the_readers_language(client, code):
    client.cookies["language"] = code
    answer = client.get("/there/is/no/such/page")
    assert answer.status_code == 404
    words = {"zh-hans": "没有这一页", "bo": "ཤོག་ངོས་འདི་མི་འདུག", "en": "There is no such page"}
    assert words[code] in answer.content.decode()


def test_a_stale_form_says_how_to_send_it_again():
    answer = Client(enforce_csrf_checks=True).post(reverse("core:display"), {"size": "elder"})
    assert answer.status_code == 403
    assert "这一页放得太久了" in answer.content.decode()


def test_the_first_load_without_fonts_stays_under_sixty_kilobytes(client):
    import brotli

    names = ("tokens.css", "lingka.css", "components.css", "mark.svg")
    files = [(CORE / "static" / "core" / name).read_bytes() for name in names]
    files += [path.read_bytes() for path in (CORE / "static/core/dist/assets").glob("element*.js")]
    files.append(page(client).encode())
    assert sum(len(brotli.compress(file)) for file in files) < 60_000


def test_who_goes_astray_at_the_desk_is_led_back_to_it(client):
    astray = client.get("/desk/nowhere/").content.decode()
    assert 'class="button button-primary" href="/desk/"' in astray
    assert 'class="button button-primary" href="/"' in client.get("/nowhere/").content.decode()


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("回执：http://a.cn/r/x-1。", '回执：<a href="http://a.cn/r/x-1">http://a.cn/r/x-1</a>。'),
        ("See http://a.cn/r/x.", 'See <a href="http://a.cn/r/x">http://a.cn/r/x</a>.'),
        ("<b>&", "&lt;b&gt;&amp;"),
    ],
)
def test_addresses_in_plain_text_are_links_whatever_stands_before_them(
    words: str, shown: str
) -> None:
    assert linked(words) == shown
