"""Heads of columns: the period that a printed head names, in the many forms of statements.

A head is read whole or not at all: what is left over when its period is taken out must be words
that change nothing (`audited`, `for the`). A form that two readers would read differently
(`03/04/2021`) is no period.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from ddcheck.engine.model.periods import Calendar, Period

YEAR, HALF, QUARTER, TO_DATE, MONTH, DAY, ENDED, MONTHS = (
    "year", "half", "quarter", "to-date", "month", "day", "ended", "months",
)  # fmt: skip


class Head(NamedTuple):
    """What a head says. `year` is None where it names a part of a year and no year.

    `number` is the quarter, half, months to date or months ended; `month` and `day` those of a
    date; `last` the last month of a run of months. `kind` is `E`, `G` or nothing.
    """

    form: str
    year: int | None
    number: int = 0
    month: int = 0
    day: int = 0
    last: int = 0
    kind: str = ""
    trailing: bool = False

    @property
    def whole(self) -> bool:
        """Whether it names a period, year and all."""
        return self.year is not None


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ), 1,
    )
    for name in names.split()
}  # fmt: skip
_NUMBERS = {
    "一": 1, "二": 2, "三": 3, "四": 4, "六": 6, "九": 9, "十二": 12, "上": 1, "下": 2,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
    "one": 1, "three": 3, "six": 6, "nine": 9, "twelve": 12,
}  # fmt: skip
_M = rf"(?P<name>{'|'.join(_MONTHS)})\.?"
_Y = r"(?P<year>(?:19|20)\d{2})"
#: A year of two digits stands behind an apostrophe or next to a letter that says what it is.
_ORDINAL = r"(?P<n>first|second|third|fourth|1st|2nd|3rd|4th)"
_YY = r"(?:['’]\s?)?(?P<year>(?:19|20)\d{2}|\d{2})(?!\d)"

#: Words that say the kind of a figure.
_KINDS = (
    (r"(?<=[\d年])\s?\(?[efp]\)?(?![a-z])", "E"),
    (r"\b(?:estimated?s?|est\.?|forecasts?|projected|projections?|consensus|expected)\b", "E"),
    (r"预测值?|预计|预期|估计", "E"),
    (r"(?<=\d)g(?![a-z])|\b(?:guidance|outlook)\b|指引", "G"),
    (r"(?<=\d)\s?\(?a\)?(?![a-z])|\bactuals?\b|实际", ""),
)
_NOISE = re.compile(
    r"\b(?:un)?audited\b|\brestated\b|\bas restated\b|未经审计|经审计|未审计|已审计|已重述|重述|"
    r"\bfor the\b|\bas of\b|\bas at\b|\bat\b|\bperiods?\b|\bthe\b|\bended\b|\bending\b|\bof\b|"
    r"\bfiscal\b|\bfinancial\b|截至|于|止|年度报告|期末|[()\[\],.:;'’*\-–—/]"
)
_TRAILING = re.compile(
    r"\b(?:(?:ltm|ttm)(?![a-z])|(?:trailing|last) (?:twelve|12) months\b)|滚动十二个月|近十二个月"
)

_ENDED = (
    re.compile(
        r"\b(?P<n>three|six|nine|twelve|one|3|6|9|12)[- ]months?(?: periods?)?(?: end(?:ed|ing))?\b"
    ),
    re.compile(r"\b(?P<quarter>quarters?) end(?:ed|ing)\b"),
    re.compile(r"\b(?P<half>half[- ]?years?) end(?:ed|ing)\b"),
    re.compile(r"\b(?P<whole>(?:fiscal |financial )?years?) end(?:ed|ing)\b"),
    re.compile(r"\b(?P<one>months?) ended\b"),
    re.compile(r"止?(?P<n>三|六|九|十二|3|6|9|12)个月(?:期间)?"),
    re.compile(r"止(?P<whole>年度?|财年|财政年度)"),
)
_DATES = (
    re.compile(rf"{_Y}\s?年\s?(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?日?(?!\d)"),
    re.compile(rf"{_Y}\s?([-/.])\s?(?P<month>\d{{1,2}})\s?\2\s?(?P<day>\d{{1,2}})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<year>\d{4}|\d{2})(?!\d)"),
    re.compile(rf"\b{_M}\s?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?,)?\s?{_Y}?(?!\d)"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[- ]{_M}[-, ]*(?:{_YY})?"),
    re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
)  # fmt: skip
_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (form, re.compile(pattern))
    for form, pattern in (
        (QUARTER, rf"(?<!\d)(?P<n>[1-4])\s?q\s?[-/]?\s?(?:fy|cy)?\s?{_YY}"),
        (QUARTER, rf"\b(?:fy|cy)?{_YY[:-6]}\s?[-/]?\s?q\s?(?P<n>[1-4])(?!\d)"),
        (QUARTER, rf"\bq\s?(?P<n>[1-4])(?!\d)\s?[-/,]?\s?(?:of\s)?(?:fy|cy|fiscal)?\s?(?:{_YY})?"),
        (QUARTER, rf"{_Y}\s?[-/]?\s?(?P<n>[1-4])q"),
        (QUARTER, rf"\b{_ORDINAL} quarter(?: of)?(?: fiscal)?(?: {_Y})?"),
        (QUARTER, rf"\b{_Y} {_ORDINAL} quarter"),
        (TO_DATE, rf"(?:{_Y}\s?年?度?\s?)?前(?P<n3>[二三])个?季度"),
        (TO_DATE, rf"(?:{_Y}\s?年?度?\s?)?(?P<n3>[三])季报"),
        (QUARTER, rf"(?:{_Y}\s?年?度?\s?)?第?(?P<n>[一二三四]|(?<!\d)[1-4])季(?:度|报)?"),
        (QUARTER, r"(?<![\dq])(?P<n>[1-4])q(?![\da-z])"),
        (HALF, rf"(?<!\d)(?P<n>[12])\s?h\s?(?:fy|cy)?\s?{_YY}"),
        (HALF, rf"\bh\s?(?P<n>[12])(?!\d)\s?[-/,]?\s?(?:fy|cy)?\s?(?:{_YY})?"),
        (HALF, rf"{_Y}\s?[-/]?\s?h\s?(?P<n>[12])(?!\d)"),
        (HALF, rf"\b(?P<n>first|second|1st|2nd) half(?: of)?(?: {_Y})?"),
        (HALF, rf"(?:{_Y}\s?年?度?\s?)?(?P<n>[上下])半年度?"),
        (HALF, rf"(?:{_Y}\s?年?\s?)?(?:(?P<interim>半年)(?:度|报)?|(?P<report>中报|中期))"),
        (TO_DATE, rf"(?<!\d)(?P<n>[369]|12)\s?m\s?(?:fy|cy)?\s?{_YY}"),
        (TO_DATE, rf"{_Y}\s?[-/]?\s?(?P<n>[369]|12)m\b"),
        (MONTHS, rf"(?:{_Y}\s?年?\s?)?(?<!\d)(?P<n>\d{{1,2}})\s?[-–—至~]\s?(?P<last>\d{{1,2}})月"),
        (MONTH, rf"\b{_M}[-, ]*{_YY}"),
        (MONTH, rf"{_Y}\s?[-/.]\s?(?P<month>0[1-9]|1[0-2])(?!\d)"),
        (MONTH, rf"{_Y}\s?年(?P<month>\d{{1,2}})月(?:份)?"),
        (YEAR, rf"\b(?:fy|cy|year|fiscal year|fiscal)\s?{_YY}"),
        (YEAR, rf"(?<!\d){_Y}(?!\d)\s?(?:年年?度?报?|财年|fy\b)?"),
    )
)  # fmt: skip
_SPLIT_YEAR = re.compile(r"(?:fy\s?)?(?<!\d)((?:19|20)\d{2})\s?[/-]\s?(\d{2}|\d{4})(?!\d)")
_ANY_YEAR = re.compile(rf"(?<!\d){_Y}(?!\d)\s?年?度?")
_LENGTHS = {"quarter": 3, "half": 6, "whole": 12, "one": 1}
_MAX_LENGTH = 120


def read_head(text: str) -> Head | None:
    """What the head `text` says, or None if it is no head of a period."""
    if not text or len(text) > _MAX_LENGTH or not any(char.isalnum() for char in text):
        return None
    rest = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).lower()).strip()
    rest, kind = _kind(rest)
    without = _TRAILING.sub(" ", rest)
    trailing = without != rest
    head, rest = _read(without.strip())
    if head is None or _NOISE.sub(" ", rest).strip():
        return None
    if trailing and head.form in (HALF, TO_DATE, MONTHS, ENDED):
        return None
    return head._replace(kind=kind, trailing=trailing)


def _kind(rest: str) -> tuple[str, str]:
    for pattern, kind in _KINDS:
        found = re.sub(pattern, " ", rest)
        if found != rest:
            return found.strip(), kind
    return rest, ""


def _read(rest: str) -> tuple[Head | None, str]:
    """The period in `rest`, and what is left over without it."""
    for pattern in _ENDED:
        match = pattern.search(rest)
        if match is not None:
            number = next((n for key, n in _LENGTHS.items() if _group(match, key)), 0)
            number = number or _number(match["n"])
            return _ended(number, _without(rest, match))
    split = _SPLIT_YEAR.search(rest)
    if split is not None and int(split[2][-2:]) == (int(split[1]) + 1) % 100:
        # 2021/22 is the fiscal year that ends in 2022; 2011/12 may also be a month.
        ambiguous = len(split[2]) == 2 and int(split[2]) <= 12
        return (None if ambiguous else Head(YEAR, int(split[1]) + 1)), _without(rest, split)
    for pattern in _DATES:
        match = pattern.search(rest)
        if match is not None:
            return _dated(match, rest)
    for form, pattern in _PARTS:
        match = pattern.search(rest)
        if match is not None:
            return _part(form, match, rest)
    return None, rest


def _ended(number: int, rest: str) -> tuple[Head | None, str]:
    """A span that is said to have ended: with its date, or with a year alone, or neither yet."""
    for pattern in _DATES:
        match = pattern.search(rest)
        if match is not None:
            head, rest = _dated(match, rest)
            return (head._replace(form=ENDED, number=number) if head else None), rest
    match = _ANY_YEAR.search(rest)
    year = int(match["year"]) if match else None
    if match is not None:
        rest = _without(rest, match)
    form = YEAR if number == 12 else TO_DATE
    return Head(form, year, 0 if form == YEAR else number), rest


def _dated(match: re.Match[str], rest: str) -> tuple[Head | None, str]:
    """A day; its year may stand elsewhere in the head."""
    rest = _without(rest, match)
    first = _group(match, "first")
    if first:
        one, two = int(first), int(match["second"])
        if one <= 12 and two <= 12 and one != two:
            return None, rest
        month, day = (one, two) if one <= 12 else (two, one)
    else:
        name = _group(match, "name")
        month = _MONTHS[name] if name else int(match["month"])
        day = int(match["day"])
    written = _group(match, "year")
    if not written:
        other = _ANY_YEAR.search(rest)
        if other is not None:
            written, rest = other["year"], _without(rest, other)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None, rest
    return Head(DAY, _year(written), month=month, day=day), rest


def _part(form: str, match: re.Match[str], rest: str) -> tuple[Head | None, str]:
    rest = _without(rest, match)
    written = _group(match, "year")
    if not written:
        other = _ANY_YEAR.search(rest)
        if other is not None:
            written, rest = other["year"], _without(rest, other)
    number = 0
    if _group(match, "n"):
        number = _number(match["n"])
    elif _group(match, "n3"):
        number = 3 * _number(match["n3"])
    elif _group(match, "interim") or _group(match, "report"):
        number = 1
    name = _group(match, "name")
    month = _MONTHS[name] if name else int(_group(match, "month") or 0)
    last = int(_group(match, "last") or 0)
    if form == MONTHS and not 1 <= number <= last <= 12:
        return None, rest
    if form == MONTH and not 1 <= month <= 12:
        return None, rest
    return Head(form, _year(written), number, month, last=last), rest


def _group(match: re.Match[str], name: str) -> str:
    return match.groupdict().get(name) or ""


def _without(rest: str, match: re.Match[str]) -> str:
    return f"{rest[: match.start()]} {rest[match.end() :]}".strip()


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _year(written: str) -> int | None:
    if not written:
        return None
    year = int(written)
    if len(written) == 2:
        year += 2000 if year < 80 else 1900
    return year


def year_end_of(head: Head) -> tuple[int, int] | None:
    """The month and day on which the fiscal year ends, where a head says `year ended …`."""
    if head.form == ENDED and head.number == 12 and head.month:
        return head.month, head.day
    return None


def period_of(head: Head, calendar: Calendar) -> Period | None:
    """The period that a whole head names on `calendar`; None for a day that there is not."""
    if head.year is None:
        return None
    start = calendar.year_start(head.year)
    if head.form == YEAR:
        period = calendar.span(start, 12)
    elif head.form == HALF:
        period = calendar.span(start + 6 * (head.number - 1), 6)
    elif head.form == QUARTER:
        period = calendar.span(start + 3 * (head.number - 1), 3)
    elif head.form == TO_DATE:
        period = calendar.span(start, head.number)
    elif head.form == MONTH:
        period = calendar.span(head.year * 12 + head.month - 1, 1)
    elif head.form == MONTHS:
        period = calendar.span(head.year * 12 + head.number - 1, head.last - head.number + 1)
    else:
        from ddcheck.engine.text.shape import parse_day

        day = parse_day(f"{head.year:04d}-{head.month:02d}-{head.day:02d}")
        if day is None:
            return None
        if head.form == DAY:
            return calendar.instant(day)
        # A span of whole months that ends on a day of the first week closed the month before.
        end = head.year * 12 + head.month - (1 if head.day <= 7 else 0)
        period = calendar.span(end - head.number, head.number)
    if head.trailing:
        return calendar.span(period.start + period.months - 12, 12)
    return period
