"""The grade is safe to optimise: better never reads worse, and silence never pays.

Shown on marks and flags alone, on small companies made up under the shipped packs, and on Agora,
fact by fact. The words: a fact is hidden when every source's value of it is gone, and every fact
that it could be worked out from.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.check.grade import Mark, Weight, grade_company
from ddcheck.engine.commands.loading import load_plan, read_company
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.evaluate import BOUNDS
from ddcheck.engine.model.company import Company, Fact
from ddcheck.engine.model.evaluation import Evaluation, Grade
from ddcheck.engine.model.facts import load_company
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.pack import LETTERS, SEVERITIES, Grading
from ddcheck.engine.model.periods import ACTUAL, FRAMES
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.sums import entry_facts
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, parse
from ddcheck.engine.text.source import Source

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 21).toordinal()


@cache
def plan() -> Plan:
    report = Report()
    found = load_plan((), report)
    assert report.items == []
    return found


@cache
def graded_plan() -> Plan:
    """The shipped plan with the rules that can move the grade, and no other."""
    grading = plan().grading
    assert grading is not None
    graded = {category.id for category in grading.categories.values() if category.graded}
    rules = {
        name: rule
        for name, rule in plan().rules.items()
        if rule.definition.category in graded and not rule.definition.strength
    }
    return plan()._replace(rules=rules)


def shipped_grading() -> Grading:
    grading = plan().grading
    assert grading is not None
    return grading


def company(text: str) -> Company:
    report = Report()
    root = parse(Source("made-up.yaml", text), report)
    assert isinstance(root, Mapping)
    found = load_company(root, plan().terms, plan().vocabulary.dimensions, report)
    assert report.items == []
    assert found is not None
    return found


@cache
def agora() -> Company:
    path = os.path.relpath(ROOT / "companies/agora.yaml")
    found = read_company(path, plan(), Report())
    assert found is not None
    return found


# Letters as numbers: F is 0, no letter is below all of them only where nothing else can be said.


def points(letter: str | None) -> int:
    assert letter is not None
    return len(LETTERS) - 1 - LETTERS.index(letter)


class Ends(NamedTuple):
    """The grade as numbers: on what is known, at worst, at best; the whole, then categories."""

    now: tuple[float | None, ...]
    worst: tuple[int | None, ...]
    best: tuple[int | None, ...]


def ends(grade: Grade) -> Ends:
    parts = [grade, *grade.categories]
    known = (grade.known_letter, *(item.letter for item in grade.categories))
    scores = tuple(item.score for item in parts)
    return Ends(
        (*scores, *(None if letter is None else points(letter) for letter in known)),
        tuple(None if item.worst is None else points(item.worst) for item in parts),
        tuple(None if item.best is None else points(item.best) for item in parts),
    )


def above(left: Iterable[float | None], right: Iterable[float | None]) -> list[int]:
    """Where `left` is above `right`, of what both have."""
    return [
        place
        for place, (a, b) in enumerate(zip(left, right, strict=True))
        if a is not None and b is not None and a > b + 1e-9
    ]


# ---------------------------------------------------------------------------- marks and flags alone

CATEGORIES = ("growth", "profitability", "cash", "retention", "customers", "control", "price")
UNKNOWN_ENDS = (LETTERS[-1], LETTERS[0])


@st.composite
def marks(draw: st.DrawFn) -> Mark:
    category = draw(st.sampled_from(CATEGORIES))
    weight = draw(st.sampled_from((0.0, 0.5, 1.0, 2.0, 3.0)))
    letter = draw(st.sampled_from(LETTERS))
    state = draw(st.sampled_from(("known", "range", "behind", "unknown")))
    if state == "known":
        return Mark(category, weight, letter, letter, letter)
    if state == "behind":
        return Mark(category, weight, letter, *UNKNOWN_ENDS)
    if state == "unknown":
        return Mark(category, weight, None, *UNKNOWN_ENDS)
    other = draw(st.sampled_from(LETTERS))
    worst, best = sorted((letter, other), key=points)
    return Mark(category, weight, None if worst != best else letter, worst, best)


@st.composite
def flags(draw: st.DrawFn) -> Weight:
    category = draw(st.sampled_from(CATEGORIES))
    gravest = draw(st.sampled_from(SEVERITIES))
    severity = draw(st.sampled_from((None, *SEVERITIES[SEVERITIES.index(gravest) :])))
    decided = draw(st.booleans())
    if decided:
        return Weight(category, severity, severity, severity)
    return Weight(category, draw(st.sampled_from((None, severity))), gravest, None)


def better_letter(letter: str | None) -> str | None:
    return letter and LETTERS[max(0, LETTERS.index(letter) - 1)]


@given(st.lists(marks(), min_size=1, max_size=12), st.lists(flags(), max_size=8), st.data())
def test_a_better_letter_never_lowers_the_grade(
    given_marks: list[Mark], given_flags: list[Weight], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(given_marks) - 1))
    mark = given_marks[place]
    letter, worst, best = (better_letter(item) for item in mark[2:])
    assert worst is not None
    assert best is not None
    better = [*given_marks]
    better[place] = mark._replace(letter=letter, worst=worst, best=best)
    before = ends(grade_company(shipped_grading(), given_marks, given_flags))
    after = ends(grade_company(shipped_grading(), better, given_flags))
    assert [above(b, a) for b, a in zip(before, after, strict=True)] == [[], [], []]


@given(st.lists(marks(), min_size=1, max_size=12), st.lists(flags(), max_size=8), flags())
def test_a_flag_never_raises_the_grade(
    given_marks: list[Mark], given_flags: list[Weight], flag: Weight
) -> None:
    before = ends(grade_company(shipped_grading(), given_marks, given_flags))
    after = ends(grade_company(shipped_grading(), given_marks, [*given_flags, flag]))
    assert [above(a, b) for b, a in zip(before, after, strict=True)] == [[], [], []]


@given(
    st.lists(marks(), min_size=1, max_size=12), st.lists(flags(), min_size=1, max_size=8), st.data()
)
def test_an_unknown_widens_the_range_at_both_ends(
    given_marks: list[Mark], given_flags: list[Weight], data: st.DataObject
) -> None:
    less_marks, less_flags = [*given_marks], [*given_flags]
    place = data.draw(st.integers(0, len(given_marks) - 1))
    less_marks[place] = Mark(*given_marks[place][:2], None, *UNKNOWN_ENDS)
    place = data.draw(st.integers(0, len(given_flags) - 1))
    flag = given_flags[place]
    gravest = data.draw(st.sampled_from(SEVERITIES[: 1 + SEVERITIES.index(flag.worst or "info")]))
    less_flags[place] = Weight(flag.category, None, gravest, None)
    before = ends(grade_company(shipped_grading(), given_marks, given_flags))
    after = ends(grade_company(shipped_grading(), less_marks, less_flags))
    assert (above(after.worst, before.worst), above(before.best, after.best)) == ([], [])


@given(st.lists(marks(), min_size=1, max_size=12), st.lists(flags(), max_size=8))
def test_what_is_known_lies_between_the_ends_where_all_of_it_is_known(
    given_marks: list[Mark], given_flags: list[Weight]
) -> None:
    found = ends(grade_company(shipped_grading(), given_marks, given_flags))
    assert above(found.worst, found.best) == []
    sure_marks = [mark for mark in given_marks if mark.letter == mark.worst == mark.best]
    sure_flags = [flag for flag in given_flags if flag.severity == flag.worst == flag.best]
    sure = grade_company(shipped_grading(), sure_marks, sure_flags)
    assert (sure.known_letter, sure.letter) == (sure.worst, sure.best)


def test_a_range_of_more_than_two_letters_has_no_single_letter() -> None:
    grading = shipped_grading()
    known = Mark("growth", 1.0, "B", "B", "B")
    found = {
        span: grade_company(grading, [known, Mark("growth", weight, None, "F", "A")], [])
        for span, weight in ((1, 0.0), (2, 0.1), (3, 1.0))
    }
    assert {
        span: (grade.letter, grade.known_letter, grade.worst, grade.best)
        for span, grade in found.items()
    } == {
        1: ("B", "B", "B", "B"),
        2: ("B", "B", "B", "B"),
        3: (None, "B", "C", "A"),
    }


# ---------------------------------------------------------- stated metrics, under the shipped packs

#: How each unit of a graded metric is written, and what may be stated of it.
STATED: dict[str, Callable[[float], str]] = {
    "ratio": lambda x: f"{x:.4%}",
    "months": lambda x: f"{x:.3f} months",
    "days": lambda x: f"{x:.3f} days",
    "count": lambda x: f"{x:.3f}",
}
SCALES = {"ratio": 1.0, "months": 48.0, "days": 200.0, "count": 10.0}


def laddered() -> list[str]:
    return sorted(
        metric.id
        for metric in graded_plan().metrics.values()
        if metric.ladders and metric.definition.unit_name in STATED
    )


def with_metrics(values: dict[str, float]) -> Company:
    rows = "".join(
        f"  {name}: {{FY2025: "
        f"{{value: '{STATED[plan().metrics[name].definition.unit_name](value)}', source: s}}}}\n"
        for name, value in values.items()
    )
    return company(
        "ddcheck: company/1\n"
        "company: {id: made-up, name: Made-up, currency: USD, tags: [saas, paas, usage-based]}\n"
        "sources: {s: {title: Statements, tier: audited, published: 2026-02-01}}\n"
        "facts:\n"
        # Losses of every kind, so that what applies to burning cash only does apply.
        "  operating_cash_flow: {FY2025: {value: -10 USD million, source: s}}\n"
        "  net_change_in_cash: {FY2025: {value: -10 USD million, source: s}}\n" + rows
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_better_stated_metric_never_lowers_the_grade(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(laddered()), min_size=1, max_size=10, unique=True))
    share = st.floats(-0.5, 2.0, allow_nan=False)
    values = {
        name: data.draw(share, label=name) * SCALES[plan().metrics[name].definition.unit_name]
        for name in names
    }
    changed = data.draw(st.sampled_from(names), label="improved")
    definition = plan().metrics[changed].definition
    step = data.draw(st.floats(0.0, 1.0), label="by") * SCALES[definition.unit_name]
    better = values[changed] + (step if definition.better == "higher" else -step)
    before = evaluate(graded_plan(), with_metrics(values), today=TODAY)
    after = evaluate(graded_plan(), with_metrics({**values, changed: better}), today=TODAY)
    assert [above(b, a) for b, a in zip(ends(before.grade), ends(after.grade), strict=True)] == [
        [],
        [],
        [],
    ]


def test_no_flag_of_agora_raises_its_grade() -> None:
    full = evaluate(graded_plan(), agora(), today=TODAY)
    flagged = [finding.id for finding in full.findings if finding.outcome == FLAG]
    assert "loss-margin-widening" in flagged
    raised = {}
    for name in flagged:
        rules = {key: rule for key, rule in graded_plan().rules.items() if key != name}
        used = {
            other
            for rule in rules.values()
            for step in rule.steps
            for other in step.condition.rules
        }
        assert name not in used
        without = evaluate(graded_plan()._replace(rules=rules), agora(), today=TODAY)
        pairs = zip(ends(full.grade), ends(without.grade), strict=True)
        raised[name] = [above(with_it, without_it) for with_it, without_it in pairs]
    assert raised == {name: [[], [], []] for name in flagged}


# ------------------------------------------------------------------------------------ hiding a fact

Key = tuple[str, tuple[str, str] | None, int, int, int]


def key_of(fact: Fact) -> Key:
    period = fact.period
    return fact.concept, fact.scope, period.start, period.months, period.end


def without(company_: Company, keys: set[Key]) -> Company:
    """The company without any fact of `keys`; a breakdown that loses a part goes as a whole."""
    breakdowns = tuple(
        item for item in company_.breakdowns if not any(key_of(part) in keys for part in item.parts)
    )
    kept = {id(part) for item in breakdowns for part in item.parts}
    gone = {id(part) for item in company_.breakdowns for part in item.parts} - kept
    facts = tuple(
        fact
        for fact in company_.facts
        if (id(fact) not in gone) and (id(fact) in kept or key_of(fact) not in keys)
    )
    return company_._replace(facts=facts, breakdowns=breakdowns)


def sources_of(company_: Company, concept: str, key: Key) -> set[Key]:
    """The keys of the actual facts that `concept` at the period of `key` follows from."""
    ledger = Ledger(company_)
    assert ledger.newest is not None
    context = Context(plan(), ledger, ledger.newest)
    found: set[Key] = set()
    _, _, start, months, end = key
    for frame in FRAMES:
        for place, period in enumerate(context.axis(frame).periods):
            same = (period.start, period.months) == (start, months) if months else period.end == end
            if not same:
                continue
            evaluator = context.evaluator(frame, BOUNDS)
            cell = evaluator.a.cells(context.named(concept, evaluator))[place]
            if cell.low is not None and cell.kind == ACTUAL:
                found |= {key_of(fact) for entry in cell.entries for fact in entry_facts(entry)}
    return found


def hide(company_: Company, key: Key) -> Company:
    """The company without the fact of `key`, and without what it could be worked out from."""
    found = without(company_, {key})
    if key[1] is not None:
        return found
    while wanted := sources_of(found, key[0], key):
        found = without(found, wanted)
    return found


def lower_ends(evaluation: Evaluation) -> tuple[int | None, ...]:
    return ends(evaluation.grade).worst


#: Flows and balances that statements print, by how they are made up.
FLOWS = (
    "revenue", "cost_of_revenue", "gross_profit", "operating_expenses", "research_and_development",
    "sales_and_marketing", "operating_income", "net_income", "operating_cash_flow",
    "net_change_in_cash", "capital_expenditure", "stock_based_compensation", "non_gaap_net_income",
)  # fmt: skip
BALANCES = (
    "cash_and_short_term_investments", "accounts_receivable", "total_current_assets",
    "total_current_liabilities", "short_term_debt", "long_term_debt", "total_assets",
    "total_equity", "other_non_current_assets",
)  # fmt: skip
SIGNED = {
    "gross_profit", "operating_income", "net_income", "operating_cash_flow", "net_change_in_cash",
    "non_gaap_net_income", "total_equity",
}  # fmt: skip
RATIOS = ("ndr", "grr", "logo_churn", "top1_customer_share", "top10_customer_share", "gross_margin")
PERIODS = ("FY2023", "FY2024", "FY2025")


@st.composite
def statements(draw: st.DrawFn) -> str:
    """A company of three years with some rows missing and some figures as bounds.

    Every year has a headcount, which no graded metric reads, so that no year is ever empty.
    """
    rows = ""
    for name in (*FLOWS, *BALANCES):
        if draw(st.integers(0, 3)) == 0:
            continue
        low = -100 if name in SIGNED else 1
        cells = draw(st.tuples(*(st.one_of(st.none(), st.integers(low, 200)) for _ in PERIODS)))
        written = ", ".join("~" if cell is None else str(cell) for cell in cells)
        rows += f"      {name}: [{written}]\n"
    single = ""
    for name in RATIOS:
        cells = draw(st.lists(st.sampled_from(PERIODS), unique=True, max_size=3))
        if cells:
            single += f"  {name}:\n"
        for period in cells:
            bound = draw(st.sampled_from(("", "", "over ", "under ")))
            single += f"    {period}: {{value: '{bound}{draw(st.integers(1, 140))}%', source: s}}\n"
    return (
        "ddcheck: company/1\n"
        "company: {id: made-up, name: Made-up, currency: USD, tags: [saas]}\n"
        "sources: {s: {title: Statements, tier: audited, published: 2026-02-01}}\n"
        "tables:\n"
        "  - source: s\n"
        "    unit: USD million\n"
        f"    periods: [{', '.join(PERIODS)}]\n"
        "    facts:\n"
        "      contract_value: [10, 10, 10]\n" + rows + ("facts:\n" + single if single else "")
    )


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(statements(), st.data())
def test_hiding_a_fact_of_a_made_up_company_never_raises_the_lower_end(
    text: str, data: st.DataObject
) -> None:
    whole = company(text)
    keys = sorted({key_of(fact) for fact in whole.facts if fact.concept != "contract_value"})
    assume(keys)
    key = data.draw(st.sampled_from(keys))
    rest = hide(whole, key)
    before = evaluate(graded_plan(), whole, today=TODAY)
    after = evaluate(graded_plan(), rest, today=TODAY)
    assert before.newest.get("year") == after.newest.get("year")
    assert above(lower_ends(after), lower_ends(before)) == []


def agora_keys() -> dict[str, Key]:
    named = {}
    for fact in agora().facts:
        if fact.kind == ACTUAL:
            scope = f" {fact.scope[0]}:{fact.scope[1]}" if fact.scope else ""
            named[f"{fact.concept} {fact.period.label}{scope}"] = key_of(fact)
    return named


def test_hiding_any_fact_of_agora_never_raises_the_lower_end() -> None:
    before = evaluate(graded_plan(), agora(), today=TODAY)
    names = agora_keys()
    raised: dict[str, Any] = {}
    for name, key in names.items():
        after = evaluate(graded_plan(), hide(agora(), key), today=TODAY)
        places = above(lower_ends(after), lower_ends(before))
        if places:
            raised[name] = places
    assert raised == {}
    assert len(names) > 250


@pytest.mark.parametrize("period", ["FY2021", "FY2022"])
def test_the_ends_hold_between_them_what_is_known(period: str) -> None:
    when = agora().calendar.parse(period)[0]
    grade = evaluate(graded_plan(), agora(), today=TODAY, period=when).grade
    found = [(item.worst, item.letter, item.best) for item in grade.categories]
    assert [
        (worst, letter, best)
        for worst, letter, best in found
        if letter is not None and not points(worst) <= points(letter) <= points(best)
    ] == []
