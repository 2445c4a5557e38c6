"""Explaining one metric or rule: its formula, the numbers put in, and where they stand."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.check.evaluate import limit_text, unit_and_style
from ddcheck.engine.check.judge import Judge, in_order
from ddcheck.engine.check.measure import choose_ladder, measure_metric
from ddcheck.engine.check.substitute import Substitute
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.evaluate import BOUNDS, PRINTED
from ddcheck.engine.model.company import Company, Fact
from ddcheck.engine.model.evaluation import UNKNOWN
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.ledger import Ledger, entry_facts
from ddcheck.engine.model.periods import Period, kind_suffix
from ddcheck.engine.model.plan import Metric, Plan, Rule
from ddcheck.engine.model.wording import value_text


class Step(NamedTuple):
    """One formula worked out: as written, with the numbers put in, and what it comes to."""

    heading: str
    formula: str
    filled: str
    result: str


class Input(NamedTuple):
    """A stated fact that went in."""

    name: str
    period: str
    text: str
    source: str
    at: str | None
    place: str
    note: str


class Explanation(NamedTuple):
    """A metric, rule or concept worked out for one company."""

    id: str
    title: str
    place: str
    why: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    inputs: tuple[Input, ...]
    history: tuple[tuple[str, str, str], ...]
    reference: str | None


def explain(
    plan: Plan,
    company: Company,
    ident: str,
    *,
    today: int,
    as_of: int | None = None,
    period: Period | None = None,
) -> Explanation:
    """How `ident` comes to its value or verdict, at `period` or where it is judged.

    Numbers stand in the units of the first screen: money in millions of the company's currency.
    """
    ledger = Ledger(company, as_of)
    day = period.end if period is not None else as_of if as_of is not None else ledger.newest
    limit = day if day is not None else today
    judge = Judge(Context(plan, ledger, limit), limit)
    explainer = _Explainer(plan, judge, company, period)
    if ident in plan.rules:
        return explainer.rule(plan.rules[ident])
    if ident in plan.metrics:
        return explainer.metric(plan.metrics[ident])
    return explainer.concept(ident)


class _Explainer:
    def __init__(self, plan: Plan, judge: Judge, company: Company, period: Period | None) -> None:
        self.plan = plan
        self.judge = judge
        self.context = judge.context
        self.company = company
        self.period = period
        self.substitute = Substitute(plan, judge.context)

    def rule(self, rule: Rule) -> Explanation:
        """The rule's verdict and every condition of its ladder."""
        definition = rule.definition
        verdict = self.judge.verdict(rule)
        frame, place = verdict.frame, verdict.place
        if place < 0:
            place = verdict.open_place if verdict.open_place >= 0 else self.judge.newest(frame)
        outcome = verdict.outcome
        if outcome == "flag":
            outcome = "holds" if definition.strength else f"flag, {verdict.severity}"
        facts = [("verdict", outcome)]
        if verdict.last is not None:
            last = verdict.last
            age = f"older than {definition.stale_after} months: stale"
            facts.append(("last", f"{last.outcome} at {last.period}, {age}"))
        if verdict.outcome == UNKNOWN:
            wanted = [_cause_words(*missing) for missing in self.judge.missing(verdict)]
            facts.append(("needs", ", ".join(wanted)))
        if place >= 0:
            facts.append(("period", self._label(frame, place)))
        if verdict.place >= 0:
            proven = (
                "proven by the printed digits" if self.judge.firm(verdict) else "not shown firm"
            )
            facts.append(("firm", proven))
        steps = []
        if rule.applies_when is not None and place >= 0:
            steps.append(self._step("applies when", rule.applies_when, frame, place))
        for step in rule.steps:
            heading = (
                "when"
                if definition.when is not None
                else f"{step.name}: limit {self._limit(step.limit)}"
            )
            if place >= 0:
                steps.append(self._step(heading, step.condition, frame, place))
        inner = self._inner(
            {name for step in rule.steps for name in step.condition.names}, frame, place
        )
        evidence = self.judge.evidence(verdict)
        return Explanation(
            rule.id,
            definition.title.en,
            self._place(definition.node),
            (definition.why.en,) if definition.why else (),
            tuple(facts),
            (*steps, *inner),
            self._inputs(evidence),
            (),
            definition.reference,
        )

    def metric(self, metric: Metric) -> Explanation:
        """The metric's value at the period asked for, or at its latest, and its history."""
        definition = metric.definition
        frame = self._frame(definition.frame)
        if frame != definition.frame:
            metric = metric._replace(definition=definition._replace(frame=frame))
        result = measure_metric(metric, self.judge, graded=True)
        axis = self.context.axis(frame)
        place = self._asked(frame)
        if place < 0 and result.latest is not None:
            place = axis.periods.index(result.latest.period)
        if place < 0:
            place = self.judge.newest(frame)
        unit, style = unit_and_style(self.plan, metric.id)
        facts = [("state", result.state)]
        if result.letter is not None and self._asked(frame) < 0:
            facts.append(("grade", result.letter))
        ladder = choose_ladder(metric, self.company.tags)
        if ladder is not None:
            steps = ", ".join(f"{s.name} {self._limit(s.limit)}" for s in ladder.steps)
            facts.append(("ladder", steps))
        steps_out: list[Step] = []
        cell: Cell | None = None
        if place >= 0:
            cell = self._named(metric.id, frame, place)
            steps_out += [
                self._step(f"at {self._label(frame, place)}", formula, frame, place, unit, style)
                for formula in metric.formulas
            ]
            if cell.stated:
                facts.append(("stated", "as a source prints it, not computed"))
            names = {name for formula in metric.formulas for name in formula.names}
            steps_out += self._inner(names, frame, place)
        history = tuple(
            (
                value.label,
                value_text(value.value, unit, style, value.low, value.high),
                (value.missing and f"missing: {value.missing}")
                or _note(value.derived, stated=value.stated),
            )
            for value in result.own_values
        )
        entries = cell.entries if cell is not None else frozenset()
        found = {fact for entry in entries for fact in entry_facts(entry)}
        return Explanation(
            metric.id,
            definition.title.en,
            self._place(definition.node),
            (definition.why.en,) if definition.why else (),
            tuple(facts),
            tuple(steps_out),
            self._inputs(in_order(found)),
            history,
            definition.reference,
        )

    def concept(self, name: str) -> Explanation:
        """Every fact of a concept, and the formulas that derive it."""
        concept = self.plan.vocabulary.concepts[name]
        facts = tuple(f for f in self.context.ledger.facts if f.concept == name)
        derive = tuple(formula.text for formula in self.plan.derived.get(name, ()))
        shown = [("unit", concept.unit_name), ("time", concept.time)]
        shown += [("derived", text) for text in derive]
        return Explanation(
            name, concept.label.en, self._place(concept.node), (), tuple(shown), (),
            self._inputs(facts), (), None,
        )  # fmt: skip

    def _frame(self, default: str) -> str:
        """The frame of the period asked for, where the metric exists in it."""
        return self.period.frame if self.period is not None else default

    def _asked(self, frame: str) -> int:
        if self.period is None:
            return -1
        axis = self.context.axis(frame)
        wanted = (self.period.start, self.period.months, self.period.end)
        return next(
            (i for i, p in enumerate(axis.periods) if (p.start, p.months, p.end) == wanted), -1
        )

    def _label(self, frame: str, place: int) -> str:
        return self.context.axis(frame).periods[place].label

    def _place(self, node: object) -> str:
        from ddcheck.engine.text.document import Scalar

        assert isinstance(node, Scalar)
        return f"{node.source.path}:{node.line}"

    def _limit(self, limit: str) -> str:
        return limit_text(self.plan, limit, self.context.day)

    def _named(self, name: str, frame: str, place: int, mode: str = BOUNDS) -> Cell:
        evaluator = self.context.evaluator(frame, mode)
        cells: list[Cell] = evaluator.a.cells(self.context.named(name, evaluator))
        return cells[place]

    def _inner(self, names: set[str], frame: str, place: int) -> list[Step]:
        """The formulas of the metrics that a formula names, worked out at the same place."""
        steps = []
        for name in sorted(names):
            metric = self.plan.metrics.get(name)
            if metric is None or place < 0:
                continue
            unit, style = unit_and_style(self.plan, name)
            heading = f"{name} at {self._label(frame, place)}"
            steps += [
                self._step(heading, formula, frame, place, unit, style)
                for formula in metric.formulas
            ]
        return steps

    def _step(
        self, heading: str, formula: Formula, frame: str, place: int,
        unit: str | None = None, style: str = "percent",
    ) -> Step:  # fmt: skip
        bounds: Cell = self.context.evaluator(frame, BOUNDS).row(formula)[place]
        printed: Cell = self.context.evaluator(frame, PRINTED).row(formula)[place]
        if formula.measure.truth:
            words = {True: "true", False: "false", None: "unknown"}
            result = words[bounds.truth]
            if bounds.truth is None:
                result += self._because(bounds)
        elif bounds.low is None:
            result = f"missing{self._because(bounds)}"
        else:
            unit = unit or _unit_of(formula)
            result = value_text(bounds.point, unit, style, bounds.low, bounds.high)
            if printed.low != printed.high and printed.low is not None and bounds.point is not None:
                ends = value_text(None, unit, style, printed.low, printed.high)
                if ".." in ends and len(set(ends.split(".."))) > 1:
                    result += f"   ({ends} by the printed digits)"
        return Step(
            heading,
            " ".join(formula.text.split()),
            self.substitute.filled(formula, frame, place),
            result,
        )

    def _because(self, cell: Cell) -> str:
        words = sorted(_cause_words(*cause) for cause in cell.causes)
        return f": {', '.join(words)}" if words else ""

    def _inputs(self, facts: tuple[Fact, ...]) -> tuple[Input, ...]:
        ledger = self.context.ledger
        found = []
        for fact in facts:
            others = [other for other in ledger.candidates(fact) if other is not fact]
            note = ""
            if not ledger.is_chosen(fact):
                note = "   (not chosen)"
            elif others:
                stated = ", ".join(f"{other.text} [{other.source}]" for other in others)
                note = f"   (also stated: {stated})"
            scope = f" {fact.scope[1]}" if fact.scope else ""
            found.append(
                Input(
                    f"{fact.concept}{scope}",
                    fact.period.label + kind_suffix(fact.kind),
                    f"{fact.text}" if any(c.isalpha() or c in "%$¥" for c in fact.text)
                    else f"{fact.text} ({_base(fact)})",
                    fact.source,
                    fact.at,
                    f"{self.company.path}:{fact.node.line}:{fact.node.column}",
                    note,
                )
            )  # fmt: skip
        return tuple(found)


def _cause_words(kind: str, name: str, period: str | None, scope: str | None, reason: str) -> str:
    """Why something is open, in words; a bound or range shows its ends where it is put in."""
    if kind == "bounded":
        about = " ".join(part for part in (name, period) if part)
        return f"{about} is known as a bound or range only" if name else "the range leaves it open"
    return " ".join(part for part in (reason, name, period, scope) if part)


def _base(fact: Fact) -> str:
    return value_text(
        fact.value, "money" if fact.unit.isupper() else fact.unit, "percent", fact.low, fact.high
    )


def _unit_of(formula: Formula) -> str:
    from ddcheck.engine.model.units import unit_name

    return unit_name(formula.measure.unit)


def _note(derived: bool, *, stated: bool) -> str:
    return "stated" if stated else "derived" if derived else ""
