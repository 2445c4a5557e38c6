"""What rows rest on: figures counted by the marks they bear, truths that need good evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddcheck.engine.language.cells import NOTHING, Cause, Cell, because
from ddcheck.engine.language.evidence import Evidence
from ddcheck.engine.language.series import NO_KIND, Series
from ddcheck.engine.model.company import TIERS, Fact
from ddcheck.engine.model.periods import ACTUAL, kind_suffix
from ddcheck.engine.model.sums import entry_facts

if TYPE_CHECKING:
    from ddcheck.engine.language.evaluate import Evaluator
    from ddcheck.engine.model.plan import Rule


def count_marked(ev: Evaluator, mark: str, names: tuple[str, ...]) -> Any:
    """How many figures of `names` (none: of all) bear `mark`, the same wherever it is known.

    It is known at the periods at whose end some actual figure ends; a balance's day counts only
    where no span ends on the axis, as for the newest period. Names of which nothing actual is
    stated are missing.
    """
    stated, spans, days = ev.context.actuals
    unstated = bool(names) and stated.isdisjoint(names)
    ends = {period.end for period in ev.axis.periods}
    ends &= spans if ev.axis.frame != "date" and not spans.isdisjoint(ends) else days
    known = [period.end in ends and not unstated for period in ev.axis.periods]
    figures = ev.context.marked(mark, names)
    count = float(len(figures))
    if not isinstance(ev.a, Evidence):
        values = [count if here else None for here in known]
        return Series(values, tuple(ACTUAL if here else NO_KIND for here in known))
    cell = Cell(count, count, ACTUAL, frozenset(fact for figure in figures for fact in figure))
    reason = "no actual figure ends here"
    return [
        cell
        if here
        else Cell(None, None, causes=NOTHING.union(*(ev.absent(n, i).causes for n in names)))
        if unstated
        else Cell(None, None, causes=because("frame", reason, period=period.label))
        for i, (here, period) in enumerate(zip(known, ev.axis.periods, strict=True))
    ]


def strong_truths(rule: Rule, ev: Evaluator) -> list[Cell]:
    """Whether a rule with `min_evidence` holds: open where that rests on weaker facts.

    `ev` must be an evidence evaluator.
    """
    wanted = TIERS.index(rule.definition.min_evidence or TIERS[-1])
    sources = ev.context.ledger.sources
    cells: list[Cell] = ev.row(rule.steps[0].condition)
    if rule.applies_when is not None:
        cells = ev.a.both(ev.row(rule.applies_when), cells)
    found = []
    for cell in cells:
        facts = (fact for entry in cell.entries for fact in entry_facts(entry))
        weak = [fact for fact in facts if TIERS.index(sources[fact.source].tier) > wanted]
        if weak:
            causes = frozenset(_too_weak(fact, sources[fact.source].tier) for fact in weak)
            found.append(Cell(None, None, cell.kind, cell.entries, causes))
        else:
            found.append(cell)
    return found


def _too_weak(fact: Fact, tier: str) -> Cause:
    scope = " ".join(fact.scope) if fact.scope is not None else None
    period = fact.period.label + kind_suffix(fact.kind)
    return Cause("evidence", fact.concept, period, scope, f"stated by {tier} only")
