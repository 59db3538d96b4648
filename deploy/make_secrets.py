# ruff: noqa: INP001 -- a script on its own
"""Makes the secrets of one deployment: `python3 deploy/make_secrets.py casework.example.org`.

Each container gets a file with no more than it needs; the web process never knows the owner's password.
Files that are there already are left alone: new keys would shut out a database that has the old ones.
"""

import os
import secrets
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SERVER = "postgres:5432/cre_case"
ROLES = ("OWNER", "APP", "WORKER")


def files(host: str) -> dict[str, dict[str, str]]:
    """What each file holds."""
    superuser = secrets.token_urlsafe(32)
    passwords = {f"{role}_PASSWORD": secrets.token_urlsafe(32) for role in ROLES}
    keys = {"SECRET_KEY": secrets.token_urlsafe(48), "PRINCIPAL_KEY": secrets.token_urlsafe(48)}
    return {
        "postgres.env": {"POSTGRES_PASSWORD": superuser},
        "prepare.env": {"DATABASE_URL": f"postgres://postgres:{superuser}@{SERVER}", **passwords, **keys},
        "runtime.env": {
            "DATABASE_URL": f"postgres://cre_app:{passwords['APP_PASSWORD']}@{SERVER}",
            "ALLOWED_HOSTS": f"{host},localhost",  # localhost: the health check inside the container
            "TRUSTED_ORIGINS": f"https://{host}",
            "SITE_URL": f"https://{host}",
            **keys,
        },
        # The clock's own role. Name a mail server here too: EMAIL_HOST and the rest of docs/operating.md.
        "worker.env": {"DATABASE_WORKER_URL": f"postgres://cre_worker:{passwords['WORKER_PASSWORD']}@{SERVER}"},
        "proxy.env": {"SITE_HOST": host},
    }


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("Usage: python3 deploy/make_secrets.py HOSTNAME")
    wanted = files(sys.argv[1])
    there = [name for name in wanted if (FOLDER / name).exists()]
    if there:
        sys.exit(f"{', '.join(there)} in {FOLDER} exist already; nothing was changed.")
    for name, values in wanted.items():
        with os.fdopen(os.open(FOLDER / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"{key}={value}\n" for key, value in values.items())


if __name__ == "__main__":
    main()
