"""What a spreadsheet shows for a number: its number format, read as far as statements use it.

The figure that a reader sees is what a source states, with its precision; what is stored behind it
may have fifteen digits that nobody printed. A format that is not understood shows the number as
the format `General` would.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[\$(?P<sign>[^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|(?P<digits>[#0?](?:[#0?,.]*[#0?.])?,*)|(?P<other>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"\[(?:[<>=]|<>)")
_GENERAL_DIGITS = 10
_MAX_DECIMALS = 15


def shown_number(number: Decimal, code: str) -> str:
    """`number` as the number format `code` shows it, without blanks at its ends."""
    sections = _sections(code)
    if not sections or _CONDITION.search(code):
        return _general(number)
    negative = number < 0
    section = sections[0]
    if negative and len(sections) > 1:
        section = sections[1]
    elif number == 0 and len(sections) > 2:
        section = sections[2]
    shown = _in_section(abs(number), section)
    if shown is None:
        return _general(number)
    if negative and len(sections) == 1 and any(char in "123456789" for char in shown):
        return f"-{shown}"
    return shown


def shown_day(day: date, code: str) -> str:
    """`day` as far as the format `code` shows it: 2021-12-31, 2021-12 or 2021."""
    parts = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code.lower())
    if "d" in parts or not ("m" in parts or "y" in parts):
        return day.isoformat()
    return day.isoformat()[:7] if "m" in parts else day.isoformat()[:4]


def _sections(code: str) -> list[str]:
    """The parts of a format between semicolons; an empty one shows nothing."""
    parts, current, quoted = [], "", False
    for char in code:
        if char == '"':
            quoted = not quoted
        if char == ";" and not quoted and not current.endswith("\\"):
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]


def _in_section(number: Decimal, section: str) -> str | None:
    """`number`, which is not negative, in one section; None where it is not understood."""
    if section.strip().lower() in ("general", "@"):
        return _general(number)
    before, digits, after, percent = "", "", "", 0
    for part in _PART.finditer(section):
        if part["digits"]:
            if digits:
                return None  # a fraction, or a date
            digits = part["digits"]
            continue
        text = part["quoted"] or part["escaped"] or part["sign"] or part["other"] or ""
        if part["other"] and part["other"].isalpha() and part["other"].isascii():
            return None  # an exponent, a date, General among other text
        percent += part["other"] == "%"
        before, after = (before, after + text) if digits else (before + text, after)
    if number == 0 and not digits.strip("?"):
        return f"{before}{after}".strip()  # "-"?? of accounting formats
    if not digits:
        return f"{before}{after}".strip()
    return f"{before}{_placed(number * 100**percent, digits)}{after}".strip()


def _placed(number: Decimal, digits: str) -> str:
    """`number` with the decimals and grouping of a pattern such as `#,##0.00`."""
    body = digits.rstrip(",")
    number = number / (Decimal(1000) ** (len(digits) - len(body)))
    whole, _, decimals = body.partition(".")
    places = min(len(decimals.replace(",", "")), _MAX_DECIMALS)
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    shown = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    optional = len(decimals) - len(decimals.rstrip("#"))
    while optional and "." in shown and shown.endswith("0"):
        shown, optional = shown[:-1], optional - 1
    return shown.rstrip(".")


def _general(number: Decimal) -> str:
    """`number` in at most ten digits, as the format General shows it."""
    if number == number.to_integral_value():
        return f"{number.quantize(Decimal(1)):f}"
    places = max(0, _GENERAL_DIGITS - 1 - max(number.adjusted(), 0))
    shown = f"{number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
