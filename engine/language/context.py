"""Context: one company under one plan, with every row that has been worked out so far.

Names find their rows here: a concept's facts, what is derived where none is stated, a metric's
formulas, what a source states of it, a parameter's value on the day. Rows are kept, so that a
metric used by ten rules is worked out once.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ddcheck.engine.language.cells import Cause, Causes, Cell, because
from ddcheck.engine.language.derived import fill_cells, fill_points
from ddcheck.engine.language.domain import Domain
from ddcheck.engine.language.evaluate import BOUNDS, POINTS, Evaluator
from ddcheck.engine.language.metrics import metric_row
from ddcheck.engine.language.standing import strong_truths
from ddcheck.engine.model.axes import Axis, build_axis
from ddcheck.engine.model.company import Breakdown, Fact, Scope
from ddcheck.engine.model.ledger import (
    MAX_CARRY,
    ONLY_ACTUAL,
    ONLY_ESTIMATE,
    ONLY_GUIDANCE,
    PLAIN,
    Ledger,
)
from ddcheck.engine.model.marks import marked
from ddcheck.engine.model.periods import (
    ACTUAL,
    ESTIMATE,
    GUIDANCE,
    Period,
    add_months,
    kind_suffix,
)
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.sums import Entry
from ddcheck.engine.model.vocabulary import Term

_KIND_OF = {"actual": 0, "estimate": 1, "guidance": 2}

#: What the label of a period takes where an estimate or guidance of it is missing.
_SUFFIXES = {ONLY_ESTIMATE: kind_suffix(ESTIMATE), ONLY_GUIDANCE: kind_suffix(GUIDANCE)}

#: Functions that see facts which plain names do not: guidance, scopes and breakdowns.
_ASIDE = frozenset({"guided", "scoped", "share", "top_share", "hhi", "largest"})


class Context:
    """The rows of `ledger` under `plan`, parameters as they are on the day `day`."""

    def __init__(self, plan: Plan, ledger: Ledger, day: int) -> None:
        self.plan = plan
        self.ledger = ledger
        self.day = day
        self._axes: dict[str, Axis] = {}
        self._evaluators: dict[tuple[str, str], Evaluator] = {}
        self._rows: dict[tuple[str, str, str, str], Any] = {}
        self._entries: dict[tuple[str, str, str, Scope], list[Entry | None]] = {}
        self._truths: dict[tuple[str, str, str], Any] = {}
        self._lacking: dict[tuple[str, str, str | None], Causes] = {}
        self._marked: dict[tuple[str, tuple[str, ...]], tuple[tuple[Fact, ...], ...]] = {}
        #: A stated fact of a metric that counts before what is computed; for variants alone.
        self.insist: Fact | None = None
        self.domain = Domain(self)

    def variant(self, ledger: Ledger, concept: str, insist: Fact | None = None) -> Context:
        """The same company with another choice made for `concept`; the rest is not done again.

        `ledger` holds the same facts; periods, and where formulas exist, stay as they are.
        """
        other = Context(self.plan, ledger, self.day)
        other.insist = insist
        other.domain = self.domain
        other._axes = self._axes
        reach, rules = self.plan.reach, self.plan.rules
        other._rows = {
            key: row for key, row in self._rows.items() if concept not in reach.get(key[0], ())
        }
        other._entries = {key: row for key, row in self._entries.items() if key[0] != concept}
        other._truths = {
            key: row for key, row in self._truths.items() if concept not in rules[key[0]].leaves
        }
        return other

    def axis(self, frame: str) -> Axis:
        """The axis of `frame`."""
        found = self._axes.get(frame)
        if found is None:
            found = self._axes[frame] = build_axis(self.ledger, frame)
        return found

    def evaluator(self, frame: str, mode: str) -> Evaluator:
        """The evaluator of `frame` in `mode`."""
        found = self._evaluators.get((frame, mode))
        if found is None:
            found = self._evaluators[frame, mode] = Evaluator(self, self.axis(frame), mode)
        return found

    def named(self, name: str, ev: Evaluator) -> Any:
        """The row of a concept, metric or parameter along the axis of `ev`."""
        return self.kinded(name, PLAIN, ev)

    def kinded(self, name: str, kinds: str, ev: Evaluator) -> Any:
        """The row of `name` of one kind (or `plain`)."""
        key = (name, ev.axis.frame, ev.mode, kinds)
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._row(name, kinds, ev)
        return row

    def _row(self, name: str, kinds: str, ev: Evaluator) -> Any:
        parameter = self.plan.parameters.get(name)
        if parameter is not None:
            values = [value for day, value in parameter.values if day <= self.day]
            if values:
                return ev.number(values[-1])
            reason = "the parameter has no value"
            if ev.mode == POINTS:
                return ev.a.missing(reason)
            return Cell(None, None, causes=because("parameter", reason, name))
        metric = self.plan.metrics.get(name)
        if metric is not None:
            if kinds == ONLY_GUIDANCE:
                return ev.of_entries(name, self.entries(name, ev.axis.frame, kinds), kinds)
            stated = self.entries(name, ev.axis.frame, PLAIN)
            row = metric_row(metric, ev, stated, self.insist)
            if kinds == PLAIN:
                return row
            return ev.a.only(row, _KIND_OF[kinds], lambda i: ev.absent(name, i, kinds=kinds).causes)
        return self._concept(name, kinds, ev)

    def _concept(self, name: str, kinds: str, ev: Evaluator) -> Any:
        """What is stated of `name`; derived where nothing is, or only an estimate of it."""
        entries = self.entries(name, ev.axis.frame, kinds)
        row = ev.of_entries(name, entries, kinds)
        wanted = None if kinds == PLAIN else _KIND_OF[kinds]
        open_ = [
            i
            for i, entry in enumerate(entries)
            if entry is None or (wanted is None and entry.kind != ACTUAL)
        ]
        if kinds == ONLY_GUIDANCE or not open_:
            return row
        for formula in self.plan.derived.get(name, ()):
            derived = ev.row(formula)
            if ev.mode == POINTS:
                fill_points(row, derived, open_, wanted)
            else:
                fill_cells(row, derived, open_, wanted)
        return row

    def entries(self, name: str, frame: str, kinds: str, scope: Scope = None) -> list[Entry | None]:
        """What is stated of `name`, or summed from what is, for each period of `frame`."""
        key = (name, frame, kinds, scope)
        found = self._entries.get(key)
        if found is None:
            term, axis = self.plan.terms[name], self.axis(frame)
            found = self._entries[key] = self._along(term, axis, kinds, scope)
        return found

    def _along(self, term: Term, axis: Axis, kinds: str, scope: Scope) -> list[Entry | None]:
        ledger, name, periods = self.ledger, term.id, axis.periods
        stated = ledger.stated(name, kinds, scope)
        if not stated:
            return [None] * len(periods)
        if term.time == "fixed":
            return [ledger.holding(name, period.end, scope) for period in periods]
        if axis.frame == "date":
            return [self._on(term, period.end, kinds, scope) for period in periods]
        if term.time == "stock":
            return [stated.get((period.end, 0)) for period in periods]
        if term.time == "flow":
            return [ledger.flow(name, period, kinds, scope) for period in periods]
        return [stated.get((period.start, period.months)) for period in periods]

    def _on(self, term: Term, day: int, kinds: str, scope: Scope) -> Entry | None:
        """What is stated of `term` on `day`, or else was last."""
        direct = self.ledger.balance(term.id, day, kinds, scope)
        if term.time != "stock":
            return direct or self._trailing(term.id, term.time, day, kinds, scope)
        if term.quoted:
            return direct
        return self.ledger.latest_balance(term.id, day, kinds, scope)

    def _trailing(self, name: str, time: str, day: int, kinds: str, scope: Scope) -> Entry | None:
        """The newest twelve months of `name` that end by `day`, at most 15 months ago."""
        frame = "ttm" if time == "flow" else "year"
        wanted = (ONLY_ACTUAL, PLAIN) if kinds == PLAIN else (kinds,)
        for kind in wanted:
            entries = self.entries(name, frame, kind, scope)
            for period, entry in zip(
                reversed(self.axis(frame).periods), reversed(entries), strict=True
            ):
                if entry is not None and period.end <= day:
                    if add_months(period.end, MAX_CARRY) >= day:
                        return entry
                    break
        return None

    def lacking(
        self, name: str, axis: Axis, position: int, scope: str | None, kinds: str
    ) -> Causes:
        """That `name` is not stated at a position; its period says which kind is (`FY2022G`)."""
        label = axis.periods[position].label + _SUFFIXES.get(kinds, "")
        key = (name, label, scope)
        found = self._lacking.get(key)
        if found is None:
            found = self._lacking[key] = frozenset((Cause("fact", name, label, scope, ""),))
        return found

    def breakdown(self, name: str, by: str, period: Period) -> Breakdown | None:
        """The breakdown of `name` by `by` at `period`; an actual one before an estimate."""
        stock = self.plan.terms[name].time == "stock" or not period.months
        key = (period.end, 0) if stock else (period.start, period.months)
        for kind in (0, 1):
            found = self.ledger.breakdowns.get((name, by, kind), {}).get(key)
            if found is not None:
                return found
        return None

    def marked(self, mark: str, names: tuple[str, ...]) -> tuple[tuple[Fact, ...], ...]:
        """The figures of `names` (none: of all) that bear `mark`, each as its facts."""
        found = self._marked.get((mark, names))
        if found is None:
            stated, terms = self.ledger.names(), self.plan.terms
            fixed = {name for name in stated if terms[name].time == "fixed"}
            found = self._marked[mark, names] = marked(self.ledger, mark, names, fixed)
        return found

    @cached_property
    def actuals(self) -> tuple[frozenset[str], frozenset[int], frozenset[int]]:
        """The names of which something actual is stated; the days on which spans and days end."""
        facts = [fact for fact in self.ledger.facts if fact.kind == ACTUAL]
        return (
            frozenset(fact.concept for fact in facts),
            frozenset(fact.period.end for fact in facts if fact.period.months),
            frozenset(fact.period.end for fact in facts if not fact.period.months),
        )

    def rule_truth(self, rule: str, ev: Evaluator) -> Any:
        """Whether the rule's mildest step holds, along the axis of `ev`."""
        key = (rule, ev.axis.frame, ev.mode)
        found = self._truths.get(key)
        if found is None:
            compiled = self.plan.rules[rule]
            found = ev.row(compiled.steps[0].condition)
            if compiled.applies_when is not None:
                found = ev.a.both(ev.row(compiled.applies_when), found)
            if compiled.definition.min_evidence is not None:
                exact = self.evaluator(ev.axis.frame, BOUNDS) if ev.mode == POINTS else ev
                found = ev.of_truths(strong_truths(compiled, exact))
            self._truths[key] = found
        return found

    def places(self, leaves: frozenset[str], frame: str, *, scoped: bool) -> tuple[int, ...]:
        """The positions of `frame`, in order, at which a formula over `leaves` exists."""
        return self.domain.places(leaves, frame, scoped=scoped)

    def is_bounded(self, leaves: frozenset[str], calls: frozenset[str]) -> bool:
        """Whether a formula may meet a fact that is a bound or a range."""
        if not self.ledger.bounded.isdisjoint(leaves):
            return True
        return not calls.isdisjoint(_ASIDE) and not self.ledger.bounded_aside.isdisjoint(leaves)
