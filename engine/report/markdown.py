"""The report as a comment on a pull request: what fails, where, and what was accepted.

It begins with a hidden marker, by which a workflow finds its own comment and replaces it. It has at
most 65,536 characters, as forges allow: what does not fit is left out by whole rows, and counted.
"""

from __future__ import annotations

from ddcheck.engine.model.decision import (
    ANSWERED,
    BELOW,
    FAILS,
    KNOWN,
    WAIVED,
    Gated,
    GateResult,
    Settled,
)
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.report.gate import verdict_line
from ddcheck.engine.report.markdown_memo import claims_part, held_part, memo_part, remarks_part
from ddcheck.engine.report.markdown_table import Part, fitted, left_out, row_of
from ddcheck.engine.report.markdown_text import code, inert
from ddcheck.engine.text.translate import reworded, say

#: What a workflow looks for in the comments of a pull request.
MARKER = "<!-- ddcheck:gate -->"
#: The most characters of a comment, the marker included.
MOST = 65_536
_PLACES = 3


def render_markdown(result: GateResult) -> str:
    """The comment, verdict first; what was left out for its length is said at its end."""
    language = result.language
    parts = [part for part in _parts(result) if part.rows]
    start = f"{MARKER}\n{_verdict(result)}\n"
    end = _end(result)
    reserved = len(left_out(len(parts) * [10**9], language))
    room = MOST - len(start) - len(end) - reserved
    written: list[str] = []
    left: list[int] = []
    for part in parts:
        text, out = fitted(part, room)
        room -= len(text)
        written.append(text)
        left.append(out)
    note = left_out(left, language) if any(left) else ""
    return f"{start}{''.join(written)}{note}{end}"


def _verdict(result: GateResult) -> str:
    language = result.language
    decision = result.decision
    if decision is None or not result.judged:
        word = say(language, "CANNOT JUDGE")
    else:
        word = say(language, "FAIL" if decision.failed else "PASS")
    return f"### ddcheck: {word}\n\n{code(verdict_line(result), 1000)}"


def _end(result: GateResult) -> str:
    words = [f"ddcheck {inert(result.version)}", day_text(result.today)]
    if result.decision is not None:
        policy = say(
            result.language,
            "policy {policy}, fails from {level}",
            policy=code(result.decision.policy),
            level=say(result.language, result.decision.level),
        )
        words.append(policy)
    return f"\n{' · '.join(words)}\n"


def _parts(result: GateResult) -> list[Part]:
    """Every table, in the order in which they get room: what fails comes first."""
    language = result.language
    parts = [_mistakes(result)]
    decision = result.decision
    if decision is None:
        return parts
    companies = sorted(decision.companies, key=lambda gated: not gated.failing)
    parts.append(_findings(companies, (FAILS,), say(language, "Fails"), language))
    parts += [claims_part(decision.memos, language), remarks_part(decision.memos, language)]
    parts.append(_notices(result))
    accepted = (WAIVED, ANSWERED, KNOWN)
    title = say(language, "Waived, answered or known before")
    parts.append(_accepted(companies, accepted, title, language))
    parts += [_companies(companies, language), memo_part(decision.memos, language)]
    if result.everything:
        title = say(language, "Below the level of the policy")
        parts.append(_findings(companies, (BELOW,), title, language)._replace(folded=True))
        parts.append(held_part(decision.memos, language))
    return parts


def _findings(companies: list[Gated], statuses: tuple[str, ...], title: str, language: str) -> Part:
    found = [
        (SEVERITIES.index(item.finding.severity), gated, item)
        for gated in companies
        for item in gated.settled
        if item.status in statuses
    ]
    rows = tuple(
        _finding(gated, item, language)
        for _, gated, item in sorted(found, key=lambda entry: entry[0])
    )
    head = (
        say(language, "Severity"), say(language, "Company"), say(language, "Rule"),
        say(language, "What it is"), say(language, "File and line"),
    )  # fmt: skip
    return Part(title, head, rows)


def _finding(gated: Gated, item: Settled, language: str) -> str:
    finding = item.finding
    grave = finding.severity if finding.outcome == FLAG else finding.outcome
    words = inert(finding.title)
    if finding.period:
        words += f" {inert(finding.period)}"
    if finding.message:
        words += f"{'：' if language == 'zh' else ': '}{inert(finding.message)}"
    for part in filter(None, item.words.split("; ")):
        words += f"{'；' if language == 'zh' else '; '}{inert(reworded(language, part))}"
    return row_of(
        say(language, grave), inert(gated.evaluation.company.id, 60), code(finding.id), words,
        _places(gated, item),
    )  # fmt: skip


def _places(gated: Gated, item: Settled) -> str:
    """Where the newest facts stand that it rests on; of an unknown the company's file."""
    facts = item.finding.evidence
    if not facts:
        return code(gated.evaluation.company.path)
    newest = sorted(facts, key=lambda fact: -fact.period.end)
    places = dict.fromkeys(
        f"{fact.node.source.path}:{fact.node.line}" if fact.node.line else fact.node.source.path
        for fact in newest
    )
    return " ".join(code(place) for place in list(places)[:_PLACES])


def _accepted(companies: list[Gated], statuses: tuple[str, ...], title: str, language: str) -> Part:
    rows = tuple(
        _acceptedrow_of(gated, item, language)
        for status in statuses
        for gated in companies
        for item in gated.of(status)
    )
    head = (
        say(language, "Company"), say(language, "Rule"), say(language, "Why"),
        say(language, "Owner"), say(language, "Until"),
    )  # fmt: skip
    return Part(title, head, rows, folded=True)


def _acceptedrow_of(gated: Gated, item: Settled, language: str) -> str:
    waiver = item.waiver if item.status == WAIVED else None
    if waiver is not None:
        why = inert(waiver.reason)
    elif item.status == ANSWERED:
        why = inert(say(language, "answered in {memo}", memo=item.words))
    else:
        why = say(language, "in the baseline")
    return row_of(
        inert(gated.evaluation.company.id, 60),
        code(item.finding.id),
        why,
        inert(waiver.owner, 60) if waiver else "",
        day_text(waiver.expires) if waiver else "",
    )


def _companies(companies: list[Gated], language: str) -> Part:
    rows = []
    for gated in companies:
        evaluation = gated.evaluation
        grade = evaluation.grade
        ends = f"{grade.worst}..{grade.best}" if grade.worst and grade.best else "?"
        ends = grade.worst if grade.worst and grade.worst == grade.best else ends
        word = "CANNOT JUDGE" if evaluation.undecided else "FAIL" if gated.failing else "PASS"
        rows.append(
            row_of(
                inert(evaluation.company.name.text(language), 80), say(language, word), ends,
                str(evaluation.counted(FLAG)), str(evaluation.counted("unknown")),
                code(evaluation.company.path),
            )
        )  # fmt: skip
    head = (
        say(language, "Company"), say(language, "Decision"), say(language, "Grade"),
        say(language, "Flags"), say(language, "Unknown"), say(language, "File"),
    )  # fmt: skip
    return Part(say(language, "Companies"), head, tuple(rows), folded=True)


def _notices(result: GateResult) -> Part:
    language = result.language
    notices = result.decision.notices if result.decision is not None else ()
    rows = tuple(
        row_of(
            say(language, item.level),
            ("；" if language == "zh" else "; ").join(
                inert(reworded(language, part)) for part in item.message.split("; ")
            ),
            code(f"{item.path}:{item.line}" if item.line else item.path),
        )
        for item in notices
    )
    head = (say(language, "Level"), say(language, "What it is"), say(language, "File and line"))
    return Part(say(language, "The gate itself"), head, rows)


def _mistakes(result: GateResult) -> Part:
    language = result.language
    rows = tuple(
        row_of(
            say(language, item.severity), code(item.code), inert(item.message),
            code(f"{item.path}:{item.line}" if item.line else item.path),
        )
        for item in result.diagnostics
    )  # fmt: skip
    head = (
        say(language, "Level"), say(language, "Code"), say(language, "What it is"),
        say(language, "File and line"),
    )  # fmt: skip
    return Part(say(language, "Mistakes in files"), head, rows)
