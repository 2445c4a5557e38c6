"""Auditing a memo: each claim judged, and whether it answers what the facts raise.

A flag that is up is answered where a `dd:flag/ID` tag stands, with words around it, in a section
where the policy allows it; so is an unknown that must be known. The recommendation is held against
the lower end of the grade.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from ddcheck.engine.memo.figures import Figures, Lacking
from ddcheck.engine.memo.trends import judge_trend
from ddcheck.engine.memo.verdict import judge_number, unresolved
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.memo import (
    MATCH,
    ROUNDED,
    Audit,
    Claim,
    Coverage,
    Judged,
    Memo,
    Remark,
    Section,
    Span,
)
from ddcheck.engine.model.pack import SEVERITIES, MemoPolicy, Policy
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.suggest import did_you_mean

ERROR, WARNING = "error", "warning"
#: `3.2 `, `3)`, `三、`, `（三）`, `第三章`, `IV.` before a title.
_NUMBERED = re.compile(
    r"(?:第?[0-9０-９一二三四五六七八九十]+(?:\.[0-9]+)*[章节部分]*[.、．)）:：\s]+|"
    r"第[一二三四五六七八九十0-9]+[章节部分]+|"
    r"[(（][0-9一二三四五六七八九十]+[)）]|[ivx]+[.)]\s)\s*"
)
#: What of a section is no text of its own: remarks and headings.
_NO_TEXT = re.compile(
    r"<!--(?:(?!-->)[\s\S])*-->|^#{1,6}[ \t].*$|^(?:=+|-+)[ \t]*$|[#\s]", re.MULTILINE
)


def audit_memo(
    memo: Memo,
    evaluations: Mapping[str, Evaluation],
    policy: Policy,
    waived: Mapping[str, Collection[str]],
) -> Audit:
    """The memo held against the evaluations of its companies, by company id.

    `waived` are the rules of each company whose flag or unknown a waiver covers.
    """
    figures = {name: Figures(evaluation) for name, evaluation in evaluations.items()}
    judged = tuple(_judge(claim, memo, figures) for claim in memo.claims)
    remarks: list[Remark] = []
    rules = policy.memos
    for company in memo.companies:
        evaluation = evaluations.get(company)
        if evaluation is not None:
            covered = waived.get(company, ())
            remarks += _answers(memo, company, evaluation, policy, covered)
    if rules is not None:
        remarks += _sections(memo, rules)
        main = evaluations.get(memo.company)
        if main is not None:
            remarks += _recommendation(memo, main, rules)
    remarks += _sources(memo, evaluations)
    remarks += _untagged(memo)
    matched = sum(item.verdict in (MATCH, ROUNDED) for item in judged)
    coverage = Coverage(len(judged), matched, len(memo.untagged), len(memo.exempt))
    return Audit(memo, judged, tuple(remarks), coverage)


def _judge(claim: Claim, memo: Memo, figures: Mapping[str, Figures]) -> Judged:
    company = claim.target.company or memo.company
    known = figures.get(company)
    if known is None:
        help_ = did_you_mean(company, figures)
        words = f"no company `{company}` in this memo's head"
        said_at_head = company in memo.companies
        return unresolved(claim, Lacking(words, help_, None if said_at_head else "DD311"))
    if claim.target.trend is not None:
        return judge_trend(claim, known)
    if claim.target.kind in ("value", "expression"):
        return judge_number(claim, known)
    ident = claim.target.name
    ids = known.plan.rules if claim.target.kind == "flag" else known.company.sources
    if ident not in ids:
        off = known.plan.packs.off(ident) if claim.target.kind == "flag" else None
        if off is not None:
            return unresolved(claim, Lacking(off, None))
        help_ = did_you_mean(ident, ids)
        what, code = ("rule", "DD211") if claim.target.kind == "flag" else ("source", "DD305")
        return unresolved(claim, Lacking(f"no {what} `{ident}`", help_, code))
    return Judged(claim, MATCH, None, None, None, None, None, None, (), "")


def report_mistakes(audit: Audit, rules: Callable[[], Collection[str]], report: Report) -> None:
    """Report the tags that name a figure, rule, source, company or period that nobody has.

    DD301, DD302, DD305, DD211, DD311 or DD312, each at the place of its claim. `rules` gives those
    that may be named although this run does not apply them.
    """
    for judged in audit.claims:
        if judged.mistake is None:
            continue
        code, message, help_ = judged.mistake
        if code == "DD211" and judged.claim.target.name in rules():
            continue
        span = judged.claim.span
        width = max(1, span.end - span.start) if span.end_line == span.line else 1
        report.at(code, audit.memo.source, span.line, span.column, message, help_, width)


def _answers(
    memo: Memo, company: str, evaluation: Evaluation, policy: Policy, waived: Collection[str]
) -> Iterator[Remark]:
    """Flags without an answer, unknowns that nobody owns up to, answers to what is not up."""
    most = SEVERITIES.index(policy.fail_on)
    links: dict[str, list[Claim]] = {}
    for claim in memo.claims:
        if claim.target.kind == "flag" and (claim.target.company or memo.company) == company:
            links.setdefault(claim.target.name, []).append(claim)
    for finding in evaluation.findings:
        if finding.id in waived or finding.becomes is not None:
            continue
        flagged = finding.outcome == FLAG and SEVERITIES.index(finding.severity) <= most
        unknown = finding.id in evaluation.must_know
        if not flagged and not unknown:
            continue
        claims = links.get(finding.id, [])
        if flagged:
            what = f"{finding.severity} flag `{finding.id}`"
        else:
            what = f"must be known and is unknown: `{finding.id}`"
        words = _unanswered(memo, claims, policy.memos, what, finding.title)
        if words is not None:
            ident = "flag-unanswered" if flagged else "unknown-unowned"
            yield Remark(ident, ERROR, claims[0].span if claims else None, words, finding.id)
    findings = {finding.id: finding for finding in evaluation.findings}
    for ident, claims in links.items():
        found = findings.get(ident)
        if found is not None and found.outcome != FLAG and not found.is_open:
            words = f"`{ident}` is not up: it is {found.outcome}"
            yield Remark("flag-not-up", WARNING, claims[0].span, words, ident)


def _unanswered(
    memo: Memo, claims: list[Claim], rules: MemoPolicy | None, what: str, title: str
) -> str | None:
    """Why tags on a rule are no answer; None where one is."""
    if not claims:
        return f"{what} ({title}) is not answered"
    if rules is None:
        return None
    titles = {
        title.casefold()
        for section in rules.sections
        if section.id in rules.answer_in
        for title in section.titles
    }
    inside = [
        claim
        for claim in claims
        if not titles or any(_called(section, titles) for section in _around(memo, claim))
    ]
    if not inside:
        ids = ", ".join(rules.answer_in)
        return f"{what} ({title}) is tagged, but not in a section where it counts ({ids})"
    if all(claim.around < rules.answer_length for claim in inside):
        n = rules.answer_length
        return f"{what} ({title}) is tagged, but with fewer than {n} characters of answer"
    return None


def _around(memo: Memo, claim: Claim) -> list[Section]:
    return [s for s in memo.sections if s.start <= claim.span.start < s.end]


def _called(section: Section, titles: Collection[str]) -> bool:
    """Whether a section has one of the titles; a number before it, or a colon behind, is none."""
    title = section.title.casefold().strip().rstrip(":：").strip()
    return title in titles or _NUMBERED.sub("", title).strip() in titles


def _sections(memo: Memo, rules: MemoPolicy) -> Iterator[Remark]:
    for required in rules.sections:
        titles = {title.casefold() for title in required.titles}
        found = [section for section in memo.sections if _called(section, titles)]
        if not found:
            words = f"no section `{required.id}`: {' / '.join(required.titles)}"
            yield Remark("section-missing", ERROR, None, words, None)
        elif not any(_holds_text(memo, section) for section in found):
            words = f"section `{required.id}` is empty"
            yield Remark("section-empty", ERROR, found[0].heading, words, None)


def _holds_text(memo: Memo, section: Section) -> bool:
    inside = (h.heading for h in memo.sections if section.start <= h.heading.start < section.end)
    text = list(memo.source.text[section.start : section.end])
    for heading in inside:
        first, last = heading.start - section.start, heading.end - section.start
        text[first:last] = " " * (last - first)
    return bool(_NO_TEXT.sub("", "".join(text)))


def _recommendation(memo: Memo, evaluation: Evaluation, rules: MemoPolicy) -> Iterator[Remark]:
    allowed_words = {word for words in rules.recommendations.values() for word in words}
    if not allowed_words:
        return
    if memo.recommendation is None:
        words = f"no recommendation in the head: {', '.join(sorted(allowed_words))}"
        yield Remark("recommendation-missing", ERROR, None, words, None)
        return
    given = memo.recommendation
    if given not in allowed_words:
        help_ = did_you_mean(given, allowed_words) or f"one of {', '.join(sorted(allowed_words))}"
        words = f"no recommendation is called `{given}` ({help_})"
        yield Remark("recommendation-unknown", ERROR, _given_at(memo), words, None)
        return
    worst = evaluation.grade.worst
    if worst is None:
        words = f"`{given}` on a company without a grade"
        yield Remark("recommendation-not-allowed", ERROR, _given_at(memo), words, None)
    elif given not in rules.recommendations.get(worst, ()):
        allowed = ", ".join(rules.recommendations.get(worst, ())) or "nothing"
        words = f"`{given}` is not allowed on a grade that may be {worst}: {allowed}"
        yield Remark("recommendation-not-allowed", ERROR, _given_at(memo), words, None)


def _given_at(memo: Memo) -> Span | None:
    """Where the head gives the recommendation."""
    node = memo.recommendation_node
    if node is None:
        return None
    lines = memo.source.text.split("\n")
    start = sum(len(line) + 1 for line in lines[: node.line - 1]) + node.column - 1
    end = start + node.width
    return Span(start, end, node.line, node.column, node.line, node.column + node.width)


def _sources(memo: Memo, evaluations: Mapping[str, Evaluation]) -> Iterator[Remark]:
    for claim in memo.claims:
        evaluation = evaluations.get(claim.target.company or memo.company)
        cited = claim.target.name if claim.target.kind == "source" else claim.target.source
        if cited is None or evaluation is None or memo.as_of is None:
            continue
        source = evaluation.company.sources.get(cited)
        if source is not None and source.published > memo.as_of:
            words = f"source `{source.id}` was published after the memo's `as_of`"
            yield Remark("source-too-young", ERROR, claim.span, words, None)


def _untagged(memo: Memo) -> Iterator[Remark]:
    if memo.coverage == "none":
        return
    level = ERROR if memo.coverage == "strict" else WARNING
    for number in memo.untagged:
        words = f"`{number.text.strip()}` has no tag"
        yield Remark("untagged", level, number.span, words, None)
