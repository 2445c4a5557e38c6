"""Numbers as people read them: one way to write a value, for messages and reports alike."""

from __future__ import annotations

import math

#: How a ratio is printed: as a percentage, as a multiple, or as a plain number.
STYLES = ("percent", "times", "number")


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
        return first if first == last else f"{first}..{last}"
    if first is not None:
        return f">{first}"
    return f"<{last}" if last is not None else "-"


def _number(value: float, unit: str, style: str, language: str) -> str:
    if unit == "ratio":
        if style == "times":
            return f"{_round(value, 2)}x"
        if style == "number":
            return _round(value, 2)
        return f"{_round(value * 100, 1)}%"
    if unit == "months":
        return f"{_round(value, 0)} 个月" if language == "zh" else f"{_round(value, 0)} months"
    if unit == "days":
        return f"{_round(value, 0)} 天" if language == "zh" else f"{_round(value, 0)} days"
    if "/" in unit:
        return _round(value, 2 if abs(value) < 1000 else 0)
    if unit == "count":
        return _round(value, 0)
    if unit == "minutes":
        return f"{_round(value / 1e9, 1)}bn" if abs(value) >= 1e9 else _round(value, 0)
    if unit in ("shares", "ads", "votes"):
        return f"{_round(value / 1e6, 2)}m" if abs(value) >= 1e5 else _round(value, 0)
    return money_text(value)


def money_text(value: float) -> str:
    """Money in millions, with as many decimals as its size deserves."""
    millions = value / 1e6
    if abs(millions) >= 0.05 or value == 0:
        return _round(millions, 1)
    return _round(millions, 4)


def _round(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text[1:] if text.startswith("-") and not any(c in "123456789" for c in text) else text
