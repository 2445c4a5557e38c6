"""Why a fact counts or does not: the rule of tier, date or precision that chose it."""

from __future__ import annotations

from ddcheck.engine.model.company import TIERS, Company, Fact
from ddcheck.engine.model.ledger import ONLY_ACTUAL, Ledger
from ddcheck.engine.model.periods import ESTIMATE, GUIDANCE, day_text
from ddcheck.engine.model.units import foreign_currency
from ddcheck.engine.text.translate import say


def why(fact: Fact, company: Company, ledger: Ledger, language: str) -> str:
    """In a sentence why `fact` counts, or what stands in its way."""
    source = company.sources[fact.source]
    if fact.source not in ledger.sources:
        day, seen = (day_text(each) for each in (source.published, ledger.as_of or 0))
        return say(language, "not seen: published on {day}, after {seen}", day=day, seen=seen)
    currency = foreign_currency(fact.unit, company.currency)
    if currency is not None:
        return say(
            language, "kept apart: in {currency}, while the company reports in {own}",
            currency=currency, own=company.currency,
        )  # fmt: skip
    candidates = ledger.candidates(fact)
    if candidates[0] is not fact:
        return say(
            language, "does not count: {source} comes first, {reason}",
            source=candidates[0].source, reason=_before(candidates[0], fact, company, language),
        )  # fmt: skip
    sentence = _counts(fact, ledger, language)
    if len(candidates) > 1:
        reason = _before(fact, candidates[1], company, language)
        return say(
            language, "{counts}: before {source}, {reason}",
            counts=sentence, source=candidates[1].source, reason=reason,
        )  # fmt: skip
    return say(language, "{counts}: no other source states it", counts=sentence)


def _counts(fact: Fact, ledger: Ledger, language: str) -> str:
    """Where a chosen fact counts."""
    if fact.share:
        return say(language, "counts as a share")
    if fact.scope is not None:
        return say(language, "counts for {part} only", part=f"{fact.scope[0]} {fact.scope[1]}")
    if fact.kind == GUIDANCE:
        return say(language, "counts as guidance")
    if fact.kind == ESTIMATE:
        period = fact.period
        key = (period.start, period.months) if period.months else (period.end, 0)
        if key in ledger.stated(fact.concept, ONLY_ACTUAL, fact.scope):
            return say(language, "counts as an estimate beside the actual figure")
        return say(language, "counts as an estimate")
    return say(language, "counts")


def _before(first: Fact, second: Fact, company: Company, language: str) -> str:
    """The rule by which `first` comes before `second`."""
    left, right = company.sources[first.source], company.sources[second.source]
    if left.tier != right.tier:
        assert TIERS.index(left.tier) < TIERS.index(right.tier)
        return say(language, "{tier} before {other}", tier=left.tier, other=right.tier)
    if left.published != right.published:
        return say(language, "the newer source")
    if first.high - first.low != second.high - second.low:
        return say(language, "the more precise figure")
    return say(language, "the first in the file")
