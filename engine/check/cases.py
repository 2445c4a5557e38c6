"""The tests beside the rules: given facts, expected outcome.

A case becomes a company of its own whose newest year is FY2024, so `FY0` is FY2024 and `Q-1` is
2024Q3; it is judged by the same engine as any company.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from ddcheck.engine.check.given import CURRENCY, YEAR, GivenBuilder
from ddcheck.engine.check.judge import Judge, Verdict
from ddcheck.engine.check.measure import latest_value, measure_metric
from ddcheck.engine.language.context import Context
from ddcheck.engine.model.finding import FLAG, NOT_APPLICABLE, PASS, UNKNOWN
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.measured import MetricResult
from ddcheck.engine.model.pack import LETTERS, SEVERITIES, Parameter
from ddcheck.engine.model.parameters import quantity_of
from ddcheck.engine.model.periods import Period
from ddcheck.engine.model.plan import Metric, Plan, Rule
from ddcheck.engine.model.units import in_currency
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.suggest import did_you_mean

_KEYS = frozenset(
    {
        "given", "expect", "params", "breakdowns", "events", "tags", "at", "name", "tier",
        "sources", "labelled",
    }
)  # fmt: skip
_REASONS = ("bounded", "stale", "assumed", "evidence")
_WORDS = {
    "pass": PASS, "not-applicable": NOT_APPLICABLE, "holds": FLAG, "does-not-hold": PASS,
}  # fmt: skip


class Case(NamedTuple):
    """A test that has been read: the company that it describes, and what it expects of it."""

    owner: str
    node: Mapping
    ledger: Ledger
    parameters: dict[str, Parameter]
    wanted: Node


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


#: Called with a case that passed, its judge, and what came of it.
Observer = Callable[["Case", Judge, "Verdict | MetricResult"], None]


def run_cases(
    plan: Plan,
    report: Report,
    only: frozenset[str] | None = None,
    observe: Observer | None = None,
) -> CaseSummary:
    """Run the tests of every metric, rule and strength (or of `only`); DD401 where unreadable."""
    outcomes = []
    for case in read_cases(plan, report, only):
        outcome = judge_case(plan, case, report, observe)
        if outcome is not None:
            outcomes.append(outcome)
    return CaseSummary(tuple(outcomes))


def read_cases(plan: Plan, report: Report, only: frozenset[str] | None = None) -> list[Case]:
    """The tests of every metric, rule and strength (or of `only`); DD401 where unreadable."""
    owners: list[Metric | Rule] = [*plan.metrics.values(), *plan.rules.values()]
    builder = GivenBuilder(plan, report)
    cases = (
        _read(builder, owner, node)
        for owner in owners
        if only is None or owner.id in only
        for node in owner.definition.tests
    )
    return [case for case in cases if case is not None]


def check_enough(plan: Plan, report: Report) -> None:
    """Report DD215 for every rule whose tests do not reach a flag, a pass and an unknown.

    The tests that a rule has in its own file count where a layer brings others.
    """
    own = {ident: rule.tests for pack in plan.packs.bare for ident, rule in pack.rules.items()}
    for rule in plan.rules.values():
        reached = set()
        for node in (*rule.definition.tests, *own.get(rule.id, ())):
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


def _read(builder: GivenBuilder, owner: Metric | Rule, node: Mapping) -> Case | None:
    report = builder.report
    before = len(report.items)
    if not shape.keys(node, _KEYS, ("expect",), "a test", report):
        return None
    company = builder.company(node)
    if "tags" not in node.entries:
        company = company._replace(tags=owner.definition.tags)
    parameters = builder.parameters(node)
    _check_unknown(builder.plan, node.entries["expect"], report)
    if len(report.items) > before:
        return None
    return Case(owner.id, node, Ledger(company), parameters, node.entries["expect"])


def _check_unknown(plan: Plan, expect: Node, report: Report) -> None:
    """Report the names under `expect: {unknown: […]}` that nothing bears (DD301)."""
    names = expect.get("unknown") if isinstance(expect, Mapping) else None
    for node in names if isinstance(names, Sequence) else ():
        name = shape.text(node, "an entry of `unknown`", report)
        if name is not None and name not in plan.terms and name not in plan.parameters:
            hint = did_you_mean(name, [*plan.terms, *plan.parameters])
            report.error("DD301", node, f"no concept, metric or parameter `{name}`", hint)


def judge_case(
    plan: Plan, case: Case, report: Report, observe: Observer | None = None
) -> Outcome | None:
    """What `case` comes to under `plan`; None and DD401 if what it expects cannot be read."""
    day = date(YEAR, 12, 31).toordinal()
    context = Context(plan._replace(parameters=case.parameters), case.ledger, day)
    judge = Judge(context, day)
    owner = plan.metrics.get(case.owner) or plan.rules[case.owner]
    found: Verdict | MetricResult
    if isinstance(owner, Rule):
        found = judge.verdict(owner)
        result = _rule_outcome(owner, judge, found, case.wanted, report)
    else:
        found = measure_metric(owner, judge, graded=True)
        result = _metric_outcome(owner, judge, found, case.wanted, report)
    if result is None:
        return None
    expected, got, passed = result
    if passed and observe is not None:
        observe(case, judge, found)
    return Outcome(owner.id, case.node, expected, got, passed)


def _rule_outcome(
    rule: Rule, judge: Judge, verdict: Verdict, wanted: Node, report: Report
) -> tuple[str, str, bool] | None:
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
        if severity is None:
            return None
        return f"flag {severity}", got, got == f"flag {severity}"
    return _unknown(value, got, verdict.outcome == UNKNOWN, reason, names, report)


def _metric_outcome(
    metric: Metric, judge: Judge, result: MetricResult, wanted: Node, report: Report
) -> tuple[str, str, bool] | None:
    unit, style = result.unit, result.style
    if isinstance(wanted, Scalar):
        word = shape.choice(wanted, ("not-applicable",), "`expect`", report)
        return None if word is None else (word, result.state, result.state == word)
    place = asked_period(judge.context.plan, wanted, report)
    if isinstance(wanted, Mapping) and place is not None:
        wanted = _without(wanted, "at")
    entry = _single(wanted, ("value", "grade", "unknown", "bounds"), report)
    if entry is None:
        return None
    key, node = entry
    if key == "grade":
        letter = shape.choice(node, LETTERS, "the grade", report)
        if letter is None:
            return None
        got = result.letter or "-".join(result.letters or ("none",))
        return f"grade {letter}", f"grade {got}", result.letter == letter
    if key == "unknown":
        names = sorted({item.name for item in result.missing if item.name})
        latest = latest_value(metric, judge)
        bounded = latest is not None and latest.value is None
        reason = "bounded" if bounded and result.state == "known" else result.state
        got = f"{result.state} {names}"
        return _unknown(node, got, result.state != "known" or bounded, reason, names, report)
    if place is None:
        shown = latest_value(metric, judge)
    else:
        shown = next((value for value in result.values if value.period == place), None)
    got = _shown(result, shown, unit, style)
    found = shape.scalar(node, key, report)
    if found is None:
        return None
    quantity = quantity_of(found, in_currency(metric.definition.unit, CURRENCY), report)
    if quantity is None:
        return None
    low = float("-inf") if quantity.low is None else float(quantity.low)
    high = float("inf") if quantity.high is None else float(quantity.high)
    if key == "bounds":
        ranged = shown is not None and shown.value is None and shown.missing is None
        ends = (shown.low, shown.high) if shown is not None and ranged else (None, None)
        passed = _near(ends[0], low) and _near(ends[1], high)
        return f"bounds {found.text}", got, passed
    value = shown.value if shown is not None else None
    slack = 1e-9 * max(1.0, abs(low), abs(high))
    return f"value {found.text}", got, value is not None and low - slack <= value <= high + slack


def asked_period(plan: Plan, wanted: Node, report: Report) -> Period | None:
    """The period that `expect: {…, at: FY1}` asks about; None for the newest one."""
    if not isinstance(wanted, Mapping) or "at" not in wanted.entries:
        return None
    found = GivenBuilder(plan, report).period(wanted.entries["at"])
    return found[0] if found is not None else None


def _shown(result: MetricResult, shown: object, unit: str, style: str) -> str:
    from ddcheck.engine.model.measured import MetricValue

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
    key, value = next(iter(entry.items()))
    return (key.text, value) if key.text in known else None


def _unknown(
    node: Node, got: str, is_unknown: bool, reason: str, names: list[str], report: Report
) -> tuple[str, str, bool] | None:
    if isinstance(node, Scalar):
        word = shape.choice(node, _REASONS, "the reason", report)
        if word is None:
            return None
        return f"unknown {word}", got, is_unknown and reason == word
    wanted = sorted(shape.texts(node, "`unknown`", report))
    return f"unknown {wanted}", got, is_unknown and wanted == names
