"""Starts the program in a new clone, twice: seconds, memory of each process, weight of a first visit."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path

from launch.paths import ROOT

READY = "CRE casework is at"
FIRST_START_SECONDS, STOP_SECONDS = 900, 60
REFERENCED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
IN_STYLES = re.compile(r"""url\(["']?([^"')]+\.woff2?)["']?\)""")


@dataclass(frozen=True, slots=True)
class Memory:
    process: str
    rss: int  # megabytes: with what it shares
    pss: int  # megabytes: shared pages divided among those that share them


@dataclass(slots=True)
class StartUp:
    first: float = 0.0  # seconds from nothing installed to the address printed
    second: float = 0.0
    memory: list[Memory] = field(default_factory=list)
    first_visit: float = 0.0  # kB, gzip, sign-in page with its styles, scripts and fonts
    problem: str = ""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def measure_start_up() -> StartUp:
    """Starts the program as a newcomer does, in a clone of its own, twice."""
    found = StartUp()
    folder = Path(tempfile.mkdtemp(prefix="cre-bench-"))
    folder.chmod(0o755)  # the database server runs as another user
    try:
        clone = folder / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)  # noqa: S603, S607
        found.first = _start(clone, found, look=False)
        found.second = _start(clone, found, look=True)
    except (subprocess.SubprocessError, OSError, RuntimeError) as problem:
        found.problem = str(problem)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _start(clone: Path, found: StartUp, *, look: bool) -> float:
    """Seconds until the address is printed; stops the program again."""
    port = _free_port()
    keep = {"PATH", "HOME", "LANG", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "NPM_CONFIG_REGISTRY", "SSL_CERT_FILE"}
    env = {name: value for name, value in os.environ.items() if name in keep} | {"PORT": str(port)}
    log = clone.parent / "start.log"
    began = time.monotonic()
    with log.open("w") as out:
        starter = subprocess.Popen(  # noqa: S603 -- our own command
            [shutil.which("python3.11") or "python3", "-m", "launch", "run"],
            cwd=clone, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        _await_ready(starter, log)
        taken = time.monotonic() - began
        if look:
            found.first_visit = _first_visit(port)
            found.memory = _memory(starter.pid)
        return taken
    finally:
        starter.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            starter.wait(STOP_SECONDS)


def _await_ready(starter: "subprocess.Popen[bytes]", log: Path) -> None:
    limit = time.monotonic() + FIRST_START_SECONDS
    while READY not in log.read_text():
        if starter.poll() is not None or time.monotonic() > limit:
            raise RuntimeError(f"The program did not start: {log.read_text()[-1000:]}")
        time.sleep(0.05)


def _fetch(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as response:
        body: bytes = response.read()
    return body


def _first_visit(port: int) -> float:
    """What a browser with an empty cache receives for the sign-in page. Fonts are compressed already."""
    page = _fetch(port, "/accounts/login/")
    weight = len(zlib.compress(page, 6))
    for path in sorted(set(REFERENCED.findall(page.decode()))):
        body = _fetch(port, path)
        weight += len(zlib.compress(body, 6))
        if path.endswith(".css"):
            fonts = set(IN_STYLES.findall(body.decode()))
            weight += sum(len(_fetch(port, _beside(path, font))) for font in fonts)
    return weight / 1000


def _beside(path: str, name: str) -> str:
    return name if name.startswith("/") else os.path.normpath(f"{path.rsplit('/', 1)[0]}/{name}")


def _children(pid: int) -> list[int]:
    found = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*found, *(deeper for one in found for deeper in _children(one))]


def _memory(starter: int) -> list[Memory]:
    memory = []
    for pid in _children(starter):
        command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        kind = next((name for name in ("gunicorn", "beat", "worker", "redis") if name in command), None)
        if kind:
            memory.append(_memory_of(pid, "web" if kind == "gunicorn" else kind))
    return memory


def _memory_of(pid: int, kind: str) -> Memory:
    values = dict(re.findall(r"^(Rss|Pss):\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE))
    return Memory(kind, int(values["Rss"]) // 1000, int(values["Pss"]) // 1000)
