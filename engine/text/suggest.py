"""Did you mean: the known word nearest to a mistyped one.

Distances are counted here, with transpositions as one edit, because a swapped pair of letters is
among the commonest slips and general-purpose matchers count it as two. Of words that are equally
near, the file at fault settles which: the one that it uses most.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: Characters beyond which a word is looked into no further.
_LONGEST = 80
_LONGEST_READABLE = 30
#: More words than that are no proposal, unless one of them is in use.
_MANY = 2
#: Characters of a file beyond which its words are not counted.
_COUNTED = 1_000_000
_WORDS = re.compile(r"[^\s\[\]{},:;\"'`#()]+")
_PIECES = re.compile(r"[A-Za-z_]\w*|[\u4e00-\u9fff]+")


class Proposal(str):  # noqa: SLOT000 - what it proposes comes along
    """`did you mean …?`, with every word that is as near in `words`, the likeliest first; where
    they are many and none is in use, `otherwise` says more than any of them.
    """

    words: tuple[str, ...]
    otherwise: str | None

    def settled(self, used: Counter[str]) -> str:
        """The sentence with that word that is used most; the first of those used equally often."""
        best = max(self.words, key=lambda word: used[word])
        if self.otherwise is not None and len(self.words) > _MANY and not used[best]:
            return self.otherwise
        return _sentence(best)


def words_used(text: str) -> Counter[str]:
    """How often each word stands in the text of a file; numbers' units count by themselves."""
    text = text[:_COUNTED]
    words = _WORDS.findall(text)
    pieces = (piece for word in words for piece in _PIECES.findall(word) if piece != word)
    return Counter([*words, *pieces])


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


def _all_near(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The entries of `known` that are nearest to `word`, equally near; none if none is.

    Case, hyphens and underscores count as nothing. Two neighbours exchanged and a letter typed
    twice are nearer than other edits; what shares the longer beginning comes first, then the
    alphabetically first. Of a single letter only words that hold it are near.
    """
    if not word or len(word) > _LONGEST:
        return ()
    plain = word.lower().replace("-", "_")
    limit = max(1, min(3, len(plain) // 3))
    found: list[tuple[int, int, int, str]] = []
    for candidate in known:
        other = candidate.lower().replace("-", "_")
        gap = 0 if other == plain else distance(plain, other, limit)
        if gap > limit or (gap and len(plain) == 1 and plain not in other):
            continue
        odd = int(gap > 0 and not (gap == 1 and _commonest(plain, other)))
        found.append((gap, odd, -_shared(plain, other), candidate))
    found.sort()
    return tuple(item[3] for item in found if item[:2] == found[0][:2])


def _commonest(word: str, right: str) -> bool:
    """Whether `word` is `right` with two neighbours exchanged, or with a letter typed twice."""
    at = _shared(word, right)
    if len(word) == len(right):
        return word[at : at + 2] == right[at : at + 2][::-1]
    return len(word) > len(right) and at > 0 and word[at] == word[at - 1]


def _shared(left: str, right: str) -> int:
    """How many letters both begin with."""
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The entry of `known` nearest to `word`, or None if none is near enough."""
    return next(iter(_all_near(word, known)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The sentence for a diagnostic's help, or None."""
    return _proposal(_all_near(word, known))


def likely(word: str, letters: str, reads: Callable[[str], bool], otherwise: str) -> str:
    """The sentence that proposes what `word` was meant to be, where what is right has a form and
    no list: of all that is one edit away and made of `letters`, what `reads`.

    `otherwise` if `word` is long, or nothing that is one edit away can be read.
    """
    if len(word) > _LONGEST_READABLE:
        return otherwise
    found = {text for text in _one_edit_away(word, letters) if text != word and reads(text)}
    return _proposal(_all_near(word, found), otherwise) or otherwise


def _one_edit_away(word: str, letters: str) -> Iterator[str]:
    yield word.upper()
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        yield head + tail[1:]
        yield head + tail[1:2] + tail[:1] + tail[2:]
        for letter in letters:
            yield head + letter + tail
            yield head + letter + tail[1:]


def _proposal(words: tuple[str, ...], otherwise: str | None = None) -> Proposal | None:
    if not words:
        return None
    found = Proposal(_sentence(words[0]))
    found.words, found.otherwise = words, otherwise
    return found


def _sentence(word: str) -> str:
    return f"did you mean `{word}`?"
