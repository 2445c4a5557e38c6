"""The house: imports run one way, the engine is silent, and start-up loads nothing heavy.

Read from the source with `ast`, so that an import inside a function counts as well. Where the code
shows a better plan, the tables at the top are to change, with a page in docs/decisions/ on why.
"""

from __future__ import annotations

import ast
import configparser
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# What each room may import beside itself.
ROOMS: dict[str, set[str]] = {
    "text": set(),
    "model": {"text"},
    "language": {"model", "text"},
    "check": {"language", "model", "text"},
    "report": {"model", "text"},
    "readers": {"model", "text"},
    "copies": {"model", "text"},
    "memo": {"check", "language", "model", "text"},
    "gate": {"check", "language", "memo", "model", "text"},
    "commands": {
        "check",
        "copies",
        "gate",
        "language",
        "memo",
        "model",
        "readers",
        "report",
        "text",
    },
    "arguments": {"commands", "text"},
    "library": {
        "check",
        "commands",
        "copies",
        "gate",
        "language",
        "memo",
        "model",
        "readers",
        "report",
        "text",
    },
}

# The one module that reads files and lists folders, and the one that runs git: a commit's files
# are laid in a private folder, where the first reads them; and the one that opens the parts of an
# archive that is in memory.
READERS = {"engine/text/source.py", "engine/text/revisions.py", "engine/text/archive.py"}

# Who may import a library that not everybody may; patterns of paths.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "click": ("cli.py", "engine/arguments/*.py"),
    "openpyxl": ("engine/readers/*.py", "engine/copies/*.py", "engine/report/workbook.py"),
    "pypdf": ("engine/copies/*.py",),
    "rapidfuzz": ("engine/readers/*.py",),
    "defusedxml": ("engine/readers/*.py", "engine/copies/*.py", "engine/memo/word.py"),
    "markdown_it": ("engine/memo/inline.py", "engine/memo/markdown.py"),
    "polars": ("engine/library/tables.py",),
    "pandas": ("engine/library/tables.py",),
    "rich": ("engine/report/terminal*.py", "engine/report/notebook.py"),
    "yaml": ("engine/text/*.py",),
    "simpleeval": ("engine/language/*.py",),
    "jsonschema": ("engine/text/*.py", "engine/commands/*.py"),
}

# What a plain report to a pipe must not load: each costs more than the work itself.
HEAVY = {
    "asyncio",
    "click",
    "concurrent.futures",
    "http",
    "importlib.metadata",
    "importlib.resources",
    "jsonschema",
    "markdown_it",
    "multiprocessing",
    "openpyxl",
    "pandas",
    "polars",
    "pypdf",
    "rapidfuzz",
    "rich",
    "socket",
    "typing_extensions",
    "urllib.request",
}

# What speaks, looks around, or changes from run to run. A name that ends in a dot: all below it.
LOUD = set(
    """
    print input open eval exec breakpoint exit quit __import__
    sys.stdout sys.stderr sys.stdin sys.argv sys.exit
    os.environ os.environb os.getenv os.putenv os.getcwd os.chdir os.cpu_count os.getpid os.urandom
    os.open os.fdopen os.listdir os.scandir os.walk os.stat os.lstat os.access os.system os.popen
    os.mkdir os.makedirs os.remove os.unlink os.rename os.replace os._exit
    os.path.exists os.path.lexists os.path.isfile os.path.isdir os.path.islink os.path.getsize
    os.path.getmtime os.path.realpath os.path.abspath os.path.expanduser os.path.expandvars
    pathlib.Path.cwd pathlib.Path.home io.open codecs.open glob. shutil. tempfile. fileinput.
    importlib.resources. pickle. marshal.
    datetime.date.today datetime.datetime.now datetime.datetime.today datetime.datetime.utcnow time.
    random. secrets. uuid.uuid1 uuid.uuid4
    logging. subprocess. threading. multiprocessing. asyncio.
    socket. ssl. http. urllib.request. ftplib. smtplib.
    """.split()
)
# The same as methods of a path, whatever the object is called.
PATH_METHODS = set(
    """
    open read_text read_bytes write_text write_bytes iterdir rglob glob is_file is_dir exists stat
    mkdir touch unlink
    """.split()
)

NAMELESS = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "misc"}


@dataclass(frozen=True)
class Import:
    """One imported module, and how it is imported."""

    module: str
    name: str | None
    line: int
    at_start: bool


@dataclass(frozen=True)
class Module:
    path: str
    name: str
    tree: ast.Module

    @property
    def room(self) -> str | None:
        """The folder of `engine/` that the module stands in; None outside all of them."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "engine" and len(parts) > 2 else None


def _modules() -> dict[str, Module]:
    paths = [*ROOT.glob("*.py"), *ROOT.glob("engine/**/*.py")]
    found = {}
    for path in sorted(paths):
        relative = path.relative_to(ROOT)
        parts = ["ddcheck", *relative.with_suffix("").parts]
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        tree = ast.parse(path.read_bytes(), filename=str(relative))
        found[name] = Module(relative.as_posix(), name, tree)
    return found


MODULES = _modules()
ENGINE = [module for module in MODULES.values() if module.path.startswith("engine/")]
each_module = pytest.mark.parametrize("module", MODULES.values(), ids=lambda m: m.path)
each_engine_module = pytest.mark.parametrize("module", ENGINE, ids=lambda m: m.path)
each_silent_module = pytest.mark.parametrize(
    "module", [module for module in ENGINE if module.path not in READERS], ids=lambda m: m.path
)


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _imports(module: Module) -> Iterator[Import]:
    """Every import of `module`; `at_start` tells those that run when it is loaded."""
    package = module.name if module.path.endswith("__init__.py") else module.name.rpartition(".")[0]

    def visit(node: ast.AST, at_start: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, None, node.lineno, at_start)
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                source = ".".join([*above, *filter(None, [source])])
            for alias in node.names:
                if f"{source}.{alias.name}" in MODULES:
                    yield Import(f"{source}.{alias.name}", None, node.lineno, at_start)
                else:
                    yield Import(source, alias.name, node.lineno, at_start)
        elif isinstance(node, ast.If) and _is_type_checking(node.test):
            for child in node.body:
                yield from visit(child, at_start=False)
            for child in node.orelse:
                yield from visit(child, at_start)
        else:
            lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for child in ast.iter_child_nodes(node):
                yield from visit(child, at_start and not lazy)

    yield from visit(module.tree, at_start=True)


def _is_ours(name: str) -> bool:
    return name == "ddcheck" or name.startswith("ddcheck.")


# --- rooms


def test_every_room_is_in_the_table() -> None:
    assert {module.room for module in ENGINE} - {None} == set(ROOMS)


@each_engine_module
def test_imports_run_one_way(module: Module) -> None:
    """`engine/__init__.py` may show any room; no room may import it back."""
    allowed = set(ROOMS) if module.room is None else {module.room, *ROOMS.get(module.room, ())}
    wrong = []
    for found in _imports(module):
        if not _is_ours(found.module):
            continue
        if (found.module, found.name) == ("ddcheck", "__version__"):
            continue
        parts = found.module.split(".")
        room = parts[2] if parts[1:2] == ["engine"] and len(parts) > 2 else None
        if room not in allowed:
            wrong.append(f"{module.path}:{found.line}: imports {found.module}")
    assert wrong == []


#: Modules whose functions say how a number, a period or a text is written, or where a limit is.
SHOWING = {
    "ddcheck.engine.model.limits",
    "ddcheck.engine.model.wording",
    "ddcheck.engine.model.periods",
    "ddcheck.engine.text.diagnostics",
    "ddcheck.engine.text.translate",
}


def test_reports_take_types_and_nothing_else() -> None:
    """What a report shows was decided before: it calls no loader and no reader."""
    wrong = [
        f"{module.path}:{found.line}: imports {found.name} of {found.module}"
        for module in ENGINE
        if module.room == "report"
        for found in _imports(module)
        if re.match(r"ddcheck\.engine\.(model|text)\b", found.module)
        if found.name is None or (not found.name[0].isupper() and found.module not in SHOWING)
    ]
    assert wrong == []


def test_no_circle_of_imports() -> None:
    graph = {
        module.name: {
            found.module
            for found in _imports(module)
            if found.at_start and found.module in MODULES and found.module != module.name
        }
        for module in MODULES.values()
    }
    try:
        tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@each_module
def test_a_module_has_a_name_of_its_own(module: Module) -> None:
    assert Path(module.path).stem not in NAMELESS


# --- silence


def _meanings(module: Module) -> dict[str, str]:
    """What each imported name stands for, in full: `dt` is `datetime`, `now` is `time.time`."""
    meanings = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                meanings[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                meanings[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return meanings


def _full_name(node: ast.expr, meanings: dict[str, str]) -> str | None:
    """The dotted name that `node` stands for; None where it is no plain dotted name."""
    if isinstance(node, ast.Name):
        return meanings.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        before = _full_name(node.value, meanings)
        return before and f"{before}.{node.attr}"
    return None


def _is_loud(name: str) -> bool:
    return name in LOUD or any(f"{name}.".startswith(each) for each in LOUD if each[-1] == ".")


def _noises(module: Module) -> Iterator[str]:
    meanings = _meanings(module)
    defined = {
        node.name
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
    }
    for node in ast.walk(module.tree):
        place = f"{module.path}:{getattr(node, 'lineno', 0)}"
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if _is_loud(alias.name):
                        yield f"{place}: imports {alias.name}"
            case ast.ImportFrom(module=str(source), names=names, level=0):
                for alias in names:
                    if _is_loud(f"{source}.{alias.name}"):
                        yield f"{place}: imports {source}.{alias.name}"
            case ast.Name(id=name) if name not in defined and name in LOUD and name not in meanings:
                yield f"{place}: {name}"
            case ast.Attribute():
                full = _full_name(node, meanings)
                if full and full in LOUD:
                    yield f"{place}: {full}"
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in PATH_METHODS:
                yield f"{place}: .{attr}()"
            case ast.Global(names=names):
                yield f"{place}: global {', '.join(names)}"


@each_silent_module
def test_the_engine_is_silent(module: Module) -> None:
    """No printing, environment, clock, network, chance or globals; one module alone reads files."""
    assert list(_noises(module)) == []


def test_the_reader_stands_where_it_is_said_to_stand() -> None:
    assert {module.path for module in ENGINE} >= READERS


@pytest.mark.parametrize(
    ("source", "noise"),
    [
        ("print(1)", "print"),
        ("from time import time as now", "imports time.time"),
        ("import datetime as dt\ndt.date.today()", "datetime.date.today"),
        ("from datetime import datetime\ndatetime.now()", "datetime.datetime.now"),
        ("import os\nos.environ['HOME']", "os.environ"),
        ("import os.path\nos.path.isfile('x')", "os.path.isfile"),
        ("from os import getenv", "imports os.getenv"),
        ("def f(p):\n    return p.read_text()", ".read_text()"),
        ("def f():\n    global x\n    x = 1", "global x"),
        ("import sys\nsys.stdout.write('x')", "sys.stdout"),
    ],
)
def test_a_noise_is_heard(source: str, noise: str) -> None:
    heard = list(_noises(Module("engine/x.py", "ddcheck.engine.x", ast.parse(source))))
    assert [each.rpartition("py:")[2].partition(": ")[2] for each in heard] == [noise]


@pytest.mark.parametrize(
    "source",
    [
        "import os.path\nos.path.join('a', 'b')",
        "from datetime import date\ndate(2024, 1, 1)",
        "def render(time): return time.isoformat()",
        "def print(x): return x\nprint(1)",
    ],
)
def test_quiet_is_not_called_a_noise(source: str) -> None:
    assert list(_noises(Module("engine/x.py", "ddcheck.engine.x", ast.parse(source)))) == []


# --- libraries


@each_module
def test_libraries_stay_where_they_belong(module: Module) -> None:
    wrong = []
    for found in _imports(module):
        library = found.module.partition(".")[0]
        patterns = LIBRARIES.get(library)
        if patterns and not any(Path(module.path).match(pattern) for pattern in patterns):
            wrong.append(f"{module.path}:{found.line}: imports {library}")
    assert wrong == []


@each_module
def test_only_declared_libraries_are_imported(module: Module) -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    required = config["options"]["install_requires"].split("\n")
    declared = {re.split(r"[^\w-]", line)[0].lower() for line in required if line}
    declared = (declared - {"pyyaml", "markdown-it-py"}) | {"yaml", "markdown_it", "ddcheck"}
    extras = config["options.extras_require"]
    if module.path == "engine/library/tables.py":
        declared |= {name for name in extras if extras[name].split()[0] == name}
    imported = {found.module.partition(".")[0] for found in _imports(module)}
    assert imported - set(sys.stdlib_module_names) - declared == set()


# --- start-up


def _loaded(*arguments: str) -> tuple[set[str], subprocess.CompletedProcess[str]]:
    """The modules that `python -m ddcheck ARGUMENTS` loads, and the finished run."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "ddcheck", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    loaded = set(re.findall(r"^import time:.*\|\s*([\w.]+)$", run.stderr, re.MULTILINE))
    run.stderr = re.sub(r"^import time:.*\n", "", run.stderr, flags=re.MULTILINE)
    return loaded, run


def test_a_plain_report_loads_nothing_heavy() -> None:
    loaded, run = _loaded("companies/agora.yaml")
    assert run.returncode == 0, run.stderr
    assert "ddcheck.engine" in loaded
    assert loaded & HEAVY == set()
