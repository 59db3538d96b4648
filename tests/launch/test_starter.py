"""The starter's small decisions: ports, secrets, folders, one run at a time."""

import json
import os
import socket
import stat
import sys

import pytest

from launch import __main__ as starter
from launch import commands, paths, secrets
from launch.paths import SetupError


@pytest.mark.parametrize("asked", ["0", "65536", "-1", "eighty", "80 80"])
def test_a_port_that_is_none_is_refused(monkeypatch, asked):
    monkeypatch.setenv("PORT", asked)
    with pytest.raises(SetupError, match="PORT must be a number"):
        starter.chosen_port()


@pytest.mark.enable_socket
def test_a_port_in_use_is_one_sentence_with_a_way_out(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(SetupError, match=rf"^Port {port} is in use\. .*PORT={port + 1} make run$"):
            starter.chosen_port()
    assert starter.chosen_port() == port


def test_a_folder_runs_the_program_once_at_a_time(monkeypatch, tmp_path):
    monkeypatch.setattr(starter, "LOCAL", tmp_path)
    refusal = pytest.raises(SetupError, match=rf"already \(process {os.getpid()}\): stop it first")
    with starter.only_run("stop it first"), refusal, starter.only_run("stop it first"):
        pass
    with starter.only_run("stop it first"):
        assert (tmp_path / "run.lock").read_text() == str(os.getpid())


def test_secrets_are_made_once_and_readable_by_their_user_alone(monkeypatch, tmp_path):
    for name in secrets.NAMES:
        monkeypatch.delenv(name, raising=False)
    first = secrets.kept(tmp_path)
    assert set(first) == set(secrets.NAMES)
    assert len(set(first.values())) == len(secrets.NAMES)
    assert min(map(len, first.values())) >= 50
    assert secrets.kept(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_the_environment_s_secrets_go_first_and_are_not_written_down(monkeypatch, tmp_path):
    for name in secrets.NAMES:
        monkeypatch.setenv(name, f"given {name}")
    assert secrets.kept(tmp_path)["SECRET_KEY"] == "given SECRET_KEY"
    assert list(tmp_path.iterdir()) == []


def test_a_secret_that_is_new_is_added_and_the_others_stay(monkeypatch, tmp_path):
    for name in secrets.NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "secrets.json").write_text(json.dumps({"SECRET_KEY": "old"}))
    assert secrets.kept(tmp_path)["SECRET_KEY"] == "old"
    assert json.loads((tmp_path / "secrets.json").read_text())["APP_PASSWORD"]


def test_the_socket_s_path_is_short_however_deep_the_clone_is(tmp_path):
    deep = tmp_path / ("very-long-folder-name" * 8)
    assert len(str(paths.socket_dir(deep) / ".s.PGSQL.5432")) < 60
    assert paths.socket_dir(deep) == paths.socket_dir(deep)
    assert paths.socket_dir(deep) != paths.socket_dir(tmp_path)


def test_a_private_folder_is_closed_to_others(tmp_path):
    folder = tmp_path / "sockets"
    folder.mkdir(mode=0o777)
    paths.make_private(folder, os.geteuid(), os.getegid())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_link_put_in_a_private_folder_s_place_is_refused(tmp_path):
    target = tmp_path / "target"
    target.mkdir(mode=0o755)
    (tmp_path / "sockets").symlink_to(target)
    with pytest.raises(SetupError, match="belongs to another user"):
        paths.make_private(tmp_path / "sockets", os.geteuid(), os.getegid())
    assert stat.S_IMODE(target.stat().st_mode) == 0o755


def test_a_folder_of_another_user_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(paths.os, "geteuid", lambda: 4242)
    with pytest.raises(SetupError, match="belongs to another user"):
        paths.make_private(tmp_path, 4242, 4242)


def test_a_long_log_is_set_aside(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "LONGEST_LOG", 5)
    log = tmp_path / "web.log"
    for text in (b"first\n", b"second\n"):
        with paths.open_log(log) as opened:
            opened.write(text)
    assert log.read_bytes() == b"second\n"
    assert (tmp_path / "web.log.old").read_bytes() == b"first\n"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_command_that_fails_shows_the_end_of_what_it_said():
    talk = "import sys; print('early'); print(*range(30), sep='\\n'); sys.exit('the reason')"
    with pytest.raises(SetupError) as refused:
        commands.run([sys.executable, "-c", talk], "Talking")
    text = str(refused.value)
    assert text.startswith("Talking did not work:\n")
    assert "the reason" in text
    assert "early" not in text


def test_a_command_that_works_gives_what_it_printed():
    assert commands.run([sys.executable, "-c", "print('hello')"], "Greeting") == "hello\n"


@pytest.mark.parametrize("arguments", [[], ["walk"], ["run", "fast"]])
def test_an_unknown_command_names_the_known_ones(arguments):
    with pytest.raises(SetupError, match=r"run\|test\|check"):
        commands.run([sys.executable, "-m", "launch", *arguments], "Starting")
