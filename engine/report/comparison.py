"""The comparison as text: companies in columns, in blocks of as many as fit the page.

A figure stands with its letter and whether it is the best or worst; what else is to be known of
it (another period than the column's, an estimate, a dispute) stands behind it, or below.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ddcheck.engine.model.company import TIERS
from ddcheck.engine.model.comparison import (
    NOT_APPLICABLE,
    UNKNOWN,
    Comparison,
    FigureRow,
)
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG, PASS
from ddcheck.engine.model.periods import day_text, months_between
from ddcheck.engine.report.assumptions import assumption_text
from ddcheck.engine.report.comparison_cells import (
    NOTES,
    Block,
    figure_cell,
    print_row,
    range_text,
    verdict_cells,
)
from ddcheck.engine.report.heading import currency_name
from ddcheck.engine.report.lines import WIDTH, Line, Piece, cut, fit, line, wrap
from ddcheck.engine.text.diagnostics import display_width
from ddcheck.engine.text.translate import say

#: Columns of a row's title by how many companies stand beside it; more stand in further blocks.
_TITLES = {1: 46, 2: 46, 3: 38, 4: 34, 5: 30, 6: 26}
_MOST = max(_TITLES)
_OLD_AFTER = 12


def comparison_lines(comparison: Comparison) -> list[Line]:
    """The page: a block for every six companies, then what the signs mean."""
    language = comparison.language
    count = len(comparison.evaluations)
    blocks = -(-count // _MOST)
    size = -(-count // blocks)
    title = say(language, "COMPARISON of {n} companies", n=count)
    if count == 1:
        title = say(language, "COMPARISON of 1 company: the others could not be judged")
    today = say(language, "today {day}", day=day_text(comparison.today))
    lines = [line(Piece(title, "name"), Piece(f"   {today}", "dim"))]
    signs: set[str] = set()
    for first in range(0, count, size):
        stop = min(count, first + size)
        wide = _TITLES[min(size, _MOST)]
        block = Block(comparison, first, stop, wide, min(32, (WIDTH - wide) // size))
        lines += [line(), *_head(block), *_body(block, signs)]
    return [*lines, line(), *_foot(comparison, signs)]


def _row(block: Block, title: str, texts: Iterable[Piece], style: str = "") -> Line:
    """A row of plain texts, each at the right of its column."""
    pieces: list[Piece | str] = [Piece(fit(cut(title, block.title - 1), block.title), style)]
    for text in texts:
        shown = cut(text.text, block.column - 1)
        pieces += [" " * (block.column - display_width(shown)), Piece(shown, text.style)]
    return line(*pieces)


def _head(block: Block) -> list[Line]:
    """Who stands in the columns, judged on what, how old, on what evidence, with what result."""
    found = block.evaluations
    language, say_ = block.comparison.language, block.say
    gates = block.comparison.gates[block.first : block.stop]
    lines = [
        _row(block, "", [Piece(item.company.name.text(language), "name") for item in found]),
        _row(block, "", [Piece(item.company.id, "dim") for item in found]),
        _row(block, say_("Judged on"), [Piece(_judged(item, block)) for item in found]),
        _row(block, say_("Facts as of"), [_known(item, block) for item in found]),
        _row(block, say_("Money in"), [Piece(_basis(item, block)) for item in found]),
        _row(block, say_("Evidence"), [Piece(_tiers(item, block)) for item in found]),
        _row(block, say_("Grade"), [_grade(item) for item in found], "title"),
    ]
    words = {"pass": Piece(say_("PASS"), "good"), "fail": Piece(say_("FAIL"), "bad")}
    unjudged = Piece(say_("CANNOT JUDGE"), "bad")
    level = say_("Gate {level}", level=say_(gates[0].level))
    lines.append(_row(block, level, [words.get(gate.outcome, unjudged) for gate in gates], "title"))
    flags = [Piece(str(gate.flags)) for gate in gates]
    lines.append(_row(block, say_("  flags at the gate"), flags))
    must_know = [Piece(str(gate.must_know)) for gate in gates]
    lines.append(_row(block, say_("  must-know unknown"), must_know))
    counts = [
        Piece("/".join(str(item.counted(o)) for o in (FLAG, PASS, UNKNOWN, NOT_APPLICABLE)))
        for item in found
    ]
    lines.append(_row(block, say_("  rules up/pass/unknown/n.a."), counts))
    for item in found:
        for assumption in item.assumptions:
            name = item.company.name.text(language)
            words_ = say_("{name} assumed: {text}", name=name,
                          text=assumption_text(assumption, language))  # fmt: skip
            for i, text in enumerate(wrap(words_, WIDTH - 4)):
                lines.append(line("    " if i else Piece("  = ", "warn"), Piece(text, "warn")))
    return lines


def _judged(item: Evaluation, block: Block) -> str:
    period = item.period
    if period is None:
        return block.say("nothing")
    quarter = item.newest.get("quarter")
    if block.wordy and quarter is not None and quarter.end > period.end:
        return block.say("{period}, quarters to {q}", period=period.label, q=quarter.label)
    return period.label


def _known(item: Evaluation, block: Block) -> Piece:
    newest = item.ledger.newest
    if newest is None:
        return Piece(block.say("no date"), "bad")
    if months_between(newest, item.today) > _OLD_AFTER:
        template = "{day} OLD" if block.column > 14 else "{day}!"
        return Piece(block.say(template, day=day_text(newest)), "bad")
    return Piece(day_text(newest))


def _basis(item: Evaluation, block: Block) -> str:
    company = item.company
    month = date(2023, company.calendar.month, 1).strftime("%b")
    currency = currency_name(company.currency, block.comparison.language)
    if block.comparison.language == "zh":
        month = str(company.calendar.month)
    if not block.wordy and month in ("Dec", "12"):
        return block.say("{currency} m", currency=currency)
    template = "{currency} m, FY ends {month}" if block.wordy else "{currency} m FY {month}"
    return block.say(template, currency=currency, month=month)


def _tiers(item: Evaluation, block: Block) -> str:
    tiers = {source.tier for source in item.ledger.reported.sources.values()}
    words = [block.say(tier) for tier in sorted(tiers, key=TIERS.index)]
    text = block.say(", ").join(words) or block.say("none")
    if display_width(text) < block.column:
        return text
    return f"{words[0]}..{words[-1]}"


def _grade(item: Evaluation) -> Piece:
    grade = item.grade
    ends = range_text(grade.worst, grade.best)
    known = grade.known_letter or grade.letter
    text = f"{ends} ({known})" if known is not None and grade.worst != grade.best else ends
    return Piece(text, f"letter-{known}" if known is not None else "dim")


def _body(block: Block, signs: set[str]) -> list[Line]:
    comparison = block.comparison
    lines: list[Line] = []
    if comparison.concepts:
        lines += [line(), line(Piece(block.say("FIGURES"), "title"))]
        lines += _figures(block, comparison.concepts, signs)
    grading = comparison.evaluations[0].plan.grading
    titles = dict(grading.categories) if grading is not None else {}
    before: str | None = None
    for row in comparison.metrics:
        if row.category != before:
            category = titles.get(row.category or "")
            name = category.title.text(comparison.language) if category else row.category or ""
            letters = [_category(item, row.category) for item in block.evaluations]
            lines += [line(), _row(block, name, letters, "title")]
            before = row.category
        lines += _figures(block, (row,), signs)
    if comparison.rules:
        lines += [line(), line(Piece(block.say("RULES"), "title"))]
        for rule in comparison.rules:
            lines += print_row(block, rule.title, verdict_cells(block, rule), signs)
    return lines


def _category(item: Evaluation, name: str | None) -> Piece:
    for grade in item.grade.categories:
        if grade.category.id == name:
            ends = range_text(grade.worst, grade.best)
            text = (
                ends
                if grade.letter is None or grade.worst == grade.best
                else (f"{ends} ({grade.letter})")
            )
            return Piece(text, f"letter-{grade.letter}" if grade.letter else "dim")
    return Piece("")


def _figures(block: Block, rows: Iterable[FigureRow], signs: set[str]) -> list[Line]:
    lines = []
    for row in rows:
        shown = row.figures[block.first : block.stop]
        cells = [
            figure_cell(block, row, figure, item)
            for figure, item in zip(shown, block.evaluations, strict=True)
        ]
        lines += print_row(block, row.title, cells, signs)
    return lines


def _foot(comparison: Comparison, signs: set[str]) -> list[Line]:
    """What the marks mean, what is compared with what, and what is left out."""
    language = comparison.language
    words = [
        say(language, "▲ best, ▼ worst: where a metric says which way is better, over spans of one "
            "length that end within a year, money in one currency alone, ranges that do not meet"),
        say(language, "amounts in millions, each in its own currency; a period is named where it "
            "is not the one that the company is judged on"),
    ]  # fmt: skip
    rows = [row for row in comparison.metrics if row.better is not None and row.reached > 1]
    if rows and not any(figure.rank for row in rows for figure in row.figures):
        oldest = _oldest(comparison)
        template = "nothing is ranked: the years are too far apart; --period {period} joins them"
        if oldest is not None:
            words.insert(1, say(language, template, period=oldest))
    if signs:
        shown = (f"{NOTES[name]} {say(language, name)}" for name in NOTES if name in signs)
        words.append(say(language, " · ").join(shown))
    metrics, rules = comparison.left_out
    if metrics:
        template = "{n} more metrics that are not graded and known of one company alone: --all"
        words.append(say(language, template, n=metrics))
    if rules:
        words.append(say(language, "{n} more rules up at low or info: --all", n=rules))
    return [line(Piece(part, "dim")) for text in words for part in wrap(text, WIDTH)]


def _oldest(comparison: Comparison) -> str | None:
    """The oldest of the periods that the companies are judged on, if they are too far apart."""
    periods = [item.period for item in comparison.evaluations if item.period is not None]
    oldest = min(periods, key=lambda period: period.end, default=None)
    newest = max(periods, key=lambda period: period.end, default=None)
    if oldest is None or newest is None:
        return None
    return oldest.label if months_between(oldest.end, newest.end) > _OLD_AFTER + 0.05 else None
