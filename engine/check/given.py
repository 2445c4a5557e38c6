"""The company of a test case: facts at relative periods, as they stand beside a rule.

`FY0` is FY2024, `Q-1` is 2024Q3, `D-3` three days before the end of 2024. All facts come from one
audited source of that day, unless the case says its `tier`, or names others (`5 @later`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ddcheck.engine.model.breakdowns import WORDS
from ddcheck.engine.model.company import TIERS, Breakdown, Company, Document, Event, Fact
from ddcheck.engine.model.pack import Parameter
from ddcheck.engine.model.parameters import quantity_of
from ddcheck.engine.model.periods import Calendar, Period, PeriodError
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.reader import Reader
from ddcheck.engine.model.units import unit_name
from ddcheck.engine.model.vocabulary import Term
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.quantity import Quantity, parse_quantity
from ddcheck.engine.text.shape import Label
from ddcheck.engine.text.suggest import did_you_mean, likely
from ddcheck.engine.text.words import QuantityError, UnitText

YEAR = 2024
CURRENCY = "USD"
_SOURCE = "given"
_RELATIVE = re.compile(
    r"(?P<frame>FY|Q|H|M|D|(?:[1-9]|1[0-2])M)(?P<back>-?(?:0|[1-9]\d{0,2}))(?P<kind>[EG]?)\Z",
    re.ASCII,
)


_USUAL = 20
_RELATIVE_HELP = "write FY0, FY-1, Q0, H0, M0, 9M0 or D0"


def _is_usual(text: str) -> bool:
    """Whether `text` is a relative period that a test is likely to name: days, or a few years."""
    ends = [_RELATIVE.match(end) for end in text.split("..", 1)]
    return all(end and (end["frame"] == "D" or abs(int(end["back"])) <= _USUAL) for end in ends)


class GivenBuilder:
    """Builds the companies of cases; periods and values that are written alike are read once."""

    def __init__(self, plan: Plan, report: Report) -> None:
        self.plan = plan
        self.report = report
        self.calendar = Calendar()
        self.labels: dict[str, str] = {}
        self._periods: dict[str, tuple[Period, int]] = {}
        self._quantities: dict[tuple[str, str], Quantity] = {}

    def company(self, node: Mapping) -> Company:
        """The company that `given`, `breakdowns`, `events` and `tags` of a case describe."""
        report = self.report
        tier = shape.choice(node.get("tier"), TIERS, "`tier`", report) or TIERS[0]
        sources = {_SOURCE: self._document(node, _SOURCE, tier, 0)}
        sources.update(self._sources(node))
        self.labels = dict(self._labels(node))
        reader = Reader(
            self.plan.terms,
            self.plan.vocabulary.dimensions,
            CURRENCY,
            self.calendar,
            sources,
            report,
        )
        start = self._start(node.get("at"))
        given = shape.mapping(node.get("given"), "`given`", report)
        for key, value in given.items() if given else ():
            term = reader.term(key)
            if term is None:
                continue
            for when, cell in self._placed(value, start):
                self._fact(reader, term, when, cell)
        breakdowns = tuple(self._breakdowns(node.get("breakdowns"), reader))
        events = tuple(self._events(node.get("events"), reader))
        tags = frozenset(shape.texts(node.get("tags"), "`tags`", report))
        return Company(
            node.source.path, "given", Label("given", "given"), None, CURRENCY, self.calendar,
            tags, None, None, sources, tuple(reader.facts), breakdowns, events,
        )  # fmt: skip

    def _document(self, node: Node, name: str, tier: str, after: int) -> Document:
        """A source of the case, published `after` days from the end of its newest year."""
        place = Scalar(node.source, "", None, node.line, node.column, 0)
        day = date(YEAR, 12, 31).toordinal() + after
        return Document(name, name, None, tier, day, None, None, place)

    def _sources(self, node: Mapping) -> Iterator[tuple[str, Document]]:
        """The sources that a case has beside the one that states what bears no name."""
        report = self.report
        entries = shape.mapping(node.get("sources"), "`sources`", report)
        for key, value in entries.items() if entries else ():
            entry = shape.mapping(value, f"source `{key.text}`", report)
            known = {"tier", "published", "publisher"}
            if entry is None or not shape.keys(entry, known, (), "a source of a test", report):
                continue
            tier = shape.choice(entry.get("tier"), TIERS, "`tier`", report) or TIERS[0]
            when = self.period(entry.entries["published"]) if "published" in entry.entries else None
            found = self._document(key, key.text, tier, 0)
            if when is not None:
                found = found._replace(published=when[0].end)
            publisher = shape.text(entry.get("publisher"), "`publisher`", report)
            yield key.text, found._replace(publisher=publisher)

    def _labels(self, node: Mapping) -> Iterator[tuple[str, str]]:
        """What the source of the case calls a name, if not by that name."""
        entries = shape.mapping(node.get("labelled"), "`labelled`", self.report)
        for key, value in entries.items() if entries else ():
            label = shape.text(value, "a label", self.report)
            if label is not None:
                yield key.text, label

    def _start(self, node: Node | None) -> str:
        """The relative period at which values stand that name none; empty and DD401 for none."""
        if node is None:
            return "FY0"
        if self.period(node) is None:
            return ""
        assert isinstance(node, Scalar)
        if not _RELATIVE.match(node.text):
            self.report.error("DD401", node, f"`at` is one period, not `{node.text}`")
            return ""
        return node.text

    def _placed(self, value: Node, start: str) -> list[tuple[Scalar, Scalar]]:
        """Each value with its relative period: alone at `at`, a list up to it, or a mapping.

        In a mapping a list is what several sources state of one period.
        """
        if isinstance(value, Mapping):
            placed = (
                (key, self._value(cell))
                for key, cells in value.items()
                for cell in (cells.items if isinstance(cells, Sequence) else [cells])
            )
            return [(key, cell) for key, cell in placed if cell is not None]
        cells = value.items if isinstance(value, Sequence) else [value]
        match = _RELATIVE.match(start)
        if match is None:
            return []  # it has been said at `at`
        last = int(match["back"])
        found = []
        for i, cell in enumerate(cells):
            back = last - (len(cells) - 1 - i)
            label = f"{match['frame']}{back}{match['kind']}"
            single = self._value(cell)
            if single is not None:
                where = Scalar(cell.source, label, None, cell.line, cell.column, 0)
                found.append((where, single))
        return found

    def _value(self, cell: Node) -> Scalar | None:
        if not isinstance(cell, Scalar):
            self.report.error("DD110", cell, "a given value must be a single value")
            return None
        return cell

    def period(self, node: Node) -> tuple[Period, int] | None:
        """The period and kind that a relative period writes, or None and DD401."""
        written = shape.text(node, "a relative period", self.report)
        if written is None:
            return None
        found = self._periods.get(written)
        if found is not None:
            return found
        try:
            label = "..".join(map(self._label, written.split("..", 1)))
            found = self._periods[written] = self.calendar.parse(label)
        except PeriodError as error:
            meant = likely(written, "0123456789DEFGHMQY-.", _is_usual, _RELATIVE_HELP)
            self.report.error("DD401", node, error.message, meant)
        return found

    def _label(self, written: str) -> str:
        match = _RELATIVE.match(written)
        if match is None:
            raise PeriodError(f"`{written}` is not a relative period")
        frame, back, kind = match["frame"], int(match["back"]), match["kind"]
        if frame == "FY":
            return f"FY{YEAR + back}{kind}"
        if frame == "Q":
            year, quarter = divmod(YEAR * 4 + 3 + back, 4)
            return f"{year}Q{quarter + 1}{kind}"
        if frame == "H":
            year, half = divmod(YEAR * 2 + 1 + back, 2)
            return f"{year}H{half + 1}{kind}"
        if frame == "M":
            year, month = divmod(YEAR * 12 + 11 + back, 12)
            return f"{year:04d}-{month + 1:02d}{kind}"
        if frame == "D":
            day = date.fromordinal(date(YEAR, 12, 31).toordinal() + back)
            return f"{day.isoformat()}{kind}"
        return f"{frame[:-1]}M{YEAR + back}{kind}"

    def _fact(self, reader: Reader, term: Term, when: Scalar, cell: Scalar) -> None:
        period = self.period(when)
        if cell.is_null or period is None:
            return
        unit = unit_name(term.unit).replace("money", CURRENCY)
        written, _, named = cell.text.partition(" @")
        source = named or _SOURCE
        if source not in reader.sources:
            self.report.error(
                "DD305", cell, f"no source `{source}`", did_you_mean(source, reader.sources)
            )
            return
        try:
            quantity = self._quantity(written, unit)
        except QuantityError as error:
            self.report.error(error.code, cell, error.message, error.help)
            return
        if quantity.unit and quantity.unit != unit:
            self.report.error(
                "DD304", cell, f"`{cell.text}` is {quantity.unit}; `{term.id}` is {unit}"
            )
            return
        placed = reader.placed(term, period[0])
        if term.time == "fixed" and placed.months:
            placed = self.calendar.instant(self.calendar.last_day(placed.start - 1) + 1)
        label = self.labels.get(term.id)
        fact = Fact(term.id, placed, period[1], quantity, source, cell, written, labelled=label)
        reader.keep(fact)

    def _quantity(self, written: str, unit: str) -> Quantity:
        found = self._quantities.get((written, unit))
        if found is None:
            found = parse_quantity(written, UnitText(Decimal(1), unit))
            self._quantities[written, unit] = found
        return found

    def _breakdowns(self, node: Node | None, reader: Reader) -> list[Breakdown]:
        report = self.report
        found = []
        for item in shape.sequence(node, "`breakdowns`", report) or ():
            entry = shape.mapping(item, "a breakdown", report)
            known = {"concept", "by", "period", "unit", "parts", "complete", "ranked"}
            if entry is None or not shape.keys(
                entry, known, ("concept", "by", "period", "parts"), "a breakdown", report
            ):
                continue
            concept = shape.scalar(entry.get("concept"), "`concept`", report)
            by = shape.scalar(entry.get("by"), "`by`", report)
            period = self.period(entry.entries["period"])
            parts = shape.mapping(entry.get("parts"), "`parts`", report)
            term = reader.term(concept) if concept is not None else None
            if term is None or by is None or period is None or parts is None:
                continue
            if not reader.known_member(by, by, None):
                continue
            unit = reader.unit(entry.get("unit"))
            share = unit is not None and unit.name == "ratio" and bool(term.unit)
            placed = reader.placed(term, period[0])
            facts = []
            for key, value in parts.items():
                if not reader.known_member(by, key, key.text):
                    continue
                cell = shape.scalar(value, "a part", report)
                quantity = (
                    reader.quantity(cell, term, unit, share=share) if cell is not None else None
                )
                if cell is not None and quantity is not None:
                    fact = Fact(
                        term.id, placed, period[1], quantity, _SOURCE, cell, cell.text, None,
                        (by.text, key.text), share=share,
                    )  # fmt: skip
                    reader.keep(fact)
                    facts.append(fact)
            found.append(
                Breakdown(
                    term.id, by.text, placed, period[1], _SOURCE, tuple(facts),
                    shape.truth(entry.get("complete"), "`complete`", report),
                    shape.truth(entry.get("ranked"), "`ranked`", report),
                )
            )  # fmt: skip
        return found

    def _events(self, node: Node | None, reader: Reader) -> list[Event]:
        report = self.report
        found = []
        for item in shape.sequence(node, "`events`", report) or ():
            entry = shape.mapping(item, "an event", report)
            if entry is None or not shape.keys(
                entry, {"said", "about", "over"}, ("said", "about", "over"), "an event", report
            ):
                continue
            said = shape.choice(entry.get("said"), WORDS, "`said`", report)
            about = shape.scalar(entry.get("about"), "`about`", report)
            period = self.period(entry.entries["over"])
            if said is None or about is None or reader.term(about) is None or period is None:
                continue
            found.append(Event(None, None, said, about.text, period[0], _SOURCE, None, None, about))
        return found

    def parameters(self, node: Mapping) -> dict[str, Parameter]:
        """The plan's parameters with those that the case sets."""
        found = dict(self.plan.parameters)
        entries = shape.mapping(node.get("params"), "`params`", self.report)
        for key, value in entries.items() if entries else ():
            parameter = found.get(key.text)
            if parameter is None:
                self.report.error(
                    "DD203", key, f"no parameter `{key.text}`", did_you_mean(key.text, found)
                )
                continue
            cell = shape.scalar(value, "a parameter's value", self.report)
            quantity = quantity_of(cell, parameter.unit, self.report) if cell is not None else None
            if quantity is not None and quantity.value is not None:
                found[key.text] = parameter._replace(values=((0, float(quantity.value)),))
        return found
