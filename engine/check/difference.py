"""What changes of a company between two evaluations: verdicts, grades, gate, facts, conflicts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ddcheck.engine.check.fact_changes import fact_changes, head_changes
from ddcheck.engine.check.judge import Judge
from ddcheck.engine.check.showing import figure_of, limit_text
from ddcheck.engine.check.turning import Changes, Reasons, by_id, state
from ddcheck.engine.language.context import Context
from ddcheck.engine.model.conflict import Conflict
from ddcheck.engine.model.difference import (
    ADDED,
    APPEARS,
    CLEARED,
    COMPARED,
    DECIDED,
    DROPPED,
    GONE,
    GRAVER,
    KINDS,
    LOST,
    MILDER,
    MOVED,
    NEW,
    OPENED,
    OTHER,
    REMOVED,
    RULED,
    UNRULED,
    CompanyChange,
    ConflictSeen,
    DefinitionChange,
    FactChange,
    GateSeen,
    GradeChange,
    GradeSeen,
    LetterChange,
    Seen,
    VerdictChange,
)
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG, PASS, UNKNOWN, Figure, Finding
from ddcheck.engine.model.limits import limit_value
from ddcheck.engine.model.measured import MetricResult
from ddcheck.engine.model.pack import severity_rank
from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.text.once import Once

_NOTHING = GradeSeen(None, None, None)


class Side(NamedTuple):
    """A company as one side knows it, with what the gate makes of it there."""

    evaluation: Evaluation
    gate: GateSeen


class Pair(NamedTuple):
    """A company on both sides; None: it is not there.

    `crossed(True)` is its old facts by the new packs, `crossed(False)` its new facts by the old
    ones; None where that cannot be.
    """

    old: Side | None
    new: Side | None
    crossed: Callable[[bool], Evaluation | None]


class Changed(NamedTuple):
    """What the packs change, and how paths are shown."""

    definitions: tuple[DefinitionChange, ...]
    shown: Callable[[str], str]


def company_change(pair: Pair, changed: Changed) -> CompanyChange:
    """What becomes of a company; of one that is on one side only, that it comes or goes."""
    old, new = pair.old, pair.new
    here = new or old
    assert here is not None
    company = here.evaluation.company
    gates = (old.gate if old else None, new.gate if new else None)
    paths = tuple(
        changed.shown(side.evaluation.company.path) if side else None for side in (old, new)
    )
    days = (
        old.evaluation.evaluated_at if old else None,
        new.evaluation.evaluated_at if new else None,
    )
    if old is None or new is None:
        status = NEW if old is None else GONE
        return CompanyChange(
            company.id, company.name, status, company.currency, paths[0], paths[1], (),
            _grades(old, new), gates, (), (), (), _must_know(old, new), (), days, (0, 0),
        )  # fmt: skip
    before, after = old.evaluation, new.evaluation
    facts, same_facts = fact_changes(before.company, after.company, changed.shown)
    head = head_changes(before.company, after.company, changed.shown)
    verdicts, same = _verdicts(pair, before, after, changed, facts, head)
    return CompanyChange(
        company.id, company.name, COMPARED, company.currency, paths[0], paths[1], verdicts,
        _grades(old, new), gates, head, facts, _conflicts(before, after),
        _must_know(old, new), _letters(before, after), days, (same, same_facts),
    )  # fmt: skip


# --- verdicts


def _verdicts(
    pair: Pair,
    old: Evaluation,
    new: Evaluation,
    changed: Changed,
    facts: tuple[FactChange, ...],
    head: tuple[DefinitionChange, ...],
) -> tuple[tuple[VerdictChange, ...], int]:
    """The verdicts that change, what to read first at the head, and how many do not."""
    before, after = by_id(old), by_id(new)
    changes = Changes(changed.definitions, facts, head)
    reasons = Reasons(old, new, changes, pair.crossed)
    judges = _judge_of(old), _judge_of(new)
    found, same = [], 0
    for ident in {**after, **before}:
        left, right = before.get(ident), after.get(ident)
        was = _seen(left, old, judges[0]) if left is not None else None
        now = _seen(right, new, judges[1]) if right is not None else None
        kind = kind_of(was, now)
        if kind is None:
            same += 1
            continue
        by, causes = reasons.of(ident, state(left), state(right))
        finding = right or left
        assert finding is not None
        plan = new.plan if right is not None else old.plan
        definition = plan.rules[ident].definition
        found.append(
            VerdictChange(
                ident, finding.title, finding.category, definition.strength, kind, was, now, by,
                causes,
            )
        )  # fmt: skip
    found.sort(key=_order)
    return tuple(found), same


def _order(item: VerdictChange) -> tuple[bool, int, int, str]:
    ranks = [severity_rank(seen.severity) for seen in (item.old, item.new) if seen is not None]
    return item.strength, KINDS.index(item.kind), min(ranks), item.rule


def kind_of(old: Seen | None, new: Seen | None) -> str | None:
    """What becomes of a verdict; None if it stays, figures included."""
    flag_before = old is not None and old.outcome == FLAG
    flag_after = new is not None and new.outcome == FLAG
    if old is None or new is None:
        if new is None:
            return DROPPED if flag_before else UNRULED
        return APPEARS if flag_after else RULED
    if flag_before and flag_after:
        if old.severity == new.severity:
            return None if _figures(old) == _figures(new) else MOVED
        return MILDER if severity_rank(new.severity) > severity_rank(old.severity) else GRAVER
    if flag_after:
        return APPEARS
    if flag_before:
        return LOST if new.outcome == UNKNOWN else CLEARED
    if _open(old) != _open(new):
        return OPENED if _open(new) else DECIDED
    if old.outcome != new.outcome:
        return OTHER
    return None if _figures(old) == _figures(new) else MOVED


def _open(seen: Seen) -> bool:
    return seen.outcome == UNKNOWN or (seen.outcome == PASS and seen.behind)


def _figures(seen: Seen) -> tuple[object, ...]:
    return seen.period, seen.frame, seen.behind, seen.value, seen.low, seen.high, seen.limit


def _seen(finding: Finding, evaluation: Evaluation, judge: Callable[[], Judge]) -> Seen:
    plan = evaluation.plan
    rule = plan.rules[finding.id]
    metric = rule.definition.metric.text if rule.definition.metric is not None else None
    figures = finding.figures
    figure = next((item for item in figures if item.name == metric), None)
    if figure is None and metric is not None:
        # What stands beside the rule is not what its limits are held against.
        figure = _figure_at(judge(), metric, finding, evaluation.language)
    if figure is None:
        figure = figures[0] if figures else None
    value, low, high = figure.values[-1][1:] if figure is not None else (None, None, None)
    limit, text = None, None
    if metric is not None:
        flagged = finding.outcome == FLAG
        steps = [step for step in rule.steps if not flagged or step.name == finding.severity]
        step = steps[0] if steps else rule.steps[0]
        limit = limit_value(step, plan.parameters)
        text = limit_text(plan, step.limit, evaluation.evaluated_at, evaluation.language)
    return Seen(
        finding.outcome,
        finding.severity if finding.outcome == FLAG else None,
        finding.period,
        finding.frame,
        finding.behind,
        finding.reason if finding.outcome == UNKNOWN else None,
        finding.message,
        figure.name if figure is not None else None,
        _finite(value), _finite(low), _finite(high),
        figure.unit if figure is not None else "",
        figure.style if figure is not None else "",
        limit,
        text,
    )  # fmt: skip


def _figure_at(judge: Judge, name: str, finding: Finding, language: str) -> Figure | None:
    """The figure of `name` at the period of a finding; None where there is none."""
    for i, period in enumerate(judge.context.axis(finding.frame).periods):
        if finding.period in (period.label, *(period.label + kind for kind in "EG")):
            return figure_of(judge, name, finding.frame, i, language)
    return None


def _judge_of(evaluation: Evaluation) -> Callable[[], Judge]:
    context = Context(evaluation.plan, evaluation.ledger, evaluation.evaluated_at)
    return Once(lambda: Judge(context, evaluation.evaluated_at))


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


# --- grades, letters, conflicts


def _grades(old: Side | None, new: Side | None) -> tuple[GradeChange, ...]:
    before, after = _grade_map(old), _grade_map(new)
    return tuple(
        GradeChange(key, (after.get(key) or before[key])[0], *seen)
        for key in {**after, **before}
        if (seen := (_graded(before, key), _graded(after, key)))[0] != seen[1]
        if any(grade not in (None, _NOTHING) for grade in seen)
    )


def _graded(grades: dict[str | None, tuple[str, GradeSeen]], key: str | None) -> GradeSeen | None:
    return grades[key][1] if key in grades else None


def _grade_map(side: Side | None) -> dict[str | None, tuple[str, GradeSeen]]:
    if side is None:
        return {}
    grade, language = side.evaluation.grade, side.evaluation.language
    known = grade.known_letter or grade.letter
    found: dict[str | None, tuple[str, GradeSeen]] = {
        None: ("", GradeSeen(known, grade.worst, grade.best))
    }
    for item in grade.categories:
        title = item.category.title.text(language)
        found[item.category.id] = (title, GradeSeen(item.letter, item.worst, item.best))
    return found


def _must_know(old: Side | None, new: Side | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        tuple(sorted(old.evaluation.must_know)) if old else (),
        tuple(sorted(new.evaluation.must_know)) if new else (),
    )


def _letters(old: Evaluation, new: Evaluation) -> tuple[LetterChange, ...]:
    before = {item.id: item for item in old.metrics}
    after = {item.id: item for item in new.metrics}
    found = []
    for ident in {**after, **before}:
        left, right = before.get(ident), after.get(ident)
        if _lettered(left) == _lettered(right):
            continue
        metric = right or left
        assert metric is not None
        found.append(
            LetterChange(
                ident, metric.title, metric.unit, metric.style, _measured(left), _measured(right)
            )
        )
    return tuple(found)


def _lettered(metric: MetricResult | None) -> tuple[object, ...] | None:
    return (metric.state, metric.letters) if metric is not None else None


def _measured(
    metric: MetricResult | None,
) -> tuple[str, str | None, str | None, float | None] | None:
    if metric is None:
        return None
    latest = metric.latest
    letters = metric.letters
    shown = None if letters is None else "..".join(dict.fromkeys(letters))
    if latest is None:
        return metric.state, shown, None, None
    return metric.state, shown, latest.label, latest.value


def _conflicts(old: Evaluation, new: Evaluation) -> tuple[ConflictSeen, ...]:
    before, after = _conflict_map(old.conflicts), _conflict_map(new.conflicts)
    return (
        *(after[key]._replace(change=ADDED) for key in after if key not in before),
        *(before[key]._replace(change=REMOVED) for key in before if key not in after),
    )


def _conflict_map(conflicts: Sequence[Conflict]) -> dict[tuple[object, ...], ConflictSeen]:
    found: dict[tuple[object, ...], ConflictSeen] = {}
    for item in conflicts:
        sources = tuple(sorted({fact.source for fact in item.candidates}))
        key = (item.type, item.concept, item.period, item.scope, sources)
        label = item.period.label + kind_suffix(item.candidates[0].kind)
        found[key] = ConflictSeen("", item.type, item.concept, label, sources)
    return found


def undecided(sides: Iterable[Side | None]) -> bool:
    """Whether no rule says anything of a company on any side that it is on."""
    return all(side is None or side.evaluation.undecided for side in sides)
