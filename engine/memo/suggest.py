"""Which tag an untagged number most likely wants: by its value, the words and periods near it.

Only what is clear is proposed: the value agrees within the digits written, a name of it stands
near, and nothing else comes close. The rest is listed as doubtful. What is clear helps with what
stands beside it: a memo is gone through again until nothing more comes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ddcheck.engine.memo.figures import Figures, Lacking
from ddcheck.engine.memo.moments import Moment, moments
from ddcheck.engine.memo.naming import Words
from ddcheck.engine.memo.numbers import Found
from ddcheck.engine.memo.prose import CODE, HEADING, Block, Places, Prose
from ddcheck.engine.memo.reading import numbers_of
from ddcheck.engine.memo.scoring import Candidate, Scorer, alike, is_clear
from ddcheck.engine.memo.surroundings import Page, Resolved, spot_of
from ddcheck.engine.memo.targets import TargetError, is_target, parse_target
from ddcheck.engine.model.memo import Span
from ddcheck.engine.model.periods import Period

#: How many candidates are listed, and how often a memo is gone through at most.
_MOST, _PASSES = 3, 4
#: Characters of the paragraph before that are searched for names.
_MOST_BEFORE = 4000


class Suggestion(NamedTuple):
    """A number without a tag and what it may be about, the likeliest first."""

    span: Span
    text: str
    clear: bool
    candidates: tuple[Candidate, ...]


class _Open(NamedTuple):
    """A number without a tag, its block, and what stands before that."""

    item: Found
    place: int
    page: Page


def suggest(prose: Prose, figures: Figures, company: str | None = None) -> list[Suggestion]:
    """What to propose for each number of `prose` that nobody tagged and something fits.

    `company` is named in the tags where it is not the memo's own.
    """
    return _Guide(prose, figures, company).proposals()


class _Guide:
    """Goes through a memo with the names and figures of one company."""

    def __init__(self, prose: Prose, figures: Figures, company: str | None) -> None:
        self._figures = figures
        self._calendar = figures.company.calendar
        self._scorer = Scorer(figures, f"{company}/" if company else "")
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
        fresh = set(self._numbers)
        for _ in range(_PASSES):
            resolved = set[int]()
            for one in self._open:
                key = one.place, one.item.core[0]
                if one.place not in fresh or (key in found and found[key].clear):
                    continue
                candidates = self._candidates(one)
                if not candidates:
                    continue
                block, (left, right) = self._blocks[one.place], one.item.core
                found[key] = Suggestion(
                    self._places.of(block, left, right), block.text[left:right],
                    is_clear(candidates), _shown(candidates),
                )  # fmt: skip
                if found[key].clear:
                    resolved.add(one.place)
                    best = candidates[0]
                    self._resolve(one.place, left, right, best.subject.said, best.figure.period)
            fresh = resolved
        return [found[key] for key in sorted(found)]

    def _candidates(self, one: _Open) -> list[Candidate]:
        item, block = one.item, self._blocks[one.place]
        assert item.quantity is not None
        left, right = item.core
        known = self._resolved.get(one.place, [])
        spot = spot_of(
            item, block, one.page, self._named[one.place], self._numbers[one.place], known,
            self._calendar, self._scorer.weights, self._words,
        )  # fmt: skip
        text = block.text
        return self._scorer.ranked(item.quantity, text[left:right], text[:left], spot, known)

    def _go_through(self) -> None:
        """Find what is to be tagged, and what stands before it."""
        page = Page("", (), (), "")
        row = -1
        for place, block in enumerate(self._blocks):
            if block.lead is not None:  # what stands left of a cell may say what it is about
                page = page._replace(last=page.last if block.lead.row == row else "")
                row = block.lead.row
            before = page.before[-1].period if page.before else None
            named = moments(block.text, self._calendar, before)
            if block.kind == HEADING:
                page = Page(block.text, tuple(named) or page.before, tuple(named), "")
                continue
            if block.kind == CODE:
                continue
            self._named[place] = named
            self._numbers[place] = numbers_of(block)
            self._read_tags(place, block)
            self._open += [_Open(item, place, page) for item in self._untagged(place, block)]
            if block.lead is not None:
                page = page._replace(last=f"{page.last} {block.lead.head}")
            else:
                last = block.text if len(block.text) <= _MOST_BEFORE else ""
                page = page._replace(before=tuple(named) or page.before, last=last)

    def _untagged(self, place: int, block: Block) -> list[Found]:
        """The numbers that can be tagged and are not."""
        tagged = [(link.first, link.last) for link in block.links if link.spelling != "comment"]
        behind = {link.first for link in block.links if is_target(link.href)}
        return [
            item
            for item in self._numbers[place]
            if not item.exempt
            and item.quantity is not None
            and not item.ambiguous
            and block.code.isdisjoint(range(item.first, item.last))
            and not any(first < item.core[1] and last > item.core[0] for first, last in tagged)
            and behind.isdisjoint((item.core[1], item.last))
        ]

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


def _shown(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The likeliest, each figure once."""
    shown: list[Candidate] = []
    for candidate in candidates:
        if not any(alike(candidate, other) for other in shown):
            shown.append(candidate)
        if len(shown) == _MOST:
            break
    return tuple(shown)
