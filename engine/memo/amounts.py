"""Amounts in prose: digits with their sign, scale and unit, before the words around are heard."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.text.quantity import parse_quantity
from ddcheck.engine.text.words import QuantityError, UnitText, parse_unit

_GROUP = "[\u00a0\u2009\u202f'’]"
_CODES = "USD|CNY|RMB|HKD|EUR|GBP|JPY|SGD|AUD|CAD"
_MARK = rf"(?:US\$|HK\$|[ACS]\$|[$¥￥€£]|(?<![A-Za-z])(?:{_CODES})[ ]?)"
_SIGNED = rf"(?P<minus>[-+]|(?<![\w)])–)?(?P<mark>{_MARK})?(?P<open>\()?(?P<second>-)?"
_DIGITS = (
    rf"(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?![\d,])(?:\.\d+)?|"
    rf"\d{{1,3}}(?:{_GROUP}\d{{3}})+(?!\d)(?:\.\d+)?|"
    r"\d+(?:\.\d+)?)(?P<odd>(?:,\d+)+(?:\.\d+)?|(?:[ ]\d{3})+(?![\d,.]))?"
)
_AMOUNT = re.compile(
    rf"{_SIGNED}(?(mark)|(?(open)|(?<![A-Za-z_\d.])))(?<![\d.],){_DIGITS}", re.ASCII
)
_SCALE = (
    r"(?:[千百万亿]{1,3}|"
    r"(?:k|mm|mln|mn|m|bln|bn|b|tn|thousand|million|billion|trillion)(?![A-Za-z\d]))"
)
_CURRENCY = (
    r"(?:US[ ]dollars|dollars|euros?|yuan|pounds|yen|美元|美金|元人民币|人民币|港元|港币|欧元|英镑|"
    r"日元|元|USD|CNY|RMB|HKD|EUR|GBP|JPY|"
    r"SGD)(?![A-Za-z])"
)
_COUNTED = (
    r"(?:份ADS|ADSs?|ADS|shares?|votes?|customers?|minutes?|months?|days?|years?)(?![A-Za-z\d])|"
    r"股(?![价东权市息])|个月|分钟|天|票(?![据面])|[个名家人款](?![百基性])|年(?!\d|化|度|末|底|初)"
)
_RATIO = (
    r"%|‰|(?:percentage[ ]points?|percent|per[ ]cent|basis[ ]points?|ppts?|pp|bps?|x|-?fold|"
    r"times)(?![A-Za-z\d])|"
    r"个百分点|百分点|个基点|基点|个点|×(?!\s?\d)|倍|成(?![立为功本长熟员果都分套绩交就型份])"
)
#: `more` may stand between digits and unit: 200余家, 2000+ customers, 10多亿元.
_UNIT = re.compile(
    rf"(?P<more>[多余]|\+(?!\d))?(?P<unit>[ -]?(?:{_RATIO})|"
    rf"(?:[ ]?{_SCALE})?(?:[ ]?(?:{_CURRENCY}))?(?:[ ]?(?:{_COUNTED}))?)",
    re.IGNORECASE | re.ASCII,
)
#: 1亿2000万: one number in two scales.
_SECOND_SCALE = re.compile(r"(?P<digits>\d{1,4})(?P<scale>千万|百万|万|千)", re.ASCII)
_STANDS_ALONE = re.compile(r"(?:(?<![a-z])(?:of|was|were|is|at|to)|为|约)[ ]?\Z", re.IGNORECASE)
_SAME = {
    "us dollars": "USD", "dollars": "USD", "euros": "EUR", "euro": "EUR", "yuan": "CNY",
    "pounds": "GBP", "yen": "JPY", "percent": "%", "per cent": "%", "adss": "ads",
    "ads": "ads", "percentage point": "pp", "percentage points": "pp", "ppt": "pp", "ppts": "pp",
    "basis point": "bps", "basis points": "bps", "个基点": "bps", "基点": "bps", "个点": "pp",
    "customers": "count", "customer": "count", "fold": "x", "-fold": "x", "times": "x",
    "b": "billion", "bln": "billion", "mm": "million", "mln": "million", "rmb": "CNY",
    "us$": "USD", "hk$": "HKD", "a$": "AUD", "c$": "CAD", "s$": "SGD",
}  # fmt: skip
NO_UNIT = UnitText(Decimal(1), "")
_YEARS = UnitText(Decimal(12), "months")
_OWN_UNITS = {
    "成": UnitText(Decimal("0.1"), "ratio"), "‰": UnitText(Decimal("0.001"), "ratio"),
    "年": _YEARS, "year": _YEARS, "years": _YEARS,
}  # fmt: skip


class Amount(NamedTuple):
    """Digits with their sign and unit, before the words around them are heard."""

    first: int
    last: int
    core: int
    digits: str
    mark: str
    value: Decimal
    step: Decimal
    unit: UnitText | None
    unit_text: str
    minus: bool
    more: bool
    trouble: str | None


def amounts(text: str, taken: bytearray) -> list[Amount]:
    """Every amount in `text` where nothing is `taken`; their places are taken then."""
    found: list[Amount] = []
    place = 0
    while (match := _AMOUNT.search(text, place)) is not None:
        place = match.end()
        if any(taken[match.start("digits") : match.end("digits")]):
            continue
        if any(taken[match.end("digits") : match.end()]):
            # What seemed to go on is a date or a label.
            match = _AMOUNT.search(text, match.start(), match.end("digits")) or match
        behind = taken.find(1, match.end())
        amount = _amount(text, match, behind if behind >= 0 else len(text))
        first = amount.first
        while taken[first]:  # a sign that belongs to what stands before
            first += 1
        amount = amount._replace(first=first)
        found.append(amount)
        place = max(place, amount.last)
        taken[amount.first : amount.last] = b"\1" * (amount.last - amount.first)
    return found


def _amount(text: str, match: re.Match[str], until: int) -> Amount:
    """What `match` found, with the unit behind it, which ends by `until`."""
    start, end = match.start("digits"), match.end()
    minus = match["second"] is not None
    if match["second"]:
        start = match.start("second")
    if match["mark"]:
        start = match.start("mark")
    # A hyphen behind a letter, a digit or a bracket joins: it is no minus.
    before = text[match.start() - 1 : match.start()] if match.start() else ""
    joins = before.isascii() and (before.isalnum() or before in ("_", "%"))
    if match["minus"] and not joins:
        start = match.start("minus")
        minus = minus or match["minus"] != "+"
    digits = re.sub(rf"[,{_GROUP[1:-1]}]", "", match["digits"])
    trouble = None
    if match["odd"]:
        spaced = match["odd"][0] == " "
        digits += match["odd"].replace(" ", "") if spaced else ""
        trouble = "one number or more? group thousands with commas, write decimals with a point"
    value, step = _decimal(digits)
    if value is None:
        trouble = "this number cannot be read"
    unit_match = _UNIT.match(text, end, until)
    more, unit, unit_text, core = False, None, "", end
    if unit_match is not None and unit_match["unit"].strip(" -"):
        more = unit_match["more"] is not None
        unit_text = unit_match["unit"].strip()
        end = core = unit_match.end()
        counted = re.search(rf"[ ]?(?:{_COUNTED})\Z", unit_text, re.IGNORECASE | re.ASCII)
        if counted is not None:
            core = end - len(unit_text) + counted.start()
            core -= text[core - 1] == " "
    mark = (match["mark"] or "").strip()
    unit, trouble = unit_of(unit_text, mark, trouble)
    joined = (
        _SECOND_SCALE.match(text, end, until) if unit_text in ("亿", "万") and not more else None
    )
    if joined is not None and value is not None and unit is not None:
        own = parse_unit(joined["scale"])
        if own.factor < unit.factor:
            tail = _UNIT.match(text, joined.end(), until)
            rest = tail["unit"].strip() if tail is not None else ""
            low = Decimal(joined["digits"]) * own.factor
            value, step = (value * unit.factor + low) / own.factor, Decimal(1)
            unit_text = f"{joined['scale']}{rest}"
            core = end = tail.end() if tail is not None and rest else joined.end()
            unit, trouble = unit_of(unit_text, mark, trouble)
    first = start
    if match["open"] and text[end : end + 1] == ")" and (match["mark"] or _alone(text, match)):
        first, end, minus = min(start, match.start("open")), end + 1, True
        core = end
        behind = _UNIT.match(text, end, until)
        if not unit_text and behind is not None and behind["unit"].strip():
            unit_text, end = behind["unit"].strip(), behind.end()
            core = end
            unit, trouble = unit_of(unit_text, mark, trouble)
    return Amount(
        first, end, core, digits, mark, value or Decimal(0), step, unit, unit_text, minus, more,
        trouble,
    )  # fmt: skip


def _alone(text: str, match: re.Match[str]) -> bool:
    """Whether brackets around a number are those of a statement, not of a remark in passing."""
    before = text[max(0, match.start("open") - 16) : match.start("open")].strip()
    return not before or _STANDS_ALONE.search(before) is not None


def _decimal(digits: str) -> tuple[Decimal | None, Decimal]:
    """The number that digits write, and one unit of the last; None where nobody could say."""
    if len(digits) > 24 or (len(digits) > 1 and digits[0] == "0" and digits[1] != "."):
        return None, Decimal(1)
    try:
        quantity = parse_quantity(digits, NO_UNIT)
    except (QuantityError, ArithmeticError):
        return None, Decimal(1)
    exponent = Decimal(digits).as_tuple().exponent
    return quantity.value, Decimal(1).scaleb(int(exponent))


def unit_of(text: str, mark: str, trouble: str | None) -> tuple[UnitText | None, str | None]:
    """The unit that words behind a number and a sign before it write."""
    lowered = text.lower()
    if lowered in _OWN_UNITS:
        return _OWN_UNITS[lowered], trouble
    words = text
    for long in sorted(_SAME, key=len, reverse=True):
        if lowered == long or lowered.endswith(f" {long}"):
            words = text[: len(text) - len(long)] + _SAME[long]
            break
    scale = re.match(r"(?:mm|mln|bln|b)(?![A-Za-z])", words, re.IGNORECASE)
    if scale is not None:
        words = _SAME[scale[0].lower()] + words[scale.end() :]
    sign = _SAME.get(mark.lower(), mark)
    try:
        words = f"{_small(words)} {sign}".strip()
        return (parse_unit(words) if words else NO_UNIT), trouble
    except (QuantityError, ArithmeticError):
        return None, trouble or f"its unit cannot be read: `{f'{mark} {text}'.strip()}`"


def _small(words: str) -> str:
    """Latin scale words as the grammar of units knows them: `M` is `m`, `Million` is `million`."""
    match = re.match(
        r"(?:K|M|MN|BN|TN|Thousand|Million|Billion|Trillion)(?![A-Za-z])", words, re.IGNORECASE
    )
    if match is not None:
        words = match[0].lower() + words[match.end() :]
    lowered = words.lower()
    known = ("shares", "share", "votes", "vote", "minutes", "minute", "months", "month", "days")
    for word in (*known, "day", "pp", "bps", "bp", "x"):
        if lowered.endswith(word):
            return words[: len(words) - len(word)] + word
    return words
