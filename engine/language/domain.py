"""Domains: the periods at which a formula exists for a company.

A series exists between the first and the last period at which some fact of its formula exists;
shifts never extend it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddcheck.engine.model.formula import EVERY_FACT

if TYPE_CHECKING:
    from ddcheck.engine.language.context import Context

_NOWHERE = range(0)


class Domain:
    """The domains of formulas over the facts of `context`, each worked out once."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._places: dict[tuple[str, str], frozenset[int]] = {}
        self._spans: dict[tuple[str, str, bool], range] = {}
        self._reach: dict[tuple[frozenset[str], str, bool], tuple[int, ...]] = {}

    def places(self, leaves: frozenset[str], frame: str, *, scoped: bool) -> tuple[int, ...]:
        """The positions of `frame`, in order, at which a formula over `leaves` exists.

        In dates it exists where its quoted leaves have facts (or its stocks, if it has none that
        is quoted); elsewhere from the first to the last period at which some leaf exists.
        """
        key = (leaves, frame, scoped)
        found = self._reach.get(key)
        if found is None:
            found = self._reach[key] = self._reached(leaves, frame, scoped=scoped)
        return found

    def _reached(self, leaves: frozenset[str], frame: str, *, scoped: bool) -> tuple[int, ...]:
        if EVERY_FACT in leaves:
            return tuple(range(len(self.context.axis(frame).periods)))
        concepts = [
            self.context.plan.terms[name] for name in leaves if name in self.context.plan.terms
        ]
        if frame == "date":
            quoted = [term.id for term in concepts if term.quoted]
            names = quoted or [term.id for term in concepts if term.time in ("stock", "fixed")]
            places = (self._exists(name, frame, scoped=scoped) for name in names)
            return tuple(sorted(frozenset().union(*places)))
        spans = [
            self._span(term.id, frame, scoped=scoped)
            for term in concepts
            if term.time != "fixed" or len(concepts) == 1
        ]
        begin = min((span.start for span in spans if span), default=0)
        end = max((span.stop for span in spans if span), default=0)
        return tuple(range(begin, min(end, len(self.context.axis(frame).periods))))

    def _span(self, name: str, frame: str, *, scoped: bool) -> range:
        """From the first to the last position of `frame` at which some fact of `name` exists."""
        if not self._is_stated(name):
            return _NOWHERE
        key = (name, frame, scoped)
        found = self._spans.get(key)
        if found is None:
            places = self._exists(name, frame, scoped=scoped)
            found = range(min(places), max(places) + 1) if places else range(0)
            self._spans[key] = found
        return found

    def _is_stated(self, name: str) -> bool:
        return name in self.context.ledger.names()

    def _exists(self, name: str, frame: str, *, scoped: bool) -> frozenset[int]:
        if not self._is_stated(name):
            return frozenset()
        key = (name, frame + (" scoped" if scoped else ""))
        found = self._places.get(key)
        if found is not None:
            return found
        axis = self.context.axis(frame)
        places: set[int] = set()
        if frame == "date":
            by_end = {period.end: i for i, period in enumerate(axis.periods)}
            for kinds in ("plain", "guidance"):
                for start, months in self.context.ledger.stated(name, kinds):
                    if months == 0 and start in by_end:
                        places.add(by_end[start])
        else:
            for kinds in ("plain", "guidance"):
                if not self.context.ledger.stated(name, kinds):
                    continue
                entries = self.context.entries(name, frame, kinds)
                places |= {i for i, entry in enumerate(entries) if entry is not None}
        if scoped:
            for (concept, _, _), breakdowns in self.context.ledger.breakdowns.items():
                if concept == name:
                    places |= {
                        i
                        for i, period in enumerate(axis.periods)
                        if (period.start, period.months) in breakdowns
                        or (period.end, 0) in breakdowns
                    }
            for fact in self.context.ledger.facts:
                if fact.concept == name and fact.scope is not None:
                    places |= {
                        i
                        for i, period in enumerate(axis.periods)
                        if period.end == fact.period.end
                        and (fact.period.months in (0, period.months))
                    }
        result = frozenset(places)
        self._places[key] = result
        return result
