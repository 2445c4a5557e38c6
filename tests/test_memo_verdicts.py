"""Every verdict at its line and column with its message; targets, trends, the audit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.memo.audit import audit_memo
from ddcheck.engine.memo.reading import read_memo
from ddcheck.engine.memo.targets import TargetError, parse_target
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.memo import VERDICTS, Audit, Target
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.report.lines import plain
from ddcheck.engine.report.memo import memo_report
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import Source

HERE = Path(__file__).parent
TODAY = date(2026, 11, 21).toordinal()
HEAD = "---\nddcheck: memo/1\ncompany: {}\nas_of: 2024-02-06\n{}---\n"


@pytest.fixture(scope="module")
def plan() -> Plan:
    report = Report()
    found = compile_packs(load_packs((), report), report)
    assert list(report) == []
    return found


def evaluation(plan: Plan, text: str, as_of: int | None) -> Evaluation:
    if "\n" not in text:
        text = (HERE.parent / "companies" / f"{text}.yaml").read_text(encoding="utf-8")
    path = HERE / "unwritten.yaml"
    from ddcheck.engine.model.facts import load_company
    from ddcheck.engine.text.document import Mapping, parse

    report = Report()
    root = parse(Source(str(path), text), report)
    assert isinstance(root, Mapping)
    company = load_company(root, plan.terms, plan.vocabulary.dimensions, report)
    assert company is not None, list(report)
    return evaluate(plan, company, today=TODAY, as_of=as_of)


def audit(
    plan: Plan, text: str, company: str = "agora", waived: dict[str, tuple[str, ...]] | None = None
) -> Audit:
    report = Report()
    memo = read_memo(Source("memo.md", text), "warn", report)
    assert [item.message for item in report] == []
    assert memo is not None
    assert plan.packs.policy is not None
    found = {memo.company: evaluation(plan, company, memo.as_of)}
    return audit_memo(memo, found, plan.packs.policy, waived or {})


def test_every_verdict(plan: Plan, golden: Callable[[str, str], None]) -> None:
    text = (HERE / "memo" / "verdicts.md").read_text(encoding="utf-8")
    found = audit(plan, text)
    lines = []
    for item in found.claims:
        span = item.claim.span
        ends = f"[{item.claim_low}, {item.claim_high}]"
        lines.append(
            f"{span.line}:{span.column}-{span.end_column} {item.claim.text} "
            f"{item.claim.target.text}\n"
            f"  {item.verdict} {ends}: {item.message}\n"
            + "".join(f"  {near.kind}: {near.words}\n" for near in item.near)
        )
    golden("memo-verdicts/verdicts.txt", "".join(lines))
    golden("memo-verdicts/report.txt", plain(memo_report(found, everything=True)))
    assert {item.verdict for item in found.claims} == set(VERDICTS)
    kinds = {near.kind for item in found.claims for near in item.near}
    assert kinds == {"period", "unit", "scale", "sign", "name", "kind", "rounding", "trend"}


# --- rounding, against a company whose figures are known

ACME = """\
ddcheck: company/1
company: {id: acme, name: Acme, currency: USD, tags: [saas]}
sources:
  report: {title: R, tier: audited, published: 2024-01-01}
  young: {title: Y, tier: audited, published: 2025-01-01}
tables:
  - source: report
    unit: USD
    periods: [FY2019, FY2020, FY2021, FY2022]
    facts:
      revenue: [10000, 11301, 10000, 20000]
      net_income: [-300, -100, 200, -300]
      operating_cash_flow: [100, 105, 95, 101]
      gross_profit: [5000, 5000, 5000, 5000]
"""


def verdict(plan: Plan, claim: str) -> str:
    found = audit(plan, HEAD.format("acme", "") + claim, ACME)
    (item,) = found.claims
    return item.verdict


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("[13%](dd:revenue_growth@FY2020)", "match"),
        ("[13.0%](dd:revenue_growth@FY2020)", "match"),
        ("[13.1%](dd:revenue_growth@FY2020)", "mismatch"),
        ("[12%](dd:revenue_growth@FY2020)", "mismatch"),
        ("[13.01%](dd:revenue_growth@FY2020)", "overprecise"),
        ("[14%](dd:revenue_growth@FY2020)", "mismatch"),
        ("约[14%](dd:revenue_growth@FY2020)", "match"),
        ("about [15%](dd:revenue_growth@FY2020)", "mismatch"),
        ("近[14%](dd:revenue_growth@FY2020)", "match"),
        ("近[13%](dd:revenue_growth@FY2020)", "match-rounded"),
        ("超[13%](dd:revenue_growth@FY2020)", "match"),
        ("超[13.1%](dd:revenue_growth@FY2020)", "mismatch"),
        ("不足[14%](dd:revenue_growth@FY2020)", "match"),
        ("不足[13%](dd:revenue_growth@FY2020)", "match-rounded"),
        ("下降[12%](dd:revenue_growth@FY2021)", "match"),
        ("增长[12%](dd:revenue_growth@FY2021)", "mismatch"),
        ("[翻番](dd:revenue_growth@FY2022)", "match"),
        ("增长[一倍](dd:revenue_growth@FY2022)", "match"),
        ("[2倍](dd:=revenue/prev(revenue)@FY2022)", "match"),
        ("翻[3倍](dd:revenue_growth@FY2022)", "unresolved"),
        ("net loss of [$300](dd:net_income@FY2019)", "match"),
        ("net loss narrowed from $300 to [$100](dd:net_income@FY2020)", "match"),
        ("[$300](dd:net_income@FY2019)", "mismatch"),
        ("[$0.01 million](dd:revenue@FY2019)", "match"),
        ("[1万美元](dd:revenue@FY2019)", "match"),
        ("[10千美元](dd:revenue@FY2019)", "match"),
        ("[$10,000-12,000](dd:revenue@FY2020)", "match"),
        ("[$12,000-13,000](dd:revenue@FY2020)", "mismatch"),
    ],
)
def test_rounding(plan: Plan, claim: str, expected: str) -> None:
    assert verdict(plan, claim) == expected


@pytest.mark.parametrize(
    ("trend", "name", "periods", "expected"),
    [
        ("rising", "revenue", "FY2019..FY2020", "match"),
        ("rising", "revenue", "FY2019..FY2022", "mismatch"),
        ("falling", "revenue", "FY2020..FY2021", "match"),
        ("falling", "revenue", "FY2019..FY2021", "mismatch"),
        ("stable", "operating_cash_flow", "FY2019..FY2022", "match"),
        ("stable", "revenue", "FY2019..FY2022", "mismatch"),
        ("widening", "net_income", "FY2021..FY2022", "mismatch"),
        ("narrowing", "net_income", "FY2019..FY2020", "match"),
        ("narrowing", "net_income", "FY2019..FY2021", "mismatch"),
        ("widening", "revenue", "FY2021..FY2022", "match"),
        ("slowing", "revenue", "FY2020..FY2021", "match"),
        ("slowing", "revenue", "FY2021..FY2022", "mismatch"),
        ("accelerating", "revenue", "FY2021..FY2022", "match"),
        ("accelerating", "revenue", "FY2020..FY2021", "mismatch"),
        ("turned-positive", "net_income", "FY2020..FY2021", "match"),
        ("turned-positive", "net_income", "FY2019..FY2020", "mismatch"),
        ("turned-negative", "net_income", "FY2021..FY2022", "match"),
        ("turned-negative", "net_income", "FY2019..FY2022", "mismatch"),
        ("rising", "cash_and_short_term_investments", "FY2019..FY2020", "unresolved"),
        ("rising", "revenue", "FY2017..FY2020", "unresolved"),
        ("rising", "revenue", "FY2022..FY2019", "unresolved"),
        ("rising", "revenue", "FY2019..2020Q4", "unresolved"),
        ("accelerating", "revenue", "FY2019..FY2020", "unresolved"),
    ],
)  # fmt: skip
def test_trends(plan: Plan, trend: str, name: str, periods: str, expected: str) -> None:
    assert verdict(plan, f"[word](dd:{name}@{periods}?is={trend})") == expected


# --- what one source prints, and how coarse the facts are


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("[22%](dd:revenue_growth@2021Q4?from=press-2022)", "match"),
        # The two intervals end where the other begins; they do not say the same.
        ("[23%](dd:revenue_growth@2021Q4?from=press-2022)", "mismatch"),
        ("[21%](dd:revenue_growth@2021Q4?from=press-2022)", "mismatch"),
        ("[22.0%](dd:revenue_growth@2021Q4?from=press-2022)", "overprecise"),
        ("[22%](dd:revenue_growth@2021Q4)", "mismatch"),
        ("净亏损[312万美元](dd:net_income@FY2020?from=press-2022)", "match"),
        ("净亏损[312万美元](dd:net_income@FY2020)", "mismatch"),
        ("净亏损[311万美元](dd:net_income@FY2020)", "match"),
        ("[4%](dd:gross_margin@2021Q4?from=press-2022)", "unresolved"),
        ("[4%](dd:gross_margins@2021Q4?from=press-2022)", "unresolved"),
        ("[22%](dd:revenue_growth@2021Q4?from=press-2020)", "unresolved"),
        # Noughts that end a whole number are no digits where the facts are no finer.
        ("[$52,400](dd:arpu_per_customer@FY2022)", "match"),
        ("[$52,410](dd:arpu_per_customer@FY2022)", "overprecise"),
        ("[$52,400.0](dd:arpu_per_customer@FY2022)", "overprecise"),
        ("[$52,000](dd:arpu_per_customer@FY2022)", "mismatch"),
        ("[$52,500](dd:arpu_per_customer@FY2022)", "mismatch"),
        ("跌去[97.4%](dd:drawdown@2024-02-06)", "match"),
        ("more than [a quarter](<dd:=cash_unexplained/cash_change@FY2022>) of it", "match"),
    ],
)
def test_a_claim_about_agora(plan: Plan, claim: str, expected: str) -> None:
    head = "---\nddcheck: memo/1\ncompany: agora\nas_of: 2024-02-06\n---\n"
    found = audit(plan, f"{head}{claim}\n")
    assert [item.verdict for item in found.claims] == [expected]


def test_a_tag_on_a_source_a_flag_or_a_trend_vouches_for_no_number(plan: Plan) -> None:
    head = "---\nddcheck: memo/1\ncompany: agora\ncoverage: strict\n---\n"
    body = (
        "[it grew 99%](dd:source/press-2022) [fell by 8.1%](dd:flag/revenue-falling) "
        "[fell by 7.1%](dd:revenue@FY2021..FY2022?is=falling)"
    )
    found = audit(plan, f"{head}{body}\n")
    assert [item.message for item in found.remarks if item.id == "untagged"] == [
        "`99%` has no tag", "`8.1%` has no tag", "`7.1%` has no tag",
    ]  # fmt: skip


def test_a_source_quoted_must_have_been_there(plan: Plan) -> None:
    head = "---\nddcheck: memo/1\ncompany: agora\nas_of: 2022-01-31\n---\n"
    found = audit(plan, f"{head}[22%](dd:revenue_growth@2021Q4?from=press-2022)\n")
    assert [(i.id, i.level) for i in found.remarks if i.id == "source-too-young"] == [
        ("source-too-young", "error")
    ]


# --- targets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dd:revenue", (None, "value", "revenue", (), None, None)),
        ("dd:revenue@FY2021", (None, "value", "revenue", ("FY2021",), None, None)),
        ("dd:b/revenue@FY2021?as=trunc", ("b", "value", "revenue", ("FY2021",), "trunc", None)),
        (
            "dd:x@FY2020..FY2022?is=rising",
            (None, "value", "x", ("FY2020", "FY2022"), None, "rising"),
        ),
        ("dd:flag/a-b", (None, "flag", "a-b", (), None, None)),
        ("dd:acme/source/s", ("acme", "source", "s", (), None, None)),
        ("dd:=a / b@FY2021", (None, "expression", "a / b", ("FY2021",), None, None)),
        ("dd:=a%20/%20b@FY2021", (None, "expression", "a / b", ("FY2021",), None, None)),
        ("dd:acme/=a@FY2021?as=min", ("acme", "expression", "a", ("FY2021",), "min", None)),
    ],
)
def test_a_target(text: str, expected: tuple[object, ...]) -> None:
    assert parse_target(text) == Target(*expected, text)  # type: ignore[arg-type]


def test_a_target_that_quotes_a_source() -> None:
    text = "dd:b/revenue@FY2021?from=press-2022"
    expected = Target("b", "value", "revenue", ("FY2021",), None, None, text, "press-2022")
    assert parse_target(text) == expected


@pytest.mark.parametrize(
    ("text", "message", "help_"),
    [
        ("DD:a", "a tag begins with `dd:`", "write it small and without spaces"),
        ("dd :a", "a tag begins with `dd:`", "write it small and without spaces"),
        ("dd:" + "a" * 1200, "a tag of more than 1200 characters", None),
        ("dd:", "no fact or metric can be called ``", "write for example `dd:revenue@FY2021`"),
        (
            "dd:a b",
            "no fact or metric can be called `a b`",
            "write for example `dd:revenue@FY2021`",
        ),
        (
            "dd:Revenue",
            "no fact or metric can be called `Revenue`",
            "write for example `dd:revenue@FY2021`",
        ),
        ("dd:é/a", "`é` cannot be a company's id", None),
        ("dd:a/flg/b", "`flg/` is neither `flag/` nor `source/`", "did you mean `flag`?"),
        ("dd:flag/", "no id behind `flag/`", "write for example `dd:flag/some-id`"),
        ("dd:flag/a@FY2021", "a `flag/` tag takes neither a period nor an option", None),
        ("dd:source/a?as=min", "a `source/` tag takes neither a period nor an option", None),
        ("dd:a@", "no period behind `@`", "write for example `@FY2021` or `@FY2020..FY2022`"),
        (
            "dd:a@FY2020..",
            "no period behind `@`",
            "write for example `@FY2021` or `@FY2020..FY2022`",
        ),
        ("dd:a@FY2021?is=rising", "a trend needs a range of periods", "write `@FY2020..FY2022`"),
        ("dd:a@FY2021?is=", "no trend behind `?is=`", "write for example `?is=rising`"),
        ("dd:a@FY2021?from=", "no source behind `?from=`", "write for example `?from=some-id`"),
        ("dd:a?from=s", "a source's own figure needs a period", "write it behind `@`"),
        ("dd:=a@FY2021?from=s", "no source prints an expression", "leave out `?from=`"),
        ("dd:a?as=trun", "no way to read a number called `trun`", "did you mean `trunc`?"),
        ("dd:a?az=min", "no option `az=min` in `dd:a?az=min`", "did you mean `as`?"),
        ("dd:=@FY2021", "no expression behind `=`", None),
    ],
)
def test_a_target_that_is_none(text: str, message: str, help_: str | None) -> None:
    with pytest.raises(TargetError) as error:
        parse_target(text)
    assert (error.value.message, error.value.help) == (message, help_)


# --- the audit

LONG = "because the largest customers left and research grew faster than sales"
BODY = """\
# Memo
## 1. Executive summary:
All is said here.
## 二、风险与红旗
{risks}
## Open questions
{open}
## Conclusion
Wait.
"""


def remarks(
    plan: Plan, head: str = "recommendation: pass\n", risks: str = "None.", open_: str = "None.",
    body: str = BODY, waived: dict[str, tuple[str, ...]] | None = None,
) -> list[tuple[str, str, str, str | None]]:  # fmt: skip
    text = HEAD.format("agora", head) + body.format(risks=risks, open=open_)
    found = audit(plan, text, waived=waived)
    return [
        (
            item.id,
            item.level,
            f"{item.span.line}:{item.span.column}" if item.span else "",
            item.rule,
        )
        for item in found.remarks
    ]


UP = [
    "revenue-falling", "guidance-missed", "loss-margin-widening",
    "operating-cost-above-gross-margin", "cash-falling",
]  # fmt: skip
UNKNOWN = ["customer-above-10-percent", "ndr-below-100-percent"]


def _answers(*rules: str) -> str:
    return "\n\n".join(f"- [{rule}](dd:flag/{rule}): {LONG}" for rule in rules)


def _ids(found: list[tuple[str, str, str, str | None]], kind: str) -> set[str | None]:
    return {rule for ident, _, _, rule in found if ident == kind}


def test_flags_and_unknowns_ask_for_an_answer(plan: Plan) -> None:
    found = remarks(plan)
    assert _ids(found, "flag-unanswered") == set(UP)
    assert _ids(found, "unknown-unowned") == set(UNKNOWN)
    assert {item[0] for item in found} == {"flag-unanswered", "unknown-unowned"}


def test_answers_where_they_count_are_enough(plan: Plan) -> None:
    assert remarks(plan, risks=_answers(*UP), open_=_answers(*UNKNOWN)) == []


@pytest.mark.parametrize("at", ["Wait.", "All is said here."])
def test_an_answer_elsewhere_does_not_count(plan: Plan, at: str) -> None:
    body = BODY.replace(at, f"{at} {_answers(UP[0])}")
    found = remarks(plan, risks=_answers(*UP[1:]), open_=_answers(*UNKNOWN), body=body)
    assert _ids(found, "flag-unanswered") == {UP[0]}


def test_an_answer_without_words_does_not_count(plan: Plan) -> None:
    short = f"[{UP[0]}](dd:flag/{UP[0]}): nineteen characters"
    found = remarks(plan, risks=_answers(*UP[1:]) + f"\n\n{short}", open_=_answers(*UNKNOWN))
    assert [(i[0], i[3]) for i in found] == [("flag-unanswered", UP[0])]
    longer = short + "!"
    assert remarks(plan, risks=_answers(*UP[1:]) + f"\n\n{longer}", open_=_answers(*UNKNOWN)) == []


def test_a_waiver_stands_for_an_answer(plan: Plan) -> None:
    waived = {"agora": (UP[0], UNKNOWN[0])}
    found = remarks(plan, risks=_answers(*UP[1:]), open_=_answers(*UNKNOWN[1:]), waived=waived)
    assert found == []


def test_an_answer_to_what_is_not_up_is_a_warning(plan: Plan) -> None:
    found = remarks(plan, risks=_answers(*UP, "runway-short"), open_=_answers(*UNKNOWN))
    assert [(i[0], i[1], i[3]) for i in found] == [("flag-not-up", "warning", "runway-short")]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("recommendation: pass\n", []),
        ("", [("recommendation-missing", "error", "", None)]),
        ("recommendation: buy\n", [("recommendation-unknown", "error", "5:17", None)]),
        ("recommendation: invest\n", [("recommendation-not-allowed", "error", "5:17", None)]),
    ],
)
def test_recommendations(plan: Plan, head: str, expected: list[object]) -> None:
    assert remarks(plan, head, _answers(*UP), _answers(*UNKNOWN)) == expected


def test_sections_are_there_and_hold_something(plan: Plan) -> None:
    body = BODY.replace("## Conclusion\nWait.", "## Results\nWait.")
    found = remarks(plan, risks=_answers(*UP), open_=_answers(*UNKNOWN), body=body)
    assert [i[0] for i in found] == ["section-missing"]
    body = BODY.replace("Wait.", "<!-- to come -->\n### Later\n")
    found = remarks(plan, risks=_answers(*UP), open_=_answers(*UNKNOWN), body=body)
    assert [(i[0], i[1]) for i in found] == [("section-empty", "error")]


def test_a_source_that_is_younger_than_the_memo(plan: Plan) -> None:
    found = audit(
        plan, HEAD.format("acme", "") + "[y](dd:source/young) [r](dd:source/report)", ACME
    )
    young = [item for item in found.remarks if item.id == "source-too-young"]
    assert [(i.level, i.span and i.span[2:4], i.message) for i in young] == [
        ("error", (6, 2), "source `young` was published after the memo's `as_of`")
    ]


@pytest.mark.parametrize(
    ("coverage", "level"), [("none", None), ("warn", "warning"), ("strict", "error")]
)
def test_numbers_without_a_tag(plan: Plan, coverage: str, level: str | None) -> None:
    found = audit(plan, HEAD.format("acme", f"coverage: {coverage}\n") + "300 staff in 2021", ACME)
    untagged = [item for item in found.remarks if item.id == "untagged"]
    assert [item.level for item in untagged] == ([level] if level else [])
    assert (found.coverage.untagged, found.coverage.exempt) == (1, 1)
