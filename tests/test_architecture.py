"""The rules of ARCHITECTURE.md, and what can be told of the sources without running them."""

import ast
import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("agents", "widgets", "calling", "studio")
LONGEST = 500

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted((ROOT / "static").rglob("*.js"))
LOADER = ROOT / "static" / "widget" / "loader" / "loader.js"
FLOOR = ROOT / "tests" / "js" / "floor.cjs"
node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")


def code_files():
    for folder in (*ROOMS, "tests", "bench", "static", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".js", ".css", ".html"} and not {"migrations", "node_modules"} & set(path.parts):
                yield path


def named(path):
    return str(path.relative_to(ROOT))


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_imports_go_downward_and_the_engine_knows_no_django():
    done = run(sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")

    assert done.returncode == 0, done.stdout + done.stderr


def test_style_is_kept():
    done = run(sys.executable, "-m", "ruff", "check", "--quiet", ".")

    assert done.returncode == 0, done.stdout


def test_no_file_is_too_long():
    long = [named(path) for path in code_files() if path.read_text(encoding="utf-8").count("\n") > LONGEST]
    assert long == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_says_what_it_is_for(room):
    silent = [
        named(path)
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts and path.read_text().strip() and path.name != "__init__.py"
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert silent == []


def test_every_folder_of_tests_is_a_package():
    assert [
        named(path) for path in (ROOT / "tests").rglob("test_*.py") if not (path.parent / "__init__.py").exists()
    ] == []


def test_no_task_is_started_and_forgotten():
    """A task nobody holds may vanish in mid-air, and its exception with it."""
    naked = []
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(found, ast.Expr) and isinstance(found.value, ast.Call):
                    function = found.value.func
                    owner = ast.unparse(function.value) if isinstance(function, ast.Attribute) else ""
                    if getattr(function, "attr", "") in ("create_task", "ensure_future") and "group" not in owner:
                        naked.append(f"{named(path)}:{found.lineno}")

    assert naked == []


def test_templates_hold_no_script_and_no_style():
    assert TEMPLATES
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for attributes in re.findall(r"<script\b([^>]*)>", text):
            assert "src=" in attributes or 'type="application/json"' in attributes, f"{path}: inline script"
        assert not re.search(r"<style\b|\sstyle=", text), f"{path}: inline style"
        assert not re.search(r"\son[a-z]+=", text), f"{path}: inline handler"
        assert "javascript:" not in text, path


def test_nothing_is_fetched_from_third_parties():
    for path in [*TEMPLATES, *MODULES]:
        for address in re.findall(r"(?:src|href)=[\"'](https?://[^\"']+)", path.read_text(encoding="utf-8")):
            assert address.startswith(("https://example.com", "http://localhost")), f"{path}: {address}"


@pytest.mark.long
def test_static_files_are_collected_with_hashed_modules(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "studio.running.static.HashedModules"}}

    call_command("collectstatic", interactive=False, verbosity=0)

    paths = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    frame = list((ROOT / "static" / "widget" / "frame").glob("*.js"))
    assert frame
    for path in frame:
        hashed = tmp_path / paths[f"widget/frame/{path.name}"]
        for imported in re.findall(r"""(?:from|import)\s*["'](\./[^"']+)["']""", hashed.read_text()):
            assert re.search(r"\.[0-9a-f]{12}\.js$", imported), f"{path.name} imports {imported} without a hash"
            assert (hashed.parent / imported).exists()


@node
def test_scripts_are_well_formed():
    modules = [path for path in MODULES if re.search(r"import |export ", path.read_text(encoding="utf-8"))]
    for version, paths in (("latest", modules), ("latest script", sorted({*MODULES} - {*modules}))):
        done = run("node", "--expose-internals", FLOOR, version, *paths)
        assert done.returncode == 0, done.stderr


def test_every_part_is_in_a_loader_and_in_none_twice():
    lists = [LOADER, LOADER.with_name("chat.js")]
    named = [re.findall(r"// part: (\S+)", one.read_text(encoding="utf-8")) for one in lists]
    assert all(len(parts) == len(set(parts)) for parts in named)
    assert {*named[0], *named[1], *(one.name for one in lists)} == {path.name for path in LOADER.parent.iterdir()}


@node
@pytest.mark.parametrize(
    ("version", "paths"),
    [
        ("5 script", sorted(LOADER.parent.glob("*.js"))),
        *(("2018", sorted((ROOT / "static" / "widget" / room).glob("*.js"))) for room in ("frame", "chat")),
    ],
    ids=["loader in ES5", "frame in ES2018", "chat in ES2018"],
)
def test_what_visitors_get_is_written_for_old_browsers(version, paths):
    done = run("node", "--expose-internals", FLOOR, version, *paths)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_host(name):
    text = (ROOT / name).read_text()
    pinned = re.findall(r"^([a-zA-Z0-9_.\[\]-]+)==", text, re.MULTILINE)

    assert len(pinned) > 20
    assert text.count("--hash=sha256:") >= len(pinned)
    assert not re.search(r"https?://|--(?:extra-)?index-url|--find-links", text)


@pytest.mark.long
def test_every_package_that_is_imported_is_wanted():
    """Not only brought along by another package, which may stop doing so."""
    providers = packages_distributions()
    wanted = set(re.findall(r"^([a-z0-9-]+)", (ROOT / "requirements.in").read_text(), re.MULTILINE))
    # What comes with a package that is wanted for it: PyAV and its crypto with aiortc, the broker with celery,
    # Redis's own client with channels-redis.
    wanted |= {"aioice", "av", "cryptography", "kombu", "asgiref", "twisted", "redis"}
    strangers = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in found.names] if isinstance(found, ast.Import) else []
                if isinstance(found, ast.ImportFrom) and not found.level:
                    names = [found.module or ""]
                for name in {name.split(".")[0] for name in names} - {*ROOMS, *sys.stdlib_module_names}:
                    if not wanted & {one.lower().replace("_", "-") for one in providers.get(name, [name])}:
                        strangers.add(f"{named(path)}: {name}")

    assert strangers == set()


def test_what_is_wanted_is_locked():
    """`make lock` was run after the last change of a .in file."""
    for name in ("requirements", "requirements-dev"):
        wanted = re.findall(r"^([a-zA-Z0-9][a-zA-Z0-9_-]*)", (ROOT / f"{name}.in").read_text(), re.MULTILINE)
        locked = set(re.findall(r"^([a-zA-Z0-9_.-]+)==", (ROOT / f"{name}.txt").read_text(), re.MULTILINE))
        assert [one for one in wanted if one.lower().replace("_", "-") not in locked] == []


def test_no_tag_of_a_template_goes_over_the_end_of_its_line():
    """It would be no tag: visitors would read it."""
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        cut = [tag for tag in re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, re.DOTALL) if "\n" in tag]
        assert cut == [], path
