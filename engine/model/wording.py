"""Numbers as people read them: one way to write a value, for messages and reports alike.

Money is in millions in both languages, since reports say so once at their head; what carries its
own unit (months, multiples, shares) carries it in the reader's language.
"""

from __future__ import annotations

import math

#: How a ratio is printed: as a percentage, as a multiple, or as a plain number.
STYLES = ("percent", "times", "number")
#: The most decimals of a figure that is written to the last digit.
_EXACT = 6


def value_text(
    value: float | None,
    unit: str,
    style: str = "percent",
    low: float | None = None,
    high: float | None = None,
    language: str = "en",
) -> str:
    """`value` in words of its unit; a bound or range where there is no point, `-` for nothing."""
    if value is not None:
        return _number(value, unit, style, language)
    first, last = (
        _number(end, unit, style, language) if end is not None and math.isfinite(end) else None
        for end in (low, high)
    )
    if first is not None and last is not None:
        between = "～" if language == "zh" else ".."
        return first if first == last else f"{first}{between}{last}"
    if first is not None:
        return f">{first}"
    return f"<{last}" if last is not None else "-"


def exact_text(
    value: float, unit: str, style: str = "percent", language: str = "en", digits: int = _EXACT
) -> str:
    """`value` in the same words, with as many as `digits` decimals."""
    if unit == "ratio":
        sign, factor = {"percent": ("%", 100), "times": (_times(language), 1)}.get(style, ("", 1))
        return f"{_digits(value * factor, digits)}{sign}"
    if unit in ("months", "days"):
        return f"{_digits(value, digits)}{_duration(unit, language)}"
    if "/" in unit or unit in ("count", "minutes", "shares", "ads", "votes"):
        return _digits(value, digits)
    return _digits(value / 1e6, digits)


def _number(value: float, unit: str, style: str, language: str) -> str:
    if unit == "ratio":
        if style == "times":
            return f"{_round(value, 2)}{_times(language)}"
        if style == "number":
            return _round(value, 2)
        return f"{_round(value * 100, 1)}%"
    if unit in ("months", "days"):
        return f"{_round(value, 0)}{_duration(unit, language)}"
    if "/" in unit:
        return _round(value, 2 if abs(value) < 1000 else 0)
    if unit == "count":
        return _round(value, 0)
    if unit in ("minutes", "shares", "ads", "votes"):
        return _counted(value, unit, language)
    return money_text(value)


def _counted(value: float, unit: str, language: str) -> str:
    """Minutes and shares in billions and millions, in Chinese in 亿 and 万."""
    if language == "zh":
        for size, sign in ((1e8, "亿"), (1e4, "万")):
            if abs(value) >= size:
                return f"{_round(value / size, 2)}{sign}"
        return _round(value, 0)
    if unit == "minutes":
        return f"{_round(value / 1e9, 1)}bn" if abs(value) >= 1e9 else _round(value, 0)
    return f"{_round(value / 1e6, 2)}m" if abs(value) >= 1e5 else _round(value, 0)


def _times(language: str) -> str:
    return "倍" if language == "zh" else "x"


def _duration(unit: str, language: str) -> str:
    if language == "zh":
        return "个月" if unit == "months" else "天"
    return f" {unit}"


def money_text(value: float) -> str:
    """Money in millions, with as many decimals as its size deserves."""
    millions = value / 1e6
    if abs(millions) >= 0.05 or value == 0:
        return _round(millions, 1)
    return _round(millions, 4)


def _digits(value: float, digits: int) -> str:
    """`value` with at most `digits` decimals, or digits where it is smaller than one."""
    if value and abs(value) < 1:
        return f"{value:.{digits}g}"
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def _round(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text[1:] if text.startswith("-") and not any(c in "123456789" for c in text) else text
