"""Splits: members' shares against their amounts, and members against the whole."""

from __future__ import annotations

from collections.abc import Iterator

from ddcheck.engine.check.judge import Judge, in_order
from ddcheck.engine.check.likeness import COMPUTED, side_of
from ddcheck.engine.check.rivals import reason_of
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import PRINTED, Evaluator
from ddcheck.engine.language.intervals import quotient
from ddcheck.engine.model.axes import positions
from ddcheck.engine.model.company import Breakdown, Fact
from ddcheck.engine.model.conflict import Conflict
from ddcheck.engine.model.ledger import ONLY_ACTUAL
from ddcheck.engine.model.marks import apart
from ddcheck.engine.model.periods import ACTUAL
from ddcheck.engine.model.sums import entry_facts
from ddcheck.engine.model.units import unit_name
from ddcheck.engine.model.wording import value_text


def of_breakdowns(judge: Judge) -> Iterator[Conflict]:
    """Members' shares against their amounts, and members' amounts against the whole."""
    ledger = judge.context.ledger
    chosen = {
        id(item): item
        for by_key in ledger.breakdowns.values()
        for item in by_key.values()
        if item.kind == ACTUAL
    }
    amounts: dict[tuple[object, ...], list[tuple[Fact, Breakdown]]] = {}
    for item in ledger.company.breakdowns:
        if item.source in ledger.sources and item.kind == ACTUAL:
            for part in item.parts:
                if not part.share and ledger.is_chosen(part):
                    amounts.setdefault(_member(part), []).append((part, item))
    for part in ledger.facts:
        if part.share and part.kind == ACTUAL and ledger.is_chosen(part):
            for amount, item in amounts.get(_member(part), ()):
                yield from _share(judge, part, amount, item, counts=id(item) in chosen)
    for item in chosen.values():
        yield from _whole(judge, item)


def _member(part: Fact) -> tuple[object, ...]:
    """What share and amount of one member have in common."""
    return part.concept, part.scope, part.period.end, part.period.months


def _total(judge: Judge, item: Breakdown) -> Cell | None:
    """The whole that `item` splits, by its printed digits."""
    for frame, i in positions(item.period, judge.context.axis):
        evaluator: Evaluator = judge.context.evaluator(frame, PRINTED)
        cells = evaluator.a.cells(judge.context.kinded(item.concept, ONLY_ACTUAL, evaluator))
        cell: Cell = cells[i]
        if cell.low is not None:
            return cell
    if not item.complete:
        return None
    low, high = sum(part.low for part in item.parts), sum(part.high for part in item.parts)
    return Cell(low, high, ACTUAL, frozenset(item.parts))


def _share(
    judge: Judge, share: Fact, amount: Fact, item: Breakdown, *, counts: bool
) -> Iterator[Conflict]:
    total = _total(judge, item)
    if total is None or total.low is None or total.high is None or total.low <= 0:
        return
    ends = quotient(amount.low, amount.high, total.low, total.high)
    if isinstance(ends, str) or not apart(share, side_of(share, *ends)):
        return
    words = value_text(None, "ratio", "percent", *ends)
    first, second = (amount, share) if counts else (share, amount)
    basis = {part for entry in total.entries for part in entry_facts(entry)} | {amount}
    yield Conflict(
        COMPUTED, share.concept, share.period, share.scope, (first, second), first.source,
        reason_of(judge.context.ledger, first, second),
        detail=f"the amount makes the share {words}", computed=ends, basis=in_order(basis),
    )  # fmt: skip


def _whole(judge: Judge, item: Breakdown) -> Iterator[Conflict]:
    """Parts that are more than the whole, or said to be all of it and less."""
    if any(part.share for part in item.parts):
        return
    total = _total(judge, item)
    if total is None or total.low is None or total.high is None:
        return
    low, high = sum(part.low for part in item.parts), sum(part.high for part in item.parts)
    if low > total.high or (item.complete and high < total.low):
        basis = in_order({part for entry in total.entries for part in entry_facts(entry)})
        unit = unit_name(judge.context.plan.terms[item.concept].unit)
        words = value_text(None, unit, "percent", low, high)
        yield Conflict(
            COMPUTED, item.concept, item.period, None, (*basis, *item.parts),
            basis[0].source if basis else item.source, "the whole counts",
            detail=f"split by {item.by} it comes to {words}", computed=(low, high),
            basis=item.parts,
        )  # fmt: skip
