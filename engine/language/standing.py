"""What rows rest on: figures counted by the marks they bear, truths that need good evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddcheck.engine.language.cells import NOTHING, Cell, because
from ddcheck.engine.model.company import TIERS
from ddcheck.engine.model.ledger import entry_facts
from ddcheck.engine.model.periods import ACTUAL

if TYPE_CHECKING:
    from ddcheck.engine.language.evaluate import Evaluator
    from ddcheck.engine.model.plan import Rule


def count_marked(ev: Evaluator, mark: str, names: tuple[str, ...]) -> list[Cell]:
    """How many figures of `names` (none: of all) bear `mark`, the same wherever it is known.

    It is known at the periods at whose end some actual figure ends; a balance's day counts only
    where no span ends on the axis, as for the newest period. Names of which nothing actual is
    stated are missing.
    """
    stated, spans, days = ev.context.actuals
    if names and stated.isdisjoint(names):
        return [
            Cell(None, None, causes=NOTHING.union(*(ev.absent(n, i).causes for n in names)))
            for i in range(len(ev.axis.periods))
        ]
    ends = {period.end for period in ev.axis.periods}
    ends &= spans if ev.axis.frame != "date" and not spans.isdisjoint(ends) else days
    figures = ev.context.marked(mark, names)
    entries = frozenset(fact for figure in figures for fact in figure)
    known = Cell(float(len(figures)), float(len(figures)), ACTUAL, entries)
    reason = "no actual figure ends here"
    return [
        known
        if period.end in ends
        else Cell(None, None, causes=because("frame", reason, period=period.label))
        for period in ev.axis.periods
    ]


def strong_truths(rule: Rule, ev: Evaluator) -> list[Cell]:
    """Whether a rule with `min_evidence` holds: open where that rests on weaker facts.

    `ev` must be an evidence evaluator.
    """
    wanted = TIERS.index(rule.definition.min_evidence or TIERS[-1])
    cells: list[Cell] = ev.row(rule.steps[0].condition)
    if rule.applies_when is not None:
        cells = ev.a.both(ev.row(rule.applies_when), cells)
    found = []
    for cell, period in zip(cells, ev.axis.periods, strict=True):
        facts = (fact for entry in cell.entries for fact in entry_facts(entry))
        tier = ev.context.ledger.tier(facts)
        if tier is not None and TIERS.index(tier) > wanted:
            causes = because("evidence", f"rests on {tier}", rule.id, period.label)
            found.append(Cell(None, None, cell.kind, cell.entries, causes))
        else:
            found.append(cell)
    return found
