"""Numbers in prose: where they stand, what they say, and which of them claim nothing.

The grammar is that of `text.quantity`, which company files use, found in running text of both
languages: `4023万美元`, `US$1.2bn`, `超99%`, `净亏损1.2亿美元` (negative), `翻番` (growth of
100 %), `1-200万` (1 to 2 million, the scale left out). Dates, periods, ordinals and versions claim
nothing.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.text.quantity import Quantity, parse_quantity
from ddcheck.engine.text.words import QuantityError, UnitText, parse_unit

#: Character for character, so that places stay what they are.
_NARROW = str.maketrans(
    "０１２３４５６７８９．，％（）－＋～＞＜／−＄﹪", "0123456789.,%()-+~></-$%"
)
_YEAR = r"(?:19|20)\d{2}"
_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    "Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
#: What has digits and claims nothing, the longer forms first.
_EXEMPT = re.compile(
    "|".join(
        (
            r"https?://\S+",
            rf"{_YEAR}-\d{{1,2}}-\d{{1,2}}",
            rf"{_YEAR}/\d{{1,2}}/\d{{1,2}}",
            rf"(?<![\d.]){_YEAR}\.(?:1[0-2]|0?[1-9])(?:\.\d{{1,2}})?(?![\d%.万亿千百元美])",
            r"(?<![\dA-Za-z])(?:FY|CY|TTM|9M|6M|3M)\s?'?\d{2,4}(?:[HQ][1-4])?[EAG]?(?![A-Za-z])",
            rf"(?<![\dA-Za-z])(?:{_YEAR}|\d{{2}})\s?[QH][1-4]\b",
            rf"(?<![A-Za-z\d])[QH][1-4](?:\s?(?:of\s)?'?(?:{_YEAR}|\d{{2}})(?!\d))?(?![A-Za-z\d])",
            rf"(?<![\dA-Za-z])[1-4]Q(?:{_YEAR}|\d{{2}})\b",
            (
                rf"(?:{_YEAR}|(?<!\d)\d{{2}})\s?年(?:度|底|末|初|中)?(?:第?\s?[一二三四1-4]\s?季度?|[上下]半年)?"
                r"(?:\s?\d{1,2}\s?月(?:份|底|末|初)?(?:\s?\d{1,2}\s?[日号])?)?"
            ),
            r"(?<!\d)\d{1,2}\s?月(?:\s?\d{1,2}\s?[日号]|份|底|末|初)",
            rf"\b(?:{_MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+{_YEAR})?\b",
            rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})\.?(?:,?\s+{_YEAR})?\b",
            rf"\b(?:{_MONTHS})\.?,?\s+{_YEAR}\b",
            r"第\s?\d+(?![\d.]*\s?%)",
            r"\b\d+(?:st|nd|rd|th)\b",
            r"\bv?\d+\.\d+\.\d+(?:\.\d+)*\b",
            r"\bv\d+(?:\.\d+)*\b",
            r"(?<!\w)(?:section|page|table|figure|chart|note|appendix|step|item|phase)\s\d+(?:\.\d+)*\b",
            r"[图表注附录章节页]\s?\d+(?:\.\d+)*(?!\d)",
            r"(?<![\w.])\[\d{1,3}\]",
            (
                rf"(?<![\d.,A-Za-z$¥€£]){_YEAR}(?:\s?[-–—~至]\s?(?:{_YEAR}|\d{{2}}))?"
                r"(?![\d,.]*\d|\s?[%万亿千百元美个家名人款股倍x×]|\s?(?:USD|CNY|RMB|m|bn|million|billion)\b)"
            ),
        )
    ),
    re.IGNORECASE | re.ASCII,
)
_LIST_MARK = re.compile(r"\s*(?:[（(]?\d{1,3}[)）.、．]|\d+(?:\.\d+)+)\s", re.ASCII)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_SIGN = r"(?:US\$|HK\$|[$¥￥€£])"
_CORE = re.compile(
    rf"(?P<open>\()?(?P<minus>[-+])?\s?(?P<mark>{_SIGN})?\s?(?P<second>-)?"
    rf"(?<![A-Za-z_\d.])(?P<first>{_DIGITS})"
    rf"(?:\s?(?:-|–|—|~|至|到|\.\.|\bto\b)\s?(?:{_SIGN})?(?P<last>{_DIGITS}))?",
    re.ASCII,
)
_MEANINGS = {
    "over": "not less than|no less than|at least|more than|over|above|exceeds|exceeding|exceeded|"
    "exceed|>=|≥|>|不低于|不少于|至少|超过|超出|超|逾|高于",
    "under": "at most|up to|less than|fewer than|under|below|<=|≤|<|不超过|不足|不到|低于|少于",
    "about": "approximately|around|roughly|about|circa|some|~|大约|约为|约|大概",
    "nearly": "nearly|almost|close to|接近|将近|近",
}
_MEANING = {word: name for name, words in _MEANINGS.items() for word in words.split("|")}
_QUALIFIER = re.compile(
    rf"(?<![A-Za-z])(?:{'|'.join(sorted(map(re.escape, _MEANING), key=len, reverse=True))})\s?\Z",
    re.IGNORECASE,
)
_BEHIND = (
    ("左右", "about"), ("上下", "about"), ("以上", "over"), ("以下", "under"), ("以内", "under"),
    ("多", "over"), ("余", "over"), ("+", "over"),
)  # fmt: skip
_UNIT = re.compile(
    r"\s?(?:%|pp\b|bps?\b|个百分点|百分点|x\b|×|倍|"
    r"(?:[千百万亿]+|k\b|mn?\b|bn\b|tn\b|thousand\b|million\b|billion\b|trillion\b)?\s?"
    r"(?:US dollars\b|dollars\b|美元|美金|元人民币|人民币|港元|欧元|元|USD\b|CNY\b|RMB\b|HKD\b|"
    r"EUR\b|GBP\b|percentage points?\b|percent\b|per cent\b|shares?\b|股|份ADS|ADSs?\b|个月|"
    r"months?\b|days?\b|天|分钟|minutes?\b|customers?\b|名|家|人|款|个|票|votes?\b)?)",
    re.IGNORECASE,
)
_SAME = {
    "us dollars": "USD", "dollars": "USD", "percent": "%", "per cent": "%", "adss": "ads",
    "percentage point": "pp", "percentage points": "pp", "customer": "count", "customers": "count",
}  # fmt: skip
#: Words of loss and fall: the number that follows (or precedes) is below zero.
_FALLS = re.compile(
    r"(?:亏损|净亏|下滑|下降|下跌|减少|缩减|萎缩|跌幅|降幅|loss(?:es)?|declin\w+|fell|falls?|dropp?\w*|"
    r"decreas\w+|shr(?:i|a|u)nk\w*|down|negative|minus)"
    r"(?:了|为|至|达|到|约|近|超|超过|幅度|额|率|同比|环比|a|by|of|to|was|were|is|at|about|nearly|over|some|"
    r"\s|:|：)*\Z",
    re.IGNORECASE,
)
_FALLS_BEHIND = re.compile(
    r"(?:的)?(?:净)?(?:亏损|跌幅|降幅)|\s(?:net\s)?(?:loss|decline|decrease|fall|drop)\b"
)
#: A fall *to* a level is that level: `降至30%`, `fell to 30%`.
_LEVEL = re.compile(r"(?:至|到|\bto)\s?(?:约|近|about|nearly|some)?\s?\Z", re.IGNORECASE)
_WORDS = (
    (re.compile(r"翻(?:了)?(?:一)?番|翻倍|\bdoubled\b|\bdoubling\b", re.IGNORECASE), "1", "0.05"),
    (re.compile(r"\btripled\b|\btripling\b", re.IGNORECASE), "2", "0.05"),
    (re.compile(r"过半|超(?:过)?一半|more than half", re.IGNORECASE), "0.5", None),
    (re.compile(r"一半|\bhalf\b", re.IGNORECASE), "0.5", "0.05"),
)
_TENTHS = re.compile(r"([一二三四五六七八九])成")
_PERCENT = UnitText(Decimal("0.01"), "ratio")


class Found(NamedTuple):
    """A number between two positions of a text; `exempt` names what it is if it claims nothing."""

    first: int
    last: int
    quantity: Quantity | None
    exempt: str | None
    ambiguous: str | None = None


def find_numbers(text: str) -> list[Found]:
    """Every number in `text`, in order; total: what cannot be read has no quantity."""
    narrow = text.translate(_NARROW)
    found = [Found(*match.span(), None, "date or label") for match in _EXEMPT.finditer(narrow)]
    mark = _LIST_MARK.match(narrow)
    if mark is not None:
        found.append(Found(0, mark.end(), None, "list mark"))
    taken = {i for item in found for i in range(item.first, item.last)}
    for match in _CORE.finditer(narrow):
        if taken.isdisjoint(range(match.start("first"), match.end("first"))):
            item = _number(narrow, match, taken)
            found.append(item)
            taken.update(range(item.first, item.last))
    found += _in_words(narrow, taken)
    return sorted(found)


def _number(text: str, match: re.Match[str], taken: set[int]) -> Found:
    """The number that `match` found, with the words around it that belong to it."""
    start = match.start("first")
    for name in ("second", "mark", "minus"):
        if match[name]:
            start = match.start(name)
    first, last = match["first"], match["last"]
    end = match.end("first")
    if last is not None and taken.isdisjoint(range(match.start("last"), match.end("last"))):
        end = match.end("last")
    else:
        last = None
    unit_match = _UNIT.match(text, end)
    unit = unit_match[0].strip() if unit_match is not None else ""
    stop = end + len(unit_match[0].rstrip()) if unit_match is not None and unit else end
    qualifier = ""
    for word, meaning in _BEHIND:
        if text.startswith(word, stop) and not (
            word == "+" and text[stop + 1 : stop + 2].isdigit()
        ):
            qualifier, stop = meaning, stop + len(word)
            break
    before = _QUALIFIER.search(text[:start])
    if before is not None and not qualifier:
        word = before[0].strip().lower()
        # `over` in "over the year" is no bound: only what touches the number is.
        qualifier, start = _MEANING.get(word, ""), before.start()
    minus = bool(match["minus"] == "-" or match["second"])
    bracketed = bool(match["open"]) and text[stop : stop + 1] == ")"
    if bracketed:
        start, stop, minus = match.start("open"), stop + 1, True
    falls = _FALLS.search(text[max(0, start - 24) : start])
    if (falls is not None and not _LEVEL.search(text[:start])) or (
        not minus and _FALLS_BEHIND.match(text, stop)
    ):
        minus = True
    mark = (match["mark"] or "").replace("HK$", "港元")
    quantity, why = _quantity(first, last, f"{unit} {mark}".strip(), qualifier, minus=minus)
    return Found(start, stop, quantity, None, why)


def _quantity(
    first: str, last: str | None, unit: str, qualifier: str, *, minus: bool
) -> tuple[Quantity | None, str | None]:
    """The quantity, and why it can be read in two ways, if it can."""
    why = None
    words = " ".join(_SAME.get(word.lower(), word) for word in [unit]) if unit else ""
    for long, short in _SAME.items():
        if words.lower().endswith(long):
            words = words[: -len(long)] + short
    try:
        known = parse_unit(words) if words else UnitText(Decimal(1), "")
        if last is not None:
            low, high = Decimal(first.replace(",", "")), Decimal(last.replace(",", ""))
            if low > high:
                return None, None
            # 1-200万 is 1 to 2 million: the scale of the first end is left out.
            left_out = known.factor > 1 and low < 10 and high >= 100 and low * 100 <= high
            scaled = low * 100 if left_out else low
            ends = scaled * known.factor, high * known.factor
            if minus:
                ends = -ends[1], -ends[0]
            return Quantity(None, *ends, known.name, "range"), why
        point = parse_quantity(f"-{first}" if minus else first, known)
    except (QuantityError, ArithmeticError):
        return None, why
    return _qualified(point, qualifier, first, known, minus=minus), why


def _qualified(
    point: Quantity, qualifier: str, digits: str, unit: UnitText, *, minus: bool
) -> Quantity:
    """`point` as the word before or behind it shapes it: a bound, or a wider interval."""
    value = point.value
    if value is None or not qualifier:
        return point
    exponent = Decimal(digits.replace(",", "")).as_tuple().exponent
    step = Decimal(1).scaleb(int(exponent)) * unit.factor
    if qualifier == "about":
        return point._replace(low=value - step, high=value + step, qualifier=qualifier)
    if qualifier == "nearly":
        ends = (value, value + step) if minus else (value - step, value)
        return point._replace(low=ends[0], high=ends[1], qualifier=qualifier)
    # A loss of more than 5 lies below -5.
    if (qualifier == "over") != minus:
        return Quantity(None, value, None, point.unit, qualifier)
    return Quantity(None, None, value, point.unit, qualifier)


def _in_words(text: str, taken: set[int]) -> list[Found]:
    """Numbers that have no digits: 翻番, 一半, 三成, doubled, half."""
    found = []
    for pattern, value, step in _WORDS:
        for match in pattern.finditer(text):
            if not taken.isdisjoint(range(*match.span())):
                continue
            taken.update(range(*match.span()))
            point = Decimal(value)
            if step is None:
                quantity = Quantity(None, point, None, "ratio", "over")
            else:
                half = Decimal(step)
                quantity = Quantity(point, point - half, point + half, "ratio", "about")
            found.append(Found(*match.span(), quantity, None))
    for match in _TENTHS.finditer(text):
        if taken.isdisjoint(range(*match.span())):
            point = Decimal("一二三四五六七八九".index(match[1]) + 1) / 10
            half = Decimal("0.05")
            quantity = Quantity(point, point - half, point + half, "ratio", "")
            found.append(Found(*match.span(), quantity, None))
    return found
