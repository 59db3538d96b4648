"""Keys and passwords of this one installation, made at the first start and kept in `.local/secrets.json`."""

import json
import os
import secrets
from pathlib import Path

from launch.paths import LOCAL

NAMES = ("SECRET_KEY", "PRINCIPAL_KEY", "OWNER_PASSWORD", "APP_PASSWORD", "WORKER_PASSWORD")


def kept(folder: Path = LOCAL) -> dict[str, str]:
    """The secrets, readable by this user alone."""
    path = folder / "secrets.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({name: secrets.token_urlsafe(48) for name in NAMES}, file)
    found: dict[str, str] = json.loads(path.read_text())
    return found
