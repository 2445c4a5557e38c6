"""`ddcheck verify`: the printed text of every fact, looked up in the local copy of its source."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from ddcheck.engine.commands.levels import outputs_of
from ddcheck.engine.commands.loading import company_path, load_project, read_company
from ddcheck.engine.commands.outcome import OK, REACHED, Outcome, Screen, finish
from ddcheck.engine.model.company import Company, Document, Fact
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.verification import (
    CHANGED,
    SAME,
    UNFIXED,
    Searched,
    Verification,
    Verified,
)
from ddcheck.engine.report.lines import plain
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import is_file, is_folder, path_inside, read_bytes
from ddcheck.engine.text.suggest import did_you_mean

#: Every format, and whether other text may follow it on standard output.
FORMATS = {"text": True, "json": False}
_SHA256 = re.compile(r"[0-9a-fA-F]{64}\Z")


class VerifyOptions(NamedTuple):
    """What `verify` was asked; `folder` holds the copies, `outputs` are `FORMAT[:FILE]`."""

    company: str
    folder: str
    only: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    everything: bool = False
    language: str = "en"
    config: str | None = None


def run_verify(options: VerifyOptions, screen: Screen) -> Outcome:
    """A verdict on each fact, source by source; 1 if a figure is not found or differs.

    A source that cannot be searched is a diagnostic (DD520 to DD528), and the others are searched
    all the same; its facts are not looked up.
    """
    report = Report()
    outputs = outputs_of(options.outputs, FORMATS, (options.company,), report)
    if report.failed:
        outputs = []
    if not is_folder(options.folder):
        report.usage(
            "DD529", "--sources", f"no folder `{options.folder}`",
            "name the folder that holds the copies of the sources",
        )  # fmt: skip
    project = load_project(options.config, options.packs, report)
    if project is None:
        return finish("", report)
    plan = project.plan
    path = company_path(options.company, report, project.companies)
    company = read_company(path, plan, report) if path is not None else None
    if company is None or not is_folder(options.folder):
        return finish("", report)
    for name in options.only:
        if name not in company.sources:
            report.usage(
                "DD305", "--source", f"no source `{name}`", did_you_mean(name, company.sources)
            )
    if not outputs or any(name not in company.sources for name in options.only):
        return finish("", report)
    found = verify(plan, company, options.folder, options.only, report)
    files, stdout = [], ""
    for kind, file in outputs:
        text = _render(kind, found, plan, options, screen, report, file=file)
        if file:
            files.append((file, text))
        else:
            stdout += text
    done = finish(stdout, report, REACHED if found.failed else OK)
    return done._replace(files=tuple(files))


def verify(
    plan: Plan, company: Company, folder: str, only: tuple[str, ...], report: Report
) -> Verification:
    """The facts of `company` looked up in the copies in `folder`; of the sources `only`, if any."""
    from ddcheck.engine.copies.labels import Names

    names = {}
    for term in plan.terms.values():
        concept = plan.vocabulary.concepts.get(term.id)
        aliases = concept.aliases if concept is not None else ()
        names[term.id] = (term.label.en, term.label.zh, *aliases)
    known = Names(names)
    positive = frozenset(term.id for term in plan.terms.values() if term.positive)
    facts: dict[str, list[Fact]] = {}
    for fact in company.facts:
        facts.setdefault(fact.source, []).append(fact)
    searched = []
    for name, document in company.sources.items():
        own = tuple(facts.get(name, ()))
        if (name in only) if only else own:
            searched.append(_searched(document, own, folder, known, positive, report))
    return Verification(company, folder, tuple(searched))


def _searched(
    document: Document,
    facts: tuple[Fact, ...],
    folder: str,
    names: object,
    positive: frozenset[str],
    report: Report,
) -> Searched:
    """One source, its copy read and its facts looked up in it."""
    from ddcheck.engine.copies.copies import CopyError, read_copy
    from ddcheck.engine.copies.labels import Names
    from ddcheck.engine.copies.lookup import look_up

    assert isinstance(names, Names)
    unread = Searched(
        document, None, None, None, None, tuple(Verified(fact, None) for fact in facts)
    )
    path, data = _copy(document, folder, report)
    if data is None:
        return unread._replace(path=path)
    sha256 = hashlib.sha256(data).hexdigest()
    fingerprint = _fingerprint(document, sha256, path or "", report)
    unread = unread._replace(path=path, fingerprint=fingerprint, sha256=sha256)
    try:
        copy = read_copy(document.file or "", data)
    except CopyError as error:
        report.error(error.code, document.node, f"{path}: {error.message}", error.help)
        return unread
    return unread._replace(
        kind=copy.kind,
        facts=look_up(copy, facts, names, positive),
        remarks=copy.remarks,
    )


def _copy(document: Document, folder: str, report: Report) -> tuple[str | None, bytes | None]:
    """The path and content of a source's copy; without content a diagnostic says why."""
    from ddcheck.engine.copies.copies import MAX_BYTES

    node = document.node
    if document.file is None:
        report.error(
            "DD520", node, f"source `{document.id}` names no copy",
            "add `file:` with the name of its copy in the folder",
        )  # fmt: skip
        return None, None
    path = path_inside(folder, document.file)
    if path is None:
        report.error(
            "DD522", node, f"the copy `{document.file}` is outside `{folder}`",
            "name a file inside the folder, without `..`, and no link that leads out of it",
        )  # fmt: skip
        return None, None
    data = read_bytes(path, MAX_BYTES) if is_file(path) else None
    if data is None:
        why = "cannot be read" if is_file(path) else "is not there"
        where = f" ({document.url})" if document.url else ""
        report.error("DD521", node, f"the copy `{path}` {why}", f"put the document there{where}")
        return path, None
    if len(data) > MAX_BYTES:
        report.error(
            "DD526", node, f"{path}: the copy is too large: more than {MAX_BYTES >> 20} MiB",
            "keep a copy of the pages that count",
        )  # fmt: skip
        return path, None
    return path, data


def _fingerprint(document: Document, sha256: str, path: str, report: Report) -> str:
    """Whether the copy is the one that the company file fixed (DD523, DD528)."""
    fixed = document.sha256
    if fixed is None:
        return UNFIXED
    if not _SHA256.match(fixed.text):
        report.error("DD528", fixed, f"`{fixed.text}` is not a SHA-256", f"the copy's is {sha256}")
        return UNFIXED
    if fixed.text.lower() == sha256:
        return SAME
    report.error(
        "DD523", fixed, f"{path} has changed: its SHA-256 is {sha256}, not {fixed.text.lower()}",
        "fetch the document that the facts were taken from, or check every fact against this one",
    )  # fmt: skip
    return CHANGED


def _render(
    kind: str,
    found: Verification,
    plan: Plan,
    options: VerifyOptions,
    screen: Screen,
    report: Report,
    *,
    file: str | None,
) -> str:
    if kind == "json":
        from ddcheck import __version__
        from ddcheck.engine.report.verification_json import render_verification

        return render_verification(found, report, version=__version__)
    from ddcheck.engine.report.verification import verification_lines

    names = {
        term.id: term.label.text(options.language)
        for term in plan.terms.values()
    }  # fmt: skip
    lines = verification_lines(
        found, names, language=options.language, everything=options.everything
    )
    if screen.terminal and not file:
        from ddcheck.engine.report.terminal import render_terminal

        return render_terminal(
            lines, width=screen.width, color=screen.color, encoding=screen.encoding
        )
    return plain(lines, "utf-8" if file else screen.encoding)
