"""Scenarios: one verdict judged again with some of the stated facts at other values.

The company is narrowed to the facts that the rule can reach; each is copied once, and moving one
moves whatever is made of it (sums of quarters, derived concepts, metrics, trailing months), while
which fact counts, and which periods there are, stays as it is. A fact within its printed digits
keeps them as its interval; one that moves beyond them takes as wide an interval along.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from ddcheck.engine.check.judge import Judge, Verdict, in_order, outcome_at
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.evaluate import BOUNDS, POINTS, PRINTED, Evaluator
from ddcheck.engine.model.axes import Axis
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.finding import NOT_APPLICABLE, UNKNOWN
from ddcheck.engine.model.formula import EVERY_FACT
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.sums import Sum, entry_facts
from ddcheck.engine.model.variants import at_value, only_about, with_facts

_RATES = ("fx_average", "fx_closing")
#: What compares printed digits: cut in two they would be others.
_ON_DIGITS = frozenset({"agrees", "share", "scoped", "top_share", "hhi", "largest"})


class Ruling(NamedTuple):
    """What the rule comes to in a scenario.

    `margins` are, for each comparison of the rule itself in the order of evaluation, the left side
    less the right one, None where a side is missing or open; `inner` are those of what it names,
    as far as it had to be worked out anew: comparable only where the same facts moved.
    """

    outcome: str
    step: int
    margins: tuple[float | None, ...]
    inner: tuple[float | None, ...]

    def same(self, other: Ruling) -> bool:
        """Whether outcome and severity are the same."""
        return self.outcome == other.outcome and self.step == other.step


class Scenario:
    """The rule of `verdict` at its frame and period, for as many values of its facts as wanted.

    `facts` are the stated points behind the verdict, in order: bounds and ranges are taken as
    they stand.
    """

    def __init__(self, judge: Judge, verdict: Verdict) -> None:
        self.rule = verdict.rule
        self.place = verdict.place
        self.frame = verdict.frame
        self.mode = judge.evidence_mode(self.rule.leaves, self.rule.calls)
        self.facts = _behind(judge, verdict)
        self._copies = {fact: at_value(fact, fact.value or 0.0) for fact in self.facts}
        for fact, copy in self._copies.items():
            copy.low, copy.high = fact.low, fact.high
        self._moved: frozenset[str] = frozenset()
        self._context = _Narrowed(judge.context, verdict, self._copies)
        self._evaluator = self._context.evaluator(self.frame, self.mode)
        self._margins: list[float | None] = []
        self._inner: list[float | None] = []
        self._watch()
        self.printed = self.at({})

    def at(self, values: Mapping[Fact, float]) -> Ruling:
        """The ruling with the facts of `values` at those values and all others as printed."""
        moved = set()
        for fact, copy in self._copies.items():
            value = values.get(fact)
            if value is None:
                copy.value, copy.low, copy.high = fact.value, fact.low, fact.high
            elif fact.value is not None:
                moved.add(fact.concept)
                by = 0.0 if fact.low <= value <= fact.high else value - fact.value
                copy.value, copy.low, copy.high = value, fact.low + by, fact.high + by
        self._forget(moved)
        self._margins, self._inner = [], []
        outcome, step, kind = outcome_at(self._rows(self._evaluator), self.place)
        if kind not in self.rule.definition.kinds:
            outcome, step = UNKNOWN, -1  # as it would be passed over in judging
        return Ruling(outcome, step, tuple(self._margins), tuple(self._inner))

    def proves(self, box: Mapping[Fact, tuple[float, float]]) -> bool:
        """Whether intervals prove the printed ruling, the facts of `box` anywhere within its ends.

        Nothing is proven of rules that look at the printed digits themselves.
        """
        if not self.rule.calls.isdisjoint(_ON_DIGITS):
            return False
        for fact, copy in self._copies.items():
            copy.value, (copy.low, copy.high) = fact.value, box.get(fact, (fact.low, fact.high))
        self._forget({fact.concept for fact in box})
        applies, steps = self._rows(self._context.evaluator(self.frame, PRINTED))
        cells = [row[self.place] for row in steps if self.printed.outcome != NOT_APPLICABLE]
        cells += [applies[self.place]] if applies is not None else []
        if any(cell.assumed or cell.partial or cell.truth is None for cell in cells):
            return False
        outcome, step, _ = outcome_at((applies, steps), self.place)
        return (outcome, step) == (self.printed.outcome, self.printed.step)

    def _forget(self, moved: set[str]) -> None:
        """Drop what rests on concepts that have moved, now or in the scenario before."""
        self._context.forget(self._moved | moved)
        self._moved = frozenset(moved)

    def _rows(self, evaluator: Evaluator) -> tuple[Any, list[Any]]:
        """The rows of the rule's `applies_when` (or None) and of each of its steps."""
        rule = self.rule
        applies = evaluator.row(rule.applies_when) if rule.applies_when is not None else None
        return applies, [evaluator.row(step.condition) for step in rule.steps]

    def _watch(self) -> None:
        """Note the margins of every comparison at the place of the verdict."""
        algebra, place, points = self._evaluator.a, self.place, self.mode == POINTS
        compare, agrees = algebra.compare, algebra.agrees

        def note(left: Any, right: Any) -> None:
            noted = self._inner if self._context.depth else self._margins
            if points:
                x, y = algebra.values(left)[place], algebra.values(right)[place]
                noted.append(None if x is None or y is None else x - y)
                return
            x, y = algebra.cells(left)[place], algebra.cells(right)[place]
            missing = x.low is None or y.low is None
            ends = (None, None) if missing else (x.low - y.high, x.high - y.low)
            noted += [None if end is None or not math.isfinite(end) else end for end in ends]

        def noted_compare(op: str, left: Any, right: Any, step: float) -> Any:
            note(left, right)
            return compare(op, left, right, step)

        def noted_agrees(left: Any, right: Any, step: float) -> Any:
            note(left, right)
            return agrees(left, right, step)

        algebra.compare, algebra.agrees = noted_compare, noted_agrees


class _Narrowed(Context):
    """The facts that a rule can reach, some of them copies that move.

    The periods are those of `original` up to the verdict's own: no formula looks ahead.
    """

    def __init__(self, original: Context, verdict: Verdict, copies: Mapping[Fact, Fact]) -> None:
        rule = verdict.rule
        names = rule.leaves.union(_RATES) if "fx" in rule.calls else rule.leaves
        ledger = original.ledger
        narrowed = ledger.company if EVERY_FACT in names else only_about(ledger.company, names)
        company = with_facts(narrowed, dict(copies))
        super().__init__(original.plan, Ledger(company, ledger.as_of), original.day)
        self.original = original
        self.last = original.axis(verdict.frame).periods[verdict.place].end
        self.depth = 0

    def axis(self, frame: str) -> Axis:
        found = self._axes.get(frame)
        if found is None:
            axis = self.original.axis(frame)
            periods = tuple(period for period in axis.periods if period.end <= self.last)
            found = self._axes[frame] = axis._replace(periods=periods)
        return found

    def kinded(self, name: str, kinds: str, ev: Evaluator) -> Any:
        self.depth += 1
        row = super().kinded(name, kinds, ev)
        self.depth -= 1
        return row

    def forget(self, moved: frozenset[str]) -> None:
        """Drop what was worked out from facts of the concepts `moved`, and add sums up again."""
        reach = self.plan.reach
        rates = not moved.isdisjoint(_RATES)
        for key in list(self._rows):
            if rates or not moved.isdisjoint(reach.get(key[0], frozenset(key[:1]))):
                del self._rows[key]
        self._truths.clear()
        for (name, *_), entries in self._entries.items():
            if name in moved:
                entries[:] = [
                    Sum(entry.parts, entry.period) if isinstance(entry, Sum) else entry
                    for entry in entries
                ]


def _behind(judge: Judge, verdict: Verdict) -> tuple[Fact, ...]:
    """The stated points that the verdict rests on, or might if rounding took another branch."""
    found: set[Fact] = set()
    for mode in (BOUNDS, PRINTED):
        for cell in judge.cells(verdict, mode):
            for entry in cell.entries:
                found.update(entry_facts(entry))
    return in_order(fact for fact in found if fact.value is not None)
