"""Reading breakdowns and events of a company file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddcheck.engine.model.company import Breakdown, Event, Fact
from ddcheck.engine.text import shape
from ddcheck.engine.text.document import Mapping, Node

if TYPE_CHECKING:
    from ddcheck.engine.model.reader import Reader

WORDS = (
    "stable", "rising", "falling", "widening", "narrowing", "slowing", "accelerating",
    "turned-positive", "turned-negative",
)  # fmt: skip
_BREAKDOWN_KEYS = frozenset(
    {
        "concept", "by", "period", "source", "at", "unit", "parts", "complete", "ranked",
        "labelled", "note",
    }
)  # fmt: skip
_EVENT_KEYS = frozenset({"date", "what", "source", "at", "said", "about", "over", "text", "note"})


def read_breakdowns(node: Node | None, reader: Reader) -> tuple[Breakdown, ...]:
    """The breakdowns under `node`; one that cannot be used is left out with a diagnostic."""
    items = shape.sequence(node, "`breakdowns`", reader.report)
    found = []
    for item in items or ():
        entry = shape.mapping(item, "a breakdown", reader.report)
        breakdown = _breakdown(entry, reader) if entry is not None else None
        if breakdown is not None:
            found.append(breakdown)
    return tuple(found)


def _breakdown(entry: Mapping, reader: Reader) -> Breakdown | None:
    report = reader.report
    if not shape.keys(
        entry,
        _BREAKDOWN_KEYS,
        ("concept", "by", "period", "source", "parts"),
        "a breakdown",
        report,
    ):
        return None
    concept, by, when = (
        shape.scalar(entry.get(key), f"`{key}`", report) for key in ("concept", "by", "period")
    )
    source = reader.source(entry.get("source"), entry)
    parts = shape.mapping(entry.get("parts"), "`parts`", report)
    if concept is None or by is None or when is None or source is None or parts is None:
        return None
    term = reader.term(concept)
    period = reader.period(when)
    if term is None or period is None or not reader.known_member(by, by, None):
        return None
    reader.timely(when, period, source)
    unit = reader.unit(entry.get("unit"))
    if unit is None and "unit" in entry.entries:
        return None
    share = unit is not None and unit.name == "ratio" and bool(term.unit)
    at = shape.text(entry.get("at"), "`at`", report)
    labelled = shape.text(entry.get("labelled"), "`labelled`", report)
    if not parts.entries:
        report.error("DD309", parts, "a breakdown without parts")
        return None
    placed = reader.placed(term, period[0])
    facts = []
    whole = True
    for key, node in parts.items():
        value = shape.scalar(node, "a part", report)
        quantity = None
        if value is not None and reader.known_member(by, key, key.text):
            quantity = reader.quantity(value, term, unit, share=share)
        if value is None or quantity is None:
            whole = False
            continue
        fact = Fact(
            term.id, placed, period[1], quantity, source, value, value.text, at,
            (by.text, key.text), share=share, labelled=labelled,
        )  # fmt: skip
        whole = reader.keep(fact) and whole
        facts.append(fact)
    if not facts:
        return None  # each part has been reported
    complete = shape.truth(entry.get("complete"), "`complete`", report)
    ranked = shape.truth(entry.get("ranked"), "`ranked`", report)
    # Without a part that could not be read, neither can be said any more.
    if share and sum(fact.low for fact in facts) > 1 + 1e-9:
        total = f"{sum(fact.low for fact in facts) * 100:g}%"
        report.error("DD309", parts, f"the parts are at least {total} of the whole")
        return None
    return Breakdown(
        term.id, by.text, placed, period[1], source, tuple(facts), complete and whole,
        ranked and whole,
    )  # fmt: skip


def read_events(node: Node | None, reader: Reader) -> tuple[Event, ...]:
    """The events under `node`; one that cannot be used is left out with a diagnostic."""
    items = shape.sequence(node, "`events`", reader.report)
    found = []
    for item in items or ():
        entry = shape.mapping(item, "an event", reader.report)
        event = _event(entry, reader) if entry is not None else None
        if event is not None:
            found.append(event)
    return tuple(found)


def _event(entry: Mapping, reader: Reader) -> Event | None:
    report = reader.report
    shape.keys(entry, _EVENT_KEYS, ("source",), "an event", report)
    day = shape.day(entry.get("date"), "`date`", report)
    what = shape.label(entry.get("what"), "`what`", report)
    at = shape.text(entry.get("at"), "`at`", report)
    printed = shape.text(entry.get("text"), "`text`", report)
    source = reader.source(entry.get("source"), entry) if "source" in entry.entries else None
    if source is None or (day is None and "date" in entry.entries):
        return None
    place = next(iter(entry.keys.values()))
    if "said" in entry.entries:
        return _word(entry, Event(day, what, None, None, None, source, at, printed, place), reader)
    if what is None:
        if "what" not in entry.entries and not entry.keys.keys() - _EVENT_KEYS:
            report.error("DD112", entry, "an event needs `what`, or a word `said`")
        return None
    return Event(day, what, None, None, None, source, at, printed, place)


def _word(entry: Mapping, event: Event, reader: Reader) -> Event | None:
    """`event` with the word that is said, what it is said of, and over which span."""
    report = reader.report
    said = shape.choice(entry.get("said"), WORDS, "`said`", report)
    if not {"about", "over"} <= set(entry.entries):
        report.error("DD112", entry, "a word said needs `about` and `over`")
        return None
    about = shape.scalar(entry.get("about"), "`about`", report)
    over = shape.scalar(entry.get("over"), "`over`", report)
    term = reader.term(about) if about is not None else None
    period = reader.period(over) if over is not None else None
    if said is None or term is None or period is None or over is None:
        return None
    reader.timely(over, period, event.source)
    return event._replace(said=said, about=term.id, over=period[0])
