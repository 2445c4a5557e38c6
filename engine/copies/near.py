"""Figures that a copy prints where another was looked for: the likely slips of a hand."""

from __future__ import annotations

import re
from typing import NamedTuple

from ddcheck.engine.copies.atlas import Located
from ddcheck.engine.copies.figures import Number, amount, numbers, sign, slip
from ddcheck.engine.copies.labels import Names
from ddcheck.engine.copies.search import Finder, Wanted, goes_with
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.verification import NONE, NOT

#: A place of more characters is not searched for other figures of the same kind.
_MAX_NEAR = 60_000
#: A place of more is too wide for a list of its figures to help.
_MAX_LISTED = 3_000
#: Significant digits that make a figure stand out among others.
TELLING = 3
_AROUND = 14
_LISTED = 4
#: Slips, the likeliest first.
_SLIPS = ("swapped", "digit", "point", "missing", "extra", "precision")


class Lookup(NamedTuple):
    """What one source's facts are looked up with; `positive` are concepts never below zero."""

    finder: Finder
    names: Names
    positive: frozenset[str]


def located(lookup: Lookup, fact: Fact) -> tuple[Located, str]:
    """Where the fact's place is in the copy, and how much of it could be told."""
    whole = ((0, len(lookup.finder.text)),)
    if not fact.at:
        return Located(whole, NOT), NONE
    found = lookup.finder.atlas.locate(fact.at)
    return found, found.how


def significant(digits: str) -> int:
    """How many digits of a number say something: 0.05 has one, 100 has one, 40.23 has four."""
    bare = digits.replace(".", "").lstrip("0")
    return len(bare.rstrip("0") or bare) if "." not in digits else len(bare)


def near_figure(
    lookup: Lookup, fact: Fact, wanted: list[Wanted], ranges: tuple[tuple[int, int], ...]
) -> tuple[Number, str] | None:
    """The printed number in `ranges` that one slip of the hand made the typed one of, and how."""
    if not wanted or sum(end - start for start, end in ranges) > _MAX_NEAR:
        return None
    found: list[tuple[int, int, Number, str]] = []
    pattern = lookup.names.pattern(fact.concept, fact.labelled)
    text = lookup.finder.text
    for item in wanted:
        for number in lookup.finder.within(ranges):
            how = slip(item.digits, number.digits)
            if not how:
                continue
            printed = amount(text, number)
            if not is_like(item, printed.unit, printed.scaled):
                continue
            # One wrong digit of two is no slip but another figure, unless all else agrees.
            if how != "swapped" and significant(item.digits) < TELLING:
                continue
            named = pattern is not None and pattern.search(
                text[max(0, number.start - 40) : number.start]
            )
            found.append((_SLIPS.index(how), 0 if named else 1, number, how))
    if not found:
        return None
    best = min(found, key=lambda entry: entry[:2])
    return best[2], best[3]


def is_like(wanted: Wanted, unit: str, scaled: bool) -> bool:
    """Whether a printed unit is of the kind that the figure is in."""
    if not wanted.scaled:
        return True
    if not scaled:
        return False
    return goes_with(unit, wanted.unit) and (unit == "ratio") == (wanted.unit == "ratio")


def beside_name(
    lookup: Lookup,
    fact: Fact,
    wanted: list[Wanted],
    ranges: tuple[tuple[int, int], ...],
    how: str,
) -> Number | None:
    """The number of the same kind that follows a name of the concept at the place."""
    pattern = lookup.names.pattern(fact.concept, fact.labelled)
    if pattern is None or not wanted or how in (NOT, NONE):
        return None
    if sum(end - start for start, end in ranges) > _MAX_NEAR:
        return None
    text = lookup.finder.text
    for start, end in ranges:
        for name in pattern.finditer(text, start, end):
            for number in numbers(text, name.end(), min(end, name.end() + 30)):
                printed = amount(text, number)
                if printed.scaled and wanted[0].scaled and printed.unit == wanted[0].unit:
                    return number
    return None


def excerpt(text: str, start: int, end: int) -> str:
    """The words of a copy around what stands between `start` and `end`."""
    left, right = max(0, start - _AROUND), min(len(text), end + _AROUND)
    left = max(left, text.rfind("\n", left, start) + 1)
    stop = text.find("\n", end, right)
    right = stop if stop >= 0 else right
    return re.sub(r"\s+", " ", text[left:right]).strip()


def figures_there(
    lookup: Lookup, wanted: Wanted, ranges: tuple[tuple[int, int], ...], how: str
) -> str:
    """The figures of its kind that a narrow place prints, in words; "" if there are none."""
    if how in (NOT, NONE) or sum(end - start for start, end in ranges) > _MAX_LISTED:
        return ""
    finder = lookup.finder
    listed: dict[str, None] = {}
    for number in finder.within(ranges):
        printed = amount(finder.text, number)
        if is_like(wanted, printed.unit, printed.scaled):
            words = finder.text[number.start : printed.end]
            listed[sign(finder.text, number) + words] = None
    return ", ".join([*listed][:_LISTED]) + (" …" if len(listed) > _LISTED else "")
