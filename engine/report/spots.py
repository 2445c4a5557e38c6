"""Places as machines are told them: a stretch of a file, and what stands there."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.decision import Gated
from ddcheck.engine.model.finding import Finding
from ddcheck.engine.model.memo import Span
from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.text.diagnostics import clean


class Spot(NamedTuple):
    """A stretch of a file: lines and columns from 1, the end column behind the last character.

    `words` say what stands there; column 0: the line as a whole, line 0: the file as a whole.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    words: str = ""


def one_line(text: str) -> str:
    """`text` in one line, with what could steer or hide anything made visible."""
    return clean(" ".join(text.split()))


def evidence_spots(finding: Finding, gated: Gated) -> list[Spot]:
    """Where the facts behind a finding stand; first the one that it is about, the newest.

    What the command line assumes stands in no file.
    """
    facts = [fact for fact in finding.evidence if fact.source != ASSUMED]
    facts.sort(key=lambda fact: (-fact.period.end, fact.node.line, fact.node.column))
    path = gated.evaluation.company.path
    return [fact_spot(fact, path) for fact in facts]


def fact_spot(fact: Fact, path: str) -> Spot:
    """The place of a fact in the company file at `path`, and what it says."""
    line, column = fact.node.line, fact.node.column
    written = fact.node.source.line(line) or ""
    end = max(column + 1, min(column + fact.node.width, len(written) + 1))
    scope = f" {fact.scope[1]}" if fact.scope else ""
    period = fact.period.label + kind_suffix(fact.kind)
    words = one_line(f"{fact.concept}{scope} {period}: {fact.text} ({fact.source})")
    return Spot(path, line, column, line, end, words)


def span_spot(path: str, span: Span) -> Spot:
    """The place of a stretch of a memo."""
    return Spot(path, span.line, span.column, span.end_line, span.end_column)
