"""Whether the facts bear a claim out, and what would explain it where they do not.

The claim's number is an interval of its last written digit, the figure's that of the digits its
facts are printed with; no percentage is tolerated. `13%` is [12.5 %, 13.5 %], closed.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

from ddcheck.engine.memo.figures import Figure, Figures, Lacking, currency_of, same_span
from ddcheck.engine.memo.near import Ends, figure_text, near_misses
from ddcheck.engine.model.memo import (
    MATCH,
    MISMATCH,
    OVERPRECISE,
    ROUNDED,
    UNRESOLVED,
    Claim,
    Judged,
    NearMiss,
)
from ddcheck.engine.model.periods import Period, kind_suffix
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.text.quantity import Quantity

_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?", re.ASCII)
#: What stands behind a number and its unit and is no part of its form.
_AROUND = re.compile(r"(?:左右|上下|以上|以下|以内|多|余|\)| or more| or so| or less)\Z")
_MOST_DIGITS = 24


def judge_number(claim: Claim, figures: Figures) -> Judged:
    """The verdict on a claim that puts a number on a fact, a metric or an expression."""
    target = claim.target
    number = claim.number
    if number is not None and number.ambiguous is not None:
        return unresolved(claim, Lacking(f"`{number.text.strip()}`: {number.ambiguous}", None))
    quantity = number.quantity if number is not None else None
    if quantity is None:
        return unresolved(claim, Lacking("this number cannot be read", None))
    where = _period(claim, figures)
    if isinstance(where, Lacking):
        return unresolved(claim, where)
    period, kind = where
    if target.source is not None:
        figure = figures.printed(target.name, period, kind, target.source)
    else:
        figure = figures.at(target, period, kind)
    if isinstance(figure, Lacking):
        return unresolved(claim, figure, _other_kinds(claim, period, figures))
    ends = claim_ends(quantity, target.mode)
    base = Judged(
        claim, MATCH, period, figure.point, _finite(figure.low), _finite(figure.high),
        _finite(ends.low), _finite(ends.high), (), "",
    )  # fmt: skip
    if not same_unit(quantity.unit, figure):
        right = figure.point is not None and (ends.holds(figure.point) or ends.holds(-figure.point))
        miss = f"{figure.name} is in {currency_of(figure)}"
        if right:
            miss = (
                f"{figure.name} is in {currency_of(figure)}: the number is right, its unit is not"
            )
        near = NearMiss("unit", miss)
        words = f"`{claim.text.strip()}` is in {quantity.unit}: {_is(figure)}"
        return base._replace(verdict=MISMATCH, near=(near,), message=words)
    return _compared(base, claim, figure, ends, quantity, figures)


def _compared(
    base: Judged, claim: Claim, figure: Figure, ends: Ends, quantity: Quantity, figures: Figures
) -> Judged:
    text = claim.text.strip() or (claim.number.text if claim.number is not None else "")
    width = figure.high - figure.low
    fine = math.isfinite(ends.width) and ends.width < width * (1 - 1e-6)
    within = ends.low <= figure.low and figure.high <= ends.high
    if figure.point is None:
        if within:
            return base._replace(message=_is(figure))
        if ends.meets(figure.low, figure.high):
            words = f"`{text}` says more than is known: {_is(figure)}"
            return base._replace(verdict=OVERPRECISE, message=words)
    elif ends.meets(figure.low, figure.high):
        if fine and not _only_noughts(figure, quantity, claim):
            low, high = (
                own_form(Decimal(repr(end)), quantity, claim)
                or figure_text(figure._replace(point=end))
                for end in (figure.low, figure.high)
            )
            words = (
                f"`{text}` has more digits than the facts bear: {_is(figure)}, from {low} to {high}"
            )
            return base._replace(verdict=OVERPRECISE, message=words)
        if ends.holds(figure.point):
            return base._replace(message=_is(figure))
        words = f"`{text}` holds only within the rounding of the facts: {_is(figure)}"
        return base._replace(verdict=ROUNDED, message=words)
    near = near_misses(claim, figure, ends, figures)
    rounds = _rounded(figure, quantity, claim)
    words = f"`{text}` is not {_is(figure)}"
    if rounds is not None:
        words = f"`{text}` is not {_is(figure)}, which rounds to {rounds}"
    return base._replace(verdict=MISMATCH, near=near, message=words)


def _only_noughts(figure: Figure, quantity: Quantity, claim: Claim) -> bool:
    """Whether all that is finer than the facts is noughts that end a whole number: `$52,400`.

    They need not be digits, and where the facts are no finer nobody could write it otherwise.
    """
    match = _FIGURE.search(claim.number.text) if claim.number is not None else None
    if match is None or "." in match[0] or quantity.value is None or figure.point is None:
        return False
    digits = match[0].replace(",", "")
    noughts = len(digits) - len(digits.rstrip("0"))
    coarse = float(last_digit(quantity)) * 10.0**noughts
    same = math.isclose(float(quantity.value), figure.point, rel_tol=1e-9)
    return same and coarse >= (figure.high - figure.low) * (1 - 1e-6)


def claim_ends(quantity: Quantity, mode: str | None) -> Ends:
    """What a number allows as it is written, or as its tag says it is meant.

    `trunc`: cut off and not rounded; `approx`: one unit of the last digit either side; `min` and
    `max`: at least, at most.
    """
    low = float(quantity.low) if quantity.low is not None else -math.inf
    high = float(quantity.high) if quantity.high is not None else math.inf
    if quantity.value is None or mode is None:
        return Ends(low, high)
    value = float(quantity.value)
    step = high - low
    if mode == "approx":
        return Ends(value - step, value + step)
    if mode == "min":
        return Ends(value, math.inf)
    if mode == "max":
        return Ends(-math.inf, value)
    # Cut towards zero: 13.9 % is written 13 %; the open end is the next number below.
    if value >= 0:
        return Ends(value, math.nextafter(value + step, 0))
    return Ends(math.nextafter(value - step, 0), value)


def same_unit(unit: str, figure: Figure) -> bool:
    """Whether a number in `unit` can say what `figure` is; a bare number says any."""
    own = currency_of(figure)
    return unit in ("", own, figure.unit, own.split("/")[0], figure.unit.split("/")[0])


def _period(claim: Claim, figures: Figures) -> tuple[Period, int] | Lacking:
    target = claim.target
    if target.periods:
        return figures.period("..".join(target.periods))
    if target.kind == "expression":
        return Lacking("an expression needs a period", "write it behind `@`")
    if target.name not in figures.plan.terms:
        return figures.unknown(target.name)
    return figures.newest(target.name) or Lacking(f"nothing is known of {target.name}", None)


def unresolved(claim: Claim, why: Lacking, near: tuple[NearMiss, ...] = ()) -> Judged:
    """The verdict on a claim for which there is no value."""
    message = f"{why.words} ({why.help})" if why.help else why.words
    mistake = (why.code, why.words, why.help) if why.code is not None else None
    return Judged(claim, UNRESOLVED, None, None, None, None, None, None, near, message, mistake)


def _other_kinds(claim: Claim, period: Period, figures: Figures) -> tuple[NearMiss, ...]:
    """The same name at the same period, known as an estimate or guidance."""
    if claim.target.kind != "value" or claim.target.name not in figures.plan.terms:
        return ()
    found = []
    for figure in figures.known_elsewhere(claim.target.name):
        if same_span(figure.period, period):
            label = figure.period.label + kind_suffix(figure.kind)
            found.append(NearMiss("kind", f"known as @{label}: {figure_text(figure)}"))
    return tuple(found)


def _rounded(figure: Figure, quantity: Quantity, claim: Claim) -> str | None:
    """The figure at the precision that the claim is written with, in the claim's own form."""
    value, low, high = quantity.value, quantity.low, quantity.high
    if figure.point is None or value is None or low is None or high is None or high == low:
        return None
    step = last_digit(quantity)
    units = (Decimal(repr(figure.point)) / step).to_integral_value()
    shown = units * step
    if abs(shown) == abs(value) or abs(shown) > 10 * abs(value) or abs(value) > 10 * abs(shown):
        return None
    return own_form(shown, quantity, claim) or value_text(float(shown), figure.unit, figure.style)


def last_digit(quantity: Quantity) -> Decimal:
    """One unit of the last digit of a number: of 4023万, ten thousand."""
    assert quantity.low is not None
    assert quantity.high is not None
    width = quantity.high - quantity.low
    return width / 2 if quantity.qualifier == "about" else width


def own_form(shown: Decimal, quantity: Quantity, claim: Claim) -> str | None:
    """`shown` written as the claim is: 22% is 21%, 4100万美元 is 4023万美元."""
    if claim.number is None or not quantity.value:
        return None
    text = claim.number.text
    match = _FIGURE.search(text)
    if match is None:
        return None
    digits = Decimal(match[0].replace(",", ""))
    if not digits or digits.adjusted() > _MOST_DIGITS:
        return None
    scaled = abs(shown / (abs(quantity.value) / digits))
    places = len(match[0].partition(".")[2])
    if scaled.adjusted() > _MOST_DIGITS:
        return None
    comma = "," if "," in match[0] else ""
    written = f"{scaled:{comma}.{places}f}"
    minus = "-" if shown < 0 and any(char in "123456789" for char in written) else ""
    return f"{minus}{written}{_AROUND.sub('', text[match.end() :])}"


def _is(figure: Figure) -> str:
    """The figure in words: `revenue_growth FY2021 21.3%`."""
    label = figure.period.label + kind_suffix(figure.kind)
    money = f" {figure.currency} m" if figure.unit == "money" else ""
    return f"{figure.name} {label}: {figure_text(figure)}{money}"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
