"""JUnit XML: one suite for each company, memo and the run itself, one case for each judgment.

A case fails where the gate does, is an error where something could not be judged, and is skipped
where a finding is accepted or unknown: only what was measured and is well passes. A case's class
is its company, since some readers show nothing else.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from ddcheck.engine.model.decision import ERROR, FAILS, Gated, GateResult, Settled
from ddcheck.engine.model.finding import FLAG, NOT_APPLICABLE, Finding
from ddcheck.engine.model.memo import MATCH, ROUNDED, Audit
from ddcheck.engine.report.gate import verdict_line
from ddcheck.engine.report.problems import (
    ACCEPTED,
    accepted_words,
    claim_words,
    finding_words,
    is_broken,
    unknown_words,
    words_of,
)
from ddcheck.engine.report.spots import Spot, evidence_spots, one_line, span_spot
from ddcheck.engine.text.source import HIDDEN
from ddcheck.engine.text.translate import say

FAILURE, BROKEN, SKIPPED, OUT = "failure", "error", "skipped", "system-out"


class _Case(NamedTuple):
    """A test case: `outcome` is failure, error, skipped, system-out (it passed) or None."""

    owner: str
    name: str
    outcome: str | None = None
    kind: str = ""
    message: str = ""
    place: str = ""


def render_junit(result: GateResult) -> str:
    """The report as XML; a run that could not judge has an error, whatever else it says."""
    suites = [("ddcheck", _run(result))]
    if result.decision is not None:
        companies = result.decision.companies
        suites += [(item.evaluation.company.id, _company(item, result)) for item in companies]
        suites += [(item.memo.path, _memo(item, result)) for item in result.decision.memos]
    cases = [case for _, own in suites for case in own]
    head = f"tests={_count(cases)} failures={_count(cases, FAILURE)} errors={_count(cases, BROKEN)}"
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="ddcheck" {head}>']
    for name, own in suites:
        lines += _suite(name, own)
    return "\n".join([*lines, "</testsuites>", ""])


# --- what is judged


def _run(result: GateResult) -> list[_Case]:
    """The run itself: mistakes in files, the gate's own notices, and whether all was judged."""
    cases = [
        _Case(
            "ddcheck", f"{item.code} {item.path}", BROKEN if item.severity == ERROR else OUT,
            item.code, f"{item.message} ({item.help})" if item.help else item.message,
            _at(Spot(item.path, item.line, item.column, 0, 0)) if not item.sheet else item.path,
        )
        for item in result.diagnostics
    ]  # fmt: skip
    for notice in result.decision.notices if result.decision is not None else ():
        outcome = FAILURE if notice.level == ERROR else OUT
        place = _at(Spot(notice.path, notice.line, notice.column, 0, 0))
        words = words_of(notice.message, result.language)
        cases.append(_Case("ddcheck", f"gate/{notice.id}", outcome, notice.level, words, place))
    verdict = verdict_line(result)
    unjudged = None if result.judged else BROKEN
    cases.append(_Case("ddcheck", "all was judged", unjudged, "unjudged", verdict))
    return cases


def _company(gated: Gated, result: GateResult) -> list[_Case]:
    evaluation = gated.evaluation
    settled = {item.finding.id: item for item in gated.settled}
    unsound = evaluation.undecided or is_broken(evaluation.company.path, result)
    cases = []
    for finding in evaluation.findings:
        if finding.outcome == NOT_APPLICABLE:
            continue
        item = settled.get(finding.id)
        case = _judged(finding, item, gated, result.language)
        if unsound and case.outcome in (None, OUT):
            words = say(result.language, "not judged: the file has mistakes, or decides nothing")
            case = case._replace(outcome=SKIPPED, message=words)
        cases.append(case)
    return cases


def _judged(finding: Finding, item: Settled | None, gated: Gated, language: str) -> _Case:
    case = _Case(gated.evaluation.company.id, finding.id)
    if item is None:
        if finding.is_open:
            return case._replace(outcome=SKIPPED, message=unknown_words(finding, gated, language))
        return case
    spots = evidence_spots(finding, gated)
    path = gated.evaluation.company.path
    case = case._replace(
        kind=finding.severity,
        message=finding_words(item, gated, language),
        place="\n".join(_at(spot) for spot in spots) or path,
    )
    if item.status == FAILS:
        return case._replace(outcome=FAILURE)
    if item.status in ACCEPTED:
        words = accepted_words(item, language)
        place = f"{case.message}\n{case.place}"
        return case._replace(outcome=SKIPPED, message=words, place=place)
    return case._replace(outcome=OUT if finding.outcome == FLAG else SKIPPED)


def _memo(audit: Audit, result: GateResult) -> list[_Case]:
    memo, language = audit.memo, result.language
    cases = []
    for item in audit.claims:
        claim = item.claim
        name = f"{claim.text.strip()} ({claim.target.text})"
        case = _Case(memo.company, name, None, item.verdict, "", "")
        if item.verdict != MATCH:
            case = case._replace(
                outcome=OUT if item.verdict == ROUNDED else FAILURE,
                message=claim_words(item, language),
                place=_at(span_spot(memo.path, claim.span)),
            )
        cases.append(case)
    for remark in audit.remarks:
        name = f"memo/{remark.id}: {remark.rule}" if remark.rule else f"memo/{remark.id}"
        outcome = FAILURE if remark.level == ERROR else OUT
        spot = span_spot(memo.path, remark.span) if remark.span else Spot(memo.path, 0, 0, 0, 0)
        words = words_of(remark.message, language)
        cases.append(_Case(memo.company, name, outcome, remark.level, words, _at(spot)))
    if not cases:
        words = say(language, "nothing is claimed in this memo")
        cases.append(_Case(memo.company, memo.path, SKIPPED, "", words))
    return cases


def _at(spot: Spot) -> str:
    place = f"{spot.path}:{spot.line}:{spot.column}" if spot.line else spot.path
    return f"{place}: {spot.words}" if spot.words else place


# --- how it is written


def _suite(name: str, cases: list[_Case]) -> list[str]:
    counts = " ".join(
        f"{word}={_count(cases, outcome)}"
        for word, outcome in (
            ("tests", None), ("failures", FAILURE), ("errors", BROKEN), ("skipped", SKIPPED)
        )
    )  # fmt: skip
    lines = [f"<testsuite name={_quoted(name)} {counts}>"]
    seen: Counter[str] = Counter()
    for case in cases:
        seen[case.name] += 1
        count = seen[case.name]
        title = case.name if count == 1 else f"{case.name} ({count})"
        start = f"<testcase classname={_quoted(case.owner)} name={_quoted(title)}"
        lines.append(f"{start}/>" if case.outcome is None else f"{start}>{_outcome(case)}")
        if case.outcome is not None:
            lines.append("</testcase>")
    return [*lines, "</testsuite>"]


def _outcome(case: _Case) -> str:
    message = one_line(case.message)
    body = _text(f"{message}\n{case.place}".strip())
    if case.outcome == OUT:
        return f"<system-out>{body}</system-out>"
    kind = f" type={_quoted(case.kind)}" if case.kind else ""
    attributes = f"{kind} message={_quoted(message)}"
    return f"<{case.outcome}{attributes}>{body}</{case.outcome}>"


def _count(cases: list[_Case], outcome: str | None = None) -> str:
    return f'"{sum(outcome is None or case.outcome == outcome for case in cases)}"'


def _quoted(text: str) -> str:
    return quoteattr(one_line(text))


def _text(text: str) -> str:
    """Text for XML: characters that it may not hold, and those that hide, are made visible."""
    return escape(HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
