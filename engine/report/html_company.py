"""The first page of a company in the HTML report: the decision, the grade, and what decides."""

from __future__ import annotations

from ddcheck.engine.model.decision import ANSWERED, ERROR, FAILS, KNOWN, WAIVED
from ddcheck.engine.model.evaluation import CategoryGrade, Request
from ddcheck.engine.model.finding import FLAG, Figure, Finding
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.periods import months_between
from ddcheck.engine.report.contradicting import CONFLICT_WORDS, conflict_text, entry_title
from ddcheck.engine.report.deciding import INTEGRITY, deciding_flags
from ddcheck.engine.report.heading import OLD_AFTER, money_name
from ddcheck.engine.report.html_charts import letters, spark
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
from ddcheck.engine.report.page import day_text

_FLAGS, _ROWS, _REQUESTS, _CONFLICTS, _STRENGTHS = 8, 2, 6, 5, 6


def first_page(paper: Paper) -> Html:
    """Who, the decision in a sentence, the grade, the deciding flags, and what to ask."""
    return joined(
        [
            _head(paper),
            el("div", _decision(paper), _grade(paper), class_="verdict"),
            _deciding(paper),
            el("div", _speaking(paper), _asking(paper), class_="pair"),
            _contradictions(paper),
        ]
    )


def decision_of(paper: Paper) -> tuple[str, str]:
    """The decision on a company as the key of its look and in words."""
    page = paper.page
    path = paper.evaluation.company.path
    broken = any(d.path == path and d.severity == ERROR for d in paper.result.diagnostics)
    if paper.evaluation.undecided or broken:
        return "open", page.say("CANNOT JUDGE")
    if paper.gated.failing:
        return "fail", page.say("FAIL")
    return "pass", page.say("PASS")


def counted(paper: Paper) -> list[str]:
    """What fails, counted by severity, and the unknowns among it."""
    page = paper.page
    failing = [item.finding for item in paper.gated.failing]
    flags = [finding for finding in failing if finding.outcome == FLAG]
    rest = [finding for finding in failing if finding.outcome != FLAG]
    must = sum(finding.id in paper.evaluation.must_know for finding in rest)
    words = [
        page.say("{count} {severity}", count=count, severity=page.word(name))
        for name in SEVERITIES
        if (count := sum(flag.severity == name for flag in flags))
    ]
    if must:
        words.append(page.say("{n} must-know unknown", n=must))
    if len(rest) > must:
        words.append(page.say("{n} unknown", n=len(rest) - must))
    return words


def range_words(paper: Paper) -> str:
    """The grade as a range of letters, `?` where there is none."""
    grade = paper.evaluation.grade
    return paper.page.range(grade.worst, grade.best)


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
            "h2", first, *(el("span", f" {name}", class_="other") for name in rest), id=paper.anchor
        ),
        el("p", " · ".join(facts), class_="who") if facts else None,
        class_="company-head",
    )


def _decision(paper: Paper) -> Html:
    page = paper.page
    style, word = decision_of(paper)
    level = page.word(paper.result.decision.level) if paper.result.decision else ""
    if style == "open":
        sentence = page.say("Too little is in order to decide.")
    elif style == "fail":
        counts = page.joined(counted(paper))
        sentence = page.say("{counts}: the policy fails what is {level} or graver.",
                            counts=counts, level=level)  # fmt: skip
    elif any(paper.gated.of(status) for status in (WAIVED, ANSWERED, KNOWN)):
        sentence = page.say(
            "Nothing that is {level} or graver stands against it but what was accepted.",
            level=level,
        )
    else:
        sentence = page.say("Nothing that is {level} or graver stands against it.", level=level)
    must = [item.finding.title for item in paper.gated.failing if item.finding.outcome != FLAG]
    accepted = [
        page.say("{count} {status}", count=count, status=page.say(STATUS_WORDS[status]))
        for status in (WAIVED, ANSWERED, KNOWN)
        if (count := len(paper.gated.of(status)))
    ]
    asked = page.say("Must be known and is not: {titles}", titles=page.joined(must))
    return el(
        "div",
        el("p", el("strong", word, class_="word"), class_="decision-word"),
        el("p", sentence, class_="sentence"),
        el("p", asked, class_="must") if must else None,
        el("p", page.joined(accepted), class_="accepted-count") if accepted else None,
        _facts(paper),
        class_=f"decision {style}",
    )


def _facts(paper: Paper) -> Html:
    """On what it was judged: period, age, evidence, money."""
    page = paper.page
    evaluation = paper.evaluation
    period = evaluation.period.label if evaluation.period is not None else page.say("nothing")
    quarter = evaluation.newest.get("quarter")
    if quarter is not None and (evaluation.period is None or quarter.end > evaluation.period.end):
        period += page.say(", quarters to {quarter}", quarter=quarter.label)
    tier = evaluation.tiers.graded_on
    rows = [
        (page.say("Judged on"), [period]),
        (page.say("Newest source"), _age(paper, evaluation.ledger)),
        (page.say("Grade rests on"), [page.word(tier) if tier else page.say("nothing")]),
        (page.say("Amounts"), [page.say("millions of {currency}", currency=money_name(page))]),
    ]
    return el("dl", *(el("div", el("dt", name), el("dd", *words)) for name, words in rows))


def _age(paper: Paper, ledger: Ledger) -> list[Child]:
    newest = ledger.newest
    if newest is None:
        return [paper.page.say("no date")]
    words: list[Child] = [day_text(newest)]
    if months_between(newest, paper.evaluation.today) > OLD_AFTER:
        words += [" ", chip(paper.page.say("OLD"), "warn")]
    return words


def _grade(paper: Paper) -> Html:
    page, grade = paper.page, paper.evaluation.grade
    if grade.letter is None and grade.known_letter is not None:
        words = page.say("too wide for one letter; {letter} on what is known",
                         letter=grade.known_letter)  # fmt: skip
    elif grade.letter is not None and grade.worst != grade.best:
        words = page.say("{letter} on what is known", letter=grade.letter)
    else:
        words = "" if grade.letter else page.say("nothing is known that could be graded")
    rows = [_category(paper, item) for item in grade.categories]
    head = (page.say("Category"), page.say("Letter"), page.say("Range"), page.say("Known"))
    return el(
        "div",
        el(
            "p", el("span", page.say("Grade"), class_="label"), " ",
            el("strong", range_words(paper), class_="grade-letters"),
            class_="grade-line",
        ),
        el("p", words, class_="grade-note") if words else None,
        table(head, rows, "grades", page.say("Grade by category")) if rows else None,
        class_="grade",
    )  # fmt: skip


def _category(paper: Paper, item: CategoryGrade) -> Html:
    page = paper.page
    title = item.category.title.text(page.language)
    ends = page.range(item.worst, item.best)
    words = page.say("{range}; {known} of {total} known",
                     range=ends, known=item.known, total=item.total)  # fmt: skip
    drawn = letters(next(paper.numbers), title, words, item.worst, item.best, item.letter)
    return el(
        "tr",
        el("th", title, scope="row"),
        el("td", item.letter or "?", class_="letter-cell"),
        el("td", drawn, el("span", ends, class_="ends")),
        el("td", f"{item.known}/{item.total}", class_="number"),
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
            "th", link, el("span", flag.message, class_="message") if flag.message else None,
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
        cells.append(el("td", words, class_=style))
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
