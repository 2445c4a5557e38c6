"""The periods that prose names: `2021年一季度`, `Q1 2021`, `the end of 2021`, `前三季度`.

They are read for suggestions alone, where a wrong guess costs a proposal; a tag names its period.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from ddcheck.engine.model.periods import Calendar, Period, PeriodError, add_months

_YEAR = r"(?:19|20)\d{2}"
_ORDINALS = {
    "一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4, "first": 1, "second": 2,
    "third": 3, "fourth": 4, "last": 4, "final": 4, "上": 1, "下": 2,
}  # fmt: skip
_MONTHS = {
    name: i
    for i, name in enumerate(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(), 1
    )
}  # fmt: skip
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<year>{_YEAR})-(?P<m>\d\d)-(?P<d>\d\d)",
        rf"(?P<year>{_YEAR})[ ]?年[ ]?(?P<m>\d{{1,2}})[ ]?月[ ]?(?P<d>\d{{1,2}})[ ]?日",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ ]+{_MONTH}\.?,?[ ]+(?P<year>{_YEAR})",
        rf"{_MONTH}\.?[ ]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?[ ]+(?P<year>{_YEAR})",
        rf"{_MONTH}\.?[ ]+(?P<year>{_YEAR})",
        rf"(?:FY|Q4[ ])?(?P<year>{_YEAR})[ ]?年?(?P<end>[末底]|年末|年底)",
        rf"(?P<end>(?:year[- ])?end[ ](?:of[ ])?)(?:FY[ ]?)?(?P<year>{_YEAR})",
        rf"(?:(?P<year>{_YEAR})[ ]?年[ ]?)?(?:前(?P<thirds>三)(?:个)?季度|1[-至到]9月|首三季)",
        rf"first[ ]nine[ ]months(?:[ ]of[ ](?P<year>{_YEAR}))?(?P<thirds>)",
        rf"(?P<n>\d{{1,2}})M(?P<year>{_YEAR})",
        (
            rf"(?:(?P<year>{_YEAR})[ ]?年[ ]?)?(?<![上前下])第?(?P<quarter>[一二三四1-4])[ ]?"
            r"季度?(?P<end>[末底])?"
        ),
        rf"(?P<year>{_YEAR})[ ]?Q(?P<quarter>[1-4])",
        rf"Q(?P<quarter>[1-4])(?:[ ]?(?:of[ ])?(?P<year>{_YEAR}))?",
        r"(?P<quarter>[1-4])Q(?P<short>\d\d)(?!\d)",
        r"(?P<quarter>[一二三四])(?=[、和及](?:[一二三四][、和及])*[一二三四](?:个)?季度)",
        (
            rf"(?P<quarter>first|second|third|fourth|last|final)[ ]quarter"
            rf"(?:[ ]of[ ](?P<year>{_YEAR}))?"
        ),
        r"(?P<quarter>first|second|third|fourth)(?=(?:,|[ ]and|[ ]to)[ ][^.;]{0,40}quarters?)",
        r"(?<=in the )(?P<quarter>second|third|fourth)(?![ ][a-z]*(?:year|half|month))",
        rf"(?:(?P<year>{_YEAR})[ ]?年[ ]?)?(?P<half>[上下])半年",
        rf"(?P<year>{_YEAR})H(?P<half>[12])|H(?P<half2>[12])[ ](?P<year2>{_YEAR})",
        rf"(?P<half>first|second)[ ]half(?:[ ]of[ ](?P<year>{_YEAR}))?",
        rf"(?P<year>{_YEAR})[ ]?年[ ]?(?P<m>\d{{1,2}})[ ]?月[末底]?",
        r"(?<![\d.])(?P<m>1[0-2]|[1-9])[ ]?月[末底]",
        rf"(?<=\bby ){_MONTH}(?![ ]\d)|(?<=end of ){_MONTH.replace('month>', 'month2>')}(?![ ]\d)",
        rf"(?:FY[ ]?)?(?P<year>{_YEAR})(?!\d|[ ]?[%万亿])",
        r"FY(?P<short>\d\d)(?!\d)",
        r"(?P<short>\d\d)[ ]?年(?!代|前|后|来)",
    )
)


class _Shift(NamedTuple):
    """How far back or ahead words point: months, and of what (`same`: whatever was named).

    `onwards` counts from what was referred to last, not from what was named.
    """

    months: int
    frame: str = "same"
    onwards: bool = False


_EACH = _Shift(0, "year")
_SHIFTS = tuple(
    (re.compile(pattern, re.IGNORECASE), shift)
    for pattern, shift in (
        (r"再(?:往前|上)一年", _Shift(-12, onwards=True)),
        (r"(?:去年|上年|上一?财?年度?|前一年|上一年度?)(?:的)?同[期季]", _Shift(-12)),
        (r"一年(?:以|之)?前", _Shift(-12)),
        (r"(?:一年(?:以|之)?后|次年|翌年|下一年)", _Shift(12, onwards=True)),
        (r"去年|上一?(?:财|个财|个)?年度?|前一年度?|上年度?", _Shift(-12, "year")),
        (r"前年", _Shift(-24, "year")),
        (r"[两二]年(?:以|之)?前", _Shift(-24)),
        (r"三年(?:以|之)?前", _Shift(-36)),
        (r"上一?(?:个)?季度?|前一季度?", _Shift(-3, "quarter")),
        (r"三个月(?:以|之)?前", _Shift(-3, "day")),
        (r"(?<!去年)(?<!上年)同期", _Shift(0)),
        (r"四个季度(?=分别|依次)|(?:the )?four quarters(?=[^.;]{0,80}respectively)", _EACH),
        (r"当季|该季度?|本季度?", _Shift(0, "quarter")),
        (r"当年|该年|同年|全年", _Shift(0, "year")),
        (r"年末|年底", _Shift(0, "end")),
        (
            (
                r"(?:the[ ])?same[ ](?:quarter|period|months?)[ ](?:of[ ]|in[ ])?(?:the[ ]|a[ ])?"
                r"(?:last[ ]year|(?:previous|prior|preceding)[ ]year|year[ ](?:before|earlier))"
            ),
            _Shift(-12),
        ),
        (r"(?:the[ ])?same[ ](?:quarter|period)", _Shift(0)),
        (r"(?:a|one)[ ]year[ ](?:earlier|before|ago)(?:[ ]that)?", _Shift(-12)),
        (r"two[ ]years[ ](?:earlier|before|ago)", _Shift(-24)),
        (r"(?:a|one)[ ]year[ ]later|(?:twelve|12)[ ]months[ ](?:later|on)", _Shift(12)),
        (r"(?:the[ ])?next[ ]year", _Shift(12, "year")),
        (
            r"(?:the[ ])?(?:year[ ](?:before|earlier)|(?:previous|prior|preceding)[ ]year)",
            _Shift(-12, "year"),
        ),
        (
            r"(?:the[ ])?(?:quarter[ ](?:before|earlier)|(?:previous|prior|preceding)[ ]quarter)",
            _Shift(-3, "quarter"),
        ),
        (r"(?:three|3)[ ]months[ ](?:earlier|before|ago)", _Shift(-3, "day")),
        (r"(?:that|the[ ]same)[ ]year|the[ ]year(?=[,;.])|full[- ]year", _Shift(0, "year")),
        (r"(?:that|the)[ ]quarter(?![ ]of)", _Shift(0, "quarter")),
    )
)  # fmt: skip
#: What stands before or behind a period that a number is only compared with.
_THAN = re.compile(
    r"(?:(?:than|over|on|above|below|exceed(?:s|ed|ing)?)(?:[ ]in)?[ ](?:the[ ]|a[ ])?"
    r"(?:same[ ](?:quarter|period)[ ]of[ ](?:the[ ]|a[ ])?)?|[较比]|不及|多于)\Z",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"年?[末底初]?(?:相比|的[两二三四五\d.]+倍)")


class Moment(NamedTuple):
    """A period that a text names or refers to, and where."""

    first: int
    last: int
    period: Period
    relative: bool = False


def moments(text: str, calendar: Calendar, before: Period | None) -> list[Moment]:
    """Every period that `text` names or refers to.

    A quarter without a year is of the year named before it, `the year before` is reckoned from the
    period named last; `before` is what stood ahead of the text. What a number is only compared
    with is left out: growth `on the year before` is not of that year.
    """
    found: list[Moment] = []
    named = last = before
    for first, end, match, shift in _matches(text):
        parts = match.groupdict()
        if shift is None:
            period = _period(parts, _year(parts, last, calendar), calendar)
        else:
            base = last if shift.onwards else named
            period = _shifted(shift, base, calendar) if base is not None else None
        if period is None or _is_compared(text, first, end):
            continue
        if shift is _EACH:  # of four quarters each
            year = calendar.fiscal_year(period.start)
            quarters = [calendar.parse(f"{year}Q{i}")[0] for i in range(1, 5)]
            found += [Moment(first, end, quarter, True) for quarter in quarters]
            continue
        found.append(Moment(first, end, period, shift is not None))
        last = period
        if shift is None or shift.months == 0:
            named = period
    return found


def _matches(text: str) -> list[tuple[int, int, re.Match[str], _Shift | None]]:
    """What names or refers to a period, in order; of two readings of a place the first form's."""
    found: list[tuple[int, int, re.Match[str], _Shift | None]] = []
    taken: set[int] = set()
    for form, shift in (*((form, None) for form in _FORMS), *_SHIFTS):
        for match in form.finditer(text):
            if taken.isdisjoint(range(*match.span())):
                taken.update(range(*match.span()))
                found.append((*match.span(), match, shift))
    return sorted(found, key=lambda item: item[0])


def _is_compared(text: str, first: int, last: int) -> bool:
    return (
        _THAN.search(text, max(0, first - 40), first) is not None
        or _COMPARED.match(text, last) is not None
    )


def _year(parts: dict[str, str | None], before: Period | None, calendar: Calendar) -> int | None:
    written = parts.get("year") or parts.get("year2")
    if written:
        return int(written)
    if parts.get("short"):
        return 2000 + int(str(parts["short"]))
    if before is None:
        return None
    if not before.months or parts.get("m"):
        return date.fromordinal(before.end).year
    return calendar.fiscal_year(before.start)


def _shifted(shift: _Shift, base: Period, calendar: Calendar) -> Period | None:
    """The period that lies `shift` from `base`, in the frame that the words ask for."""
    frame = shift.frame
    if frame == "day":
        return calendar.instant(add_months(base.end, shift.months))
    if frame == "end":
        year = calendar.fiscal_year(base.start) if base.months else None
        year = year if year is not None else date.fromordinal(base.end).year
        return calendar.instant(calendar.parse(f"FY{year}")[0].end)
    if not base.months:
        if frame == "year":
            return calendar.parse(f"FY{date.fromordinal(base.end).year + shift.months // 12}")[0]
        return calendar.instant(add_months(base.end, shift.months))
    if frame == "year":
        start = calendar.year_start(calendar.fiscal_year(base.start))
        return calendar.span(start + shift.months, 12)
    if frame == "quarter":
        if base.months != 3:
            return None
        return calendar.span(base.start + shift.months, 3)
    return calendar.span(base.start + shift.months, base.months)


def _period(parts: dict[str, str | None], year: int | None, calendar: Calendar) -> Period | None:
    if year is None:
        return None
    half = parts.get("half") or parts.get("half2")
    month = parts.get("month") or parts.get("month2")
    number = _MONTHS[month[:3].lower()] if month else int(parts.get("m") or 0)
    if parts.get("quarter"):
        label = f"{year}Q{_ORDINALS[str(parts['quarter']).lower()]}"
    elif half:
        label = f"{year}H{_ORDINALS[half.lower()]}"
    elif parts.get("n"):
        label = f"{parts['n']}M{year}"
    elif "thirds" in parts:
        label = f"9M{year}"
    elif number:
        day = parts.get("d")
        label = f"{year}-{number:02d}" + (f"-{int(day):02d}" if day else "")
    else:
        label = f"FY{year}"
    try:
        period = calendar.parse(label)[0]
    except PeriodError:
        return None
    return calendar.instant(period.end) if parts.get("end") else period


def names(moment: Period, period: Period) -> bool:
    """Whether what a text names can be `period`: the same span, or an instant at its end."""
    if not period.months or not moment.months:
        return moment.end == period.end
    return (moment.start, moment.months) == (period.start, period.months)
