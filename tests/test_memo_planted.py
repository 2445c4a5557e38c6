"""False numbers, signs, scales, units and periods planted in memos that hold: each is named.

And whatever the text, reading and judging a memo raises nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.commands.loading import read_company
from ddcheck.engine.memo.audit import audit_memo
from ddcheck.engine.memo.reading import read_memo
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.memo import MATCH, ROUNDED, Audit
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.report.lines import plain
from ddcheck.engine.report.memo import memo_report
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import Source, decode

HERE = Path(__file__).parent
TODAY = date(2026, 11, 21).toordinal()
TAG = re.compile(r"\[([^\]]*)\]\((dd:[^)]*)\)")
HEAD = "---\nddcheck: memo/1\ncompany: agora\ncoverage: strict\n---\n"


#: Periods that have the very figure of their neighbor: nothing false was planted.
SAME_VALUE = (
    "53.7%](dd:gross_margin@FY2018)", "61.9](dd:gross_margin@FY2021)",
    "61.9%](dd:gross_margin@FY2022",
)  # fmt: skip


@functools.cache
def _evaluation(name: str) -> Evaluation:
    report = Report()
    plan = compile_packs(load_packs((), report), report)
    company = read_company(str(HERE.parent / "companies" / f"{name}.yaml"), plan, report)
    assert company is not None
    return evaluate(plan, company, today=TODAY)


def _audit(text: str) -> Audit | None:
    source = decode("memo.md", text.encode("utf-8", "replace"), Report())
    memo = read_memo(source, "warn", Report()) if source is not None else None
    if memo is None:
        return None
    evaluation = _evaluation(memo.company)
    policy = evaluation.plan.packs.policy
    assert policy is not None
    return audit_memo(memo, {memo.company: evaluation}, policy, {})


def _planted(text: str) -> Iterator[tuple[int, str, str]]:
    """The memo with one thing made false in each: where, what, and the memo."""
    for match in TAG.finditer(text):
        number, target = match.groups()
        first = re.search(r"[1-9]", number)
        assert first is not None
        other = str(int(first[0]) % 9 + 1)
        changed = {"number": number[: first.start()] + other + number[first.end() :]}
        unit = {
            "%": "bps",
            "美元": "元",
            "million": "billion",
            "亿": "万",
            "万": "亿",
            "个": "万个",
        }
        for old, new in unit.items():
            if old in number:
                changed["scale or unit"] = number.replace(old, new, 1)
        for what, new in changed.items():
            yield match.start() + 1, what, text[: match.start(1)] + new + text[match.end(1) :]
        period = re.search(r"@(FY)?(20\d\d)", target)
        if period is not None:
            year = target.replace(period[2], str(int(period[2]) - 1))
            yield match.start() + 1, "period", text[: match.start(2)] + year + text[match.end(2) :]


@pytest.mark.parametrize("name", ["agora-zh", "agora-en", "twilio-en"])
def test_what_is_planted_is_named(name: str) -> None:
    text = (HERE / "memo" / f"{name}.md").read_text(encoding="utf-8")
    text = re.sub(r"^as_of: .*\n", "", text, flags=re.MULTILINE)
    whole = _audit(text)
    assert whole is not None
    assert {item.verdict for item in whole.claims} <= {MATCH, ROUNDED}
    tried, missed = 0, []
    for offset, what, planted in _planted(text):
        found = _audit(planted)
        assert found is not None
        tried += 1
        if planted[offset : offset + 100].startswith(SAME_VALUE):
            continue
        if not any(
            item.claim.span.start == offset and item.verdict not in (MATCH, ROUNDED)
            for item in found.claims
        ):
            missed.append((what, planted[offset : offset + 50]))
    assert tried >= 60
    assert missed == []


def test_what_is_planted_without_a_tag_is_counted() -> None:
    text = HEAD + "Staff of {}, of whom {} are new, at {} and ${}m in 2021.\n"
    found = _audit(text.format(300, "12.5%", "3x", "4.5"))
    assert found is not None
    untagged = [item for item in found.remarks if item.id == "untagged"]
    assert [(i.level, i.span and i.span.column, i.message) for i in untagged] == [
        ("error", 10, "`300` has no tag"),
        ("error", 23, "`12.5%` has no tag"),
        ("error", 41, "`3x` has no tag"),
        ("error", 48, "`$4.5m` has no tag"),
    ]


PIECES = st.sampled_from(
    [
        "[5%](dd:revenue_growth@FY2021)", "[x](dd:revenue@FY2020..FY2022?is=rising)", "[1](dd:",
        "](", "[", "<dd:=revenue", ">", "@FY2021", ")", "5%<!--dd:gross_margin@FY2021-->", "<!--",
        "-->", "# Risks\n", "\n\n", "| a | b |\n|-|-|\n",
        "| 净亏损 | [5](dd:net_income@FY2021) |\n",
        "[y](dd:flag/revenue-falling)", "[s](dd:source/press-2021)", "`", "*", "净亏损",
        "超", "万亿",
        "9" * 400, "1e999", "0." + "0" * 60 + "1", "[" + "9" * 30 + "](dd:revenue@FY2021)",
        "[1-2000000000万](dd:revenue@FY2021)", "[0](dd:revenue@FY2021)", "[٣%](dd:revenue_growth)",
        "[5%](dd:=1/0@FY2021)", "[5%](dd:=revenue/0*revenue@FY2021)", "\u202e",
        "\u200b", "\x00", "\t",
        "[5%](dd:revenue@0M2021)", "[5%](dd:revenue@FY2021..FY2020)",
        "[-0%](dd:revenue_growth@FY2021)",
    ]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join))
def test_nothing_is_too_strange_to_judge(body: str) -> None:
    found = _audit(HEAD + body)
    if found is not None:
        assert plain(memo_report(found, everything=True))


@settings(max_examples=100)
@given(st.text(max_size=300))
def test_any_text_may_be_a_memo(text: str) -> None:
    _audit(text)
    report = Report()
    read_memo(Source("memo.md", text), "warn", report)
