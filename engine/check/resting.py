"""What of a verdict rests on the command line without a fact that would show it."""

from __future__ import annotations

from ddcheck.engine.check.judge import Judge
from ddcheck.engine.model.evaluation import Missing
from ddcheck.engine.model.periods import PeriodError
from ddcheck.engine.model.plan import Plan, Rule
from ddcheck.engine.model.variants import ASSUMED


def rests_on_parameter(plan: Plan, rule: Rule) -> bool:
    """Whether some parameter behind `rule` is set on the command line."""
    set_ = {p.id for p in plan.parameters.values() if p.node.source.path == ASSUMED}
    if not set_:
        return False
    used = [step.condition for step in rule.steps]
    if rule.applies_when is not None:
        used.append(rule.applies_when)
    open_ = [name for formula in used for name in formula.names]
    seen: set[str] = set()
    while open_:
        name = open_.pop()
        if name in seen:
            continue
        seen.add(name)
        metric = plan.metrics.get(name)
        formulas = plan.derived.get(name, ())
        if metric is not None:
            applies = (metric.applies_when,) if metric.applies_when is not None else ()
            formulas = (*metric.formulas, *metric.between, *applies)
        open_ += [inner for formula in formulas for inner in formula.names]
    return not set_.isdisjoint(seen)


def waits_for_displaced(judge: Judge, rule: Rule, missing: tuple[Missing, ...]) -> bool:
    """Whether `rule` waits for a fact that the command line takes away, or would have been decided
    on one that is newer than what it waits for now.
    """
    ledger = judge.context.ledger
    gone = {
        (fact.concept, fact.period.end)
        for fact in ledger.company.displaced
        if fact.concept in rule.leaves and not ledger.candidates(fact)
    }
    if not gone or not missing:
        return False
    reach = judge.context.plan.reach
    latest = 0
    for item in missing:
        try:
            end = ledger.calendar.parse(item.period or "")[0].end
        except PeriodError:
            continue  # a reason without a period, or before any that files can write
        latest = max(latest, end)
        # A metric none of whose inputs is known stands for them.
        behind = reach.get(item.name, frozenset()) | {item.name}
        if any(name in behind and day == end for name, day in gone):
            return True
    return any(day > latest for _, day in gone)
