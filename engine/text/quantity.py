"""Quantities as people print them: `50.8%`, `40.23 USD million`, `4023万美元`, `超99%`.

A quantity is a closed interval of decimals in base units together with the point that was
printed, if one was. The interval is half a unit of the last written digit either side, unless a
word or an override says otherwise. Units are read in `text.words`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.text.suggest import did_you_mean
from ddcheck.engine.text.words import (
    SIGNS,
    QuantityError,
    UnitText,
    parse_unit,
)

_PREFIXES = (
    ("at least", "over"),
    ("more than", "over"),
    ("over", "over"),
    ("above", "over"),
    (">=", "over"),
    ("≥", "over"),
    (">", "over"),
    ("不低于", "over"),
    ("至少", "over"),
    ("超过", "over"),
    ("超", "over"),
    ("逾", "over"),
    ("at most", "under"),
    ("up to", "under"),
    ("less than", "under"),
    ("under", "under"),
    ("below", "under"),
    ("<=", "under"),
    ("≤", "under"),
    ("<", "under"),
    ("不超过", "under"),
    ("不足", "under"),
    ("低于", "under"),
    ("approximately", "about"),
    ("around", "about"),
    ("about", "about"),
    ("~", "about"),
    ("大约", "about"),
    ("约", "about"),
    ("nearly", "nearly"),
    ("almost", "nearly"),
    ("接近", "nearly"),
    ("近", "nearly"),
)
_SUFFIXES = (
    ("左右", "about"),
    ("上下", "about"),
    ("以上", "over"),
    ("以下", "under"),
    ("+", "over"),
)
_WIDE = str.maketrans("０１２３４５６７８９．，％（）－＋～＞＜／−", "0123456789.,%()-+~></-", "")
#: What needs no closer look: short, without grouping, exponent or leading zero.
_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?\Z", re.ASCII)
_NUMBER = re.compile(
    rf"(?P<sign>[-+]?)\s*(?P<mark>{'|'.join(map(re.escape, SIGNS))}|)\s*(?P<second>[-+]?)\s*"
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+(?![\d])|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?)",
    re.ASCII,
)
_RANGE = re.compile(r"\s*(?:\.\.|–|—|至|\bto\b)\s*")
_NOT_FINITE = re.compile(r"[-+]?\.?(?:inf|infinity|nan)\Z", re.IGNORECASE)
_OTHER_BASE = re.compile(r"[xob][0-9a-f]", re.IGNORECASE)
_MAX_LENGTH, _MAX_DIGITS, _MAX_MAGNITUDE = 200, 18, 24
#: To how many decimals (hundreds, if negative) a figure may be said to be right.
MAX_DECIMALS = 15
_ONE = Decimal(1)


class Quantity(NamedTuple):
    """A printed number in base units.

    `value` is the printed point, or None where only a bound or a range is printed; `low` and
    `high` are the closed interval, None where a side is open; `unit` is a unit name, `""` for a
    bare number; `qualifier` is the word that shaped the interval: `""`, `over`, `under`, `about`,
    `nearly` or `range`.
    """

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    qualifier: str

    def negated(self) -> Quantity:
        """The same with the opposite sign; a lower bound becomes an upper one."""
        low, high = (None if end is None else -end for end in (self.high, self.low))
        qualifier = {"over": "under", "under": "over"}.get(self.qualifier, self.qualifier)
        value = None if self.value is None else -self.value
        return Quantity(value, low, high, self.unit, qualifier)


def parse_quantity(
    text: str,
    default: UnitText | None = None,
    *,
    decimals: int | None = None,
    exact: bool = False,
) -> Quantity:
    """The quantity that `text` prints.

    A number without a unit of its own takes `default`. `decimals` says to how many decimals the
    printed number is right, `exact` that it is not rounded at all. Raises QuantityError.
    """
    if default is not None and decimals is None and not exact and _PLAIN.match(text):
        point = Decimal(text)
        return _interval(point, _step(point), default)
    if len(text) > _MAX_LENGTH:
        raise QuantityError(f"a quantity of more than {_MAX_LENGTH} characters")
    if decimals is not None and abs(decimals) > MAX_DECIMALS:
        raise QuantityError(f"no figure is right to {decimals} decimals")
    qualifier, rest = _prefix(text.translate(_WIDE).strip())
    ends = _RANGE.split(rest, maxsplit=1)
    if len(ends) == 2 and all(any(char in "0123456789" for char in end) for end in ends):
        if qualifier:
            raise QuantityError(f"a range with a qualifier: `{text}`")
        return _range(ends[0], ends[1], text, default)
    point, rest = _number(rest, text)
    qualifier, rest = _suffix(qualifier, rest, text)
    unit = _unit(rest, default)
    step = _step(point) if decimals is None else _ONE.scaleb(-decimals)
    value, step = point * unit.factor, step * unit.factor
    if qualifier == "over":
        return Quantity(None, value, None, unit.name, qualifier)
    if qualifier == "under":
        return Quantity(None, None, value, unit.name, qualifier)
    if exact:
        return Quantity(value, value, value, unit.name, qualifier)
    if qualifier == "about":
        return Quantity(value, value - step, value + step, unit.name, qualifier)
    if qualifier == "nearly":
        return Quantity(value, value - step, value, unit.name, qualifier)
    if decimals is not None:
        return Quantity(value, value - step / 2, value + step / 2, unit.name, "")
    return _interval(point, _step(point), unit)


def _prefix(rest: str) -> tuple[str, str]:
    """The qualifier that `rest` begins with, and what follows it."""
    lowered = rest.lower()
    for word, meaning in _PREFIXES:
        if lowered.startswith(word):
            return meaning, rest[len(word) :].lstrip()
    return "", rest


def _suffix(qualifier: str, rest: str, text: str) -> tuple[str, str]:
    """The qualifier behind a number or its unit, else `qualifier`, and the unit's words."""
    for word, meaning in _SUFFIXES:
        if not rest.startswith(word) and not rest.endswith(word):
            continue
        if qualifier:
            raise QuantityError(f"two qualifiers in `{text}`")
        front = rest.startswith(word)
        return meaning, (rest[len(word) :] if front else rest[: -len(word)]).strip()
    return qualifier, rest


def _unit(rest: str, default: UnitText | None) -> UnitText:
    """The unit that `rest` writes; a scale alone, or nothing, takes the name of `default`."""
    if not rest:
        return default or UnitText(_ONE, "")
    unit = parse_unit(rest)
    if not unit.name and default is not None:
        return UnitText(unit.factor, default.name)
    return unit


def _range(first: str, second: str, text: str, default: UnitText | None) -> Quantity:
    """A range of two numbers; the unit stands behind the second, or on both."""
    last, rest = _number(second, text)
    unit = _unit(rest, default)
    begin, own = _number(first, text)
    other = parse_unit(own) if own else unit
    if own and not other.name:
        other = UnitText(other.factor, unit.name)
    if other.name != unit.name:
        raise QuantityError(f"a range in two units: `{text}`", "write the unit once, at the end")
    if (
        own
        and other.factor != unit.factor
        and unit.name != "ratio"
        and _ONE
        in (
            other.factor,
            unit.factor,
        )
    ):
        raise QuantityError(
            f"a range with a scale on one end: `{text}`", "write `176..178 USD million`"
        )
    low, high = begin * other.factor, last * unit.factor
    if low > high:
        if high > 0:
            raise QuantityError(
                f"a range that runs backwards: `{text}`", "write the lower end first"
            )
        low, high = high, low
    return Quantity(None, low, high, unit.name, "range")


def _interval(point: Decimal, step: Decimal, unit: UnitText) -> Quantity:
    """The interval of an unqualified number: whole counts and votes and a bare 0 are exact."""
    factor, name = unit
    value = (point or abs(point)) * factor  # never minus zero
    if step == 1 and (not point or (factor == 1 and name in ("count", "votes", "votes/shares"))):
        return Quantity(value, value, value, name, "")
    half = step * factor / 2
    return Quantity(value, value - half, value + half, name, "")


def _step(point: Decimal) -> Decimal:
    """One unit of the last written digit."""
    exponent = point.as_tuple().exponent
    assert isinstance(exponent, int)
    return _ONE.scaleb(exponent)


def _number(rest: str, text: str) -> tuple[Decimal, str]:
    """The number that `rest` begins with, and what follows; a currency sign may stand first.

    What stands in brackets is negative: `(72.36) USD million`, `(5%)`.
    """
    bracketed = rest.startswith("(")
    if bracketed:
        inside, closed, behind = rest[1:].partition(")")
        if not closed:
            raise QuantityError(f"a bracket is missing in `{text}`")
        rest = f"{inside.strip()} {behind.strip()}".strip()
    match = _NUMBER.match(rest)
    if match is None:
        if _NOT_FINITE.match(rest):
            raise QuantityError(
                f"`{text}` is not finite", "leave the value out if it is not known", "DD108"
            )
        raise QuantityError(
            f"no number in `{text}`",
            did_you_mean(_before_digits(rest), [word for word, _ in _PREFIXES])
            or "write for example `40.23 USD million` or `50.8%`",
        )
    tail = rest[match.end() :]
    digits = match["digits"]
    if tail[:1] in (",", ".") or (tail[:1].isdigit() and tail[:1].isascii()):
        raise QuantityError(
            f"cannot read `{text}`",
            "group thousands by three digits and write decimals with a point",
        )
    if "(" in tail or ")" in tail:
        raise QuantityError(f"a bracket is missing in `{text}`")
    signs = match["sign"] + match["second"]
    if len(signs) + bracketed > 1:
        raise QuantityError(f"two signs in `{text}`", "write a loss as `-5` or `(5)`")
    _unambiguous(digits, tail)
    point = Decimal(digits.replace(",", ""))
    exponent = point.as_tuple().exponent
    if (
        len(point.as_tuple().digits) > _MAX_DIGITS
        or max(abs(point.adjusted()), -int(exponent)) > _MAX_MAGNITUDE
    ):
        raise QuantityError(f"`{text}` has more than {_MAX_DIGITS} digits")
    if bracketed or signs == "-":
        point = -point
    return point, f"{tail.strip()} {match['mark']}".strip()


def _before_digits(rest: str) -> str:
    """What stands before the first digit of `rest`; nothing if there is none."""
    digit = next((i for i, char in enumerate(rest) if char.isdigit()), 0)
    return rest[:digit].strip()


def _unambiguous(digits: str, tail: str) -> None:
    """Refuse what one reader takes for another number than the next: `012`, `0,123`, `0x1F`."""
    if digits == "0" and _OTHER_BASE.match(tail):
        raise QuantityError(
            f"`{digits}{tail}` is not written in decimal", "write it in decimal", "DD107"
        )
    if len(digits) > 1 and digits[0] == "0" and digits[1] not in ".eE":
        if digits[1] == ",":
            raise QuantityError(
                f"`{digits}` is ambiguous: thousands or decimals?",
                "write decimals with a point",
                "DD107",
            )
        raise QuantityError(
            f"`{digits}` is ambiguous: octal or decimal?", "write it without leading zeros", "DD107"
        )
