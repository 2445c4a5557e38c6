"""Reading a company file: every fact with its source, text and place.

Periods, quantities, units, sources and scopes are checked here, so that what comes out can be
used without looking at the file again. A mistake costs the fact it concerns and nothing else.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.model.breakdowns import read_breakdowns, read_events
from ddcheck.engine.model.company import TIERS, Company, Document, Fact, Scope
from ddcheck.engine.model.periods import ACTUAL, Calendar, Period, PeriodError
from ddcheck.engine.model.units import Unit, in_currency, unit_name, unit_named
from ddcheck.engine.model.vocabulary import Dimension
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.quantity import (
    CURRENCIES,
    Quantity,
    QuantityError,
    UnitText,
    parse_quantity,
    parse_unit,
)
from ddcheck.engine.text.shape import Label
from ddcheck.engine.text.suggest import did_you_mean

_ROOT_KEYS = frozenset(
    {"ddcheck", "company", "sources", "tables", "facts", "breakdowns", "events", "answers"}
)
_COMPANY_KEYS = frozenset(
    {"id", "name", "ticker", "currency", "fiscal_year_end", "tags", "founded", "business"}
)
_SOURCE_KEYS = frozenset(
    {"title", "publisher", "tier", "published", "url", "file", "sha256", "language", "note"}
)
_TABLE_KEYS = frozenset({"source", "at", "unit", "periods", "facts", "labelled", "note"})
_ROW_KEYS = frozenset({"values", "unit", "at", "decimals", "exact", "labelled", "note", "scope"})
_FACT_KEYS = frozenset(
    {
        "value", "text", "source", "at", "scope", "since", "labelled", "note", "decimals", "exact",
        "method",
    }
)  # fmt: skip
_YEAR_END = re.compile(r"(\d{2})-(\d{2})\Z")


class Term(NamedTuple):
    """What may be stated: a concept or a metric, with its time and unit."""

    id: str
    time: str
    unit: Unit
    label: Label
    is_metric: bool
    quoted: bool = False


class Reader:
    """What the sections of one company file share while it is read."""

    def __init__(
        self,
        terms: dict[str, Term],
        dimensions: dict[str, Dimension],
        currency: str,
        calendar: Calendar,
        sources: dict[str, Document],
        report: Report,
    ) -> None:
        self.terms = terms
        self.dimensions = dimensions
        self.currency = currency
        self.calendar = calendar
        self.sources = sources
        self.report = report
        self.facts: list[Fact] = []
        self._seen: dict[tuple[str, Period, int, str, Scope, bool], Fact] = {}
        self._periods: dict[str, tuple[Period, int] | None] = {}
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

    def period(self, node: Scalar) -> tuple[Period, int] | None:
        """The period and kind that `node` writes, or None and DD302."""
        text = node.text
        if text not in self._periods:
            try:
                self._periods[text] = self.calendar.parse(text)
            except PeriodError as error:
                self._periods[text] = None
                self.report.error("DD302", node, error.message, error.help)
        elif self._periods[text] is None:
            self.report.error("DD302", node, f"`{text}` is not a period")
        return self._periods[text]

    def source(self, node: Node | None, where: Node) -> str | None:
        """The id of the source that `node` names, or None and DD305 or DD112."""
        if node is None:
            self.report.error("DD112", where, "a fact has no `source`")
            return None
        name = shape.text(node, "`source`", self.report)
        if name is not None and name not in self.sources:
            self.report.error(
                "DD305", node, f"no source `{name}`", did_you_mean(name, self.sources)
            )
            return None
        return name

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
                self.report.error("DD303", node, error.message, error.help)
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
    ) -> Quantity | None:
        """The value that `node` writes, in a unit that `term` has, or None and DD303 or DD304."""
        unit = () if share else in_currency(term.unit, self.currency)
        if default is None and unit in _BARE:
            default = UnitText(Decimal(1), unit_name(unit))
        try:
            quantity = parse_quantity(node.text, default, decimals=decimals, exact=exact)
        except QuantityError as error:
            self.report.error("DD303", node, error.message, error.help)
            return None
        name = quantity.unit
        if not name:
            wanted = unit_name(unit)
            self.report.error(
                "DD304",
                node,
                f"`{node.text}` has no unit; `{term.id}` is in {wanted}",
                f"write for example `{node.text} {wanted}`",
            )
            return None
        stated = unit_named(name)
        if stated == unit or stated == term.unit:
            return quantity._replace(unit=unit_name(unit)) if stated != unit else quantity
        if stated is not None and _foreign(stated, unit):
            return quantity
        self.report.error(
            "DD304", node, f"`{node.text}` is {name}; `{term.id}` is in {unit_name(unit)}"
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

    def keep(self, fact: Fact) -> None:
        """Add `fact`, unless its source has stated it already (DD307)."""
        key = (fact.concept, fact.period, fact.kind, fact.source, fact.scope, fact.share)
        first = self._seen.get(key)
        if first is not None:
            scoped = f" for {fact.scope[0]} {fact.scope[1]}" if fact.scope else ""
            self.report.error(
                "DD307",
                fact.node,
                f"`{fact.concept}` {fact.period}{scoped} stands twice from `{fact.source}`",
                f"it stands already at line {first.node.line}",
            )
            return
        self._seen[key] = fact
        self.facts.append(fact)

    def placed(self, term: Term, period: Period) -> Period:
        """`period` as the facts of `term` are kept: stocks at the instant that closes it."""
        return self.calendar.instant(period.end) if term.time == "stock" else period


_BARE: frozenset[Unit] = frozenset(
    {(), (("count", 1),), (("votes", 1),), (("minutes", 1),), (("months", 1),), (("days", 1),)}
)


def _foreign(stated: Unit, unit: Unit) -> bool:
    """Whether `stated` is `unit` in another currency."""
    bases = {base for base, _ in stated}
    others = {base for base, _ in unit}
    left, right = bases & CURRENCIES, others & CURRENCIES
    if len(left) != 1 or len(right) != 1:
        return False
    swap = {next(iter(left)): next(iter(right))}
    return tuple(sorted((swap.get(base, base), power) for base, power in stated)) == unit


def load_company(
    root: Mapping, terms: dict[str, Term], dimensions: dict[str, Dimension], report: Report
) -> Company | None:
    """The company that `root` holds; None if it cannot be told who it is or what its sources are."""
    shape.keys(root, _ROOT_KEYS, ("company", "sources"), "a company file", report)
    entry = shape.mapping(root.get("company"), "`company`", report)
    if entry is None:
        return None
    complete = shape.keys(entry, _COMPANY_KEYS, ("id", "name", "currency"), "`company`", report)
    company_id = shape.text(entry.get("id"), "the id", report)
    name = shape.label(entry.get("name"), "the name", report)
    currency = shape.choice(entry.get("currency"), sorted(CURRENCIES), "the currency", report)
    if not complete or company_id is None or name is None or currency is None:
        return None
    calendar = _calendar(entry.get("fiscal_year_end"), report)
    sources = _sources(root.get("sources"), report)
    reader = Reader(terms, dimensions, currency, calendar, sources, report)
    tables = shape.sequence(root.get("tables"), "`tables`", report)
    for item in tables or ():
        table = shape.mapping(item, "a table", report)
        if table is not None:
            _table(table, reader)
    facts = shape.mapping(root.get("facts"), "`facts`", report)
    for key, node in facts.items() if facts else ():
        term = reader.term(key)
        if term is not None:
            _concept(term, key, node, reader)
    breakdowns = read_breakdowns(root.get("breakdowns"), reader)
    return Company(
        root.source.path,
        company_id,
        name,
        shape.text(entry.get("ticker"), "the ticker", report),
        currency,
        calendar,
        frozenset(shape.texts(entry.get("tags"), "`tags`", report)),
        shape.text(entry.get("founded"), "`founded`", report),
        shape.label(entry.get("business"), "`business`", report),
        sources,
        tuple(reader.facts),
        breakdowns,
        read_events(root.get("events"), reader),
    )


def _calendar(node: Node | None, report: Report) -> Calendar:
    written = shape.text(node, "`fiscal_year_end`", report)
    if written is None or node is None:
        return Calendar()
    match = _YEAR_END.match(written)
    if match and shape.parse_day(f"2024-{written}") is not None:
        return Calendar(int(match[1]), int(match[2]))
    report.error("DD308", node, f"`{written}` is not a day of the year", 'write it as "12-31"')
    return Calendar()


def _sources(node: Node | None, report: Report) -> dict[str, Document]:
    entries = shape.mapping(node, "`sources`", report)
    found = {}
    for key, item in entries.items() if entries else ():
        what = f"source `{key.text}`"
        entry = shape.mapping(item, what, report)
        if entry is None:
            continue
        if not shape.keys(entry, _SOURCE_KEYS, ("title", "tier", "published"), what, report):
            continue
        title = shape.text(entry.get("title"), "the title", report)
        tier = shape.choice(entry.get("tier"), TIERS, "the tier", report)
        published = shape.day(entry.get("published"), "`published`", report)
        if title is None or tier is None or published is None:
            continue
        found[key.text] = Document(
            key.text,
            title,
            shape.text(entry.get("publisher"), "the publisher", report),
            tier,
            published,
            shape.text(entry.get("url"), "`url`", report),
            shape.text(entry.get("file"), "`file`", report),
            key,
        )
    return found


def _table(table: Mapping, reader: Reader) -> None:
    report = reader.report
    shape.keys(table, _TABLE_KEYS, ("source", "periods", "facts"), "a table", report)
    source = reader.source(table.get("source"), table)
    unit = reader.unit(table.get("unit"))
    at = shape.text(table.get("at"), "`at`", report)
    header = shape.sequence(table.get("periods"), "`periods`", report)
    rows = shape.mapping(table.get("facts"), "the facts of a table", report)
    if source is None or header is None or rows is None:
        return
    columns = [reader.period(item) if isinstance(item, Scalar) else None for item in header.items]
    labelled = shape.text(table.get("labelled"), "`labelled`", report)
    for key, node in rows.items():
        term = reader.term(key)
        if term is None:
            continue
        row_unit, row_at, decimals, exact, label = unit, at, None, False, labelled
        scope: Scope = None
        values = node
        if isinstance(node, Mapping):
            shape.keys(node, _ROW_KEYS, ("values",), "a row", report)
            if "unit" in node.entries:
                row_unit = reader.unit(node.get("unit"))
            row_at = shape.text(node.get("at"), "`at`", report) or at
            decimals = shape.integer(node.get("decimals"), "`decimals`", report)
            exact = shape.truth(node.get("exact"), "`exact`", report)
            label = shape.text(node.get("labelled"), "`labelled`", report) or labelled
            scope, usable = reader.scope(node.get("scope"))
            if not usable or "values" not in node.entries:
                continue
            values = node.entries["values"]
        cells = shape.sequence(values, f"the row `{key.text}`", report)
        if cells is None:
            continue
        if len(cells.items) != len(columns):
            report.error(
                "DD306",
                key,
                f"`{key.text}` has {len(cells.items)} values for {len(columns)} periods",
                'quote a number with a comma: "1,234"'
                if len(cells.items) > len(columns)
                else "write `~` where the source prints nothing",
            )
            continue
        for cell, column in zip(cells.items, columns, strict=True):
            if isinstance(cell, Scalar) and cell.is_null:
                continue
            value = shape.scalar(cell, "a value", report)
            if value is None or column is None:
                continue
            quantity = reader.quantity(value, term, row_unit, decimals, exact=exact)
            if quantity is not None:
                period = reader.placed(term, column[0])
                reader.keep(
                    Fact(
                        term.id, period, column[1], quantity, source, value, value.text, row_at,
                        scope, labelled=label,
                    )
                )  # fmt: skip


def _concept(term: Term, key: Scalar, node: Node, reader: Reader) -> None:
    """The facts under one concept: one fact, a list of facts, or a mapping of periods to facts."""
    if isinstance(node, Sequence):
        for item in node.items:
            _fact(term, None, item, reader, None)
        return
    if isinstance(node, Scalar):
        reader.report.error(
            "DD110", node, f"`{key.text}` must be a mapping of periods to facts, not a single value"
        )
        return
    if "value" in node.entries:
        _fact(term, None, node, reader, None)
        return
    shared = node.get("source")
    for period_key, value in node.items():
        if period_key.text == "source":
            continue
        period = reader.period(period_key)
        if period is None:
            continue
        several = value.items if isinstance(value, Sequence) else [value]
        for item in several:
            _fact(term, period, item, reader, shared)


def _fact(
    term: Term,
    when: tuple[Period, int] | None,
    node: Node,
    reader: Reader,
    shared: Node | None,
) -> None:
    report = reader.report
    if isinstance(node, Sequence):
        report.error("DD110", node, "a fact is a value or a mapping with `value` and `source`")
        return
    if isinstance(node, Scalar):
        entry = None
        value = shape.scalar(node, "a fact", report)
        source = reader.source(shared, node)
    else:
        entry = node
        shape.keys(entry, _FACT_KEYS, ("value",), "a fact", report)
        value = shape.scalar(entry.get("value"), "a fact's value", report)
        source = reader.source(entry.get("source") or shared, entry)
    if value is None or source is None:
        return
    at = printed = labelled = None
    scope: Scope = None
    decimals, exact = None, False
    if entry is not None:
        at = shape.text(entry.get("at"), "`at`", report)
        printed = shape.text(entry.get("text"), "`text`", report)
        labelled = shape.text(entry.get("labelled"), "`labelled`", report)
        decimals = shape.integer(entry.get("decimals"), "`decimals`", report)
        exact = shape.truth(entry.get("exact"), "`exact`", report)
        scope, usable = reader.scope(entry.get("scope"))
        if not usable:
            return
        since = shape.day(entry.get("since"), "`since`", report)
        if since is not None:
            if term.time != "fixed":
                report.error(
                    "DD302",
                    entry.keys["since"],
                    f"`{term.id}` is a {term.time}, so it stands under a period, not `since`",
                )
                return
            when = (reader.calendar.instant(since), ACTUAL)
    if when is None:
        wanted = "`since: DATE`" if term.time == "fixed" else "a period"
        report.error("DD302", node, f"a fact of `{term.id}` needs {wanted}")
        return
    quantity = reader.quantity(value, term, None, decimals, exact=exact)
    if quantity is None:
        return
    period = reader.placed(term, when[0])
    if term.time == "fixed" and period.months:
        period = reader.calendar.instant(reader.calendar.last_day(period.start - 1) + 1)
    reader.keep(
        Fact(
            term.id, period, when[1], quantity, source, value, printed or value.text, at, scope,
            labelled=labelled,
        )
    )  # fmt: skip
