"""Looking for a printed figure in a copy: its words to the letter, else its amount.

A `Finder` holds one copy with the numbers that anybody looks for, each with where it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.copies.atlas import Atlas
from ddcheck.engine.copies.copies import Copy, even
from ddcheck.engine.copies.figures import Amount, Number, amount, numbers, plain_digits, sign
from ddcheck.engine.model.company import Fact

#: Scales that a figure may be printed in: per cent, none, thousands, 万, millions, 亿, billions.
_SCALES = tuple(map(Decimal, ("0.01", "1", "1e3", "1e4", "1e6", "1e8", "1e9")))
_SEPARATOR = r"[,'’，\u00a0\u2009\u202f]?"
_QUOTES = re.compile(r"[\"'“”‘’「」『』*_]")
_AHEAD = 80
#: Of one number, as many places are kept; where there are more, a narrow place is scanned instead.
_MAX_KNOWN, _MAX_SCANNED = 10_000, 100_000


class Wanted(NamedTuple):
    """A number of a printed figure: digits, sign, and what it is in base units.

    `scaled` tells whether a unit or scale belongs to it, written with it or above it.
    """

    digits: str
    sign: str
    value: Decimal
    step: Decimal
    unit: str
    scaled: bool


class Hit(NamedTuple):
    """A place in the copy's text where the figure stands; `signed` is how it is signed there."""

    start: int
    end: int
    signed: str


def wanted_numbers(fact: Fact) -> list[Wanted]:
    """The numbers that the fact's printed text holds, in base units; in order."""
    text = even(fact.text)
    found = [(number, amount(text, number)) for number in numbers(text)]
    last = next((a for _, a in reversed(found) if a.scaled), None)
    result = []
    for number, own in found:
        value, step, unit, scaled = own.value, own.step, own.unit, own.scaled
        if not own.scaled:
            factor = Decimal(1)
            if last is not None:
                factor, unit = _factor(found, last), last.unit
            elif value:
                factor, unit = _fact_factor(fact, value), fact.unit
                # A part of a breakdown: its unit stands in the file, above it.
                scaled = fact.text == fact.node.text and fact.row is None and factor != 1
            value, step = value * factor, step * factor
        result.append(Wanted(number.digits, sign(text, number), value, step, unit, scaled))
    return result


def _factor(found: list[tuple[Number, Amount]], scaled: Amount) -> Decimal:
    """What one unit of the last digit of the scaled number stands for."""
    number = next(n for n, a in found if a is scaled)
    return scaled.step / _step(number.digits)


def _step(digits: str) -> Decimal:
    return Decimal(1).scaleb(-len(digits.partition(".")[2]))


def _fact_factor(fact: Fact, point: Decimal) -> Decimal:
    """The power of ten that makes `point` the fact's value or one of its ends; 1 if none does."""
    for end in (fact.value, fact.low, fact.high):
        if end is None or not end or end in (float("inf"), float("-inf")):
            continue
        ratio = abs(end) / float(point)
        for power in range(-4, 16):
            if abs(ratio / 10.0**power - 1) < 1e-9:
                return Decimal(1).scaleb(power)
    return Decimal(1)


def variants(wanted: Wanted) -> set[str]:
    """Every way to write the digits of `wanted` in another scale, at the same precision."""
    found = {wanted.digits}
    for scale in _SCALES:
        value, step = wanted.value / scale, wanted.step / scale
        exponent = step.normalize().as_tuple().exponent
        if (
            isinstance(exponent, int)
            and -8 <= exponent <= 0
            and step == Decimal(1).scaleb(exponent)
        ):
            found.add(format(value.quantize(Decimal(1).scaleb(exponent)), "f"))
    return found


class Finder:
    """One copy, and where each number in `digits` stands in it."""

    def __init__(self, copy: Copy, digits: Iterable[str]) -> None:
        self.copy = copy
        self.text = copy.text
        self.atlas = Atlas(copy)
        sought = set(digits)
        # A sheet keeps 8.10 as 8.1.
        if copy.kind == "xlsx":
            sought |= {plain_digits(each) for each in sought}
        self.index: dict[str, list[Number]] = {}
        for number in numbers(self.text):
            if number.digits in sought:
                known = self.index.setdefault(number.digits, [])
                if len(known) < _MAX_KNOWN:
                    known.append(number)
        self._within: dict[tuple[int, int], list[Number]] = {}

    def within(self, ranges: Iterable[tuple[int, int]]) -> Iterator[Number]:
        """Every number in these ranges of the text."""
        for span in ranges:
            if span not in self._within:
                self._within[span] = list(numbers(self.text, *span))
            yield from self._within[span]

    def of(self, digits: str, ranges: tuple[tuple[int, int], ...]) -> Iterator[Number]:
        """Where `digits` stand in these ranges."""
        known = self.index.get(digits, [])
        for start, end in ranges:
            if len(known) == _MAX_KNOWN and end > known[-1].end and end - start < _MAX_SCANNED:
                yield from (n for n in numbers(self.text, start, end) if n.digits == digits)
                continue
            first = bisect_left(known, start, key=lambda number: number.start)
            last = bisect_right(known, end, key=lambda number: number.end)
            yield from known[first:last]

    # --- to the letter

    def literal(self, text: str, ranges: tuple[tuple[int, int], ...]) -> Iterator[Hit]:
        """Where `text` stands as printed, blanks and the grouping of digits aside."""
        plain = even(text)
        first = next(numbers(plain), None)
        if first is None:
            pattern = re.compile(_spelled(plain), re.IGNORECASE)
            for start, end in ranges:
                for match in pattern.finditer(self.text, start, end):
                    yield Hit(match.start(), match.end(), "")
            return
        signed = sign(plain, first)
        lead, tail = plain[: first.start], plain[first.end :]
        if signed == "-":
            lead = re.sub(r"[-(]\s*((?:US\$|[$¥€£])?\s?)\Z", r"\1", lead)
        before = re.compile(_spelled(lead) + r"\s*[-(]?\s*\Z", re.IGNORECASE)
        after = re.compile(_spelled(tail, closing=signed == "-"), re.IGNORECASE)
        own = amount(plain, first)
        for number in self.of(first.digits, ranges):
            start = number.start
            if lead.strip():
                begin = max(0, start - 2 * len(lead) - 8)
                ahead = before.search(self.text[begin:start])
                if ahead is None:
                    continue
                start = begin + ahead.start()
            rest = after.match(self.text, number.end)
            if rest is None or self._goes_on(number, own, tail):
                continue
            yield Hit(start, rest.end(), sign(self.text, number))

    def _goes_on(self, number: Number, own: Amount, tail: str) -> bool:
        """Whether the unit goes on: 1.5万 does not stand in 1.5万亿, nor a bare 3 in 3D."""
        printed = amount(self.text, number)
        if own.scaled:
            return printed.value != own.value
        behind = self.text[number.end : number.end + 1]
        return not tail.strip() and not printed.scaled and behind.isascii() and behind.isalpha()

    # --- by amount

    def amounts(self, wanted: list[Wanted], ranges: tuple[tuple[int, int], ...]) -> Iterator[Hit]:
        """Where all `wanted` stand near one another, each with a unit that makes it the same."""
        if not wanted:
            return
        for number, printed in self._same(wanted[0], ranges):
            near = ((number.start, min(len(self.text), printed.end + _AHEAD)),)
            if all(next(self._same(other, near), None) for other in wanted[1:]):
                yield Hit(number.start, printed.end, sign(self.text, number))

    def _same(
        self, wanted: Wanted, ranges: tuple[tuple[int, int], ...]
    ) -> Iterator[tuple[Number, Amount]]:
        for digits in sorted(variants(wanted)):
            for number in self.of(digits, ranges):
                printed = amount(self.text, number)
                if (
                    printed.scaled
                    and (printed.value, printed.step) == (wanted.value, wanted.step)
                    and goes_with(printed.unit, wanted.unit)
                ):
                    yield number, printed

    # --- the number alone

    def alone(self, wanted: Wanted, ranges: tuple[tuple[int, int], ...]) -> Iterator[Hit]:
        """Where the digits stand with no unit beside them."""
        keys = {wanted.digits}
        if self.copy.kind == "xlsx":
            keys.add(plain_digits(wanted.digits))
        for digits in sorted(keys):
            for number in self.of(digits, ranges):
                block = self.atlas.blocks[self.atlas.block_at(number.start)]
                if digits != wanted.digits and not block.raw:
                    continue
                if (
                    not amount(self.text, number).scaled
                    and not self.text[number.end :][:1].isalpha()
                ):
                    yield Hit(number.start, number.end, sign(self.text, number))


def goes_with(printed: str, wanted: str) -> bool:
    """Whether two units can be one: either is not named, or they share their first name."""
    if not printed or not wanted or printed == wanted:
        return True
    bare = ("count", "ratio")
    same = printed.partition("/")[0] == wanted.partition("/")[0]
    return same or (printed in bare and wanted in bare)


def _spelled(text: str, *, closing: bool = False) -> str:
    """A pattern for words and numbers in this order, with any blanks between."""
    pieces = []
    at = 0
    for number in numbers(text):
        pieces += _characters(text[at : number.start])
        whole, point, fraction = number.digits.partition(".")
        head = len(whole) % 3 or 3
        groups = [whole[:head], *(whole[i : i + 3] for i in range(head, len(whole), 3))]
        zero = r"0?" if whole == "0" and point else _SEPARATOR.join(groups)
        pieces.append(
            r"(?<![0-9])(?<![0-9][.,'’])" + zero + (rf"\.{fraction}" if point else "")
            + r"(?!\d)(?![.,'’]\d)"
        )  # fmt: skip
        at = number.end
    pieces += _characters(text[at:])
    if closing:
        pieces = [piece for piece in pieces if piece != r"\)"]
    pattern = r"\s*".join(pieces)
    if text[-1:].isascii() and text[-1:].isalpha():
        pattern += r"(?![A-Za-z])"
    return (r"\s*" + pattern) if pieces else ""


def _characters(text: str) -> list[str]:
    found = []
    for char in _QUOTES.sub("", text):
        if char.isspace():
            continue
        if char in ",，":
            found.append("[,，]")
        elif char in "-~":
            found.append("[-~]")
        else:
            found.append(re.escape(char))
    return found
