"""What the command line assumes, in the words of a report."""

from __future__ import annotations

from ddcheck.engine.model.evaluation import Assumption
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.text.translate import say


def assumption_text(item: Assumption, language: str) -> str:
    """An assumption in words: what is put where, and what it displaces with its sources."""
    displaced = ", ".join(
        f"{_shown(fact.value, fact.low, fact.high, item.unit, language)} ({fact.source})"
        for fact in item.displaced
    )
    if item.before is not None:
        displaced = _shown(item.before, None, None, item.unit, language)
    stated = (item.fact, *item.displaced)
    scope = next((fact.scope for fact in stated if fact is not None and fact.scope), None)
    parts = (item.title, scope[1] if scope else None, item.period)
    name = " ".join(part for part in parts if part)
    if item.fact is None and item.value is None:
        return say(language, "{name}: unknown instead of {before}", name=name, before=displaced)
    value = _shown(item.value, None, None, item.unit, language)
    if item.fact is not None:
        value = _shown(item.fact.value, item.fact.low, item.fact.high, item.unit, language)
    if not displaced:
        return say(language, "{name}: {value} where no source states it", name=name, value=value)
    template = "{name}: {value} instead of {before}"
    return say(language, template, name=name, value=value, before=displaced)


def _shown(
    value: float | None, low: float | None, high: float | None, unit: str, language: str
) -> str:
    return value_text(value, "money" if unit.isupper() else unit, "percent", low, high, language)
