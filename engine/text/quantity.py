"""Quantities as people print them: `50.8%`, `40.23 USD million`, `4023万美元`, `超99%`.

A quantity is a closed interval of decimals in base units together with the point that was
printed, if one was. The interval is half a unit of the last written digit either side, unless a
word or an override says otherwise. What the unit means is for `model.units`; here it is a name.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.text.suggest import did_you_mean

CURRENCIES = frozenset(
    "AED ARS AUD BRL CAD CHF CLP CNY COP CRC CZK DKK EGP EUR GBP HKD HUF IDR ILS INR JPY KES KRW "
    "KWD MAD MOP MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RUB SAR SEK SGD THB TRY TWD UAH USD "
    "VND ZAR".split()
)
#: Words for units, each with the name that the model knows.
UNIT_WORDS: dict[str, str] = {
    **{code: code for code in CURRENCIES},
    "money": "money",
    "美元": "USD",
    "美金": "USD",
    "$": "USD",
    "US$": "USD",
    "人民币": "CNY",
    "元人民币": "CNY",
    "元": "CNY",
    "RMB": "CNY",
    "¥": "CNY",
    "￥": "CNY",
    "港元": "HKD",
    "港币": "HKD",
    "欧元": "EUR",
    "€": "EUR",
    "英镑": "GBP",
    "£": "GBP",
    "日元": "JPY",
    "ratio": "ratio",
    "shares": "shares",
    "share": "shares",
    "股": "shares",
    "ads": "ads",
    "ADS": "ads",
    "份ADS": "ads",
    "count": "count",
    "个": "count",
    "家": "count",
    "名": "count",
    "人": "count",
    "款": "count",
    "votes": "votes",
    "vote": "votes",
    "票": "votes",
    "minutes": "minutes",
    "minute": "minutes",
    "分钟": "minutes",
    "months": "months",
    "month": "months",
    "个月": "months",
    "days": "days",
    "day": "days",
    "天": "days",
    "日": "days",
}
_RATIOS: dict[str, Decimal] = {
    "%": Decimal("0.01"),
    "pp": Decimal("0.01"),
    "个百分点": Decimal("0.01"),
    "百分点": Decimal("0.01"),
    "bp": Decimal("0.0001"),
    "bps": Decimal("0.0001"),
    "x": Decimal(1),
    "×": Decimal(1),
    "倍": Decimal(1),
}
SCALE_WORDS: dict[str, Decimal] = {
    "thousand": Decimal(1000),
    "million": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
    "k": Decimal(1000),
    "m": Decimal(10) ** 6,
    "mn": Decimal(10) ** 6,
    "bn": Decimal(10) ** 9,
    "tn": Decimal(10) ** 12,
    "千": Decimal(1000),
    "万": Decimal(10) ** 4,
    "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8,
    "万亿": Decimal(10) ** 12,
}
#: Every word that no concept, metric or parameter may be called.
RESERVED_WORDS = frozenset({*UNIT_WORDS, *_RATIOS, *SCALE_WORDS})

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
_WIDE = str.maketrans("０１２３４５６７８９．，％（）－＋～＞＜／", "0123456789.,%()-+~></", "")
_PLAIN = re.compile(r"-?\d{1,18}(?:\.\d{1,12})?\Z")
_NUMBER = re.compile(
    r"\(?\s*[-+−]?\s*(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,2})?\s*\)?"
)
_RANGE = re.compile(r"\s*(?:\.\.|–|—|至|\bto\b)\s*")
_MAX_DIGITS = 30


class UnitText(NamedTuple):
    """A unit as printed: a factor and the name of the unit in base form, such as `USD/ads`."""

    factor: Decimal
    name: str


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


class QuantityError(Exception):
    """Text that is not a quantity; `help` says what would be."""

    def __init__(self, message: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(message)
        self.message = message
        self.help = help


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
        return _interval(Decimal(text), _half(text), default.factor, default.name, text)
    rest = text.translate(_WIDE).strip()
    qualifier = ""
    lowered = rest.lower()
    for word, meaning in _PREFIXES:
        if lowered.startswith(word):
            qualifier = meaning
            rest = rest[len(word) :].lstrip()
            break
    ends = _RANGE.split(rest, maxsplit=1)
    if len(ends) == 2 and all(any(char.isdigit() for char in end) for end in ends):
        if qualifier:
            raise QuantityError(f"a range with a qualifier: {text!r}")
        return _range(ends[0], ends[1], text, default)
    first, rest = _number(rest, text)
    for word, meaning in _SUFFIXES:
        if rest.endswith(word) and (word != "+" or not rest[:-1].endswith("+")):
            if qualifier:
                raise QuantityError(f"two qualifiers in {text!r}")
            qualifier = meaning
            rest = rest[: -len(word)].rstrip()
            break
        if rest.startswith(word):
            qualifier = qualifier or meaning
            rest = rest[len(word) :].lstrip()
            break
    unit = parse_unit(rest) if rest else default or UnitText(Decimal(1), "")
    if rest and default is not None and not unit.name:
        unit = UnitText(unit.factor, default.name)
    point = _signed(first)
    step = Decimal(1).scaleb(-decimals) if decimals is not None else 2 * _half(first)
    step *= unit.factor
    value = point * unit.factor
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
    return _interval(point, _half(first), unit.factor, unit.name, first)


def _range(first: str, second: str, text: str, default: UnitText | None) -> Quantity:
    """A range of two numbers; the unit stands on both or behind the second."""
    last, rest = _number(second, text)
    unit = parse_unit(rest) if rest else default or UnitText(Decimal(1), "")
    begin, own = _number(first, text)
    other = parse_unit(own) if own else unit
    if other.name != unit.name:
        raise QuantityError(f"a range in two units: {text!r}")
    ends = sorted((_signed(begin) * other.factor, _signed(last) * unit.factor))
    return Quantity(None, ends[0], ends[1], unit.name, "range")


def _interval(point: Decimal, half: Decimal, factor: Decimal, unit: str, printed: str) -> Quantity:
    """The interval of an unqualified number: whole counts and votes and a bare 0 are exact."""
    value = point * factor
    whole = half == Decimal("0.5")
    if whole and (
        (factor == 1 and unit in ("count", "votes", "votes/shares")) or printed.strip() == "0"
    ):
        return Quantity(value, value, value, unit, "")
    half *= factor
    return Quantity(value, value - half, value + half, unit, "")


def _half(printed: str) -> Decimal:
    """Half a unit of the last written digit."""
    exponent = Decimal(printed.strip("() ").replace(",", "").replace("−", "-").replace(" ", ""))
    place = exponent.as_tuple().exponent
    assert isinstance(place, int)
    return Decimal(5).scaleb(place - 1)


def _signed(printed: str) -> Decimal:
    bare = printed.strip()
    negative = bare.startswith("(") and bare.endswith(")")
    number = Decimal(bare.strip("() ").replace(",", "").replace("−", "-").replace(" ", ""))
    return -number if negative else number


def _number(rest: str, text: str) -> tuple[str, str]:
    """The number that `rest` begins with, and what follows; a currency sign may stand first."""
    sign = ""
    for mark in ("US$", "$", "¥", "￥", "€", "£"):
        if rest.startswith(mark):
            sign = mark
            rest = rest[len(mark) :].lstrip()
            break
    match = _NUMBER.match(rest)
    if match is None:
        raise QuantityError(
            f"no number in {text!r}", "write for example `40.23 USD million` or `50.8%`"
        )
    printed = match.group()
    if printed.startswith("(") != printed.rstrip().endswith(")"):
        raise QuantityError(f"a bracket is missing in {text!r}")
    tail = rest[match.end() :]
    if tail[:1] == "," or (tail[:1] == "." and tail[:2] != ".."):
        raise QuantityError(
            f"cannot read {text!r}",
            "group thousands by three digits and write decimals with a point",
        )
    value = _signed(printed)
    digits = value.as_tuple()
    if len(digits.digits) > _MAX_DIGITS or abs(value.adjusted()) > _MAX_DIGITS:
        raise QuantityError(f"{text!r} has more than {_MAX_DIGITS} digits")
    tail = tail.strip()
    return printed, f"{tail} {sign}".strip() if sign else tail


def parse_unit(text: str) -> UnitText:
    """The unit that `text` prints: scale words and unit words in any order, `/` for a quotient.

    Raises QuantityError, with the likely word where there is one.
    """
    factor = Decimal(1)
    names = []
    parts = text.translate(_WIDE).split("/")
    if len(parts) > 3:
        raise QuantityError(f"cannot read the unit {text!r}")
    for position, part in enumerate(parts):
        scale, name = _product(part.strip(), text)
        if position:
            factor /= scale
            if not name:
                raise QuantityError(f"cannot read the unit {text!r}")
        else:
            factor *= scale
        names.append(name or "ratio" if len(parts) > 1 else name)
    return UnitText(factor, "/".join(names))


def _product(part: str, text: str) -> tuple[Decimal, str]:
    scale = Decimal(1)
    name = ""
    rest = part
    while rest:
        word = _longest(rest)
        if word is None:
            bad = rest.split()[0]
            raise QuantityError(
                f"unknown unit {bad!r} in {text!r}" if bad != text else f"unknown unit {bad!r}",
                did_you_mean(bad, (*UNIT_WORDS, *SCALE_WORDS)),
            )
        rest = rest[len(word) :].lstrip()
        if word in SCALE_WORDS:
            scale *= SCALE_WORDS[word]
        elif word in _RATIOS:
            if name:
                raise QuantityError(f"two units in {text!r}")
            scale *= _RATIOS[word]
            name = "ratio"
        else:
            unit = UNIT_WORDS[word]
            if name and name != unit:
                raise QuantityError(f"two units in {text!r}")
            name = unit
    return scale, name


def _longest(rest: str) -> str | None:
    """The longest word that `rest` begins with; Latin words must end where the word ends."""
    for length in range(min(len(rest), 12), 0, -1):
        word = rest[:length]
        if word in RESERVED_WORDS:
            follows = rest[length : length + 1]
            if (
                word[-1].isascii()
                and word[-1].isalpha()
                and follows.isascii()
                and follows.isalpha()
            ):
                continue
            return word
    return None
