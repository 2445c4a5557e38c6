"""Names of concepts, as rows and sentences print them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）|\[[^\[\]]*\]")
_NOISE = re.compile(
    r"[\s.:;,，、：。·*_'’“”\"|/&()（）\[\]-]+|^(?:其中|减|加|of which|less|add)[:：]"
)

#: How well a label names a concept: to the letter, as a part of it, or not at all.
EXACT, PART, STRANGE = 2, 1, 0


def folded(text: str) -> str:
    """`text` without case, blanks and punctuation."""
    return _NOISE.sub("", text.casefold())


class Names:
    """The names of every concept, folded, and which concepts bear a name."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self.of = {
            concept: frozenset(filter(None, (folded(name) for name in several)))
            for concept, several in names.items()
        }
        self.bearers: dict[str, set[str]] = {}
        for concept, several in self.of.items():
            for name in several:
                self.bearers.setdefault(name, set()).add(concept)
        self._patterns: dict[str, re.Pattern[str] | None] = {}
        self._raw = {concept: tuple(several) for concept, several in names.items()}

    def bearing(self, concept: str, labelled: str | None) -> frozenset[str]:
        """The names of `concept`, folded; and what its source calls it, if it is `labelled`."""
        names = self.of.get(concept, frozenset())
        return names | {folded(labelled)} if labelled else names

    def match(self, concept: str, labelled: str | None, label: str) -> int:
        """How well the words before a row's figures name `concept` (or are `labelled`)."""
        names = self.bearing(concept, labelled)
        pieces = label_pieces(label)
        if any(piece in names for piece in pieces):
            return EXACT
        if any(name in piece for piece in pieces for name in names if len(name) > 1):
            return PART
        return STRANGE

    def others(self, concept: str, label: str) -> bool:
        """Whether the words are, to the letter, a name of other concepts only."""
        return any(
            piece in self.bearers and concept not in self.bearers[piece]
            for piece in label_pieces(label)
        )

    def pattern(self, concept: str, labelled: str | None) -> re.Pattern[str] | None:
        """What finds a name of `concept` in a sentence; None if it has none."""
        key = f"{concept} {labelled or ''}"
        if key not in self._patterns:
            names = {
                name for name in (*self._raw.get(concept, ()), labelled or "") if len(name) > 1
            }
            ordered = sorted(names, key=lambda name: (-len(name), name))
            parts = [
                r"\s*".join(map(re.escape, name.split()))
                if name.isascii()
                else r"\s*".join(map(re.escape, name.replace(" ", "")))
                for name in ordered
            ]
            self._patterns[key] = re.compile("|".join(parts), re.IGNORECASE) if parts else None
        return self._patterns[key]


def label_pieces(label: str) -> list[str]:
    """The last cell or line of a label, the last two together (a name may be wrapped), folded."""
    lines = [line for line in re.split(r"[\t\n]", label) if line.strip()][-2:]
    found = []
    for text in (lines[-1:], lines):
        joined = " ".join(text)
        found += [folded(joined), folded(_BRACKETS.sub(" ", joined))]
    return [piece for piece in dict.fromkeys(found) if piece]
