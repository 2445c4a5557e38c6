"""What a difference says in words, for every format: summary, verdicts, figures, causes."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.difference import (
    ADDED,
    APPEARS,
    CHANGED,
    CLEARED,
    DECIDED,
    DROPPED,
    EITHER,
    FACTS,
    GONE,
    GRAVER,
    LOST,
    MILDER,
    NEW,
    OPENED,
    REMOVED,
    RESTATED,
    RULES,
    TOGETHER,
    UNRULED,
    Cause,
    DefinitionChange,
    Difference,
    FactChange,
    GradeSeen,
    Seen,
    VerdictChange,
)
from ddcheck.engine.model.finding import FLAG, PASS
from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.model.wording import printed_text, value_text
from ddcheck.engine.text.translate import reworded, say

#: What is counted in the summary: the ways of changing, and the words for one and for many.
COUNTED: tuple[tuple[tuple[str, ...], str, str], ...] = (
    ((LOST,), "1 flag turns unknown", "{n} flags turn unknown"),
    ((DROPPED,), "1 flag has no rule any more", "{n} flags have no rule any more"),
    ((CLEARED,), "1 flag disappears", "{n} flags disappear"),
    ((MILDER,), "1 flag is milder", "{n} flags are milder"),
    ((OPENED,), "1 verdict turns unknown", "{n} verdicts turn unknown"),
    ((UNRULED,), "1 verdict has no rule any more", "{n} verdicts have no rule any more"),
    ((APPEARS,), "1 flag appears", "{n} flags appear"),
    ((GRAVER,), "1 flag is graver", "{n} flags are graver"),
    ((DECIDED,), "1 unknown is decided", "{n} unknowns are decided"),
)
_CHANGES = {
    ADDED: ("1 added", "{n} added"), REMOVED: ("1 removed", "{n} removed"),
    CHANGED: ("1 changed", "{n} changed"), RESTATED: ("1 restated", "{n} restated"),
}  # fmt: skip
KIND_WORDS = {
    "rule": "rule", "strength": "strength", "metric": "metric", "parameter": "parameter",
    "concept": "concept", "dimension": "dimension", "trend": "trend word", "grading": "grading",
    "policy": "policy", "waiver": "waiver", "pack": "pack", "company": "head of the company",
    "source": "source", "breakdown": "breakdown", "event": "event", "fact": "fact",
    "date": "day of judgement",
}  # fmt: skip
BY_WORDS = {
    RULES: "the rules do it",
    FACTS: "the facts do it",
    EITHER: "rules or facts alone would do it",
    TOGETHER: "rules and facts do it together",
}
ARROW = " → "


def counted(language: str, n: int, one: str, many: str) -> str:
    """`n` of something in words."""
    return say(language, one) if n == 1 else say(language, many, n=n)


class Summary(NamedTuple):
    """What a reviewer reads in ten seconds."""

    head: str
    grades: tuple[str, ...]
    gates: tuple[str, ...]
    changes: tuple[str, ...]


def summary(difference: Difference) -> Summary:
    """The difference in a few lines: verdicts, grades, the gate, and what was changed for it."""
    language = difference.language
    changing = [company for company in difference.companies if company.changes]
    head = say(language, "{n} of {m} companies change", n=len(changing),
               m=len(difference.companies))  # fmt: skip
    if not difference.changes:
        head = say(language, "nothing changes")
    parts = [
        counted(language, n, one, many)
        for kinds, one, many in COUNTED
        if (n := difference.counted(*kinds))
    ]
    if parts:
        head += say(language, ": ") + say(language, ", ").join(parts)
    elif changing:
        head += say(language, ": ") + say(language, "no verdict changes")
    grades, gates = [], []
    for company in changing:
        whole = company.whole
        if whole is not None:
            grades.append(
                say(language, "grade of {id} {old} → {new}", id=company.id,
                    old=grade_text(whole.old, language), new=grade_text(whole.new, language))
            )  # fmt: skip
        old, new = (gate.outcome if gate is not None else None for gate in company.gates)
        if old != new:
            gates.append(
                say(language, "gate of {id} {old} → {new}", id=company.id,
                    old=gate_text(old, language), new=gate_text(new, language))
            )  # fmt: skip
    return Summary(head, tuple(grades), tuple(gates), tuple(_changes(difference)))


def _changes(difference: Difference) -> list[str]:
    language = difference.language
    lines = []
    if difference.definitions:
        lines.append(
            say(language, "definitions: {parts}", parts=_parts(
                [item.change for item in difference.definitions], language))
        )  # fmt: skip
        looser = sum(item.looser is True for item in difference.definitions)
        if looser:
            lines[-1] += say(language, " ({n} looser)", n=looser)
    facts = [item.change for company in difference.companies for item in company.facts]
    if facts:
        lines.append(say(language, "facts: {parts}", parts=_parts(facts, language)))
    status = {NEW: ("1 company is new", "{n} companies are new"),
              GONE: ("1 company is gone", "{n} companies are gone")}  # fmt: skip
    for name, (one, many) in status.items():
        n = sum(company.status == name for company in difference.companies)
        if n:
            lines.append(counted(language, n, one, many))
    if difference.unjudged:
        names = say(language, ", ").join(difference.unjudged)
        lines.append(say(language, "NOT COMPARED, since they cannot be read: {names}", names=names))
    return lines


def _parts(changes: list[str], language: str) -> str:
    words = [
        counted(language, n, *_CHANGES[name])
        for name in (REMOVED, CHANGED, RESTATED, ADDED)
        if (n := changes.count(name))
    ]
    return say(language, ", ").join(words)


def side_name(name: str, language: str) -> str:
    """A side as it is called."""
    return name or say(language, "the working tree")


def grade_text(grade: GradeSeen | None, language: str) -> str:
    """A grade's range with the letter on what is known: `C..B (B)`."""
    if grade is None or grade.worst is None or grade.best is None:
        return say(language, "none")
    if grade.worst == grade.best:
        return grade.worst
    known = f" ({grade.known})" if grade.known is not None else ""
    return f"{grade.worst}..{grade.best}{known}"


def gate_text(outcome: str | None, language: str) -> str:
    """What the gate says."""
    words = {"pass": "PASS", "fail": "FAIL", "unknown": "CANNOT JUDGE"}
    return say(language, words[outcome]) if outcome is not None else say(language, "none")


def verdict_text(seen: Seen | None, language: str, *, strength: bool = False) -> str:
    """A verdict in a word: a flag's severity, `pass`, `unknown`, `no rule`."""
    if seen is None:
        return say(language, "no rule")
    if strength and seen.outcome in (FLAG, PASS):
        return say(language, "holds" if seen.outcome == FLAG else "does not hold")
    if seen.outcome == FLAG:
        return say(language, seen.severity or FLAG)
    words = {"not-applicable": "n/a"}
    text = say(language, words.get(seen.outcome, seen.outcome))
    if seen.outcome == PASS and seen.behind:
        text = say(language, "pass, not on the newest period")
    return text


def turn_text(item: VerdictChange, language: str) -> str:
    """Both verdicts: `high → unknown`; of one that stays, the one."""
    old = verdict_text(item.old, language, strength=item.strength)
    new = verdict_text(item.new, language, strength=item.strength)
    return old if old == new else old + ARROW + new


def figures_text(item: VerdictChange, language: str) -> str:
    """The figures and limits of both sides, `FY2023 12.3%, limit 10% → FY2023 12.3%, limit 15%`."""
    old, new = (_figure(seen, language) for seen in (item.old, item.new))
    if old == new:
        return old
    nothing = say(language, "nothing")
    return (old or nothing) + ARROW + (new or nothing)


def _figure(seen: Seen | None, language: str) -> str:
    if seen is None:
        return ""
    parts = [seen.period or ""]
    if seen.value is not None or seen.low is not None or seen.high is not None:
        value = value_text(seen.value, seen.unit, seen.style, seen.low, seen.high, language)
        parts.append(value)
    text = " ".join(filter(None, parts))
    if seen.limit_text is not None:
        limit = say(language, "limit {limit}", limit=seen.limit_text)
        text = say(language, "{left}, {right}", left=text, right=limit) if text else limit
    if seen.reason is not None:
        reason = say(language, "unknown: {reason}", reason=reworded(language, seen.reason))
        text = say(language, "{left}, {right}", left=text, right=reason) if text else reason
    return text


def causes_text(item: VerdictChange, language: str, most: int = 3) -> str:
    """Which side's change did it, and where that stands."""
    named = [cause_text(cause, language) for cause in item.causes[:most]]
    if len(item.causes) > most:
        named.append(say(language, "{n} more", n=len(item.causes) - most))
    by = say(language, BY_WORDS[item.by]) if item.by is not None else ""
    return say(language, ": ").join(filter(None, (by, say(language, "; ").join(named))))


def cause_text(cause: Cause, language: str) -> str:
    """One cause with its place, that of the old side where it is no more."""
    place = cause.new or cause.old
    words = f"{say(language, KIND_WORDS[cause.kind])} {cause.id}"
    if cause.change != CHANGED:
        words += f" {change_text(cause.change, language)}"
    return f"{words} ({place})" if place is not None else words


def change_text(change: str, language: str) -> str:
    """How something changed, in a word."""
    words = {ADDED: "added", REMOVED: "removed", CHANGED: "changed", RESTATED: "restated"}
    return say(language, words[change])


def definition_text(item: DefinitionChange, language: str) -> str:
    """What a definition is called: `rule customer-above-10-percent`."""
    return f"{say(language, KIND_WORDS[item.kind])} {item.id}"


def looser_text(looser: bool | None, language: str) -> str:
    """Which way a change moves what passes; empty where nobody can say."""
    if looser is None:
        return ""
    return say(language, "looser") if looser else say(language, "stricter")


def field_text(old: str | None, new: str | None) -> str:
    """Both values of a field."""
    return (old if old is not None else "-") + ARROW + (new if new is not None else "-")


def fact_text(item: FactChange, language: str) -> tuple[str, str]:
    """A fact that changes: what it is about, and what is said of it before and now."""
    fact = item.fact
    scope = f" {fact.scope[0]}:{fact.scope[1]}" if fact.scope else ""
    name = f"{fact.concept}{scope} {fact.period.label}{kind_suffix(fact.kind)}"
    old, new = (_said(each, language) for each in (item.old, item.new))
    if item.change == ADDED:
        return name, new
    if item.change == REMOVED:
        return name, old
    return name, old + ARROW + new


def _said(fact: Fact | None, language: str) -> str:
    return f"{printed_text(fact, language)} [{fact.source}]" if fact is not None else ""
