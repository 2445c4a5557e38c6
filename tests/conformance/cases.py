"""Reading and running conformance cases: a formula, what is stated, and what it comes to.

A case is a company of its own, built from `given`, and one formula evaluated on it by every engine.
What a case may say stands at the head of `arithmetic.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.judge import Judge
from ddcheck.engine.language.cells import Cause, Cell
from ddcheck.engine.language.check import check_formula
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.evaluate import BOUNDS, POINTS, PRINTED
from ddcheck.engine.language.scope import Named, Scope
from ddcheck.engine.model.company import Breakdown, Company, Document, Event, Fact
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.periods import KIND_NAMES, Calendar
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.reader import Reader
from ddcheck.engine.model.units import Measure, concept_measure, unit_name
from ddcheck.engine.model.vocabulary import Term
from ddcheck.engine.text.diagnostics import Report, render
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.quantity import parse_quantity
from ddcheck.engine.text.shape import Label
from ddcheck.engine.text.source import Source
from ddcheck.engine.text.words import UnitText

HERE = Path(__file__).parent
#: The period at which a case's value stands, and the last of a list, unless the case says so.
NOW = "FY2024"
_EMPTY: frozenset[str] = frozenset()
_SCOPED = re.compile(r"(?P<name>\w+) \((?P<by>\w+) (?P<member>[^)]+)\)\Z")
_CASE_KEYS = {
    "name", "formula", "given", "periods", "at", "frame", "expect", "params", "day", "currency",
    "fiscal_year_end", "breakdowns", "said", "exists", "sources", "as_of",
}  # fmt: skip


class Result(NamedTuple):
    """What a formula comes to at one period, whole.

    `value` is a number or truth, None where missing, unknown or only known between `low` and
    `high` (the ends by the printed digits); `kind` is `none` where no fact of the period itself
    stands behind it.
    """

    value: float | bool | None
    kind: str
    between: tuple[float, float] | None
    low: float | bool | None
    high: float | bool | None
    causes: frozenset[str]
    assumed: bool


def read(name: str, key: str) -> list[dict[str, Any]]:
    """The entries under `key` of one file; every scalar is the text that stands there."""
    root = yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert root["ddcheck"] == "conformance/1", name
    return root.get(key) or []


def files() -> list[str]:
    """The names of the files with cases."""
    return sorted(path.name for path in HERE.glob("*.yaml"))


def load_plan() -> Plan:
    """The plan of the cases' own pack."""
    report = Report()
    plan = compile_packs(load_packs((str(HERE / "pack"),), report), report)
    assert not report.items, render(report)
    return plan


def scope_of(plan: Plan) -> Scope:
    """What a formula outside of the pack may name."""

    def resolve(name: str) -> Named | None:
        if name in plan.parameters:
            return Named("parameter", Measure(plan.parameters[name].unit), _EMPTY, _EMPTY, _EMPTY)
        if name in plan.metrics:
            metric = plan.metrics[name]
            return Named("metric", metric.measure, metric.leaves, metric.calls, _EMPTY)
        concept = plan.vocabulary.concepts.get(name)
        if concept is None:
            return None
        calls = _EMPTY.union(*(formula.calls for formula in plan.derived.get(name, ())))
        measure = concept_measure(concept.unit, concept.time)
        return Named("concept", measure, plan.reach[name], calls, _EMPTY)

    def rule(name: str) -> Named | None:
        found = plan.rules.get(name)
        if found is None:
            return None
        return Named("rule", Measure((), truth=True), found.leaves, found.calls, _EMPTY)

    names = [*plan.vocabulary.concepts, *plan.metrics, *plan.parameters]
    return Scope(resolve, lambda: names, rule, lambda: plan.rules, plan.vocabulary.dimensions)


def compile_formula(text: str, plan: Plan, report: Report) -> Formula | None:
    """The formula that `text` writes, checked against the pack."""
    return check_formula(Scalar(Source("case", text), text, None, 1, 1, 0), scope_of(plan), report)


class Case:
    """One case: its company, its formula, and the evaluators of both algebras."""

    def __init__(self, entry: dict[str, Any], plan: Plan) -> None:
        unknown = set(entry) - _CASE_KEYS
        assert not unknown, f"a case has no {unknown}"
        self.entry = entry
        month, day = entry.get("fiscal_year_end", "12-31").split("-")
        self.calendar = Calendar(int(month), int(day))
        self.company = self._company(plan)
        self.frame = entry.get("frame", "year")
        parameters = dict(plan.parameters)
        for name, text in entry.get("params", {}).items():
            quantity = parse_quantity(text)
            parameters[name] = parameters[name]._replace(values=((0, float(quantity.value)),))
        report = Report()
        formula = compile_formula(entry["formula"], plan, report)
        assert formula is not None, render(report)
        self.formula = formula
        when = date.fromisoformat(entry.get("day", "2024-12-31")).toordinal()
        as_of = entry.get("as_of")
        ledger = Ledger(self.company, date.fromisoformat(as_of).toordinal() if as_of else None)
        self.context = Context(plan._replace(parameters=parameters), ledger, when)
        self.mode = Judge(self.context, when).evidence_mode(formula.leaves, formula.calls)
        self.axis = self.context.axis(self.frame)
        self.labels = [period.label for period in self.axis.periods]

    def row(self, mode: str) -> Any:
        """The formula's row in one mode."""
        return self.context.evaluator(self.frame, mode).row(self.formula)

    def exists(self) -> list[str]:
        """The periods at which the series exists."""
        scoped = bool(self.formula.calls & {"scoped", "share", "top_share", "hhi", "largest"})
        places = self.context.places(self.formula.leaves, self.frame, scoped=scoped)
        return [self.labels[place] for place in sorted(places)]

    def result(self, label: str) -> Result:
        """What evidence says at the period `label`."""
        place = self.labels.index(label)
        cell: Cell = self.row(BOUNDS)[place]
        printed: Cell = self.row(PRINTED)[place]
        truth = self.formula.measure.truth
        value: float | bool | None = cell.truth if truth else cell.point
        between = None
        if not truth and cell.low is not None and cell.high is not None and value is None:
            between = (cell.low, cell.high)
        low, high = printed.low, printed.high
        causes = frozenset(words(cause, label) for cause in cell.causes) if value is None else None
        return Result(
            value, ("none", *KIND_NAMES)[cell.kind + 1], between, low, high, causes or frozenset(),
            cell.assumed,
        )  # fmt: skip

    # The company.

    def _company(self, plan: Plan) -> Company:
        entry = self.entry
        report = Report()
        sources = {}
        for name, (tier, published) in (
            entry.get("sources") or {"given": ("audited", "2025-03-31")}
        ).items():
            day = date.fromisoformat(published).toordinal()
            node = Scalar(Source("case", ""), "", None, 1, 1, 0)
            sources[name] = Document(name, name, name, tier, day, None, None, node)
        currency = entry.get("currency", "USD")
        dimensions = plan.vocabulary.dimensions
        # What a formula means of a number below zero is for the cases to say.
        terms = {name: term._replace(positive=False) for name, term in plan.terms.items()}
        reader = Reader(terms, dimensions, currency, self.calendar, sources, report)
        for key, value in entry.get("given", {}).items():
            match = _SCOPED.match(key)
            term = terms[match["name"] if match else key]
            scope = (match["by"], match["member"]) if match else None
            for label, texts in self._placed(value):
                for text in texts if isinstance(texts, list) else [texts]:
                    fact = self._fact(reader, term, label, text, scope)
                    if fact is not None:
                        reader.keep(fact)
        breakdowns = tuple(
            self._breakdown(reader, item, plan) for item in entry.get("breakdowns", ())
        )
        assert not report.items, render(report)
        events = tuple(
            Event(
                None, None, item["word"], item["about"], self.calendar.parse(item["over"])[0],
                next(iter(sources)), None, None, Scalar(Source("case", ""), "", None, 1, 1, 0),
            )
            for item in entry.get("said", ())
        )  # fmt: skip
        return Company(
            "case", "case", Label("case", "case"), None, currency, self.calendar, _EMPTY, None,
            None, sources, tuple(reader.facts), breakdowns, events,
        )  # fmt: skip

    def _placed(self, value: Any) -> Iterable[tuple[str, Any]]:
        """Each value with its period: alone at `at`, a list under `periods`, or a mapping."""
        if isinstance(value, dict):
            return value.items()
        if isinstance(value, list):
            periods = self.entry["periods"]
            assert len(periods) == len(value), f"{len(value)} values for {len(periods)} periods"
            return zip(periods, value, strict=True)
        return [(self.entry.get("at", NOW), value)]

    def _fact(
        self,
        reader: Reader,
        term: Term,
        label: str,
        text: str,
        scope: tuple[str, str] | None,
        *,
        share: bool = False,
    ) -> Fact | None:
        if text == "~":
            return None
        written, _, source = text.partition(" @")
        period, kind = self.calendar.parse(label)
        node = Scalar(Source("case", text), text, None, 1, 1, 0)
        default = UnitText(Decimal(1), unit_name(term.unit).replace("money", reader.currency))
        cell = Scalar(node.source, written, None, 1, 1, 0)
        quantity = reader.quantity(cell, term, None if share else default, share=share)
        if quantity is None:
            return None
        placed = reader.placed(term, period)
        if term.time == "fixed" and placed.months:
            placed = self.calendar.instant(self.calendar.last_day(placed.start - 1) + 1)
        return Fact(
            term.id, placed, kind, quantity, source or next(iter(reader.sources)), node, written,
            None, scope, share=share,
        )  # fmt: skip

    def _breakdown(self, reader: Reader, item: dict[str, Any], plan: Plan) -> Breakdown:
        concept, by = item["of"], item["by"]
        label = item.get("period", self.entry.get("at", NOW))
        share = item.get("as") == "shares"
        parts = []
        for member, text in item["parts"].items():
            fact = self._fact(reader, plan.terms[concept], label, text, (by, member), share=share)
            assert fact is not None, render(reader.report)
            reader.keep(fact)
            parts.append(fact)
        period, kind = self.calendar.parse(label)
        return Breakdown(
            concept, by, reader.placed(plan.terms[concept], period), kind, parts[0].source,
            tuple(parts), item.get("complete") == "true", item.get("ranked") == "true",
        )  # fmt: skip


def words(cause: Cause, label: str) -> str:
    """A cause as cases write it; the period is left out where it is the case's own."""
    if cause.kind == "fact":
        return " ".join(part for part in (cause.name, cause.period, cause.scope) if part)
    if cause.kind == "parameter":
        return f"parameter {cause.name}"
    if cause.kind == "not-applicable":
        return f"{cause.name} does not apply"
    period = f" at {cause.period}" if cause.period not in (None, label) else ""
    if cause.kind == "bounded":
        name = f"{cause.name} {cause.period} " if cause.name else ""
        return f"bounded: {name}{cause.reason}{'' if name else period}"
    return f"{cause.reason}{period}"


def number(text: str) -> float:
    """A number as cases write it: `10%`, `3 million`, `1/3`, `inf`, `in base units`."""
    if text in ("inf", "-inf"):
        return float(text)
    if re.fullmatch(r"-?[\d.]+/[\d.]+", text):
        above, below = text.split("/")
        return float(Fraction(above) / Fraction(below))
    value = parse_quantity(text).value
    assert value is not None, text
    return float(value)


def near(left: float | bool | None, right: float | bool | None) -> bool:
    """Whether two values are the same to 1e-9 of their size."""
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if left == right:
        return True
    return abs(left - right) <= 1e-9 * max(abs(left), abs(right), 1e-3)


MODES = (POINTS, BOUNDS, PRINTED)
