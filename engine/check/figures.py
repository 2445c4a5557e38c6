"""Numbers with their units and no more digits than what was printed bears out.

A stated figure keeps the digits of its source, scaled to the unit of reports: 4023万美元 is
`40.23 USD m`. A computed one has as many as the printed digits behind it decide.
"""

from __future__ import annotations

import math
from decimal import Decimal

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.explanation import Value
from ddcheck.engine.text.translate import say
from ddcheck.engine.text.words import CURRENCIES

_INF = float("inf")
_MILLION, _BILLION = 1e6, 1e9
#: Digits after the point that a report shows, and the most that an explanation adds to them.
_PERCENT, _TIMES, _MONEY, _PRICE, _WHOLE = 1, 2, 1, 2, 0
_MORE = 1
#: Money below this many units is not written in millions.
_SMALL = 50_000.0


class Figures:
    """Writes numbers for one company in one language."""

    def __init__(self, currency: str, language: str) -> None:
        self.currency = currency
        self.language = language

    def computed(
        self,
        value: float | None,
        low: float | None,
        high: float | None,
        unit: str,
        style: str,
        ends: tuple[float | None, float | None] = (None, None),
    ) -> Value:
        """A value whose interval by the printed digits is `low` to `high`.

        Where there is no point, `ends` are those of the range that is known.
        """
        first, last = ends if value is None else (low, high)
        if low is None or high is None:
            low, high = ends
        base, scale = self._scale(unit, style, _size(value, first, last))
        digits = base
        if value is not None and low is not None and high is not None:
            digits = self._digits(base, (high - low) / scale, value / scale)
        if value is not None:
            shown = self._written(value, unit, style, digits)
            interval = ""
            if low is not None and high is not None and low < high:
                interval = self._between(low, high, unit, style, digits + 1)
                if interval in (shown, self._between(low, low, unit, style, digits + 1)):
                    interval = ""
            return Value(value, low, high, unit, style, shown, interval)
        shown = self._between(first, last, unit, style, digits)
        wider = ""
        return Value(None, low, high, unit, style, shown, wider)

    def stated(self, fact: Fact, unit: str, style: str = "percent") -> Value:
        """A fact with the digits that its source prints."""
        unit = self._own(fact, unit)
        low = fact.low if math.isfinite(fact.low) else None
        high = fact.high if math.isfinite(fact.high) else None
        if fact.value is None:
            base, scale = self._scale(unit, style, _size(None, low, high))
            exact = max(
                (_exact(end / scale, base) for end in (low, high) if end is not None), default=base
            )
            shown = self._between(fact.low, fact.high, unit, style, exact)
            return Value(None, low, high, unit, style, shown, "")
        digits = self._printed(fact, fact.value, unit, style)
        shown = self._written(fact.value, unit, style, digits)
        interval = ""
        if fact.low < fact.high:
            interval = self._between(fact.low, fact.high, unit, style, digits + 1)
        return Value(fact.value, low, high, unit, style, shown, interval)

    def moved(self, fact: Fact, value: float, unit: str, style: str) -> Value:
        """Another value of a fact, with a digit more than its source prints."""
        unit = self._own(fact, unit)
        size = abs(value) if fact.value is None else abs(fact.value)
        base, scale = self._scale(unit, style, size)
        digits = base if fact.value is None else self._printed(fact, fact.value, unit, style)
        digits = min(digits + 1, max(digits, _exact(value / scale, 0)))
        shown = self._with_unit(value, unit, style, digits, scale)
        return Value(value, None, None, unit, style, shown, "")

    def _printed(self, fact: Fact, value: float, unit: str, style: str) -> int:
        """How many digits after the point a source prints, in the unit of reports."""
        _, scale = self._scale(unit, style, abs(value))
        digits = _exact(value / scale, 0)
        step = (fact.high - fact.low) / scale
        if 0 < step < _INF:
            places = -math.log10(step)
            if abs(places - round(places)) < 1e-6:
                digits = max(digits, round(places))
        return min(digits, 8)

    def difference(self, value: float, other: Value, unit: str, style: str) -> Value:
        """A difference of two values, in the digits of `other`; ratios in percentage points."""
        shown = self.computed(value, other.low, other.high, unit, style).shown
        if unit == "ratio" and style == "percent":
            width = (other.high or 0.0) - (other.low or 0.0)
            digits = self._digits(_PERCENT, width * 100, value * 100)
            digits = max(digits, 1 if abs(value) * 100 >= 0.05 else 2)
            shown = say(self.language, "{n} pp", n=_plain(value * 100, digits))
        return Value(value, None, None, unit, style, shown, "")

    def _own(self, fact: Fact, unit: str) -> str:
        """The unit of a fact: a member's share is a ratio, another currency stays its own."""
        if fact.share:
            return "ratio"
        bases = fact.unit.split("/")
        if self.currency not in bases and any(base in CURRENCIES for base in bases):
            return fact.unit
        return unit

    def _scale(self, unit: str, style: str, size: float) -> tuple[int, float]:
        """Digits that reports give numbers of `unit`, and what a written unit is worth."""
        if unit == "ratio":
            return (_PERCENT, 0.01) if style == "percent" else (_TIMES, 1.0)
        if unit in ("months", "days"):
            return _WHOLE, 1.0
        if "/" in unit:
            return (_PRICE if size < 1000 else _WHOLE), 1.0
        if unit == "count":
            return _WHOLE, 1.0
        if unit == "minutes":
            return (_MONEY, _BILLION) if size >= _BILLION else (_WHOLE, 1.0)
        if unit in ("shares", "ads", "votes"):
            return (_TIMES, _MILLION) if size >= 1e5 else (_WHOLE, 1.0)
        return (_WHOLE, 1.0) if 0 < size < _SMALL else (_MONEY, _MILLION)

    @staticmethod
    def _digits(base: int, width: float, value: float) -> int:
        if not math.isfinite(width):
            return base
        if width <= abs(value) * 1e-12:
            return min(base + _MORE, max(base, _exact(value, base)))
        return min(base + _MORE, max(base, round(-math.log10(width))))

    def _between(
        self, low: float | None, high: float | None, unit: str, style: str, digits: int
    ) -> str:
        first, last = (
            self._written(end, unit, style, digits) if end is not None and math.isfinite(end)
            else None
            for end in (low, high)
        )  # fmt: skip
        if first is not None and last is not None:
            if first == last:
                return first
            base, scale = self._scale(unit, style, _size(None, low, high))
            del base
            start = _plain((low or 0.0) / scale, digits)
            return f"{start}..{self._with_unit(high or 0.0, unit, style, digits, scale)}"
        if first is not None:
            return f">{first}"
        return f"<{last}" if last is not None else "-"

    def _written(self, value: float, unit: str, style: str, digits: int) -> str:
        _, scale = self._scale(unit, style, abs(value))
        return self._with_unit(value, unit, style, digits, scale)

    def _with_unit(self, value: float, unit: str, style: str, digits: int, scale: float) -> str:
        number = _plain(value / scale, digits)
        language = self.language
        if unit == "ratio":
            if style == "percent":
                return f"{number}%"
            return f"{number}x" if style == "times" else number
        if unit == "count":
            return number
        if unit in ("months", "days"):
            return say(language, "{n} months" if unit == "months" else "{n} days", n=number)
        if unit == "minutes":
            words = "{n} bn minutes" if scale == _BILLION else "{n} minutes"
            return say(language, words, n=number)
        if unit in ("shares", "ads", "votes"):
            million, one = _COUNTED[unit]
            return say(language, million if scale == _MILLION else one, n=number)
        if unit == "money" or unit in CURRENCIES:
            currency = self._currency(unit)
            if scale == _MILLION:
                currency = say(language, "{currency} m", currency=currency)
            return f"{number}{say(language, ' ')}{currency}"
        above, *below = unit.split("/")
        bases = [self._base(above, _ABOVE), *(self._base(base, _BELOW) for base in below)]
        return f"{number} {'/'.join(bases)}"

    def _base(self, base: str, words: dict[str, str]) -> str:
        if base == "money" or base in CURRENCIES:
            return self._currency(base)
        return say(self.language, words.get(base, base))

    def _currency(self, unit: str) -> str:
        return say(self.language, self.currency if unit == "money" else unit)


_COUNTED = {
    "shares": ("{n} m shares", "{n} shares"),
    "ads": ("{n} m ADSs", "{n} ADSs"),
    "votes": ("{n} m votes", "{n} votes"),
}
_ABOVE = {"ads": "ADSs", "count": ""}
_BELOW = {"ads": "ADS", "shares": "share", "votes": "vote", "count": "each", "minutes": "minute"}


def _size(value: float | None, low: float | None, high: float | None) -> float:
    if value is not None:
        return abs(value)
    return max((abs(end) for end in (low, high) if end is not None and math.isfinite(end)),
               default=0.0)  # fmt: skip


def _exact(number: float, least: int) -> int:
    """Digits after the point that write `number` as it is, at least `least`, at most eight."""
    text = format(Decimal(f"{number:.12g}").normalize(), "f")
    return max(least, min(8, len(text.partition(".")[2])))


def _plain(number: float, digits: int) -> str:
    text = f"{number:,.{digits}f}"
    return text[1:] if text.startswith("-") and not any(c in "123456789" for c in text) else text
