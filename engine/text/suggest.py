"""Did you mean: the known word nearest to a mistyped one.

Distances are counted here, with transpositions as one edit, because a swapped pair of letters is
among the commonest slips and general-purpose matchers count it as two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def distance(left: str, right: str, limit: int) -> int:
    """Edits (insert, delete, replace, swap of neighbours) from `left` to `right`.

    Anything beyond `limit` comes back as `limit + 1`.
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        following = [i]
        for j, b in enumerate(right, 1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        if min(following) > limit:
            return limit + 1
        before, row = row, following
    return min(row[-1], limit + 1)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The entry of `known` nearest to `word`, or None if none is near enough.

    Case, hyphens and underscores count as nothing; ties go to the entry that shares the longer
    beginning, then to the alphabetically first.
    """
    if not word or len(word) > 80:
        return None
    plain = word.lower().replace("-", "_")
    limit = 0 if len(plain) < 2 else max(1, min(3, len(plain) // 3))
    best: tuple[int, int, str] | None = None
    for candidate in known:
        other = candidate.lower().replace("-", "_")
        if other == plain:
            gap = 0
        else:
            gap = distance(plain, other, limit)
            if gap > limit:
                continue
        shared = 0
        for a, b in zip(plain, other, strict=False):
            if a != b:
                break
            shared += 1
        entry = (gap, -shared, candidate)
        if best is None or entry < best:
            best = entry
    return best[2] if best else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The sentence for a diagnostic's help, or None."""
    found = nearest(word, known)
    return f"did you mean `{found}`?" if found else None
