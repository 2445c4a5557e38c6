"""`ddcheck memo`: tags proposed for numbers that have none, and tags written in one form."""

from __future__ import annotations

import difflib
import os
from typing import NamedTuple

from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.commands.loading import Project, company_path, load_project, read_company
from ddcheck.engine.commands.memos import is_word, load_memo
from ddcheck.engine.commands.outcome import Outcome, Screen, finish
from ddcheck.engine.memo.figures import Figures
from ddcheck.engine.memo.markdown import read_markdown
from ddcheck.engine.memo.prose import Prose
from ddcheck.engine.memo.rewriting import formatted, with_tags
from ddcheck.engine.memo.suggest import Suggestion, suggest
from ddcheck.engine.memo.word import MAX_FILE, read_word
from ddcheck.engine.model.memo import Memo
from ddcheck.engine.report.lines import plain
from ddcheck.engine.report.proposals import proposals_report
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import read_data


class MemoOptions(NamedTuple):
    """What `memo suggest` or `memo fmt` was asked; `write` changes the files instead of showing."""

    paths: tuple[str, ...]
    write: bool = False
    packs: tuple[str, ...] = ()
    today: int = 0
    language: str = "en"
    config: str | None = None


def run_fmt(options: MemoOptions) -> Outcome:
    """Every memo with its tags in one form: as a difference, or written."""
    report = Report()
    out: list[str] = []
    files: list[tuple[str, str | bytes]] = []
    for path in options.paths:
        if is_word(path):
            report.usage("DD606", path, "tags of a Word document have one form already")
            continue
        memo = load_memo(path, "none", report)
        if memo is not None:
            _give(path, memo.source.text, formatted(memo.source), options, out, files)
    return finish("".join(out), report)._replace(files=_unless_failed(files, report))


def run_suggest(options: MemoOptions, screen: Screen) -> Outcome:
    """A tag for every number that clearly wants one: as a difference, or written."""
    report = Report()
    project = load_project(options.config, options.packs, report)
    if project is None:
        return finish("", report)
    out: list[str] = []
    files: list[tuple[str, str | bytes]] = []
    for path in options.paths if project.plan.terms else ():
        memo = load_memo(path, "none", report)
        if memo is None:
            continue
        if options.write and is_word(path):
            help_ = "tag by hand what is listed without --write"
            report.usage("DD606", path, "a Word document is not written to", help_)
            continue
        found = _suggested(memo, _prose(path, memo), project, options, report)
        if found is None:
            continue
        if not is_word(path):
            new = with_tags(memo.source, found)
            _give(path, memo.source.text, new, options, out, files)
        bare = len(memo.untagged)
        out.append(plain(proposals_report(path, found, bare, options.language), screen.encoding))
    return finish("".join(out), report)._replace(files=_unless_failed(files, report))


def _prose(path: str, memo: Memo) -> Prose:
    """The prose of a memo that could be read."""
    if not is_word(path):
        return read_markdown(memo.source)
    quiet = Report()
    data = read_data(path, MAX_FILE, quiet)
    found = read_word(path, data, quiet) if data is not None else None
    return found[0] if found is not None else Prose(memo.source, 0, ())


def _suggested(
    memo: Memo, prose: Prose, project: Project, options: MemoOptions, report: Report
) -> list[Suggestion] | None:
    """What to propose, from the company that the memo is about first, then from the others."""
    found: dict[tuple[int, int], Suggestion] = {}
    for name in memo.companies:
        path = company_path(name, report, project.companies)
        company = read_company(path, project.plan, report) if path is not None else None
        if company is None:
            return None
        figures = Figures(evaluate(project.plan, company, today=options.today, as_of=memo.as_of))
        other = name if name != memo.company else None
        for item in suggest(prose, figures, other):
            known = found.get(item.span[:2])
            if known is None or (item.clear and not known.clear):
                found[item.span[:2]] = item
            elif item.clear and known.clear:  # both fit: the author has to say which
                both = (*known.candidates, *item.candidates)
                found[item.span[:2]] = known._replace(clear=False, candidates=both)
    return [found[key] for key in sorted(found)]


def _give(
    path: str, old: str, new: str, options: MemoOptions, out: list[str],
    files: list[tuple[str, str | bytes]],
) -> None:  # fmt: skip
    if new == old:
        return
    if options.write:
        files.append((path, new))
        return
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), path, path
    )
    out += [
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    ]


def _unless_failed(
    files: list[tuple[str, str | bytes]], report: Report
) -> tuple[tuple[str, str | bytes], ...]:
    """The files to write: none of them where anything could not be read."""
    return () if report.failed else tuple((os.fspath(path), text) for path, text in files)
