"""`make check`: every rule of this repository that needs no test run. Prints what is broken."""

import ast
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
LONGEST_FILE = 500
LONGEST_FUNCTION = 40
# A name that Django made up says nothing to whoever reads the history.
UNNAMED = re.compile(r"^\d{4}_(auto_|alter_\w+_and_more|.*_and_more)")
TEXT = {".py", ".toml", ".json", ".md", ".sh", ".yaml", ".yml", ".ts", ".cfg", ".npmrc", ""}


def commands() -> Iterator[tuple[str, list[str]]]:
    yield "format", [str(BIN / "ruff"), "format", "--check", "--quiet"]
    yield "lint", [str(BIN / "ruff"), "check", "--quiet"]
    yield "layers and doors", [str(BIN / "lint-imports"), "--no-logo"]
    yield "types", [str(BIN / "mypy"), "lingka", "config"]
    yield "templates", [str(BIN / "djlint"), "lingka", "--lint", "--quiet"]
    yield "migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
    if (ROOT / "scripts" / "translations.py").exists():
        yield "translations", [sys.executable, "scripts/translations.py", "check"]
    yield "front end", [sys.executable, "scripts/frontend.py", "run", "--if-present", "check"]


def main() -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    failed = [name for name, command in commands() if not passes(name, command, environment)]
    for name, faults in (
        ("sizes", list(too_long())),
        ("migration names", list(unnamed_migrations())),
        ("registries", list(registry_hosts())),
    ):
        report(name, not faults, 0, "\n".join(faults))
        failed += [name] if faults else []
    print(f"Broken: {', '.join(failed)}" if failed else "All rules hold.")
    return 1 if failed else 0


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    report(name, done.returncode == 0, time.monotonic() - started, done.stdout + done.stderr)
    return done.returncode == 0


def report(name: str, good: bool, seconds: float, said: str) -> None:  # noqa: FBT001
    print(f"{'ok ' if good else 'BAD'} {name} ({seconds:.1f} s)", flush=True)
    if not good:
        print(said.strip()[-3000:], flush=True)


def sources() -> Iterator[Path]:
    """Python that people write: not migrations, which Django does."""
    for folder in ("lingka", "config", "scripts", "bench", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def too_long() -> Iterator[str]:
    for path in sources():
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > LONGEST_FILE:
            yield f"{path.relative_to(ROOT)}: {lines} lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = lines_of(node, path)
                if length > LONGEST_FUNCTION:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} has {length} lines"


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef, path: Path) -> int:
    """The whole function; of a test, whose docstring is its scene, what is done. A lone returned
    table is data."""
    done = body_lines(function)
    if not done or path.is_relative_to(ROOT / "tests"):
        return done
    return (function.end_lineno or 0) - function.lineno + 1


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of what is done, without signature and docstring; none for a lone returned table."""
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    if not body or (len(body) == 1 and isinstance(body[0], ast.Return)):
        return 0
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def unnamed_migrations() -> Iterator[str]:
    for path in sorted((ROOT / "lingka").glob("*/migrations/0*.py")):
        if UNNAMED.match(path.stem):
            yield f"{path.relative_to(ROOT)}: give it a name that says what it does"


def registry() -> re.Pattern[str]:
    """The hosts that the lock file names, and nothing else may."""
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    hosts = {".".join(host.split(".")[-2:]) for host in re.findall(r'https?://([^/"]+)', lock)}
    return re.compile("|".join(re.escape(host) for host in sorted(hosts)))


def registry_hosts() -> Iterator[str]:
    """Only uv.lock names a package registry: mirrors must be able to stand in for it."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    named = registry()
    for name in listed:
        path = ROOT / name
        if name == "uv.lock" or path.suffix not in TEXT or not path.exists():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if named.search(line):
                yield f"{name}:{number}: names a package registry"


if __name__ == "__main__":
    sys.exit(main())
