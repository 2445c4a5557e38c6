"""What the command line assumes, as text reports show it."""

from __future__ import annotations

from ddcheck.engine.model.evaluation import Assumption, Evaluation
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.heading import Codes
from ddcheck.engine.report.lines import WIDTH, Line, Piece, cut, line
from ddcheck.engine.text.translate import say

_MOST = 3


def assumption_lines(
    evaluation: Evaluation, codes: Codes, *, most: int | None = _MOST
) -> list[Line]:
    """A heading with how many verdicts rest on assumptions, and a line each; nothing for none.

    `most` bounds the lines; how many are left out is said.
    """
    found = evaluation.assumptions
    if not found:
        return []
    language = evaluation.language
    total = len(evaluation.findings)
    resting = sum(finding.on_assumptions for finding in evaluation.findings)
    words = say(language, "{n} of {total} verdicts rest on assumptions", n=resting, total=total)
    lines = [line(Piece(say(language, "WHAT IF"), "title"), "   ", Piece(words, "dim"))]
    for item in found[:most]:
        text = assumption_text(item, codes, language)
        lines.append(line("   ", Piece("=", "warn"), f"   {cut(text, WIDTH - 7)}"))
    if most is not None and len(found) > most:
        rest = say(language, "and {n} more: --all", n=len(found) - most)
        lines.append(line(Piece(f"   {rest}", "dim")))
    return lines


def assumption_text(item: Assumption, codes: Codes, language: str) -> str:
    """An assumption in words: what is put where, and what it displaces with its sources."""
    displaced = ", ".join(
        f"{_shown(fact.value, fact.low, fact.high, item.unit, language)} "
        f"[{codes.codes[fact.source]}]"
        for fact in item.displaced
    )
    parameter = item.period is None
    if parameter:
        displaced = _shown(item.before, None, None, item.unit, language)
        displaced = "" if displaced == "-" else displaced
    scope = next((f.scope for f in (item.fact, *item.displaced) if f is not None and f.scope), None)
    name = " ".join(part for part in (item.title, scope and scope[1], item.period) if part)
    if item.fact is None and item.value is None:
        template = "{name}: taken away, {displaced} otherwise"
        return say(language, template, name=name, displaced=displaced or say(language, "nothing"))
    value = _shown(item.value, None, None, item.unit, language)
    if item.fact is not None:
        fact = item.fact
        value = _shown(fact.value, fact.low, fact.high, item.unit, language)
    if not displaced:
        return say(language, "{name}: {value} where nothing is stated", name=name, value=value)
    template = "{name}: {value} instead of {displaced}"
    return say(language, template, name=name, value=value, displaced=displaced)


def _shown(
    value: float | None, low: float | None, high: float | None, unit: str, language: str
) -> str:
    return value_text(value, "money" if unit.isupper() else unit, "percent", low, high, language)
