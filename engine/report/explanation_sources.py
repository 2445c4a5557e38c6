"""The sources of an explanation as lines: each stated fact by its number, then the documents."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.explanation import Evidence, Explanation
from ddcheck.engine.model.periods import day_text, kind_suffix
from ddcheck.engine.report.lines import Line, Piece, fit, line, wrap
from ddcheck.engine.text.diagnostics import display_width
from ddcheck.engine.text.translate import reworded, say


class Notes:
    """The numbers of stated facts, in the order in which the tree reads them."""

    def __init__(self, item: Explanation) -> None:
        self.evidence = item.evidence()
        self._numbers = {id(one.fact): i for i, one in enumerate(self.evidence, 1)}

    def of(self, evidence: tuple[Evidence, ...]) -> str:
        """`[3]` for a fact that is listed, empty for none."""
        number = self._numbers.get(id(evidence[0].fact)) if evidence else None
        return f"[{number}]" if number is not None else ""


def source_lines(item: Explanation, numbers: Notes, columns: int) -> list[Line]:
    """Every stated fact by its number: what is printed, in which document, where, at which line."""
    language = item.language
    if not numbers.evidence:
        return []
    lines = [line(Piece(say(language, "WHAT THE SOURCES PRINT"), "title"))]
    candidates = {
        id(one.fact): node.evidence[1:]
        for node in reversed(item.nodes())
        for one in node.evidence[:1]
        if node.kind != "seen"
    }
    names = max(display_width(_name(one)) for one in numbers.evidence)
    printed = max(display_width(one.fact.text) for one in numbers.evidence)
    room = _Room(len(f"[{len(numbers.evidence)}]") + 1, min(names, 40), min(printed, 16), columns)
    for i, one in enumerate(numbers.evidence, 1):
        lines += _source(one, f"[{i}]", room)
        others = candidates.get(id(one.fact), ())
        for other in others:
            verb = "disputed by" if _apart(one, other) else "also"
            if not one.counts and other.counts:
                verb = "counts instead"
            lines += _other(other, say(language, verb), room, say(language, ": "))
        if others and one.reason and one.counts:
            words = say(language, "counts: {reason}", reason=one.reason)
            lines.append(line(" " * (room.number + 2), Piece(words, "dim")))
    lines.append(line())
    for source in item.sources():
        published = day_text(source.published)
        tail = source.url or source.file or ""
        words = f"{source.id}: {say(language, source.tier)}, {published}, {source.title}"
        lines += [line(Piece(f"  {text}", "dim")) for text in wrap(words, columns - 2)]
        if tail:
            lines.append(line(Piece(f"      {tail}", "dim")))
    for conflict in item.conflicts:
        texts = ", ".join(f"{fact.text} [{fact.source}]" for fact in conflict.candidates)
        period = conflict.period.label
        words = say(language, "in conflict: {name} {period}", name=conflict.concept, period=period)
        words += f"{say(language, ': ')}{texts}; {reworded(language, conflict.reason)}"
        lines += [line("  ", Piece(text, "warn")) for text in wrap(words, columns - 2)]
    return lines


def _apart(left: Evidence, right: Evidence) -> bool:
    a, b = left.fact, right.fact
    return a.unit == b.unit and (a.low > b.high or a.high < b.low)


def _name(one: Evidence) -> str:
    fact = one.fact
    scope = f" {fact.scope[1]}" if fact.scope is not None else ""
    return f"{fact.concept} {fact.period.label}{kind_suffix(fact.kind)}{scope}"


class _Room(NamedTuple):
    """Columns of the list of sources."""

    number: int
    name: int
    text: int
    all: int


def _source(one: Evidence, number: str, room: _Room) -> list[Line]:
    """A fact on one line where there is room, else what is printed, the document, the place."""
    fact = one.fact
    document = f"{fact.source}, {fact.at}" if fact.at else fact.source
    if fact.labelled:
        document += f" “{fact.labelled}”"
    name, place = _name(one), str(one.place)
    lead = " " * (room.number + 2)
    first = f"  {fit(number, room.number)}"
    head = f"{first}{fit(name, room.name)}  {fit(fact.text, room.text, right=True)}   "
    short = display_width(name) <= room.name and display_width(fact.text) <= room.text
    if short and display_width(head + document) <= room.all:
        if display_width(head + document + place) + 3 <= room.all:
            return [line(head, document, Piece(f"   {place}", "dim"))]
        return [line(head, document), line(Piece(f"{lead}{place}", "dim"))]
    both = f"{document}   {place}"
    told = wrap(fact.text, max(20, room.all - display_width(first + name) - 3))
    lines = [line(f"{first}{name}   {told[0]}"), *(line(lead, text) for text in told[1:])]
    if display_width(lead + both) <= room.all:
        return [*lines, line(lead, document, Piece(f"   {place}", "dim"))]
    lines += [line(f"{lead}{text}") for text in wrap(document, room.all - len(lead))]
    return [*lines, line(Piece(f"{lead}{place}", "dim"))]


def _other(one: Evidence, verb: str, room: _Room, colon: str) -> list[Line]:
    fact = one.fact
    document = f"{fact.source}, {fact.at}" if fact.at else fact.source
    lead = " " * (room.number + 2)
    words = f"{verb} {fact.text}{colon}{document}   {one.place}"
    return [line(lead, Piece(text, "dim")) for text in wrap(words, room.all - len(lead))]
