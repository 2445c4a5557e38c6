"""What decides a company: the gravest flags, each with its figures over three periods."""

from __future__ import annotations

from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG, Figure, Finding
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.lines import Line, Piece, fit, line, spark, wrap
from ddcheck.engine.report.page import Page
from ddcheck.engine.text.diagnostics import display_width

_LABEL, _COLUMN, _TREND = 40, 10, 8
_NARROW_LABEL, _NARROW_COLUMN = 16, 9
INTEGRITY = "integrity"


class _Columns:
    """Where the columns of the table stand on a page of this width."""

    def __init__(self, page: Page, flags: list[Finding]) -> None:
        self.header = _header(page.evaluation)
        self.severity = 6 if page.narrow else 9
        self.column = _NARROW_COLUMN if page.narrow else _COLUMN
        self.trend = 0 if page.narrow else _TREND
        tail = max((display_width(marks(page, flag)) for flag in flags), default=0)
        room = page.width - self.severity - 3 * self.column - self.trend - tail - 2
        self.label = min(_LABEL, max(_NARROW_LABEL, room))


def deciding(page: Page, most: int, extra: int) -> list[Line]:
    """At most `most` flags, with `extra` second rows among them, and how many more there are."""
    flags = deciding_flags(page.evaluation)
    shown = flags[:most]
    columns = _Columns(page, shown)
    title = fit(page.say("WHAT DECIDES IT"), columns.severity + columns.label - 1)
    labels = "".join(fit(label, columns.column, right=True) for label in columns.header)
    if columns.trend:
        labels += f"   {page.say('trend')}"
    lines = [line(Piece(title, "title"), Piece(labels, "dim"))]
    if not flags:
        lines.append(line(Piece(f"   {page.say('no flag is up')}", "dim")))
    for finding in shown:
        rows = _flag(page, finding, columns)
        if _tabular(finding, columns.header):
            rows = rows[: 1 + extra]
            extra -= len(rows) - 1
        lines += rows
    if len(flags) > most:
        rest = page.joined(page.severities(flags[most:]))
        lines.append(line(Piece(f"   {page.say('and {rest}: --all', rest=rest)}", "dim")))
    return [*lines, line()]


def deciding_flags(evaluation: Evaluation) -> list[Finding]:
    """The flags that decide, the gravest first; what is asked or contradicted stands elsewhere."""
    return [
        f
        for f in evaluation.findings
        if f.outcome == FLAG and f.category != INTEGRITY and not _elsewhere(f, evaluation)
    ]


def _elsewhere(finding: Finding, evaluation: Evaluation) -> bool:
    """Whether a flag is asked about below, or one that says as much and more is up already."""
    definition = evaluation.plan.rules[finding.id].definition
    others = {other.text for other in definition.implied_by}
    if "flag" in definition.ask_on and any(finding.id in r.unblocks for r in evaluation.requests):
        return True
    return any(f.id in others and f.outcome == FLAG for f in evaluation.findings)


def _header(evaluation: Evaluation) -> list[str]:
    """The labels of the three newest years."""
    period = evaluation.period
    if period is None or period.frame != "year":
        return []
    calendar = evaluation.company.calendar
    return [calendar.view("year", period.start - 12 * back, 12).label for back in (2, 1, 0)]


def marks(page: Page, finding: Finding) -> str:
    """How far a verdict can be trusted, and on which sources it rests: `disputed firm [B]`."""
    words = []
    if finding.waiver is not None:
        words.append(page.say("waived") if finding.waived else page.say("waiver void"))
    if finding.on_assumptions:
        words.append(page.say("assumed"))
    if finding.kind not in (None, "actual"):
        words.append(page.say("on estimates"))
    if finding.disputed:
        words.append(page.say("disputed"))
    if finding.firm is not None:
        words.append(page.say("firm") if finding.firm else page.say("fragile"))
    return " ".join([*words, page.codes.of(finding)]).rstrip()


def _tabular(finding: Finding, header: list[str]) -> bool:
    """Whether the figures of a flag fit under the years of the table."""
    figures = finding.figures
    return (
        finding.frame == "year"
        and 0 < len(figures) <= 2
        and all(_labels(figure) == header[-len(figure.values) :] for figure in figures)
        and all(_known(figure) >= 2 for figure in figures)
    )


def _flag(page: Page, finding: Finding, columns: _Columns) -> list[Line]:
    word = page.say("med") if finding.severity == "medium" else page.word(finding.severity)
    severity = Piece(fit(f" {word}", columns.severity), finding.severity)
    tail = marks(page, finding)
    if _tabular(finding, columns.header):
        return _rows(page, finding, columns, severity, tail)
    title = fit(finding.title, columns.label - 1)
    words = finding.message or finding.title
    room = page.width - columns.severity - columns.label - display_width(tail) - 1
    if not finding.message:
        title, room = "", room + columns.label - 1
    elif display_width(words) > room and not page.narrow:
        title = fit(finding.title, 24)
        room = page.width - columns.severity - 25 - display_width(tail) - 1
    elif display_width(words) > room:
        wide = page.width - columns.severity - display_width(tail) - 1
        first = line(severity, fit(finding.title, wide), " ", Piece(tail, "dim"))
        gap = " " * columns.severity
        return [first, *(line(gap, text) for text in wrap(words, page.width - len(gap)))]
    return [
        line(severity, f"{title} " if title else " ", fit(words, room), " ", Piece(tail, "dim"))
    ]


def _rows(
    page: Page, finding: Finding, columns: _Columns, severity: Piece, tail: str
) -> list[Line]:
    """A flag as one row of the table for each of its figures."""
    rows = []
    figures = finding.figures
    room = columns.label - 1
    for i, figure in enumerate(figures):
        name = figure.title if len(figures) > 1 else ""
        if i == 0:
            head = finding.title
            if name and display_width(head) + display_width(name) + 2 <= room:
                head = fit(head, room - display_width(name)) + name
            pieces: list[Piece | str] = [severity, fit(head, room)]
        else:
            pieces = [" " * columns.severity, Piece(fit(name, room, right=True), "dim")]
        values = [
            value_text(value, figure.unit, figure.style, low, high, page.language)
            for _, value, low, high in figure.values
        ]
        padding = [""] * (len(columns.header) - len(values))
        pieces += [fit(text, columns.column, right=True) for text in (*padding, *values)]
        if columns.trend:
            pieces.append(f"   {fit(spark([value for _, value, _, _ in figure.values]), 5)}")
        if i == 0:
            pieces += ["  ", Piece(tail, "dim")]
        rows.append(line(*pieces))
    return rows


def _labels(figure: Figure) -> list[str]:
    return [period for period, _, _, _ in figure.values]


def _known(figure: Figure) -> int:
    return sum(value is not None for _, value, _, _ in figure.values)
