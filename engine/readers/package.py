"""The package of a workbook, looked into before it is opened: sizes, formulas, when it was saved.

An .xlsx file is a ZIP archive of XML. What it would unpack to (`text.archive`), how many cells and
merged cells it claims is settled here, so that opening it cannot exhaust the machine.
Formulas are read for what they rest on: a value that was never saved or that comes from another
workbook is no data.
"""

from __future__ import annotations

import io
import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from ddcheck.engine.readers.sheets import Area
from ddcheck.engine.text.archive import TOO_LARGE, Archive, ArchiveError, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from ddcheck.engine.text.diagnostics import Report

#: Bytes of the file itself.
MAX_BYTES = 16 * 1024 * 1024
_LIMITS = Limits(parts=2_000, unpacked=96 * 1024 * 1024, tags=3_000_000)
_MAX_CELLS = 250_000
_MAX_MERGED = 200_000

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ABODE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_REFERENCE = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([\w.]+))!)?"
    r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?(?![\w(])"
)
_EXTERNAL = re.compile(
    r"\[\d+\]|\[[^\]\[]*\.(?:xl|csv|ods)[^\]]*\]|(?:https?|file)://", re.IGNORECASE
)
_STRING = re.compile(r'"[^"]*"')
_MAX_FORMULA = 8192

UNSAVED = "a formula whose value was never saved"
EXTERNAL = "a value from another workbook"


class Package(NamedTuple):
    """What was found: cells by sheet whose value is no data, with why; hidden sheets; the day on
    which the workbook was saved, if it says so.
    """

    troubles: dict[str, dict[tuple[int, int], str]]
    hidden: tuple[str, ...]
    modified: str | None
    macros: bool


class _TooLarge(Exception):
    """What would not fit; the message says what."""


def look_into(path: str, data: bytes, report: Report) -> Package | None:
    """What the package in `data` holds, or None and a diagnostic (DD501, DD502)."""
    from defusedxml import DefusedXmlException

    try:
        archive = Archive(data, _LIMITS)
        archive.look_through()
        return _package(archive)
    except _TooLarge as error:
        _refuse_size(path, str(error), report)
    except ArchiveError as error:
        if error.kind == TOO_LARGE:
            _refuse_size(path, error.words, report)
        else:
            _refuse(path, error.words, report)
    except DefusedXmlException:
        report.without_place("DD501", path, "not opened: its XML declares entities")
    except (KeyError, ValueError, SyntaxError) as error:  # in its XML, or a part that lacks
        _refuse(path, str(error).strip("'\"") or type(error).__name__, report)
    return None


def _refuse(path: str, words: str, report: Report) -> None:
    report.without_place(
        "DD501", path, f"not a workbook that can be read: {words[:90]}",
        "open it in a spreadsheet program and save it as .xlsx",
    )  # fmt: skip


def _refuse_size(path: str, words: str, report: Report) -> None:
    report.without_place(
        "DD502", path, f"not opened: {words}", "keep only the sheets with the statements"
    )


def _package(archive: Archive) -> Package:
    from defusedxml.ElementTree import fromstring

    book = fromstring(archive.read("xl/workbook.xml"))
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    names = {
        str(item.get("name"))
        for item in book.iter(f"{_MAIN}definedName")
        if item.text and _EXTERNAL.search(item.text)
    }
    present = archive.names
    hidden, formulas, troubles = [], {}, {}
    count = 0
    for item in book.iter(f"{_MAIN}sheet"):
        sheet = item.get("name", "")
        target = targets.get(item.get(_RELATION), "")
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        if item.get("state", "visible") != "visible":
            hidden.append(sheet)
        if part not in present:
            raise ValueError(f"the sheet `{sheet}` is missing")
        if not part.startswith("xl/worksheets/"):
            continue
        formulas[sheet], troubles[sheet], cells = _scan(archive.read(part))
        count += cells
        if count > _MAX_CELLS:
            raise _TooLarge(f"it has more than {_MAX_CELLS:,} cells")
    _spread(formulas, names, troubles)
    modified = None
    if "docProps/core.xml" in present:
        core = fromstring(archive.read("docProps/core.xml"))
        modified = next((item.text for item in core.iter() if item.tag.endswith("}modified")), None)
    return Package(troubles, tuple(hidden), modified, "xl/vbaProject.bin" in present)


_Place = tuple[int, int]


def _scan(data: bytes) -> tuple[dict[_Place, str], dict[_Place, str], int]:
    """The formulas of a sheet, the cells whose value was never saved, and how many cells it has."""
    from defusedxml.ElementTree import iterparse

    formulas: dict[_Place, str] = {}
    troubles: dict[_Place, str] = {}
    shared: dict[str | None, str] = {}
    count = merged = row = column = 0
    events: Iterator[tuple[str, Element]] = iterparse(io.BytesIO(data), ("start", "end"))
    for event, item in events:
        if event == "start":
            if item.tag == f"{_MAIN}row":
                row, column = int(item.get("r") or row + 1), 0
            continue
        if item.tag == f"{_MAIN}c":
            count += 1
            if count > _MAX_CELLS:
                raise _TooLarge(f"it has more than {_MAX_CELLS:,} cells")
            written = item.get("r")
            row, column = _place(written) if written else (row, column + 1)
            formula = item.find(f"{_MAIN}f")
            if formula is not None:
                text = formula.text or shared.get(formula.get("si"), "")
                if formula.get("t") == "shared" and formula.text:
                    shared[formula.get("si")] = formula.text
                formulas[row, column] = text
                value = item.find(f"{_MAIN}v")
                # An empty text is a value that a formula may have; an empty number is none.
                if value is None or (not value.text and item.get("t") != "str"):
                    troubles[row, column] = UNSAVED
        elif item.tag == f"{_MAIN}mergeCell":
            area = area_of(item.get("ref", ""))
            merged += (area.bottom - area.top + 1) * (area.right - area.left + 1)
            if merged > _MAX_MERGED:
                raise _TooLarge(f"it merges more than {_MAX_MERGED:,} cells")
        elif item.tag == f"{_MAIN}row":
            item.clear()
    return formulas, troubles, count


def area_of(ref: str) -> Area:
    """The area that a reference such as `B2:D2` or `B2` names. Raises ValueError."""
    first, _, last = ref.partition(":")
    top, left = _place(first)
    bottom, right = _place(last or first)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _place(written: str) -> _Place:
    match = _ABODE.fullmatch(written)
    if match is None:
        raise ValueError(f"`{written[:20]}` names no cell")
    return int(match[2]), _column(match[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _spread(
    formulas: dict[str, dict[_Place, str]],
    names: set[str],
    troubles: dict[str, dict[_Place, str]],
) -> None:
    """Mark every formula that comes from another workbook, directly or through other cells."""
    reads: dict[tuple[str, _Place], list[tuple[str, Area]]] = {}
    for sheet, cells in formulas.items():
        for place, formula in cells.items():
            text = _STRING.sub("", formula[:_MAX_FORMULA])
            words = set(re.findall(r"[\w.]+", text))
            if _EXTERNAL.search(formula[:_MAX_FORMULA]) or words & names:
                troubles[sheet][place] = EXTERNAL
                continue
            reads[sheet, place] = [
                ((match[1] or match[2] or sheet).replace("''", "'"), _area(match))
                for match in _REFERENCE.finditer(text)
            ]
    spreading = any(EXTERNAL in cells.values() for cells in troubles.values())
    while spreading:
        spreading = False
        for (sheet, place), areas in list(reads.items()):
            if any(_touches(troubles.get(name, {}), area) for name, area in areas):
                troubles[sheet][place] = EXTERNAL
                del reads[sheet, place]
                spreading = True


def _area(match: re.Match[str]) -> Area:
    top, left = int(match[4]), _column(match[3])
    bottom, right = (int(match[6]), _column(match[5])) if match[5] else (top, left)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _touches(troubles: dict[_Place, str], area: Area) -> bool:
    return any(
        why == EXTERNAL and area.top <= row <= area.bottom and area.left <= column <= area.right
        for (row, column), why in troubles.items()
    )
