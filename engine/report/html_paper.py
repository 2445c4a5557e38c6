"""The paper that the HTML report is written on: a company at the gate, its words, its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.decision import (
    ANSWERED,
    BELOW,
    FAILS,
    KNOWN,
    WAIVED,
    Gated,
    GateResult,
    Settled,
)
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG, UNKNOWN, Figure, Finding
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.html_charts import Point
from ddcheck.engine.report.markup import Child, Html, el, joined
from ddcheck.engine.report.page import Page, page_of

#: What the gate made of a finding, and how the chip of it looks.
STATUS_WORDS = {
    FAILS: "fails",
    WAIVED: "waived",
    ANSWERED: "answered in a memo",
    KNOWN: "in the baseline",
    BELOW: "below the level",
}


class Paper(NamedTuple):
    """One company of a run: `anchor` begins its ids, `numbers` tell drawings apart."""

    page: Page
    gated: Gated
    result: GateResult
    anchor: str
    numbers: Iterator[int]

    @property
    def evaluation(self) -> Evaluation:
        """What is reported."""
        return self.gated.evaluation

    @property
    def alone(self) -> bool:
        """Whether the report is on this company and nothing else."""
        decision = self.result.decision
        return decision is not None and len(decision.companies) == 1 and not decision.memos

    def settled(self, finding: Finding) -> Settled | None:
        """What the gate made of a finding, if it was up to it."""
        found = (item for item in self.gated.settled if item.finding.id == finding.id)
        return next(found, None)


def paper_of(gated: Gated, result: GateResult, anchor: str, numbers: Iterator[int]) -> Paper:
    """The paper for one company."""
    page = page_of(gated.evaluation)
    return Paper(page._replace(language=result.language), gated, result, anchor, numbers)


def chip(words: str, style: str) -> Html:
    """A word in a frame: a severity, a status."""
    return el("span", words, class_=f"chip {style}")


def severity(paper: Paper, finding: Finding) -> Html:
    """The severity of a flag, or that it is unknown, as a chip."""
    if finding.outcome == FLAG:
        return chip(paper.page.word(finding.severity), f"s-{finding.severity}")
    return chip(paper.page.word(finding.outcome), f"o-{finding.outcome}")


def table(head: Iterable[Child], rows: Iterable[Html], style: str, caption: str) -> Html:
    """A table whose columns have headings; `caption` is heard, not seen."""
    cells = [
        item if isinstance(item, Html) and item.startswith("<th") else el("th", item, scope="col")
        for item in head
    ]
    return el(
        "div",
        el(
            "table",
            el("caption", caption),
            el("thead", el("tr", *cells)),
            el("tbody", *rows),
            class_=style,
        ),
        class_="scroll",
    )


def figure_words(paper: Paper, figure: Figure, at: int) -> str:
    """The figure at its `at`th period in words."""
    _, value, low, high = figure.values[at]
    return value_text(value, figure.unit, figure.style, low, high, paper.page.language)


def figure_points(paper: Paper, figure: Figure) -> list[Point]:
    """A figure over its periods, for a drawing."""
    return [
        Point(period, value, low, high, figure_words(paper, figure, i), period[-1:] in ("E", "G"))
        for i, (period, value, low, high) in enumerate(figure.values)
    ]


def place(paper: Paper, fact: Fact) -> Html:
    """Where a fact stands in which file: `companies/acme.yaml:73`."""
    return el("code", paper.page.place(fact))


def source_words(paper: Paper, fact: Fact) -> Html:
    """The document of a fact with its short name and day, and where in it the fact stands."""
    page = paper.page
    if fact.source == ASSUMED:
        return el("span", page.say("assumed on the command line"), class_="warn")
    source = paper.evaluation.ledger.sources[fact.source]
    parts: list[Child] = [
        el("b", page.codes.of_sources([fact.source])), " ", source.title,
        page.bracketed(page.codes.dates[fact.source]),
    ]  # fmt: skip
    if fact.at:
        parts += ["，" if page.language == "zh" else ", ", fact.at]
    return joined(parts)


def section(paper: Paper, name: str, title: str, *children: Child, style: str = "") -> Html:
    """A part of a company's report under its heading; empty where it has no content."""
    if not any(children):
        return Html("")
    ident = f"{paper.anchor}-{name}"
    return el(
        "section",
        el("h3", title, id=ident),
        *children,
        class_=f"part {name} {style}".rstrip(),
        aria_labelledby=ident,
    )


def unknowns(paper: Paper) -> list[Finding]:
    """The rules that are unknown, those first that must be known."""
    must = paper.evaluation.must_know
    found = [f for f in paper.evaluation.findings if f.outcome == UNKNOWN]
    return sorted(found, key=lambda finding: finding.id not in must)
