"""Workbooks: sheets of text and numbers as the bytes of an .xlsx file, the same for the same facts.

Text is written as text and marked as such, so that nothing in it is ever run as a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import NamedTuple, TypeAlias

from ddcheck.engine.text.written import FORMULA

_Value: TypeAlias = "str | float | int | bool | None"
#: A ZIP archive dates its parts; the earliest date there is says nothing.
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
#: Characters that XML cannot hold.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_WIDTH, _MAX_TEXT = 60, 32_000


class Page(NamedTuple):
    """A sheet: its name, the heads of its columns, and rows of values; `formats` are the number
    formats of cells by row and column, counted from 0 without the heads.
    """

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[_Value, ...], ...]
    formats: dict[tuple[int, int], str]
    frozen: int = 1


def render_workbook(pages: list[Page]) -> bytes:
    """The workbook of `pages`: heads frozen, columns as wide as what stands in them."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    for page in pages:
        sheet = book.create_sheet(page.name)
        for i, row in enumerate((page.heads, *page.rows)):
            for j, value in enumerate(row):
                if value is None:
                    continue
                cell = sheet.cell(i + 1, j + 1)
                if isinstance(value, str | bool):
                    text = str(value).lower() if isinstance(value, bool) else value
                    cell.value = _CONTROLS.sub("\ufffd", text)[:_MAX_TEXT]
                    cell.data_type = "s"
                    cell.quotePrefix = text[:1] in FORMULA
                else:
                    cell.value = value
                    cell.number_format = page.formats.get((i - 1, j), "General")
                if not i:
                    cell.font = Font(bold=True)
        for j, head in enumerate(page.heads):
            texts = [head, *(str(row[j]) for row in page.rows if row[j] is not None)]
            width = max(sum(2 if ord(char) > 0x2E7F else 1 for char in text) for text in texts)
            sheet.column_dimensions[get_column_letter(j + 1)].width = min(width + 2, _MAX_WIDTH)
        sheet.freeze_panes = f"{get_column_letter(page.frozen + 1)}2"
    out = io.BytesIO()
    book.save(out)
    return _undated(out.getvalue())


def _undated(data: bytes) -> bytes:
    """The archive in `data` without the time at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _DATES.sub(rb"\g<1>2000-01-01T00:00:00Z\g<3>", content)
            part = zipfile.ZipInfo(name, _NO_DATE)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            new.writestr(part, content)
    return out.getvalue()
