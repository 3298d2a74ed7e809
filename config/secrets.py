"""Secrets of an installation that was given none: made once, kept in its own folder."""

import os
import secrets
from pathlib import Path

BYTES = 48


def kept(folder: Path, name: str) -> str:
    """The secret in `folder/name`, made on first use, readable by its owner alone."""
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{name}.{os.getpid()}"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(BYTES) + "\n")
        try:
            os.link(unfinished, path)  # fails when another process was first: theirs counts
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
        return path.read_text(encoding="ascii").strip()
