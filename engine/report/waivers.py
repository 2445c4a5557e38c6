"""Waivers in the report on a company: what they cover, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from ddcheck.engine.model.decision import ERROR, WARNING, Notice
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import Finding
from ddcheck.engine.model.waiver import Excuse
from ddcheck.engine.report.lines import WIDTH, Line, Piece, cut, fit, line, wrap
from ddcheck.engine.text.translate import reworded, say

if TYPE_CHECKING:
    from ddcheck.engine.report.json_values import Json

_STYLES = {ERROR: "bad", WARNING: "warn"}
_INDENT, _NAME, _PERIOD = 13, 39, 12


def waiver_section(
    evaluation: Evaluation, notices: Iterable[Notice], columns: int = WIDTH
) -> list[Line]:
    """What waivers cover of a company, then the notices on them; no line where there is neither."""
    language = evaluation.language
    lines: list[Line] = []
    for finding in evaluation.findings:
        if finding.waiver is not None and finding.waived:
            lines += _covered(finding, finding.waiver, language, columns)
    for notice in notices:
        parts = (reworded(language, part) for part in notice.message.split("; "))
        words = f"{notice.path}:{notice.line}: {('；' if language == 'zh' else '; ').join(parts)}"
        level = Piece(fit(say(language, notice.level), _INDENT - 2), _STYLES.get(notice.level, ""))
        texts = wrap(words, columns - _INDENT)
        lines.append(line("  ", level, texts[0]))
        lines += [line(" " * _INDENT, text) for text in texts[1:]]
    return [line(Piece(say(language, "WAIVERS"), "title")), *lines] if lines else []


def _covered(finding: Finding, excuse: Excuse, language: str, columns: int) -> list[Line]:
    waiver = excuse.waiver
    room = columns - _INDENT
    rest = max(0, room - _NAME - _PERIOD)
    first = line(
        "  ",
        Piece(fit(say(language, "waived"), _INDENT - 2), "dim"),
        fit(cut(finding.id, _NAME - 1), _NAME),
        Piece(fit(finding.period or "-", _PERIOD), "dim"),
        cut(finding.title, rest) if rest else "",
    )
    words = [
        say(
            language,
            "until {day}, by {owner}, approved by {approver}: {reason}",
            day=date.fromordinal(waiver.expires).isoformat(),
            owner=waiver.owner,
            approver=waiver.approved_by,
            reason=waiver.reason,
        )
    ]
    if waiver.holds_while is not None:
        condition = " ".join(waiver.holds_while.text.split())
        words.append(say(language, "holds while {condition}", condition=condition))
    return [first, *(line(" " * _INDENT, text) for part in words for text in wrap(part, room))]


def waiver_json(excuse: Excuse) -> Json:
    """A waiver on a finding as every JSON report shows it, and whether it covers the finding."""
    waiver = excuse.waiver
    return {
        "holds": excuse.holds,
        "words": excuse.words or None,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "approved_by": waiver.approved_by,
        "created": date.fromordinal(waiver.created).isoformat(),
        "expires": date.fromordinal(waiver.expires).isoformat(),
        "holds_while": waiver.holds_while.text if waiver.holds_while is not None else None,
        "scope": [node.text for node in waiver.periods],
        "file": waiver.node.source.path,
        "line": waiver.node.line,
        "column": waiver.node.column,
    }
