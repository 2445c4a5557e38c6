"""The text of `ddcheck test`: failures, what no test reaches, mutants that no test notices."""

from __future__ import annotations

from ddcheck.engine.model.trials import (
    EXCUSED,
    NOTICED,
    REFUSED,
    Coverage,
    Mutation,
    Point,
    Trial,
)
from ddcheck.engine.report.lines import WIDTH, Line, Piece, line, wrap
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.translate import say

#: What no test shows, by the kind of point.
_OPEN = {
    "flag": "no test raises {detail}",
    "pass": "no test passes",
    "holds": "no test in which it holds",
    "does-not-hold": "no test in which it does not hold",
    "unknown": "no test is unknown",
    "not-applicable": "no test to which it does not apply",
    "value": "no test of a value",
    "formula": "no test works out {detail}",
    "bounds": "no test of the range between",
    "grade": "no test is graded {detail}",
    "at": "no test on the limit of {detail}",
    "beyond": "no test just beyond the limit of {detail}",
    "chosen": "no test takes the branch {detail}",
    "together": "no test in which nothing decides alone: {detail}",
    "alone": "no test in which this alone decides: {detail}",
}
_KINDS = {
    "limit": "limit",
    "comparison": "comparison",
    "connective": "and/or",
    "negation": "not",
    "term": "term dropped",
    "sign": "sign",
    "period": "period",
    "function": "function",
    "severity": "severity",
    "letter": "letter",
    "frame": "frame",
}


def trial_lines(trial: Trial, language: str) -> list[Line]:
    """The whole report, one line for each failure and for each thing that is not reached."""
    lines = []
    for failure in trial.failures:
        where = f"{failure.node.source.path}:{failure.node.line}:{failure.node.column}"
        words = say(
            language, "FAILED {id}: expected {wanted}, got {got}",
            id=failure.id, wanted=failure.wanted, got=failure.got,
        )  # fmt: skip
        lines.append(line(f"{where}: ", Piece(words, "bad")))
    lines += [line(say(language, "no test of `{name}`", name=name)) for name in trial.untested]
    lines.append(line(summary(trial, language)))
    if not trial.passed and not trial.failures:
        lines.append(line(say(language, "nothing was tested")))
    if trial.coverage is not None:
        lines += [line(""), line(Piece(coverage_summary(trial.coverage, language), "title"))]
        for point in trial.coverage.unreached:
            words = point_words(point, language)
            lines.append(line(f"{place(point.node, point.offset)}: ", Piece(point.owner, "key"),
                              f": {words}"))  # fmt: skip
    if trial.mutation is not None:
        lines += [line(""), line(Piece(mutation_summary(trial.mutation, language), "title"))]
        for mutant in trial.mutation.unnoticed:
            where = place(mutant.node, mutant.offset)
            kind = say(language, _KINDS[mutant.kind])
            lines.append(line(f"{where}: ", Piece(mutant.owner, "key"), f" ({kind})"))
            for sign, text, style in (("-", mutant.was, "bad"), ("+", mutant.becomes, "good")):
                first, *rest = wrap(text, WIDTH - 6)
                lines.append(line(f"  {sign} ", Piece(first, style)))
                lines += [line("    ", Piece(more, style)) for more in rest]
    return lines


def summary(trial: Trial, language: str) -> str:
    """How many tests passed and failed, and how many entries have none."""
    return say(
        language, "{passed} passed, {failed} failed, {untested} untested",
        passed=trial.passed, failed=len(trial.failures), untested=len(trial.untested),
    )  # fmt: skip


def coverage_summary(coverage: Coverage, language: str) -> str:
    """How much of what is asked some test reaches; never rounded up."""
    total = coverage.asked
    return say(
        language, "Coverage: {reached} of {total} points reached ({percent} %)",
        reached=f"{coverage.reached:,}", total=f"{total:,}", percent=coverage.percent,
    )  # fmt: skip


def mutation_summary(mutation: Mutation, language: str) -> str:
    """How many mutants some test notices; never rounded up."""
    noticed, total = mutation.count(NOTICED), mutation.asked
    return say(
        language,
        "Mutants: {noticed} of {total} noticed ({percent} %); {excused} equivalent, "
        "{refused} refused by the checker",
        noticed=f"{noticed:,}", total=f"{total:,}", percent=mutation.percent,
        excused=mutation.count(EXCUSED), refused=mutation.count(REFUSED),
    )  # fmt: skip


def point_words(point: Point, language: str) -> str:
    """What no test shows."""
    return say(language, _OPEN[point.kind], detail=point.detail)


def kind_words(kind: str, language: str) -> str:
    """What sort of change a mutant is."""
    return say(language, _KINDS[kind])


def place(node: Scalar, offset: int) -> str:
    """`file:line:column` of a character of `node`."""
    row, column = node.place(offset)
    return f"{node.source.path}:{row}:{column}"
