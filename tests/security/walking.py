"""All addresses of the resolver, the reviewed table, and one request of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache as limits
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from lingka.areas import cache
from tests.security.stage import ARGUMENTS, BODIES, QUERIES, TABLED, Stage

TABLE = Path(__file__).parent / "matrix.txt"
SIGN_IN = ("/accounts/login/", "/accounts/reauthenticate/", "/accounts/2fa/reauthenticate/",
           "/me/in/")  # fmt: skip
EVERYDAY: dict[str, str] = {}  # no wish for a language or size
DENIED = frozenset({"in", "401", "403", "404", "405"})
_GROUP = re.compile(r"\(\?P<(\w+)>(?:\[[^\]]*\]|\([^()]*\)|[^()])*\)")


@dataclass(frozen=True)
class Row:
    """One line of the table: a call, and what each column gets as its answer."""

    line: int
    section: str
    method: str
    free: bool  # POST without a CSRF token
    path: str
    given: dict[str, str]
    cells: dict[str, str]

    def __str__(self) -> str:
        given = "".join(f" {name}={value}" for name, value in self.given.items())
        return f"{self.method} {self.path}{given}"


def addresses() -> dict[str, Any]:
    """Every path that the resolver knows, in words, with its view."""
    return dict(_walk(get_resolver(), "/"))


def _walk(resolver: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for one in resolver.url_patterns:
        path = prefix + _plain(str(one.pattern))
        if isinstance(one, URLResolver):
            yield from _walk(one, path)
        elif isinstance(one, URLPattern):
            yield path, one.callback


def _plain(pattern: str) -> str:
    named = _GROUP.sub(r"<\1>", pattern)
    return re.sub(r"<\w+:(\w+)>", r"<\1>", named).replace("\\", "").strip("^$+")


def table(text: str) -> list[Row]:
    """Read `[section]`, `# comment`, else: method, path, arguments, one cell a column."""
    rows, section = [], ""
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0].startswith("["):
            section = words[0].strip("[]")
        elif words[0] != "columns":
            rows.append(_row(number, section, words))
    return rows


def _row(number: int, section: str, words: list[str]) -> Row:
    call, cells = words[: -len(TABLED)], words[-len(TABLED) :]
    assert len(call) >= 2, f"line {number}: {len(TABLED)} cells are needed"
    given = dict(word.split("=", 1) for word in call[2:] if "=" in word)
    by_column = dict(zip(TABLED, cells, strict=True))
    said = [word.partition(":")[2] for word in call[2:] if word.startswith("member:")]
    by_column["member"] = said[0] if said else by_column["none"]
    return Row(
        number, section, call[0].rstrip("*"), call[0].endswith("*"), call[1], given, by_column
    )


def address(stage: Stage, row: Row, who: str) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        return str(stage.thing(row.given.get(name) or ARGUMENTS.get(name, name), who))

    return re.sub(r"<(\w+)>", value, row.path)


def answer(
    stage: Stage, row: Row, who: str, cookies: Mapping[str, str] = EVERYDAY, **client: Any
) -> Any:
    """Send it as this column would. Whatever it changes is taken back."""
    limits.clear()  # of sign-in, which are not what is asked here
    browser = stage.client(who, **client)
    browser.cookies.load(dict(cookies))
    url = address(stage, row, who)
    with transaction.atomic():
        if row.method == "GET":
            query = {k: stage.thing(v, who) for k, v in QUERIES.get(row.path, {}).items()}
            response = browser.get(url, query)
        else:
            response = _send(browser, stage, row, who, url)
        transaction.set_rollback(True)
    if row.method != "GET":
        cache.forget()
    return response


def _send(browser: Any, stage: Stage, row: Row, who: str, url: str) -> Any:
    call = getattr(browser, row.method.lower())
    if row.method != "POST":
        return call(url)
    body = dict(BODIES.get(row.path, lambda _stage: {})(stage))
    if "json" in body:
        return call(url, body["json"], content_type="application/json")
    if row.path.startswith("/open311/"):
        body["api_key"] = who if who.startswith("k") else ""
    return call(url, body)


def outcome(response: Any) -> str:
    """ok; go: led on; in: asked to sign in; otherwise the status."""
    status = response.status_code
    if status in {301, 302, 303, 307, 308}:
        return "in" if urlsplit(response["Location"]).path in SIGN_IN else "go"
    return "ok" if status < 300 else str(status)
