"""`ddcheck import table`: a company file from a printed statement in a spreadsheet.

What the spreadsheet does not say is asked for, or said to be assumed; what cannot be used is left
out and said. Exit codes: 0 everything was taken or settled, 1 the file was written without rows or
figures that wait for an answer, 2 nothing was written.
"""

from __future__ import annotations

import ast
import os
import re
from typing import NamedTuple

from ddcheck.engine.commands.imported import Imported, imported_lines
from ddcheck.engine.commands.loading import MAP, YAML, load_project, read_map
from ddcheck.engine.commands.outcome import OK, REACHED, Outcome, Screen, finish
from ddcheck.engine.model.company import TIERS
from ddcheck.engine.model.facts import load_company
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.readers.company_text import Header, company_text
from ddcheck.engine.readers.delimited import read_csv
from ddcheck.engine.readers.draft import Draft
from ddcheck.engine.readers.drafting import Asked, draft_tables
from ddcheck.engine.readers.label_map import EMPTY, LabelMap
from ddcheck.engine.readers.labels import Labels, Meaning
from ddcheck.engine.readers.map_text import added_lines, map_text
from ddcheck.engine.readers.package import MAX_BYTES
from ddcheck.engine.readers.scales import unit_word
from ddcheck.engine.readers.sheets import Book
from ddcheck.engine.readers.xlsx import read_xlsx
from ddcheck.engine.report.lines import plain
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, parse
from ddcheck.engine.text.source import Source, is_file, read_data
from ddcheck.engine.text.suggest import did_you_mean
from ddcheck.engine.text.words import CURRENCIES, UNIT_WORDS

_WORKBOOKS = (".xlsx", ".xlsm")
_TEXTS = (".csv", ".tsv", ".txt")
#: Warnings about single cells.
_CELLS = frozenset({"DD504", "DD505", "DD515"})
_YEAR_END = re.compile(r"(\d{2})-(\d{2})\Z", re.ASCII)


class ImportOptions(NamedTuple):
    """What `import table` was asked."""

    path: str
    out: str
    sheets: tuple[str, ...] = ()
    map_path: str | None = None
    company: str | None = None
    name: str | None = None
    currency: str | None = None
    unit: str | None = None
    fiscal_year_end: str | None = None
    tags: str | None = None
    source: str | None = None
    title: str | None = None
    publisher: str | None = None
    tier: str | None = None
    published: str | None = None
    url: str | None = None
    force: bool = False
    packs: tuple[str, ...] = ()
    language: str = "en"
    config: str | None = None


def run_import(options: ImportOptions, screen: Screen) -> Outcome:
    """Read the spreadsheet, write company file and map, and say what was taken and what was not."""
    report = Report()
    asked = _asked(options, report)
    if is_file(options.out) and not options.force:
        report.usage(
            "DD508", options.out, "this file is there already",
            "name another with `-o`, or write over it with `--force`; the map is kept",
        )  # fmt: skip
    if report.failed or asked is None:
        return finish("", report)
    project = load_project(options.config, options.packs, report)
    if project is None:
        return finish("", report)
    plan = project.plan
    book = _book(options, report)
    map_path = options.map_path or os.path.splitext(options.out)[0] + MAP
    settled = _settled(map_path, plan, report)
    if book is None or settled is None or report.failed:
        return finish("", report)
    draft = draft_tables(book, Labels(meanings(plan)), settled[0], asked, report)
    header = _header(options, book, draft, map_path, report) if draft is not None else None
    if draft is None or header is None or report.failed:
        return finish("", report)
    if not draft.tables:
        report.without_place(
            "DD509", book.path, "no row of this file could be taken",
            f"its labels, with candidates, stand in {map_path}: settle them there",
        )  # fmt: skip
        files = _map_file(map_path, draft, settled, book)[0]
        return finish("", report)._replace(files=files, make_folders=True)
    text = company_text(header, draft)
    if not _is_sound(options.out, text, plan, report):
        return finish("", report)
    files, lacking = _map_file(map_path, draft, settled, book)
    unusable = sum(item.code in _CELLS for item in report.items)
    whole = not report.items and not any(row.waits for row in draft.left)
    found = Imported(options, header, book, draft, map_path, lacking, unusable)
    said = plain(imported_lines(found, options.language), screen.encoding)
    outcome = finish(said, report, OK if whole else REACHED)
    return outcome._replace(files=((options.out, text), *files), make_folders=True)


def meanings(plan: Plan) -> list[Meaning]:
    """All that labels may mean: concepts with their printed names, metrics with their titles."""
    found = []
    for term in plan.terms.values():
        concept = plan.vocabulary.concepts.get(term.id)
        metric = plan.metrics.get(term.id)
        names = (term.label.en, term.label.zh, *(concept.aliases if concept is not None else ()))
        style = metric.definition.style if metric is not None else None
        percent = term.unit == () and style in (None, "percent")
        less = _differences(plan.derived.get(term.id, ()))
        found.append(Meaning(term.id, term.time, term.unit, names, term.positive, percent, less))
    return found


def _differences(formulas: tuple[Formula, ...]) -> tuple[tuple[str, str], ...]:
    """The two names of each formula that is nothing but one less another."""
    found = []
    for formula in formulas:
        match formula.tree:
            case ast.BinOp(ast.Name(whole), ast.Sub(), ast.Name(part)):
                found.append((whole, part))
    return tuple(found)


def _asked(options: ImportOptions, report: Report) -> Asked | None:
    """What the options say of the figures, or None and diagnostics (DD113, DD303, DD308, DD313)."""
    unit = None
    if options.unit is not None:
        unit = unit_word(options.unit)
        if unit is None:
            report.usage(
                "DD303", "--unit", f"cannot read the unit `{options.unit}`",
                "write for example `USD million`, `CNY thousand` or `百万元`",
            )  # fmt: skip
    currency = options.currency
    if currency is not None and currency not in CURRENCIES:
        meant = UNIT_WORDS.get(currency)
        report.usage(
            "DD113", "--currency", f"`{currency}` is no currency of three letters",
            f"write {meant}" if meant in CURRENCIES else did_you_mean(currency, CURRENCIES),
        )  # fmt: skip
    if options.tier is not None and options.tier not in TIERS:
        report.usage(
            "DD113", "--tier", f"`{options.tier}` is none of {', '.join(TIERS)}",
            did_you_mean(options.tier, TIERS),
        )  # fmt: skip
    if options.published is not None and shape.parse_day(options.published) is None:
        report.usage(
            "DD308", "--published", f"`{options.published}` is not a date", "write it as 2024-02-06"
        )
    year_end = None
    if options.fiscal_year_end is not None:
        match = _YEAR_END.match(options.fiscal_year_end)
        if match is None or shape.parse_day(f"2024-{options.fiscal_year_end}") is None:
            report.usage(
                "DD308", "--fiscal-year-end",
                f"`{options.fiscal_year_end}` is not a day of the year", "write it as 12-31",
            )  # fmt: skip
        else:
            year_end = (int(match[1]), int(match[2]))
    if not options.out.endswith(YAML) or options.out.endswith(MAP):
        report.usage(
            "DD313", "-o", f"`{options.out}` is no name for a company file",
            "write for example `-o companies/acme.yaml`",
        )  # fmt: skip
    return None if report.failed else Asked(currency, unit, year_end)


def _book(options: ImportOptions, report: Report) -> Book | None:
    """The spreadsheet, or None and diagnostics (DD001, DD007, DD501, DD502 and others)."""
    path = options.path
    suffix = os.path.splitext(path)[1].lower()
    data = read_data(path, MAX_BYTES, report)
    if data is None:
        return None
    if not data:
        report.without_place("DD003", path, "the file is empty")
        return None
    if suffix not in (*_WORKBOOKS, *_TEXTS):
        report.without_place(
            "DD501", path, f"`{suffix or path}` is no kind of spreadsheet that is read",
            "open it in a spreadsheet program and save it as .xlsx or .csv",
        )  # fmt: skip
        return None
    if suffix in _TEXTS:
        if options.sheets:
            report.usage("DD509", "--sheet", f"`{path}` has no sheets, being text")
            return None
        return read_csv(path, data, report)
    if not data.startswith(b"PK"):
        old = data.startswith(b"\xd0\xcf\x11\xe0")
        report.without_place(
            "DD501", path,
            "an old or an encrypted workbook" if old else "not a workbook, although it is named so",
            "open it in a spreadsheet program and save it as .xlsx, without a password",
        )  # fmt: skip
        return None
    return read_xlsx(path, data, options.sheets, report)


def _settled(path: str, plan: Plan, report: Report) -> tuple[LabelMap, Source | None] | None:
    """The map at `path` with its text; an empty one where there is no file."""
    return read_map(path, plan, report) if is_file(path) else (EMPTY, None)


def _header(
    options: ImportOptions, book: Book, draft: Draft, map_path: str, report: Report
) -> Header | None:
    """Who and what the file is about; None and a diagnostic for what must be asked."""
    published = options.published
    if published is None and book.modified is not None:
        published = day_text(book.modified)
    if published is None:
        report.usage(
            "DD513", book.path, "the file does not say when it was published",
            "give the day: `--published 2024-02-06`",
        )  # fmt: skip
    if draft.currency is None and draft.tables:
        report.usage("DD507", book.path, "no head says the currency", "give it: `--currency USD`")
    if report.failed:
        return None
    ident = options.company or os.path.splitext(os.path.basename(options.out))[0]
    file = os.path.basename(book.path)
    calendar = draft.calendar
    return Header(
        id=ident,
        name=options.name or ident,
        currency=draft.currency or "",
        year_end=f"{calendar.month:02d}-{calendar.day:02d}",
        tags=tuple(tag.strip() for tag in (options.tags or "").split(",") if tag.strip()),
        source=options.source or _source_id(file),
        title=options.title or book.title or file,
        publisher=options.publisher,
        tier=options.tier or "management",
        published=published or "",
        url=options.url,
        file=file,
        sha256=book.sha256,
        map=os.path.basename(map_path),
    )


def _source_id(file: str) -> str:
    stem = re.sub(r"[^\w]+", "-", os.path.splitext(file)[0].lower()).strip("-_")
    return stem or "statement"


def _is_sound(path: str, text: str, plan: Plan, report: Report) -> bool:
    """Whether the company file reads without a mistake; what is wrong is reported at its place."""
    check = Report()
    root = parse(Source(path, text), check)
    if isinstance(root, Mapping):
        load_company(root, plan.terms, plan.vocabulary.dimensions, check)
    for item in check.items:
        report.add(item)
    return not check.items


def _map_file(
    path: str, draft: Draft, settled: tuple[LabelMap, Source | None], book: Book
) -> tuple[tuple[tuple[str, str], ...], str]:
    """The map to write, if any, and the lines that a map lacks to which they cannot be added.

    What stands in a map stays as it is; labels that are new are added at its end.
    """
    found, source = settled
    if source is None:
        return ((path, map_text(draft, os.path.basename(book.path))),), ""
    lines = added_lines(draft, found)
    if not lines:
        return (), ""
    # A map of an import that took nothing holds `labels: {}`, under which nothing can stand.
    kept = re.sub(r"(?m)^labels: \{\}$", "labels:", source.text)
    text = kept.rstrip("\n") + "\n" + lines
    quiet = Report()
    root = parse(Source(path, text), quiet)
    labels = root.get("labels") if isinstance(root, Mapping) else None
    if quiet.items or not isinstance(labels, Mapping):
        return (), lines
    if len(labels.entries) != len(found.labels) + sum(
        1 for line in lines.splitlines() if not line.lstrip().startswith("#")
    ):
        return (), lines
    return ((path, text),), ""
