"""What of a verdict rests on the command line without a fact of its own that would show it."""

from __future__ import annotations

from collections.abc import Callable

from ddcheck.engine.check.judge import Judge, Verdict
from ddcheck.engine.check.messages import shown_places
from ddcheck.engine.language.evaluate import BOUNDS
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.finding import Missing
from ddcheck.engine.model.periods import PeriodError
from ddcheck.engine.model.plan import Plan, Rule
from ddcheck.engine.model.sums import entry_facts
from ddcheck.engine.model.variants import ASSUMED


def rests_on_command_line(
    judge: Judge,
    verdict: Verdict,
    missing: tuple[Missing, ...],
    evidence: tuple[Fact, ...],
    reported: Callable[[], Judge],
) -> bool:
    """Whether a parameter or fact that the command line sets is behind `verdict` or quoted by it.

    `reported` judges the company as its sources have it: what comes out otherwise there, or on
    other evidence, rests on an assumption, even where the assumption only takes a period away.
    """
    plan, ledger, rule = judge.context.plan, judge.context.ledger, verdict.rule
    if rests_on_parameter(plan, rule):
        return True
    if ledger.reported is ledger:
        return False
    if waits_for_displaced(judge, rule, missing) or _quotes_assumed(judge, verdict):
        return True
    plain = reported().verdict(rule)
    if _outcome(plain) != _outcome(verdict):
        return True
    return set(reported().evidence(plain)) != set(evidence)


def _outcome(verdict: Verdict) -> tuple[object, ...]:
    """What is decided, why not, and where."""
    period = verdict.period.label if verdict.period is not None else None
    outcome, severity, reason = verdict.outcome, verdict.severity, verdict.reason
    return outcome, severity, reason, verdict.frame, period, verdict.kind, verdict.last


def _quotes_assumed(judge: Judge, verdict: Verdict) -> bool:
    """Whether a figure that the message or `show` gives is made of a fact that is assumed."""
    rule, context = verdict.rule, judge.context
    place = verdict.place if verdict.place >= 0 else verdict.open_place
    if place < 0:
        return False
    places = shown_places(context.axis(verdict.frame), place)
    names = dict.fromkeys(rule.show, places)
    for part in (part for parts in rule.message.values() for part in parts):
        if part.name in context.plan.terms and verdict.place >= 0:
            wanted = places if part.history else places[-1:]
            names[part.name] = max(names.get(part.name, []), wanted, key=len)
    evaluator = context.evaluator(verdict.frame, BOUNDS)
    for name, shown in names.items():
        cells = evaluator.a.cells(context.named(name, evaluator))
        entries = (entry for i in shown for entry in cells[i].entries)
        if any(fact.source == ASSUMED for entry in entries for fact in entry_facts(entry)):
            return True
    return False


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
