"""Rivals: facts of one key that several sources state, and which of them cannot both be right."""

from __future__ import annotations

from collections.abc import Iterator

from ddcheck.engine.check.likeness import UNIT, key_of, type_of
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.conflict import ROUNDING, Conflict
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.marks import apart
from ddcheck.engine.model.periods import ACTUAL
from ddcheck.engine.model.plan import Plan


def between_sources(plan: Plan, ledger: Ledger) -> Iterator[Conflict]:
    """Facts of one key from several sources: the chosen one against each that does not meet it.

    All facts of the key are candidates; where the contradictions are of several types, each type
    has its own.

    Estimates and guidance differ and are renewed: of them only a slip of units is a conflict.
    """
    for group in ledger.contested():
        pairs = [(group[0], other) for other in group[1:] if apart(group[0], other)]
        if not pairs:
            pairs = [
                (left, right)
                for i, left in enumerate(group)
                for right in group[i + 1 :]
                if apart(left, right)
            ][:1]
        if not pairs:
            yield from _touching(ledger, group)
            continue
        types: dict[str, tuple[list[Fact], str]] = {}
        for left, right in pairs:
            kind, detail = type_of(plan, ledger, left, right)
            facts, _ = types.setdefault(kind, ([], detail))
            facts += [fact for fact in (left, right) if fact not in facts]
        for kind, (facts, detail) in types.items():
            if group[0].kind == ACTUAL or kind == UNIT:
                told = group if len(types) == 1 else (group[0], *facts)
                yield _conflict(ledger, kind, told, detail)


def _conflict(ledger: Ledger, kind: str, facts: tuple[Fact, ...], detail: str = "") -> Conflict:
    first = facts[0]
    candidates = tuple(dict.fromkeys(facts))
    other = next((f for f in candidates if apart(first, f)), candidates[1])
    return Conflict(
        kind, first.concept, first.period, first.scope, candidates, first.source,
        reason_of(ledger, first, other), detail=detail,
    )  # fmt: skip


def reason_of(ledger: Ledger, chosen: Fact, other: Fact) -> str:
    """Why `chosen` counts before `other`."""
    left, right = ledger.sources[chosen.source], ledger.sources[other.source]
    if left.tier != right.tier:
        return f"{left.tier} before {right.tier}"
    if left.published != right.published:
        return "the newer source"
    if chosen.high - chosen.low != other.high - other.low:
        return "the more precise figure"
    return "the first in the file"


def _touching(ledger: Ledger, group: tuple[Fact, ...]) -> Iterator[Conflict]:
    """A note where the chosen figure and another share nothing but the end of their rounding."""
    first = group[0]
    edge = [f for f in group[1:] if f.low != f.high and first.low != first.high]
    edge = [f for f in edge if first.high == f.low or f.high == first.low]
    if edge:
        yield _conflict(ledger, ROUNDING, (first, *edge))


def between_currencies(ledger: Ledger) -> Iterator[Conflict]:
    """One figure in two currencies, digit for digit: one of the two is named wrongly."""
    if not ledger.foreign:
        return
    foreign = {fact for facts in ledger.foreign.values() for fact in facts}
    own = {key_of(f): f for f in ledger.facts if f not in foreign and ledger.is_chosen(f)}
    for facts in ledger.foreign.values():
        for fact in facts:
            mine = own.get(key_of(fact))
            if mine is None or fact.low <= 0 <= fact.high:
                continue
            if not apart(mine, fact):
                detail = f"the same in {mine.unit} and {fact.unit}"
                yield Conflict(
                    UNIT, mine.concept, mine.period, mine.scope, (mine, fact), mine.source,
                    "in the company's own currency", detail=detail,
                )  # fmt: skip
