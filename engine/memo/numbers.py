"""Numbers in prose: where they stand, what they say, and which of them claim nothing.

The grammar is that of `text.quantity`, which company files use, found in running text of both
languages: `4023万美元`, `US$1.2bn`, `超99%`, `净亏损1.2亿美元` (negative), `翻番` (growth of
100 %), `1-200万` (1 to 2 million, the scale left out). What can be read in two ways has a quantity
that nobody should rely on and says so. Dates and labels are in `memo.labels`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.memo.amounts import NO_UNIT, Amount, amounts, unit_of
from ddcheck.engine.memo.labels import labels
from ddcheck.engine.memo.signs import (
    fold_riddle,
    is_negative,
    moves,
    qualifier_before,
    qualifier_behind,
)
from ddcheck.engine.memo.wordy import Wordy, in_words
from ddcheck.engine.text.quantity import Quantity
from ddcheck.engine.text.words import UnitText

#: Character for character, so that places stay what they are.
_NARROW = str.maketrans(
    "０１２３４５６７８９．，％（）－＋～＞＜／−＄﹪：＃＆　"
    "萬億個種幣噸餘約虧損減長時過為從與達該淨增後業營",
    "0123456789.,%()-+~></-$%:#& 万亿个种币吨余约亏损减长时过为从与达该净增后业营",
)
_WIDE_DIGITS = frozenset("０１２３４５６７８９")
#: A reading aid behind a Chinese character, as some texts insert it: 網(wǎng).
_AID = re.compile(r"(?<=[\u4e00-\u9fff])\([a-zà-ÿāēěīōūǎǐǒǔǖǘǚǜ]{1,7}\)")
_DASH = re.compile(
    r"[ ]?(?:[-–—~至到]|\.\.|(?P<to>to)(?![A-Za-z])|(?P<and>and)(?![A-Za-z]))[ ]?", re.ASCII
)
_BETWEEN = re.compile(r"(?<![A-Za-z])between[ ](?:about[ ])?\Z|介于\Z|在\Z", re.IGNORECASE)
_MAY_HOLD = re.compile(
    (
        r"\d|[零〇一二两三四五六七八九十翻半腰减過过½⅓⅔¼¾]|half|halv|doubl|tripl|trebl|quadrupl|"
        r"third|quarter|majority"
    ),
    re.IGNORECASE,
)
_HEAD_UNIT = re.compile(
    r"[(（\[]([^()（）\[\]]{1,20})[)）\]]|单位[:：][ ]?(\S{1,10})|[,，/][ ]?([^,，/]{1,15})\Z|(%)\Z"
)


class Found(NamedTuple):
    """A number between two positions of a text; `exempt` names what it is if it claims nothing.

    `core` is the number itself, its sign, scale and unit, without the words around it: what a tag
    must cover whole; what counts (`个`, `customers`) may stay outside. `bare` says that it has no
    unit of its own.
    """

    first: int
    last: int
    quantity: Quantity | None
    exempt: str | None
    ambiguous: str | None = None
    core: tuple[int, int] = (0, 0)
    bare: bool = False
    negative: bool = False


def find_numbers(text: str, *, dated: bool = True) -> list[Found]:
    """Every number in `text`, in order; total: what cannot be read has no quantity.

    Without `dated` nothing is taken for a date or a label: what a tag covers is meant as a number.
    """
    if not _MAY_HOLD.search(text):
        return []
    narrow, foreign = _narrowed(text)
    index: list[int] | None = None
    if "(" in narrow and _AID.search(narrow):
        narrow, index = _without_aids(narrow)
        foreign = {bisect_left(index, place) for place in foreign}
    found = _find(narrow, dated=dated)
    if foreign:
        found = [_in_another_script(item, foreign) for item in found]
    if index is None:
        return found
    places = index
    return [
        item._replace(
            first=places[item.first],
            last=places[item.last - 1] + 1,
            core=(places[item.core[0]], places[max(item.core[1] - 1, 0)] + 1),
        )
        for item in found
    ]


def in_unit_of(item: Found, *heads: str) -> Found:
    """A bare number in the unit that the head of its column or the label of its row writes.

    `Revenue (USD m)`, 收入（百万美元）, `Margin, %`, 单位：万元.
    """
    for head in heads:
        for match in _HEAD_UNIT.finditer(head):
            unit, trouble = unit_of(next(filter(None, match.groups())).strip(), "", None)
            if unit is not None and trouble is None and unit != NO_UNIT and item.quantity:
                value, low, high, _, qualifier = item.quantity
                ends = _scaled(low, unit), _scaled(high, unit)
                quantity = Quantity(_scaled(value, unit), *ends, unit.name, qualifier)
                return item._replace(quantity=quantity, bare=False)
    return item


def _scaled(value: Decimal | None, unit: UnitText) -> Decimal | None:
    return value * unit.factor if value is not None else None


def negated(item: Found) -> Found:
    """A number with the other sign."""
    assert item.quantity is not None
    value, low, high, unit, qualifier = item.quantity
    ends = (-high if high is not None else None, -low if low is not None else None)
    turned = {"over": "under", "under": "over"}.get(qualifier, qualifier)
    quantity = Quantity(-value if value is not None else None, *ends, unit, turned)
    return item._replace(quantity=quantity, negative=True)


def _narrowed(text: str) -> tuple[str, set[int]]:
    """`text` in plain characters, one for one, and where digits of other scripts stand."""
    narrow = text.translate(_NARROW)
    if narrow.isascii():
        return narrow, set()
    chars, foreign = list(narrow), set()
    for i, char in enumerate(chars):
        if not char.isascii() and char.isdecimal():
            import unicodedata

            chars[i] = str(unicodedata.decimal(char))
            foreign.add(i)
    return "".join(chars) if foreign else narrow, foreign


def _without_aids(text: str) -> tuple[str, list[int]]:
    kept, places, at = [], list[int](), 0
    for match in _AID.finditer(text):
        kept.append(text[at : match.start()])
        places += range(at, match.start())
        at = match.end()
    kept.append(text[at:])
    places += range(at, len(text))
    return "".join(kept), places


def _in_another_script(item: Found, foreign: set[int]) -> Found:
    if foreign.isdisjoint(range(item.first, item.last)):
        return item
    why = "digits of another script: write 0 to 9"
    return item._replace(quantity=None, exempt=None, ambiguous=why)


def _find(text: str, *, dated: bool) -> list[Found]:
    taken = bytearray(len(text) + 1)
    found: list[Found] = []
    for first, last in labels(text) if dated else ():
        if not any(taken[first:last]):
            found.append(Found(first, last, None, "date or label", None, (first, last)))
            taken[first:last] = b"\1" * (last - first)
    labelled = bytes(taken)
    read = list(amounts(text, taken))
    words = [word for word in in_words(text) if not any(taken[word.first : word.last])]
    for item in (*_joined(text, read, labelled), *_words(text, words, taken, labelled)):
        found.append(item)
        taken[item.first : item.last] = b"\1" * (item.last - item.first)
    return sorted(found, key=lambda item: item[:2])


def _joined(text: str, read: list[Amount], labelled: bytes) -> list[Found]:
    """The amounts with the words around them; two with a dash between are a range."""
    found: list[Found] = []
    i = 0
    while i < len(read):
        amount = read[i]
        other = read[i + 1] if i + 1 < len(read) else None
        if other is not None and _is_range(text, amount, other):
            until = read[i + 2].first if i + 2 < len(read) else len(text)
            found.append(_range(text, amount, other, until))
            i += 2
            continue
        found.append(
            _single(text, amount, other.first if other is not None else len(text), labelled)
        )
        i += 1
    return found


def _is_range(text: str, amount: Amount, other: Amount) -> bool:
    """Whether two amounts are the ends of a range: `10%-20%`, `176 to 178 million`, 1-200万."""
    between = text[amount.last : other.first]
    if len(between) > 6 or amount.unit is None or other.unit is None:
        return False
    if amount.trouble or other.trouble:
        return False
    # The minus of the second may be the dash itself.
    dash = _DASH.fullmatch(between) if between.strip() else None
    if dash is None and not (not between and other.minus and text[other.first] in "-–"):
        return False
    if amount.unit.name not in ("", other.unit.name) and not (amount.mark and not other.unit.name):
        return False
    if dash is None:
        return True
    if dash["and"]:
        return _BETWEEN.search(text[max(0, amount.first - 16) : amount.first]) is not None
    if dash["to"] or between.strip() in ("至", "到"):
        return not moves(text, amount.first) or not (amount.unit_text or amount.mark)
    return True


def _range(text: str, amount: Amount, other: Amount, until: int) -> Found:
    assert amount.unit is not None
    assert other.unit is not None
    joined = text[amount.last : other.first].strip()
    unit = other.unit if other.unit.name else UnitText(other.unit.factor, amount.unit.name)
    low, high = amount.value, other.value
    own = amount.unit if amount.unit_text and amount.unit.factor != 1 else unit
    if not amount.unit_text or own == unit:
        # 1-200万 is 1 to 2 million: the noughts of the first end are left out.
        bare = not amount.unit_text and unit.factor > 1
        noughts = len(other.digits) - len(amount.digits)
        if bare and noughts >= 2 and other.digits[len(amount.digits) :] == "0" * noughts:
            low = low.scaleb(noughts) if low < int(other.digits[: len(amount.digits)]) else low
    ends = (-low if amount.minus else low) * own.factor, high * unit.factor
    second_minus = other.minus and (bool(joined) or text[other.first + 1 : other.first + 2] == "-")
    ends = ends[0], -ends[1] if second_minus else ends[1]
    last = other.last
    core = (amount.first, other.core)
    negative, riddle = is_negative(text, amount.first, last, money=_is_money(unit))
    if negative and min(ends) >= 0:
        ends = -ends[0], -ends[1]
    if ends[0] > ends[1] and not (ends[0] <= 0 and ends[1] <= 0):
        why = "a range that runs backwards: write the lower end first"
        return Found(amount.first, last, None, None, amount.trouble or why, core)
    trouble = amount.trouble or other.trouble or riddle
    quantity = Quantity(None, min(ends), max(ends), unit.name, "range")
    last = min(qualifier_behind(text, last)[1], until)
    return Found(
        amount.first, last, quantity, None, trouble, core, bare=unit == NO_UNIT,
        negative=amount.minus or negative,
    )  # fmt: skip


def _single(text: str, amount: Amount, until: int, labelled: bytes) -> Found:
    """The amount with the words around it, which end before `until`; words of labels are none."""
    first, last = amount.first, amount.last
    qualifier = "over" if amount.more else ""
    behind, end = qualifier_behind(text, last)
    if not qualifier and end <= until:  # a `+` may be the sign of the next
        qualifier, last = behind, end
    before, start = qualifier_before(text, first)
    if any(labelled[start:first]):
        before = ""
    if before and not qualifier:
        qualifier = before
    first = start if before else first
    trailing = amount.last if last == amount.last else last
    core = (amount.first, amount.core)
    if amount.unit is None or amount.trouble == "this number cannot be read":
        return Found(first, last, None, None, amount.trouble, core)
    money = _is_money(amount.unit)
    negative, riddle = is_negative(text, first, trailing, money=money)
    if amount.unit_text in ("倍", "x", "X", "×", "times", "fold", "-fold"):
        riddle = fold_riddle(text, amount.first, last, amount.digits)
    minus = amount.minus or negative
    quantity = _qualified(amount, qualifier, minus=minus)
    exempt = _attached(text, amount)
    return Found(
        first, last, quantity, exempt, amount.trouble or riddle, core, bare=amount.unit == NO_UNIT,
        negative=minus,
    )  # fmt: skip


def _attached(text: str, amount: Amount) -> str | None:
    """Digits that run on into letters are a name or a measure of another kind: 5G, 76ms."""
    follows = text[amount.last : amount.last + 1]
    if not amount.unit_text and follows.isascii() and (follows.isalpha() or follows == "_"):
        return "label"
    return None


def _is_money(unit: UnitText) -> bool:
    """Whether an amount can be of money; a bare number with a scale can."""
    name = unit.name.split("/")[0]
    return name.isupper() or (not name and unit.factor > 1)


def _qualified(amount: Amount, qualifier: str, *, minus: bool) -> Quantity:
    """The quantity as the word before or behind shapes it: a bound, or a wider interval."""
    assert amount.unit is not None
    unit = amount.unit
    point = -amount.value if minus else amount.value
    if not qualifier:
        return _interval(point, amount.step, unit)
    value, step = (point or abs(point)) * unit.factor, amount.step * unit.factor
    if qualifier == "about":
        return Quantity(value, value - step, value + step, unit.name, qualifier)
    if qualifier == "nearly":
        ends = (value, value + step) if minus else (value - step, value)
        return Quantity(value, *ends, unit.name, qualifier)
    # A loss of more than 5 lies below -5.
    if (qualifier == "over") != minus:
        return Quantity(None, value, None, unit.name, qualifier)
    return Quantity(None, None, value, unit.name, qualifier)


def _interval(point: Decimal, step: Decimal, unit: UnitText) -> Quantity:
    """Half a unit of the last digit either side; whole counts and a bare 0 are exact."""
    value = (point or abs(point)) * unit.factor
    if step == 1 and (not point or (unit.factor == 1 and unit.name in ("count", "votes"))):
        return Quantity(value, value, value, unit.name, "")
    half = step * unit.factor / 2
    return Quantity(value, value - half, value + half, unit.name, "")


def _words(text: str, words: list[Wordy], taken: bytearray, labelled: bytes) -> list[Found]:
    found = []
    for word in words:
        if any(taken[word.first : word.last]):
            continue
        taken[word.first : word.last] = b"\1" * (word.last - word.first)
        if word.quantity is not None:
            found.append(Found(word.first, word.last, word.quantity, None, None, word.core))
            continue
        assert word.digits is not None
        value, step = word.digits
        unit, trouble = unit_of(word.unit, "", None)
        amount = Amount(
            word.first, word.last, word.last, text[word.first], "", value, step, unit, word.unit,
            False, word.more, trouble,
        )  # fmt: skip
        found.append(_single(text, amount, len(text), labelled))
    return found
