"""The whole report behind `--all`: every metric, finding, request, conflict and source."""

from __future__ import annotations

from ddcheck.engine.model.evaluation import Evaluation, Request
from ddcheck.engine.model.measured import MetricResult, MetricValue
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.assumptions import assumption_text
from ddcheck.engine.report.contradicting import CONFLICT_WORDS, conflict_text, entry_title
from ddcheck.engine.report.findings import findings_section
from ddcheck.engine.report.lines import WIDTH, Line, Piece, cut, fit, flow, line, spark, wrap
from ddcheck.engine.report.page import Page, page_of
from ddcheck.engine.report.screen import category_name
from ddcheck.engine.text.diagnostics import display_width

_SHOWN = 3
_NAME, _NARROW_NAME, _CELL = 30, 22, 14


def full_report(evaluation: Evaluation, columns: int = WIDTH) -> list[Line]:
    """The lines that follow the first screen, at most `columns` wide."""
    page = page_of(evaluation, columns)
    return [
        *_metrics(page),
        *findings_section(page),
        *_requests(page),
        *_conflicts(page),
        *_assumptions(page),
        *_sources(page),
    ]


def _title(text: str) -> list[Line]:
    return [line(), line(Piece(text, "title"))]


def _metrics(page: Page) -> list[Line]:
    evaluation = page.evaluation
    lines = _title(page.say("METRICS"))
    grading = evaluation.plan.grading
    order = list(grading.categories) if grading is not None else []
    grades = {item.category.id: item for item in evaluation.grade.categories}
    names = sorted(
        {metric.category or "" for metric in evaluation.metrics},
        key=lambda name: order.index(name) if name in order else len(order),
    )
    coded = max((len(_codes(page, metric)) for metric in evaluation.metrics), default=0) + 1
    for name in names:
        grade = grades.get(name)
        head = f"  {category_name(page, name)}"
        if grade is None:
            head += page.bracketed(page.say("not graded"))
        else:
            words = page.say(
                "{range}; {known} of {total} known",
                range=page.range(grade.worst, grade.best), known=grade.known, total=grade.total,
            )  # fmt: skip
            head += f" {grade.letter or '?'}{page.bracketed(words)}"
        lines.append(line(Piece(head, "key")))
        for metric in evaluation.metrics:
            if (metric.category or "") == name:
                lines.append(_metric(page, metric, coded))
    return lines


def _metric(page: Page, metric: MetricResult, coded: int) -> Line:
    """A metric's letter, its last known values, and on which sources the newest rests."""
    stated = [v for v in metric.own_values if v.missing is None]
    known = [v for v in stated if v.kind == "actual"][-_SHOWN:]
    known += [v for v in stated if v.kind != "actual"][: _SHOWN + 1 - len(known)]
    letter = metric.letter or ""
    if not letter and metric.letters is not None:
        letter = page.range(*metric.letters)
    named = _NARROW_NAME if page.narrow else _NAME
    trend = 0 if page.narrow else _SHOWN + 2
    room = page.width - 7 - named - coded
    cells = [_cell(page, metric, value) for value in known]
    while len(cells) > 1 and sum(display_width(cell) for cell in cells) > room - trend:
        del cells[0], known[0]
    figures = "".join(cells)
    if trend:
        bars = spark([value.value for value in known])
        figures += f"{bars} " if bars else ""
    figures = cut(figures, room)
    state = page.word(metric.state) if metric.state != "known" else ""
    if metric.state in ("unknown", "stale"):
        wanted = [_wanted(page, m.name, m.period) for m in metric.missing if m.name][:2]
        state += f"{page.colon()}{page.joined(wanted)}" if wanted else ""
    left = room - display_width(figures)
    style = f"letter-{letter}" if len(letter) == 1 else "dim"
    assumed = any(ASSUMED in value.sources for value in known)
    name = metric.id if page.language == "en" else metric.title
    return line(
        "  ",
        Piece(fit(letter, 5), style),
        fit(cut(name, named - 1), named),
        Piece(fit(_codes(page, metric), coded), "warn" if assumed else "dim"),
        figures,
        Piece(cut(state, left) if left > 1 else "", "dim"),
    )


def _codes(page: Page, metric: MetricResult) -> str:
    """The codes of the sources behind the newest value, where there is one."""
    return page.codes.of_sources(metric.sources) if metric.letters or metric.latest else ""


def _cell(page: Page, metric: MetricResult, value: MetricValue) -> str:
    words = value_text(value.value, metric.unit, metric.style, value.low, value.high, page.language)
    text = f"{value.label} {words}"
    return f"{text if display_width(text) > _CELL else fit(text, _CELL)} "


def _wanted(page: Page, name: str, period: str | None) -> str:
    shown = name if page.language == "en" else page.title(name)
    return f"{shown} {period}" if period else shown


def _requests(page: Page) -> list[Line]:
    requests = page.evaluation.requests
    if not requests:
        return []
    lines = _title(page.say("REQUESTS"))
    for i, request in enumerate(requests, 1):
        lines += _request(page, i, request)
    return lines


def _request(page: Page, number: int, request: Request) -> list[Line]:
    """A request with what it decides, its question, the form wanted and what is there."""
    head = f"  {number:>2}  {request.title}"
    if request.scope:
        head += page.bracketed(page.scope(*request.scope.split(maxsplit=1)))
    if request.periods:
        head += page.say(", {periods}", periods=page.joined(request.periods))
    chunks = [line(Piece(cut(head, page.width), "key")), line(Piece(request.name, "dim"))]
    lines = flow(chunks, page.width, between="   ", indent="      ")
    room = page.width - 6
    titles = page.joined(
        f"{title} [{ident}]" for ident, title in zip(request.unblocks, request.titles, strict=True)
    )
    if request.explains:
        decides = page.say("asked by the flag {titles}", titles=titles)
    else:
        decides = page.say("decides {titles}", titles=titles)
    lines += [line("      ", Piece(text, "dim")) for text in wrap(decides, room)]
    if request.ask:
        lines += [line("      ", text) for text in wrap(request.ask, room)]
    known = []
    if request.last is not None:
        value, period = request.last
        known.append(page.say("last {value} at {period}", value=value, period=period))
    if request.have is not None:
        known.append(page.say("known: {fact}", fact=page.stated(request.have)))
    if request.bounds is not None:
        period, words = request.bounds
        known.append(page.say("{period} in {range}", period=period, range=words))
    if known:
        words = page.semicolon().join(known)
        lines += [line("      ", Piece(text, "dim")) for text in wrap(words, room)]
    return lines


def _conflicts(page: Page) -> list[Line]:
    conflicts = page.evaluation.conflicts
    if not conflicts:
        return []
    lines = _title(page.say("CONFLICTS"))
    for conflict in conflicts:
        reason = page.word(conflict.reason)
        if conflict.chosen != "computed":
            reason = page.say("first counts: {reason}", reason=reason)
        chunks = [
            line(f"  {conflict_text(page, conflict)}"),
            line(Piece(page.word(CONFLICT_WORDS[conflict.type]), "warn")),
            line(Piece(reason, "dim")),
        ]
        if conflict.detail:
            chunks.append(line(Piece(page.word(conflict.detail), "dim")))
        if conflict.decides:
            titles = page.joined(entry_title(page, ident) for ident in conflict.decides)
            chunks.append(line(Piece(page.say("decides {titles}", titles=titles), "key")))
        lines += flow(chunks, page.width, between="   ", indent="      ")
    return lines


def _assumptions(page: Page) -> list[Line]:
    """What the command line assumes and what rests on it; missing values assumed in formulas."""
    evaluation = page.evaluation
    resting = [f for f in (*evaluation.findings, *evaluation.strengths) if f.on_assumptions]
    assumed = [f for f in evaluation.findings if f.assumed]
    if not (evaluation.assumptions or assumed):
        return []
    lines = _title(page.say("ASSUMPTIONS"))
    for item in evaluation.assumptions:
        chunks = [
            line(f"  {assumption_text(item, page.language)}"),
            line(Piece(f"{ASSUMED} {item.place}", "dim")),
        ]
        lines += flow(chunks, page.width, between="   ", indent="      ")
    if evaluation.assumptions:
        titles = page.joined(f.id for f in resting) or page.say("nothing")
        words = page.say("rests on them: {findings}", findings=titles)
        lines += [line("  ", text) for text in wrap(words, page.width - 2)]
    for finding in assumed:
        words = page.say("{id}: a missing value is assumed in its formula", id=finding.id)
        lines += [line("  ", text) for text in wrap(words, page.width - 2)]
    return lines


def _sources(page: Page) -> list[Line]:
    evaluation = page.evaluation
    lines = _title(page.say("SOURCES"))
    for name, source in evaluation.ledger.sources.items():
        if name == ASSUMED:
            continue
        facts = sum(fact.source == name for fact in evaluation.ledger.facts)
        words = page.say(
            "{tier}, {day}, {n} facts",
            tier=page.word(source.tier), day=day_text(source.published),
            n=facts,
        )  # fmt: skip
        title = line(f"  [{page.codes.codes[name]}] {source.title}")
        lines += flow(
            [title, line(Piece(words, "dim"))], page.width, between="   ", indent="      "
        )
    return lines
