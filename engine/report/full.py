"""The whole report behind `--all`: every metric, finding, request, conflict and source."""

from __future__ import annotations

from datetime import date

from ddcheck.engine.model.evaluation import (
    FLAG,
    NOT_APPLICABLE,
    PASS,
    UNKNOWN,
    Evaluation,
    Finding,
    MetricResult,
)
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.heading import Codes
from ddcheck.engine.report.lines import WIDTH, Line, Piece, cut, fit, line, spark, wrap
from ddcheck.engine.report.screen import range_text

_SHOWN = 3
_CELL = 16


def full_report(evaluation: Evaluation) -> list[Line]:
    """The lines that follow the first screen."""
    codes = Codes(evaluation)
    lines: list[Line] = []
    lines += _metrics(evaluation)
    lines += _findings(evaluation, codes)
    lines += _requests(evaluation)
    lines += _conflicts(evaluation, codes)
    lines += _assumptions(evaluation)
    lines += _sources(evaluation, codes)
    return lines


def _title(text: str) -> list[Line]:
    return [line(), line(Piece(text, "title"))]


def _metrics(evaluation: Evaluation) -> list[Line]:
    lines = _title("METRICS")
    grading = evaluation.plan.grading
    order = list(grading.categories) if grading is not None else []
    grades = {item.category.id: item for item in evaluation.grade.categories}
    names = sorted(
        {metric.category or "" for metric in evaluation.metrics},
        key=lambda name: order.index(name) if name in order else len(order),
    )
    for name in names:
        grade = grades.get(name)
        head = f"  {name}"
        if grade is not None:
            head += (
                f" {grade.letter or '?'} ({range_text(grade.worst, grade.best)}; "
                f"{grade.known} of {grade.total} known)"
            )
        else:
            head += " (not graded)"
        lines.append(line(Piece(head, "key")))
        for metric in evaluation.metrics:
            if (metric.category or "") == name:
                lines.append(_metric(metric, evaluation.language))
    return lines


def _metric(metric: MetricResult, language: str) -> Line:
    stated = [v for v in metric.own_values if v.missing is None]
    known = [v for v in stated if v.kind == "actual"][-_SHOWN:]
    known += [v for v in stated if v.kind != "actual"][: _SHOWN + 1 - len(known)]
    letter = metric.letter or ""
    if not letter and metric.letters is not None:
        letter = range_text(*metric.letters)
    figures = ""
    for value in known:
        words = value_text(value.value, metric.unit, metric.style, value.low, value.high, language)
        text = f"{value.label} {words}"
        figures += f"{text if len(text) > _CELL else fit(text, _CELL)} "
    trend = spark([value.value for value in known])
    state = metric.state if metric.state != "known" else ""
    if metric.state in ("unknown", "stale"):
        wanted = [f"{m.name} {m.period or ''}".strip() for m in metric.missing if m.name][:2]
        state += f": {', '.join(wanted)}" if wanted else ""
    style = f"letter-{letter}" if len(letter) == 1 else "dim"
    return line(
        "  ",
        Piece(fit(letter, 5), style),
        fit(metric.id, 30),
        figures,
        f"{trend} " if trend else "",
        Piece(state, "dim"),
    )


def _findings(evaluation: Evaluation, codes: Codes) -> list[Line]:
    lines = _title("FINDINGS")
    for outcome in (FLAG, UNKNOWN, PASS, NOT_APPLICABLE):
        chosen = [f for f in evaluation.findings if f.outcome == outcome]
        if not chosen:
            continue
        lines.append(line(Piece(f"  {outcome} ({len(chosen)})", "key")))
        for finding in chosen:
            lines += _finding(finding, codes)
    return lines


def _finding(finding: Finding, codes: Codes) -> list[Line]:
    notes = [finding.period or ""]
    if finding.kind not in (None, "actual"):
        notes.append("on estimates")
    if finding.firm:
        notes.append("firm")
    if finding.disputed:
        notes.append("disputed")
    if finding.behind and finding.outcome in (FLAG, PASS):
        notes.append("not the newest period")
    note = ", ".join(part for part in notes if part)
    severity = finding.severity if finding.outcome in (FLAG, UNKNOWN) else ""
    words = _words(finding)
    head = line(
        "    ",
        Piece(fit(severity, 10), severity),
        fit(cut(finding.id, 40), 41),
        Piece(f"{note} {codes.of(finding)}".strip(), "dim"),
    )
    return [head, *(line("              ", text) for text in wrap(words, WIDTH - 14))]


def _words(finding: Finding) -> str:
    if finding.outcome == PASS:
        return f"no: {finding.title}" + (f" ({finding.message})" if finding.message else "")
    if finding.outcome != UNKNOWN:
        return finding.message or finding.title
    words = f"{finding.title}: unknown"
    if finding.reason == "stale" and finding.last is not None:
        value = f" with {finding.last_value}" if finding.last_value is not None else ""
        words += f" (stale; last {finding.last.outcome} at {finding.last.period}{value})"
    elif finding.reason == "bounded":
        words += " (bounded)"
    elif finding.reason == "assumed":
        words += " (a pass would rest on an assumption)"
    wanted = []
    for item in finding.missing:
        name = " ".join(part for part in (item.name, item.period, item.scope) if part)
        if item.kind == "bounded" and finding.bounds is not None and finding.figures:
            figure = finding.figures[0]
            _, low, high = finding.bounds
            wanted.append(
                f"{name}, known as {value_text(None, figure.unit, figure.style, low, high)}"
            )
            continue
        wanted.append(f"{name}: {item.reason}" if item.reason and name else name or item.reason)
    if wanted:
        words += f"; needs {', '.join(wanted)}"
    return words


def _requests(evaluation: Evaluation) -> list[Line]:
    if not evaluation.requests:
        return []
    lines = _title("REQUESTS")
    for i, request in enumerate(evaluation.requests, 1):
        head = f"  {i:>2}  {request.title}"
        if request.scope:
            head += f" ({request.scope})"
        if request.period:
            head += f", {request.period}"
        lines.append(
            line(Piece(head, "key"), Piece(f"   decides {', '.join(request.unblocks)}", "dim"))
        )
        if request.ask:
            lines += [line("      ", text) for text in wrap(request.ask, WIDTH - 6)]
        if request.known:
            lines.append(line("      ", Piece(f"known: {request.known}", "dim")))
    return lines


def _conflicts(evaluation: Evaluation, codes: Codes) -> list[Line]:
    if not evaluation.conflicts:
        return []
    lines = _title("CONFLICTS")
    for conflict in evaluation.conflicts:
        stated = ", ".join(
            f"{fact.text} [{codes.codes[fact.source]}]" for fact in conflict.candidates
        )
        scope = f" {conflict.scope[0]} {conflict.scope[1]}" if conflict.scope else ""
        words = conflict.reason
        if conflict.chosen != "computed":
            words = f"first counts: {conflict.reason}"
        lines.append(
            line(
                f"  {conflict.concept} {conflict.period}{scope}: {stated}",
                Piece(f"   {words}", "dim"),
            )
        )
    return lines


def _assumptions(evaluation: Evaluation) -> list[Line]:
    assumed = [f for f in evaluation.findings if f.assumed]
    if not assumed:
        return []
    lines = _title("ASSUMPTIONS")
    lines += [line(f"  {f.id}: a missing value is assumed in its formula") for f in assumed]
    return lines


def _sources(evaluation: Evaluation, codes: Codes) -> list[Line]:
    lines = _title("SOURCES")
    for name, source in evaluation.ledger.sources.items():
        published = date.fromordinal(source.published).isoformat()
        facts = sum(fact.source == name for fact in evaluation.ledger.facts)
        lines.append(
            line(
                f"  [{codes.codes[name]}] {source.title}",
                Piece(f"   {source.tier}, {published}, {facts} facts", "dim"),
            )
        )
    return lines
