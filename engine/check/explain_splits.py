"""Nodes of what formulas ask besides names: breakdowns, parts of periods, words, rules, rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddcheck.engine.check.explain_evidence import in_words, place_of, sort_missing
from ddcheck.engine.check.parts import part_unit
from ddcheck.engine.check.requests import title_of
from ddcheck.engine.check.views import Read, called
from ddcheck.engine.language.cells import Cause, Cell
from ddcheck.engine.language.evaluate import BOUNDS, PRINTED
from ddcheck.engine.language.functions import FRAME_MONTHS
from ddcheck.engine.language.rates import rates_into
from ddcheck.engine.model.company import Breakdown, Fact
from ddcheck.engine.model.explanation import Node, Value
from ddcheck.engine.model.finding import Missing
from ddcheck.engine.model.ledger import PLAIN
from ddcheck.engine.model.periods import KIND_NAMES
from ddcheck.engine.model.sums import Sum
from ddcheck.engine.text.translate import reworded, say

if TYPE_CHECKING:
    from ddcheck.engine.check.explain_tree import Tree


class Splits:
    """Builds the nodes of calls that read more than a name; part of a tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.context = tree.context
        self.language = tree.language

    def node(self, read: Read) -> Node:
        """The node of one such read."""
        make = {
            "split": self._split, "parts": self._parts, "said": self._said,
            "marks": self._marks, "rule": self._rule, "rate": self._rate,
        }[read.what]  # fmt: skip
        node = make(read)
        return node if node.role else node._replace(role=reworded(self.language, read.view.role))

    def _split(self, read: Read) -> Node:
        """A breakdown at the period asked for, with its parts; or the scoped facts themselves."""
        view, name = read.view, read.name
        assert read.call is not None
        by, detail = str(read.details[0]), read.details[1] if len(read.details) > 1 else None
        scope = f"{by} {detail}" if isinstance(detail, str) else by
        label = self.tree.views.label(view)
        if view.place < 0:
            return self.tree.leaves.missing(name, label, view.role, ())
        if called(read.call) == "scoped" and isinstance(detail, str):
            entry = self.context.entries(name, view.frame, PLAIN, (by, detail))[view.place]
            if isinstance(entry, Fact):
                return self.tree.leaves.fact(entry)
            if isinstance(entry, Sum):
                return self.tree.leaves.sum(name, entry)
        breakdown = self.context.breakdown(
            name, by, self.context.axis(view.frame).periods[view.place]
        )
        cell = self.tree.views.cell(read.call, view)
        if breakdown is None:
            causes = cell.causes or frozenset((Cause("fact", name, label, scope, ""),))
            return self.tree.leaves.missing(name, label, "", causes, scope=f" {scope}")
        return self._breakdown(read, breakdown, cell, scope)

    def _breakdown(self, read: Read, breakdown: Breakdown, cell: Cell, scope: str) -> Node:
        assert read.call is not None
        view, name = read.view, read.name
        parts = [self.tree.leaves.fact(fact) for fact in breakdown.parts]
        amounts = not any(fact.share for fact in breakdown.parts)
        if amounts or part_unit(read.call, self.tree.plan) != "ratio":
            parts.append(self.tree.name(name, view))
        words = [
            say(self.language, "these are all of them")
            if breakdown.complete
            else say(self.language, "the source may leave some out")
        ]
        if breakdown.ranked:
            words.append(say(self.language, "these are the largest, in order"))
        missing = sort_missing(Missing(*cause) for cause in cell.causes)
        known = cell.low is not None
        arguments = ", ".join(
            f'"{value}"' if isinstance(value, str) else str(value) for value in read.details
        )
        return Node(
            "breakdown",
            name,
            f"{title_of(self.tree.plan, name, self.language)} {scope}",
            "computed" if known else "missing",
            self.tree.views.label(view),
            value=self._value(read, cell),
            formula=f"{called(read.call)}({name}, {arguments})",
            place=place_of(breakdown.parts[0].node) if breakdown.parts else None,
            actuality=KIND_NAMES[breakdown.kind],
            missing=() if known else missing,
            needs=() if known else in_words(missing, self.language),
            notes=tuple(words),
            children=tuple(parts),
        )

    def _value(self, read: Read, cell: Cell) -> Value | None:
        assert read.call is not None
        unit = part_unit(read.call, self.tree.plan)
        printed = self.tree.views.cell(read.call, read.view, PRINTED)
        return self.tree.substitute.value(cell, unit, "percent", printed)

    def _parts(self, read: Read) -> Node:
        """A flow as the sum of its stated quarters, halves or months."""
        view, name, frame = read.view, read.name, str(read.details[0])
        label = self.tree.views.label(view)
        role = {"quarter": "its quarters", "half": "its halves", "month": "its months"}[frame]
        if view.place < 0:
            return self.tree.leaves.missing(name, label, view.role, ())
        period = self.context.axis(view.frame).periods[view.place]
        length = FRAME_MONTHS[frame]
        if period.months <= length or period.months % length:
            words = frozenset((Cause("frame", name, label, None, "not made of such parts"),))
            return self.tree.leaves.missing(name, label, role, words)
        parts = self.context.ledger.parts(name, frame, period)
        known = [part for part in parts if isinstance(part, Fact)]
        if len(known) == len(parts):
            entry = Sum(tuple((1, fact) for fact in known), period)
            return self.tree.leaves.sum(name, entry, role)
        calendar = self.context.ledger.calendar
        children = []
        for i, part in enumerate(parts):
            if isinstance(part, Fact):
                children.append(self.tree.leaves.fact(part, "", "+"))
                continue
            gap = calendar.view(frame, period.start + i * length, length).label
            children.append(self.tree.leaves.missing(name, gap, "", ())._replace(sign="+"))
        gaps = tuple(f"{name} {child.period}" for child in children if child.kind == "missing")
        return Node(
            "sum", name, title_of(self.tree.plan, name, self.language), "missing", label,
            reworded(self.language, role), needs=gaps, children=tuple(children),
            missing=tuple(
                Missing("fact", name, child.period, None, "")
                for child in children if child.kind == "missing"
            ),
        )  # fmt: skip

    def _said(self, read: Read) -> Node:
        """A word that a source uses of something, or that none does."""
        view, word = read.view, str(read.details[0])
        label = self.tree.views.label(view)
        title = title_of(self.tree.plan, read.name, self.language)
        period = self.context.axis(view.frame).periods[view.place] if view.place >= 0 else None
        found = None
        for event in self.context.ledger.said(read.name, word):
            over = event.over
            if over is None or period is None or over.end != period.end:
                continue
            if over.months >= period.months:
                found = event
                break
        formula = f'said({read.name}, "{word}")'
        if found is None:
            words = say(self.language, "no source says so of a span that ends here")
            return Node(
                "event", read.name, title, "stated", label, truth=False, formula=formula,
                notes=(words,),
            )  # fmt: skip
        quoted = (found.text,) if found.text else ()
        return Node(
            "event", read.name, title, "stated", found.over.label if found.over else label,
            truth=True, formula=formula, place=place_of(found.node), notes=quoted, event=found,
        )  # fmt: skip

    def _marks(self, read: Read) -> Node:
        """How many figures bear a mark, over the whole file, with every statement of them."""
        view, mark = read.view, read.name
        names = tuple(str(name) for name in read.details)
        assert read.call is not None
        cell = self.tree.views.cell(read.call, view)
        missing = sort_missing(Missing(*cause) for cause in cell.causes)
        known = cell.low is not None
        facts = [fact for figure in self.context.marked(mark, names) for fact in figure]
        listed = ", ".join([f'"{mark}"', *names])
        places = [place_of(fact.node) for fact in facts[:1]]
        return Node(
            "marks",
            mark,
            say(self.language, "figures marked {mark}", mark=mark),
            "computed" if known else "missing",
            self.tree.views.label(view),
            value=self._value(read, cell),
            formula=f"facts({listed})",
            place=places[0] if places else None,
            missing=() if known else missing,
            needs=() if known else in_words(missing, self.language),
            children=tuple(self.tree.leaves.fact(fact) for fact in facts),
        )

    def _rule(self, read: Read) -> Node:
        """Whether another rule's mildest condition holds."""
        rule = self.tree.plan.rules[read.name]
        evaluator = self.context.evaluator(read.view.frame, BOUNDS)
        cells: list[Cell] = evaluator.a.cells(self.context.rule_truth(read.name, evaluator))
        cell = cells[read.view.place]
        conditions = [rule.steps[0].condition]
        if rule.applies_when is not None:
            conditions.insert(0, rule.applies_when)
        missing = sort_missing(Missing(*cause) for cause in cell.causes)
        unknown = cell.truth is None
        return Node(
            "rule", read.name, rule.definition.title.text(self.language),
            "missing" if unknown else "computed", self.tree.views.label(read.view),
            truth=cell.truth, place=place_of(rule.definition.node),
            missing=missing if unknown else (),
            needs=in_words(missing, self.language) if unknown else (),
            children=tuple(self.tree.condition(formula, read.view) for formula in conditions),
        )  # fmt: skip

    def _rate(self, read: Read) -> Node:
        """The exchange rate of a period."""
        view, currency = read.view, str(read.details[0])
        assert read.call is not None
        label = self.tree.views.label(view)
        if view.place >= 0:
            axis = self.context.axis(view.frame)
            rates = rates_into(
                self.context.ledger, currency, axis, flow=read.call.flow, printed=False
            )
            cell = rates[view.place]
            for entry in cell.entries if cell is not None else ():
                if isinstance(entry, Fact):
                    return self.tree.leaves.fact(entry)._replace(kind="rate")
        return self.tree.leaves.missing(read.name, label, "", ())
