"""The report as a comment on a pull request: what fails, where, and what was accepted.

It begins with a hidden marker, by which a workflow finds its own comment and replaces it. It has at
most 65,536 characters, as forges allow: what does not fit is left out by whole rows, and counted.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.decision import (
    ANSWERED,
    BELOW,
    ERROR,
    FAILS,
    KNOWN,
    WAIVED,
    Gated,
    GateResult,
    Settled,
)
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.memo import MATCH, Audit, Judged
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.report.gate import verdict_line
from ddcheck.engine.report.markdown_text import code, inert
from ddcheck.engine.text.translate import reworded, say

#: What a workflow looks for in the comments of a pull request.
MARKER = "<!-- ddcheck:gate -->"
#: The most characters of a comment, the marker included.
MOST = 65_536
_PLACES = 3


class Part(NamedTuple):
    """A table under a title: whole rows can be left out of it. `folded` closes it at first."""

    title: str
    head: tuple[str, ...]
    rows: tuple[str, ...]
    folded: bool = False


def render_markdown(result: GateResult) -> str:
    """The comment, verdict first; what was left out for its length is said at its end."""
    language = result.language
    parts = [part for part in _parts(result) if part.rows]
    start = f"{MARKER}\n{_verdict(result)}\n"
    end = _end(result)
    reserved = len(_left_out(len(parts) * [10**9], language))
    room = MOST - len(start) - len(end) - reserved
    written: list[str] = []
    left: list[int] = []
    for part in parts:
        text, out = _fitted(part, room)
        room -= len(text)
        written.append(text)
        left.append(out)
    note = _left_out(left, language) if any(left) else ""
    return f"{start}{''.join(written)}{note}{end}"


def _fitted(part: Part, room: int) -> tuple[str, int]:
    """As many rows of a part as there is room for, and how many are left out."""
    rows = part.rows
    whole = _written(part, rows)
    if len(whole) <= room:
        return whole, 0
    size = len(_written(part, ()))
    kept = 0
    for row in rows:
        size += len(row) + 1
        if size > room:
            break
        kept += 1
    return (_written(part, rows[:kept]) if kept else ""), len(rows) - kept


def _written(part: Part, rows: tuple[str, ...]) -> str:
    line = f"| {' | '.join(part.head)} |\n|{' --- |' * len(part.head)}\n"
    table = line + "".join(f"{row}\n" for row in rows)
    title = f"{part.title} ({len(part.rows)})"
    if part.folded:
        return f"\n<details><summary>{title}</summary>\n\n{table}\n</details>\n"
    return f"\n#### {title}\n\n{table}"


def _left_out(left: list[int], language: str) -> str:
    words = say(
        language,
        "Rows left out because a comment has no room for more: {n}. `ddcheck gate --output "
        "html:FILE` has all of them.",
        n=sum(left),
    )
    return f"\n{words}\n"


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
    parts += [_claims(decision.memos, language), _remarks(decision.memos, language)]
    parts.append(_notices(result))
    accepted = (WAIVED, ANSWERED, KNOWN)
    title = say(language, "Waived, answered or known before")
    parts.append(_accepted(companies, accepted, title, language))
    parts += [_companies(companies, language), _memos(decision.memos, language)]
    if result.everything:
        title = say(language, "Below the level of the policy")
        parts.append(_findings(companies, (BELOW,), title, language)._replace(folded=True))
        parts.append(_held(decision.memos, language))
    return parts


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell or '–' for cell in cells)} |"


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
    return _row(
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
        _accepted_row(gated, item, language)
        for status in statuses
        for gated in companies
        for item in gated.of(status)
    )
    head = (
        say(language, "Company"), say(language, "Rule"), say(language, "Why"),
        say(language, "Owner"), say(language, "Until"),
    )  # fmt: skip
    return Part(title, head, rows, folded=True)


def _accepted_row(gated: Gated, item: Settled, language: str) -> str:
    waiver = item.waiver if item.status == WAIVED else None
    if waiver is not None:
        why = inert(waiver.reason)
    elif item.status == ANSWERED:
        why = inert(say(language, "answered in {memo}", memo=item.words))
    else:
        why = say(language, "in the baseline")
    return _row(
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
            _row(
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


def _memos(memos: tuple[Audit, ...], language: str) -> Part:
    """What was covered of each memo."""
    rows = []
    for audit in memos:
        covered = audit.coverage
        word = "FAIL" if audit.failed else "PASS"
        counts = (covered.tagged, covered.matched, covered.untagged, covered.exempt)
        rows.append(_row(code(audit.memo.path), say(language, word), *map(str, counts)))
    head = (
        say(language, "Memo"), say(language, "Decision"), say(language, "Numbers tagged"),
        say(language, "Numbers that hold"), say(language, "Numbers untagged"),
        say(language, "Numbers exempt"),
    )  # fmt: skip
    return Part(say(language, "Memos"), head, tuple(rows), folded=True)


def _claims(memos: tuple[Audit, ...], language: str) -> Part:
    order = ("unresolved", "mismatch", "overprecise", "match-rounded")
    found = [
        (order.index(item.verdict), audit, item)
        for audit in memos
        for item in audit.claims
        if item.verdict != MATCH
    ]
    rows = tuple(
        _claim(audit, item, language) for _, audit, item in sorted(found, key=lambda e: e[0])
    )
    title = say(language, "Claims of memos that do not hold, or only by rounding")
    return Part(title, _claim_head(language), rows)


def _held(memos: tuple[Audit, ...], language: str) -> Part:
    rows = tuple(
        _claim(audit, item, language)
        for audit in memos
        for item in audit.claims
        if item.verdict == MATCH
    )
    title = say(language, "Claims of memos that hold")
    return Part(title, _claim_head(language), rows, folded=True)


def _claim_head(language: str) -> tuple[str, ...]:
    return (
        say(language, "Verdict"), say(language, "The memo says"), say(language, "It points at"),
        say(language, "The facts give"), say(language, "File and line"),
    )  # fmt: skip


def _claim(audit: Audit, item: Judged, language: str) -> str:
    words = inert(reworded(language, item.message)) if item.verdict != MATCH else ""
    for near in item.near:
        text = f"{say(language, near.kind)}: {reworded(language, near.words)}"
        words += f"{'；' if language == 'zh' else '; '}{inert(text)}"
    return _row(
        say(language, item.verdict), inert(item.claim.text, 120), code(item.claim.target.text),
        words, code(f"{audit.memo.path}:{item.claim.span.line}"),
    )  # fmt: skip


def _remarks(memos: tuple[Audit, ...], language: str) -> Part:
    rows = tuple(
        _row(
            say(language, item.level), inert(reworded(language, item.message)),
            code(f"{audit.memo.path}:{item.span.line}" if item.span else audit.memo.path),
        )
        for audit in memos
        for item in sorted(audit.remarks, key=lambda item: item.level != ERROR)
    )  # fmt: skip
    head = (say(language, "Level"), say(language, "What it lacks"), say(language, "File and line"))
    return Part(say(language, "Memos as a whole"), head, rows)


def _notices(result: GateResult) -> Part:
    language = result.language
    notices = result.decision.notices if result.decision is not None else ()
    rows = tuple(
        _row(
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
        _row(
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
