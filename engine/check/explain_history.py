"""The history of what is explained: every period of its frame, then what other frames know."""

from __future__ import annotations

from ddcheck.engine.check.explain_evidence import in_words, sort_missing
from ddcheck.engine.check.explain_tree import Tree
from ddcheck.engine.check.judge import Judge
from ddcheck.engine.check.views import View
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import BOUNDS
from ddcheck.engine.model.explanation import Past
from ddcheck.engine.model.finding import FLAG, UNKNOWN, Missing
from ddcheck.engine.model.ledger import ONLY_GUIDANCE, PLAIN
from ddcheck.engine.model.pack import LETTERS
from ddcheck.engine.model.periods import ACTUAL, ANY_FRAMES, KIND_NAMES, Period, kind_suffix
from ddcheck.engine.model.plan import Metric, MetricLadder, Rule
from ddcheck.engine.model.sums import Sum
from ddcheck.engine.text.translate import say

_FRAMES = ("year", "half", "quarter", "to-date", "month", "range")
_SPLITS = frozenset({"scoped", "share", "top_share", "hhi", "largest"})


def metric_history(
    tree: Tree, metric: Metric, ladder: MetricLadder | None, view: View
) -> tuple[Past, ...]:
    """A metric over its frame, newest first, each period with its letter; then other frames."""
    frames = [view.frame, *(frame for frame in _FRAMES if frame != view.frame)]
    seen: set[tuple[int, int, int]] = set()
    found: list[Past] = []
    for frame in frames:
        own = frame == view.frame
        scoped = bool(metric.calls & _SPLITS)
        places = tree.context.places(metric.leaves, frame, scoped=scoped)
        periods = tree.context.axis(frame).periods
        for i in reversed(places):
            past = _past(tree, metric.id, View(frame, i), here=own and i == view.place)
            if past.value is None and not own:
                continue
            if not own and _span(periods[i]) in seen:
                continue
            seen.add(_span(periods[i]))
            kinds = {KIND_NAMES[kind] for kind in metric.definition.kinds}
            graded = ladder is not None and past.value is not None and past.kind in kinds
            letter = _letter(tree, ladder, View(frame, i)) if graded and ladder else ""
            found.append(past._replace(outcome=letter))
    return tuple(found)


def rule_history(tree: Tree, judge: Judge, rule: Rule, view: View) -> tuple[Past, ...]:
    """A rule over the frame it is judged in, newest first: the figure shown, and the outcome.

    Of a rule for any frame, what others decided follows. A rule that shows no figure has none: it
    is the same wherever it is known.
    """
    if not charted(rule):
        return ()
    frames = [view.frame]
    if rule.definition.frame == "any":
        frames += [frame for frame in ANY_FRAMES if frame != view.frame]
    scoped = bool(rule.calls & _SPLITS)
    seen: set[tuple[int, int, int]] = set()
    found = []
    for frame in frames:
        periods = tree.context.axis(frame).periods
        for i in reversed(tree.context.places(rule.leaves, frame, scoped=scoped)):
            there = View(frame, i)
            past = _judged(tree, judge, rule, there, here=there[:2] == view[:2])
            decided = past.outcome not in ("", UNKNOWN) and _span(periods[i]) not in seen
            if frame == view.frame or decided:
                seen.add(_span(periods[i]))
                found.append(past)
    return tuple(found)


def charted(rule: Rule) -> str:
    """What the history of a rule shows: the metric on its ladder, else its first figure."""
    if rule.definition.metric is not None:
        return rule.definition.metric.text
    return rule.show[0] if rule.show else ""


def _judged(tree: Tree, judge: Judge, rule: Rule, view: View, *, here: bool) -> Past:
    """A rule at one period; no outcome where it takes no figures of that kind."""
    outcome, step, kind = judge.outcome_at(rule, view.frame, view.place)
    past = _past(tree, charted(rule), view, here=here)
    ended = judge.limit >= tree.context.axis(view.frame).periods[view.place].end
    if outcome == UNKNOWN:
        judged = past.kind in (None, "actual") and ended
    else:
        judged = kind in rule.definition.kinds and (kind != ACTUAL or ended)
    if not judged:
        outcome = ""
    elif outcome == FLAG:
        outcome = "holds" if rule.definition.strength else rule.steps[step].name
    return past._replace(outcome=outcome)


def concept_history(tree: Tree, name: str, view: View) -> tuple[Past, ...]:
    """What is known of a concept: its own frame, newest first, then others; guidance last."""
    term = tree.plan.terms[name]
    frames = ("date",) if term.time in ("stock", "fixed") else _FRAMES
    found: list[Past] = []
    seen: set[tuple[int, int, int]] = set()
    for kinds in (PLAIN, ONLY_GUIDANCE):
        seen.clear()
        for frame in frames:
            periods = tree.context.axis(frame).periods
            for i in range(len(periods) - 1, -1, -1):
                there = View(frame, i)
                if _span(periods[i]) in seen or _carried(tree, name, there, kinds):
                    continue
                past = _past(tree, name, there, kinds=kinds)
                if past.value is not None:
                    seen.add(_span(periods[i]))
                    here = kinds == PLAIN and (frame, i) == (view.frame, view.place)
                    found.append(past._replace(here=here))
    return tuple(found)


def _past(tree: Tree, name: str, view: View, *, here: bool = False, kinds: str = PLAIN) -> Past:
    cell = tree.substitute.cell(name, view, kinds, BOUNDS)
    value = tree.substitute.named(name, view, kinds)
    label = tree.views.label(view) or ""
    if value is None:
        missing = sort_missing(Missing(*cause) for cause in cell.causes)
        state = "missing"
        if any(item.kind == "not-applicable" for item in missing):
            state = "not-applicable"
        words = say(tree.language, ", ").join(in_words(missing, tree.language))
        if [item.name for item in missing if item.kind == "fact"] == [name] and len(missing) == 1:
            words = say(tree.language, "not stated, nor anything that it follows from")
        return Past(label, view.frame, None, None, state, missing, words, "", here)
    metric = tree.plan.metrics.get(name)
    if metric is not None:
        state = "stated" if cell.stated else "computed"
    else:
        entry = tree.context.entries(name, view.frame, kinds)[view.place]
        plain = entry is not None and cell.entries == {entry} and not isinstance(entry, Sum)
        state = "stated" if plain else "derived"
    if cell.assumed:
        state = "assumed"
    kind = KIND_NAMES[cell.kind] if cell.kind >= 0 else None
    return Past(label + kind_suffix(cell.kind), view.frame, value, kind, state, (), "", "", here)


def _carried(tree: Tree, name: str, view: View, kinds: str) -> bool:
    """Whether what a date shows of a balance was stated of an earlier one."""
    entry = tree.context.entries(name, view.frame, kinds)[view.place]
    end = tree.context.axis(view.frame).periods[view.place].end
    return view.frame == "date" and entry is not None and entry.period.end != end


def _letter(tree: Tree, ladder: MetricLadder, view: View) -> str:
    evaluator = tree.context.evaluator(view.frame, BOUNDS)
    for step in ladder.steps:
        cells: list[Cell] = evaluator.row(step.condition)
        truth = cells[view.place].truth
        if truth is not False:
            return step.name if truth else "?"
    return LETTERS[-1]


def _span(period: Period) -> tuple[int, int, int]:
    return period.start, period.months, period.end
