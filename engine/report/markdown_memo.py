"""Memos in a Markdown comment: what was covered of them, their claims, what else is wrong."""

from __future__ import annotations

from ddcheck.engine.model.decision import ERROR
from ddcheck.engine.model.memo import MATCH, Audit, Judged
from ddcheck.engine.report.markdown_table import Part, row_of
from ddcheck.engine.report.markdown_text import code, inert
from ddcheck.engine.text.translate import reworded, say


def memo_part(memos: tuple[Audit, ...], language: str) -> Part:
    """What was covered of each memo."""
    rows = []
    for audit in memos:
        covered = audit.coverage
        word = "FAIL" if audit.failed else "PASS"
        counts = (covered.tagged, covered.matched, covered.untagged, covered.exempt)
        rows.append(row_of(code(audit.memo.path), say(language, word), *map(str, counts)))
    head = (
        say(language, "Memo"), say(language, "Decision"), say(language, "Numbers tagged"),
        say(language, "Numbers that hold"), say(language, "Numbers untagged"),
        say(language, "Numbers exempt"),
    )  # fmt: skip
    return Part(say(language, "Memos"), head, tuple(rows), folded=True)


def claims_part(memos: tuple[Audit, ...], language: str) -> Part:
    """Claims that do not hold, or only by rounding; the gravest first."""
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


def held_part(memos: tuple[Audit, ...], language: str) -> Part:
    """Claims that hold."""
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
    return row_of(
        say(language, item.verdict), inert(item.claim.text, 120), code(item.claim.target.text),
        words, code(f"{audit.memo.path}:{item.claim.span.line}"),
    )  # fmt: skip


def remarks_part(memos: tuple[Audit, ...], language: str) -> Part:
    """What else is wrong with memos."""
    rows = tuple(
        row_of(
            say(language, item.level), inert(reworded(language, item.message)),
            code(f"{audit.memo.path}:{item.span.line}" if item.span else audit.memo.path),
        )
        for audit in memos
        for item in sorted(audit.remarks, key=lambda item: item.level != ERROR)
    )  # fmt: skip
    head = (say(language, "Level"), say(language, "What it lacks"), say(language, "File and line"))
    return Part(say(language, "Memos as a whole"), head, rows)
