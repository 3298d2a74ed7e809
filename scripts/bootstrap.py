"""Get uv and run it: `python3 scripts/bootstrap.py sync --locked`.

uv on the PATH is used as it is. Otherwise the wheel that uv.lock names for this machine is
fetched from the address in the lock, checked against the hash in the lock, and unpacked into
.lingka/. So a system Python without pip or venv is enough, and no address is written here.
Standard library only; Python 3.11 or newer.
"""

import hashlib
import io
import os
import platform
import re
import shutil
import sys
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".lingka"


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - whatever Python a machine has runs this
        sys.exit("Lingka needs Python 3.11 or newer; this is " + platform.python_version())
    uv = shutil.which("uv") or str(unpacked())
    # The Python that runs this serves Lingka too; another is never fetched behind one's back.
    os.environ.setdefault("UV_PYTHON", sys.executable)
    os.environ.setdefault("UV_PYTHON_DOWNLOADS", "never")
    os.execv(uv, [uv, *sys.argv[1:]])


def unpacked() -> Path:
    """The uv program in .lingka/, fetched when this lock's version is not there yet."""
    import tomllib

    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    package = next(p for p in lock["package"] if p["name"] == "uv")
    program = HOME / f"uv-{package['version']}" / "uv"
    if not program.exists():
        wheel = wheel_for_this_machine(package["wheels"])
        print(f"Fetching uv {package['version']} …", flush=True)
        unpack(fetch(wheel["url"], wheel["hash"]), program)
    return program


def wheel_for_this_machine(wheels: list[dict[str, str]]) -> dict[str, str]:
    """The first wheel whose tags fit: system, processor and C library."""
    fitting = [w for w in wheels if fits(w["url"].rsplit("/", 1)[-1])]
    if not fitting:
        sys.exit(f"There is no uv for {platform.system()} on {platform.machine()}; install uv.")
    return fitting[0]


def fits(
    filename: str, system: str = "", machine: str = "", glibc: tuple[int, int] | None = None
) -> bool:
    system = system or platform.system()
    machine = (machine or platform.machine()).lower()
    tags = filename.removesuffix(".whl").split("-")[-1].split(".")
    if system == "Darwin":
        processor = {"aarch64": "arm64"}.get(machine, machine)
        return any(tag.startswith("macosx_") and tag.endswith(processor) for tag in tags)
    processor = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    glibc = glibc or c_library()
    for tag in tags:
        old = re.fullmatch(rf"manylinux_(\d+)_(\d+)_{processor}", tag)
        if glibc and old and (int(old[1]), int(old[2])) <= glibc:
            return True
        if not glibc and tag.startswith("musllinux_") and tag.endswith(processor):
            return True
    return False


def c_library() -> tuple[int, int] | None:
    """glibc's version, or None on a system with another C library."""
    name, version = platform.libc_ver()
    if name != "glibc":
        return None
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def fetch(url: str, expected: str) -> bytes:
    """The file at `url` if its SHA-256 is the lock's."""
    if not url.startswith("https://"):
        sys.exit("The lock file names an address that is not https.")
    with urllib.request.urlopen(url, timeout=120) as answer:
        content: bytes = answer.read()
    if f"sha256:{hashlib.sha256(content).hexdigest()}" != expected:
        sys.exit("What was fetched is not what the lock file promises; nothing was installed.")
    return content


def unpack(wheel: bytes, program: Path) -> None:
    """Write the program out of the wheel, whole or not at all."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        name = next(n for n in archive.namelist() if n.endswith("/scripts/uv"))
        program.parent.mkdir(parents=True, exist_ok=True)
        unfinished = program.with_suffix(".unfinished")
        unfinished.write_bytes(archive.read(name))
    unfinished.chmod(0o755)
    unfinished.replace(program)


if __name__ == "__main__":
    main()
