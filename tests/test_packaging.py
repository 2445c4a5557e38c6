"""What ships, from the checkout and from the sdist: one package with all its data, nothing else.

Built by calling setuptools itself, in a copy: no network, and nothing left in the checkout.
"""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import Parser
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]

# Every other module in the root would ship as a part of `ddcheck`.
ROOT_MODULES = {"__init__.py", "__main__.py", "cli.py", "watching.py"}


def _config() -> configparser.ConfigParser:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def _lines(value: str) -> list[str]:
    return [line.strip() for line in value.splitlines() if line.strip() and line[0] != "#"]


def _should_ship() -> set[str]:
    """Every path that the package must hold, from the folders and not from setup.cfg."""
    patterns = (
        "engine/**/*.py",
        "rules/**/*.yaml",
        "schemas/*.json",
        "engine/commands/starter/**/*",
    )
    paths = (path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())
    found = {path.relative_to(ROOT) for path in paths}
    return {f"ddcheck/{path.as_posix()}" for path in found} | {
        f"ddcheck/{name}" for name in (*ROOT_MODULES, "py.typed")
    }


def _build(kind: str, source: Path, target: Path) -> Path:
    target.mkdir(exist_ok=True)
    call = f"import sys, setuptools.build_meta as b; print(b.build_{kind}(sys.argv[1]))"
    run = subprocess.run(
        [sys.executable, "-c", call, str(target)],
        cwd=source,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return target / run.stdout.splitlines()[-1]


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source tree, in a folder that is not called `ddcheck`."""
    copy = tmp_path_factory.mktemp("source") / "checkout"
    strays = (".*", "build", "dist", "venv", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*strays))
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build("wheel", checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build("sdist", checkout, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel laid out as an installation would lay it out."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def _run_installed(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python ARGUMENTS` in an empty folder, where `ddcheck` is the unpacked wheel."""
    empty = installed.parent / "empty"
    empty.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


# --- the tree


def test_no_stray_module_in_the_root() -> None:
    assert {path.name for path in ROOT.glob("*.py")} == ROOT_MODULES


def test_every_package_is_listed() -> None:
    folders = {path.parent.relative_to(ROOT) for path in ROOT.glob("engine/**/*.py")}
    expected = {"ddcheck"} | {".".join(("ddcheck", *folder.parts)) for folder in folders}
    assert set(_lines(_config()["options"]["packages"])) == expected


def test_every_package_has_an_init() -> None:
    folders = {path.parent for path in ROOT.glob("engine/**/*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_nothing_in_the_data_folders_stays_behind() -> None:
    """A `.yml` or a schema in a subfolder would silently not be packed; pages for readers may."""
    files = {path for name in ("rules", "schemas") for path in (ROOT / name).rglob("*")}
    paths = {f"ddcheck/{path.relative_to(ROOT).as_posix()}" for path in files if path.is_file()}
    assert {path for path in paths - _should_ship() if not path.endswith(".md")} == set()


# --- the wheel and the sdist


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = _names(wheel)
    assert {name for name in names if ".dist-info/" not in name} == _should_ship()
    assert any(name.startswith("ddcheck/rules/") for name in names)
    assert any(name.startswith("ddcheck/schemas/") for name in names)


def test_the_sdist_builds_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    assert _names(_build("wheel", source, tmp_path / "wheel")) == _names(wheel)


def test_the_sdist_holds_what_a_packager_needs(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names >= {"setup.cfg", "pyproject.toml", "README.md", "LICENSE", "PKG-INFO"}
    assert not {name for name in names if name.startswith(("companies/", ".", "docs/"))}


def _metadata(installed: Path) -> Message:
    (file,) = installed.glob("*.dist-info/METADATA")
    return Parser().parsestr(file.read_text(encoding="utf-8"))


def test_metadata(installed: Path) -> None:
    metadata = _metadata(installed)
    assert metadata["Name"] == "ddcheck-cli"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Description-Content-Type"] == "text/markdown"
    required = [each for each in metadata.get_all("Requires-Dist", []) if "extra ==" not in each]
    assert {Requirement(each).name.lower() for each in required} == {
        "click",
        "markdown-it-py",
        "defusedxml",
        "jsonschema",
        "openpyxl",
        "pypdf",
        "pyyaml",
        "rapidfuzz",
        "rich",
        "simpleeval",
    }
    (licence,) = installed.glob("*.dist-info/licenses/LICENSE")
    assert licence.read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_command_is_declared(installed: Path) -> None:
    (file,) = installed.glob("*.dist-info/entry_points.txt")
    entry_points = configparser.ConfigParser()
    entry_points.read(file, encoding="utf-8")
    assert dict(entry_points["console_scripts"]) == {"ddcheck": "ddcheck.__main__:main"}


def test_the_installed_package_is_the_one_that_runs(installed: Path) -> None:
    run = _run_installed(installed, "-c", "import ddcheck; print(ddcheck.__file__)")
    assert run.stdout.strip() == str(installed / "ddcheck" / "__init__.py"), run.stderr


def test_the_installed_command_tells_its_version(installed: Path) -> None:
    run = _run_installed(installed, "-m", "ddcheck", "--version")
    assert run.returncode == 0, run.stderr
    assert _metadata(installed)["Version"] in run.stdout


@pytest.mark.parametrize("command", ["rules", "schema"])
def test_the_installed_command_finds_its_data(installed: Path, command: str) -> None:
    run = _run_installed(installed, "-m", "ddcheck", command)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()


# --- what is said about it


def test_the_lock_pins_all_that_is_required() -> None:
    config = _config()
    required = [
        *_lines(config["options"]["install_requires"]),
        *_lines(config["options.extras_require"]["dev"]),
    ]
    lock = (ROOT / "requirements" / "tested.txt").read_text(encoding="utf-8")
    pins = dict(line.split("==") for line in _lines(lock))
    locked = {canonicalize_name(name): version for name, version in pins.items()}
    unmet = [
        each
        for each in map(Requirement, required)
        if not each.specifier.contains(locked.get(canonicalize_name(each.name), "0"))
    ]
    assert unmet == []


def test_the_command_table_of_the_readme_is_true() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\| `ddcheck ([a-z]+)", readme, re.MULTILINE)
    assert commands
    assert find_spec("ddcheck"), "not installed: make dev"
    for command in commands:
        run = subprocess.run(
            [sys.executable, "-m", "ddcheck", command, "--help"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert run.returncode == 0, f"ddcheck {command}: {run.stderr}"
