"""What the sections of one company file share while it is read.

Every mistake is reported once: what rests on something that was refused already is left out in
silence.
"""

from __future__ import annotations

from decimal import Decimal

from ddcheck.engine.model.company import Document, Fact, Scope
from ddcheck.engine.model.periods import (
    ACTUAL,
    Calendar,
    Period,
    PeriodError,
    day_text,
    likely_period,
)
from ddcheck.engine.model.units import Unit, foreign_currency, in_currency, unit_name, unit_named
from ddcheck.engine.model.vocabulary import Dimension, Term
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Node, Scalar
from ddcheck.engine.text.quantity import MAX_DECIMALS, Quantity, parse_quantity
from ddcheck.engine.text.suggest import did_you_mean
from ddcheck.engine.text.syntax import STARTERS
from ddcheck.engine.text.words import CURRENCIES, QuantityError, UnitText, parse_unit

#: Units that a bare number may take: their name is seldom printed.
_BARE: frozenset[Unit] = frozenset(
    {(), *(((base, 1),) for base in ("count", "votes", "minutes", "months", "days"))}
)


_WEEK = 7
_NO_KEYS: frozenset[str] = frozenset()


class Reader:
    """Terms, periods, sources, units and scopes of one company file, and the facts read so far.

    `broken` are the ids of sources that are declared with a mistake, None if none could be read.
    """

    def __init__(
        self,
        terms: dict[str, Term],
        dimensions: dict[str, Dimension],
        currency: str,
        calendar: Calendar,
        sources: dict[str, Document],
        report: Report,
        broken: frozenset[str] | None = frozenset(),
    ) -> None:
        self.terms = terms
        self.dimensions = dimensions
        self.currency = currency
        self.calendar = calendar
        self.sources = sources
        self.report = report
        self.broken = broken
        self.facts: list[Fact] = []
        self._seen: dict[tuple[str, Period, int, str, Scope, bool, str | None], Fact] = {}
        self._periods: dict[str, tuple[Period, int] | PeriodError] = {}
        self._units: dict[str, UnitText] = {}

    def term(self, key: Scalar) -> Term | None:
        """The term that `key` names, or None and DD301."""
        term = self.terms.get(key.text)
        if term is None:
            self.report.error(
                "DD301",
                key,
                f"no concept or metric `{key.text}`",
                did_you_mean(key.text, self.terms),
            )
        return term

    def period(self, node: Scalar, keys: frozenset[str] = _NO_KEYS) -> tuple[Period, int] | None:
        """The period and kind that `node` writes, or None and DD302; `keys` may stand there too."""
        found = self._periods.get(node.text)
        if found is None:
            try:
                found = self.calendar.parse(node.text)
            except PeriodError as error:
                found = error
            self._periods[node.text] = found
        if isinstance(found, PeriodError):
            meant = did_you_mean(node.text, keys) or likely_period(node.text, self.calendar)
            self.report.error("DD302", node, found.message, meant)
            return None
        return found

    def timely(self, node: Scalar, when: tuple[Period, int], source: str) -> None:
        """Warn of an actual of a period that ends after `source` was published (DD571).

        A week is let pass: papers are dated early, and fiscal years end on a weekday.
        """
        published = self.sources[source].published
        if when[1] == ACTUAL and when[0].end > published + _WEEK:
            self.report.warning(
                "DD571",
                node,
                f"`{node.text}` ends after `{source}` was published, on {day_text(published)}",
                "correct one of the two; an estimate is marked `E`, guidance `G`",
            )

    def source(self, node: Node | None, where: Node) -> str | None:
        """The id of the source that `node` names, or None and DD305 or DD112."""
        if node is None:
            self.report.error("DD112", where, "a fact has no `source`")
            return None
        name = shape.text(node, "`source`", self.report)
        if name is None or name in self.sources:
            return name
        if self.broken is not None and name not in self.broken:
            self.report.error(
                "DD305", node, f"no source `{name}`", did_you_mean(name, self.sources)
            )
        return None

    def unit(self, node: Node | None) -> UnitText | None:
        """The printed unit that `node` writes, or None and DD303."""
        written = shape.text(node, "`unit`", self.report)
        if written is None or node is None:
            return None
        found = self._units.get(written)
        if found is None:
            try:
                found = self._units[written] = parse_unit(written)
            except QuantityError as error:
                self.report.error(error.code, node, error.message, error.help)
                return None
        return found

    def decimals(self, node: Node | None) -> int | None:
        """To how many decimals a figure is right, or None and DD107 or DD110."""
        found = shape.integer(node, "`decimals`", self.report)
        if found is not None and node is not None and abs(found) > MAX_DECIMALS:
            self.report.error("DD110", node, f"no figure is right to {found} decimals")
            return None
        return found

    def quantity(
        self,
        node: Scalar,
        term: Term,
        default: UnitText | None,
        decimals: int | None = None,
        *,
        exact: bool = False,
        share: bool = False,
        negate: bool = False,
    ) -> Quantity | None:
        """The value that `node` writes, in a unit that `term` has; `negate` turns its sign.

        None and DD303, DD304 or DD314 (DD107, DD108, DD114) if it cannot be used.
        """
        unit = () if share else in_currency(term.unit, self.currency)
        if unit in _BARE and (default is None or not default.name):
            default = UnitText(default.factor if default else Decimal(1), unit_name(unit))
        try:
            quantity = parse_quantity(node.text, default, decimals=decimals, exact=exact)
        except QuantityError as error:
            if node.style in STARTERS:
                self.report.error("DD114", node, STARTERS[node.style or ""])
            else:
                self.report.error(error.code, node, error.message, error.help)
            return None
        if negate:
            quantity = quantity.negated()
        wanted = unit_name(unit)
        if term.positive and quantity.high is not None and quantity.high < 0:
            self.report.error(
                "DD314",
                node,
                f"`{node.text}` is below zero, which `{term.id}` cannot be",
                "costs are positive numbers; a loss is a negative one",
            )
            return None
        if quantity.unit == wanted:
            return quantity
        if not quantity.unit:
            self.report.error(
                "DD304",
                node,
                f"`{node.text}` has no unit; `{term.id}` is in {wanted}",
                f"write for example `{node.text} {wanted}`",
            )
            return None
        stated = unit_named(quantity.unit)
        if stated is not None and (stated in (unit, term.unit) or _foreign(stated, unit)):
            return quantity._replace(unit=unit_name(in_currency(stated, self.currency)))
        self.report.error(
            "DD304", node, f"`{node.text}` is {quantity.unit}; `{term.id}` is in {wanted}"
        )
        return None

    def scope(self, node: Node | None) -> tuple[Scope, bool]:
        """The scope under `node`; False if it is there but cannot be used (DD212)."""
        if node is None:
            return None, True
        entry = shape.mapping(node, "`scope`", self.report)
        if entry is None or len(entry.entries) != 1:
            if entry is not None:
                self.report.error("DD212", entry, "a scope is one dimension and one member")
            return None, False
        key, value = next(iter(entry.items()))
        member = shape.text(value, "the member", self.report)
        if member is None or not self.known_member(key, value, member):
            return None, False
        return (key.text, member), True

    def known_member(self, by: Scalar, place: Node, member: str | None) -> bool:
        """Whether dimension and member are declared, else DD212."""
        dimension = self.dimensions.get(by.text)
        if dimension is None:
            self.report.error(
                "DD212",
                by,
                f"no dimension `{by.text}`",
                did_you_mean(by.text, self.dimensions) or f"known: {', '.join(self.dimensions)}",
            )
            return False
        if member is not None and dimension.members and member not in dimension.members:
            self.report.error(
                "DD212",
                place,
                f"`{by.text}` has no member `{member}`",
                did_you_mean(member, dimension.members) or f"known: {', '.join(dimension.members)}",
            )
            return False
        return True

    def keep(self, fact: Fact) -> bool:
        """Add `fact`, unless its source has stated it already (DD307); whether it was added."""
        currency = foreign_currency(fact.unit, self.currency)
        key = (fact.concept, fact.period, fact.kind, fact.source, fact.scope, fact.share, currency)
        first = self._seen.get(key)
        if first is not None:
            scoped = f" for {fact.scope[0]} {fact.scope[1]}" if fact.scope else ""
            self.report.error(
                "DD307",
                fact.node,
                f"`{fact.concept}` {fact.period}{scoped} stands twice from `{fact.source}`",
                f"it stands already at line {first.node.line}",
            )
            return False
        self._seen[key] = fact
        self.facts.append(fact)
        return True

    def placed(self, term: Term, period: Period) -> Period:
        """`period` as the facts of `term` are kept.

        Stocks stand at the instant that closes it (on a 52/53-week calendar at the close of the
        fiscal month; quoted prices at their own day), fixed values at the day they hold from.
        """
        if term.time == "stock":
            end = period.end if term.quoted else self.calendar.close(period.end)
            return self.calendar.instant(end)
        if term.time == "fixed" and period.months:
            return self.calendar.instant(self.calendar.last_day(period.start - 1) + 1)
        return period


def _foreign(stated: Unit, unit: Unit) -> bool:
    """Whether `stated` is `unit` in another currency."""
    left, right = ({base for base, _ in item if base in CURRENCIES} for item in (stated, unit))
    if len(left) != 1 or len(right) != 1:
        return False
    swap = {left.pop(): right.pop()}
    return tuple(sorted((swap.get(base, base), power) for base, power in stated)) == unit
