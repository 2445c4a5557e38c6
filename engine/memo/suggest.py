"""Which tag an untagged number most likely wants: by its value, the words and periods near it.

Only what is clear is proposed: the value agrees within the digits written, a name of it stands in
the sentence, and nothing else comes near. The rest is listed as doubtful.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ddcheck.engine.memo.figures import Figure, Figures
from ddcheck.engine.memo.moments import Moment, moments, names
from ddcheck.engine.memo.naming import LEAST, Name, Words, names_of
from ddcheck.engine.memo.near import Ends, figure_text
from ddcheck.engine.memo.numbers import Found
from ddcheck.engine.memo.prose import CODE, HEADING, Block, Places, Prose
from ddcheck.engine.memo.reading import numbers_of
from ddcheck.engine.memo.targets import is_target
from ddcheck.engine.memo.verdict import claim_ends, same_unit
from ddcheck.engine.model.memo import Span
from ddcheck.engine.model.periods import ACTUAL, kind_suffix
from ddcheck.engine.text.quantity import Quantity

_SENTENCE = re.compile(r"[。！？!?;；\n]|\.(?=\s|\Z)")
_CLAUSE = re.compile(r"[，,。！？!?;；\n]|\.(?=\s|\Z)|、")
_EXPECTED = re.compile(
    r"预计|预期|预测|指引|料将|有望|expect|forecast|guid|estimat|consensus|project", re.IGNORECASE
)
#: What a candidate must score, and by how much it must lead.
_CLEAR, _LEAD = 5.0, 0.75
#: What is enough where nothing else fits; and what each digit behind the second adds: few other
#: figures could be `1,134.5`, many are `13%`.
_ALONE, _DIGIT, _MOST_DIGITS = 3.4, 0.9, 3
_MOST = 3


class Candidate(NamedTuple):
    """A target that a number may want, what it comes to, and how much speaks for it.

    `said` is how much of that the words say; the rest is the period.
    """

    target: str
    shown: str
    score: float
    said: float


class Suggestion(NamedTuple):
    """A number without a tag and what it may be about, the likeliest first."""

    span: Span
    text: str
    clear: bool
    candidates: tuple[Candidate, ...]


def suggest(prose: Prose, figures: Figures, company: str | None = None) -> list[Suggestion]:
    """What to propose for each number of `prose` that nobody tagged and something fits.

    `company` is named in the tags where it is not the memo's own.
    """
    guide = _Guide(figures, company)
    places = Places(prose.source)
    found = []
    heading = ""
    before: list[Moment] = []
    for block in prose.blocks:
        if block.kind == HEADING:
            heading = block.text
            before = guide.moments(heading, before)
        if block.kind in (HEADING, CODE):
            continue
        named = guide.moments(block.text, before)
        tagged = [(link.first, link.last) for link in block.links if link.spelling != "comment"]
        behind = {link.first for link in block.links if is_target(link.href)}
        for item in numbers_of(block):
            if item.exempt or item.quantity is None or item.ambiguous:
                continue
            if not block.code.isdisjoint(range(item.first, item.last)):
                continue
            left, right = item.core
            if (
                any(first < right and last > left for first, last in tagged)
                or right in behind
                or item.last in behind
            ):
                continue
            candidates = guide.candidates(item, block, heading, named, before)
            if candidates:
                span = places.of(block, left, right)
                clear = _is_clear(candidates)
                found.append(Suggestion(span, block.text[left:right], clear, candidates[:_MOST]))
        before = named or before
    return found


def _is_clear(candidates: tuple[Candidate, ...]) -> bool:
    best = candidates[0]
    if len(candidates) == 1:
        return best.score >= _ALONE
    if any(other.said > best.said + _LEAD for other in candidates[1:]):
        return False  # the words speak for another name: it may be the period that is not heard
    return best.score >= _CLEAR and best.score - candidates[1].score >= _LEAD


class _Guide:
    """Knows the names and figures of one company."""

    def __init__(self, figures: Figures, company: str | None) -> None:
        self._figures = figures
        self._names: dict[str, Name] = names_of(figures.plan)
        self._known: dict[str, list[Figure]] = {}
        self._lead = f"{company}/" if company else ""
        self._words: dict[str, Words] = {}

    def moments(self, text: str, before: list[Moment]) -> list[Moment]:
        """The periods that `text` names, the year taken from what stood before it."""
        calendar = self._figures.company.calendar
        year = None
        if before:
            last = before[-1].period
            year = calendar.fiscal_year(last.start) if last.months else None
            year = year or _year_of(last.end)
        return moments(text, calendar, year)

    def candidates(
        self, item: Found, block: Block, heading: str, named: list[Moment], before: list[Moment]
    ) -> tuple[Candidate, ...]:
        """Every figure that the number agrees with and the words speak for, the likeliest first."""
        assert item.quantity is not None
        near, sentence, wide, start, end = self._contexts(item, block, heading)
        expected = _EXPECTED.search(block.text[start:end]) is not None
        left, right = item.core
        digits = sum(char.isdigit() for char in block.text[left:right].lstrip("-$US0.¥"))
        telling = _DIGIT * min(max(digits - 2, 0), _MOST_DIGITS)
        found: dict[str, tuple[float, Candidate]] = {}
        for name in self._names.values():
            said = max(
                4.0 * near.says(name, self._names),
                3.2 * sentence.says(name, self._names),
                2.2 * wide.says(name, self._names),
            )
            if said < 2.2 * LEAST:
                continue
            for figure in self._fitting(name.id, item.quantity):
                when = self._when(figure, item, block, named, before, start, end)
                score = (
                    said
                    + when
                    + telling
                    + (0.2 if figure.period.frame == self._frame(name.id) else 0.0)
                )
                if figure.kind != ACTUAL:
                    score += 0.3 if expected else -1.5
                label = figure.period.label + kind_suffix(figure.kind)
                fixed = self._figures.plan.terms[name.id].time == "fixed"
                target = f"dd:{self._lead}{name.id}" + ("" if fixed else f"@{label}")
                shown = f"{label} {figure_text(figure)}"
                known = found.get(name.id)
                if known is None or score > known[0]:
                    found[name.id] = (score, Candidate(target, shown, round(score, 2), said))
        if len(found) == 1:
            found = {
                name: (score, one._replace(score=round(score + telling, 2)))
                for name, (score, one) in found.items()
            }
        ranked = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].target))
        return tuple(candidate for _, candidate in ranked)

    def _frame(self, name: str) -> str:
        """The frame that a name is best tagged in: what stands at a day by its day."""
        stock = self._figures.plan.terms[name].time == "stock"
        return "date" if stock else "year"

    def _contexts(
        self, item: Found, block: Block, heading: str
    ) -> tuple[Words, Words, Words, int, int]:
        """The words of the clause, of the sentence, and of what surrounds them."""
        text = block.text
        start, end = _bounds(_SENTENCE, text, item)
        left, right = _bounds(_CLAUSE, text, item)
        lead = f"{block.lead.label} {block.lead.head} " if block.lead is not None else ""
        near = lead + text[left:right]
        # A clause without a name of its own goes on about what the one before was about.
        return (
            self._said(near), self._said(lead + text[start:end]), self._said(f"{heading} {text}"),
            start, end,
        )  # fmt: skip

    def _said(self, text: str) -> Words:
        found = self._words.get(text)
        if found is None:
            if len(self._words) > 500:
                self._words.clear()
            found = self._words[text] = Words(text)
        return found

    def _fitting(self, name: str, quantity: Quantity) -> list[Figure]:
        """The figures of `name` that bear the number out."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._figures.known_elsewhere(name)
        ends = claim_ends(quantity, None)
        return [
            figure
            for figure in known
            if same_unit(quantity.unit, figure)
            and (quantity.unit or figure.unit not in ("ratio", "money"))
            and (
                ends.holds(figure.point) or _by_rounding(ends, figure)
                if figure.point is not None
                else ends.low <= figure.low and figure.high <= ends.high
            )
        ]

    def _when(
        self, figure: Figure, item: Found, block: Block, named: list[Moment], before: list[Moment],
        start: int, end: int,
    ) -> float:  # fmt: skip
        """How well the figure's period fits the periods named: in the sentence, near, or before."""
        if block.lead is not None:
            lead = self.moments(f"{block.lead.head} {block.lead.label}", before)
            if lead:
                return 3.0 if any(names(m.period, figure.period) for m in lead) else -2.0
        inside = [m for m in named if start <= m.first < end]
        if inside:
            ahead = [m for m in inside if m.first < item.first]
            nearest = ahead[-1] if ahead else inside[0]
            if names(nearest.period, figure.period):
                return 3.0
            return 2.0 if any(names(m.period, figure.period) for m in inside) else -2.0
        earlier = [m for m in named if m.first < start] or before
        if earlier:
            if names(earlier[-1].period, figure.period):
                return 2.0
            return 1.0 if any(names(m.period, figure.period) for m in earlier) else -1.0
        return 0.5


def _by_rounding(ends: Ends, figure: Figure) -> bool:
    """Whether a number holds within the rounding of the facts, and says no more than they."""
    narrow = ends.width >= figure.high - figure.low
    return narrow and ends.meets(figure.low, figure.high)


def _bounds(pattern: re.Pattern[str], text: str, item: Found) -> tuple[int, int]:
    """Where the sentence or clause around a number begins and ends."""
    start = 0
    for match in pattern.finditer(text, max(0, item.first - 400), item.first):
        start = match.end()
    after = pattern.search(text, item.last)
    return start, after.start() if after is not None else len(text)


def _year_of(day: int) -> int:
    from datetime import date

    return date.fromordinal(day).year
