"""Which facts and metrics a stretch of prose may be about, by the words that packs know them by."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ddcheck.engine.model.plan import Plan

_WORD = re.compile(r"[a-z][a-z&'’-]*|\d+")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_STOP = frozenset(
    "a an the of in on at to for and or by its it is was were be as with from over per than that "
    "what all one each so far which who whoever same".split()
)
_SAME = {
    "sales": "revenue", "top": "largest", "biggest": "largest", "10": "ten", "profit": "income",
    "loss": "income", "losse": "income", "grew": "growth", "rose": "growth", "increased": "growth",
    "up": "growth", "down": "growth", "fell": "growth", "declined": "growth", "increase": "growth",
    "decline": "growth", "decreased": "growth", "dropped": "growth", "growing": "growth",
    "growth": "growth", "grow": "growth", "percentage": "share", "account": "share",
    "accounted": "share", "staff": "employee", "yoy": "year", "annual": "year",
    "selling": "marketing", "capex": "expenditure", "price": "price", "priced": "price",
}  # fmt: skip
#: Endings that turn one word into another of the same root: operations, operating.
_ENDING = re.compile(r"(?:ations?|ative|ments?|ional|ions?|ings?|ed|ers?|ies|ity|al|e|s)\Z")
#: A root is at least as long as this.
_ROOT = 5
_GROWTH = re.compile(r"(growth|growth_qoq)\(([a-z_0-9]+)\)\Z")
_SHARE = re.compile(r"([a-z_0-9]+) / revenue\Z")
_IDENT = re.compile(r"[a-z][a-z_0-9]*")
#: Below this much of a name's words, a text is not about it.
LEAST = 0.15


class Name(NamedTuple):
    """A fact or metric with its phrases in both languages, and what it is made of."""

    id: str
    phrases: tuple[str, ...]
    words: tuple[frozenset[str], ...]
    growth_of: str | None
    sequential: bool
    share_of: str | None
    inputs: frozenset[str]

    @property
    def grows(self) -> bool:
        """Whether it says how much something has changed."""
        return self.growth_of is not None or "growth" in self.id


def names_of(plan: Plan) -> dict[str, Name]:
    """Every fact and metric of the plan, by id."""
    found = {}
    for ident, term in plan.terms.items():
        concept = plan.vocabulary.concepts.get(ident)
        aliases = concept.aliases if concept is not None else ()
        phrases = tuple(
            dict.fromkeys(text.lower() for text in (term.label.en, term.label.zh, *aliases))
        )
        metric = plan.metrics.get(ident)
        texts = [formula.text for formula in metric.formulas] if metric is not None else []
        growth = next((m for m in map(_GROWTH.match, texts) if m), None)
        share = next((m for m in map(_SHARE.match, texts) if m), None)
        found[ident] = Name(
            ident,
            phrases,
            tuple(frozenset(tokens(phrase)) for phrase in phrases),
            growth[2] if growth is not None else None,
            (growth is not None and growth[1] == "growth_qoq") or ident.endswith("_qoq"),
            share[1] if share is not None else None,
            frozenset(
                word for text in texts[:1] for word in _IDENT.findall(text) if word in plan.terms
            ),
        )
    return found


def weights_of(names: Iterable[Name]) -> dict[str, float]:
    """What each word tells: the fewer names have it, the more."""
    among: dict[str, int] = {}
    count = 0
    for name in names:
        count += 1
        for word in frozenset().union(*name.words):
            among[word] = among.get(word, 0) + 1
    return {word: math.log(1 + count / number) for word, number in among.items()}


def tokens(text: str) -> Iterable[str]:
    """Latin words in their plain form, and pairs of Chinese characters; `text` in small letters."""
    for word in _WORD.findall(text):
        if word in _STOP:
            continue
        bare = word.replace("’", "'").removesuffix("'s").rstrip("'")
        bare = (
            bare[:-1] if bare.endswith("s") and len(bare) > 3 and not bare.endswith("ss") else bare
        )
        plain = _SAME.get(word, _SAME.get(bare, bare))
        root = _ENDING.sub("", plain)
        yield root if len(root) >= _ROOT else plain
    for run in _HAN.findall(text):
        for i in range(len(run) - 1):
            yield run[i : i + 2]


class Words:
    """A stretch of prose, ready to be asked how much of a name it says."""

    def __init__(self, text: str, weights: Mapping[str, float]) -> None:
        self.text = text.lower()
        self.tokens = frozenset(tokens(self.text))
        self._weights = weights
        self._seen: dict[str, float] = {}

    def says(self, name: Name) -> float:
        """From 0 to about 1.3: how much of `name` the text says; a longer phrase says more."""
        found = self._seen.get(name.id)
        if found is None:
            found = self._seen[name.id] = max(
                (self._phrase(p, w) for p, w in zip(name.phrases, name.words, strict=True)),
                default=0.0,
            )
        return found

    def part(self, words: Iterable[str]) -> float:
        """The share of `words` that the text has, each by what it tells."""
        wanted = {word: self._weights.get(word, 4.0) for word in words}
        whole = sum(wanted.values())
        return sum(w for word, w in wanted.items() if word in self.tokens) / whole if whole else 0.0

    def _phrase(self, phrase: str, words: frozenset[str]) -> float:
        at = self.text.find(phrase)
        while at >= 0:
            latin = phrase[0].isascii() and phrase[0].isalnum()
            before = self.text[at - 1 : at] if at else ""
            behind = self.text[at + len(phrase) : at + len(phrase) + 1]
            inside = latin and (
                (before.isascii() and before.isalnum())
                or (behind.isascii() and behind.isalnum() and behind != "s")
            )
            if not inside:
                return 1.0 + min(len(phrase), 24) / 80
            at = self.text.find(phrase, at + 1)
        if len(words) < 2:
            return 0.0
        share = self.part(words)
        return share * 0.9 if share >= LEAST else 0.0
