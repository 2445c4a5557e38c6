"""A memo's report: what it claims, what of it does not hold, what it leaves unanswered."""

from __future__ import annotations

from ddcheck.engine.model.memo import (
    MATCH,
    MISMATCH,
    OVERPRECISE,
    ROUNDED,
    UNRESOLVED,
    VERDICTS,
    Audit,
    Judged,
    NearMiss,
    Remark,
)
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.report.lines import WIDTH, Line, Piece, cut, fit, line, wrap
from ddcheck.engine.text.translate import reworded, say

_STYLES = {MATCH: "good", ROUNDED: "", MISMATCH: "bad", OVERPRECISE: "warn", UNRESOLVED: "bad"}
_LEVELS = {"error": "bad", "warning": "warn", "note": "dim"}


def memo_report(audit: Audit, *, everything: bool = False) -> list[Line]:
    """The lines of a memo's report; `everything` lists the claims that hold as well."""
    language = audit.memo.language
    lines = _head(audit)
    wrong = [item for item in audit.claims if item.verdict in (MISMATCH, OVERPRECISE, UNRESOLVED)]
    lines += _claims(say(language, "DOES NOT HOLD"), wrong, language)
    rounded = [item for item in audit.claims if item.verdict == ROUNDED]
    lines += _claims(say(language, "HOLDS ONLY BY ROUNDING"), rounded, language)
    lines += _remarks(audit, everything=everything)
    if everything:
        held = [item for item in audit.claims if item.verdict == MATCH]
        lines += _claims(say(language, "HOLDS"), held, language)
    return [*lines, line(), *_summary(audit)]


def _head(audit: Audit) -> list[Line]:
    memo = audit.memo
    language = memo.language
    parts = [", ".join(memo.companies)]
    if memo.as_of is not None:
        parts.append(say(language, "as of {day}", day=day_text(memo.as_of)))
    if memo.recommendation is not None:
        parts.append(say(language, "recommendation {word}", word=memo.recommendation))
    return [line(Piece(memo.path, "name"), f"  {' · '.join(parts)}")]


def _claims(title: str, items: list[Judged], language: str) -> list[Line]:
    if not items:
        return []
    lines = [line(), line(Piece(f"{title} ({len(items)})", "title"))]
    for item in items:
        span = item.claim.span
        lines.append(
            line(
                f"  {fit(f'{span.line}:{span.column}', 8)} ",
                Piece(fit(say(language, item.verdict), 14), _STYLES[item.verdict]),
                f" {fit(cut(item.claim.text.strip(), 20), 21)} ",
                Piece(cut(item.claim.target.text, WIDTH - 49), "dim"),
            )
        )
        if item.verdict != MATCH:
            words = reworded(language, item.message)
            lines += [line("           ", text) for text in wrap(words, WIDTH - 11)]
        lines += [line("           ", Piece(_near(near, language), "warn")) for near in item.near]
    return lines


def _near(near: NearMiss, language: str) -> str:
    """What would have made the claim true."""
    colon = "：" if language == "zh" else ": "
    return f"{say(language, near.kind)}{colon}{reworded(language, near.words)}"


def _remarks(audit: Audit, *, everything: bool) -> list[Line]:
    language = audit.memo.language
    shown = [item for item in audit.remarks if item.id != "untagged"]
    untagged = [item for item in audit.remarks if item.id == "untagged"]
    lines: list[Line] = []
    if shown:
        lines += [line(), line(Piece(say(language, "THE MEMO AS A WHOLE"), "title"))]
        for item in shown:
            lines += _remark(item, language)
    if untagged:
        title = say(language, "NUMBERS WITHOUT A TAG")
        lines += [line(), line(Piece(f"{title} ({len(untagged)})", "title"))]
        most = len(untagged) if everything else 5
        for item in untagged[:most]:
            lines += _remark(item, language)
        if len(untagged) > most:
            more = say(language, "and {count} more: --all", count=len(untagged) - most)
            lines.append(line(Piece(f"  {more}", "dim")))
    return lines


def _remark(item: Remark, language: str) -> list[Line]:
    place = f"{item.span.line}:{item.span.column}" if item.span is not None else ""
    words = wrap(reworded(language, item.message), WIDTH - 20)
    level = Piece(fit(say(language, item.level), 8), _LEVELS[item.level])
    first = line(f"  {fit(place, 8)} ", level, f" {words[0]}")
    return [first, *(line(" " * 20, text) for text in words[1:])]


def _summary(audit: Audit) -> list[Line]:
    """One stable line: what was measured, and what it came to."""
    language = audit.memo.language
    counts = [
        f"{number} {say(language, verdict)}"
        for verdict in VERDICTS
        if (number := sum(item.verdict == verdict for item in audit.claims))
    ]
    coverage = audit.coverage
    text = say(
        language,
        "claims: {tagged} tagged{counts} · numbers without a tag: {untagged} · exempt: {exempt}",
        tagged=coverage.tagged,
        counts=f", {', '.join(counts)}" if counts else "",
        untagged=coverage.untagged,
        exempt=coverage.exempt,
    )
    word = say(language, "FAIL" if audit.failed else "PASS")
    return [line(Piece(f"{word}  ", "bad" if audit.failed else "good"), text)]
