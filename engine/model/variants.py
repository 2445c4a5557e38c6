"""Variants of a company: the same company with some facts exchanged.

For whatever asks "what if": assumptions of the command line, the ends of a printed figure's
rounding, another source's figure. Sources, periods and places stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ddcheck.engine.model.company import Breakdown, Company, Document, Fact

#: The source of a fact that the command line assumes; no file can declare this name.
ASSUMED = "--set"


def with_facts(
    company: Company,
    changes: Mapping[Fact, Fact | None],
    added: tuple[Fact, ...] = (),
    sources: Mapping[str, Document] | None = None,
) -> Company:
    """`company` with each fact of `changes` replaced (by nothing: left out), and `added` at the
    end; parts of breakdowns are replaced likewise. `sources` are declared beside its own.
    """

    def changed(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        found = (changes.get(fact, fact) for fact in facts)
        return tuple(fact for fact in found if fact is not None)

    breakdowns: tuple[Breakdown, ...] = tuple(
        item._replace(parts=changed(item.parts)) for item in company.breakdowns
    )
    return company._replace(
        facts=changed(company.facts) + added,
        breakdowns=breakdowns,
        sources={**company.sources, **sources} if sources else company.sources,
    )


def unassumed(company: Company) -> Company:
    """`company` without the assumptions of the command line: what it reports, in no order."""
    own = tuple(fact for fact in company.facts if fact.source != ASSUMED)
    sources = {name: source for name, source in company.sources.items() if name != ASSUMED}
    return company._replace(facts=(*own, *company.displaced), sources=sources, displaced=())


def only_about(company: Company, names: Collection[str]) -> Company:
    """`company` with the facts and breakdowns of the concepts and metrics in `names` alone."""
    return company._replace(
        facts=tuple(fact for fact in company.facts if fact.concept in names),
        breakdowns=tuple(item for item in company.breakdowns if item.concept in names),
    )


def at_value(fact: Fact, value: float) -> Fact:
    """`fact` as a point at `value` (in base units), with the same key, source and place."""
    moved = Fact.__new__(Fact)
    for name in Fact.__slots__:
        setattr(moved, name, getattr(fact, name))
    moved.value = moved.low = moved.high = value
    return moved
