"""Ranking: which figures of a row are best and worst, where that can be said at all.

It is said only of values that can be held against each other: one currency where it is money,
spans of one length that end within a year of each other, ranges that do not meet, and a metric
that says which direction is better.
"""

from __future__ import annotations

from ddcheck.engine.language.series import beyond
from ddcheck.engine.model.comparison import BEST, KNOWN, WORST, Figure
from ddcheck.engine.model.periods import months_between

#: Spans whose ends lie further apart are not held against each other.
MOST_MONTHS_APART = 12


def ranked(figures: tuple[Figure, ...], better: str | None) -> tuple[Figure, ...]:
    """`figures` with best and worst marked among those that can be held against each other.

    The largest set of one currency and length of span counts, among equals the newest.
    """
    groups: dict[tuple[int, str | None], list[Figure]] = {}
    for figure in figures:
        if figure.state == KNOWN and figure.period is not None:
            groups.setdefault((figure.period.months, figure.currency), []).append(figure)
    if better is None or not groups:
        return figures
    near = (_near(group) for group in groups.values())
    group = max(near, key=lambda g: (len(g), max(f.period.end for f in g if f.period is not None)))
    ranks = {id(figure): _rank_in(figure, group, better) for figure in group}
    return tuple(figure._replace(rank=ranks.get(id(figure))) for figure in figures)


def _near(group: list[Figure]) -> list[Figure]:
    """Those of `group` whose periods end within a year of its newest."""
    newest = max(figure.period.end for figure in group if figure.period is not None)
    return [
        figure
        for figure in group
        if figure.period is not None
        and months_between(figure.period.end, newest) <= MOST_MONTHS_APART + 0.05
    ]


def _rank_in(figure: Figure, group: list[Figure], better: str) -> str | None:
    others = [_ends(other) for other in group if other is not figure]
    low, high = _ends(figure)
    above = not any(beyond(end, low, 0) for _, end in others)
    below = not any(beyond(high, end, 0) for end, _ in others)
    over = any(beyond(low, end, 0) for _, end in others)
    under = any(beyond(end, high, 0) for end, _ in others)
    if above and over:
        return BEST if better == "higher" else WORST
    if below and under:
        return WORST if better == "higher" else BEST
    return None


def _ends(figure: Figure) -> tuple[float, float]:
    if figure.value is not None:
        return figure.value, figure.value
    low = figure.low if figure.low is not None else float("-inf")
    return low, figure.high if figure.high is not None else float("inf")
