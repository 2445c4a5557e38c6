"""`check --watch`: every step says what a run of its own would say, of what the save can touch."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from gate_project import MEMO, TODAY, company, day, project, waivers, write

from ddcheck import watching
from ddcheck.engine.commands import steps
from ddcheck.engine.commands.check import CheckOptions, run_check
from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.commands.watched import CLEAR, Moment, Places, Watched, watched
from ddcheck.engine.text.source import Stamp, stamps

ROOT = Path(__file__).parents[1]
NOON = Moment(day(TODAY), "12:00:00")
RULE = "─"


def _head(words: str) -> str:
    start = f"── 12:00:00 · {words} "
    return start + RULE * (110 - len(start))


def _options(*paths: str, **more: Any) -> CheckOptions:
    return CheckOptions(paths, today=day(TODAY), **more)


def _watched(options: CheckOptions, screen: Screen | None = None) -> Watched:
    state = watched(options, screen or Screen())
    assert isinstance(state, Watched), state
    return state


def _alone(path: str, **more: Any) -> str:
    """The report on `path` alone, by a run of its own."""
    return run_check(_options(path, **more), Screen()).stdout


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two companies, a memo on the first, and a pack of its own beside `core`."""
    policy = "ddcheck: policy/1\nfail_on: high\nmust_know: []\npacks: [core, own]\n"
    project(tmp_path, policy)
    write(tmp_path / "companies" / "beta.yaml", company("100", "120", "beta"))
    write(tmp_path / "memos" / "acme.md", MEMO)
    write(tmp_path / "own" / "pack.yaml", PACK)
    write(tmp_path / "own" / "sales.yaml", RULES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


PACK = "ddcheck: pack/1\nid: own\nversion: '1'\ntitle: {en: Own}\nextends: [core]\n"
RULES = """\
ddcheck: rules/1
category: growth
rules:
  sales-small:
    title: {en: Small sales}
    when: revenue < 90 million money
    severity: medium
    why: {en: Small.}
    ask: {en: Why so small?}
"""


def _edit(path: str, old: str, new: str) -> str:
    file = Path(path)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return path


# --- one step


def test_the_first_step_is_the_report_below_a_head(folder: Path) -> None:
    options = _options("companies", "memos")
    found = _watched(options).step((), NOON)
    alone = run_check(options, Screen())
    assert found == Outcome(
        _head("watching; Ctrl-C ends") + "\n\n" + alone.stdout, alone.stderr, alone.code
    )


def _news(outcome: Outcome) -> list[str]:
    """The lines between the head and the first report."""
    return outcome.stdout.split("\n\n")[0].splitlines()[1:]


def _reports(outcome: Outcome) -> str:
    return outcome.stdout.split("\n\n", 1)[1]


def test_a_saved_company_comes_with_what_changed_and_its_memo(folder: Path) -> None:
    state = _watched(_options("companies", "memos"))
    state.step((), NOON)
    changed = _edit("companies/acme.yaml", "value: 80 USD", "value: 120 USD")
    found = state.step((changed,), NOON)
    news = [
        _head("companies/acme.yaml changed"),
        "acme: the grade F..C → F..A; revenue-falling high → pass; sales-small medium → pass",
        "  growth-fading not-applicable → unknown; growth F → C; revenue_growth F → C",
        "memos/acme.md: PASS → FAIL; match 2 → 1; mismatch 0 → 1",
    ]
    reports = _alone(changed) + "\n" + _alone("memos/acme.md")
    assert found == Outcome("\n".join(news) + "\n\n" + reports, "", 1)


def test_a_save_without_a_change_says_so_and_shows_the_report(folder: Path) -> None:
    state = _watched(_options("companies"))
    state.step((), NOON)
    found = state.step(("companies/beta.yaml",), NOON)
    assert _news(found) == ["beta: no verdict and no grade changed"]
    assert _reports(found) == _alone("companies/beta.yaml")


def test_a_memo_comes_alone(folder: Path) -> None:
    state = _watched(_options("companies", "memos"))
    state.step((), NOON)
    found = state.step((_edit("memos/acme.md", "[80 million]", "[81 million]"),), NOON)
    assert _news(found) == ["memos/acme.md: PASS → FAIL; match 2 → 1; mismatch 0 → 1"]
    assert _reports(found) == _alone("memos/acme.md")


def test_a_memos_company_is_watched_where_only_the_memo_was_named(folder: Path) -> None:
    state = _watched(_options("memos/acme.md"))
    state.step((), NOON)
    assert state.places.files == {"memos/acme.md", "companies/acme.yaml", "ddcheck.yaml"}
    found = state.step((_edit("companies/acme.yaml", "value: 80 USD", "value: 81 USD"),), NOON)
    assert _news(found) == ["memos/acme.md: PASS → FAIL; match 2 → 1; mismatch 0 → 1"]


def test_a_pack_touches_all_and_what_reads_as_before_is_named(folder: Path) -> None:
    state = _watched(_options("companies"))
    state.step((), NOON)
    found = state.step((_edit("own/sales.yaml", "severity: medium", "severity: high"),), NOON)
    assert _news(found) == ["acme: sales-small medium → high", "as before: beta"]
    assert _reports(found) == _alone("companies/acme.yaml")


def test_a_waiver_touches_the_company_that_it_is_of(folder: Path) -> None:
    waivers(folder, {})
    state = _watched(_options("companies", "memos"))
    state.step((), NOON)
    found = state.step((_edit("waivers.yaml", "2026-12-31", "2026-11-01"),), NOON)
    assert _news(found) == [
        "acme: revenue-falling high (waived) → high",
        "as before: beta, memos/acme.md",
    ]


def test_a_broken_file_shows_its_mistakes_and_no_old_report(folder: Path) -> None:
    state = _watched(_options("companies"))
    state.step((), NOON)
    found = state.step((_edit("companies/acme.yaml", "facts:", "facts"),), NOON)
    assert found.stdout.splitlines() == [
        _head("companies/acme.yaml changed"),
        "acme: not judged, mistakes below: the last report no longer holds",
    ]
    assert found.stderr.startswith("companies/acme.yaml:6:10: DD101 error: not YAML: ")
    assert found.code == 2
    # The mistakes stay until they are mended, whatever else is saved meanwhile.
    other = state.step(("companies/beta.yaml",), NOON)
    assert (other.stderr, other.code) == (found.stderr, 2)
    mended = state.step((_edit("companies/acme.yaml", "facts", "facts:"),), NOON)
    assert _news(mended) == ["acme: no verdict and no grade changed"]
    assert (_reports(mended), mended.code) == (_alone("companies/acme.yaml"), 0)


def test_a_broken_policy_takes_every_report_away(folder: Path) -> None:
    state = _watched(_options("companies"))
    state.step((), NOON)
    found = state.step((_edit("ddcheck.yaml", "fail_on: high", "fail_on: hgh"),), NOON)
    words = "not judged, mistakes below: the last report no longer holds"
    assert found.stdout.splitlines()[1:] == [f"acme: {words}", f"beta: {words}"]
    assert "DD113" in found.stderr
    back = state.step((_edit("ddcheck.yaml", "fail_on: hgh", "fail_on: high"),), NOON)
    assert (back.stderr, back.code) == ("", 0)
    assert _reports(back) == run_check(_options("companies"), Screen()).stdout


def test_a_pack_that_broke_is_watched_on(folder: Path) -> None:
    state = _watched(_options("companies"))
    _edit("own/pack.yaml", "id: own", "di: own")
    assert state.step((), NOON).code == 2
    assert state.places.hold("own/pack.yaml")
    state.step((_edit("own/pack.yaml", "di: own", "id: own"),), NOON)
    assert state.places.hold("own/sales.yaml")
    assert state.step((_edit("own/pack.yaml", "id: own", "di: own"),), NOON).code == 2
    assert state.places.hold("own/sales.yaml")
    assert state.step((_edit("own/pack.yaml", "di: own", "id: own"),), NOON).code == 0


def test_a_file_that_goes_comes_back_and_is_new(folder: Path) -> None:
    state = _watched(_options("companies"))
    state.step((), NOON)
    path = "companies/acme.yaml"
    Path(path).unlink()
    gone = state.step((path,), NOON)
    assert (gone.stdout.splitlines()[1:], gone.stderr, gone.code) == (
        ["acme: no longer there"], "", 0
    )  # fmt: skip
    write(folder / path, company("100", "120"))
    back = state.step((path,), NOON)
    assert _news(back)[0].startswith("acme: the grade F..C → F..A; revenue-falling high → pass")
    write(folder / "companies" / "new.yaml", company(ident="new"))
    new = state.step(("companies/new.yaml",), NOON)
    assert (_news(new), _reports(new)) == ([], _alone("companies/new.yaml"))


def test_a_named_file_that_is_gone_is_a_mistake(folder: Path) -> None:
    state = _watched(_options("companies/acme.yaml"))
    state.step((), NOON)
    Path("companies/acme.yaml").unlink()
    found = state.step(("companies/acme.yaml",), NOON)
    assert found.stdout.splitlines()[1:] == [
        "acme: not judged, mistakes below: the last report no longer holds"
    ]
    assert found.stderr.startswith("companies/acme.yaml:1:1: DD001 error: cannot read this file")


def test_an_id_that_is_not_there_yet_is_waited_for(folder: Path) -> None:
    state = _watched(_options("gamma"))
    assert state.step((), NOON).code == 2
    assert state.places.hold("companies/gamma.yaml")
    write(folder / "companies" / "gamma.yaml", company(ident="gamma"))
    found = state.step(("companies/gamma.yaml",), NOON)
    assert (_reports(found), found.code) == (_alone("gamma"), 0)


def test_many_saved_files_are_counted(folder: Path) -> None:
    state = _watched(_options("companies"))
    state.step((), NOON)
    saved = ("own/sales.yaml", "companies/acme.yaml", "companies/beta.yaml", "ddcheck.yaml")
    found = state.step(saved, NOON)
    names = "companies/acme.yaml, companies/beta.yaml, ddcheck.yaml and 1 more changed"
    assert found.stdout.splitlines()[0] == _head(names)


def test_another_day_judges_anew(folder: Path) -> None:
    waivers(folder, {})
    state = _watched(_options("companies"))
    assert "waived" in state.step((), NOON).stdout
    later = state.step((), Moment(day("2027-01-05"), "00:00:01"))
    assert _news(later)[0] == "acme: revenue-falling high (waived) → high"


# --- the same as a run of its own


def _broken(_: Path) -> str:
    return _edit("companies/acme.yaml", "revenue:", "revenu:")


def _removed(folder: Path) -> str:
    (folder / "companies" / "acme.yaml").unlink()
    return "companies/acme.yaml"


def _twin(folder: Path) -> str:
    write(folder / "companies" / "twin.yaml", company())
    return "companies/twin.yaml"


def _lost_pack(folder: Path) -> str:
    shutil.rmtree(folder / "own")
    return "own/pack.yaml"


def _bad_waiver(folder: Path) -> str:
    write(folder / "waivers.yaml", "ddcheck: waivers/1\nwaivers: [{rule: x}]\n")
    return "waivers.yaml"


EDITS: dict[str, Callable[[Path], str]] = {
    "company": lambda _: _edit("companies/acme.yaml", "value: 80 USD", "value: 120 USD"),
    "company broken": _broken,
    "company removed": _removed,
    "company twice": _twin,
    "memo": lambda _: _edit("memos/acme.md", "[80 million]", "[81 million]"),
    "memo broken": lambda _: _edit("memos/acme.md", "dd:revenue@FY2025", "dd:revenue@@"),
    "pack": lambda _: _edit("own/sales.yaml", "severity: medium", "severity: critical"),
    "pack broken": lambda _: _edit("own/sales.yaml", "revenue <", "revenu <"),
    "pack lost": _lost_pack,
    "policy": lambda _: _edit("ddcheck.yaml", "packs: [core, own]", "packs: [core]"),
    "policy broken": lambda _: _edit("ddcheck.yaml", "policy/1", "policy/9"),
    "waivers": _bad_waiver,
}


@pytest.mark.parametrize("name", EDITS)
def test_files_diagnostics_and_code_are_those_of_a_run_of_its_own(folder: Path, name: str) -> None:
    waivers(folder, {})
    outputs = ("text", "text:report.txt")
    if name in ("company", "pack"):  # all that there is to say of them takes its time
        outputs = ("text", "text:report.txt", "json:report.json")
    options = _options("companies", "memos", outputs=outputs, fail_on="high")
    state = _watched(options)
    before = {path: (folder / path).read_bytes() for path in ("companies/acme.yaml",)}
    first = run_check(options, Screen())
    assert state.step((), NOON)[1:] == first[1:]
    path = EDITS[name](folder)
    edited = run_check(options, Screen())
    assert edited[1:] != first[1:]
    assert state.step((path,), NOON)[1:] == edited[1:]
    for kept, data in before.items():
        (folder / kept).write_bytes(data)
    assert state.step(before, NOON)[1:] == run_check(options, Screen())[1:]


def test_only_what_a_change_touches_is_read_and_judged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waivers(folder, {})
    done: list[str] = []

    def counted(name: str, of: Callable[[tuple[Any, ...]], str]) -> None:
        made = getattr(steps, name)

        def call(*arguments: Any) -> Any:
            done.append(f"{name} {of(arguments)}")
            return made(*arguments)

        monkeypatch.setattr(steps, name, call)

    counted("read_company", lambda arguments: arguments[0])
    counted("judge_company", lambda arguments: arguments[1].id)
    state = _watched(_options("companies", "memos"))
    state.step((), NOON)
    acme = ["read_company companies/acme.yaml", "judge_company acme"]
    # The memo is judged as of its own day: a verdict more on the same company.
    both = [*acme[:1], "read_company companies/beta.yaml", "judge_company acme",
            "judge_company beta", "judge_company acme"]  # fmt: skip
    assert done == both
    for path, expected in {
        "companies/acme.yaml": [*acme, "judge_company acme"],
        "companies/beta.yaml": ["read_company companies/beta.yaml", "judge_company beta"],
        "memos/acme.md": [],
        "waivers.yaml": [],
        "ddcheck.yaml": both,
        "own/sales.yaml": both,
    }.items():
        done.clear()
        state.step((path,), NOON)
        assert (path, done) == (path, expected)


# --- where it goes


def test_a_terminal_is_cleared_and_keeps_what_there_is_if_nothing_new_comes(
    folder: Path,
) -> None:
    state = _watched(_options("companies"), Screen(terminal=True, width=80))
    first = state.step((), NOON).stdout
    assert first.startswith(f"{CLEAR}── 12:00:00 · watching; Ctrl-C ends ───")
    assert len(first.splitlines()[0].removeprefix(CLEAR)) == 80
    again = state.step(("own/sales.yaml",), NOON).stdout
    assert again.splitlines()[1:] == ["as before: acme, beta"]
    assert CLEAR not in again


def test_a_document_stands_alone_on_standard_output(folder: Path) -> None:
    options = _options("companies", outputs=("json",))
    state = _watched(options, Screen(terminal=True))
    state.step((), NOON)
    found = state.step(("companies/beta.yaml",), NOON)
    assert found.stdout == run_check(options, Screen()).stdout
    assert found.stderr.splitlines() == [
        _head("companies/beta.yaml changed"), "beta: no verdict and no grade changed"
    ]  # fmt: skip


def test_it_speaks_chinese(folder: Path) -> None:
    state = _watched(_options("companies", language="zh"))
    first = state.step((), NOON).stdout.splitlines()[0]
    assert first.startswith("── 12:00:00 · 监视中，按 Ctrl-C 结束 ─")
    found = state.step((_edit("companies/acme.yaml", "value: 80 USD", "value: 120 USD"),), NOON)
    assert found.stdout.splitlines()[0].startswith("── 12:00:00 · companies/acme.yaml 已更改 ─")
    assert _news(found)[0].startswith("acme：评级 F～C → F～A；revenue-falling 高 → 通过")


def test_options_that_cannot_be_used_end_it_at_once(folder: Path) -> None:
    found = watched(_options("companies", fail_on="hgh"), Screen())
    assert isinstance(found, Outcome)
    assert (found.stdout, found.code) == ("", 2)
    assert found.stderr.startswith("--fail-on: DD313 error: no level `hgh`")


def test_an_output_beside_what_is_watched_is_fine(folder: Path) -> None:
    assert isinstance(watched(_options("memos", outputs=("markdown:out.md",)), Screen()), Watched)
    found = watched(_options("memos", outputs=("markdown:memos/out.md",)), Screen())
    assert isinstance(found, Outcome)
    assert "DD581" in found.stderr


# --- what is looked at


def test_stamps_tell_a_save_a_move_and_a_loss(tmp_path: Path) -> None:
    path, other = tmp_path / "a.yaml", tmp_path / "sub" / "B.MD"
    write(path, "one")
    write(other, "two")
    write(tmp_path / "a.txt", "no")
    (tmp_path / ".#a.yaml").symlink_to("nobody@nowhere.1")  # what Emacs lays down
    missing = str(tmp_path / "missing.yaml")

    def look() -> dict[str, Stamp | None]:
        return stamps((missing, str(tmp_path)), (str(tmp_path),), (".yaml", ".md"))

    first = look()
    assert first.keys() == {str(path), str(other), missing, str(tmp_path)}
    assert (first[missing], first[str(tmp_path)]) == (None, None)
    assert look() == first
    seen = os.stat(path)
    write(tmp_path / "a.new", "eno")
    os.utime(tmp_path / "a.new", ns=(seen.st_atime_ns, seen.st_mtime_ns))
    os.replace(tmp_path / "a.new", path)
    moved = look()
    assert moved[str(path)] != first[str(path)]  # of the same size and time
    path.unlink()
    assert str(path) not in look()


def test_places_hold_what_is_below_a_folder_and_nothing_beside_it() -> None:
    places = Places(frozenset({"a.yaml"}), frozenset({"rules", "x/"}))
    held = ("a.yaml", "rules/core/a.yaml", "x/b.md", "rules-of-mine/a.yaml", "rules", "b.yaml")
    assert [places.hold(path) for path in held] == [True, True, True, False, False, False]


# --- the process


#: The command as its entry point runs it. Ctrl-C is heard even where the tests run in the
#: background of a shell, which has its children ignore it.
RUN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from ddcheck.__main__ import main
main()
"""


@contextmanager
def _running(*arguments: str, **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    """The command; ended after a while, so that a test that would wait for ever fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT.parent), "PYTHONUTF8": "1", "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, "check", *arguments, "--watch", "--today", TODAY],
        env=environment, **streams,
    )  # fmt: skip
    watchdog = threading.Timer(40, process.kill)
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _until(read: Callable[[], bytes], words: str) -> str:
    """What is read up to and with `words`."""
    found = b""
    while words.encode() not in found:
        more = read()
        assert more, f"ended without {words!r}: {found.decode(errors='replace')}"
        found += more
    return found.decode()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise on Windows")
def test_the_process_sees_saves_and_ends_with_the_code_of_the_last_run(folder: Path) -> None:
    with _running("companies", "--fail-on", "high", stdout=subprocess.PIPE) as process:
        out = process.stdout
        assert out is not None
        first = _until(out.readline, "ddcheck explain beta")
        assert "watching; Ctrl-C ends" in first
        # An editor that writes beside the file and moves it into its place.
        write(folder / "companies" / "acme.tmp", company("100", "120"))
        os.replace(folder / "companies" / "acme.tmp", folder / "companies" / "acme.yaml")
        second = _until(out.readline, "revenue-falling high → pass")
        assert "companies/acme.yaml changed" in second
        # Two files at once, one of them new.
        write(folder / "companies" / "acme.yaml", company("100", "80"))
        write(folder / "companies" / "new.yaml", company(ident="new"))
        _until(out.readline, "revenue-falling pass → high")
        (folder / "companies" / "new.yaml").unlink()
        _until(out.readline, "new: no longer there")
        process.send_signal(signal.SIGINT)
        assert process.wait() == 1


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals on Windows")
def test_on_a_terminal_it_clears_and_prints_again(folder: Path) -> None:
    import pty

    master, slave = pty.openpty()
    try:
        with _running("companies/beta.yaml", stdout=slave, stderr=slave, stdin=slave) as process:

            def read() -> bytes:
                return os.read(master, 4096)

            first = _until(read, "Ctrl-C ends")
            assert CLEAR in first
            write(folder / "companies" / "beta.yaml", company("100", "80", "beta"))
            second = _until(read, "revenue-falling")
            assert CLEAR in second
            assert "companies/beta.yaml changed" in second
            process.send_signal(signal.SIGINT)
            assert process.wait() == 0
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise on Windows")
def test_ctrl_c_is_heard_while_garbage_is_cleared_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Clearing:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)  # here it is raised, and dropped

    monkeypatch.setattr(watching.gc, "collect", lambda: Clearing() and 0)
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
    monkeypatch.chdir(folder)
    code = watching.watch(_options("companies", fail_on="high"), Screen(), today=day(TODAY))
    assert code == 1
    assert "watching; Ctrl-C ends" in capsys.readouterr().out
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert gc.isenabled()
