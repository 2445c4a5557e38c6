"""Verdicts on the rows of tables: each cell beside the number that the copy prints there."""

from __future__ import annotations

from ddcheck.engine.copies.figures import Number, sign, slip
from ddcheck.engine.copies.labels import EXACT
from ddcheck.engine.copies.near import Lookup, located, significant
from ddcheck.engine.copies.rows import Aligned, Rows
from ddcheck.engine.copies.search import Wanted
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.verification import (
    DIFFERS,
    ELSEWHERE,
    FOUND,
    NAMED_ROW,
    NONE,
    NOT,
    NOT_FOUND,
    ROW,
    Remark,
    Verified,
)

#: Significant digits, all cells together, from which figures without a name prove a row.
_ENOUGH = 5
_SHOWN = 40


def look_up_rows(
    lookup: Lookup, facts: tuple[Fact, ...], wanted: dict[int, list[Wanted]]
) -> dict[int, Verified]:
    """A verdict, by the fact's id, on each cell of a row that prints one number a cell."""
    groups: dict[int, list[Fact]] = {}
    for fact in facts:
        if fact.row is not None:
            groups.setdefault(id(fact.row), []).append(fact)
    rows = Rows(lookup.finder, lookup.names)
    found: dict[int, Verified] = {}
    for row in groups.values():
        if all(len(wanted[id(fact)]) == 1 for fact in row):
            numbers = [wanted[id(fact)][0] for fact in row]
            for fact, verified in zip(row, _row(lookup, rows, row, numbers), strict=True):
                found[id(fact)] = verified
    return found


def _row(lookup: Lookup, rows: Rows, facts: list[Fact], wanted: list[Wanted]) -> list[Verified]:
    first = facts[0]
    place, how = located(lookup, first)
    digits = tuple(item.digits for item in wanted)
    rows.cut(place.ranges)
    here = rows.candidates(digits, first.concept, first.labelled, place.ranges)
    best = _choose(lookup, here, digits, first)
    if best is not None and best.equal == len(facts):
        return _whole(lookup, rows, facts, wanted, best, FOUND, how, here)
    if how not in (NOT, NONE):
        whole = ((0, len(lookup.finder.text)),)
        rows.cut(whole)
        there = rows.candidates(digits, first.concept, first.labelled, whole)
        other = _choose(lookup, there, digits, first)
        if other is not None and other.equal == len(facts) and (best is None or not best.label):
            return _whole(lookup, rows, facts, wanted, other, ELSEWHERE, how, there)
    if best is not None and (best.label or 2 * best.equal >= len(facts)):
        return [
            _cell(lookup, rows, fact, item, number, best, how)
            for fact, item, number in zip(facts, wanted, best.cells, strict=True)
        ]
    return [Verified(fact, NOT_FOUND, how, remarks=_hint(lookup, best)) for fact in facts]


def _choose(
    lookup: Lookup, candidates: list[Aligned], digits: tuple[str, ...], fact: Fact
) -> Aligned | None:
    """The run that is the row: all figures under its name, else without; else most of them."""
    telling = sum(map(significant, digits)) >= _ENOUGH and (
        len(digits) == 1 or len(set(digits)) > 1
    )
    kept = []
    for item in candidates:
        slips = sum(
            bool(cell and slip(typed, cell.digits))
            for typed, cell in zip(digits, item.cells, strict=True)
        )
        if item.label and (item.equal or slips):
            kept.append((item.equal == len(digits), item.label, item.equal + slips, item))
        elif not item.label and telling and item.equal:
            strange = lookup.names.others(fact.concept, item.run.label)
            if 2 * item.equal >= len(digits) and not (strange and item.equal < len(digits)):
                kept.append((item.equal == len(digits), 0, item.equal + slips, item))
    return max(kept, key=lambda entry: entry[:3])[3] if kept else None


def _whole(
    lookup: Lookup,
    rows: Rows,
    facts: list[Fact],
    wanted: list[Wanted],
    row: Aligned,
    verdict: str,
    how: str,
    candidates: list[Aligned],
) -> list[Verified]:
    """Verdicts on a row of which every figure was found, as far as signs and names agree."""
    first = facts[0]
    remarks: tuple[Remark, ...] = ()
    if not row.label:
        words = _label(row)
        if lookup.names.others(first.concept, row.run.label):
            own = next((item for item in candidates if item.label == EXACT), None)
            if own is not None:
                verdict = DIFFERS
            remarks = (Remark("the row is called {words}", (("words", words),)),)
        else:
            remarks = (
                Remark("under a name that is none of the concept's: {words}", (("words", words),)),
            )
    turned = _turned(lookup, wanted, row) and bool(row.label)
    if turned and first.concept not in lookup.positive:
        remarks = (*remarks, Remark("printed with the other sign throughout"))
    found = []
    for fact, item, number in zip(facts, wanted, row.cells, strict=True):
        assert number is not None
        agrees = turned or _agrees(lookup, fact, item, number)
        found.append(
            Verified(
                fact,
                verdict if agrees else DIFFERS,
                how,
                NAMED_ROW if row.label else ROW,
                lookup.finder.atlas.spot(number.start),
                rows.shown(number),
                _label(row),
                remarks if agrees else (*remarks, Remark("the sign is another")),
            )
        )
    return found


def _turned(lookup: Lookup, wanted: list[Wanted], row: Aligned) -> bool:
    """Whether every figure of the row but zeros is printed with the other sign."""
    pairs = [
        (item.sign, sign(lookup.finder.text, cell))
        for item, cell in zip(wanted, row.cells, strict=True)
        if cell is not None and item.value
    ]
    return bool(pairs) and all(own != printed for own, printed in pairs)


def _agrees(lookup: Lookup, fact: Fact, item: Wanted, number: Number) -> bool:
    printed = sign(lookup.finder.text, number)
    if not item.value or item.sign == printed:
        return True
    return fact.concept in lookup.positive and not item.sign


def _cell(
    lookup: Lookup,
    rows: Rows,
    fact: Fact,
    item: Wanted,
    number: Number | None,
    row: Aligned,
    how: str,
) -> Verified:
    """The verdict on one cell of a row of which not every figure was found."""
    if number is None:
        return Verified(fact, NOT_FOUND, how, remarks=_hint(lookup, row))
    spot = lookup.finder.atlas.spot(number.start)
    proof = NAMED_ROW if row.label else ROW
    shown = rows.shown(number)
    if rows.same(item.digits, number):
        if _agrees(lookup, fact, item, number):
            return Verified(fact, FOUND, how, proof, spot, shown, _label(row))
        remark = Remark("the sign is another")
        return Verified(fact, DIFFERS, how, proof, spot, shown, _label(row), (remark,))
    return Verified(fact, DIFFERS, how, "", spot, shown, _label(row))


def _label(row: Aligned) -> str:
    lines = [piece.strip() for piece in row.run.label.replace("\t", "\n").split("\n")]
    words = next((piece for piece in reversed(lines) if piece), "")
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"


def _hint(lookup: Lookup, row: Aligned | None) -> tuple[Remark, ...]:
    if row is None:
        return ()
    text = lookup.finder.text
    figures = " ".join(text[number.start : number.end] for number in row.run.numbers[:8])
    words = f"{_label(row)} {figures}".strip()
    return (Remark("the nearest row prints: {words}", (("words", words),)),)
