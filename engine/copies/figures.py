"""Figures in running text: numbers with their sign, and the unit printed beside them.

A number is atomic: 12.5 never stands in 112.5, nor 13 in 13.0. Thousands may be grouped by commas,
apostrophes or narrow blanks; what is grouped otherwise (`12,5`, `1.2.3`) is no number that we know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from ddcheck.engine.text.words import (
    CURRENCIES,
    RATIO_WORDS,
    SCALE_WORDS,
    SIGNS,
    UNIT_WORDS,
    QuantityError,
    parse_unit,
)

_CHAIN = re.compile(
    r"[0-9]+(?:[.,'’，\u00a0\u2009\u202f][0-9]+){0,12}|(?<![0-9.])\.[0-9]+(?![.0-9])", re.ASCII
)
_GROUPED = re.compile(
    r"[0-9]{1,3}(?:([,'’，\u00a0\u2009\u202f])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?\Z"
)
_SIMPLE = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)\Z")
#: Separators that also stand between two numbers.
_LOOSE = re.compile(r"[，\u00a0\u2009\u202f]")
_CODES = frozenset({*CURRENCIES, "RMB", "US", "HK", "C", "A", "S", "NT"})
_BEFORE = re.compile(r"(?:US\$|HK\$|[$¥€£]|(?<![A-Za-z])(?:RMB|US|[A-Z]{3}))\s?\Z")
_WORDS = sorted((*UNIT_WORDS, *RATIO_WORDS, *SCALE_WORDS), key=len, reverse=True)
_SPELLED = {
    "percentage points": "pp", "percentage point": "pp", "percent": "%", "per cent": "%",
    "dollars": "USD", "millions": "million", "billions": "billion", "thousands": "thousand",
}  # fmt: skip
#: A word of a unit, with a blank before it.
UNIT = re.compile(
    r"\s?(?:"
    + "|".join(
        re.escape(word).replace(r"\ ", r"\s")
        + (r"(?![A-Za-z0-9])" if word[-1].isalpha() and word.isascii() else "")
        for word in (*_SPELLED, *_WORDS)
    )
    + ")"
)
_PER = re.compile(r"\s?/\s?(?=\S)")
#: A dash behind one of these is a range's or a word's, not a minus.
_DASHED = re.compile(
    r"(?:[A-Za-z%)\]]|[0-9]\s?[年月日季度底末万亿千百元美个家名人倍次天股]{0,3})\Z"
)
_CHINESE = re.compile(r"第?([零〇一二两三四五六七八九十百千]+)((?:万|亿)*)")
_DIGITS = {char: i for i, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}


class Number(NamedTuple):
    """A number in a text: its digits without grouping, and where they stand."""

    digits: str
    start: int
    end: int


class Amount(NamedTuple):
    """A number with its sign and the unit beside it.

    `value` and `step` (one unit of the last digit) are in base units; `unit` is a unit's name, ""
    if none is beside it; `scaled` tells whether any unit or scale is.
    """

    value: Decimal
    step: Decimal
    unit: str
    scaled: bool
    end: int


def _classified(chain: str, start: int) -> Iterator[Number]:
    if _SIMPLE.match(chain):
        yield Number("0" + chain if chain[0] == "." else chain, start, start + len(chain))
    elif _GROUPED.match(chain):
        digits = re.sub(r"[^0-9.]", "", chain)
        yield Number(digits, start, start + len(chain))
    elif _LOOSE.search(chain):
        for piece in re.finditer(r"[^，\u00a0\u2009\u202f]+", chain):
            yield from _classified(piece[0], start + piece.start())


def numbers(text: str, start: int = 0, end: int | None = None) -> Iterator[Number]:
    """Each number in `text` between `start` and `end`, parts of words such as `Q1` left out."""
    for match in _CHAIN.finditer(text, start, len(text) if end is None else end):
        first = match.start()
        before = text[first - 1] if first else ""
        if before.isascii() and before.isalpha():
            word = re.search(r"[A-Za-z]+\Z", text[max(0, first - 8) : first])
            if word is None or word[0].upper() not in _CODES:
                continue
        yield from _classified(match[0], first)


def sign(text: str, number: Number) -> str:
    """How `number` is signed: `-` by a minus or by brackets around it alone, else nothing."""
    before = text[max(0, number.start - 16) : number.start]
    currency = _BEFORE.search(before)
    if currency:
        before = before[: currency.start()]
    if before.endswith("-") or (before.endswith("- ") and not before[:-2].strip(" \t")):
        ahead = before[:-1] if before.endswith("-") else before[:-2]
        if ahead.endswith("-"):
            return ""
        return "" if _DASHED.search(ahead) and not ahead[-1:].isspace() else "-"
    if before.rstrip().endswith("("):
        behind = text[number.end : number.end + 24]
        unit_end = _unit_end(behind, 0)
        if behind[unit_end:].lstrip().startswith(")") or behind.lstrip().startswith(")"):
            return "-"
    return ""


def _unit_end(text: str, at: int) -> int:
    """Where the words of a unit that begin at `at` end; `at` if there are none."""
    end = at
    for _ in range(6):
        match = UNIT.match(text, end)
        if match is None:
            per = _PER.match(text, end) if end > at else None
            match = UNIT.match(text, per.end()) if per else None
            if match is None:
                break
        end = match.end()
    return end


def amount(text: str, number: Number) -> Amount:
    """`number` in base units, by the unit beside it; the sign is not looked at."""
    point = Decimal(number.digits)
    exponent = point.as_tuple().exponent
    step = Decimal(1).scaleb(int(exponent))
    end = _unit_end(text, number.end)
    words = text[number.end : end].strip()
    for spelled, plain in _SPELLED.items():
        words = re.sub(rf"\b{spelled}\b", plain, words)
    currency = _BEFORE.search(text[max(0, number.start - 8) : number.start])
    if currency:
        mark = currency[0].strip()
        if mark in UNIT_WORDS or mark in SIGNS:
            words = f"{words} {mark}".strip() if UNIT_WORDS.get(mark, mark) not in words else words
    if not words:
        return Amount(point, step, "", False, number.end)
    # A text such as `20 votes` is read whole; of `5 m 3` or `USD USD` the number alone is known.
    try:
        unit = parse_unit(words)
    except QuantityError:
        return Amount(point, step, "", False, number.end)
    return Amount(point * unit.factor, step * unit.factor, unit.name, True, end)


def spelled_out(text: str) -> Decimal | None:
    """The first number that `text` writes in Chinese characters: 百亿, 一票, 第一; else None."""
    match = _CHINESE.search(text)
    if match is None:
        return None
    total = digit = 0
    for char in match[1]:
        if char in _PLACES:
            total += (digit or 1) * _PLACES[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    found = Decimal(total + digit)
    for char in match[2]:
        found *= SCALE_WORDS[char]
    return found


def plain_digits(text: str) -> str:
    """The digits of a number without zeros that say nothing: `8.10` and `8.1` are one value."""
    try:
        return format(Decimal(text).normalize(), "f")
    except InvalidOperation:
        return text


def slip(typed: str, printed: str) -> str:
    """How one slip of the hand makes `typed` of `printed`; "" if it takes more than one.

    `swapped` two neighboring digits, `digit` one wrong, `missing` one left out, `extra` one too
    many, `point` the decimal point elsewhere, `precision` the same value with other decimals.
    """
    if typed == printed:
        return ""
    if plain_digits(typed) == plain_digits(printed):
        return "precision"
    left, right = typed.replace(".", ""), printed.replace(".", "")
    if left == right and len(left) > 1:
        return "point"
    if len(typed) == len(printed):
        wrong = [i for i, pair in enumerate(zip(typed, printed, strict=True)) if pair[0] != pair[1]]
        if len(wrong) == 1 and len(left) > 1:
            return "digit"
        if len(left) == len(right):
            a, b = left, right
            wrong = [i for i, pair in enumerate(zip(a, b, strict=True)) if pair[0] != pair[1]]
            if (
                len(wrong) == 2
                and wrong[1] == wrong[0] + 1
                and a[wrong[0]] == b[wrong[1]]
                and a[wrong[1]] == b[wrong[0]]
            ):
                return "swapped"
    shorter, longer = sorted((left, right), key=len)
    if len(longer) == len(shorter) + 1 and len(shorter) > 1:
        for i in range(len(longer)):
            if longer[:i] + longer[i + 1 :] == shorter:
                return "missing" if len(left) < len(right) else "extra"
    return ""
