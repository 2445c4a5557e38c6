"""The node of a metric: the formula that counts, why earlier ones do not, and what is stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddcheck.engine.check.explain_evidence import in_words, meets, place_of, sort_missing, written
from ddcheck.engine.check.showing import unit_and_style
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import BOUNDS, PRINTED
from ddcheck.engine.model.explanation import Beside, Node, Value
from ddcheck.engine.model.finding import Missing
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.ledger import PLAIN
from ddcheck.engine.model.periods import KIND_NAMES
from ddcheck.engine.model.plan import Metric
from ddcheck.engine.text.translate import say

if TYPE_CHECKING:
    from ddcheck.engine.check.explain_tree import Tree
    from ddcheck.engine.check.views import View

_Worked = list[tuple[Formula, Cell]]


class Metrics:
    """Builds the nodes of metrics; part of a tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.context = tree.context
        self.language = tree.language

    def node(self, metric: Metric, view: View, kinds: str) -> Node:
        """How the metric comes to its value at `view`; what it lacks where it has none."""
        tree, name = self.tree, metric.id
        if metric.applies_when is not None:
            applies = tree.row(metric.applies_when, view, BOUNDS)
            if applies.truth is not True:
                return self._outside(metric, view, applies)
        cell = tree.substitute.cell(name, view, kinds, BOUNDS)
        entry = self.context.entries(name, view.frame, PLAIN)[view.place]
        cells = [(formula, tree.row(formula, view, BOUNDS)) for formula in metric.formulas]
        known = next(((f, c) for f, c in cells if c.low is not None), None)
        if cell.stated and entry is not None:
            node = tree.entry(name, entry)
            if known is None:
                words = "to compute it by {formula}, {needs} would be needed"
                return node._replace(notes=self._unused(cells, words))
            return node._replace(beside=(self._computed_beside(metric, view, known, node.value),))
        if known is None and cell.low is not None and metric.between:
            return self._between(metric, view, cell, cells)
        if known is None:
            return self._unknown(metric, view, cells, cell)
        style = unit_and_style(tree.plan, name)[1]
        node = tree.by_formula(name, "metric", known[0], view, cell, kinds, style)
        node = node._replace(notes=self._unused(cells[: cells.index(known)]))
        if entry is not None and cell.low is not None:
            node = node._replace(beside=(tree.stated_beside(name, entry, node.value),))
        return node

    def _outside(self, metric: Metric, view: View, applies: Cell) -> Node:
        """A metric that does not apply, or of which that is not known."""
        assert metric.applies_when is not None
        condition = self.tree.condition(metric.applies_when, view)
        otherwise = metric.definition.otherwise
        words = say(self.language, "applies only when {formula}", formula=condition.formula)
        notes = [words]
        if applies.truth is False and otherwise is not None:
            letter, label = otherwise
            note = label.text(self.language) if label is not None else ""
            if letter is not None:
                words = "counts as {letter}: {note}" if note else "counts as {letter}"
                notes.append(say(self.language, words, letter=letter, note=note))
            elif note:
                notes.append(note)
        return Node(
            "metric",
            metric.id,
            metric.definition.title.text(self.language),
            "not-applicable" if applies.truth is False else "missing",
            self.tree.views.label(view),
            formula=written(metric.formulas[0]) if metric.formulas else None,
            place=place_of(metric.definition.node),
            missing=condition.missing,
            needs=condition.needs,
            notes=tuple(notes),
            children=(condition,),
        )

    def _between(self, metric: Metric, view: View, cell: Cell, cells: _Worked) -> Node:
        """A metric that is known only to lie between two formulas."""
        low, high = metric.between
        tree, words = self.tree, "between {low} and {high}"
        style = unit_and_style(tree.plan, metric.id)[1]
        first, last = (
            (tree.substitute.steps(f, view, style) or (written(f),))[0] for f in metric.between
        )
        return Node(
            "metric",
            metric.id,
            metric.definition.title.text(self.language),
            "computed",
            tree.views.label(view),
            value=tree.substitute.named(metric.id, view),
            formula=say(self.language, words, low=written(low), high=written(high)),
            steps=(say(self.language, words, low=first, high=last),),
            place=place_of(low.node),
            actuality=KIND_NAMES[cell.kind] if cell.kind >= 0 else None,
            notes=self._unused(cells),
            children=tree.children(low, view) + tree.children(high, view),
        )

    def _unknown(self, metric: Metric, view: View, cells: _Worked, cell: Cell) -> Node:
        """A metric without a value: its nearest formula, what it lacks, and what else would do."""
        tree = self.tree
        begun = next((f for f, c in cells if c.entries), None)
        begun = begun or next((f for f, _ in cells), None)
        label = tree.views.label(view)
        if begun is None:
            node = tree.leaves.missing(metric.id, label, "", cell.causes)
            return node._replace(place=place_of(metric.definition.node))
        style = unit_and_style(tree.plan, metric.id)[1]
        node = tree.by_formula(metric.id, "metric", begun, view, cell, PLAIN, style)
        words = "or {name} itself, stated for {period}"
        stated = say(self.language, words, name=metric.id, period=label)
        causes = tree.row(begun, view, BOUNDS).causes or cell.causes
        missing = sort_missing(Missing(*cause) for cause in causes)
        others = self._unused([(f, c) for f, c in cells if f is not begun])
        return node._replace(
            missing=missing, needs=in_words(missing, self.language), notes=(*others, stated)
        )

    def _unused(
        self, cells: _Worked, words: str = "not by {formula}: {needs} missing"
    ) -> tuple[str, ...]:
        """Why formulas that might have counted do not."""
        notes = []
        for formula, cell in cells:
            if cell.low is None:
                needs = in_words({Missing(*cause) for cause in cell.causes}, self.language)
                listed = say(self.language, ", ").join(needs)
                notes.append(say(self.language, words, formula=written(formula), needs=listed))
        return tuple(notes)

    def _computed_beside(
        self, metric: Metric, view: View, computed: tuple[Formula, Cell], value: Value | None
    ) -> Beside:
        """What a formula makes of a metric of which the stated value counts."""
        formula, cell = computed
        unit, style = unit_and_style(self.tree.plan, metric.id)
        printed = self.tree.row(formula, view, PRINTED)
        shown = self.tree.substitute.value(cell, unit, style, printed)
        assert shown is not None
        gap = None
        if cell.point is not None and value is not None and value.value is not None:
            gap = cell.point - value.value
        gap_shown = self.tree.gap(gap, shown)
        return Beside("computed", shown, gap_shown, None, meets(value, shown), written(formula))
