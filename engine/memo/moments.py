"""The periods that prose names: `2021年一季度`, `Q1 2021`, `the end of 2021`, `前三季度`.

They are read for suggestions alone, where a wrong guess costs a proposal; a tag names its period.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ddcheck.engine.model.periods import Calendar, Period, PeriodError

_YEAR = r"(?:19|20)\d{2}"
_ORDINALS = {
    "一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4, "first": 1, "second": 2,
    "third": 3, "fourth": 4, "上": 1, "下": 2,
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
        rf"(?:(?P<year>{_YEAR})[ ]?年[ ]?)?第?(?P<quarter>[一二三四1-4])[ ]?季度?(?P<end>[末底])?",
        rf"(?P<year>{_YEAR})[ ]?Q(?P<quarter>[1-4])",
        rf"Q(?P<quarter>[1-4])(?:[ ]?(?:of[ ])?(?P<year>{_YEAR}))?",
        r"(?P<quarter>[1-4])Q(?P<short>\d\d)(?!\d)",
        rf"(?P<quarter>first|second|third|fourth)[ ]quarter(?:[ ]of[ ](?P<year>{_YEAR}))?",
        rf"(?:(?P<year>{_YEAR})[ ]?年[ ]?)?(?P<half>[上下])半年",
        rf"(?P<year>{_YEAR})H(?P<half>[12])|H(?P<half2>[12])[ ](?P<year2>{_YEAR})",
        rf"(?P<half>first|second)[ ]half(?:[ ]of[ ](?P<year>{_YEAR}))?",
        rf"(?P<year>{_YEAR})[ ]?年[ ]?(?P<m>\d{{1,2}})[ ]?月",
        rf"(?:FY[ ]?)?(?P<year>{_YEAR})(?!\d|[ ]?[%万亿])",
        r"FY(?P<short>\d\d)(?!\d)",
        r"(?P<short>\d\d)[ ]?年(?!代|前|后|来)",
    )
)


class Moment(NamedTuple):
    """A period that a text names, and where."""

    first: int
    last: int
    period: Period


def moments(text: str, calendar: Calendar, year: int | None) -> list[Moment]:
    """Every period that `text` names; without a year it is of the one named before, or `year`."""
    matches: list[tuple[int, int, re.Match[str]]] = []
    taken: set[int] = set()
    for form in _FORMS:
        for match in form.finditer(text):
            if taken.isdisjoint(range(*match.span())):
                taken.update(range(*match.span()))
                matches.append((*match.span(), match))
    found = []
    for first, last, match in sorted(matches, key=lambda item: item[0]):
        parts = match.groupdict()
        written = parts.get("year") or parts.get("year2")
        if written:
            year = int(written)
        elif parts.get("short"):
            year = 2000 + int(parts["short"])
        if year is None:
            continue
        period = _period(parts, year, calendar)
        if period is not None:
            found.append(Moment(first, last, period))
    return found


def _period(parts: dict[str, str | None], year: int, calendar: Calendar) -> Period | None:
    half = parts.get("half") or parts.get("half2")
    month = parts.get("month")
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
