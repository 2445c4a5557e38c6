"""The gate's report: what fails, what is waived or known, the memos, and one verdict line.

The verdict line is the same in every language and for every format, since scripts read it.
"""

from __future__ import annotations

from collections.abc import Iterable

from ddcheck.engine.model.decision import (
    ANSWERED,
    BELOW,
    ERROR,
    FAILS,
    KNOWN,
    WAIVED,
    WARNING,
    Decision,
    Gated,
    GateResult,
    Notice,
    Settled,
)
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.memo import MATCH, MISMATCH, OVERPRECISE, ROUNDED, UNRESOLVED
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.report.lines import WIDTH, Line, Piece, cut, fit, line, wrap
from ddcheck.engine.report.memo import memo_report
from ddcheck.engine.text.diagnostics import clean
from ddcheck.engine.text.translate import reworded, say

_TITLES = {
    FAILS: "FAILS",
    WAIVED: "WAIVED",
    ANSWERED: "ANSWERED IN A MEMO",
    KNOWN: "IN THE BASELINE",
    BELOW: "BELOW THE LEVEL",
}
_STYLES = {ERROR: "bad", WARNING: "warn"}
_INDENT = 13


def gate_report(result: GateResult) -> list[Line]:
    """The lines of the report, without the verdict line; none where nothing was measured."""
    decision = result.decision
    if decision is None:
        return []
    lines: list[Line] = []
    for gated in decision.companies:
        lines += [*_company(gated, result), line()]
    for audit in decision.memos:
        lines += [*memo_report(audit, everything=result.everything), line()]
    if decision.notices:
        title = say(result.language, "THE GATE ITSELF")
        lines.append(line(Piece(title, "title")))
        for notice in decision.notices:
            lines += _notice(notice, result.language)
        lines.append(line())
    return lines


def _company(gated: Gated, result: GateResult) -> list[Line]:
    language = result.language
    company = gated.evaluation.company
    broken = any(
        item.path == company.path and item.severity == ERROR for item in result.diagnostics
    )
    if gated.evaluation.undecided or broken:
        word, style = "CANNOT JUDGE", "bad"
    else:
        word, style = ("FAIL", "bad") if gated.failing else ("PASS", "good")
    grade = gated.evaluation.grade
    ends = (
        "?"
        if grade.worst is None or grade.best is None
        else (grade.worst if grade.worst == grade.best else f"{grade.worst}..{grade.best}")
    )
    room = WIDTH - 40
    name = cut(clean(f"{company.id}  {company.name.text(language)}"), room)
    grade_words = say(language, "grade {ends}", ends=ends)
    lines = [line(Piece(name, "name"), f"  {grade_words}  ", Piece(say(language, word), style))]
    shown = (FAILS, WAIVED, ANSWERED, KNOWN, *((BELOW,) if result.everything else ()))
    for status in shown:
        items = gated.of(status)
        if items:
            title = f"  {say(language, _TITLES[status])} ({len(items)})"
            lines.append(line(Piece(title, "title")))
        for item in items:
            lines += _settled(item, language)
    if not broken and not any(gated.of(status) for status in shown):
        lines.append(line(Piece(f"  {say(language, 'nothing is up at this level')}", "dim")))
    return lines


def _settled(item: Settled, language: str) -> list[Line]:
    finding = item.finding
    severity = finding.severity if finding.outcome == FLAG else "unknown"
    head = line(
        "    ",
        Piece(fit(say(language, severity), _INDENT - 4), finding.severity),
        fit(cut(finding.id, 38), 39),
        Piece(fit(finding.period or "-", 12), "dim"),
        cut(finding.title, WIDTH - _INDENT - 51),
    )
    words = [finding.message] if finding.outcome == FLAG and finding.message else []
    waiver = item.waiver
    if waiver is not None and item.status == WAIVED:
        who = say(
            language,
            "until {day}, by {owner}, approved by {approver}: {reason}",
            day=day_text(waiver.expires),
            owner=waiver.owner,
            approver=waiver.approved_by,
            reason=waiver.reason,
        )
        words.append(who)
        if waiver.holds_while is not None:
            condition = " ".join(waiver.holds_while.text.split())
            words.append(say(language, "holds while {condition}", condition=condition))
    elif item.status == ANSWERED:
        words.append(say(language, "answered in {memo}", memo=item.words))
    elif item.words:
        parts = (reworded(language, text) for text in item.words.split("; "))
        words.append(("；" if language == "zh" else "; ").join(parts))
    rest = [line(" " * _INDENT, text) for part in words for text in wrap(part, WIDTH - _INDENT)]
    return [head, *rest]


def _notice(item: Notice, language: str) -> list[Line]:
    place = f"{item.path}:{item.line}" if item.line else item.path
    parts = (reworded(language, part) for part in item.message.split("; "))
    message = ("；" if language == "zh" else "; ").join(parts)
    words = wrap(f"{place}: {message}", WIDTH - _INDENT)
    level = Piece(fit(say(language, item.level), _INDENT - 2), _STYLES.get(item.level, "dim"))
    first = line("  ", level, words[0])
    return [first, *(line(" " * _INDENT, text) for text in words[1:])]


def verdict_line(result: GateResult) -> str:
    """One line that says what was measured and what it came to; never green without a measure."""
    decision = result.decision
    if decision is None:
        return "ddcheck: CANNOT JUDGE · nothing was measured"
    word = "FAIL" if decision.failed else "PASS"
    parts = [_companies(decision), _memos(decision)]
    notices = _counted(
        (level, sum(item.level == level for item in decision.notices)) for level in (ERROR, WARNING)
    )
    if notices:
        parts.append(f"gate {notices}")
    if not result.judged:
        word = "CANNOT JUDGE"
        errors = sum(item.severity == ERROR for item in result.diagnostics)
        parts.append(f"mistakes {errors}")
    return clean(f"ddcheck: {word} · {' · '.join(parts)} · policy {decision.policy}")


def _companies(decision: Decision) -> str:
    failing = [item for company in decision.companies for item in company.failing]
    flags = [item.finding for item in failing if item.finding.outcome == FLAG]
    must = sum(
        item.finding.outcome != FLAG and item.finding.id in company.evaluation.must_know
        for company in decision.companies
        for item in company.failing
    )
    counts = [(word, sum(flag.severity == word for flag in flags)) for word in SEVERITIES]
    counts.append(("must-know unknown", must))
    counts.append(("unknown", len(failing) - len(flags) - must))
    count = sum(bool(company.failing) for company in decision.companies)
    detail = _counted(counts)
    first = f"{count} failing: {detail}" if detail else f"{count} failing"
    rest = [f"{decision.counted(WAIVED)} waived"]
    if decision.counted(ANSWERED):
        rest.append(f"{decision.counted(ANSWERED)} answered")
    rest.append(f"{decision.counted(KNOWN)} known")
    if not decision.companies:
        return "companies 0"
    return f"companies {len(decision.companies)} ({first}; {', '.join(rest)})"


def _memos(decision: Decision) -> str:
    if not decision.memos:
        return "memos 0"
    verdicts = [item.verdict for audit in decision.memos for item in audit.claims]
    words = (
        ("match", (MATCH, ROUNDED)), ("false", (MISMATCH, OVERPRECISE)),
        ("unresolved", (UNRESOLVED,)),
    )  # fmt: skip
    claims = _counted((word, sum(v in group for v in verdicts)) for word, group in words)
    parts = [f"{len(verdicts)} claims{': ' if claims else ''}{claims}"]
    failing = sum(audit.failed for audit in decision.memos)
    if failing:
        parts.insert(0, f"{failing} failing")
    lacking = sum(
        item.level == ERROR and item.id != "untagged"
        for audit in decision.memos
        for item in audit.remarks
    )
    if lacking:
        parts.append(f"{lacking} lacking")
    parts.append(f"{sum(audit.coverage.untagged for audit in decision.memos)} numbers untagged")
    return f"memos {len(decision.memos)} ({'; '.join(parts)})"


def _counted(items: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count} {word}" for word, count in items if count)
