"""Reading breakdowns and events of a company file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddcheck.engine.model.company import Breakdown, Event, Fact
from ddcheck.engine.text import shape
from ddcheck.engine.text.document import Mapping, Node, Scalar
from ddcheck.engine.text.suggest import did_you_mean

if TYPE_CHECKING:
    from ddcheck.engine.model.facts import Reader

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
    unit = reader.unit(entry.get("unit"))
    if unit is None and "unit" in entry.entries:
        return None
    share = unit is not None and unit.name == "ratio" and bool(term.unit)
    at = shape.text(entry.get("at"), "`at`", report)
    labelled = shape.text(entry.get("labelled"), "`labelled`", report)
    if not parts.entries:
        report.error("DD309", parts, "a breakdown without parts")
        return None
    facts = []
    for key, node in parts.items():
        value = shape.scalar(node, "a part", report)
        if value is None or not reader.known_member(by, key, key.text):
            continue
        quantity = reader.quantity(value, term, unit, share=share)
        if quantity is None:
            continue
        fact = Fact(
            term.id, reader.placed(term, period[0]), period[1], quantity, source, value,
            value.text, at, (by.text, key.text), share=share, labelled=labelled,
        )  # fmt: skip
        reader.keep(fact)
        facts.append(fact)
    return Breakdown(
        term.id,
        by.text,
        reader.placed(term, period[0]),
        period[1],
        source,
        tuple(facts),
        shape.truth(entry.get("complete"), "`complete`", report),
        shape.truth(entry.get("ranked"), "`ranked`", report),
    )


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
    if not shape.keys(entry, _EVENT_KEYS, (), "an event", report):
        pass
    source = reader.source(entry.get("source"), entry)
    if source is None:
        return None
    said = about = over = None
    what = shape.label(entry.get("what"), "`what`", report)
    if "said" in entry.entries:
        said = shape.choice(entry.get("said"), WORDS, "`said`", report)
        subject = shape.scalar(entry.get("about"), "`about`", report)
        span = shape.scalar(entry.get("over"), "`over`", report)
        if said is None:
            return None
        if subject is None or span is None:
            report.error("DD112", entry, "a word said needs `about` and `over`")
            return None
        if subject.text not in reader.terms:
            report.error(
                "DD301",
                subject,
                f"no concept or metric `{subject.text}`",
                did_you_mean(subject.text, reader.terms),
            )
            return None
        period = reader.period(span)
        if period is None:
            return None
        about, over = subject.text, period[0]
    elif what is None:
        report.error("DD112", entry, "an event needs `what`, or a word `said`")
        return None
    place = next(iter(entry.keys.values()), Scalar(entry.source, "", None, entry.line, 1, 0))
    return Event(
        shape.day(entry.get("date"), "`date`", report),
        what,
        said,
        about,
        over,
        source,
        shape.text(entry.get("at"), "`at`", report),
        shape.text(entry.get("text"), "`text`", report),
        place,
    )
