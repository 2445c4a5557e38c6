"""Copies that are PDF files: the lines of each page, read with pypdf within its limits."""

from __future__ import annotations

import io
import re

from ddcheck.engine.copies.copies import (
    CONTENTS,
    HEADING,
    Builder,
    Copy,
    CopyError,
    kind_of_words,
    single,
    too_large,
)
from ddcheck.engine.model.verification import Remark

MAX_PAGES = 3000
#: Bytes of drawing on one page.
MAX_PAGE = 8 * 1024 * 1024
#: Characters on a page of which a copy without text has fewer, on average.
_FEW = 10
_NUMBERED = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+[^\W\d]|\d{1,2}(?:\.\d{1,2}){1,3}[^\W\d]|\d{1,2}、[^\W\d]"
    r"|第[一二三四五六七八九十\d]+[章节部]|(?:item|part|note|section|chapter)\s+\d+[a-z]?\b)",
    re.IGNORECASE,
)
_END = tuple(".。!！?？;；,，:：")
_TITLE_COLUMNS = 60


def pdf_copy(data: bytes) -> Copy:
    """The copy in a PDF, a block for each line. Raises CopyError: DD524 to DD527."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    locked = CopyError(
        "DD527", "the copy is encrypted", "open it with its password and print it to a new PDF"
    )
    out = Builder("pdf")
    shown = 0
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise locked
        if len(reader.pages) > MAX_PAGES:
            raise too_large(f"more than {MAX_PAGES} pages")
        empty = []
        for number, page in enumerate(reader.pages, 1):
            content = page.get_contents()
            if content is not None and len(content.get_data()) > MAX_PAGE:
                raise too_large(f"page {number} unpacks to more than {MAX_PAGE >> 20} MiB")
            found = _page(out, page.extract_text() or "", number)
            shown += found
            if not found:
                empty.append(number)
        out.pages = len(reader.pages)
    except CopyError:
        raise
    except (DependencyError, FileNotDecryptedError):
        raise locked from None
    except (LimitReachedError, MemoryError) as error:
        raise too_large(f"it expands too far ({error})".replace("\n", " ")) from None
    except Exception as error:  # noqa: BLE001 - on a damaged file pypdf may raise anything
        raise CopyError(
            "DD525",
            f"the copy is not a PDF that can be read ({type(error).__name__})",
            "fetch the document again, or print it to a new PDF",
        ) from None
    if shown < _FEW * out.pages:
        raise CopyError(
            "DD524",
            f"the copy shows no text on its {out.pages} page{'s' * (out.pages != 1)}: a scan",
            "run it through text recognition (OCR), or fetch a copy with text",
        )
    if empty:
        pages = ", ".join(map(str, empty[:10])) + (" …" if len(empty) > 10 else "")
        out.remarks.append(Remark("no text on pages {pages}", (("pages", pages),)))
    return out.finish()


def _page(out: Builder, text: str, number: int) -> int:
    """Add the lines of a page; how many characters that show it has."""
    shown = 0
    for i, raw in enumerate(text.split("\n"), 1):
        words = single(raw)
        shown += len(words)
        kind, level = kind_of_words(words), 0
        if kind != CONTENTS and len(words) <= _TITLE_COLUMNS and not words.endswith(_END):
            match = _NUMBERED.match(words)
            if match:
                kind, level = HEADING, words.split()[0].strip(".").count(".") + 1
        out.add([raw], kind, level=level, page=number, line=i)
    return shown
