"""Text files of cells: CSV, with commas, semicolons or tabs, in UTF-8, UTF-16 or GBK.

What the file does not say (its encoding, its delimiter, its decimal sign) is told from all of its
content and said in the notes; where it cannot be told, it is asked.
"""

from __future__ import annotations

import csv
import hashlib
import re
from typing import TYPE_CHECKING

from ddcheck.engine.readers.sheets import TEXT, Book, Cell, Sheet, clean_text

if TYPE_CHECKING:
    from ddcheck.engine.text.diagnostics import Report

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_MAX_CELLS = 250_000
#: What a Chinese statement in GBK is written with, beside ASCII.
_CHINESE = re.compile(
    r"[\x00-\x7f\u2010-\u2026\u3000-\u303f\u4e00-\u9fff\uff01-\uffe6￥¥·×‰°Ⅰ-Ⅻ①-⑳]*\Z"
)
_COMMA_DECIMAL = re.compile(
    r"[-+(]*\s*(?:\d{1,3}(?:[.\s\u00a0]\d{3})+,\d+|0,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{4,},\d+)\s*%?\)?\Z"
)
_POINT_DECIMAL = re.compile(
    r"[-+(]*\s*(?:\d{1,3}(?:,\d{3})+\.\d+|0\.\d+|\d+\.(?:\d{1,2}|\d{4,})|\d{4,}\.\d+)\s*%?\)?\Z"
)
_UNCLEAR = re.compile(r"[-+(]*\s*\d{1,3}(?:,\d{3})+\s*%?\)?\Z")


def read_csv(path: str, data: bytes, report: Report) -> Book | None:
    """The one sheet of the text in `data`, or None and DD501, DD002 or DD003."""
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        report.without_place(
            "DD501", path, "a workbook, although its name ends like that of a text file",
            "name it .xlsx",
        )  # fmt: skip
        return None
    decoded = _decoded(data)
    if decoded is None or "\0" in decoded[0]:
        report.without_place(
            "DD002", path, "neither UTF-8 nor GBK text", "save the file as CSV in UTF-8"
        )
        return None
    text, encoding = decoded
    if not text.strip():
        report.without_place("DD003", path, "the file is empty")
        return None
    notes = [] if encoding == "UTF-8" else [f"read as {encoding}"]
    try:
        delimiter, rows = _rows(text)
    except csv.Error as error:
        report.without_place("DD501", path, f"not a table that can be read: {error}")
        return None
    if sum(len(row) for row in rows) > _MAX_CELLS:
        report.without_place("DD502", path, f"more than {_MAX_CELLS:,} cells")
        return None
    if delimiter != ",":
        notes.append(f"cells are separated by {_DELIMITERS[delimiter]}")
        if not _to_points(path, rows, delimiter, notes, report):
            return None
    cells = {
        (i, j): Cell(i, j, clean_text(field), TEXT, len(field) - len(field.lstrip(" \u3000\u00a0")))
        for i, row in enumerate(rows, 1)
        for j, field in enumerate(row, 1)
        if clean_text(field)
    }
    digest = hashlib.sha256(data).hexdigest()
    return Book(path, (Sheet("", cells),), digest, notes=tuple(notes))


def _decoded(data: bytes) -> tuple[str, str] | None:
    """The text and the name of its encoding; None where neither is sure."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            return None
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return (text, "GBK") if _CHINESE.match(text) else None


def _rows(text: str) -> tuple[str, list[list[str]]]:
    """The delimiter that most rows agree on, and the rows."""
    first, _, rest = text.partition("\n")
    said = re.fullmatch(r'"?sep=(.)"?\s*', first)
    if said and said[1] in _DELIMITERS:
        # The first line stays, empty, so that rows keep their numbers.
        return said[1], [[], *_parsed(rest, said[1])]
    best: tuple[int, str, list[list[str]]] = (-1, ",", [])
    for delimiter in _DELIMITERS:
        rows = _parsed(text, delimiter)
        widths = [len(row) for row in rows if len(row) > 1]
        agreed = max((widths.count(width) for width in set(widths)), default=0)
        if agreed > best[0]:
            best = (agreed, delimiter, rows)
    return best[1], best[2]


def _parsed(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))


def _to_points(
    path: str, rows: list[list[str]], delimiter: str, notes: list[str], report: Report
) -> bool:
    """Write decimal commas as points; False and DD501 if it cannot be told what commas are."""
    fields = [field.strip() for row in rows for field in row]
    commas = any(_COMMA_DECIMAL.match(field) for field in fields)
    points = any(_POINT_DECIMAL.match(field) for field in fields)
    if commas and not points:
        notes.append("decimal commas are written as points")
        for row in rows:
            for i, field in enumerate(row):
                if _COMMA_DECIMAL.match(field.strip()) or re.fullmatch(
                    r"[-+(]*\s*\d{1,3}(?:[.\s\u00a0]\d{3})+\s*%?\)?", field.strip()
                ):
                    plain = re.sub(r"[.\s\u00a0](?=\d{3})", "", field.strip())
                    row[i] = plain.replace(",", ".")
        return True
    unclear = next((field for field in fields if _UNCLEAR.match(field)), None)
    if commas or (unclear is not None and not points and delimiter == ";"):
        report.without_place(
            "DD501", path,
            f"cannot tell whether the comma in `{unclear or 'its figures'}` groups thousands or "
            "begins decimals",
            "save the file with commas between cells, or without thousands separators",
        )  # fmt: skip
        return False
    return True
