"""How text and JSON show what a verdict rests on: firmness, headroom, conflicts, assumptions.

The values are put in by hand; whether they are right is tested where they are worked out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ddcheck.engine.check.assumptions import assume
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.commands.loading import load_plan, read_company
from ddcheck.engine.model.company import Company, Document, Fact
from ddcheck.engine.model.conflict import Conflict
from ddcheck.engine.model.evaluation import Assumption, Evaluation
from ddcheck.engine.model.finding import FLAG, UNKNOWN, Finding, Flip, Headroom, Stability
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.variants import ASSUMED, with_facts
from ddcheck.engine.model.wording import printed_text
from ddcheck.engine.report.as_json import render_json
from ddcheck.engine.report.full import full_report
from ddcheck.engine.report.lines import flow, line, plain
from ddcheck.engine.report.screen import first_screen
from ddcheck.engine.text.diagnostics import Report, display_width
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.quantity import Quantity, parse_quantity
from ddcheck.engine.text.source import Source

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 21).toordinal()
LOSS = "loss-margin-widening"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan((), Report())


@pytest.fixture(scope="module")
def company(plan: Plan) -> Company:
    found = read_company(str(ROOT / "companies/agora.yaml"), plan, Report())
    assert found is not None
    return found._replace(path="companies/agora.yaml")


@pytest.fixture(scope="module")
def agora(plan: Plan, company: Company) -> Evaluation:
    return evaluate(plan, company, today=TODAY)


@pytest.fixture(scope="module")
def chinese(plan: Plan, company: Company) -> Evaluation:
    return evaluate(plan, company, today=TODAY, language="zh")


def screen(evaluation: Evaluation, columns: int = 110) -> str:
    return plain(first_screen(evaluation, 0, columns))


def everything(evaluation: Evaluation) -> str:
    return plain(full_report(evaluation))


def as_json(evaluation: Evaluation) -> Any:
    text = render_json([evaluation], (), version="t", today=TODAY, level="none", failed=False)
    return json.loads(text)["reports"][0]


def fact_of(company: Company, concept: str, period: str) -> Fact:
    return next(
        f
        for f in company.facts
        if f.concept == concept and str(f.period) == period and f.source == "broker-2024"
    )


def changed(evaluation: Evaluation, ident: str, change: Callable[[Finding], Finding]) -> Evaluation:
    findings = tuple(change(f) if f.id == ident else f for f in evaluation.findings)
    return evaluation._replace(findings=findings)


def about(text: str, ident: str) -> list[str]:
    """The lines of the finding `ident` in the whole report."""
    lines = text[text.index("FINDINGS") if "FINDINGS" in text else 0 :].splitlines()
    start = next(i for i, item in enumerate(lines) if re.match(rf"    .{{8,10}}{ident}\b", item))
    end = next(i for i in range(start + 1, len(lines)) if not lines[i].startswith(" " * 14))
    return [item.strip() for item in lines[start:end]]


# --- firm and fragile, headroom


def fragile(company: Company, evaluation: Evaluation) -> Evaluation:
    loss = fact_of(company, "net_income", "FY2022")
    flips = (Flip(loss, -120_385_000.0), Flip(fact_of(company, "revenue", "FY2022"), 160_665_000.0))
    return changed(
        evaluation,
        LOSS,
        lambda f: f._replace(stability=lambda: Stability(False, flips), room=tuple),
    )


def test_a_fragile_flag_says_so_and_names_what_turns_it(
    company: Company, agora: Evaluation
) -> None:
    found = fragile(company, agora)
    (row,) = (item for item in screen(found).splitlines() if "Loss widens faster" in item)
    assert row.endswith("█▄▁    fragile [B]")
    loss, revenue = (fact_of(company, name, "FY2022") for name in ("net_income", "revenue"))
    assert about(everything(found), LOSS) == [
        f"high      {LOSS}                     FY2022, fragile, broker [B]",
        "Net margin -2.3%, -43.1%, -74.9%",
        "fragile: turns with Net income FY2022 at -120.385 (printed -120.38,",
        f"{_place(loss)}), Revenue FY2022 at 160.665 (printed 160.67,",
        f"{_place(revenue)})",
    ]


def _place(fact: Fact) -> str:
    return f"{fact.node.source.path}:{fact.node.line}"


def test_a_verdict_of_which_nothing_is_shown_is_neither(agora: Evaluation) -> None:
    found = changed(agora, LOSS, lambda f: f._replace(stability=lambda: Stability(None, ())))
    (row,) = (item for item in screen(found).splitlines() if "Loss widens faster" in item)
    assert row.endswith("█▄▁    [B]")


def test_fragility_in_json(company: Company, agora: Evaluation) -> None:
    (finding,) = (f for f in as_json(fragile(company, agora))["findings"] if f["id"] == LOSS)
    assert finding["firm"] is False
    assert finding["flips"] == [
        {"concept": "net_income", "period": "FY2022", "scope": None, "unit": "USD",
         "source": "broker-2024", "file": "companies/agora.yaml",
         "line": fact_of(company, "net_income", "FY2022").node.line, "value": -120385000},
        {"concept": "revenue", "period": "FY2022", "scope": None, "unit": "USD",
         "source": "broker-2024", "file": "companies/agora.yaml",
         "line": fact_of(company, "revenue", "FY2022").node.line, "value": 160665000},
    ]  # fmt: skip


def with_headroom(company: Company, evaluation: Evaluation) -> Evaluation:
    rooms = (
        Headroom(fact_of(company, "net_income", "FY2022"), None, -69_200_000.0),
        Headroom(fact_of(company, "revenue", "FY2022"), 160_668_000.0, 279_456_000.0),
        Headroom(fact_of(company, "revenue", "FY2021"), None, None),
    )
    return changed(evaluation, LOSS, lambda f: f._replace(room=lambda: rooms))


def test_headroom_stands_with_each_finding(company: Company, agora: Evaluation) -> None:
    lines = about(everything(with_headroom(company, agora)), LOSS)
    # A fall that the usual digits would not show is written to the last one.
    assert " ".join(lines[2:]) == (
        "turns if Net income FY2022 (-120.4) rises to -69.2; "
        "Revenue FY2022 (160.7) falls to 160.668 or rises to 279.5"
    )
    (finding,) = (f for f in as_json(with_headroom(company, agora))["findings"] if f["id"] == LOSS)
    assert [(r["concept"], r["period"], r["below"], r["above"]) for r in finding["headroom"]] == [
        ("net_income", "FY2022", None, -69200000),
        ("revenue", "FY2022", 160668000, 279456000),
        ("revenue", "FY2021", None, None),
    ]


def test_no_headroom_is_null(agora: Evaluation) -> None:
    none = changed(agora, LOSS, lambda f: f._replace(room=tuple))
    (finding,) = (f for f in as_json(none)["findings"] if f["id"] == LOSS)
    assert finding["headroom"] is None


def test_headroom_in_chinese(company: Company, chinese: Evaluation) -> None:
    text = "".join(about(everything(with_headroom(company, chinese)), LOSS)[2:])
    assert text == (
        "结论反转条件：净利润 FY2022（-120.4）升至-69.2；"
        "营业收入 FY2022（160.7）降至160.668或升至279.5"
    )


# --- conflicts


def conflict(company: Company, *decides: str, concept: str = "net_income") -> Conflict:
    facts = tuple(
        fact for fact in company.facts if fact.concept == concept and str(fact.period) == "FY2020"
    )
    return Conflict(
        "value",
        concept,
        facts[0].period,
        None,
        facts,
        "broker-2024",
        "broker before press",
        decides,
    )


def contradictions(text: str) -> list[str]:
    lines = text.splitlines()
    start = next(
        i for i, item in enumerate(lines) if item in ("CANNOT ALL BE TRUE", "不可能同时成立的数据")
    )
    return lines[start + 1 : lines.index("", start)]


def test_a_conflict_that_decides_something_comes_first_among_what_cannot_be(
    company: Company, agora: Evaluation
) -> None:
    found = agora._replace(conflicting=lambda: (conflict(company, LOSS, "net_margin"),))
    lines = contradictions(screen(found))
    assert len(lines) == 4
    assert re.fullmatch(
        r"   !   Net income FY2020: .*-3\.11 USD m \[B\].* decides Loss widens faster than sales, "
        r"Net margin",
        lines[0],
    )
    assert lines[-1] == "   and 10 more: --all"
    assert len(screen(found).splitlines()) <= 40


@pytest.mark.parametrize("decided", [1, 9])
def test_figures_of_a_conflict_are_shown_whole_however_much_it_decides(
    company: Company, agora: Evaluation, decided: int
) -> None:
    found = agora._replace(conflicting=lambda: (conflict(company, *[LOSS] * decided),))
    first = contradictions(screen(found))[0]
    sides = "   !   Net income FY2020: -3.11 USD m [B], -312万美元 [P2] decides Loss widens"
    assert first.startswith(sides)
    assert display_width(first) <= 110


def test_a_bare_cell_of_a_table_is_shown_with_its_unit(company: Company) -> None:
    def shown(text: str, unit: str = "USD", value: float | None = 4.668e6) -> tuple[str, str]:
        fact = next(fact for fact in company.facts if fact.concept == "net_income")
        point = Decimal(str(value)) if value is not None else None
        given = Fact(
            fact.concept,
            fact.period,
            fact.kind,
            Quantity(point, point, point, unit, ""),
            fact.source,
            fact.node,
            text,
        )
        return printed_text(given), printed_text(given, "zh")

    assert shown("4668") == ("4.668 USD m", "4.668百万美元")
    assert shown("(4,668)", value=-4.668e6) == ("-4.668 USD m", "-4.668百万美元")
    assert shown("4.668 USD million") == ("4.668 USD million",) * 2
    assert shown("43", "ratio", 0.43) == ("43%",) * 2
    assert shown("1.9", "ratio", 1.9) == ("1.9",) * 2
    assert shown("over 3", value=None) == ("over 3",) * 2


def test_what_rests_on_assumptions_is_counted_with_the_evidence(
    plan: Plan, company: Company
) -> None:
    taken = assume(plan, company, ("revenue@FY2022=190 USD million",), Report(), today=TODAY)
    assert taken is not None
    found = evaluate(taken.plan, taken.company, today=TODAY, assumptions=taken.assumptions)
    assert "press (5 flags), assumed (3 flags, the grade) · no audited figure" in screen(found)


def test_what_is_known_on_too_weak_evidence_is_not_called_stale(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(
        "ddcheck: pack/1\nid: mine\ntitle: {en: Mine}\nversion: '1.0'\nextends: [core]\n"
    )
    (tmp_path / "loss.yaml").write_text(
        "ddcheck: rules/1\ncategory: profitability\nrules:\n  loss-audited: {title: {en: Loss},"
        " when: net_income < 0, severity: critical, min_evidence: audited}\n"
    )
    own = load_plan((str(tmp_path),), Report())
    agora = read_company(str(ROOT / "companies/agora.yaml"), own, Report())
    assert agora is not None
    found = evaluate(own, agora, today=TODAY)
    assert re.search(r"Net income FY2022 +flag at FY2022, on evidence too weak", screen(found))


def test_a_conflict_that_decides_nothing_stays_off_the_first_screen(
    company: Company, agora: Evaluation
) -> None:
    found = agora._replace(conflicting=lambda: (conflict(company),))
    assert screen(found) == screen(agora._replace(conflicting=tuple))


def test_every_conflict_is_listed_with_type_choice_and_what_it_decides(
    company: Company, agora: Evaluation, chinese: Evaluation
) -> None:
    def listed(evaluation: Evaluation) -> str:
        found = evaluation._replace(conflicting=lambda: (conflict(company, LOSS),))
        text = everything(found)
        head = "CONFLICTS" if evaluation.language == "en" else "来源冲突"
        block = text[text.index(head) :].split("\n\n")[0]
        return " ".join(block.split())

    assert listed(agora).endswith(
        "figures differ first counts: broker before press decides Loss widens faster than sales"
    )
    assert listed(chinese).endswith("数值不一 取首项：券商优先于媒体 用于判断：亏损率扩大")
    found = agora._replace(conflicting=lambda: (conflict(company, LOSS),))
    (shown,) = as_json(found)["conflicts"]
    assert (shown["type"], shown["decides"]) == ("value", [LOSS])


def test_many_conflicts_leave_room_for_the_rest(company: Company, agora: Evaluation) -> None:
    many = tuple(conflict(company, LOSS) for _ in range(12))
    text = screen(agora._replace(conflicting=lambda: many))
    assert len(text.splitlines()) <= 40
    assert contradictions(text)[-1] == "   and 21 more: --all"


# --- the evidence tier


def test_the_head_says_what_flags_and_grade_rest_on(agora: Evaluation) -> None:
    line_ = next(item for item in screen(agora).splitlines() if item.startswith("Evidence"))
    tiers = [f.tier for f in agora.findings if f.outcome == FLAG]
    broker, press = tiers.count("broker"), tiers.count("press")
    assert broker > 0 < press
    assert line_.startswith(
        f"Evidence: broker ({broker} flags, the grade), press ({press} flags) · no audited figure"
    )


def test_metrics_and_findings_carry_their_tier(agora: Evaluation) -> None:
    text = everything(agora)
    assert re.search(r"^  F    net_margin +\[B\] ", text, re.MULTILINE)
    assert "FY2022, firm, press [B,P2]" in text
    report = as_json(agora)
    assert report["metrics"]["net_margin"]["tier"] == "broker"
    assert report["metrics"]["guidance_miss"]["tier"] == "press"
    assert report["metrics"]["ndr"]["tier"] is None


def test_evidence_that_is_too_weak_is_a_reason(agora: Evaluation, chinese: Evaluation) -> None:
    def weak(finding: Finding) -> Finding:
        details = finding.details()._replace(reason="evidence", missing=())
        return finding._replace(outcome=UNKNOWN, details=lambda: details)

    assert about(everything(changed(agora, LOSS, weak)), LOSS)[1] == (
        "Loss widens faster than sales: unknown "
        "(the evidence, broker, is weaker than the rule asks for)"
    )
    assert about(everything(changed(chinese, LOSS, weak)), LOSS)[1] == (
        "亏损率扩大：未知（证据等级为券商，低于规则要求）"
    )


# --- assumptions


def assumed(plan: Plan, company: Company, language: str = "en") -> Evaluation:
    """Agora with revenue of FY2022 assumed to be 200, and the evaluation saying so."""
    stated = fact_of(company, "revenue", "FY2022")
    node = Scalar(Source(ASSUMED, "revenue@FY2022=200 USD million"), "200", None, 1, 1, 3)
    fact = Fact(
        "revenue", stated.period, 0, parse_quantity("200 USD million"), ASSUMED, node,
        "200 USD million",
    )  # fmt: skip
    document = Document(
        ASSUMED, "assumed", None, "audited", company.sources["broker-2024"].published, None, None,
        node,
    )  # fmt: skip
    changes: dict[Fact, Fact | None] = {
        other: None
        for other in company.facts
        if other.concept == "revenue"
        and str(other.period) == "FY2022"
        and other.kind == 0
        and other.scope is None
    }
    variant = with_facts(company, changes, (fact,), {ASSUMED: document})
    found = evaluate(plan, variant, today=TODAY, language=language)
    assumption = Assumption(
        "revenue", "Revenue", "FY2022", fact, None, "USD", "revenue@FY2022=200 USD million",
        (stated,),
    )  # fmt: skip
    return found._replace(assumptions=(assumption,))


def test_an_assumption_stands_at_the_top_and_marks_what_rests_on_it(
    plan: Plan, company: Company
) -> None:
    found = assumed(plan, company)
    lines = screen(found).splitlines()
    assert lines[1] == ("ASSUMED, no source: Revenue FY2022: 200.0 instead of 160.7 (broker-2024)")
    assert len(lines) <= 40
    (row,) = (item for item in lines if "Operating cost above gross margin" in item)
    assert row.rstrip().endswith("[--set,B]")
    assert " assumed " in row
    (row,) = (item for item in lines if "Cash falls fast" in item)
    assert "assumed" not in row
    assert "[--set]" not in lines[-2]  # it has no date
    assert not any(item.startswith("Evidence") and "audited (" in item for item in lines)


def test_assumptions_have_a_section_of_their_own(plan: Plan, company: Company) -> None:
    found = assumed(plan, company)
    text = everything(found)
    block = text[text.index("\nASSUMPTIONS\n") :].split("\n\n")[0].splitlines()
    assert block[2] == (
        "  Revenue FY2022: 200.0 instead of 160.7 (broker-2024)"
        "   --set revenue@FY2022=200 USD million"
    )
    assert block[3].startswith("  rests on them: ")
    assert "operating-cost-above-gross-margin" in text[text.index("rests on them") :]
    assert "assumed" not in text[text.index("SOURCES") :]
    assert "FY2022, assumed, " in about(text, "operating-cost-above-gross-margin")[0]


def test_assumptions_in_json(plan: Plan, company: Company) -> None:
    report = as_json(assumed(plan, company))
    (item,) = report["assumptions"]
    assert {k: item[k] for k in ("name", "period", "value", "unit", "written")} == {
        "name": "revenue", "period": "FY2022", "value": 200000000, "unit": "USD",
        "written": "revenue@FY2022=200 USD million",
    }  # fmt: skip
    assert [fact["text"] for fact in item["displaced"]] == ["160.67"]
    marked = {f["id"]: f["on_assumptions"] for f in report["findings"]}
    assert marked["operating-cost-above-gross-margin"] is True
    assert marked["cash-falling"] is False
    facts = [e for f in report["findings"] for e in f["evidence"] if e["source"] == ASSUMED]
    assert {(e["file"], e["line"]) for e in facts} == {(ASSUMED, 1)}


def test_an_assumed_parameter_shows_its_value(agora: Evaluation, chinese: Evaluation) -> None:
    item = Assumption(
        "runway_limit", "Runway limit", None, None, 18.0, "months", "runway_limit=18 months", (),
        12.0,
    )  # fmt: skip
    many = (item,) * 4
    assert screen(agora._replace(assumptions=many)).splitlines()[1:3] == [
        (
            "ASSUMED, no source: Runway limit: 18 months instead of 12 months; "
            "Runway limit: 18 months instead of 12 months"
        ),
        "  and 2 more",
    ]
    assert screen(chinese._replace(assumptions=(item,))).splitlines()[1] == (
        "假设（无来源）：Runway limit：18个月，原为12个月"
    )
    assert len(screen(agora._replace(assumptions=many)).splitlines()) <= 40


def test_without_assumptions_nothing_is_said_of_them(agora: Evaluation) -> None:
    assert "ASSUMED" not in screen(agora)
    assert as_json(agora)["assumptions"] == []


# --- narrower terminals


@pytest.mark.parametrize("columns", [60, 72, 80, 100, 109, 110, 200])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_lines_keep_to_the_terminal(
    columns: int, language: str, agora: Evaluation, chinese: Evaluation
) -> None:
    found = agora if language == "en" else chinese
    for lines in (first_screen(found, 2, columns), full_report(found, columns)):
        wide = [x for x in plain(lines).splitlines() if display_width(x) > min(columns, 110)]
        assert wide == []
    assert len(first_screen(found, 2, columns)) <= (40 if columns >= 80 else 50)


def test_the_first_screen_at_80_columns(
    agora: Evaluation, chinese: Evaluation, golden: Callable[[str | Path, str], None]
) -> None:
    golden("narrow/agora-80", screen(agora, 80))
    golden("narrow/agora-80-zh", screen(chinese, 80))


def test_what_to_type_next_repeats_the_options_of_the_run(agora: Evaluation) -> None:
    last = plain(first_screen(agora, 0, 110, "--pack core --lang en")).splitlines()[-1]
    assert last.startswith(f"next: ddcheck explain agora {LOSS} --pack core --lang en · ")


def test_chunks_flow_onto_as_few_lines_as_they_need() -> None:
    chunks = [line(word) for word in ("aaaa", "bbbb", "cccc")]

    def flowed(columns: int) -> list[str]:
        return plain(flow(chunks, columns, indent="  ")).splitlines()

    assert flowed(18) == ["aaaa · bbbb · cccc"]
    assert flowed(17) == ["aaaa · bbbb", "  cccc"]
    assert flowed(10) == ["aaaa", "  bbbb", "  cccc"]
    assert plain(flow([line("one two three")], 7)).splitlines() == ["one two", "three"]
    assert flow([], 10) == []
