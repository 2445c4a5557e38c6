"""The first page of a company in the HTML report: the decision, the grade, and what decides."""

from __future__ import annotations

from ddcheck.engine.model.decision import FAILS
from ddcheck.engine.model.evaluation import Request
from ddcheck.engine.model.finding import FLAG, Figure, Finding
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.report.contradicting import CONFLICT_WORDS, conflict_text, entry_title
from ddcheck.engine.report.deciding import INTEGRITY, deciding_flags
from ddcheck.engine.report.html_charts import spark
from ddcheck.engine.report.html_decision import decision_box, grade_box
from ddcheck.engine.report.html_paper import (
    STATUS_WORDS,
    Paper,
    chip,
    figure_points,
    figure_words,
    section,
    severity,
    table,
)
from ddcheck.engine.report.markup import Child, Html, el, joined

_FLAGS, _ROWS, _REQUESTS, _CONFLICTS, _STRENGTHS = 8, 2, 6, 5, 6


def first_page(paper: Paper) -> Html:
    """Who, the decision in a sentence, the grade, the deciding flags, and what to ask."""
    return joined(
        [
            _head(paper),
            el("div", decision_box(paper), grade_box(paper), class_="verdict"),
            _deciding(paper),
            el("div", _speaking(paper), _asking(paper), class_="pair"),
            _contradictions(paper),
        ]
    )


def company_words(paper: Paper) -> list[str]:
    """The company's name in the reader's language, and in the other if it is another."""
    label = paper.evaluation.company.name
    names = (label.zh, label.en) if paper.page.language == "zh" else (label.en, label.zh)
    return list(dict.fromkeys(names))


def _head(paper: Paper) -> Html:
    page = paper.page
    company = paper.evaluation.company
    first, *rest = company_words(paper)
    business = company.business.text(page.language) if company.business else None
    founded = page.say("founded {date}", date=company.founded) if company.founded else None
    facts = [text for text in (company.ticker, founded, business) if text]
    return el(
        "header",
        el(
            "h1" if paper.alone else "h2",
            first,
            *(el("span", f" {name}", class_="other") for name in rest),
            id=paper.anchor,
        ),
        el("p", " · ".join(facts), class_="who") if facts else None,
        class_="company-head",
    )


def shown_flags(paper: Paper) -> list[Finding]:
    """The flags of the first page: those that fail, then those that decide besides."""
    deciding = deciding_flags(paper.evaluation)
    failing = {item.finding.id for item in paper.gated.of(FAILS)}
    first = [flag for flag in deciding if flag.id in failing]
    rest = [flag for flag in deciding if flag.id not in failing]
    return [*first, *rest][: max(_FLAGS, len(first))]


def _deciding(paper: Paper) -> Html:
    page = paper.page
    flags = shown_flags(paper)
    title = page.say("What decides it")
    if not flags:
        return section(paper, "deciding", title, el("p", page.say("No flag is up."), class_="none"))
    periods = _periods(paper)
    head: list[Child] = [page.say("Severity"), page.say("Flag"), page.say("Figure")]
    head += [el("th", label, scope="col", class_="number") for label in periods]
    head += [page.say("Trend"), page.say("Rests on")]
    rows = [row for flag in flags for row in _flag(paper, flag, periods)]
    more = len([f for f in paper.evaluation.findings if f.outcome == FLAG]) - len(flags)
    note = page.say("{n} more flags stand under All findings.", n=more) if more else None
    found = table(head, rows, "flags", title)
    return section(paper, "deciding", title, found, el("p", note, class_="note") if note else None)


def _periods(paper: Paper) -> list[str]:
    period = paper.evaluation.period
    if period is None or period.frame != "year":
        return []
    calendar = paper.evaluation.company.calendar
    return [calendar.view("year", period.start - 12 * back, 12).label for back in (2, 1, 0)]


def _flag(paper: Paper, flag: Finding, periods: list[str]) -> list[Html]:
    """A flag with its figures under the years, or with its message where they are others."""
    figures = [
        figure
        for figure in flag.figures[:_ROWS]
        if sum(value is not None for _, value, _, _ in figure.values) > 1
        and all(period in periods for period, _, _, _ in figure.values)
    ]
    link = el("a", flag.title, href=f"#{paper.anchor}-{flag.id}")
    span = len(figures) or 1
    first = [
        el("td", severity(paper, flag), _status(paper, flag), rowspan=span),
        el(
            "th", link,
            el("span", flag.message, class_="message repeated" if figures else "message")
            if flag.message else None,
            scope="row", rowspan=span,
        ),
    ]  # fmt: skip
    rests = el("td", el("span", _rests(paper, flag), class_="rests"), rowspan=span)
    if not figures:
        return [el("tr", *first, el("td", colspan=len(periods) + 2, class_="blank"), rests)]
    rows = []
    for i, figure in enumerate(figures):
        cells = _cells(paper, figure, periods)
        style = "more" if i < span - 1 else None
        rows.append(
            el("tr", *(first if i == 0 else ()), *cells, rests if i == 0 else None, class_=style)
        )
    return rows


def _status(paper: Paper, flag: Finding) -> Html | None:
    settled = paper.settled(flag)
    if settled is None or settled.status == "below":
        return None
    return chip(paper.page.say(STATUS_WORDS[settled.status]), f"g-{settled.status}")


def _cells(paper: Paper, figure: Figure, periods: list[str]) -> list[Html]:
    at = {period: i for i, (period, _, _, _) in enumerate(figure.values)}
    cells = [el("td", figure.title, class_="figure-name")]
    for i, label in enumerate(periods):
        words = figure_words(paper, figure, at[label]) if label in at else ""
        style = "number newest" if i == len(periods) - 1 else "number"
        cells.append(el("td", words, class_=style, data_period=label))
    points = figure_points(paper, figure)
    drawn = spark(next(paper.numbers), figure.title, points, paper.page.language)
    return [*cells, el("td", drawn, class_="trend")]


def _rests(paper: Paper, flag: Finding) -> str:
    page = paper.page
    words = []
    if flag.on_assumptions:
        words.append(page.say("assumed"))
    if flag.kind not in (None, "actual"):
        words.append(page.say("on estimates"))
    if flag.disputed:
        words.append(page.say("disputed"))
    if flag.firm is not None:
        words.append(page.say("firm") if flag.firm else page.say("fragile"))
    return " ".join([*words, page.codes.of(flag)]).strip()


def _speaking(paper: Paper) -> Html:
    page = paper.page
    holding = [f for f in paper.evaluation.strengths if f.outcome == FLAG]
    items = [
        el("li", finding.message or finding.title, " ",
           el("span", _rests(paper, finding), class_="rests"))
        for finding in holding[:_STRENGTHS]
    ]  # fmt: skip
    found = (
        el("ul", *items) if items else el("p", page.say("Nothing that is known."), class_="none")
    )
    return section(paper, "speaking", page.say("What speaks for it"), found)


def _asking(paper: Paper) -> Html:
    page = paper.page
    requests = paper.evaluation.requests
    title = page.say("Ask the company, in this order")
    if not requests:
        return section(paper, "asking", title, el("p", page.say("Nothing is open."), class_="none"))
    items = [_request(paper, request) for request in requests[:_REQUESTS]]
    more = len(requests) - len(items)
    note = page.say("{n} more stand under Questions to the company.", n=more) if more else None
    return section(
        paper, "asking", title, el("ol", *items), el("p", note, class_="note") if note else None
    )


def _request(paper: Paper, request: Request) -> Html:
    page = paper.page
    period = f" {request.period}" if request.period else ""
    if request.last is not None:
        value, when = request.last
        known = page.say("last {value} at {period}", value=value, period=when)
    elif request.have is not None:
        known = page.say("known: {fact}", fact=page.stated(request.have))
    elif request.explains or not request.titles:
        known = request.ask
    else:
        known = page.say("decides {titles}", titles=page.joined(request.titles[:2]))
    return el("li", el("b", f"{request.title}{period}"), " ", el("span", known, class_="known"))


def _contradictions(paper: Paper) -> Html:
    """What cannot all be true: conflicts that decide, figures that do not add up."""
    page = paper.page
    items = []
    for conflict in paper.evaluation.conflicts:
        if conflict.decides:
            titles = page.joined(entry_title(page, ident) for ident in conflict.decides)
            kind = page.word(CONFLICT_WORDS[conflict.type])
            items.append(
                el("li", conflict_text(page, conflict), " ",
                   el("span", page.joined([kind, page.say("decides {titles}", titles=titles)]),
                      class_="known"))
            )  # fmt: skip
    flags = [f for f in paper.evaluation.findings if f.outcome == FLAG and f.category == INTEGRITY]
    for flag in sorted(flags, key=lambda f: (SEVERITIES.index(f.severity), f.kind != "actual")):
        words = flag.message or flag.title
        items.append(el("li", words, " ", el("span", page.codes.of(flag), class_="rests")))
    if not items:
        return Html("")
    more = len(items) - _CONFLICTS
    note = page.say("{n} more stand under All findings.", n=more) if more > 0 else None
    return section(
        paper, "contradictions", page.say("Cannot all be true"), el("ul", *items[:_CONFLICTS]),
        el("p", note, class_="note") if note else None,
    )  # fmt: skip
