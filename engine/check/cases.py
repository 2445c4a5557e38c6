"""The tests beside the rules: given facts, expected outcome.

A case becomes a company of its own whose newest year is FY2024, so `FY0` is FY2024 and `Q-1` is
2024Q3; it is judged by the same engine as any company.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.check.judge import Judge
from ddcheck.engine.check.measure import measure_metric
from ddcheck.engine.language.context import Context
from ddcheck.engine.model.company import Breakdown, Company, Document, Event, Fact
from ddcheck.engine.model.evaluation import FLAG, NOT_APPLICABLE, PASS, UNKNOWN, MetricResult
from ddcheck.engine.model.facts import Reader, Term
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.pack import LETTERS, SEVERITIES, Parameter
from ddcheck.engine.model.packs import quantity_of
from ddcheck.engine.model.periods import Calendar, Period, PeriodError
from ddcheck.engine.model.plan import Metric, Plan, Rule
from ddcheck.engine.model.units import in_currency, unit_name
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.quantity import QuantityError, UnitText, parse_quantity
from ddcheck.engine.text.shape import Label
from ddcheck.engine.text.suggest import did_you_mean

YEAR = 2024
_SOURCE = "given"
_KEYS = frozenset({"given", "expect", "params", "breakdowns", "events", "tags", "at", "name"})
_RELATIVE = re.compile(r"(?P<frame>FY|Q|H|M|D|\d{1,2}M)(?P<back>-?\d{1,3})(?P<kind>[EG]?)\Z")
_WORDS = {
    "pass": PASS, "not-applicable": NOT_APPLICABLE, "holds": FLAG, "does-not-hold": PASS,
}  # fmt: skip
_CURRENCY = "USD"


class Outcome(NamedTuple):
    """What a case came to: `got` differs from `wanted` where it failed."""

    id: str
    node: Mapping
    wanted: str
    got: str
    passed: bool


class CaseSummary(NamedTuple):
    """Every case of a plan, run."""

    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The cases that did not come to what they expect."""
        return tuple(outcome for outcome in self.outcomes if not outcome.passed)


def run_cases(plan: Plan, report: Report, only: frozenset[str] | None = None) -> CaseSummary:
    """Run the tests of every metric, rule and strength (or of `only`); DD401 where unreadable."""
    outcomes = []
    for owner in (*plan.metrics.values(), *plan.rules.values()):
        if only is not None and owner.id not in only:
            continue
        for node in owner.definition.tests:
            outcome = _run(plan, owner, node, report)
            if outcome is not None:
                outcomes.append(outcome)
    return CaseSummary(tuple(outcomes))


def check_enough(plan: Plan, report: Report) -> None:
    """Report DD215 for every rule whose tests do not reach a flag, a pass and an unknown."""
    for rule in plan.rules.values():
        reached = set()
        for node in rule.definition.tests:
            expect = node.get("expect")
            if isinstance(expect, Scalar):
                reached.add(_WORDS.get(expect.text, ""))
            elif isinstance(expect, Mapping):
                reached |= set(expect.keys)
        absent = [word for word in (FLAG, PASS, UNKNOWN) if word not in reached]
        if absent:
            words = {FLAG: "holds", PASS: "does-not-hold"} if rule.definition.strength else {}
            names = ", ".join(words.get(word, word) for word in absent)
            report.error("DD215", rule.definition.node, f"no test of `{rule.id}` reaches: {names}")


def _run(plan: Plan, owner: Metric | Rule, node: Mapping, report: Report) -> Outcome | None:
    before = len(report.items)
    if not shape.keys(node, _KEYS, ("expect",), "a test", report):
        return None
    builder = _Builder(plan, report)
    company = builder.company(node)
    if "tags" not in node.entries:
        company = company._replace(tags=owner.definition.tags)
    parameters = builder.parameters(node)
    wanted = node.entries["expect"]
    if len(report.items) > before:
        return None
    day = date(YEAR, 12, 31).toordinal()
    context = Context(plan._replace(parameters=parameters), Ledger(company), day)
    judge = Judge(context, day)
    if isinstance(owner, Rule):
        result = _rule_outcome(owner, judge, wanted, report)
    else:
        result = _metric_outcome(owner, judge, wanted, report)
    if result is None:
        return None
    expected, got, passed = result
    return Outcome(owner.id, node, expected, got, passed)


def _rule_outcome(
    rule: Rule, judge: Judge, wanted: Node, report: Report
) -> tuple[str, str, bool] | None:
    verdict = judge.verdict(rule)
    missing = judge.missing(verdict) if verdict.outcome == UNKNOWN else ()
    names = sorted({item.name for item in missing if item.name})
    reason = verdict.reason or (
        "bounded" if any(item.kind == "bounded" for item in missing) else "missing"
    )
    got = verdict.outcome
    if got == FLAG:
        got = f"flag {verdict.severity}" if not rule.definition.strength else "holds"
    elif got == UNKNOWN:
        got = f"unknown {reason} {names}"
    elif got == PASS and rule.definition.strength:
        got = "does-not-hold"
    if isinstance(wanted, Scalar):
        strength = rule.definition.strength
        words = ("holds", "does-not-hold") if strength else ("pass",)
        word = shape.choice(wanted, (*words, "not-applicable"), "`expect`", report)
        if word is None:
            return None
        return word, got, got == word
    entry = _single(wanted, ("flag", "unknown"), report)
    if entry is None:
        return None
    key, value = entry
    if key == "flag":
        severity = shape.choice(value, SEVERITIES, "the severity", report)
        return f"flag {severity}", got, got == f"flag {severity}"
    return _unknown(value, got, verdict.outcome == UNKNOWN, reason, names, report)


def _metric_outcome(
    metric: Metric, judge: Judge, wanted: Node, report: Report
) -> tuple[str, str, bool] | None:
    result = measure_metric(metric, judge, graded=True)
    unit, style = result.unit, result.style
    if isinstance(wanted, Scalar):
        word = shape.choice(wanted, ("not-applicable",), "`expect`", report)
        return None if word is None else (word, result.state, result.state == word)
    place = None
    if isinstance(wanted, Mapping) and "at" in wanted.entries:
        place = _Builder(judge.context.plan, report).period(wanted.entries["at"])
        wanted = _without(wanted, "at")
    entry = _single(wanted, ("value", "grade", "unknown", "bounds"), report)
    if entry is None:
        return None
    key, node = entry
    if key == "grade":
        letter = shape.choice(node, LETTERS, "the grade", report)
        got = result.letter or "-".join(result.letters or ("none",))
        return f"grade {letter}", f"grade {got}", result.letter == letter
    if key == "unknown":
        names = sorted({item.name for item in result.missing if item.name})
        bounded = result.latest is not None and result.latest.value is None
        reason = "bounded" if bounded and result.state == "known" else result.state
        got = f"{result.state} {names}"
        return _unknown(node, got, result.state != "known" or bounded, reason, names, report)
    shown = result.latest
    if place is not None:
        shown = next((value for value in result.values if value.period == place[0]), None)
    got = _shown(result, shown, unit, style)
    found = shape.scalar(node, key, report)
    if found is None:
        return None
    quantity = quantity_of(found, in_currency(metric.definition.unit, _CURRENCY), report)
    if quantity is None:
        return None
    low = float("-inf") if quantity.low is None else float(quantity.low)
    high = float("inf") if quantity.high is None else float(quantity.high)
    if key == "bounds":
        passed = shown is not None and shown.value is None and shown.missing is None
        passed = passed and _near(shown.low, low) and _near(shown.high, high)  # type: ignore[union-attr]
        return f"bounds {found.text}", got, passed
    value = shown.value if shown is not None else None
    slack = 1e-9 * max(1.0, abs(low), abs(high))
    return f"value {found.text}", got, value is not None and low - slack <= value <= high + slack


def _shown(result: MetricResult, shown: object, unit: str, style: str) -> str:
    from ddcheck.engine.model.evaluation import MetricValue

    if not isinstance(shown, MetricValue):
        return f"no value ({result.state})"
    words = value_text(shown.value, unit, style, shown.low, shown.high)
    if shown.value is not None:
        return f"value {words} ({shown.value:.10g})"
    return f"value {words}" if shown.missing is None else f"missing: {shown.missing}"


def _near(value: float | None, wanted: float) -> bool:
    return value is not None and abs(value - wanted) <= 0.0006 * max(1.0, abs(wanted))


def _without(node: Mapping, key: str) -> Mapping:
    rest = Mapping(node.source, node.line, node.column)
    rest.keys = {name: item for name, item in node.keys.items() if name != key}
    rest.entries = {name: item for name, item in node.entries.items() if name != key}
    return rest


def _single(node: Node, known: tuple[str, ...], report: Report) -> tuple[str, Node] | None:
    entry = shape.mapping(node, "`expect`", report)
    if entry is None or not shape.keys(entry, known, (), "`expect`", report):
        return None
    if len(entry.entries) != 1:
        report.error("DD401", entry, f"`expect` takes one of {', '.join(known)}")
        return None
    return next((key.text, value) for key, value in entry.items())


def _unknown(
    node: Node, got: str, is_unknown: bool, reason: str, names: list[str], report: Report
) -> tuple[str, str, bool] | None:
    if isinstance(node, Scalar):
        word = shape.choice(node, ("bounded", "stale", "assumed"), "the reason", report)
        return f"unknown {word}", got, is_unknown and reason == word
    wanted = sorted(shape.texts(node, "`unknown`", report))
    return f"unknown {wanted}", got, is_unknown and wanted == names


class _Builder:
    """Builds the company of a case."""

    def __init__(self, plan: Plan, report: Report) -> None:
        self.plan = plan
        self.report = report
        self.calendar = Calendar()

    def company(self, node: Mapping) -> Company:
        """The company that `given`, `breakdowns`, `events` and `tags` of a case describe."""
        report = self.report
        source = Document(
            _SOURCE, "given", None, "audited", date(YEAR, 12, 31).toordinal(), None, None,
            Scalar(node.source, "", None, node.line, node.column, 0),
        )  # fmt: skip
        reader = Reader(
            self.plan.terms,
            self.plan.vocabulary.dimensions,
            _CURRENCY,
            self.calendar,
            {_SOURCE: source},
            report,
        )
        start = shape.text(node.get("at"), "`at`", report) or "FY0"
        given = shape.mapping(node.get("given"), "`given`", report)
        for key, value in given.items() if given else ():
            term = reader.term(key)
            if term is None:
                continue
            for when, cell in self._placed(value, start):
                self._fact(reader, term, when, cell)
        breakdowns = tuple(self._breakdowns(node.get("breakdowns"), reader))
        events = tuple(self._events(node.get("events"), reader))
        tags = frozenset(shape.texts(node.get("tags"), "`tags`", report))
        return Company(
            node.source.path, "given", Label("given", "given"), None, _CURRENCY, self.calendar,
            tags, None, None, {_SOURCE: source}, tuple(reader.facts), breakdowns, events,
        )  # fmt: skip

    def _placed(self, value: Node, start: str) -> list[tuple[Scalar, Scalar]]:
        """Each value with its relative period: alone at `at`, a list up to it, or a mapping."""
        if isinstance(value, Mapping):
            return [(key, cell) for key, cell in value.items() if isinstance(cell, Scalar)]
        cells = value.items if isinstance(value, Sequence) else [value]
        match = _RELATIVE.match(start)
        if match is None:
            self.report.error(
                "DD401", value, f"`{start}` is not a relative period such as FY0 or Q-1"
            )
            return []
        last = int(match["back"])
        found = []
        for i, cell in enumerate(cells):
            back = last - (len(cells) - 1 - i)
            label = f"{match['frame']}{back}{match['kind']}"
            if isinstance(cell, Scalar):
                found.append((Scalar(cell.source, label, None, cell.line, cell.column, 0), cell))
        return found

    def period(self, node: Node) -> tuple[Period, int] | None:
        """The period and kind that a relative period writes, or None and DD401."""
        written = shape.text(node, "a relative period", self.report)
        if written is None:
            return None
        try:
            if ".." in written:
                first, last = written.split("..", 1)
                return self.calendar.parse(f"{self._label(first)}..{self._label(last)}")
            return self.calendar.parse(self._label(written))
        except PeriodError as error:
            self.report.error(
                "DD401", node, error.message, "write FY0, FY-1, Q0, H0, M0, 9M0 or D0"
            )
            return None

    def _label(self, written: str) -> str:
        match = _RELATIVE.match(written)
        if match is None:
            raise PeriodError(f"`{written}` is not a relative period")
        frame, back, kind = match["frame"], int(match["back"]), match["kind"]
        if frame == "FY":
            return f"FY{YEAR + back}{kind}"
        if frame == "Q":
            year, quarter = divmod(YEAR * 4 + 3 + back, 4)
            return f"{year}Q{quarter + 1}{kind}"
        if frame == "H":
            year, half = divmod(YEAR * 2 + 1 + back, 2)
            return f"{year}H{half + 1}{kind}"
        if frame == "M":
            year, month = divmod(YEAR * 12 + 11 + back, 12)
            return f"{year:04d}-{month + 1:02d}{kind}"
        if frame == "D":
            day = date.fromordinal(date(YEAR, 12, 31).toordinal() + back)
            return f"{day.isoformat()}{kind}"
        return f"{frame[:-1]}M{YEAR + back}{kind}"

    def _fact(self, reader: Reader, term: Term, when: Scalar, cell: Scalar) -> None:
        period = self.period(when)
        if cell.is_null or period is None:
            return
        unit = unit_name(term.unit).replace("money", _CURRENCY)
        try:
            quantity = parse_quantity(cell.text, UnitText(Decimal(1), unit))
        except QuantityError as error:
            self.report.error("DD303", cell, error.message, error.help)
            return
        if quantity.unit and quantity.unit != unit:
            self.report.error(
                "DD304", cell, f"`{cell.text}` is {quantity.unit}; `{term.id}` is {unit}"
            )
            return
        placed = reader.placed(term, period[0])
        if term.time == "fixed" and placed.months:
            placed = self.calendar.instant(self.calendar.last_day(placed.start - 1) + 1)
        reader.keep(Fact(term.id, placed, period[1], quantity, _SOURCE, cell, cell.text))

    def _breakdowns(self, node: Node | None, reader: Reader) -> list[Breakdown]:
        report = self.report
        found = []
        for item in shape.sequence(node, "`breakdowns`", report) or ():
            entry = shape.mapping(item, "a breakdown", report)
            known = {"concept", "by", "period", "unit", "parts", "complete", "ranked"}
            if entry is None or not shape.keys(
                entry, known, ("concept", "by", "period", "parts"), "a breakdown", report
            ):
                continue
            concept = shape.scalar(entry.get("concept"), "`concept`", report)
            by = shape.text(entry.get("by"), "`by`", report)
            period = self.period(entry.entries["period"])
            parts = shape.mapping(entry.get("parts"), "`parts`", report)
            term = reader.term(concept) if concept is not None else None
            if term is None or by is None or period is None or parts is None:
                continue
            unit = reader.unit(entry.get("unit"))
            share = unit is not None and unit.name == "ratio" and bool(term.unit)
            placed = reader.placed(term, period[0])
            facts = []
            for key, value in parts.items():
                cell = shape.scalar(value, "a part", report)
                quantity = (
                    reader.quantity(cell, term, unit, share=share) if cell is not None else None
                )
                if cell is not None and quantity is not None:
                    fact = Fact(
                        term.id, placed, period[1], quantity, _SOURCE, cell, cell.text, None,
                        (by, key.text), share=share,
                    )  # fmt: skip
                    reader.keep(fact)
                    facts.append(fact)
            found.append(
                Breakdown(
                    term.id, by, placed, period[1], _SOURCE, tuple(facts),
                    shape.truth(entry.get("complete"), "`complete`", report),
                    shape.truth(entry.get("ranked"), "`ranked`", report),
                )
            )  # fmt: skip
        return found

    def _events(self, node: Node | None, reader: Reader) -> list[Event]:
        report = self.report
        found = []
        for item in shape.sequence(node, "`events`", report) or ():
            entry = shape.mapping(item, "an event", report)
            if entry is None or not shape.keys(
                entry, {"said", "about", "over"}, ("said", "about", "over"), "an event", report
            ):
                continue
            said = shape.text(entry.get("said"), "`said`", report)
            about = shape.scalar(entry.get("about"), "`about`", report)
            period = self.period(entry.entries["over"])
            if said is None or about is None or reader.term(about) is None or period is None:
                continue
            found.append(Event(None, None, said, about.text, period[0], _SOURCE, None, None, about))
        return found

    def parameters(self, node: Mapping) -> dict[str, Parameter]:
        """The plan's parameters with those that the case sets."""
        found = dict(self.plan.parameters)
        entries = shape.mapping(node.get("params"), "`params`", self.report)
        for key, value in entries.items() if entries else ():
            parameter = found.get(key.text)
            if parameter is None:
                self.report.error(
                    "DD203", key, f"no parameter `{key.text}`", did_you_mean(key.text, found)
                )
                continue
            cell = shape.scalar(value, "a parameter's value", self.report)
            quantity = quantity_of(cell, parameter.unit, self.report) if cell is not None else None
            if quantity is not None and quantity.value is not None:
                found[key.text] = parameter._replace(values=((0, float(quantity.value)),))
        return found
