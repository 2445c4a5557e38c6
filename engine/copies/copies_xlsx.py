"""Copies that are workbooks: each row as it is shown, and with the values behind it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from ddcheck.engine.copies.copies import MAX_VALUES, ROW, Builder, Copy, CopyError, too_large
from ddcheck.engine.model.verification import Remark
from ddcheck.engine.text.archive import ENCRYPTED, TOO_LARGE, Archive, ArchiveError, Limits

#: A part that shrinks more than `ratio` times, and unpacks to more than a few bytes, is a bomb.
_LIMITS = Limits(parts=10_000, unpacked=256 * 1024 * 1024, tags=3_000_000, ratio=400)
#: A file of many cells has many elements: so many more for each byte of it, and never more.
_TAGS_PER_BYTE, _MAX_TAGS = 2, 10_000_000
#: Sheets up to this size are searched for formulas without results.
_SEARCHED = 8 * 1024 * 1024
#: Places in rows, filled or not: a cell at the far end of each of many rows is a bomb as well.
_MAX_PLACES = 20_000_000
_UNCOMPUTED = re.compile(rb"<f[^>]*?(?:/>|>[^<]*</f>)\s*(?:</c>|<v\s*/>|<v></v>)")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]')
_DAMAGED = "fetch the document again, or open it and save it as .xlsx"


def xlsx_copy(data: bytes) -> Copy:
    """The copy in a workbook, a block for each row. Raises CopyError: DD525 to DD527."""
    from openpyxl import load_workbook

    stale = _checked(data)
    out = Builder("xlsx")
    if stale:
        out.remarks.append(
            Remark("formulas without results: open the copy in a spreadsheet and save it")
        )
    places = values = 0
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            out.sheets.append(sheet.title)
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(), 1):
                places += len(cells) + 1
                if places > _MAX_PLACES:
                    raise too_large("its sheets are too wide and too long")
                filled = [(i, cell) for i, cell in enumerate(cells, 1) if cell.value is not None]
                values += len(filled)
                if values > MAX_VALUES:
                    raise too_large(f"more than {MAX_VALUES // 1_000_000} million cells")
                if filled:
                    _row(out, sheet.title, number, filled)
        book.close()
    except CopyError:
        raise
    except Exception as error:  # noqa: BLE001 - on a damaged file openpyxl may raise anything
        raise CopyError(
            "DD525",
            f"the copy is not a workbook that can be read ({type(error).__name__})",
            _DAMAGED,
        ) from None
    return out.finish()


def _checked(data: bytes) -> bool:
    """Whether formulas without results stand in it; refuses what unpacks too far (DD526)."""
    tags = min(_LIMITS.tags + _TAGS_PER_BYTE * len(data), _MAX_TAGS)
    try:
        archive = Archive(data, _LIMITS._replace(tags=tags))
        names = archive.names
        if "xl/workbook.xml" not in names:
            kind = "a Word document" if "word/document.xml" in names else "no workbook"
            raise CopyError("DD525", f"the copy is {kind}", "save it as PDF, text, HTML or .xlsx")
        archive.look_through()
        return any(
            _UNCOMPUTED.search(archive.read(name))
            for name in sorted(names)
            if name.startswith("xl/worksheets/") and (archive.size(name) or 0) <= _SEARCHED
        )
    except ArchiveError as error:
        if error.kind == TOO_LARGE:
            raise too_large(error.words) from None
        if error.kind == ENCRYPTED:
            raise CopyError(
                "DD527", "the copy is encrypted", "open it and save it without a password"
            ) from None
        raise CopyError(
            "DD525", f"the copy is not a workbook that can be read ({error.words[:60]})", _DAMAGED
        ) from None


def _row(out: Builder, sheet: str, number: int, filled: Sequence[tuple[int, object]]) -> None:
    """Add a row as it is shown, and once more by its values if they are longer."""
    columns = tuple(column for column, _ in filled)
    shown = [_shown(_value(cell), _format(cell)) for _, cell in filled]
    raw = [_plain(_value(cell)) for _, cell in filled]
    for texts in (shown, raw) if raw != shown else (shown,):
        out.add(texts, ROW, line=number, glue="\t", sheet=sheet, columns=columns, raw=texts is raw)


def _value(cell: object) -> object:
    return getattr(cell, "value", None)


def _format(cell: object) -> str:
    found = getattr(cell, "number_format", None)
    return found if isinstance(found, str) else "General"


def _plain(value: object) -> str:
    """A cell's value in full: a number with at most 15 digits, as a sheet keeps it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return format(Decimal(format(value, ".15g")), "f")
    if isinstance(value, (datetime, date, time)):
        return value.isoformat().removesuffix("T00:00:00")
    return str(value)


def _shown(value: object, form: str) -> str:
    """A cell as its number format shows it; in full where the format is not of a plain kind."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or form == "General":
        return _plain(value)
    sections = re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", form)
    section, minus = sections[0], "-" if value < 0 else ""
    if value < 0 and len(sections) > 1:
        section, minus = sections[1], ""
    elif value == 0 and len(sections) > 2:
        section, minus = sections[2], ""
    bare = _LITERAL.sub("", section)
    pattern = re.search(r"[#0?][#0?,]*(?:\.[#0?]*)?,*", bare)
    literals = _LITERAL.sub(lambda m: m[1] or m[2] or m[3] or "", section)
    if pattern is None:
        return (
            literals.strip() if not re.search(r"[ymdhs@]", bare, re.IGNORECASE) else _plain(value)
        )
    if re.search(r"[ymdhs/eE]", bare.replace("General", "")):
        return _plain(value)
    amount = abs(Decimal(format(value, ".15g")))
    amount *= Decimal(100) ** bare.count("%")
    scaled = pattern[0].rstrip(",")
    amount /= Decimal(1000) ** (len(pattern[0]) - len(scaled))
    whole, _, fraction = scaled.partition(".")
    rounded = amount.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    digits = format(rounded, ",f" if "," in whole else "f")
    optional = len(fraction) - len(fraction.rstrip("#?"))
    if optional and "." in digits:
        kept = len(digits) - optional
        digits = digits[:kept] + digits[kept:].rstrip("0")
        digits = digits.rstrip(".")
    return minus + literals.replace(pattern[0], digits, 1).strip()
