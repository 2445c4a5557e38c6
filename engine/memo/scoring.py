"""How much speaks for each figure that a number of a memo may be: value, words and period.

Four things are added up. What the words say, near ones more than far ones; how well the figure's
period fits those named; how little the value would be hit by chance; and what sources state
themselves before what is worked out. Only who leads clearly is proposed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from ddcheck.engine.memo.figures import Figure, Figures
from ddcheck.engine.memo.moments import names
from ddcheck.engine.memo.near import figure_text
from ddcheck.engine.memo.subjects import Subject, Subjects
from ddcheck.engine.memo.surroundings import IN_PRINT, Resolved, Spot, led_on
from ddcheck.engine.model.periods import ACTUAL, Period, add_months, kind_suffix
from ddcheck.engine.text.quantity import Quantity

#: What a candidate must score, and by how much it must lead. One of which the words say more is
#: no rival only where it is this far behind: it may be the period that is not heard.
_CLEAR, _LEAD, _NOT_HEARD = 5.0, 0.75, 3.5
#: What is enough where nothing else fits, and the least that words must say.
_ALONE, _HEARD = 3.8, 0.8
#: What a telling value adds at most: few other figures could be `1,134.5`, many are `13%`. And
#: what it adds that nothing else of the company has the value.
_MOST_TELLING, _ONLY = 3.2, 0.8
#: Fewer than this many figures would have the value by chance: half the words are enough.
_RARE = 0.1
#: What is said of growth of which nobody says what grows: it is that of revenue.
_UNNAMED = 1.7
#: A name of at least this is said in full.
_IN_FULL = 3.2
#: How much of a name must be said for what is made of it; the most inputs that are looked for.
_NAMED, _MOST_INPUTS = 0.6, 3
_STATED, _NO_OTHER_PERIOD, _PRINTED = 0.4, 0.3, 1.6
_TIMES = re.compile(r"[x×倍]|times|fold", re.IGNORECASE)


class Candidate(NamedTuple):
    """A target that a number may want, what it comes to, and how much speaks for it.

    `said` is how much of that the words say; the rest is value and period.
    """

    target: str
    shown: str
    score: float
    said: float
    subject: Subject
    figure: Figure


def is_clear(candidates: Sequence[Candidate]) -> bool:
    """Whether the first of the candidates leads by enough to be proposed."""
    best = candidates[0]
    others = [other for other in candidates[1:] if not alike(best, other)]
    if not others:
        return best.score >= _ALONE
    if any(
        other.said > best.said + _LEAD and other.score > best.score - _NOT_HEARD for other in others
    ):
        return False
    return best.score >= _CLEAR and best.score - others[0].score >= _LEAD


def alike(left: Candidate, right: Candidate) -> bool:
    """Whether two candidates are one figure: of a stock, the end of a year is the year's."""
    if left.subject.said != right.subject.said:
        return False
    one, other = left.figure, right.figure
    return (
        left.subject.time == "fixed"
        or names(one.period, other.period)
        or (one.period.end, one.point, one.kind) == (other.period.end, other.point, other.kind)
    )


class Scorer:
    """Weighs the figures of one company; `lead` names the company where a tag must."""

    def __init__(self, figures: Figures, lead: str) -> None:
        self._plan = figures.plan
        self._subjects = Subjects(figures)
        self._lead = lead
        self.weights = self._subjects.weights

    def ranked(
        self, quantity: Quantity, text: str, before: str, spot: Spot, known: Sequence[Resolved]
    ) -> list[Candidate]:
        """Every figure that a number agrees with and the words speak for, the likeliest first.

        `text` is the number as it is written, `before` all of its block ahead of it; `known` are
        the numbers of the block of which the tag is known.
        """
        fitting, chance = self._subjects.fitting(quantity)
        telling = min(max(-0.7 * math.log(chance), 0.0), _MOST_TELLING) if chance else 0.0
        telling += _ONLY if len(fitting) == 1 else 0.0
        least = _HEARD / 2 if len(fitting) == 1 and chance < _RARE else _HEARD
        found: list[Candidate] = []
        for subject, figures in fitting.items():
            said = self._said(subject, spot, known)
            if said < least:
                continue
            linked = led_on(before, known, subject.said)
            for figure in figures:
                score = said + telling + self._when(subject, figure, spot, linked)
                score += _NO_OTHER_PERIOD if len(figures) == 1 else 0.0
                score += _STATED if self._is_stated(subject, figure) else 0.0
                score -= 0.0 if _in_style(text, figure) else 1.5
                if quantity.value is None:  # a bound is of what is known as a bound
                    score += 2.0 if figure.point is None else -1.0
                found.append(self._candidate(subject, figure, score, said))
        for subject, figure, source in (
            self._subjects.printed(quantity, always=spot.quotes in IN_PRINT) if spot.quotes else ()
        ):
            said = self._said(subject, spot, known)
            if said >= least:
                score = said + telling + self._when(subject, figure, spot, ()) + _PRINTED
                one = self._candidate(subject, figure, score, said)
                found.append(one._replace(target=f"{one.target}?from={source}"))
        stated = [
            figure
            for subject, figures in fitting.items()
            for figure in figures
            if self._is_stated(subject, figure)
        ]
        return self._without_doubles(sorted(found, key=lambda c: (-c.score, c.target)), stated)

    def _candidate(self, subject: Subject, figure: Figure, score: float, said: float) -> Candidate:
        shown = f"{figure.period.label}{kind_suffix(figure.kind)} {figure_text(figure)}"
        target = subject.target(figure, self._lead)
        return Candidate(target, shown, round(score, 2), said, subject, figure)

    def _is_stated(self, subject: Subject, figure: Figure) -> bool:
        return (subject.said, figure.period.end) in self._subjects.stated

    def _without_doubles(
        self, ranked: list[Candidate], stated: Sequence[Figure]
    ) -> list[Candidate]:
        """Without what is worked out, not called by its name, and equal to what a source states."""
        return [
            one
            for one in ranked
            if one.said >= _IN_FULL
            or self._is_stated(one.subject, one.figure)
            or not any(
                other.point == one.figure.point and names(other.period, one.figure.period)
                for other in stated
            )
        ]

    def _said(self, subject: Subject, spot: Spot, known: Sequence[Resolved]) -> float:
        """How much of the subject the words say; near words count for more."""
        name = subject.name
        said = max((weight * words.says(name) for weight, words in spot.layers), default=0.0)
        if name.growth_of is not None and (spot.growth or spot.topic):
            said = max(said, self._base(name.growth_of, spot) + (0.5 if spot.growth else 0.0))
            concept = self._plan.vocabulary.concepts.get(name.growth_of)
            if concept is not None and concept.headline and concept.positive:
                said = max(said, _UNNAMED)
        if name.share_of is not None and spot.share:
            said = max(said, self._base(name.share_of, spot) + 0.3)
        if name.inputs and not name.grows and len(name.inputs) <= _MOST_INPUTS:
            said = max(said, 0.8 * min(self._base(ident, spot, known) for ident in name.inputs))
        if name.grows:
            if name.sequential != (spot.sequential or False):
                return 0.0
            said -= 1.5 if spot.growth is False else 0.0
        elif spot.growth and self._plan.terms[name.id].is_metric and not subject.share:
            said -= 0.6
        return self._of_member(subject, said, spot, known) if subject.member else said

    def _of_member(
        self, subject: Subject, said: float, spot: Spot, known: Sequence[Resolved]
    ) -> float:
        """How much of a member of a breakdown the words say, `said` of the whole."""
        if subject.share and not spot.share:
            return 0.0
        part = max((weight * words.part(subject.member) for weight, words in spot.layers),
                   default=0.0)  # fmt: skip
        same = any(_same_split(one.said, subject.said) for one in known)
        return said * 0.75 + part * 0.4 - 0.7 + (1.0 if same else 0.0)

    def _base(self, ident: str, spot: Spot, known: Sequence[Resolved] = ()) -> float:
        """How much is said of what a rate of growth, a share or a multiple is of."""
        name = self._subjects.names.get(ident)
        if name is None:
            return 0.0
        heard = ((weight, words.says(name)) for weight, words in spot.layers)
        said = max((weight * much for weight, much in heard if much >= _NAMED), default=0.0)
        return max(said, 2.4) if any(one.said == ident for one in known) else said

    def _when(
        self, subject: Subject, figure: Figure, spot: Spot, linked: Sequence[Resolved]
    ) -> float:
        """How well the figure's period fits the words, and whether an estimate is meant."""
        if subject.time == "fixed":
            return 1.5
        score = spot.when(figure.period, fleeting=subject.fleeting)
        if any(_a_year_on(one.period, figure.period) for one in linked):
            score = max(score, 2.8)
        frame = "date" if subject.time == "stock" else "year"
        score += 0.2 if figure.period.frame == frame else 0.0
        return score if figure.kind == ACTUAL else score + spot.expected


def _same_split(left: str, right: str) -> bool:
    """Whether two expressions are of one member of one breakdown."""
    return left[0] == "=" and left.partition(", ")[2] == right.partition(", ")[2]


def _in_style(text: str, figure: Figure) -> bool:
    """Whether the number is written as the figure is shown: a multiple as `6.9x`, not as 690 %."""
    if figure.unit != "ratio":
        return True
    return (_TIMES.search(text) is not None) == (figure.style == "times")


def _a_year_on(first: Period, second: Period) -> bool:
    """Whether `second` is the period a year after `first`."""
    return first.months == second.months and add_months(first.end, 12) == second.end
