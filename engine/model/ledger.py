"""The ledger: what is known of a company at a date, one fact chosen for each key.

A key is concept, scope, kind and period. Among the visible facts of a key the one of the best
tier counts, then the newest, then the most precise, then the first in the file; the others stay
as candidates. Facts in another currency than the company's are kept apart: no name sees them.
Flows that no source states for a span are sums and differences of those that are stated; every
such derivation keeps its parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from functools import cached_property
from typing import TypeAlias

from ddcheck.engine.model.company import TIERS, Breakdown, Company, Event, Fact, Scope
from ddcheck.engine.model.periods import ACTUAL, ESTIMATE, GUIDANCE, Period, add_months
from ddcheck.engine.model.sums import Entry, Key, Sum, key_of, span_path
from ddcheck.engine.model.units import foreign_currency
from ddcheck.engine.model.variants import ASSUMED, unassumed

#: Which kinds of fact a series is made of; `plain` is actual, else estimate.
PLAIN, ONLY_ACTUAL, ONLY_ESTIMATE, ONLY_GUIDANCE = "plain", "actual", "estimate", "guidance"
_KINDS = {ONLY_ACTUAL: ACTUAL, ONLY_ESTIMATE: ESTIMATE, ONLY_GUIDANCE: GUIDANCE}
#: Months that a balance may be old where it meets a price.
MAX_CARRY = 15


#: Concept, scope, whether a share, kind, key, and the currency if it is a foreign one.
_Group: TypeAlias = tuple[str, Scope, bool, int, Key, str | None]


class Ledger:
    """The facts of `company` that were published by `as_of` (a day; None: all of them)."""

    def __init__(self, company: Company, as_of: int | None = None) -> None:
        self.company = company
        self.as_of = as_of
        self.sources = {
            name: source
            for name, source in company.sources.items()
            if as_of is None or source.published <= as_of
        }
        self.calendar = company.calendar
        self.facts = tuple(fact for fact in company.facts if fact.source in self.sources)
        self._names = {fact.concept for fact in self.facts}
        #: The ledger of what sources report, whatever the command line assumes instead.
        self.reported = self
        if ASSUMED in self.sources:
            self.reported = Ledger(unassumed(company), as_of)
        self.events: tuple[Event, ...] = tuple(
            event for event in company.events if event.source in self.sources
        )
        #: Names with a bound or range that a plain name sees; that only others see (a scope, a
        #: share, guidance).
        self.bounded: set[str] = set()
        self.bounded_aside: set[str] = set()
        #: Facts in another currency than the company's own, by concept.
        self.foreign: dict[str, list[Fact]] = {}
        self._currencies: dict[str, str | None] = {}
        self._groups: dict[_Group, list[Fact]] = {}
        self._chosen: dict[tuple[str, Scope], dict[int, dict[Key, Fact]]] = {}
        for fact in self.facts:
            self._groups.setdefault(self._group(fact), []).append(fact)
        for (concept, scope, share, kind, key, currency), facts in self._groups.items():
            if len(facts) > 1:
                facts.sort(key=self._rank)
            if currency is not None:
                self.foreign.setdefault(concept, []).extend(facts)
                continue
            if facts[0].value is None:
                plain = scope is None and not share and kind != GUIDANCE
                (self.bounded if plain else self.bounded_aside).add(concept)
            if not share:
                self._chosen.setdefault((concept, scope), {}).setdefault(kind, {})[key] = facts[0]
        self.breakdowns = self._breakdowns()
        self._graphs: dict[tuple[str, Scope, str], dict[int, list[tuple[int, int, Fact]]]] = {}
        self._plain: dict[tuple[str, Scope], dict[Key, Fact]] = {}

    @cached_property
    def spans(self) -> frozenset[tuple[int, int]]:
        """First month and length of every span of which something is stated, reported ones too."""
        periods = (fact.period for fact in (*self.facts, *self.reported.facts))
        return frozenset((period.start, period.months) for period in periods if period.months)

    @cached_property
    def days(self) -> frozenset[int]:
        """Every day of which something is stated, reported ones too."""
        periods = (fact.period for fact in (*self.facts, *self.reported.facts))
        return frozenset(period.end for period in periods if not period.months)

    @property
    def newest(self) -> int | None:
        """The day on which the newest visible source was published; an assumption is none."""
        days = (s.published for s in self.sources.values() if s.id != ASSUMED)
        return max(days, default=None)

    def evaluated_at(self, period: Period | None, today: int) -> int:
        """The last day whose actuals count: the end of `period`, else the day that the ledger is
        as of, else the newest publication, else `today`; never after what is visible.
        """
        day = period.end if period is not None else self.as_of
        if day is None:
            day = self.newest
        if day is not None and self.as_of is not None:
            day = min(day, self.as_of)
        return day if day is not None else today

    def _currency(self, fact: Fact) -> str | None:
        """The currency of `fact` if it is another than the company's own."""
        if fact.unit not in self._currencies:
            own = self.company.currency
            self._currencies[fact.unit] = foreign_currency(fact.unit, own)
        return self._currencies[fact.unit]

    def _group(self, fact: Fact) -> _Group:
        key, currency = key_of(fact.period), self._currency(fact)
        return fact.concept, fact.scope, fact.share, fact.kind, key, currency

    def _rank(self, fact: Fact) -> tuple[int, int, float]:
        source = self.company.sources[fact.source]
        return TIERS.index(source.tier), -source.published, fact.high - fact.low

    def candidates(self, fact: Fact) -> tuple[Fact, ...]:
        """All visible facts of the key of `fact`, the chosen one first."""
        return tuple(self._groups.get(self._group(fact), ()))

    def is_chosen(self, fact: Fact) -> bool:
        """Whether `fact` is the one of its key that counts."""
        found = self.candidates(fact)
        return bool(found) and found[0] is fact

    def contested(self) -> tuple[tuple[Fact, ...], ...]:
        """The facts of every key that more than one source states, the chosen one first."""
        return tuple(tuple(facts) for facts in self._groups.values() if len(facts) > 1)

    def tier(self, facts: Iterable[Fact]) -> str | None:
        """The weakest tier among `facts`; None for none."""
        ranks = [TIERS.index(self.sources[fact.source].tier) for fact in facts]
        return TIERS[max(ranks)] if ranks else None

    def choosing(self, fact: Fact, instead: Fact | None) -> Ledger:
        """The same ledger, in which `instead` counts where `fact` did; None: nothing does.

        All facts stay known. What rests on the choice is worked out afresh, the rest is shared.
        """
        other = copy(self)
        place, key = (fact.concept, fact.scope), key_of(fact.period)
        kinds = {kind: dict(facts) for kind, facts in self._chosen.get(place, {}).items()}
        mine = kinds.setdefault(fact.kind, {})
        if instead is None:
            mine.pop(key, None)
        elif not instead.share:
            mine[key] = instead
        other._chosen = {**self._chosen, place: kinds}
        other._graphs = {k: graph for k, graph in self._graphs.items() if k[0] != fact.concept}
        other._plain = {k: facts for k, facts in self._plain.items() if k[0] != fact.concept}
        if instead is not None and instead.value is None:
            other.bounded = self.bounded | {fact.concept}
        split = next((item for item in self.company.breakdowns if instead in item.parts), None)
        if split is not None:
            name = (split.concept, split.by, split.kind)
            splits = {**self.breakdowns.get(name, {}), key: split}
            other.breakdowns = {**self.breakdowns, name: splits}
        return other

    def summed(self, fact: Fact) -> Sum | None:
        """The actual flow of `fact` as the sum of the fewest shorter spans that are stated."""
        start, end = fact.period.start, fact.period.start + fact.period.months
        spans = sorted(
            (key, part)
            for key, part in self.stated(fact.concept, ONLY_ACTUAL, fact.scope).items()
            if 0 < key[1] < fact.period.months and start <= key[0] and sum(key) <= end
        )
        chains: dict[int, tuple[tuple[int, Fact], ...]] = {start: ()}
        for (begin, months), part in spans:
            before, known = chains.get(begin), chains.get(begin + months)
            if before is not None and (known is None or len(before) + 1 < len(known)):
                chains[begin + months] = (*before, (1, part))
        return Sum(chains[end], fact.period) if end in chains else None

    def stated(self, name: str, kinds: str, scope: Scope = None) -> dict[Key, Fact]:
        """The chosen facts of `name` by key; `plain` takes an estimate where no actual stands."""
        by_kind = self._chosen.get((name, scope))
        if by_kind is None:
            return {}
        if kinds == PLAIN:
            if ESTIMATE not in by_kind:
                return by_kind.get(ACTUAL, {})
            both = self._plain.get((name, scope))
            if both is None:
                both = {**by_kind[ESTIMATE], **by_kind.get(ACTUAL, {})}
                self._plain[name, scope] = both
            return both
        return by_kind.get(_KINDS[kinds], {})

    def names(self) -> set[str]:
        """Every concept or metric of which some fact is visible, whatever its scope."""
        return self._names

    def flow(self, name: str, period: Period, kinds: str, scope: Scope = None) -> Entry | None:
        """The flow `name` over the span of `period`: stated, else a sum and difference of spans.

        A plain flow is actual if it can be: a sum of actuals comes before a stated estimate. A sum
        that takes an estimate is an estimate.
        """
        key = (period.start, period.months)
        if kinds in (PLAIN, ONLY_ACTUAL):
            actual = self.stated(name, ONLY_ACTUAL, scope).get(key)
            found = actual or self._derived(name, period, ONLY_ACTUAL, scope)
            if found is not None or kinds == ONLY_ACTUAL:
                return found
        wanted = ONLY_GUIDANCE if kinds == ONLY_GUIDANCE else ONLY_ESTIMATE
        all_stated = self.stated(name, wanted, scope)
        if not all_stated:
            return None
        stated = all_stated.get(key)
        if stated is not None:
            return stated
        derived = self._derived(name, period, wanted, scope)
        if derived is None and wanted == ONLY_ESTIMATE:
            derived = self._derived(name, period, PLAIN, scope)
        return derived if derived is None or derived.kind != ACTUAL else None

    def _derived(self, name: str, period: Period, kinds: str, scope: Scope) -> Sum | None:
        """The span of `period` as a sum and difference of stated spans of `kinds`."""
        graph = self._graph(name, scope, kinds)
        start, end = period.start, period.start + period.months
        if start not in graph or end not in graph:
            return None
        parts = span_path(graph, start, end)
        return Sum(parts, period) if parts is not None else None

    def parts(
        self, name: str, frame: str, period: Period, scope: Scope = None
    ) -> list[Entry | None]:
        """The stated actual flows of length `frame` that make up the span of `period`."""
        length = {"half": 6, "quarter": 3, "month": 1}[frame]
        stated = self.stated(name, ONLY_ACTUAL, scope)
        starts = range(period.start, period.start + period.months, length)
        return [stated.get((start, length)) for start in starts]

    def _graph(self, name: str, scope: Scope, kinds: str) -> dict[int, list[tuple[int, int, Fact]]]:
        """Month boundaries joined by stated spans of at most a year: `(other end, sign, fact)`."""
        key = (name, scope, kinds)
        graph = self._graphs.get(key)
        if graph is None:
            graph = {}
            for (start, months), fact in self.stated(name, kinds, scope).items():
                if 0 < months <= 12:
                    graph.setdefault(start, []).append((start + months, 1, fact))
                    graph.setdefault(start + months, []).append((start, -1, fact))
            self._graphs[key] = graph
        return graph

    def balance(self, name: str, day: int, kinds: str, scope: Scope = None) -> Fact | None:
        """The stock `name` at the end of `day`."""
        return self.stated(name, kinds, scope).get((day, 0))

    def latest_balance(self, name: str, day: int, kinds: str, scope: Scope = None) -> Fact | None:
        """The newest stock `name` by `day`, at most 15 months old; an actual one if there is."""
        for wanted in (ONLY_ACTUAL, ONLY_ESTIMATE) if kinds == PLAIN else (kinds,):
            best: Fact | None = None
            for (when, months), fact in self.stated(name, wanted, scope).items():
                if months == 0 and when <= day and (best is None or when > best.period.end):
                    best = fact
            if best is not None and add_months(best.period.end, MAX_CARRY) >= day:
                return best
        return None

    def holding(self, name: str, day: int, scope: Scope = None) -> Fact | None:
        """The fixed value `name` that holds on `day`: the newest that began by then."""
        best: Fact | None = None
        for fact in self.stated(name, PLAIN, scope).values():
            if fact.period.end <= day and (best is None or fact.period.end > best.period.end):
                best = fact
        return best

    def said(self, about: str, word: str) -> list[Event]:
        """The events in which a source uses `word` of `about`."""
        return [event for event in self.events if event.about == about and event.said == word]

    def _breakdowns(self) -> dict[tuple[str, str, int], dict[Key, Breakdown]]:
        chosen: dict[tuple[str, str, int], dict[Key, Breakdown]] = {}
        ranked = sorted(
            (
                item
                for item in self.company.breakdowns
                if item.source in self.sources and not any(map(self._currency, item.parts))
            ),
            key=lambda item: (
                TIERS.index(self.sources[item.source].tier),
                -self.sources[item.source].published,
            ),
        )
        for item in ranked:
            entries = chosen.setdefault((item.concept, item.by, item.kind), {})
            entries.setdefault(key_of(item.period), item)
            if any(part.value is None for part in item.parts):
                self.bounded_aside.add(item.concept)
        return chosen
