"""Which tag an untagged number most likely wants: by its value, the words and periods near it.

Only what is clear is proposed: the value agrees within the digits written, a name of it stands
near, and nothing else comes close. The rest is listed as doubtful. What is clear helps with what
stands beside it: a memo is read again until nothing more comes of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from ddcheck.engine.memo.figures import Figure, Figures, Lacking
from ddcheck.engine.memo.moments import Moment, moments, names
from ddcheck.engine.memo.naming import Words
from ddcheck.engine.memo.near import figure_text
from ddcheck.engine.memo.numbers import Found
from ddcheck.engine.memo.prose import CELL, CODE, HEADING, Block, Places, Prose
from ddcheck.engine.memo.reading import numbers_of
from ddcheck.engine.memo.subjects import Subject, Subjects
from ddcheck.engine.memo.surroundings import IN_PRINT, Page, Resolved, Spot, led_on, spot_of
from ddcheck.engine.memo.targets import TargetError, is_target, parse_target
from ddcheck.engine.model.memo import Span
from ddcheck.engine.model.periods import ACTUAL, Period, add_months

#: What a candidate must score, and by how much it must lead.
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
_MOST = 3
_TIMES = re.compile(r"[x×倍]|times|fold", re.IGNORECASE)
_PASSES = 4


class Candidate(NamedTuple):
    """A target that a number may want, what it comes to, and how much speaks for it.

    `said` is how much of that the words say; the rest is the period.
    """

    target: str
    shown: str
    score: float
    said: float
    subject: Subject
    figure: Figure


class Suggestion(NamedTuple):
    """A number without a tag and what it may be about, the likeliest first."""

    span: Span
    text: str
    clear: bool
    candidates: tuple[Candidate, ...]


class _Open(NamedTuple):
    """A number without a tag, its block, and what stands around it."""

    item: Found
    place: int
    page: Page


def suggest(prose: Prose, figures: Figures, company: str | None = None) -> list[Suggestion]:
    """What to propose for each number of `prose` that nobody tagged and something fits.

    `company` is named in the tags where it is not the memo's own.
    """
    return _Guide(prose, figures, company).proposals()


def _is_clear(candidates: Sequence[Candidate]) -> bool:
    best = candidates[0]
    others = [other for other in candidates[1:] if not _alike(best, other)]
    if not others:
        return best.score >= _ALONE
    if any(
        other.said > best.said + _LEAD and other.score > best.score - _NOT_HEARD
        for other in others
    ):
        return False  # the words speak for another name: it may be the period that is not heard
    return best.score >= _CLEAR and best.score - others[0].score >= _LEAD


def _alike(left: Candidate, right: Candidate) -> bool:
    """Whether two candidates are one figure: of a stock, the end of a year is the year's."""
    if left.subject.said != right.subject.said:
        return False
    one, other = left.figure, right.figure
    return (
        left.subject.time == "fixed"
        or names(one.period, other.period)
        or (one.period.end, one.point, one.kind) == (other.period.end, other.point, other.kind)
    )


class _Guide:
    """Goes through a memo with the names and figures of one company."""

    def __init__(self, prose: Prose, figures: Figures, company: str | None) -> None:
        self._figures = figures
        self._subjects = Subjects(figures)
        self._lead = f"{company}/" if company else ""
        self._words: dict[str, Words] = {}
        self._blocks = prose.blocks
        self._places = Places(prose.source)
        self._named: dict[int, list[Moment]] = {}
        self._numbers: dict[int, list[Found]] = {}
        self._resolved: dict[int, list[Resolved]] = {}
        self._open: list[_Open] = []
        self._go_through()

    def proposals(self) -> list[Suggestion]:
        """Every number with what fits it, after as many passes as bring something new."""
        found: dict[tuple[int, int], Suggestion] = {}
        for _ in range(_PASSES):
            new = False
            for one in self._open:
                block = self._blocks[one.place]
                left, right = one.item.core
                key = (one.place, left)
                known = found.get(key)
                if known is not None and known.clear:
                    continue
                candidates = self._candidates(one)
                if not candidates:
                    continue
                clear = _is_clear(candidates)
                shown = _shown(candidates)
                span = self._places.of(block, left, right)
                found[key] = Suggestion(span, block.text[left:right], clear, shown)
                if clear:
                    new = True
                    best = candidates[0]
                    self._resolve(one.place, left, right, best.subject.said, best.figure.period)
            if not new:
                break
        return [found[key] for key in sorted(found)]

    def _go_through(self) -> None:
        """Find what is to be tagged, and what stands before it."""
        calendar = self._figures.company.calendar
        page = Page("", (), (), "")
        row = -1
        for place, block in enumerate(self._blocks):
            if block.lead is not None:  # what stands left of a cell may say what it is about
                page = page._replace(last=page.last if block.lead.row == row else "")
                row = block.lead.row
            before = page.before[-1].period if page.before else None
            named = moments(block.text, calendar, before)
            if block.kind == HEADING:
                page = Page(block.text, tuple(named) or page.before, tuple(named), "")
                continue
            if block.kind == CODE:
                continue
            self._named[place] = named
            self._numbers[place] = numbers_of(block)
            self._read_tags(place, block)
            tagged = [(link.first, link.last) for link in block.links if link.spelling != "comment"]
            behind = {link.first for link in block.links if is_target(link.href)}
            for item in self._numbers[place]:
                if item.exempt or item.quantity is None or item.ambiguous:
                    continue
                if not block.code.isdisjoint(range(item.first, item.last)):
                    continue
                left, right = item.core
                taken = any(first < right and last > left for first, last in tagged)
                if not taken and right not in behind and item.last not in behind:
                    self._open.append(_Open(item, place, page))
            if block.kind != CELL:
                last = block.text if len(block.text) < 4000 else ""
                page = page._replace(before=tuple(named) or page.before, last=last)
            elif block.lead is not None:
                page = page._replace(last=f"{page.last} {block.lead.head}")

    def _read_tags(self, place: int, block: Block) -> None:
        """What the author has tagged already says what the prose is about."""
        for link in block.links:
            if not is_target(link.href):
                continue
            try:
                target = parse_target(link.href)
            except TargetError:
                continue
            if target.kind != "value" or target.company or len(target.periods) != 1:
                continue
            found = self._figures.period(target.periods[0])
            if not isinstance(found, Lacking):
                self._resolve(place, link.first, link.last, target.name, found[0])

    def _resolve(self, place: int, first: int, last: int, said: str, period: Period) -> None:
        known = self._resolved.setdefault(place, [])
        known.append(Resolved(first, last, said, period))
        known.sort(key=lambda one: one.first)

    def _candidates(self, one: _Open) -> list[Candidate]:
        """Every figure that the number agrees with and the words speak for, the likeliest first."""
        item, block = one.item, self._blocks[one.place]
        assert item.quantity is not None
        fitting, chance = self._subjects.fitting(item.quantity)
        resolved = self._resolved.get(one.place, [])
        spot = spot_of(
            item, block, one.page, self._named[one.place], self._numbers[one.place], resolved,
            self._figures.company.calendar, self._subjects.weights, self._words,
        )  # fmt: skip
        telling = self._telling(chance, len(fitting))
        least = _HEARD / 2 if len(fitting) == 1 and chance < _RARE else _HEARD
        text = block.text[item.core[0] : item.core[1]]
        found: list[Candidate] = []
        for subject, figures in fitting.items():
            said = self._said(subject, spot, resolved)
            if said < least:
                continue
            linked = led_on(block.text, item, resolved, subject.said)
            for figure in figures:
                score = said + telling + self._when(subject, figure, spot, linked)
                score += 0.3 if len(figures) == 1 else 0.0
                score += 0.4 if (subject.said, figure.period.end) in self._subjects.stated else 0.0
                score -= 0.0 if _in_style(text, figure) else 1.5
                if item.quantity.value is None:
                    score += 2.0 if figure.point is None else -1.0
                target = subject.target(figure, self._lead)
                shown = f"{figure.period.label} {figure_text(figure)}"
                found.append(Candidate(target, shown, round(score, 2), said, subject, figure))
        if spot.quotes:
            for subject, figure, source in self._subjects.printed(
                item.quantity, always=spot.quotes in IN_PRINT
            ):
                said = self._said(subject, spot, resolved)
                if said < least:
                    continue
                score = said + telling + self._when(subject, figure, spot, []) + 1.6
                target = f"{subject.target(figure, self._lead)}?from={source}"
                shown = f"{figure.period.label} {figure_text(figure)}"
                found.append(Candidate(target, shown, round(score, 2), said, subject, figure))
        ranked = sorted(found, key=lambda c: (-c.score, c.target))
        return self._without_doubles(ranked)

    def _without_doubles(self, ranked: list[Candidate]) -> list[Candidate]:
        """Without what is worked out, not called by its name, and equal to what a source states."""
        stated = [c for c in ranked if (c.subject.said, c.figure.period.end) in self._subjects.stated]
        return [
            c for c in ranked
            if c in stated or c.said >= 3.2 or not any(
                other.figure.point == c.figure.point and names(other.figure.period, c.figure.period)
                for other in stated
            )
        ]  # fmt: skip

    def _telling(self, chance: float, rivals: int) -> float:
        """What the value alone says: much where hardly any other figure could have it."""
        telling = min(max(-0.7 * math.log(chance), 0.0), _MOST_TELLING)
        return telling + (_ONLY if rivals == 1 else 0.0)

    def _said(self, subject: Subject, spot: Spot, resolved: Sequence[Resolved]) -> float:
        """How much of the subject the words say; near words count for more."""
        name = subject.name
        said = max((weight * words.says(name) for weight, words in spot.layers), default=0.0)
        ratio = self._figures.plan.terms[name.id]
        if name.growth_of is not None and (spot.growth or spot.topic):
            said = max(said, self._base(name.growth_of, spot) + (0.5 if spot.growth else 0.0))
            concept = self._figures.plan.vocabulary.concepts.get(name.growth_of)
            if concept is not None and concept.headline and concept.positive:
                said = max(said, _UNNAMED)
        if name.share_of is not None and spot.share:
            said = max(said, self._base(name.share_of, spot) + 0.3)
        if name.inputs and not name.grows and len(name.inputs) <= 3:
            said = max(
                said, 0.8 * min(self._base(ident, spot, resolved) for ident in name.inputs)
            )
        if name.grows:
            if spot.growth is False:
                said -= 1.5
            if name.sequential != (spot.sequential or False):
                return 0.0
        elif spot.growth and ratio.is_metric and not subject.share:
            said -= 0.6
        if subject.member:
            part = max(
                (weight * words.part(subject.member) for weight, words in spot.layers), default=0.0
            )
            if subject.share and not spot.share:
                return 0.0
            said = said * 0.75 + part * 0.4 - 0.7
            if any(_same_split(one.said, subject.said) for one in resolved):
                said += 1.0
        return said

    def _base(self, ident: str, spot: Spot, resolved: Sequence[Resolved] = ()) -> float:
        """How much is said of what a rate of growth, a share or a multiple is of."""
        name = self._subjects.names.get(ident)
        if name is None:
            return 0.0
        said = max((w * words.says(name) for w, words in spot.layers if words.says(name) >= 0.6),
                   default=0.0)  # fmt: skip
        return max(said, 2.4) if any(one.said == ident for one in resolved) else said

    def _when(
        self, subject: Subject, figure: Figure, spot: Spot, linked: Sequence[Resolved]
    ) -> float:
        if subject.time == "fixed":
            return 1.5
        score = spot.when(figure.period, fleeting=subject.fleeting)
        if any(_a_year_on(one.period, figure.period) for one in linked):
            score = max(score, 2.8)
        frame = "date" if subject.time == "stock" else "year"
        score += 0.2 if figure.period.frame == frame else 0.0
        if figure.kind != ACTUAL:
            score += spot.expected
        return score


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


def _shown(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The likeliest, each figure once."""
    shown: list[Candidate] = []
    for candidate in candidates:
        if not any(_alike(candidate, other) for other in shown):
            shown.append(candidate)
        if len(shown) == _MOST:
            break
    return tuple(shown)
