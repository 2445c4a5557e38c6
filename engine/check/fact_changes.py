"""What changes between two states of a company file: facts, and what stands at its head."""

from __future__ import annotations

from collections.abc import Callable

from ddcheck.engine.check.alterations import Entry, altered
from ddcheck.engine.check.written_fields import fields_of
from ddcheck.engine.model.company import Company, Fact
from ddcheck.engine.model.difference import (
    ADDED,
    CHANGED,
    REMOVED,
    RESTATED,
    DefinitionChange,
    FactChange,
    Spot,
)
from ddcheck.engine.model.marks import apart
from ddcheck.engine.model.periods import KIND_NAMES, day_text
from ddcheck.engine.text.shape import Label

Shown = Callable[[str], str]


def facts_of(company: Company) -> tuple[Fact, ...]:
    """Every fact of a company, the parts of its breakdowns included."""
    return (*company.facts, *(part for item in company.breakdowns for part in item.parts))


def fact_changes(old: Company, new: Company, shown: Shown) -> tuple[tuple[FactChange, ...], int]:
    """The facts that change from `old` to `new` in the order of the files, and how many do not.

    A fact is the same if one source says the same of one thing, wherever that stands.
    """
    before = {_key(fact): fact for fact in facts_of(old)}
    after = {_key(fact): fact for fact in facts_of(new)}
    said: dict[object, list[Fact]] = {}
    for key, fact in before.items():
        said.setdefault(key[1:], []).append(fact)
    found = []
    for key in {**after, **before}:
        left, right = before.get(key), after.get(key)
        if left is not None and right is not None:
            if _value(left) == _value(right):
                continue
            change = CHANGED
        elif right is None:
            change = REMOVED
        else:
            change = ADDED
            others = (fact for fact in said.get(key[1:], ()) if apart(fact, right))
            left = next(others, None)
            if left is not None:
                change = RESTATED
        found.append(FactChange(change, left, right, spot(left, shown), spot(right, shown)))
    gone = {_key(item.old) for item in found if item.change == REMOVED and item.old}
    same = len(after) - sum(item.change != REMOVED for item in found)
    assert same + len(gone) <= len(before)
    return tuple(found), same


def spot(fact: Fact | None, shown: Shown) -> Spot | None:
    """Where a fact stands."""
    return Spot(shown(fact.node.source.path), fact.node.line) if fact is not None else None


def _key(fact: Fact) -> tuple[object, ...]:
    period = fact.period
    span = (period.frame, period.start, period.months, period.end)
    return fact.source, fact.concept, span, fact.kind, fact.scope, fact.share, fact.labelled


def _value(fact: Fact) -> tuple[object, ...]:
    return fact.value, fact.low, fact.high, fact.unit, fact.qualifier


def head_changes(old: Company, new: Company, shown: Shown) -> tuple[DefinitionChange, ...]:
    """What changes of who the company is, of its sources, breakdowns and events."""
    before, after = _head(old, shown), _head(new, shown)
    changes = (altered(before.get(key), after.get(key)) for key in {**before, **after})
    return tuple(change for change in changes if change is not None)


def _head(company: Company, shown: Shown) -> dict[str, Entry]:
    path = shown(company.path)
    calendar = company.calendar
    fields = {
        "id": company.id,
        "name": company.name.en,
        "name in Chinese": company.name.zh,
        "ticker": company.ticker or "",
        "currency": company.currency,
        "fiscal_year_end": f"{calendar.month:02d}-{calendar.day:02d}",
        "applied tags": ", ".join(sorted(company.tags)),  # by which packs apply, not words
        "founded": company.founded or "",
        "business": company.business.en if company.business else "",
    }
    fields = {key: text for key, text in fields.items() if text}
    found = {"company": Entry("company", company.id, company.name, fields, Spot(path, 0))}
    for source in company.sources.values():
        fields = fields_of(source) | {"published": day_text(source.published)}
        fields.pop("file", None)
        fields.pop("sha256", None)
        entry = Entry(
            "source", source.id, Label(source.title, source.title), fields,
            Spot(path, source.node.line),
        )  # fmt: skip
        found[f"source {source.id}"] = entry
    for item in company.breakdowns:
        name = f"{item.concept} by {item.by} {item.period.label} {KIND_NAMES[item.kind]}"
        fields = {"complete": str(item.complete), "ranked": str(item.ranked)}
        title = Label(name, name)
        found[f"breakdown {name} {item.source}"] = Entry("breakdown", name, title, fields, None)
    for event in company.events:
        fields = fields_of(event)
        if event.day is not None:
            fields["day"] = day_text(event.day)
        name = event.said or (event.what.en if event.what is not None else event.text) or ""
        day = day_text(event.day) if event.day is not None else ""
        ident = " ".join(filter(None, (event.about or "", day, name, event.source)))
        at = Spot(path, event.node.line)
        found[f"event {ident}"] = Entry("event", ident, Label(name, name), fields, at)
    return found
