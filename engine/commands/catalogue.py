"""`ddcheck rules` and `ddcheck schema`: what the packs hold, and the shapes of files."""

from __future__ import annotations

import json
import os
from typing import NamedTuple

from ddcheck.engine.commands.loading import load_project
from ddcheck.engine.commands.outcome import Outcome, Screen, finish
from ddcheck.engine.report.catalogue import catalogue_report, entry_report
from ddcheck.engine.report.catalogue_pages import catalogue_pages, entry_page
from ddcheck.engine.report.json_values import as_text
from ddcheck.engine.report.lines import plain
from ddcheck.engine.report.schema import with_vocabulary
from ddcheck.engine.text.codes import CODES
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import files_in, package_folder, read
from ddcheck.engine.text.suggest import did_you_mean

_SUFFIX = ".schema.json"


class RulesOptions(NamedTuple):
    """Which entry (None: all), of which packs, in which form; `folder` takes pages, one a file."""

    ident: str | None = None
    packs: tuple[str, ...] = ()
    format: str = "text"
    folder: str | None = None
    language: str = "en"
    config: str | None = None


def run_rules(options: RulesOptions, screen: Screen) -> Outcome:
    """The catalogue of metrics, rules and strengths, or one entry in full (DD312 if unknown).

    An entry may be a code of a diagnostic, with what it means and how it is mended. Markdown is
    one page for each file of a pack; with a folder each is a file in it.
    """
    report = Report()
    ident, language = options.ident, options.language
    if options.folder is not None and (options.format != "markdown" or ident is not None):
        words = "pages are written of the whole catalogue, in Markdown"
        report.usage("DD313", "--directory", words, "give `--format markdown` and no id")
        return finish("", report)
    if ident in CODES:
        meaning, mend = CODES[ident]
        return finish(f"{ident} {meaning}\n  {mend}\n", report)
    project = load_project(options.config, options.packs, report)
    if project is None:
        return finish("", report)
    plan = project.plan
    if ident is not None:
        entry = plan.rules.get(ident) or plan.metrics.get(ident)
        if entry is None:
            known = [*plan.rules, *plan.metrics]
            report.usage("DD312", ident, f"no rule or metric `{ident}`", did_you_mean(ident, known))
            return finish("", report)
        if options.format == "markdown":
            return finish(entry_page(plan, entry), report)
        return finish(plain(entry_report(plan, entry, language), screen.encoding), report)
    if options.format == "markdown":
        pages = catalogue_pages(plan)
        if options.folder is None:
            return finish("\n".join(text for _, text in pages), report)
        files = tuple((os.path.join(options.folder, name), text) for name, text in pages)
        outcome = finish(f"pages written to {options.folder}: {len(files)}\n", report)
        return outcome._replace(files=files, make_folders=True)
    return finish(plain(catalogue_report(plan, language), screen.encoding), report)


class SchemaOptions(NamedTuple):
    """Which kind of file (None: list them), and whether its schema holds the names of the packs."""

    kind: str | None = None
    vocabulary: bool = False
    packs: tuple[str, ...] = ()
    config: str | None = None


def run_schema(options: SchemaOptions) -> Outcome:
    """The JSON Schema of one kind of file, or the list of kinds (DD312 if unknown).

    With the vocabulary it holds the names of the packs; their mistakes are reported, and what is
    left out for them is no name.
    """
    report = Report()
    kind = options.kind
    folder = package_folder("schemas")
    kinds = {
        os.path.basename(path).removesuffix(_SUFFIX): path for path in files_in(folder, (_SUFFIX,))
    }
    if kind is None:
        if options.vocabulary:
            words = "which kind of file is not said"
            report.usage("DD313", "--with-vocabulary", words, "ddcheck schema company …")
            return finish("", report)
        return finish("".join(f"{name}\n" for name in sorted(kinds)), report)
    path = kinds.get(kind)
    if path is None:
        report.usage(
            "DD312",
            kind,
            f"no schema `{kind}`",
            did_you_mean(kind, kinds) or f"known: {', '.join(sorted(kinds))}",
        )
        return finish("", report)
    source = read(path, report)
    text = source.text if source is not None else ""
    if options.vocabulary and source is not None:
        project = load_project(options.config, options.packs, report)
        if project is None:
            return finish("", report)
        text = as_text(with_vocabulary(json.loads(text), project.plan))
    return finish(text, report)
