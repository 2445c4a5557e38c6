"""Marks: what the facts of a company give away about themselves, before any formula reads them.

A mark gathers figures: each a group of the facts that show it. `facts("MARK")` of the language
counts the figures; whoever asks for evidence is led to the facts.
"""

from __future__ import annotations

from collections.abc import Collection

from ddcheck.engine.model.company import Document, Fact
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.periods import ACTUAL

RESTATED, REPEATED, AFTER, LABELLED = "restated", "repeated", "after-publication", "labelled"
#: The words that `facts` takes. Repeated: one issuer states an actual figure again later, the same
#: or not; restated: not the same; after-publication: an actual of a day that its source could not
#: know; labelled: the source calls it something else than it is recorded as.
MARKS = (RESTATED, REPEATED, AFTER, LABELLED)
#: Tiers whose documents the company itself issues, whoever prints them.
ISSUED = frozenset({"audited", "filing", "release"})


def one_issuer(left: Document, right: Document) -> bool:
    """Whether two documents speak for the same issuer: one publisher, or the company itself."""
    if left.tier in ISSUED and right.tier in ISSUED:
        return True
    return left.publisher is not None and left.publisher == right.publisher


def apart(left: Fact, right: Fact) -> bool:
    """Whether the printed intervals of two facts do not meet."""
    return left.low > right.high or right.low > left.high


def restates(ledger: Ledger, left: Fact, right: Fact) -> bool:
    """Whether one issuer states both, on different days, under one label: two views in time."""
    before, after = ledger.sources.get(left.source), ledger.sources.get(right.source)
    if before is None or after is None:
        return False  # no source states what is computed
    return (
        left.kind == right.kind == ACTUAL
        and left.labelled == right.labelled
        and before.published != after.published
        and one_issuer(before, after)
    )


def marked(
    ledger: Ledger, mark: str, names: Collection[str], fixed: Collection[str]
) -> tuple[tuple[Fact, ...], ...]:
    """The figures of `names` (none: of all) that bear `mark`, each as the facts that show it.

    `fixed` are the concepts that hold from a day on: their day is no end, and may lie ahead.
    """
    wanted = ledger.facts
    if names:
        wanted = tuple(fact for fact in wanted if fact.concept in names)
    if mark == LABELLED:
        return tuple((fact,) for fact in wanted if fact.labelled is not None)
    if mark == AFTER:
        return tuple(
            (fact,)
            for fact in wanted
            if fact.kind == ACTUAL
            and fact.concept not in fixed
            and fact.period.end > ledger.sources[fact.source].published
        )
    groups = (group for group in ledger.contested() if not names or group[0].concept in names)
    found = (_stated_again(ledger, group, differing=mark == RESTATED) for group in groups)
    return tuple(facts for facts in found if facts)


def _stated_again(ledger: Ledger, group: tuple[Fact, ...], *, differing: bool) -> tuple[Fact, ...]:
    """The facts of one key that one issuer states on several days, the oldest first."""
    pairs = {
        fact
        for i, left in enumerate(group)
        for right in group[i + 1 :]
        if restates(ledger, left, right) and (not differing or apart(left, right))
        for fact in (left, right)
    }
    return tuple(sorted(pairs, key=lambda fact: ledger.sources[fact.source].published))
