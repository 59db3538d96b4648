"""Where things are kept. Everything the program makes while running is under `.local/`."""

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Not TMPDIR: it may be long, and differ between the terminals that one user starts things from.
SOCKETS = Path("/tmp")
LONGEST_LOG = 10_000_000


class SetupError(RuntimeError):
    """Something the program needs is missing. The text is one plain line that says what to do."""


def socket_dir(data_dir: Path) -> Path:
    """A short folder for a server's socket: a socket's path may not exceed about 100 bytes.

    Its name is worked out from the data folder, so that two clones never meet.
    """
    name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return SOCKETS / f"cre-{os.getuid()}-{name}"


def make_private(folder: Path, uid: int, gid: int) -> None:
    """Makes a folder that only `uid` may enter; one that another user put there first is refused.

    Raises:
        SetupError: the folder is somebody else's, or not a folder.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
        raise SetupError(f"{folder} belongs to another user. Remove it, then start again.")
    folder.chmod(0o700)
    if found.st_uid != uid:
        os.chown(folder, uid, gid)


def open_log(path: Path) -> BinaryIO:
    """Opens a log for adding, readable by this user alone; a long one is set aside first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LONGEST_LOG:
        path.replace(path.with_suffix(".log.old"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
