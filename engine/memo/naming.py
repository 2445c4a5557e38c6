"""Which facts and metrics a stretch of prose may be about, by the words that packs know them by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ddcheck.engine.model.plan import Plan

_WORD = re.compile(r"[a-z][a-z&'’-]*|\d+")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_STOP = frozenset(
    "a an the of in on at to for and or by its it is was were be as with from over per than that "
    "what "
    "all one each so far which who whoever same".split()
)
_SAME = {
    "sales": "revenue", "top": "largest", "biggest": "largest", "10": "ten", "profit": "income",
    "loss": "income", "losse": "income", "grew": "growth", "rose": "growth", "increased": "growth",
    "up": "growth", "down": "growth", "fell": "growth", "declined": "growth", "increase": "growth",
    "decline": "growth", "decreased": "growth", "dropped": "growth", "growing": "growth",
    "growth": "growth", "grow": "growth", "percentage": "share", "account": "share",
    "accounted": "share", "staff": "employee", "yoy": "year", "annual": "year",
}  # fmt: skip
_GROWTH_ZH = re.compile(r"增长|增速|上升|下降|下滑|增加|减少|同比|环比|提升|涨|跌|降")
_GROWTH = re.compile(r"(growth|growth_qoq)\(([a-z_0-9]+)\)\Z")
_SHARE = re.compile(r"([a-z_0-9]+) / revenue\Z")
#: What stands on a quarter before, not on the year.
_SEQUENTIAL = re.compile(
    r"环比|quarter[- ]on[- ]quarter|qoq|sequential|on the quarter", re.IGNORECASE
)
_YEARLY = re.compile(r"同比|year[- ]on[- ]year|yoy|on the year|a year earlier", re.IGNORECASE)
_OF_REVENUE = re.compile(
    r"占(?:营业|总)?(?:收入|营收)|费用率|of (?:its |the )?(?:revenue|sales)|over revenue",
    re.IGNORECASE,
)
#: Below this much of a name's words, a text is not about it.
LEAST = 0.5


class Name(NamedTuple):
    """A fact or metric with its phrases in both languages, and what it is made of."""

    id: str
    phrases: tuple[str, ...]
    words: tuple[frozenset[str], ...]
    growth_of: str | None
    sequential: bool
    share_of: str | None


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
            tuple(frozenset(_tokens(phrase)) for phrase in phrases),
            growth[2] if growth is not None else None,
            (growth is not None and growth[1] == "growth_qoq") or ident.endswith("_qoq"),
            share[1] if share is not None else None,
        )
    return found


def _tokens(text: str) -> Iterable[str]:
    """Latin words in their plain form, and pairs of Chinese characters."""
    for word in _WORD.findall(text):
        if word in _STOP:
            continue
        bare = word.replace("’", "'").removesuffix("'s").rstrip("'")
        bare = (
            bare[:-1] if bare.endswith("s") and len(bare) > 3 and not bare.endswith("ss") else bare
        )
        yield _SAME.get(word, _SAME.get(bare, bare))
    for run in _HAN.findall(text):
        for i in range(len(run) - 1):
            yield run[i : i + 2]


class Words:
    """A stretch of prose, ready to be asked how much of a name it says."""

    def __init__(self, text: str) -> None:
        self.text = text.lower()
        self.tokens = set(_tokens(self.text))
        if _GROWTH_ZH.search(self.text):
            self.tokens |= {"增速", "growth"}
        self._seen: dict[str, float] = {}

    def says(self, name: Name, known: dict[str, Name]) -> float:
        """From 0 to about 1.3: how much of `name` the text says; a longer phrase says more."""
        found = self._seen.get(name.id)
        if found is None:
            found = self._seen[name.id] = self._said(name, known)
        return found

    def _said(self, name: Name, known: dict[str, Name]) -> float:
        best = max(
            (self._phrase(p, w) for p, w in zip(name.phrases, name.words, strict=True)), default=0.0
        )
        if name.growth_of is not None and name.growth_of in known:
            grows = "growth" in self.tokens
            base = self.says(known[name.growth_of], known)
            best = max(best, base + 0.1 if grows and base >= 1 else 0.0)
        if name.share_of is not None and name.share_of in known:
            base = self.says(known[name.share_of], known)
            best = max(best, base + 0.1 if base >= 1 and _OF_REVENUE.search(self.text) else 0.0)
        if name.growth_of is not None or "growth" in name.id:
            if name.sequential and not _SEQUENTIAL.search(self.text):
                return 0.0
            if (
                not name.sequential
                and _SEQUENTIAL.search(self.text)
                and not _YEARLY.search(self.text)
            ):
                return 0.0
        return best

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
        share = len(words & self.tokens) / len(words)
        return share * 0.9 if share >= LEAST else 0.0
