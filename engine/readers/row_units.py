"""The unit of a row: from its label, its column, its table or the command line; asked where none
of them says it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.model.units import Unit, unit_name
from ddcheck.engine.readers.figures import Figure
from ddcheck.engine.readers.labels import Meaning
from ddcheck.engine.readers.scales import NOTHING, Scale, unit_text

_ONE = Decimal(1)
#: Amounts a share are never scaled: nobody prints earnings per share in millions.
_A_SHARE: frozenset[Unit] = frozenset({(("money", 1), ("shares", -1)), (("ads", -1), ("money", 1))})
_SHARES = frozenset({"shares", "ads", "votes"})


class RowUnit(NamedTuple):
    """A unit in the words of a company file (none where each figure says its own), or why not."""

    text: str | None
    trouble: str = ""


def is_ratio(figures: list[Figure]) -> bool:
    """Whether every figure says by itself that it is a ratio."""
    printed = [item.text for item in figures if item.text is not None]
    return bool(printed) and all(
        text.rstrip(")")[-1:] in "%x×倍" or "%" in text for text in printed
    )


def row_unit(
    meaning: Meaning, own: Scale | None, around: Scale, currency: str | None, figures: list[Figure]
) -> RowUnit:
    """The unit of a row that states `meaning`.

    `own` is what the row says itself, `around` what the table says; `currency` is the company's
    own, for a table that names none.
    """
    name = unit_name(meaning.unit)
    if meaning.unit == ():
        return _ratio(meaning, own, around, figures)
    if is_ratio(figures):
        return RowUnit(None, f"its figures are percentages, and `{meaning.id}` is {name}")
    if name == "money":
        return _money(own, around, currency, meaning)
    said = own or NOTHING
    bases = [base for base, _ in meaning.unit]
    if said.word is not None and "/" in said.word:
        above, _, below = said.word.partition("/")
        return RowUnit(f"{unit_text(said.factor or _ONE, above)}/{below}")
    if said.word is not None and said.word not in (*bases, *name.split("/"), name):
        return RowUnit(None, f"its unit is {said.word}, and `{meaning.id}` is {name}")
    if "money" in bases:
        code = said.currency or around.currency or currency
        if code is None:
            return RowUnit(None, "no currency")
        if meaning.unit not in _A_SHARE and said.factor is None and said.currency is None:
            return RowUnit(None, "its unit is not said")
        above = unit_text(said.factor or _ONE, code)
        return RowUnit("/".join([above, *name.split("/")[1:]]))
    if said.factor is not None:
        return RowUnit(unit_text(said.factor, name))
    if "/" in name:
        return RowUnit(name)
    if name in _SHARES:
        if around.shares_apart or (around.factor in (None, _ONE)):
            return RowUnit(name)
        if around.generic and around.factor is not None:
            return RowUnit(unit_text(around.factor, name))
        return RowUnit(None, "its unit is not said")
    if around.generic and around.factor != _ONE and name in ("count", "minutes"):
        return RowUnit(None, "its unit is not said: the scale of the table may not be meant")
    return RowUnit(name)


def _money(own: Scale | None, around: Scale, currency: str | None, meaning: Meaning) -> RowUnit:
    said = (own or NOTHING).over(around)
    if said.word is not None:
        return RowUnit(None, f"its unit is {said.word}, and `{meaning.id}` is money")
    code = said.currency or currency
    if code is None:
        return RowUnit(None, "no currency")
    if said.factor is None and said.currency is None:
        return RowUnit(None, "no unit")
    return RowUnit(unit_text(said.factor or _ONE, code))


def _ratio(meaning: Meaning, own: Scale | None, around: Scale, figures: list[Figure]) -> RowUnit:
    if is_ratio(figures) or all(item.qualified for item in figures if item.text is not None):
        return RowUnit(None)
    word = own.word if own is not None else None
    if word in ("%", "x"):
        return RowUnit(word)
    if word is not None or (own is not None and (own.currency or own.factor)):
        return RowUnit(None, f"its unit is no ratio, and `{meaning.id}` is one")
    if around.word == "%":
        return RowUnit("%")
    if not meaning.percent:
        return RowUnit("x")
    return RowUnit(None, "its unit is not said: a percentage, or a fraction?")
