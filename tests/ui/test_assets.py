"""What a browser loads on its first visit: from our own address only, and little of it."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "static" / "built"
FIRST_VISIT = ("app.css", "app.js", "icon.svg", "fonts/regular.woff2", "fonts/bold.woff2")
MOST_KB = 80


@pytest.fixture(autouse=True, scope="module")
def built():
    assert (BUILT / "app.css").exists(), (
        "The styles and the script are not built. `make test` does; so does `npm run build`."
    )


def test_a_first_visit_is_small():
    sizes = {name: len(gzip.compress((BUILT / name).read_bytes(), 9)) for name in FIRST_VISIT}
    assert sum(sizes.values()) <= MOST_KB * 1000, sizes


def test_styles_load_nothing_but_our_fonts():
    css = (BUILT / "app.css").read_text()
    addresses = set(re.findall(r"url\(([^)]*)\)", css))
    assert addresses == {f'"fonts/{name}.woff2"' for name in ("regular", "bold", "regular-ext", "bold-ext")}
    assert "@import" not in css
    assert "sourceMappingURL" not in css
    assert "GDS Transport" not in css


def test_the_script_is_one_file_without_a_source_map():
    script = (BUILT / "app.js").read_text()
    assert "sourceMappingURL" not in script
    assert not re.search(r"\b(eval|Function)\(", script)
    assert not re.search(r"https?://(?!www\.w3\.org)", script)


def test_the_manifest_storage_finds_everything(tmp_path):
    """A name with a hash for every file, and no reference to a file that is not there."""
    storage = ManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = {}
    for file in sorted(path for path in BUILT.rglob("*") if path.is_file()):
        name = str(file.relative_to(BUILT))
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(file.read_bytes())
        paths[name] = (storage, name)
    results = list(storage.post_process(paths, dry_run=False))
    assert [error for _, _, error in results if isinstance(error, Exception)] == []
    styles = (tmp_path / storage.hashed_files["app.css"]).read_text()
    assert re.search(r'url\("fonts/regular\.[0-9a-f]{12}\.woff2"\)', styles)


def test_no_lock_file_says_where_it_was_downloaded():
    text = (ROOT / "package-lock.json").read_text()
    assert "resolved" not in text
    assert "://" not in "".join(
        value for package in json.loads(text)["packages"].values() for value in [package.get("resolved", "")]
    )


def test_versions_are_exact():
    package = json.loads((ROOT / "package.json").read_text())
    for version in [*package["dependencies"].values(), *package["devDependencies"].values()]:
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
