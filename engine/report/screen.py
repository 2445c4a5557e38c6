"""The first screen: who, the grade, what decides it, what speaks for it, what to ask.

It fits 40 lines of 110 columns; sections give up lines in a fixed order when there is more to say
than room, and the counts below always tell how much there is in all. On a narrower terminal lines
fold, and the trend is left out.
"""

from __future__ import annotations

from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG, NOT_APPLICABLE, PASS, UNKNOWN, Finding
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.report.asking import asking
from ddcheck.engine.report.contradicting import contradictions
from ddcheck.engine.report.deciding import deciding
from ddcheck.engine.report.heading import heading
from ddcheck.engine.report.lines import WIDTH, Line, Piece, bullet, flow, line, width
from ddcheck.engine.report.page import Page, page_of
from ddcheck.engine.text.diagnostics import display_width

_LINES = 40
#: Flags, second rows of flags, strengths, requests, contradictions; then what is given up first.
_ROOM = {"flags": 7, "rows": 2, "strengths": 4, "requests": 4, "contradictions": 3}
_GIVEN_UP = (
    "rows", "strengths", "contradictions", "requests", "rows", "strengths", "contradictions",
    "requests", "flags", "flags", "strengths",
)  # fmt: skip


def first_screen(
    evaluation: Evaluation, mistakes: int = 0, columns: int = WIDTH, options: str = ""
) -> list[Line]:
    """The lines of the first screen, at most `columns` wide.

    `mistakes` is how many the company's file has; `options` are those of the run that what to type
    next must repeat.
    """
    page = page_of(evaluation, columns)
    head = [*heading(page, mistakes), line(), *_verdict(page), line()]
    foot = _counts(page, options)
    room = dict(_ROOM)
    lines = [*head, *_sections(page, room), *foot]
    for name in _GIVEN_UP:
        if len(lines) <= _LINES:
            break
        room[name] -= 1
        lines = [*head, *_sections(page, room), *foot]
    return lines


def _sections(page: Page, room: dict[str, int]) -> list[Line]:
    return [
        *deciding(page, room["flags"], room["rows"]),
        *_speaking(page, room["strengths"]),
        *asking(page, room["requests"]),
        *contradictions(page, room["contradictions"]),
    ]


def gate_flags(evaluation: Evaluation) -> list[Finding]:
    """The flags at or above the level of the policy that no waiver covers."""
    policy = evaluation.plan.packs.policy
    level = policy.fail_on if policy is not None else "high"
    most = SEVERITIES.index(level)
    return [
        finding
        for finding in evaluation.findings
        if finding.outcome == FLAG
        and not finding.waived
        and finding.becomes is None
        and SEVERITIES.index(finding.severity) <= most
    ]


def _verdict(page: Page) -> list[Line]:
    grade = page.evaluation.grade
    words = ""
    if grade.letter is None and grade.known_letter is not None:
        words = page.say(
            " (too wide for one letter; {letter} on what is known)", letter=grade.known_letter
        )
    elif grade.letter is not None and grade.worst != grade.best:
        words = page.say(" ({letter} on what is known)", letter=grade.letter)
    whole = line(
        Piece(f"  {page.say('GRADE')} ", "title"),
        Piece(page.range(grade.worst, grade.best), f"letter-{(grade.known_letter or 'F')}"),
        Piece(words, "dim"),
    )
    return [*flow([whole, _gate(page)], page.width, between="   ", indent="  "), *_categories(page)]


def _gate(page: Page) -> Line:
    """Whether the policy would let the company through, and why not."""
    evaluation = page.evaluation
    policy = evaluation.plan.packs.policy
    level = policy.fail_on if policy is not None else "high"
    flags = gate_flags(evaluation)
    failed = bool(flags or evaluation.must_know)
    word, style = (page.say("FAIL"), "bad") if failed else (page.say("PASS"), "good")
    if evaluation.undecided:
        word, style = page.say("CANNOT JUDGE"), "bad"
    counts = page.severities(flags)
    if evaluation.must_know:
        counts.append(page.say("{n} must-know unknown", n=len(evaluation.must_know)))
    tail = f" · {page.joined(counts)}" if counts else ""
    gate = page.say("GATE {level}: ", level=page.word(level))
    return line(Piece(gate, "title"), Piece(word, style), tail)


def _categories(page: Page) -> list[Line]:
    """Each graded category with its letter, and which are shown only."""
    evaluation = page.evaluation
    chunks: list[Line] = []
    for item in evaluation.grade.categories:
        letter = item.letter or "?"
        style = f"letter-{letter}" if item.letter else "dim"
        name = category_name(page, item.category.id)
        chunks.append(line(f"{'' if chunks else '  '}{name} ", Piece(letter, style)))
    lines = flow(chunks, page.width, indent="  ")
    grading = evaluation.plan.grading
    shown = [
        category_name(page, category.id)
        for category in (grading.categories.values() if grading else ())
        if not category.graded and any(f.category == category.id for f in evaluation.findings)
    ]
    rest = f"   {page.say('not graded: {categories}', categories=page.joined(shown))}"
    if shown and lines and width(lines[-1]) + display_width(rest) <= page.width:
        lines[-1] = (*lines[-1], Piece(rest, "dim"))
    return lines


def category_name(page: Page, name: str) -> str:
    """What a category is called: in English by its id, in Chinese by its title."""
    grading = page.evaluation.plan.grading
    if page.language == "en" or grading is None or name not in grading.categories:
        return name
    return grading.categories[name].title.text(page.language)


def _speaking(page: Page, most: int) -> list[Line]:
    holding = [f for f in page.evaluation.strengths if f.outcome == FLAG]
    if not holding:
        return []
    lines = [line(Piece(page.say("WHAT SPEAKS FOR IT"), "title"))]
    for finding in holding[:most]:
        words, tail = finding.message or finding.title, page.codes.of(finding)
        if finding.on_assumptions:
            tail = f"{page.say('assumed')} {tail}"
        lines += bullet(Piece("+", "good"), words, tail, page.width, fold=page.narrow)
    return [*lines, line()]


def _counts(page: Page, options: str) -> list[Line]:
    evaluation = page.evaluation
    counts = page.say(
        "{total} rules: {flags} flagged, {passes} pass, {unknown} unknown, {rest} not applicable",
        total=len(evaluation.findings),
        flags=evaluation.counted(FLAG),
        passes=evaluation.counted(PASS),
        unknown=evaluation.counted(UNKNOWN),
        rest=evaluation.counted(NOT_APPLICABLE),
    )
    legend = line(Piece(" ".join(page.codes.legend()), "dim"))
    lines = flow([line(counts), legend], page.width, between="   ")
    steps = []
    flags = [f for f in evaluation.findings if f.outcome in (FLAG, UNKNOWN)]
    if flags:
        company = evaluation.company
        name = company.id if company.path == f"companies/{company.id}.yaml" else company.path
        steps.append(" ".join(["ddcheck explain", name, flags[0].id, *filter(None, [options])]))
    sources = evaluation.ledger.sources.values()
    dates = sorted({source.published for source in sources if source.id != ASSUMED})
    if len(dates) > 1:
        steps.append(f"--as-of {day_text(dates[0])}")
    steps.append("--all")
    head = page.say("next: ")
    room = page.width - display_width(head)
    if display_width(steps[0]) > room:
        steps = steps[1:]
    while len(steps) > 1 and display_width(" · ".join(steps)) > room:
        steps.pop()
    lines.append(line(Piece(head, "dim"), Piece(" · ".join(steps), "key")))
    return lines
