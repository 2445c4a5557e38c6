"""The first screen: who, the grade, what decides it, what speaks for it, what to ask.

It fits 40 lines of 110 columns; sections give up lines in a fixed order when there is more to say
than room, and the counts below always tell how much there is in all.
"""

from __future__ import annotations

from ddcheck.engine.model.evaluation import (
    FLAG,
    NOT_APPLICABLE,
    PASS,
    UNKNOWN,
    Evaluation,
    Figure,
    Finding,
    Request,
)
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.heading import Codes, day_text, heading
from ddcheck.engine.report.lines import WIDTH, Line, Piece, cut, fit, line, spark, width
from ddcheck.engine.text.diagnostics import display_width

_FLAGS, _STRENGTHS, _REQUESTS, _CONTRADICTIONS = 7, 4, 4, 3
_LABEL, _COLUMN, _ASKED = 40, 10, 42
INTEGRITY = "integrity"


def gate_flags(evaluation: Evaluation) -> list[Finding]:
    """The flags at or above the level of the shipped policy."""
    policy = evaluation.plan.packs.policy
    level = policy.fail_on if policy is not None else "high"
    most = SEVERITIES.index(level)
    return [
        finding
        for finding in evaluation.findings
        if finding.outcome == FLAG and SEVERITIES.index(finding.severity) <= most
    ]


def first_screen(evaluation: Evaluation, mistakes: int = 0) -> list[Line]:
    """The lines of the first screen; `mistakes` is how many the company's file has."""
    codes = Codes(evaluation)
    lines = [*heading(evaluation, mistakes), line(), *_verdict(evaluation), line()]
    lines += _deciding(evaluation, codes)
    lines += _speaking(evaluation, codes)
    lines += _asking(evaluation)
    lines += _contradictions(evaluation, codes)
    lines += _counts(evaluation, codes)
    return lines


def range_text(worst: str | None, best: str | None) -> str:
    """A range of letters: `F..C`, one letter where both ends are the same, `?` for none."""
    if worst is None or best is None:
        return "?"
    return worst if worst == best else f"{worst}..{best}"


def _verdict(evaluation: Evaluation) -> list[Line]:
    grade = evaluation.grade
    ends = range_text(grade.worst, grade.best)
    words = ""
    if grade.letter is None and grade.known_letter is not None:
        words = f" (too wide for one letter; {grade.known_letter} on what is known)"
    elif grade.letter is not None and grade.worst != grade.best:
        words = f" ({grade.letter} on what is known)"
    policy = evaluation.plan.packs.policy
    level = policy.fail_on if policy is not None else "high"
    flags = gate_flags(evaluation)
    failed = bool(flags or evaluation.must_know)
    word, style = ("FAIL", "bad") if failed else ("PASS", "good")
    if evaluation.undecided:
        word, style = "CANNOT JUDGE", "bad"
    counts = [
        f"{sum(f.severity == severity for f in flags)} {severity}"
        for severity in SEVERITIES
        if any(f.severity == severity for f in flags)
    ]
    if evaluation.must_know:
        counts.append(f"{len(evaluation.must_know)} must-know unknown")
    gate = f"GATE {level}: "
    tail = f" · {', '.join(counts)}" if counts else ""
    lines = [
        line(
            Piece("  GRADE ", "title"),
            Piece(ends, f"letter-{(grade.known_letter or 'F')}"),
            Piece(words, "dim"),
            "   ",
            Piece(gate, "title"),
            Piece(word, style),
            tail,
        )
    ]
    pieces: list[Piece | str] = ["  "]
    for i, item in enumerate(grade.categories):
        letter = item.letter or "?"
        style = f"letter-{letter}" if item.letter else "dim"
        pieces += [f"{' · ' if i else ''}{item.category.id} ", Piece(letter, style)]
    shown = [
        category.id
        for category in (
            evaluation.plan.grading.categories.values() if evaluation.plan.grading else ()
        )
        if not category.graded and any(f.category == category.id for f in evaluation.findings)
    ]
    rest = f"   not graded: {', '.join(shown)}"
    if shown and width(line(*pieces)) + display_width(rest) <= WIDTH:
        pieces += [Piece(rest, "dim")]
    lines.append(line(*pieces))
    return lines


def _deciding(evaluation: Evaluation, codes: Codes) -> list[Line]:
    flags = [
        f
        for f in evaluation.findings
        if f.outcome == FLAG and f.category != INTEGRITY and not _elsewhere(f, evaluation)
    ]
    header = _header(evaluation)
    title = fit("WHAT DECIDES IT", _LABEL + 8)
    columns = "".join(fit(label, _COLUMN, right=True) for label in header)
    lines = [line(Piece(title, "title"), Piece(f"{columns}   trend", "dim"))]
    if not flags:
        lines.append(line(Piece("   no flag is up", "dim")))
    budget = _FLAGS + 2
    for finding in flags[:_FLAGS]:
        rows = _flag(finding, header, codes, language=evaluation.language)
        extra = max(0, budget - _FLAGS)
        lines += rows[: 1 + extra]
        budget -= min(len(rows) - 1, extra)
    if len(flags) > _FLAGS:
        rest = _count_words(flags[_FLAGS:])
        lines.append(line(Piece(f"   and {rest}: --all", "dim")))
    return [*lines, line()]


def _elsewhere(finding: Finding, evaluation: Evaluation) -> bool:
    """Whether a flag is asked about below, or one that says as much and more is up already."""
    definition = evaluation.plan.rules[finding.id].definition
    others = {other.text for other in definition.implied_by}
    if "flag" in definition.ask_on and any(finding.id in r.unblocks for r in evaluation.requests):
        return True
    return any(f.id in others and f.outcome == FLAG for f in evaluation.findings)


def _count_words(flags: list[Finding]) -> str:
    return ", ".join(
        f"{sum(f.severity == severity for f in flags)} {severity}"
        for severity in SEVERITIES
        if any(f.severity == severity for f in flags)
    )


def _header(evaluation: Evaluation) -> list[str]:
    """The labels of the three newest years."""
    period = evaluation.period
    if period is None or period.frame != "year":
        return []
    calendar = evaluation.company.calendar
    return [calendar.view("year", period.start - 12 * back, 12).label for back in (2, 1, 0)]


def _flag(finding: Finding, header: list[str], codes: Codes, *, language: str) -> list[Line]:
    severity = fit(f" {'med' if finding.severity == 'medium' else finding.severity}", 9)
    tail = codes.of(finding)
    if finding.firm:
        tail = f"firm {tail}"
    if finding.disputed:
        tail = f"disputed {tail}"
    if finding.kind not in (None, "actual"):
        tail = f"on estimates {tail}"
    figures = finding.figures
    tabular = (
        finding.frame == "year"
        and figures
        and len(figures) <= 2
        and all(_labels(figure) == header[-len(figure.values) :] for figure in figures)
        and all(_known(figure) >= 2 for figure in figures)
    )
    title = fit(finding.title, _LABEL - 1)
    if not tabular:
        room = WIDTH - 9 - _LABEL - len(tail) - 1
        words = finding.message or finding.title
        if not finding.message:
            title, words = fit("", 0), finding.title
        elif display_width(words) > room:
            title = fit(finding.title, 24)
            room = WIDTH - 9 - 25 - len(tail) - 1
        return [
            line(
                Piece(severity, finding.severity),
                f"{title} ",
                fit(words, room),
                " ",
                Piece(tail, "dim"),
            )
        ]
    rows = []
    for i, figure in enumerate(figures):
        name = figure.title if len(figures) > 1 else ""
        if i == 0:
            room = _LABEL - 1
            head = finding.title
            if name and display_width(head) + display_width(name) + 2 <= room:
                head = fit(head, room - display_width(name)) + name
            pieces: list[Piece | str] = [Piece(severity, finding.severity), fit(head, room)]
        else:
            pieces = [" " * 9, Piece(fit(name, _LABEL - 1, right=True), "dim")]
        values = [
            value_text(value, figure.unit, figure.style, low, high, language)
            for _, value, low, high in figure.values
        ]
        padding = [""] * (len(header) - len(values))
        pieces += [fit(text, _COLUMN, right=True) for text in (*padding, *values)]
        pieces.append(f"   {fit(spark([value for _, value, _, _ in figure.values]), 5)}")
        if i == 0:
            pieces += ["  ", Piece(tail, "dim")]
        rows.append(line(*pieces))
    return rows


def _labels(figure: Figure) -> list[str]:
    return [period for period, _, _, _ in figure.values]


def _known(figure: Figure) -> int:
    return sum(value is not None for _, value, _, _ in figure.values)


def _speaking(evaluation: Evaluation, codes: Codes) -> list[Line]:
    holding = [f for f in evaluation.strengths if f.outcome == FLAG]
    if not holding:
        return []
    lines = [line(Piece("WHAT SPEAKS FOR IT", "title"))]
    for finding in holding[:_STRENGTHS]:
        tail = codes.of(finding)
        words = cut(finding.message or finding.title, WIDTH - 8 - len(tail))
        lines.append(line("   ", Piece("+", "good"), f"   {words} ", Piece(tail, "dim")))
    return [*lines, line()]


def _asking(evaluation: Evaluation) -> list[Line]:
    requests = evaluation.requests
    if not requests:
        return []
    shown = list(requests[:_REQUESTS])
    raised = next((request for request in requests if request.raised), None)
    if raised is not None and raised not in shown:
        shown[_REQUESTS - 1 :] = [raised]
    lines = [line(Piece("CANNOT BE JUDGED: ask the company, in this order", "title"))]
    for i, request in enumerate(shown, 1):
        lines.append(_request(i, request, evaluation))
    return [*lines, line()]


def _request(number: int, request: Request, evaluation: Evaluation) -> Line:
    title = request.title
    if request.period is not None and display_width(title) + len(request.period) < _ASKED - 1:
        title = f"{title} {request.period}"
    title = fit(title, _ASKED)
    known = []
    finding = next(
        (f for f in evaluation.findings if f.id in request.unblocks and f.outcome == UNKNOWN), None
    )
    if finding is not None and finding.last is not None:
        value = f"{finding.last_value} " if finding.last_value is not None else ""
        known.append(f"last {value}at {finding.last.period} ({finding.last.outcome}), stale")
    if request.known is not None:
        known.append(f"known: {request.known}")
    if finding is not None and finding.bounds is not None:
        period, low, high = finding.bounds
        figure = finding.figures[0] if finding.figures else None
        unit = figure.unit if figure is not None else "ratio"
        known.append(f"{period} in {value_text(None, unit, 'percent', low, high)}")
    if request.raised and request.ask:
        known = [request.ask]
    if not known:
        known.append(f"unblocks {', '.join(request.unblocks)}")
    return line(f"   {number}   {title} ", cut("; ".join(known), WIDTH - _ASKED - 8))


def _contradictions(evaluation: Evaluation, codes: Codes) -> list[Line]:
    flags = [f for f in evaluation.findings if f.outcome == FLAG and f.category == INTEGRITY]
    if not flags:
        return []
    flags.sort(key=lambda f: (SEVERITIES.index(f.severity), f.kind != "actual"))
    lines = [line(Piece("CANNOT ALL BE TRUE", "title"))]
    for finding in flags[:_CONTRADICTIONS]:
        tail = codes.of(finding)
        words = cut(finding.message or finding.title, WIDTH - 8 - len(tail))
        lines.append(line("   ", Piece("!", "warn"), f"   {words} ", Piece(tail, "dim")))
    if len(flags) > _CONTRADICTIONS:
        lines.append(line(Piece(f"   and {len(flags) - _CONTRADICTIONS} more: --all", "dim")))
    return [*lines, line()]


def _counts(evaluation: Evaluation, codes: Codes) -> list[Line]:
    total = len(evaluation.findings)
    counts = (
        f"{total} rules: {evaluation.counted(FLAG)} flagged, {evaluation.counted(PASS)} pass, "
        f"{evaluation.counted(UNKNOWN)} unknown, "
        f"{evaluation.counted(NOT_APPLICABLE)} not applicable"
    )
    lines = [line(f"{counts}   ", Piece(codes.legend(), "dim"))]
    flags = [f for f in evaluation.findings if f.outcome in (FLAG, UNKNOWN)]
    steps = []
    if flags:
        company = evaluation.company
        name = company.id if company.path == f"companies/{company.id}.yaml" else company.path
        steps.append(f"ddcheck explain {name} {flags[0].id}")
    dates = sorted({source.published for source in evaluation.ledger.sources.values()})
    if len(dates) > 1:
        steps.append(f"--as-of {day_text(dates[0])}")
    steps.append("--all")
    if display_width(steps[0]) > WIDTH - 6:
        steps = steps[1:]
    while display_width(" · ".join(steps)) > WIDTH - 6:
        steps.pop()
    lines.append(line(Piece("next: ", "dim"), Piece(" · ".join(steps), "key")))
    return lines
