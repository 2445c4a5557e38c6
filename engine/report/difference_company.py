"""What a difference says of one company beside its verdicts, for text and Markdown alike."""

from __future__ import annotations

from ddcheck.engine.model.difference import (
    ADDED,
    COMPARED,
    CompanyChange,
    ConflictSeen,
    LetterChange,
)
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.difference_words import ARROW, gate_text, grade_text
from ddcheck.engine.text.translate import say


def head_texts(company: CompanyChange, language: str) -> list[str]:
    """That its grade and its gate change."""
    found = []
    whole = company.whole
    if whole is not None:
        old, new = (grade_text(each, language) for each in (whole.old, whole.new))
        found.append(say(language, "grade {old} → {new}", old=old, new=new))
    before, after = (gate.outcome if gate else None for gate in company.gates)
    if before != after:
        old, new = (gate_text(each, language) for each in (before, after))
        found.append(say(language, "gate {old} → {new}", old=old, new=new))
    return found


def gone_text(company: CompanyChange, language: str) -> str:
    """That a company is gone, and what was known of it: its flags are gone as well."""
    old = company.gates[0]
    text = say(language, "{id}: the company is gone", id=company.id)
    if old is not None and old.failing:
        names = say(language, ", ").join(old.failing)
        text += say(language, "; it failed at the gate: {names}", names=names)
    return text


def gate_texts(company: CompanyChange, language: str) -> list[str]:
    """What fails at the gate on one side only, where the gate says the same on both."""
    old, new = company.gates
    if old is None or new is None or old.failing == new.failing:
        return []
    found = []
    more = [name for name in new.failing if name not in old.failing]
    less = [name for name in old.failing if name not in new.failing]
    if more:
        names = say(language, ", ").join(more)
        found.append(say(language, "fails at the gate now: {names}", names=names))
    if less:
        names = say(language, ", ").join(less)
        found.append(say(language, "fails at the gate no more: {names}", names=names))
    return found


def category_texts(company: CompanyChange, language: str) -> list[str]:
    """The categories whose grade changes; none of a company that comes or goes."""
    if company.status != COMPARED:
        return []
    return [
        f"{item.title} {grade_text(item.old, language)}{ARROW}{grade_text(item.new, language)}"
        for item in company.grades
        if item.category is not None
    ]


def must_know_texts(company: CompanyChange, language: str) -> list[tuple[str, bool]]:
    """What must be known and is unknown on one side only; True: now."""
    if company.status != COMPARED:
        return []
    old, new = (set(names) for names in company.must_know)
    found = []
    if new - old:
        names = say(language, ", ").join(sorted(new - old))
        text = say(language, "must be known and is unknown now: {names}", names=names)
        found.append((text, True))
    if old - new:
        names = say(language, ", ").join(sorted(old - new))
        text = say(language, "must be known and is unknown no more: {names}", names=names)
        found.append((text, False))
    return found


def conflict_text(item: ConflictSeen, language: str) -> str:
    """A contradiction that comes or goes."""
    sources = say(language, ", ").join(item.sources)
    template = "no contradiction any more: {concept} {period} ({sources})"
    if item.change == ADDED:
        template = "a contradiction: {concept} {period} ({sources})"
    return say(language, template, concept=item.concept, period=item.period, sources=sources)


def letter_text(item: LetterChange, language: str) -> str:
    """A metric's letter and value on both sides."""
    sides = []
    for seen in (item.old, item.new):
        if seen is None:
            sides.append(say(language, "none"))
            continue
        state, letters, _, value = seen
        words = letters or say(language, {"not-applicable": "n/a"}.get(state, state))
        figure = value_text(value, item.unit, item.style, language=language)
        sides.append(words if value is None else f"{words} {figure}")
    return f"{item.title} {ARROW.join(sides)}"
