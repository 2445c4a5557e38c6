"""Everything that a run found, as a list of problems with places: what machines are told.

One problem is a flag or unknown, a claim of a memo, a remark on a memo, a notice of the gate, or a
mistake in a file. Every format for machines is made from this list, the worst first.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import NamedTuple

from ddcheck.engine.model.decision import (
    ANSWERED,
    BELOW,
    ERROR,
    FAILS,
    KNOWN,
    NOTE,
    WAIVED,
    WARNING,
    Gated,
    GateResult,
    Settled,
)
from ddcheck.engine.model.finding import FLAG, Finding, Missing
from ddcheck.engine.model.memo import MATCH, ROUNDED, Audit, Judged
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.report.spots import Spot, evidence_spots, fact_spot, one_line, span_spot
from ddcheck.engine.text.diagnostics import Diagnostic
from ddcheck.engine.text.translate import reworded, say

FINDING, CLAIM, REMARK, NOTICE, MISTAKE = "finding", "claim", "remark", "notice", "mistake"
LEVELS = (ERROR, WARNING, NOTE)
#: What somebody has accepted: left out unless all is asked for.
ACCEPTED = (WAIVED, ANSWERED, KNOWN)
_MOST_MISSING = 3
_MOST_RELATED = 100


class Problem(NamedTuple):
    """One thing that was found: how grave, about whom, in words, and where.

    `rule` is the id that a machine groups by, `severity` of the product's words, `status` what the
    gate made of a finding and `accepted` why it does not count (None: it does). `fingerprint`
    stays the same while lines move, and is unique in a run.
    """

    kind: str
    rule: str
    level: str
    severity: str
    about: str
    title: str
    message: str
    spot: Spot | None
    related: tuple[Spot, ...]
    status: str | None
    accepted: str | None
    fingerprint: str
    settled: Settled | None = None
    diagnostic: Diagnostic | None = None


def problems_of(result: GateResult) -> list[Problem]:
    """Every problem of a run, the worst first; what was accepted only if all is asked for."""
    found: list[Problem] = [_mistake(item, result.language) for item in result.diagnostics]
    decision = result.decision
    if decision is not None:
        for gated in decision.companies:
            found += (
                _finding(item, gated, result.language)
                for item in gated.settled
                if item.status not in ACCEPTED or result.everything
            )
        companies = {item.evaluation.company.id: item for item in decision.companies}
        for audit in decision.memos:
            found += (
                _claim(item, audit, companies, result.language)
                for item in audit.claims
                if item.verdict not in (MATCH, ROUNDED)
                or (item.verdict == ROUNDED and result.everything)
            )
            found += _remarks(audit, result.language)
        for notice in decision.notices:
            spot = Spot(notice.path, notice.line, notice.column, notice.line, notice.column + 1)
            message = words_of(notice.message, result.language)
            found.append(
                _problem(
                    NOTICE, f"gate/{notice.id}", notice.level, spot, message,
                    (notice.path, notice.message),
                )
            )  # fmt: skip
    found.sort(key=_rank)
    return _unique(found)


def _rank(item: Problem) -> tuple[int, int, str, int, int, str]:
    path, line, column = (item.spot or Spot("", 0, 0, 0, 0))[:3]
    grave = SEVERITIES.index(item.severity)
    return LEVELS.index(item.level), grave, path, line, column, item.rule


def _unique(found: list[Problem]) -> list[Problem]:
    """The problems with the second of two alike told apart from the first."""
    seen: Counter[str] = Counter()
    kept = []
    for item in found:
        seen[item.fingerprint] += 1
        count = seen[item.fingerprint]
        mark = item.fingerprint if count == 1 else _hash(item.fingerprint, str(count))
        kept.append(item._replace(fingerprint=mark))
    return kept


def _problem(
    kind: str,
    rule: str,
    level: str,
    spot: Spot | None,
    message: str,
    identity: tuple[str, ...],
    *,
    severity: str | None = None,
    about: str = "",
    title: str | None = None,
) -> Problem:
    severity = severity or {ERROR: "critical", WARNING: "medium", NOTE: "info"}[level]
    mark = _hash(rule, *identity)
    text = one_line(message)
    return Problem(
        kind, rule, level, severity, about, title or rule, text, spot, (), None, None, mark
    )


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def words_of(text: str, language: str) -> str:
    """A reason in the reader's language, part by part."""
    parts = (reworded(language, part) for part in text.split("; "))
    return ("；" if language == "zh" else "; ").join(parts)


def is_broken(path: str, result: GateResult) -> bool:
    """Whether the file at `path` has a mistake, so that nothing of it can be called good."""
    return any(item.path == path and item.severity == ERROR for item in result.diagnostics)


# --- findings


def _finding(item: Settled, gated: Gated, language: str) -> Problem:
    finding = item.finding
    company = gated.evaluation.company
    places = evidence_spots(finding, gated)
    if item.status == FAILS:
        level = ERROR
    elif item.status == BELOW and finding.outcome == FLAG and finding.severity != "info":
        level = WARNING if finding.severity != "low" else NOTE
    else:
        level = NOTE
    return Problem(
        FINDING,
        finding.id,
        level,
        finding.severity,
        company.id,
        one_line(finding.title),
        one_line(finding_words(item, gated, language)),
        places[0] if places else Spot(company.path, 1, 0, 1, 0),
        tuple(places[1 : _MOST_RELATED + 1]),
        item.status,
        accepted_words(item, language) if item.status in ACCEPTED else None,
        _hash(finding.id, company.id, finding.frame, finding.period or ""),
        item,
    )


def finding_words(item: Settled, gated: Gated, language: str) -> str:
    """What a flag or unknown says, of whom, and why it fails where that is not plain."""
    finding = item.finding
    company = gated.evaluation.company.id
    if finding.outcome == FLAG:
        text = say(
            language, "{company}: {severity} flag at {period}: {message}",
            company=company, severity=say(language, finding.severity),
            period=finding.period or "-", message=finding.message or finding.title,
        )  # fmt: skip
    else:
        text = unknown_words(finding, gated, language)
    if item.words and item.status in (FAILS, BELOW):
        text += ("；" if language == "zh" else "; ") + words_of(item.words, language)
    return text


def unknown_words(finding: Finding, gated: Gated, language: str) -> str:
    """What an unknown says: whether it must be known, and what would decide it."""
    template = "{company}: unknown: {title}"
    if finding.id in gated.evaluation.must_know:
        template = "{company}: must be known and is unknown: {title}"
    text = say(language, template, company=gated.evaluation.company.id, title=finding.title)
    lacking = [_lacking(one) for one in finding.missing if one.name][:_MOST_MISSING]
    if not lacking:
        return text
    return say(language, "{text} (missing: {facts})", text=text, facts=", ".join(lacking))


def _lacking(one: Missing) -> str:
    return f"{one.name}@{one.period}" if one.period else one.name


def accepted_words(item: Settled, language: str) -> str:
    """Why a finding that is up does not fail: who accepted it, where it is answered."""
    waiver = item.waiver
    if item.status == WAIVED and waiver is not None:
        return one_line(
            say(
                language, "waived by {owner}, approved by {approver}: {reason}",
                owner=waiver.owner, approver=waiver.approved_by, reason=waiver.reason,
            )
        )  # fmt: skip
    if item.status == ANSWERED:
        return one_line(say(language, "answered in {memo}", memo=item.words))
    return say(language, "known before: it is in the baseline")


# --- memos, the gate, files


def claim_words(item: Judged, language: str) -> str:
    """What is wrong with a claim, and what would have been right."""
    claim = item.claim
    text = say(
        language, "{text} ({target}): {verdict}: {message}",
        text=claim.text.strip(), target=claim.target.text, verdict=say(language, item.verdict),
        message=words_of(item.message, language),
    )  # fmt: skip
    near = "; ".join(f"{say(language, one.kind)}: {one.words}" for one in item.near)
    return f"{text}; {near}" if near else text


def _claim(item: Judged, audit: Audit, companies: dict[str, Gated], language: str) -> Problem:
    target = item.claim.target
    company = target.company or audit.memo.company
    level = NOTE if item.verdict == ROUNDED else ERROR
    problem = _problem(
        CLAIM, f"memo/{item.verdict}", level, span_spot(audit.memo.path, item.claim.span),
        claim_words(item, language), (audit.memo.path, target.text, item.claim.text),
        severity="info" if level == NOTE else "high", about=company,
    )  # fmt: skip
    gated = companies.get(company)
    if gated is None or item.period is None:
        return problem
    own = gated.evaluation.company
    facts = [
        fact_spot(fact, own.path)
        for fact in own.facts
        if fact.concept == target.name and fact.period == item.period and not fact.scope
    ]
    return problem._replace(related=tuple(facts[:_MOST_RELATED]))


def _remarks(audit: Audit, language: str) -> list[Problem]:
    memo = audit.memo
    return [
        _problem(
            REMARK, f"memo/{item.id}", item.level,
            span_spot(memo.path, item.span) if item.span else Spot(memo.path, 1, 0, 1, 0),
            words_of(item.message, language), (memo.path, item.rule or "", item.message),
            severity={ERROR: "high", WARNING: "low", NOTE: "info"}[item.level],
            about=memo.company,
        )
        for item in audit.remarks
    ]  # fmt: skip


def _mistake(item: Diagnostic, language: str) -> Problem:
    spot = None
    if item.line:
        spot = Spot(item.path, item.line, item.column, item.line, item.column + item.width)
        if item.sheet is not None:
            spot = Spot(item.path, 0, 0, 0, 0)
    where = "" if spot is not None and item.sheet is None else f"{item.path}: "
    text = f"{where}{item.message}" + (f" ({item.help})" if item.help else "")
    level = ERROR if item.severity == ERROR else WARNING
    title = say(language, "{code}: a mistake in a file", code=item.code)
    problem = _problem(
        MISTAKE, item.code, level, spot, text, (item.path, item.message), title=title
    )
    return problem._replace(diagnostic=item)
