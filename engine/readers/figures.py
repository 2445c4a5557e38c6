"""Figures in cells: what is printed, as company files keep it; what is absent; what is neither."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.readers.sheets import NUMBER, TEXT, TROUBLE, Cell
from ddcheck.engine.text.quantity import parse_quantity
from ddcheck.engine.text.words import QuantityError, UnitText

_ABSENT = re.compile(
    r"[-–—−―‐\s.…/\\*]*|n\.?/?a\.?|#n/a|n\.?m\.?|nmf|nil|none|null|"
    r"not (?:available|applicable|disclosed|meaningful)|"
    r"无|不适用|未披露|未公布|暂无|缺失",
    re.IGNORECASE,
)
_SIGNS = r"US\$|HK\$|NT\$|A\$|C\$|S\$|RMB|CNY|USD|HKD|EUR|GBP|JPY|[$¥￥€£]"
_CURRENCY = re.compile(rf"\A([-+(]*)\s*(?:{_SIGNS})\s*|\s*(?:{_SIGNS})(\)?)\Z")
_NOTE = re.compile(r"[*†‡¹²³⁴⁵⁶⁷⁸⁹⁰]+\Z|\s*\[\d+\]\Z")
_PLAIN = re.compile(
    r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s*[%x×倍]?|\((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s*%?\)\s*%?"
)
_ANY = UnitText(Decimal(1), "ratio")
_MINUSES = str.maketrans("−–﹣－（）％．，０１２３４５６７８９", "----()%.,0123456789")


class Figure(NamedTuple):
    """What a cell prints. `text` is None where it prints nothing; `trouble` says why it cannot be
    used; `qualified` that it is more than a number (`over 130%`).
    """

    text: str | None
    trouble: str = ""
    qualified: bool = False

    @property
    def negative(self) -> bool:
        """Whether it is printed as below zero."""
        return self.text is not None and self.text[:1] in "-("

    @property
    def zero(self) -> bool:
        """Whether it prints zero."""
        return self.text is not None and not any(char in "123456789" for char in self.text)


NOTHING = Figure(None)


def figure(cell: Cell | None) -> Figure:
    """What `cell` prints, without a currency sign or a note; text that is no figure is trouble."""
    if cell is None:
        return NOTHING
    if cell.kind == TROUBLE:
        return Figure(None, cell.text)
    if _ABSENT.fullmatch(cell.text):
        return NOTHING
    if cell.kind not in (NUMBER, TEXT):
        return Figure(None, f"`{cell.text[:40]}` is a date")
    text = _NOTE.sub("", cell.text.translate(_MINUSES)).strip()
    text = _CURRENCY.sub(lambda match: (match[1] or "") + (match[2] or ""), text).strip()
    text = re.sub(r"\A([-+(])\s+", r"\1", text)
    if text.endswith("-") and _PLAIN.fullmatch(text[:-1]):
        text = f"-{text[:-1]}"
    if _PLAIN.fullmatch(text):
        return Figure(text.replace(" ", ""))
    if cell.kind == TEXT and any(char.isdigit() for char in text):
        try:
            parse_quantity(text, _ANY)
        except QuantityError:
            return Figure(None, f"`{cell.text[:40]}` is no figure")
        return Figure(text, qualified=True)
    return Figure(None, f"`{cell.text[:40]}` is no figure")
