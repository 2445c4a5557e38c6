"""The process: exit codes, streams, files, terminals, encodings, and whatever a user may type."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest

from ddcheck import __version__
from ddcheck.__main__ import COMMANDS, main
from ddcheck.cli import HOMES, app
from ddcheck.engine.commands.loading import load_plan
from ddcheck.engine.model.packs import Reading
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import read_document

ROOT = Path(__file__).parents[1]
TODAY = ("--today", "2026-11-21")
AGORA = ("companies/agora.yaml", *TODAY)
ESCAPE = "\x1b"

SMALL = """\
ddcheck: company/1
company: {id: small, name: {en: "Small, Inc.", zh: 小公司}, currency: USD, tags: [saas]}
sources: {s: {title: Annual report, tier: audited, published: 2026-03-01}}
facts:
  revenue: {FY2024: {value: 20 USD million, source: s}, FY2025: {value: 30 USD million, source: s}}
  net_income:
    FY2024: {value: -4 USD million, source: s}
    FY2025: {value: -3 USD million, source: s}
"""


@cache
def shipped_plan() -> Plan:
    report = Report()
    plan = load_plan((), report)
    assert report.items == []
    return plan


def plan_of(packs: tuple[str, ...], report: Report, document: Reading = read_document) -> Plan:
    return load_plan(packs, report, document) if packs else shipped_plan()


class Ran(NamedTuple):
    code: int
    stdout: str
    stderr: str


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Ran]:
    """`run(*arguments, folder=…)`: ddcheck in this process, started in `folder`.

    The shipped packs are compiled once for all runs; a plan is never changed.
    """
    monkeypatch.setattr("ddcheck.engine.commands.loading.load_plan", plan_of)

    def command(*arguments: str, folder: Path = ROOT) -> Ran:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["ddcheck", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        printed = capsysbinary.readouterr()
        assert isinstance(stop.value.code, int)
        return Ran(stop.value.code, printed.out.decode(), printed.err.decode())

    return command


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def started(
    *arguments: str, environment: dict[str, str] | None = None, folder: Path = ROOT
) -> subprocess.CompletedProcess[bytes]:
    """ddcheck in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ddcheck", *arguments],
        cwd=folder, capture_output=True, check=False, timeout=60,
        env={**os.environ, **(environment or {})},
    )  # fmt: skip


# --------------------------------------------------------------------------------------- exit codes


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (AGORA, 0),
        (("check", *AGORA, "--fail-on", "critical"), 0),
        (("check", *AGORA, "--fail-on", "high"), 1),
        (("check", *AGORA, "--fail-on", "medium,unknown"), 1),
        (("check", *AGORA, "--fail-on", "critical,unknown"), 1),
        (("check", *AGORA, "--fail-on", "unknown"), 1),
        (("check", "companies/agroa.yaml"), 2),
        (("check", "agroa"), 2),
        (("check",), 2),
        (("check", *AGORA, "--fail-on", "urgent"), 2),
        (("check", *AGORA, "--nonsense"), 2),
        (("check", *AGORA, "--today", "tomorrow"), 2),
        (("explain", "agora", "nothing"), 2),
        (("facts", "agora", "nothing"), 2),
        (("rules", "nothing"), 2),
        (("schema", "nothing"), 2),
        (("test", "companies/agora.yaml"), 2),
        (("--help",), 0),
        (("-h",), 0),
        (("--version",), 0),
        ((), 0),
    ],
)
def test_exit_codes(run: Callable[..., Ran], arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments).code == code


def test_the_highest_code_wins_and_a_gate_is_not_hidden_by_what_could_not_be_read(
    run: Callable[..., Ran], small: Path
) -> None:
    found = run("check", *AGORA, str(small.parent / "gone.yaml"), "--fail-on", "high")
    assert found.code == 2
    assert found.stdout.startswith("Agora, Inc.")
    assert found.stderr.splitlines()[0].endswith(
        "gone.yaml:1:1: DD001 error: cannot read this file: no such file or directory"
    )


@pytest.mark.parametrize("arguments", [("small.yaml",), ("check", "small.yaml", *TODAY)])
def test_a_bug_is_3_and_says_how_to_see_it(
    run: Callable[..., Ran],
    small: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("first line\nsecond line")

    monkeypatch.setattr("ddcheck.engine.commands.check.run_check", broken)
    assert run(*arguments, folder=small.parent) == Ran(
        3, "", "ddcheck: DD901 error: a bug in ddcheck (ZeroDivisionError: first line); "
        "set DDCHECK_TRACEBACK=1 to see where, and report it\n",
    )  # fmt: skip


def test_a_bug_is_raised_where_its_traceback_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, small: Path
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ddcheck.engine.commands.check.run_check", broken)
    monkeypatch.setattr(sys, "argv", ["ddcheck", str(small)])
    monkeypatch.setenv("DDCHECK_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main()


def test_ctrl_c_is_130(
    run: Callable[..., Ran], small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ddcheck.engine.commands.check.run_check", stopped)
    assert run(str(small)) == Ran(130, "", "")


# ------------------------------------------------------------------------------------ what is meant


def test_check_is_the_default_command(run: Callable[..., Ran]) -> None:
    named = run("check", *AGORA)
    assert run(*AGORA) == named
    assert run(*TODAY, "companies/agora.yaml") == named
    assert run("--no-color", *AGORA) == named


def test_the_short_way_prints_what_the_long_way_does(run: Callable[..., Ran], small: Path) -> None:
    short = run("small.yaml", folder=small.parent)
    assert short == run("check", "small.yaml", folder=small.parent)
    assert short.code == 0


def test_a_company_may_be_named_by_its_id(run: Callable[..., Ran]) -> None:
    for command in (("check",), ("explain",), ("facts",)):
        rest = {"check": TODAY, "explain": ("net_margin", *TODAY), "facts": ("revenue",)}[
            command[0]
        ]
        by_path = run(*command, "companies/agora.yaml", *rest)
        assert run(*command, "agora", *rest) == by_path
        assert by_path.code == 0
    assert run("agora") == run("companies/agora.yaml")


def test_a_folder_means_the_files_in_it_each_once_and_in_order(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    for name in ("b", "a", "below/c", ".hidden/d"):
        path = tmp_path / "firms" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SMALL.replace("id: small", f"id: {path.stem}"), encoding="utf-8")
    (tmp_path / "firms/note.txt").write_text("no company", encoding="utf-8")
    found = run("check", "firms", "firms/a.yaml", *TODAY, "--output", "json", folder=tmp_path)
    reports = json.loads(found.stdout)["reports"]
    assert [item["company"]["file"] for item in reports] == [
        "firms/a.yaml", "firms/b.yaml", "firms/below/c.yaml",
    ]  # fmt: skip


def test_every_command_is_told_from_a_path() -> None:
    assert set(COMMANDS) == set(HOMES)
    context = click.Context(app)
    found = {name: app.get_command(context, name) for name in COMMANDS}
    assert {name: command.name for name, command in found.items() if command is not None} == {
        name: name for name in COMMANDS
    }
    assert app.get_command(context, "tset") is None


def test_help_names_every_command_and_the_version_is_the_package_s(run: Callable[..., Ran]) -> None:
    text = run("--help")
    assert [name for name in COMMANDS if f"\n  {name} " not in text.stdout] == []
    assert run() == text
    assert run("--version").stdout == f"ddcheck, version {__version__}\n"


@pytest.mark.parametrize("kind", ["company", "report", "rules"])
def test_schema_prints_the_file_that_ships(run: Callable[..., Ran], kind: str) -> None:
    text = (ROOT / f"schemas/{kind}.schema.json").read_text(encoding="utf-8")
    assert run("schema", kind) == Ran(0, text, "")


# -------------------------------------------------------------------------------- outputs and files


def test_several_outputs_in_one_run(run: Callable[..., Ran], small: Path) -> None:
    folder = small.parent
    text = run("check", "small.yaml", *TODAY, folder=folder).stdout
    document = run("check", "small.yaml", *TODAY, "--output", "json", folder=folder).stdout
    found = run(
        "check", "small.yaml", *TODAY, "--output", "text", "--output", "json:report.json",
        "--output", "text:report.txt", folder=folder,
    )  # fmt: skip
    assert found == Ran(0, text, "")
    assert (folder / "report.json").read_bytes().decode() == document
    assert (folder / "report.txt").read_bytes().decode() == text
    assert sorted(path.name for path in folder.iterdir()) == [
        "report.json", "report.txt", "small.yaml",
    ]  # fmt: skip


def test_an_output_that_goes_to_a_file_is_not_printed(run: Callable[..., Ran], small: Path) -> None:
    arguments = ("check", "small.yaml", *TODAY, "--output", "json:report.json")
    assert run(*arguments, folder=small.parent) == Ran(0, "", "")


@pytest.mark.parametrize("command", ["check", "facts"])
def test_a_file_that_cannot_be_written_is_2_and_the_others_are_written(
    run: Callable[..., Ran], small: Path, command: str
) -> None:
    folder = small.parent
    more = TODAY if command == "check" else ()
    found = run(command, "small.yaml", *more, "--output", "json:gone/report.json", folder=folder)
    assert found == Ran(
        2, "",
        "gone/report.json:1:1: DD001 error: cannot write this file: no such file or directory\n",
    )  # fmt: skip
    assert [path.name for path in folder.iterdir()] == ["small.yaml"]


def test_a_target_that_cannot_be_replaced_stays_whole(run: Callable[..., Ran], small: Path) -> None:
    folder = small.parent
    (folder / "target").mkdir()
    (folder / "target/kept.txt").write_text("kept", encoding="utf-8")
    found = run("check", "small.yaml", *TODAY, "--output", "json:target", folder=folder)
    assert (found.code, found.stdout) == (2, "")
    assert (folder / "target/kept.txt").read_text(encoding="utf-8") == "kept"
    assert sorted(path.name for path in folder.iterdir()) == ["small.yaml", "target"]


def test_a_failed_write_leaves_the_old_file_as_it_was(
    run: Callable[..., Ran], small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small.parent
    (folder / "report.json").write_text("the old report", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ddcheck.__main__.os.replace", full)
    found = run("check", "small.yaml", *TODAY, "--output", "json:report.json", folder=folder)
    assert found.stderr == (
        "report.json:1:1: DD001 error: cannot write this file: no space left on device\n"
    )
    assert (folder / "report.json").read_text(encoding="utf-8") == "the old report"
    assert sorted(path.name for path in folder.iterdir()) == ["report.json", "small.yaml"]


# ---------------------------------------------------------------------------------------- encodings


@cache
def in_utf_8(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return started(*arguments, environment={"PYTHONIOENCODING": "utf-8"})


@pytest.mark.parametrize("encoding", ["ascii:strict", "cp936", "cp1252"])
@pytest.mark.parametrize("more", [(), ("--all",)])
def test_a_stream_without_utf_8_gets_the_whole_report_in_plainer_characters(
    encoding: str, more: tuple[str, ...]
) -> None:
    environment = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    whole = in_utf_8("check", *AGORA, *more).stdout.decode()
    found = started("check", *AGORA, *more, environment=environment)
    assert (found.returncode, found.stderr) == (0, b"")
    text = found.stdout.decode(encoding.partition(":")[0])

    def words(lines: str) -> list[list[str]]:
        return [re.findall(r"[A-Za-z0-9.,%-]+(?<![.-])", line) for line in lines.splitlines()]

    plain = str.maketrans("▁▂▃▄▅▆▇█…—–", " " * 11)
    bars = re.compile(r"(?<= )[_.=#-]{1,6}(?= |$)|\.\.\.", re.MULTILINE)
    assert words(bars.sub(" ", text)) == words(bars.sub(" ", whole.translate(plain)))


@pytest.mark.parametrize("encoding", ["ascii", "cp936"])
def test_json_is_utf_8_whatever_the_stream_is(encoding: str) -> None:
    found = started("check", *AGORA, "--output", "json", environment={"PYTHONIOENCODING": encoding})
    name = json.loads(found.stdout.decode())["reports"][0]["company"]["name"]
    assert (found.returncode, name) == (0, {"en": "Agora, Inc.", "zh": "声网"})


@pytest.mark.parametrize("encoding", ["ascii", "cp936"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "agora", "customer-above-10-percent", *TODAY),
        ("facts", "agora"),
        ("facts", "agora", "--output", "csv"),
        ("rules",),
        ("rules", "top1_customer_share"),
        ("lint", "tests/golden/lint-broken/companies"),
        ("check", "声网"),
    ],
)
def test_no_command_needs_utf_8(encoding: str, arguments: tuple[str, ...]) -> None:
    whole = in_utf_8(*arguments)
    found = started(*arguments, environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert found.returncode == whole.returncode
    for ours, theirs in ((found.stdout, whole.stdout), (found.stderr, whole.stderr)):
        assert ours.decode(encoding).count("\n") == theirs.decode().count("\n")


# ---------------------------------------------------------------------------------------- terminals


def on_terminal(
    *arguments: str, columns: int = 120, environment: dict[str, str] | None = None
) -> str:
    """What ddcheck writes on a terminal of `columns` columns."""
    fcntl = pytest.importorskip("fcntl")
    pty = pytest.importorskip("pty")
    struct = pytest.importorskip("struct")
    termios = pytest.importorskip("termios")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "ddcheck", *arguments],
        cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm-256color", **(environment or {})},
    ) as process:  # fmt: skip
        os.close(theirs)
        found = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            if not part:
                break
            found += part
        os.close(ours)
        assert process.stderr is not None
        errors = process.stderr.read()
    assert (process.returncode, errors) == (0, b"")
    return found.decode().replace("\r\n", "\n")


STYLE = re.compile(r"\x1b\[[0-9;]*m")


def test_a_terminal_gets_colors_and_the_same_words(run: Callable[..., Ran]) -> None:
    found = on_terminal("check", *AGORA)
    assert STYLE.sub("", found) == run("check", *AGORA).stdout
    assert "\x1b[1;31m high" in found
    assert ESCAPE not in STYLE.sub("", found)


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ((), {"NO_COLOR": "1"}),
        ((), {"TERM": "dumb"}),
        (("--no-color",), {}),
    ],
)
def test_colors_can_be_refused(
    run: Callable[..., Ran], arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    found = on_terminal("check", *AGORA, *arguments, environment=environment)
    assert found == run("check", *AGORA).stdout


def test_a_pipe_gets_no_colors(run: Callable[..., Ran]) -> None:
    assert ESCAPE not in run("check", *AGORA, "--all").stdout


def test_a_reader_who_has_had_enough_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ddcheck", "check", *AGORA, "--output", "json"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1) == b"{"
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (0, b"")


# ------------------------------------------------------------------------------- control characters


def test_control_characters_in_a_company_reach_no_stream(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    evil = r"Evil\e[31m\a\b\r\u202e\u200b\x9b name"
    text = (
        SMALL.replace("Small, Inc.", evil)
        .replace("小公司", "x")
        .replace("title: Annual report", f'title: "{evil}"')
    )
    text = text.replace(
        "value: 20 USD million,", f'value: 20 USD million, text: "{evil}", at: "{evil}",'
    )
    path = tmp_path / "evil.yaml"
    path.write_text(text, encoding="utf-8")
    commands: list[tuple[str, ...]] = [
        ("check", "evil.yaml", *TODAY, "--all"),
        ("explain", "evil.yaml", "revenue_growth", *TODAY),
        ("facts", "evil.yaml"),
        ("lint", "evil.yaml"),
    ]
    for command in commands:
        found = run(*command, folder=tmp_path)
        assert (command[0], steering(found.stdout + found.stderr)) == (command[0], set())
        assert "Evil\ufffd[31m" in found.stdout or command[0] in ("facts", "lint")


def steering(text: str) -> set[str]:
    return {char for char in text if not char.isprintable() and char != "\n"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "evil\x1b[31m"),
        ("check", "evil\x1b[31m.yaml"),
        ("check", "evil\u202e.yaml"),
        ("check", *AGORA, "--pack", "\x1b[31m"),
        ("check", *AGORA, "--output", "\x1b[31m"),
        ("check", *AGORA, "--fail-on", "\x1b[31m"),
        ("check", *AGORA, "--period", "\x1b[31m"),
        ("check", *AGORA, "--as-of", "\x1b[31m"),
        ("check", *AGORA, "--today", "\x1b[31m"),
        ("check", *AGORA, "--\x1b[31m"),
        ("explain", "agora", "\x1b[31m"),
        ("facts", "agora", "\x1b[31m"),
        ("rules", "\x1b[31m"),
        ("schema", "\x1b[31m"),
        ("lint", "\x1b[31m"),
        ("test", "\x1b[31m"),
    ],
)
def test_control_characters_in_an_argument_reach_no_stream(
    run: Callable[..., Ran], arguments: tuple[str, ...]
) -> None:
    found = run(*arguments)
    assert (found.code, steering(found.stdout + found.stderr)) == (2, set())
    assert found.stderr + found.stdout


# ---------------------------------------------------------------------------------------- bad input

HEAD = """\
ddcheck: company/1
company: {id: x, name: X, currency: USD}
sources: {s: {title: T, tier: audited, published: 2026-03-01}}
"""

BAD_FILES = {
    "empty": "",
    "blank": " \n\n",
    "only a comment": "# nothing\n",
    "a scalar": "company\n",
    "a list": "- ddcheck: company/1\n",
    "null": "~\n",
    "no kind": "company: {id: x}\n",
    "unknown kind": "ddcheck: firm/1\n",
    "unknown version": "ddcheck: company/2\n",
    "kind is a list": "ddcheck: [company/1]\n",
    "another kind": "ddcheck: pack/1\nid: x\n",
    "syntax": "ddcheck: company/1\ncompany: {id: x\n",
    "tab": "ddcheck: company/1\n\tcompany: x\n",
    "two documents": "ddcheck: company/1\n---\nddcheck: company/1\n",
    "duplicate key": HEAD + "facts: {}\nfacts: {}\n",
    "tag": HEAD + "facts: !!python/object/apply:os.system [id]\n",
    "alias bomb": HEAD
    + "facts:\n  a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"  {b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "recursive alias": HEAD + "facts: &a\n  revenue: *a\n",
    "merge": HEAD + "facts:\n  <<: {revenue: 1}\n",
    "deep": HEAD + "facts: " + "[" * 500 + "]" * 500 + "\n",
    "very deep": HEAD + "facts: " + "{a: " * 5000 + "1" + "}" * 5000 + "\n",
    "no company": "ddcheck: company/1\nsources: {}\n",
    "company is a list": "ddcheck: company/1\ncompany: [x]\n",
    "no currency": "ddcheck: company/1\ncompany: {id: x, name: X}\nsources: {}\n",
    "unknown currency": HEAD.replace("USD", "XXX"),
    "year end": HEAD.replace("currency: USD", "currency: USD, fiscal_year_end: 02-30"),
    "year end 2": HEAD.replace("currency: USD", 'currency: USD, fiscal_year_end: "13-01"'),
    "tags": HEAD.replace("currency: USD", "currency: USD, tags: {a: b}"),
    "unknown tier": HEAD.replace("audited", "rumor"),
    "bad day": HEAD.replace("2026-03-01", "2026-02-30"),
    "day zero": HEAD.replace("2026-03-01", "0000-00-00"),
    "source is text": HEAD.replace("{title: T, tier: audited, published: 2026-03-01}", "T"),
    "sources is a list": re.sub("{s: .*", "[s]", HEAD),
    "facts is a list": HEAD + "facts: [revenue]\n",
    "facts is text": HEAD + "facts: revenue\n",
    "unknown concept": HEAD + "facts: {revenu: {FY2025: {value: 1 USD, source: s}}}\n",
    "bad period": HEAD + "facts: {revenue: {FY20225: {value: 1 USD, source: s}}}\n",
    "far period": HEAD + "facts: {revenue: {FY9999: {value: 1 USD, source: s}}}\n",
    "period backwards": HEAD + "facts: {revenue: {FY2025..FY2020: {value: 1 USD, source: s}}}\n",
    "bad quantity": HEAD + "facts: {revenue: {FY2025: {value: lots, source: s}}}\n",
    "endless quantity": HEAD + "facts: {revenue: {FY2025: {value: 1e999 USD, source: s}}}\n",
    "not a number": HEAD + "facts: {revenue: {FY2025: {value: .nan, source: s}}}\n",
    "infinite": HEAD + "facts: {revenue: {FY2025: {value: .inf, source: s}}}\n",
    "many digits": HEAD
    + f"facts: {{revenue: {{FY2025: {{value: {'9' * 5000} USD, source: s}}}}}}\n",
    "range backwards": HEAD + "facts: {revenue: {FY2025: {value: 9..1 USD, source: s}}}\n",
    "unknown source": HEAD + "facts: {revenue: {FY2025: {value: 1 USD, source: t}}}\n",
    "no source": HEAD + "facts: {revenue: {FY2025: {value: 1 USD}}}\n",
    "wrong unit": HEAD + "facts: {revenue: {FY2025: {value: 3 months, source: s}}}\n",
    "greater than": HEAD + "facts: {gross_margin: {FY2025: {value: >99%, source: s}}}\n",
    "bare percent": HEAD + "tables:\n  - {source: s, unit: %, periods: [FY2025], facts: {}}\n",
    "row too long": HEAD
    + "tables:\n  - {source: s, unit: USD, periods: [FY2025], facts: {revenue: [1, 2]}}\n",
    "row is text": HEAD
    + "tables:\n  - {source: s, unit: USD, periods: [FY2025], facts: {revenue: 1}}\n",
    "periods is text": HEAD
    + "tables:\n  - {source: s, unit: USD, periods: FY2025, facts: {revenue: [1]}}\n",
    "decimals": HEAD + "facts: {revenue: {FY2025: {value: 1 USD, source: s, decimals: many}}}\n",
    "breakdown": HEAD
    + "breakdowns: [{concept: revenue, by: star_sign, period: FY2025, source: s}]\n",
    "breakdown part": HEAD
    + "breakdowns: [{concept: revenue, by: region, period: FY2025, source: s, parts: {mars: x}}]\n",
    "event": HEAD + "events: [{said: wonderful, about: revenue, over: FY2025, source: s}]\n",
    "event day": HEAD + "events: [{date: someday, what: x, source: s}]\n",
    "scope": HEAD + "facts: {ndr: {FY2025: {value: 1%, source: s, scope: {region: mars, x: y}}}}\n",
}
BAD_BYTES = {
    "binary": bytes(range(256)),
    "utf-16": HEAD.encode("utf-16"),
    "gbk": HEAD.replace("name: X", "name: 声网").encode("gbk"),
    "null": b"ddcheck: company/1\x00\n",
    "half a character": HEAD.encode() + "声".encode()[:2],
    "bom inside": HEAD.encode() + "\ufeff".encode(),
    "escape": HEAD.encode() + b"# \x1b[31m\n",
}
BAD = {
    **{name: text.encode() for name, text in BAD_FILES.items()},
    **{f"bytes: {name}": data for name, data in BAD_BYTES.items()},
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_a_diagnostic_with_a_place_and_never_a_traceback(
    run: Callable[..., Ran], tmp_path: Path, name: str
) -> None:
    (tmp_path / "bad.yaml").write_bytes(BAD[name])
    found = run("check", "bad.yaml", folder=tmp_path)
    said = found.stdout + found.stderr
    assert found.code == 2, said
    assert re.search(r"^bad\.yaml:\d+:\d+: DD\d{3} error: \S", found.stderr, re.MULTILINE), said
    assert "Traceback" not in said
    assert "DD901" not in said


def test_a_path_that_cannot_be_read_is_a_diagnostic(
    run: Callable[..., Ran], small: Path, tmp_path: Path
) -> None:
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    found = {
        name: run("check", name, folder=tmp_path)
        for name in ("loop.yaml", "gone.yaml", "small.yaml/inside.yaml", "a\x00b.yaml", "x" * 300)
    }
    assert {name: (item.code, item.stdout) for name, item in found.items()} == dict.fromkeys(
        found, (2, "")
    )
    assert {item.stderr.count("\n") for item in found.values()} <= {1, 2}


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root reads everything")
def test_a_file_without_permission_is_a_diagnostic(run: Callable[..., Ran], small: Path) -> None:
    small.chmod(0)
    assert run("check", "small.yaml", folder=small.parent) == Ran(
        2, "", "small.yaml:1:1: DD001 error: cannot read this file: permission denied\n"
    )


BAD_ARGUMENTS: list[Any] = [
    ("",),
    (" ",),
    ("check", ""),
    ("check", "."),
    ("check", "docs"),
    ("check", "rules/core/pack.yaml"),
    ("check", "README.md"),
    ("check", *AGORA, "--period", ""),
    ("check", *AGORA, "--period", "FY0000"),
    ("check", *AGORA, "--period", "FY2021..FY2020"),
    ("check", *AGORA, "--period", "TTM2021-03-31"),
    ("check", *AGORA, "--as-of", ""),
    ("check", *AGORA, "--as-of", "2021-02-29"),
    ("check", *AGORA, "--as-of", "9999-99-99"),
    ("check", "agora", "--today", ""),
    ("check", *AGORA, "--output", ""),
    ("check", *AGORA, "--output", ":"),
    ("check", *AGORA, "--output", ":report.json"),
    ("check", *AGORA, "--fail-on", ""),
    ("check", *AGORA, "--fail-on", ","),
    ("check", *AGORA, "--fail-on", "high,low"),
    ("check", *AGORA, "--pack", ""),
    ("check", *AGORA, "--pack", "companies"),
    ("check", *AGORA, "--pack", "rules"),
    ("explain", "agora", ""),
    ("explain", "", "net_margin"),
    ("explain", "agora"),
    ("facts",),
    ("facts", "agora", "revenue", "extra"),
    ("facts", "companies"),
    ("facts", "agora", "--output", "xml"),
    ("lint", ""),
    ("lint", "schemas"),
    ("lint", "README.md"),
    ("test", ""),
    ("test", "companies"),
    ("rules", ""),
    ("schema", ""),
    ("schema", "../setup"),
    ("--outptu",),
]


@pytest.mark.parametrize("arguments", BAD_ARGUMENTS, ids=" ".join)
def test_bad_arguments_are_2_with_a_diagnostic_and_never_a_traceback(
    run: Callable[..., Ran], arguments: tuple[str, ...]
) -> None:
    found = run(*arguments)
    said = found.stdout + found.stderr
    assert found.code == 2, said
    assert re.search(r"DD\d{3} error: \S", said), said
    assert "Traceback" not in said
    assert "DD901" not in said


def test_far_days_are_days_like_others(run: Callable[..., Ran]) -> None:
    for arguments in (("--as-of", "0001-01-01"), ("--as-of", "9999-12-31")):
        found: Any = run("check", *AGORA, *arguments)
        assert (found.code in (0, 2), "DD901" in found.stderr) == (True, False)
