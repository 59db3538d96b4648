"""The embedded server, started and stopped for real in folders of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from launch import postgres
from launch.paths import ROOT, socket_dir


@pytest.fixture
def data(tmp_path):
    """A data folder whose server is stopped whatever happens. pytest's own folders are closed to other users."""
    folder = tmp_path / "data"
    yield folder
    postgres.stop(folder)


def answer(url: str, query: str = "SELECT 1") -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()[0]


def test_it_starts_is_found_again_and_stops(data):
    url = postgres.start(data, quick=True)
    pid = postgres.running_pid(data)
    assert answer(url, "SHOW server_version").startswith(postgres.VERSION)
    assert postgres.start(data, quick=True) == url
    assert postgres.running_pid(data) == pid
    postgres.stop(data)
    assert postgres.running_pid(data) is None
    assert not socket_dir(data).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_two_that_start_it_at_once_get_one_server(data):
    with ThreadPoolExecutor(2) as pool:
        urls = list(pool.map(lambda _: postgres.start(data, quick=True), range(2)))
    assert urls[0] == urls[1]
    assert answer(urls[0]) == 1


def test_data_outlive_a_server_that_was_killed(data):
    url = postgres.start(data)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    os.kill(postgres.running_pid(data), signal.SIGKILL)
    limit = time.monotonic() + 10
    while postgres.running_pid(data) is not None and time.monotonic() < limit:
        time.sleep(0.05)
    assert answer(postgres.start(data), "SELECT number FROM kept") == 7


def test_the_number_of_a_dead_server_may_belong_to_another_process_now(data):
    postgres.start(data, quick=True)
    status = data / "postmaster.pid"
    lines = status.read_text().splitlines()
    postgres.stop(data)
    status.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert postgres.running_pid(data) is None
    assert answer(postgres.start(data, quick=True)) == 1


def test_it_listens_on_its_socket_alone_and_logs_no_values(data):
    url = postgres.start(data, quick=True)
    assert answer(url, "SHOW listen_addresses") == ""
    assert answer(url, "SHOW log_error_verbosity") == "terse"
    assert answer(url, "SHOW log_parameter_max_length") == "0"
    assert answer(url, "SHOW log_parameter_max_length_on_error") == "0"
    assert socket_dir(data).stat().st_mode & 0o077 == 0


def test_only_tests_may_lose_data(data):
    assert answer(postgres.start(data), "SHOW fsync") == "on"


def test_data_of_another_version_are_refused_and_left_alone(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(postgres.PostgresError, match="of PostgreSQL 17, not 18"):
        postgres.start(data)
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_server_that_does_not_start_says_why(data):
    postgres.start(data, quick=True)
    postgres.stop(data)
    (data / "postgresql.auto.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(postgres.PostgresError, match="no_such_setting"):
        postgres.start(data, quick=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down")
def test_as_root_the_server_is_nobody_and_no_folder_is_opened_up(data, tmp_path):
    tmp_path.chmod(0o700)
    before = {folder: folder.stat().st_mode for folder in tmp_path.parents}
    postgres.start(data, quick=True)
    assert Path(f"/proc/{postgres.running_pid(data)}").owner() == postgres.UNPRIVILEGED
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert {folder: folder.stat().st_mode for folder in tmp_path.parents} == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down")
def test_as_root_the_program_itself_may_lie_in_a_closed_folder(data, tmp_path, monkeypatch):
    """As it does in a clone in the home of root."""
    programs = postgres.binaries()
    package = programs.parents[1]
    closed = tmp_path / programs.relative_to(package.parent)
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, tmp_path / part.name, symlinks=True)
    monkeypatch.setattr(postgres, "binaries", lambda: closed)
    tmp_path.chmod(0o700)
    postgres.start(data, quick=True)
    assert Path(f"/proc/{postgres.running_pid(data)}").owner() == postgres.UNPRIVILEGED


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
def test_an_ordinary_user_starts_it_as_well():
    """`nobody`, allowed to read through folders, because this Python itself may lie in a closed one."""
    folder = Path(tempfile.mkdtemp(prefix="cre-test-", dir="/tmp"))
    shutil.chown(folder, postgres.UNPRIVILEGED)
    data = folder / "data"
    code = (
        "import os; from pathlib import Path; from launch import postgres; assert os.geteuid() != 0;"
        f"data = Path({str(data)!r}); print(postgres.start(data, quick=True));"
        "assert Path(f'/proc/{postgres.running_pid(data)}').stat().st_uid == os.geteuid();"
        "postgres.stop(data); assert postgres.running_pid(data) is None"
    )
    try:
        done = subprocess.run(
            [*postgres.stepping_down(folder), sys.executable, "-c", code],
            cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "HOME": "/"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("postgres://")
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("held", "kept"),
    [(0b111, "-all,+dac_read_search"), (0b100, "-all,+dac_read_search"), (0b011, "-all,+dac_override")],
)
def test_through_a_closed_folder_the_server_keeps_the_smallest_right(monkeypatch, tmp_path, held, kept):
    tmp_path.chmod(0o700)
    monkeypatch.setattr(postgres, "capabilities_held", lambda: held)
    assert postgres.capability_for(Path("/usr/bin"), tmp_path) == kept


def test_without_any_right_a_closed_folder_is_named(monkeypatch, tmp_path):
    tmp_path.chmod(0o700)
    monkeypatch.setattr(postgres, "capabilities_held", lambda: 0)
    with pytest.raises(postgres.PostgresError, match=str(tmp_path)):
        postgres.capability_for(tmp_path)


def test_through_open_folders_the_server_keeps_no_right():
    assert postgres.capability_for(Path("/usr/bin")) == "-all"
