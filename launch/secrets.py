"""Keys and passwords of this installation: from the environment, else made once and kept in `.local/secrets.json`."""

import json
import os
import secrets
from pathlib import Path

from launch.paths import LOCAL

NAMES = ("SECRET_KEY", "PRINCIPAL_KEY", "OWNER_PASSWORD", "APP_PASSWORD", "WORKER_PASSWORD")


def kept(folder: Path = LOCAL) -> dict[str, str]:
    """The secrets. The file is readable by this user alone; what is missing is added, nothing is ever changed."""
    given = {name: os.environ[name] for name in NAMES if name in os.environ}
    path = folder / "secrets.json"
    found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in NAMES if name not in found and name not in given]
    if missing:
        found |= {name: secrets.token_urlsafe(48) for name in missing}
        write_private(path, json.dumps(found, indent=1))
    return {**found, **given}


def write_private(path: Path, text: str) -> None:
    """Writes beside the file and then puts it in its place: a start broken off leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    unfinished.replace(path)
