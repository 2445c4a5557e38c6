"""Grading: letters into categories, categories into the grade, and the range of both.

A fact counts once: a flag caps, it does not subtract again. The ends of the range take every
unknown at its worst and at its best; what was last decided for an older period than the newest
one counts as unknown there. Where weights, floors and caps come from is `grading.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ddcheck.engine.model.evaluation import CategoryGrade, Grade
from ddcheck.engine.model.finding import FLAG, Finding
from ddcheck.engine.model.measured import MetricResult
from ddcheck.engine.model.pack import LETTERS, SEVERITIES, Grading
from ddcheck.engine.model.standing import Standing, by_tier


class Mark(NamedTuple):
    """A laddered metric for grading: its letters on what is known, at worst and at best.

    `letter` is None where nothing is known; what does not apply and has no letter is no mark.
    """

    category: str
    weight: float
    letter: str | None
    worst: str
    best: str


class Weight(NamedTuple):
    """A rule for grading: the severity it raises now (None: none), at worst and at best."""

    category: str
    severity: str | None
    worst: str | None
    best: str | None


def grade_company(grading: Grading, marks: Iterable[Mark], flags: Iterable[Weight]) -> Grade:
    """The grade on what is known, with its worst and best end, by category and as a whole."""
    all_marks, all_flags = list(marks), list(flags)
    categories = []
    for category in grading.categories.values():
        if not category.graded:
            continue
        own = [mark for mark in all_marks if mark.category == category.id and mark.weight > 0]
        raised = [flag for flag in all_flags if flag.category == category.id]
        known = [(mark.weight, mark.letter) for mark in own if mark.letter is not None]
        score = _mean(grading, known)
        worst = _mean(grading, [(mark.weight, mark.worst) for mark in own])
        best = _mean(grading, [(mark.weight, mark.best) for mark in own])
        caps = grading.category_caps
        now = _capped(grading, score, caps, [flag.severity for flag in raised])
        low = _capped(grading, worst, caps, [flag.worst for flag in raised])
        high = _capped(grading, best, caps, [flag.best for flag in raised])
        categories.append(
            (
                CategoryGrade(
                    category,
                    _letter(grading, now),
                    now,
                    _letter(grading, low),
                    _letter(grading, high),
                    len(known),
                    len(own),
                ),
                low,
                high,
            )
        )
    graded = {item.category.id for item, _, _ in categories}
    counted = [flag for flag in all_flags if flag.category in graded]
    now = _whole(grading, [(c.category.weight, c.score) for c, _, _ in categories])
    low = _whole(grading, [(c.category.weight, score) for c, score, _ in categories])
    high = _whole(grading, [(c.category.weight, score) for c, _, score in categories])
    caps = grading.whole_caps
    now = _capped(grading, now, caps, [flag.severity for flag in counted])
    low = _capped(grading, low, caps, [flag.worst for flag in counted])
    high = _capped(grading, high, caps, [flag.best for flag in counted])
    total = sum(mark.weight for mark in all_marks if mark.category in graded)
    known_weight = sum(
        mark.weight for mark in all_marks if mark.category in graded and mark.letter is not None
    )
    letter, worst_letter, best_letter = (_letter(grading, value) for value in (now, low, high))
    single = letter
    if worst_letter is not None and best_letter is not None:
        span = LETTERS.index(worst_letter) - LETTERS.index(best_letter) + 1
        if span > grading.single_letter_span:
            single = None
    return Grade(
        single,
        letter,
        now,
        worst_letter,
        best_letter,
        known_weight / total if total else 0.0,
        tuple(item for item, _, _ in categories),
    )


def _mean(grading: Grading, letters: Sequence[tuple[float, str | None]]) -> float | None:
    total = sum(weight for weight, _ in letters)
    if not total:
        return None
    return sum(weight * grading.points[letter] for weight, letter in letters if letter) / total


def _whole(grading: Grading, scores: list[tuple[float, float | None]]) -> float | None:
    del grading
    known = [(weight, score) for weight, score in scores if score is not None]
    total = sum(weight for weight, _ in known)
    return sum(weight * score for weight, score in known) / total if total else None


def _capped(
    grading: Grading,
    score: float | None,
    caps: dict[str, str],
    severities: list[str | None],
) -> float | None:
    """`score`, at most the points of the letter that the gravest severity allows."""
    if score is None:
        return None
    raised = [severity for severity in severities if severity is not None]
    for severity in SEVERITIES:
        if severity in raised and severity in caps:
            score = min(score, grading.points[caps[severity]])
    return score


def _letter(grading: Grading, score: float | None) -> str | None:
    if score is None:
        return None
    for letter, floor in grading.letters:
        if score >= floor - 1e-9:
            return letter
    return LETTERS[-1]


def standing_of(metrics: Iterable[MetricResult], findings: Iterable[Finding]) -> Standing:
    """On which evidence the letters of graded metrics rest, and the flags that are up."""
    return Standing(
        by_tier(metric.tier for metric in metrics if metric.graded and metric.letter is not None),
        by_tier(finding.tier for finding in findings if finding.outcome == FLAG),
    )
