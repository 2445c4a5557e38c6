"""The tree of an explanation: what a name or a condition is worked out of, down to the facts.

It takes the choices that evaluation takes, from the same rows: which formula counts, whether a
stated figure does, what fills a gap. Whatever stands in the tree already is referred to.
"""

from __future__ import annotations

from typing import Any

from ddcheck.engine.check.explain_evidence import (
    Leaves,
    in_words,
    meets,
    place_of,
    sort_missing,
    written,
)
from ddcheck.engine.check.explain_metric import Metrics
from ddcheck.engine.check.explain_splits import Splits
from ddcheck.engine.check.figures import Figures
from ddcheck.engine.check.requests import title_of
from ddcheck.engine.check.showing import limit_text, unit_and_style
from ddcheck.engine.check.substitute import Substitute
from ddcheck.engine.check.views import Read, View, Views
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.derived import fill_cells
from ddcheck.engine.language.evaluate import BOUNDS, PRINTED
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.explanation import Beside, Evidence, Node, Place, Value
from ddcheck.engine.model.finding import Missing
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.ledger import ONLY_GUIDANCE, PLAIN
from ddcheck.engine.model.periods import ACTUAL, KIND_NAMES, kind_suffix
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.sums import Entry
from ddcheck.engine.text.translate import reworded, say

#: How deep names are followed; what lies deeper is named and has an explanation of its own.
MAX_DEPTH = 12
_CODES = {"actual": 0, "estimate": 1, "guidance": 2}


class Tree:
    """Builds nodes for one company under one plan."""

    def __init__(
        self,
        plan: Plan,
        context: Context,
        figures: Figures,
        assumed: frozenset[str] = frozenset(),
    ) -> None:
        self.plan = plan
        #: Parameters whose value the command line assumes.
        self.assumed = assumed
        self.context = context
        self.figures = figures
        self.language = figures.language
        self.views = Views(context)
        self.substitute = Substitute(plan, self.views, figures)
        self.leaves = Leaves(plan, context, figures)
        self.metrics = Metrics(self)
        self.splits = Splits(self)
        self._seen: set[tuple[str, str, int, str]] = set()
        self._depth = 0

    def name(self, name: str, view: View, kinds: str = PLAIN) -> Node:
        """The node of a concept, metric or parameter as it is seen from `view`."""
        if name in self.plan.parameters:
            return self.parameter(name)
        if view.place < 0:
            return self.leaves.missing(name, view.label, view.role, ())
        key = (name, view.frame, view.place, kinds)
        if key in self._seen:
            return self._again(name, view, kinds)
        if self._depth >= MAX_DEPTH:
            words = say(self.language, "worked out in an explanation of its own")
            return self._again(name, view, kinds)._replace(notes=(words,))
        self._seen.add(key)
        self._depth += 1
        metric = self.plan.metrics.get(name)
        if metric is not None and kinds != ONLY_GUIDANCE:
            node = self.metrics.node(metric, view, kinds)
        else:
            node = self._concept(name, view, kinds)
        self._depth -= 1
        return node

    def parameter(self, name: str) -> Node:
        """A parameter with its value on the day and where it is set."""
        parameter = self.plan.parameters[name]
        known = any(day <= self.context.day for day, _ in parameter.values)
        value = self.substitute.parameter(name) if known else None
        lacking = say(self.language, "a value of the parameter {name}", name=name)
        state = "assumed" if name in self.assumed else "parameter" if known else "missing"
        return Node(
            "parameter",
            name,
            parameter.title.text(self.language),
            state,
            value=value,
            place=place_of(parameter.node),
            missing=() if known else (Missing("parameter", name, None, None, ""),),
            needs=() if known else (lacking,),
            notes=(parameter.reference,) if parameter.reference else (),
        )

    def condition(self, formula: Formula, view: View, style: str = "percent") -> Node:
        """A condition with its numbers put in, whether it holds, and what it reads."""
        cell = self.row(formula, view, BOUNDS)
        missing = sort_missing(Missing(*cause) for cause in cell.causes)
        known = cell.truth is not None
        return Node(
            "condition",
            "",
            "",
            "computed" if known else "missing",
            self.views.label(view),
            truth=cell.truth,
            formula=written(formula),
            steps=self.substitute.steps(formula, view, style),
            place=place_of(formula.node),
            missing=() if known else missing,
            needs=() if known else in_words(missing, self.language),
            notes=self.substitute.margins(formula, view, style),
            children=self.children(formula, view),
        )

    def children(self, formula: Formula, view: View) -> tuple[Node, ...]:
        """What a formula reads, each once, in its order."""
        first: dict[Any, Read] = {}
        for read in self.views.reads(formula.tree, view):
            key = (read.what, read.name, read.view[:2], read.view.label, read.kinds, read.details)
            first.setdefault(key, read)
        return tuple(self._read(read) for read in first.values())

    def _read(self, read: Read) -> Node:
        if read.what == "name":
            node = self.name(read.name, read.view, read.kinds)
            roles = [read.view.role, "" if read.kinds == PLAIN else read.kinds]
            words = [reworded(self.language, role) for role in roles if role]
            return node._replace(role=say(self.language, ", ").join(words))
        return self.splits.node(read)

    def _again(self, name: str, view: View, kinds: str) -> Node:
        """A name that is worked out above; of a fact its evidence, so that it can be pointed at."""
        cell = self.substitute.cell(name, view, kinds, BOUNDS)
        state, period = "computed" if cell.low is not None else "missing", self.views.label(view)
        missing = sort_missing(Missing(*cause) for cause in cell.causes)
        evidence: tuple[Evidence, ...] = ()
        entry = self.context.entries(name, view.frame, kinds)[view.place]
        if isinstance(entry, Fact) and cell.entries == {entry}:
            leaf = self.leaves.fact(entry)
            evidence, state, period = leaf.evidence[:1], leaf.state, leaf.period
        return Node(
            "seen",
            name,
            title_of(self.plan, name, self.language),
            state,
            period,
            value=self.substitute.named(name, view, kinds),
            place=self.place(name),
            missing=() if cell.low is not None else missing,
            needs=() if cell.low is not None else in_words(missing, self.language),
            evidence=evidence,
        )

    def _concept(self, name: str, view: View, kinds: str) -> Node:
        """What is stated, or the formula that fills the gap: as `Context` has it."""
        evaluator = self.context.evaluator(view.frame, BOUNDS)
        entry = self.context.entries(name, view.frame, kinds)[view.place]
        first = evaluator.absent(name, view.place) if entry is None else evaluator.cell_of(entry)
        row = [first]
        wanted = None if kinds == PLAIN else _CODES[kinds]
        chosen: Formula | None = None
        gap = entry is None or (wanted is None and entry.kind != ACTUAL)
        if gap and kinds != ONLY_GUIDANCE:
            for formula in self.plan.derived.get(name, ()):
                before = row[0]
                fill_cells(row, [self.row(formula, view, BOUNDS)], [0], wanted)
                if row[0] is not before:
                    chosen = formula
        if chosen is None:
            if entry is None:
                return self._absent(name, view)
            return self.entry(name, entry)._replace(beside=self._contradicting(name, view, entry))
        node = self.by_formula(name, "concept", chosen, view, row[0], kinds)
        if row[0].low is not None:
            node = node._replace(state="derived")
            if entry is not None:
                node = node._replace(beside=(self.stated_beside(name, entry, node.value),))
        return node

    def entry(self, name: str, entry: Entry) -> Node:
        """What is stated, or summed from what is."""
        if isinstance(entry, Fact):
            return self.leaves.fact(entry)
        return self.leaves.sum(name, entry)

    def _absent(self, name: str, view: View) -> Node:
        """A concept that nobody states, with the formulas that would derive it."""
        node = self.leaves.missing(name, self.views.label(view), "", ())
        notes = []
        for formula in self.plan.derived.get(name, ()):
            causes = self.row(formula, view, BOUNDS).causes
            needs = in_words({Missing(*cause) for cause in causes}, self.language)
            words = "or, by {formula}: {needs}"
            listed = say(self.language, ", ").join(needs)
            notes.append(say(self.language, words, formula=written(formula), needs=listed))
        return node._replace(notes=tuple(notes), place=self.place(name))

    def _contradicting(self, name: str, view: View, entry: Entry) -> tuple[Beside, ...]:
        """What other stated figures make of a stated concept, where that cannot be it."""
        found: list[Beside] = []
        for formula in self.plan.derived.get(name, ()):
            cell, printed = self.row(formula, view, BOUNDS), self.row(formula, view, PRINTED)
            if cell.point is None or printed.low is None or printed.high is None:
                continue
            if (printed.low > entry.high or printed.high < entry.low) and cell.kind == entry.kind:
                unit, style = unit_and_style(self.plan, name)
                value = self.substitute.value(cell, unit, style, printed)
                if value is not None and value.shown not in [b.value.shown for b in found]:
                    gap = self.gap(None if entry.value is None else cell.point - entry.value, value)
                    found.append(Beside("derived", value, gap, None, False, written(formula)))
        return tuple(found)

    # What concepts and metrics have in common.

    def by_formula(
        self,
        name: str,
        kind: str,
        formula: Formula,
        view: View,
        cell: Cell,
        kinds: str,
        style: str = "percent",
    ) -> Node:
        """The node of a name that `formula` gives, or would give."""
        known = cell.low is not None
        missing = sort_missing(Missing(*cause) for cause in cell.causes)
        suffix = kind_suffix(cell.kind) if known else ""
        state = "computed" if known else "missing"
        if known and cell.assumed:
            state = "assumed"
        return Node(
            kind,
            name,
            title_of(self.plan, name, self.language),
            state,
            (self.views.label(view) or "") + suffix,
            value=self.substitute.named(name, view, kinds),
            formula=written(formula),
            steps=self.substitute.steps(formula, view, style),
            place=place_of(formula.node),
            actuality=KIND_NAMES[cell.kind] if cell.kind >= 0 else None,
            missing=() if known else missing,
            needs=() if known else in_words(missing, self.language),
            children=self.children(formula, view),
        )

    def stated_beside(self, name: str, entry: Entry, value: Value | None) -> Beside:
        """What is stated of a value that is computed."""
        unit, style = unit_and_style(self.plan, name)
        if isinstance(entry, Fact):
            shown = self.figures.stated(entry, unit, style)
            evidence = self.leaves.evidence(entry)[0]
        else:
            ends = (entry.low, entry.high)
            shown = self.figures.computed(entry.value, *ends, unit, style, ends)
            evidence = None
        gap = None
        if value is not None and value.value is not None and entry.value is not None:
            gap = entry.value - value.value
        return Beside("stated", shown, self.gap(gap, shown), evidence, meets(value, shown))

    def gap(self, gap: float | None, like: Value) -> Value | None:
        """A difference in words, in the unit of `like`."""
        return None if gap is None else self.figures.difference(gap, like, like.unit, like.style)

    def row(self, formula: Formula, view: View, mode: str) -> Cell:
        """The value of a formula at `view`."""
        cells: list[Cell] = self.context.evaluator(view.frame, mode).row(formula)
        return cells[view.place]

    def place(self, name: str) -> Place | None:
        """Where a metric or concept is defined."""
        metric = self.plan.metrics.get(name)
        if metric is not None:
            return place_of(metric.definition.node)
        concept = self.plan.vocabulary.concepts.get(name)
        return place_of(concept.node) if concept is not None else None

    def limit(self, limit: str) -> str:
        """A limit as it is written, a parameter as its value."""
        return limit_text(self.plan, limit, self.context.day)
