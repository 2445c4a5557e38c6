"""Whether a verdict is firm or fragile: what the printed digits of its facts leave open.

A printed figure stands for every value that rounds to it. Firm is a verdict that an evaluation in
intervals proves, over all of these at once or piece by piece. Where there is no proof, corners of
the box of stated facts are tried: a fact that is used twice moves once, and what is derived from it
moves along. A corner with another outcome or severity (unknown is another one) makes it fragile.

Tried are, until one flips: each fact alone at either end; all facts where they push a comparison of
the rule towards its turn; all corners of up to CORNERS_OF facts; each fact alone halfway to either
end. None of these proves anything by not flipping.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import TypeAlias

from ddcheck.engine.check.judge import Judge, Verdict
from ddcheck.engine.check.scenario import Ruling, Scenario
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.finding import FLAG, UNKNOWN, Flip, Stability

#: With more facts than these not every corner is tried.
CORNERS_OF = 8
#: In how many pieces a box is cut at most to prove a verdict.
PIECES = 64

Corner: TypeAlias = dict[Fact, float]
Box: TypeAlias = dict[Fact, tuple[float, float]]
_NOT_SHOWN = Stability(None, ())


def find_stability(judge: Judge, verdict: Verdict, scenario: Callable[[], Scenario]) -> Stability:
    """Firm where it is proven, fragile with the facts that flip it, else not shown."""
    if verdict.place < 0 or verdict.outcome == UNKNOWN:
        return _NOT_SHOWN
    if judge.firm(verdict):
        return Stability(True, ())
    moving = scenario()
    box = {
        fact: (fact.low, fact.high)
        for fact in moving.facts
        if fact.low < fact.high and math.isfinite(fact.low) and math.isfinite(fact.high)
    }
    if not box or not _agrees(moving.printed, verdict):
        return _NOT_SHOWN
    alone = {fact: _ends(moving, fact, box[fact]) for fact in box}
    flip = _first_flip(moving, box, alone)
    if flip is not None:
        return Stability(False, tuple(Flip(fact, value) for fact, value in flip.items()))
    return Stability(True, ()) if _proven(moving, box, alone) else _NOT_SHOWN


def _agrees(ruling: Ruling, verdict: Verdict) -> bool:
    step = verdict.step if verdict.outcome == FLAG else -1
    return (ruling.outcome, ruling.step) == (verdict.outcome, step)


def _ends(scenario: Scenario, fact: Fact, ends: Iterable[float]) -> tuple[Ruling, ...]:
    return tuple(scenario.at({fact: end}) for end in ends)


def _first_flip(
    scenario: Scenario, box: Box, alone: dict[Fact, tuple[Ruling, ...]]
) -> Corner | None:
    """The facts and values of a corner that flips, no fact more than it takes; None for none."""
    single = [
        (abs(end - (fact.value or 0.0)) / (abs(fact.value or 0.0) or 1.0), i, fact, end)
        for i, (fact, rulings) in enumerate(alone.items())
        for end, ruling in zip(box[fact], rulings, strict=True)
        if not ruling.same(scenario.printed)
    ]
    if single:
        *_, fact, end = min(single, key=lambda item: item[:2])
        return {fact: end}
    for corner in _corners(scenario.printed, box, alone):
        if not scenario.at(corner).same(scenario.printed):
            return _smallest(scenario, corner)
    for fact, ends in box.items():
        for end in ends:
            halfway = ((fact.value or 0.0) + end) / 2
            if not scenario.at({fact: halfway}).same(scenario.printed):
                return {fact: halfway}
    return None


def _corners(printed: Ruling, box: Box, alone: dict[Fact, tuple[Ruling, ...]]) -> Iterator[Corner]:
    """Corners of more than one fact, the most promising ones first."""
    if len(box) < 2:
        return
    for i, margin in enumerate(printed.margins):
        for up in (True, False):
            if margin is None or (margin > 0) is up:
                continue  # away from the turn
            yield {
                fact: box[fact][_pushes(rulings, i) is not up] for fact, rulings in alone.items()
            }
    if len(box) <= CORNERS_OF:
        for ends in product(*box.values()):
            yield dict(zip(box, ends, strict=True))


def _pushes(rulings: tuple[Ruling, ...], i: int) -> bool:
    """Whether the low end of a fact, rather than its high end, raises margin `i`."""
    low, high = (ruling.margins[i] for ruling in rulings)
    return low is not None and high is not None and low > high


def _smallest(scenario: Scenario, corner: Corner) -> Corner:
    """`corner` with each fact back at its printed value that need not be where it is."""
    for fact in corner:
        fewer = {other: value for other, value in corner.items() if other is not fact}
        if fewer and not scenario.at(fewer).same(scenario.printed):
            return _smallest(scenario, fewer)
    return corner


def _proven(scenario: Scenario, box: Box, alone: dict[Fact, tuple[Ruling, ...]]) -> bool:
    """Whether intervals prove the verdict on pieces that make up the whole box.

    An interval evaluation of a formula that uses a fact twice is too wide, the less so the smaller
    the piece; each piece is halved along the fact that moves a comparison most.
    """
    weights = {fact: _effect(*alone[fact]) / (high - low) for fact, (low, high) in box.items()}
    moving = [fact for fact, weight in weights.items() if weight > 0.0]
    open_ = [box]
    for _ in range(PIECES):
        if not open_:
            return True
        piece = open_.pop()
        if scenario.proves(piece):
            continue
        if not moving:
            return False
        widest = max(moving, key=lambda fact: weights[fact] * (piece[fact][1] - piece[fact][0]))
        low, high = piece[widest]
        middle = (low + high) / 2
        open_ += [{**piece, widest: (low, middle)}, {**piece, widest: (middle, high)}]
    return not open_


def _effect(low: Ruling, high: Ruling) -> float:
    pairs = zip(low.margins, high.margins, strict=True)
    return max((abs(b - a) for a, b in pairs if a is not None and b is not None), default=0.0)
