"""What a number of a memo can be about: facts, metrics and members of breakdowns, with values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from ddcheck.engine.memo.figures import Figure, Figures, currency_of
from ddcheck.engine.memo.naming import Name, names_of, tokens, weights_of
from ddcheck.engine.memo.near import Ends
from ddcheck.engine.memo.targets import parse_target
from ddcheck.engine.memo.verdict import claim_ends, same_unit
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.periods import ACTUAL, FRAMES, Period, kind_suffix
from ddcheck.engine.text.quantity import Quantity

_SPREAD = math.log(1000)
#: Nobody says `over 200` of a million.
_NEAR = 0.15


class Subject(NamedTuple):
    """A fact or metric, or a part of one: `said` is what a tag says before the period.

    `fleeting` is what stands at few days or one, whatever period the prose is about: a price.
    `member` are the words of a breakdown's member, none for the whole; `share` a member's share.
    """

    said: str
    name: Name
    time: str
    fleeting: bool
    member: frozenset[str] = frozenset()
    share: bool = False

    def target(self, figure: Figure, lead: str) -> str:
        """The tag for `figure`."""
        if self.time == "fixed":
            return f"dd:{lead}{self.said}"
        return f"dd:{lead}{self.said}@{figure.period.label}{kind_suffix(figure.kind)}"


class Subjects:
    """Everything of which a company has a value."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self.names = names_of(figures.plan)
        self.weights = weights_of(self.names.values())
        self._by_unit: dict[str, list[tuple[Subject, Figure]]] | None = None
        self._values: dict[str, int] = {}
        self._fitting: dict[tuple[object, ...], tuple[dict[Subject, list[Figure]], float]] = {}
        self.stated = {
            (fact.concept, fact.period.end) for fact in figures.company.facts if fact.scope is None
        }

    def fitting(self, quantity: Quantity) -> tuple[dict[Subject, list[Figure]], float]:
        """The figures that bear the number out, by what they are of.

        And how many would by chance: the values of such a unit, by how narrow the number is.
        """
        key = quantity[1:4]
        if key not in self._fitting:
            self._fitting[key] = self._fit(quantity)
        return self._fitting[key]

    def _fit(self, quantity: Quantity) -> tuple[dict[Subject, list[Figure]], float]:
        ends = claim_ends(quantity, None)
        found: dict[Subject, list[Figure]] = {}
        values = 0
        for unit, pairs in self._units().items():
            if not same_unit(quantity.unit, pairs[0][1]):
                continue
            if not quantity.unit and (unit == "ratio" or unit.split("/")[0].isupper()):
                continue  # a bare number is a count
            values += self._values[unit]
            for subject, figure in pairs:
                if _bears_out(figure, ends):
                    found.setdefault(subject, []).append(figure)
        size = max(abs(ends.low), abs(ends.high))
        narrow = ends.width / size if math.isfinite(ends.width) and size else 1.0
        # Values of a unit spread over some three powers of ten. A whole count has no width.
        return found, values * max(narrow, 1e-5 if size >= 1000 else 0.01) / _SPREAD

    def _units(self) -> dict[str, list[tuple[Subject, Figure]]]:
        if self._by_unit is None:
            self._by_unit = {}
            for subject, figure in (*self._wholes(), *self._parts()):
                self._by_unit.setdefault(currency_of(figure), []).append((subject, figure))
            for unit, pairs in self._by_unit.items():
                self._values[unit] = len({(s.said, f.point, f.low) for s, f in pairs})
        return self._by_unit

    def _wholes(self) -> Iterator[tuple[Subject, Figure]]:
        # What stands at the end of a month stands at its last day too: months are asked for only
        # where a source states one.
        monthly = any(fact.period.frame == "month" for fact in self._figures.company.facts)
        frames = tuple(frame for frame in FRAMES if monthly or frame != "month")
        for ident, name in self.names.items():
            term = self._figures.plan.terms[ident]
            known = self._figures.known_elsewhere(ident, frames)
            once = len({figure.period.end for figure in known}) == 1
            subject = Subject(ident, name, term.time, self._quoted(ident) or once)
            for figure in known:
                yield subject, figure

    def _quoted(self, ident: str) -> bool:
        """Whether it is a price, or is worked out with one."""
        metric = self._figures.plan.metrics.get(ident)
        leaves = {ident, *(metric.leaves if metric is not None else ())}
        concepts = self._figures.plan.vocabulary.concepts
        return any(concepts[leaf].quoted for leaf in leaves if leaf in concepts)

    def printed(self, quantity: Quantity, *, always: bool) -> Iterator[tuple[Subject, Figure, str]]:
        """What one source prints with just these digits, and the source.

        Unless `always`, only what another source prints otherwise.
        """
        ends = claim_ends(quantity, None)
        found: dict[tuple[str, Period, int], list[Fact]] = {}
        for fact in self._figures.company.facts:
            if (
                fact.scope is None
                and math.isclose(fact.low, ends.low)
                and (math.isclose(fact.high, ends.high))
            ):
                found.setdefault((fact.concept, fact.period, fact.kind), []).append(fact)
        for (concept, period, kind), facts in found.items():
            if len({fact.source for fact in facts}) != 1:
                continue
            source = facts[0].source
            others = [
                fact for fact in self._figures.company.facts
                if (fact.concept, fact.period, fact.kind, fact.scope)
                == (concept, period, kind, None)
                and (fact.low, fact.high) != (facts[0].low, facts[0].high)
            ]  # fmt: skip
            if not others and not always:
                continue
            figure = self._figures.printed(concept, period, kind, source)
            if isinstance(figure, Figure) and same_unit(quantity.unit, figure):
                term = self._figures.plan.terms[concept]
                yield Subject(concept, self.names[concept], term.time, True), figure, source

    def _parts(self) -> Iterator[tuple[Subject, Figure]]:
        """The members of which a source states an amount or share, at the periods it does."""
        company = self._figures.company
        own = [fact for fact in company.facts if fact.scope is not None]
        split = [fact for item in company.breakdowns for fact in item.parts]
        for call in ("scoped", "share"):
            done = set()
            for fact in split if call == "share" else (*own, *split):
                key = (fact.concept, fact.scope, fact.period)
                if fact.kind != ACTUAL or fact.scope is None or key in done:
                    continue
                done.add(key)
                yield from self._part(call, fact)

    def _part(self, call: str, fact: Fact) -> Iterator[tuple[Subject, Figure]]:
        assert fact.scope is not None
        dimension, member = fact.scope
        term = self._figures.plan.terms.get(fact.concept)
        if term is None or member is None:
            return
        said = f'={call}({fact.concept}, "{dimension}", "{member}")'
        words = frozenset(tokens(member.replace("_", " ")))
        subject = Subject(said, self.names[fact.concept], term.time, True, words, call == "share")
        figure = self._figures.at(parse_target(f"dd:{said}"), fact.period, ACTUAL)
        if isinstance(figure, Figure):
            yield subject, figure


def _bears_out(figure: Figure, ends: Ends) -> bool:
    if not math.isfinite(ends.width):
        bound, own = (ends.low, figure.low) if math.isfinite(ends.low) else (ends.high, figure.high)
        if not abs(own - bound) <= _NEAR * abs(bound):
            return False
    if figure.point is None:
        return ends.low <= figure.low and figure.high <= ends.high
    return ends.holds(figure.point) or _by_rounding(ends, figure)


def _by_rounding(ends: Ends, figure: Figure) -> bool:
    """Whether a number holds within the rounding of the facts, and says no more than they."""
    narrow = ends.width >= figure.high - figure.low
    return narrow and ends.meets(figure.low, figure.high)
