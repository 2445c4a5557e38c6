"""Numbers that prose writes in words: 翻番, 一半, 三成, 两亿美元, doubled, a third of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.text.quantity import Quantity

_DIGITS = "零一二三四五六七八九"
_SCALES = {"十": 10, "百": 100, "千": 1000}
_GREAT = {"万": 10**4, "亿": 10**8}
_HALF = Decimal("0.05")
_MORE = r"(?:more than |over |超过|超)"
_NEARLY = r"(?:nearly |almost |近|将近|接近)"
_WORDS = tuple(
    (
        re.compile(
            rf"(?:(?P<over>{_MORE})|(?P<nearly>{_NEARLY}))?(?:{pattern})", re.IGNORECASE | re.ASCII
        ),
        Decimal(value),
    )
    for pattern, value in (
        (
            (
                r"翻(?:了)?(?:一)?番|翻(?:了)?一倍|翻倍|(?<![A-Za-z])(?:doubled|doubling|"
                r"doubles)(?![A-Za-z])"
            ),
            "1",
        ),
        (r"翻(?:了)?[两二]番", "3"),
        (r"翻(?:了)?三番", "7"),
        (r"(?<![A-Za-z])(?:tripled|tripling|triples|trebled)(?![A-Za-z])", "2"),
        (r"(?<![A-Za-z])(?:quadrupled|quadrupling)(?![A-Za-z])", "3"),
        (r"(?<![A-Za-z])(?:halved|halving|halves)(?![A-Za-z])|腰斩|减半", "-0.5"),
        (
            (
                r"一半(?![年天])|半数|(?<![A-Za-z-])half(?= of (?!20|19|the (?:year|decade)|fiscal|"
                r"FY|last|this|next))|"
                r"(?<![A-Za-z-])(?:one|by|a) half(?![A-Za-z-])|½"
            ),
            "0.5",
        ),
        (r"三分之一|(?<![A-Za-z-])(?:one[- ]third|a third of)(?![A-Za-z])|⅓", "0.3333"),
        (r"三分之二|(?<![A-Za-z-])(?:two[- ]thirds)(?![A-Za-z])|⅔", "0.6667"),
        (
            (
                r"四分之一|(?<![A-Za-z-])(?:a quarter of)(?= (?!20|19|the (?:year|decade)|fiscal|"
                r"FY))|¼"
            ),
            "0.25",
        ),
        (r"四分之三|(?<![A-Za-z-])three[- ]quarters(?= of)|¾", "0.75"),
    )
)
_MAJORITY = re.compile(r"过半(?![年天])|半数以上|(?<![A-Za-z])a majority of", re.IGNORECASE)
_NUMERAL = "[零〇一二两三四五六七八九十百千万亿点半]"
_FIRST = "[零〇一二两三四五六七八九十]"
_COUNTED = re.compile(
    rf"(?P<per>百分之)?(?P<digits>{_FIRST}{_NUMERAL}{{0,15}})(?P<more>[余多几来])?"
    r"(?P<unit>倍|成(?![立为功本长熟员果都分套绩交就型份])|个百分点|美元|美金|元人民币|人民币|港元|"
    r"欧元|元(?![件素旦]))?"
)


class Wordy(NamedTuple):
    """A number in words between two positions; or the digits of one, for units to be read.

    `core` is what a tag must cover: without `more than`, and without the `of` behind.
    """

    first: int
    last: int
    core: tuple[int, int]
    quantity: Quantity | None
    digits: tuple[Decimal, Decimal] | None
    unit: str
    more: bool


def in_words(text: str) -> Iterator[Wordy]:
    """Every number that `text` writes in words."""
    for pattern, value in _WORDS:
        for match in pattern.finditer(text):
            first = max(match.end("over"), match.end("nearly"), match.start())
            last = match.end() - 3 * match[0].endswith(" of")
            yield Wordy(*match.span(), (first, last), _about(value, match), None, "", more=False)
    for match in _MAJORITY.finditer(text):
        quantity = Quantity(None, Decimal("0.5"), None, "ratio", "over")
        yield Wordy(*match.span(), match.span(), quantity, None, "", more=False)
    for match in _COUNTED.finditer(text):
        if not match["unit"] and not match["per"]:
            continue
        digits = chinese_number(match["digits"])
        if digits is not None:
            unit = "%" if match["per"] else match["unit"]
            more = bool(match["more"])
            yield Wordy(*match.span(), match.span(), None, digits, unit, more=more)


def _about(value: Decimal, match: re.Match[str]) -> Quantity:
    """`doubled` is growth of 95 % to 105 %; more than doubled, over 100 %."""
    if match["over"]:
        if value < 0:
            return Quantity(None, None, value, "ratio", "under")
        return Quantity(None, value, None, "ratio", "over")
    high = value if match["nearly"] else value + _HALF
    return Quantity(value, value - _HALF, high, "ratio", "about")


def chinese_number(text: str) -> tuple[Decimal, Decimal] | None:
    """The number that Chinese numerals write, and one unit of its last digit; None if none."""
    whole, point, rest = text.replace("〇", "零").replace("两", "二").partition("点")
    if point:
        tail = "".join(str(_DIGITS.find(char)) for char in rest)
        head = _whole(whole)
        if not rest or "-" in tail or head is None:
            return None
        return head[0] + Decimal(f"0.{tail}"), Decimal(1).scaleb(-len(tail))
    return _whole(whole)


def _whole(text: str) -> tuple[Decimal, Decimal] | None:
    """Numerals without a point; the last digit written is the last that counts."""
    total, section, digit, step = 0, 0, -1, 1
    for char in text:
        if char in _DIGITS:
            if digit > 0:
                return None  # 二三 is two and three
            digit, step = _DIGITS.index(char), 1
        elif char in _SCALES:
            step = _SCALES[char]
            section += (digit if digit >= 0 else 1) * step
            digit = -1
        elif char in _GREAT:
            section = section + max(digit, 0) or 1
            great = _GREAT[char]
            total = (total + section) * great if char == "亿" else total + section * great
            section, digit, step = 0, -1, step * great
        else:
            return None
    value = total + section + max(digit, 0)
    return (Decimal(value), Decimal(step)) if value else None
