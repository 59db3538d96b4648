"""Where things are kept. Everything the program makes while running is under `.local/`."""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def socket_dir(data_dir: Path) -> Path:
    """A short folder for a server's socket: a socket's path may not exceed about 100 bytes.

    Its name is worked out from the data folder, so that the next start finds the same server again.
    """
    name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"cre-{os.getuid()}-{name}"
