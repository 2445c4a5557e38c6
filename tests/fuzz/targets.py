"""What is fuzzed: for each reader of ours a function that takes any bytes.

A target raises on what must not happen: an exception, a result that breaks its own promise, a
refusal that says nothing. What an author may do wrong ends in diagnostics, which are rendered.
`run.py` hands them what Atheris makes up, `tests/test_fuzz.py` the seeds and what is near them.
"""

from __future__ import annotations

import atexit
import functools
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ddcheck.engine.check.asking import formula_over
from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.copies.copies import CopyError, read_copy
from ddcheck.engine.gate.baseline import load_baseline
from ddcheck.engine.gate.settings import Place, Settings, read_settings
from ddcheck.engine.gate.waivers import load_waivers
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.evaluate import BOUNDS, POINTS, PRINTED
from ddcheck.engine.memo.figures import Figures
from ddcheck.engine.memo.markdown import TooLong, read_markdown
from ddcheck.engine.memo.reading import read_memo, read_word_memo
from ddcheck.engine.memo.rewriting import formatted, with_tags
from ddcheck.engine.memo.suggest import suggest
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.facts import load_company
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.periods import Calendar, PeriodError
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.policy import load_policy
from ddcheck.engine.readers.delimited import read_csv
from ddcheck.engine.readers.label_map import load_map
from ddcheck.engine.readers.xlsx import read_xlsx
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report, render
from ddcheck.engine.text.document import Mapping, Scalar, parse
from ddcheck.engine.text.quantity import parse_quantity
from ddcheck.engine.text.source import Source, decode
from ddcheck.engine.text.words import QuantityError, parse_unit

ROOT = Path(__file__).parents[2]
TODAY = 739_941  # 2026-11-21
NODE = Scalar(Source("fuzz", ""), "", None, 1, 1, 0)


class Broken(AssertionError):
    """A promise that was not kept."""


def hold(kept: object, words: str) -> None:
    """Raise Broken unless `kept`; unlike `assert` also under `python -O`."""
    if not kept:
        raise Broken(words)


# What the targets share.


@functools.cache
def plan() -> Plan:
    return compile_packs(load_packs((), Report()), Report())


@functools.cache
def settings() -> Settings:
    found = read_settings(Place(os.devnull, os.devnull + "/none", asked=False), (), Report())
    assert found is not None
    return found


@functools.cache
def company() -> Company:
    """Agora with little history, so that a formula is evaluated soon."""
    text = (ROOT / "companies" / "agora.yaml").read_text(encoding="utf-8")
    root = parse(Source("agora.yaml", text), Report())
    assert isinstance(root, Mapping)
    found = load_company(root, plan().terms, plan().vocabulary.dimensions, Report())
    assert found is not None
    return found


@functools.cache
def figures() -> Figures:
    return Figures(evaluate(plan(), company(), today=TODAY))


@functools.cache
def folder() -> Path:
    """A folder in memory, where there is one, for what is read from files only."""
    shared = Path("/dev/shm")
    made = tempfile.mkdtemp(prefix="ddcheck-fuzz-", dir=shared if shared.is_dir() else None)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _source(data: bytes, name: str, report: Report) -> Source | None:
    return decode(name, data, report)


def _root(data: bytes, name: str, report: Report) -> tuple[str, Mapping] | None:
    source = _source(data, name, report)
    root = parse(source, report) if source is not None else None
    kind = shape.kind(root, report) if root is not None else None
    if kind is None or not isinstance(root, Mapping):
        hold(report.items, "refused without a word")
        return None
    return kind, root


def _said(report: Report) -> None:
    """Render what was said; no character that moves the cursor may come through."""
    text = render(report)
    hold("\x1b" not in text and "\r" not in text, "a control character in a diagnostic")
    for item in report:
        hold(item.line >= 0 and item.column >= 0, "a place before the file")


# Targets.


def quantity(data: bytes) -> None:
    """The number grammar of company files; the unit grammar."""
    text = _text(data)
    try:
        found = parse_quantity(text)
    except QuantityError as error:
        hold(error.message, "refused without a word")
    else:
        low, high, value = found.low, found.high, found.value
        hold(low is None or high is None or low <= high, "an interval that runs backwards")
        hold(
            value is None or ((low is None or low <= value) and (high is None or value <= high)),
            "a value outside of its interval",
        )
        hold(found.negated().negated() == found, "twice negated is another")
    try:
        parse_unit(text)
    except QuantityError as error:
        hold(error.message, "refused without a word")


def period(data: bytes) -> None:
    """Labels of periods."""
    text = _text(data[1:])
    calendar = Calendar(1 + data[0] % 12 if data else 12, 28)
    try:
        found, kind = calendar.parse(text)
    except PeriodError:
        return
    again, same = calendar.parse(found.label)
    hold((again.start, again.months, same) == (found.start, found.months, 0), found.label)
    hold(kind in (0, 1, 2), "a kind that is none")


def expression(data: bytes) -> None:
    """Formulas: read, checked, evaluated."""
    report = Report()
    text = _text(data)
    node = Scalar(Source("fuzz", text), text, None, 1, 1, 0)
    formula = formula_over(plan(), node, report)
    hold((formula is None) == bool(report.items), "refused without a word, or used all the same")
    _said(report)
    if formula is None:
        return
    context = Context(plan(), Ledger(company(), None), TODAY)
    for mode in (POINTS, BOUNDS, PRINTED):
        row: Any = context.evaluator("year", mode).row(formula)
        hold(len(row.values if mode == POINTS else row) == len(context.axis("year").periods), text)


def company_file(data: bytes) -> None:
    """A company file; a short one that can be read is judged as well."""
    report = Report()
    found = _root(data, "company.yaml", report)
    if found is not None and found[0] == "company":
        firm = load_company(found[1], plan().terms, plan().vocabulary.dimensions, report)
        hold(firm is not None or report.items, "refused without a word")
        if firm is not None and not report.failed and len(data) < 1500:
            evaluate(plan(), firm, today=TODAY)
    _said(report)


def document(data: bytes) -> None:
    """YAML alone, by both parsers."""
    report = Report()
    source = _source(data, "file.yaml", report)
    if source is not None:
        node = parse(source, report)
        hold(node is not None or report.items, "refused without a word")
        pure = Report()
        other = parse(source, pure, pure=True)
        if "?" not in source.text:  # the pure one stumbles over it in a flow
            hold((node is None) == (other is None), "one parser reads what the other refuses")
    _said(report)


def pack(data: bytes) -> None:
    """A file of a pack, with the pack compiled."""
    here = folder() / "pack"
    if not here.is_dir():
        here.mkdir()
        (here / "pack.yaml").write_text(
            'ddcheck: pack/1\nid: fuzz\nversion: "1"\ntitle: F\nparameters:\n'
            "  limit: {unit: ratio, default: 10%}\n"
        )
        shutil.copy(ROOT / "tests/conformance/pack/vocabulary.yaml", here / "vocabulary.yaml")
    (here / "rules.yaml").write_bytes(data)
    report = Report()
    packs = load_packs((str(here),), report)
    if len(data) < 4000:
        compile_packs(packs, report)
    _said(report)


def policy(data: bytes) -> None:
    """The project's policy, and what is in it."""
    report = Report()
    found = _root(data, "ddcheck.yaml", report)
    if found is not None and found[0] == "policy":
        load_policy(found[1], report, settings().policy)
    _said(report)


def project(data: bytes) -> None:
    """A policy file as a whole: packs, parameters, folders."""
    path = folder() / "ddcheck.yaml"
    path.write_bytes(data)
    report = Report()
    found = read_settings(Place(str(path.parent), str(path), asked=True), (), report)
    hold(found is not None or report.items, "refused without a word")
    for place in (*found.companies, *found.memos, *found.waivers) if found is not None else ():
        inside = os.path.realpath(place).startswith(os.path.realpath(path.parent))
        hold(inside, f"{place} lies outside of the project")
    _said(report)


def waivers(data: bytes) -> None:
    """Waivers, baselines and maps of imports."""
    report = Report()
    found = _root(data, "waivers.yaml", report)
    if found is not None:
        kind, root = found
        if kind == "waivers":
            load_waivers(root, settings(), TODAY, report)
        elif kind == "baseline":
            load_baseline(root, report)
        elif kind == "map":
            load_map(root, plan().terms, report)
    _said(report)


def memo(data: bytes) -> None:
    """A Markdown memo: places, `memo fmt`, and for a short one `memo suggest`."""
    report = Report()
    source = _source(b"---\nddcheck: memo/1\ncompany: agora\n---\n" + data, "memo.md", report)
    found = read_memo(source, "warn", report) if source is not None else None
    _said(report)
    if found is None or source is None:
        hold(report.items, "refused without a word")
        return
    text = source.text
    for item in (*found.claims, *found.untagged, *found.exempt):
        span = item.span
        hold(0 <= span.start <= span.end <= len(text), "a span outside of the memo")
        hold(source.place(span.start) == (span.line, span.column), "a span at another place")
    for claim in found.claims:
        there = text[claim.target_span.start : claim.target_span.end]
        hold(there or claim.spelling != "link", "a target without text")
    for number in found.untagged:
        first = number.text[:1]
        hold(first == text[number.span.start], f"{number.text!r} does not stand at its place")
    if len(data) > 600:
        return
    new = formatted(source)
    hold(formatted(Source("memo.md", new)) == new, "fmt twice is not fmt once")
    if "dd:" not in text:
        hold(new == text, "fmt changes a memo without tags")
    if len(data) % 20:  # it works out every figure that a name may mean
        return
    try:
        prose = read_markdown(source)
    except TooLong:
        return
    with_tags(source, suggest(prose, figures()))


def word(data: bytes) -> None:
    """A document as bytes, and its text made up inside of a sound package."""
    for given in (data, _packed({"word/document.xml": data})):
        report = Report()
        found = read_word_memo("memo.docx", given, "warn", report)
        hold(found is not None or report.items, "refused without a word")
        _said(report)


def workbook(data: bytes) -> None:
    """A workbook as bytes, and its sheet made up inside of a sound package."""
    for given in (data, _packed({**_BOOK, "xl/worksheets/sheet1.xml": data})):
        report = Report()
        book = read_xlsx("table.xlsx", given, (), report)
        hold(book is not None or report.items, "refused without a word")
        _said(report)
        try:
            read_copy("copy.xlsx", given)
        except CopyError as error:
            hold(error.message, "refused without a word")


def table(data: bytes) -> None:
    """Text files of cells, and copies of sources in text, Markdown and HTML."""
    report = Report()
    book = read_csv("table.csv", data, report)
    hold(book is not None or report.items, "refused without a word")
    _said(report)
    for name in ("copy.csv", "copy.md", "copy.html", "copy.txt"):
        try:
            read_copy(name, data)
        except CopyError as error:
            hold(error.message, "refused without a word")


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_BOOK = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats'
        '-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ).encode(),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}relationships"><Relationship Id="r1" Type='
        f'"{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ).encode(),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="S" sheetId="1" '
        'r:id="r1"/></sheets></workbook>'
    ).encode(),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}relationships"><Relationship Id="r1" Type='
        f'"{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ).encode(),
}


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "quantity": quantity,
    "period": period,
    "expression": expression,
    "document": document,
    "company": company_file,
    "pack": pack,
    "policy": policy,
    "project": project,
    "waivers": waivers,
    "memo": memo,
    "word": word,
    "workbook": workbook,
    "table": table,
}


def seeds(name: str) -> Iterator[bytes]:
    """What to begin with: files of the repository and lines of its tests, by target."""
    if name == "quantity":
        texts = (
            "40.23 USD million|4023万美元|(72.36)|176..178 USD million|超99%|约90亿分钟|-5%|2.5x"
        )
        yield from (text.encode() for text in texts.split("|"))
    elif name == "period":
        yield from (b"\x0b" + text for text in b"FY2024|2024Q1|2023-06-30|FY2022G|2024H1|TTM-2024Q3"
                    .split(b"|"))  # fmt: skip
    elif name == "expression":
        for path in sorted(ROOT.glob("rules/core/*.yaml")):
            for line in path.read_text(encoding="utf-8").splitlines():
                key, _, formula = line.strip().partition(": ")
                if key in ("formula", "when"):
                    yield formula.strip("\"'").encode()
    else:
        patterns = {
            "document": ("tests/invalid/DD1*/*/*.yaml",),
            "company": ("tests/invalid/DD3*/*/*.yaml", "tests/companies/*.yaml"),
            "pack": ("rules/core/*.yaml", "tests/invalid/DD2*/*/*.yaml"),
            "policy": ("rules/core/policy.yaml", "tests/invalid/DD62*/*/ddcheck.yaml"),
            "project": ("rules/core/policy.yaml", "tests/invalid/DD62*/*/ddcheck.yaml"),
            "waivers": ("tests/invalid/DD6*/*/*.yaml",),
            "memo": ("tests/memo/**/*.md", "tests/invalid/DD60*/*/*.md"),
            "word": ("tests/**/*.docx",),
            "workbook": ("tests/**/*.xlsx",),
            "table": ("tests/**/*.csv", "tests/verify/**/*.md", "tests/verify/**/*.html"),
        }[name]
        for pattern in patterns:
            for path in sorted(ROOT.glob(pattern)):
                if path.stat().st_size < 20_000:
                    yield path.read_bytes()
    if name == "word":
        namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        texts = ("ddcheck: memo/1", "company: agora", "Revenue of $40 million")
        body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
        yield f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'.encode()
    if name == "workbook":
        cells = '<c r="A1" t="inlineStr"><is><t>Revenue</t></is></c><c r="B1"><f>A2</f><v>3</v></c>'
        yield (
            f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1">{cells}</row></sheetData>'
            '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells></worksheet>'
        ).encode()


def run(data: bytes, names: tuple[str, ...] = tuple(TARGETS)) -> None:
    """Hand `data` to the target that its first byte chooses of `names`."""
    if data:
        TARGETS[names[data[0] % len(names)]](data[1:])
