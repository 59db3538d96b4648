"""Runs commands of the set-up, and ends them with everything they started when the set-up is stopped."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress

from launch.paths import ROOT, SetupError

LAST_LINES = 20
PR_SET_PDEATHSIG = 1


def run(command: Sequence[str], what: str, env: Mapping[str, str] | None = None) -> str:
    """Runs a command and returns what it printed.

    Raises:
        SetupError: it failed; the text holds the end of what it said.
    """
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        text=True, errors="replace", start_new_session=True, preexec_fn=end_with_parent,
    )  # fmt: skip
    try:
        output, _ = process.communicate()
    except BaseException:
        end_group(process.pid)
        process.wait()
        raise
    if process.returncode:
        tail = "\n".join(output.strip().splitlines()[-LAST_LINES:])
        raise SetupError(f"{what} did not work:\n{tail}")
    return output


def end_with_parent() -> None:
    """In a new process: asks Linux to end it when its starter dies without a word, as after kill -9."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end_group(pid: int) -> None:
    """Ends at once whatever is left of the group of processes that `pid` led."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
