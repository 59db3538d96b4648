"""The embedded Redis, started for real."""

import os
import subprocess

import pytest

from launch import redis
from launch.paths import SetupError, socket_dir


@pytest.fixture
def server(tmp_path):
    with subprocess.Popen(redis.command(tmp_path), stdout=subprocess.DEVNULL, env=dict(os.environ)) as process:
        yield process
        process.terminate()
    redis.forget(tmp_path)


def test_it_answers_on_a_socket_that_only_its_user_can_reach(server, tmp_path):
    redis.await_ready(tmp_path)
    assert redis.url(tmp_path) == f"redis+socket://{redis.socket_path(tmp_path)}"
    assert socket_dir(tmp_path).stat().st_mode & 0o077 == 0


def test_it_writes_nothing_to_disk(server, tmp_path):
    redis.await_ready(tmp_path)
    server.terminate()
    assert server.wait(10) == 0
    assert list(tmp_path.iterdir()) == []


def test_when_it_has_ended_its_folder_goes_and_silence_is_one_sentence(server, tmp_path, monkeypatch):
    redis.await_ready(tmp_path)
    server.terminate()
    server.wait(10)
    redis.forget(tmp_path)
    assert not socket_dir(tmp_path).exists()
    monkeypatch.setattr(redis, "START_SECONDS", 0.1)
    with pytest.raises(SetupError, match=r"redis\.log"):
        redis.await_ready(tmp_path)
