"""What a printed label means: a concept or metric of the vocabulary, or candidates for one.

A label that is, apart from spelling, a name of one concept is taken. One that is only near to a
name is taken where nothing else is as near and no word that changes the meaning differs
(`current`, `payable`, `毛`); it is always listed. Everything else is doubtful or unknown, and is
for the map to settle. The thresholds are documented in docs/import.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz, process

from ddcheck.engine.model.units import MONEY, Unit

EXACT, NEAR, DOUBTFUL, UNKNOWN = "exact", "near", "doubtful", "unknown"
#: A near label scores at least this (of 100), and this much more than any other concept.
NEAR_SCORE, NEAR_LEAD = 90.0, 5.0
#: Below this a concept is not even named as a candidate.
CANDIDATE_SCORE = 62.0
_CANDIDATES = 3


class Meaning(NamedTuple):
    """A concept or metric that a label may mean; `names` are all that it is printed as, and
    `differences` the pairs of concepts of which it is the first less the second.
    """

    id: str
    time: str
    unit: Unit
    names: tuple[str, ...]
    positive: bool = False
    percent: bool = False
    differences: tuple[tuple[str, str], ...] = ()


class Match(NamedTuple):
    """What a label was found to mean: how, which concept, how near, and what else it could be."""

    how: str
    id: str | None = None
    score: float = 0.0
    name: str = ""
    candidates: tuple[tuple[str, float], ...] = ()


_NUMBERING = re.compile(
    r"\A(?:[一二三四五六七八九十]+、|[(][一二三四五六七八九十\d]+[)]|\d+[.、)](?!\d)|[ivx]+\.\s)\s*"
)
_LEAD = re.compile(r"\A(?:其中|加|减|less|add|of which|including|plus)\s*[::]\s*|\Aof which\s+")
_NOTES = re.compile(
    r"[(\[](?:notes? ?\d*[^)\]]*|附注[^)\]]*|\d{1,2}|[a-z]|[^()]*填列)[)\]]|[*†‡]+|[¹²³⁴⁵⁶⁷⁸⁹⁰]+"
)
_LOSSES = r"(?:loss(?:es)?|deficit)"
_GAINS = r"(?:income|profits?|earnings)"
_MOVED = r"(?:used in|provided by|generated (?:from|by)|used for)"
#: What balance sheets say of a line behind its name.
_TAIL = re.compile(
    r",?\s+net of (?:allowance|accumulated|unamortized|provision|discount|current|reserve).*|"
    r"[,;]?\s+\$?[\d.]+ par value.*|[;,]\s[\d,]+ shares (?:authorized|issued).*"
)
_BOTH_SIGNS = (
    (re.compile(rf"\(?\b{_LOSSES}\)?\s*/?\s*\(?{_GAINS}\b\)?"), "income"),
    (re.compile(rf"\b{_GAINS}\s*/?\s*\(?{_LOSSES}\b\)?"), "income"),
    (re.compile(r"/?\((?:亏损|损失|支出)\)|/(?:亏损|损失)"), ""),
    (re.compile(rf"\(?{_MOVED}\)?(?:\s*/?\s*\(?{_MOVED}\)?)?"), "from"),
)  # fmt: skip
_SAME = {
    "profit": "income", "loss": "income", "earning": "income", "stockholder": "shareholder",
    "common": "ordinary", "flow": "", "the": "", "consolidated": "", "a": "",
    "turnover": "revenue", "amortisation": "amortization", "capitalised": "capitalized",
}  # fmt: skip
_GUARDS = frozenset(
    """
    noncurrent current short long gross net operating investing financing income cost expense
    receivable payable diluted basic attributable noncontrolling minority before after tax adjusted
    nongaap gaap other deferred prepaid growth margin share per change increase decrease customer
    revenue asset liability equity cash debt interest average total pro forma contribution ebitda
    ebit new churned lost deposit lease sale purchase issuance repayment
    """.split()
)
_CHINESE_GUARDS = tuple(
    """
    非 流动 短期 长期 应收 应付 预收 预付 其他 归 少数 调整 扣除 税前 税后 税 基本 稀释
    同比 环比 增 率 占 经营 投资 筹资 毛 净 资产 负债 权益 收入 成本 费用 利润 亏损 收益 支出
    付费 新 流失 期初 期末 平均 每股
    """.split()
)
_YEAR_ON_YEAR = r"(?:yoy|y/y|year[- ]on[- ]year|year over year)"
_GROWTH = re.compile(
    rf"(?:% ?)?{_YEAR_ON_YEAR}(?: ?%| growth| change)?(?: ?%)?|"
    r"(?:% )?(?:growth|change)(?: rate)?(?: ?%)?(?: yoy)?|"
    r"同比(?:增速|增长率?|变动|增减)?|增长率|增速|同比%"
)
_LOSS = re.compile(r"\b(?:loss(?:es)?|deficit)\b|\bused (?:in|for)\b|亏损")
_GAIN = re.compile(r"income|profit|earnings|gain|provided|generated|利润|收益|盈")
_COSTS = re.compile(r"\bcosts?\b|\bexpenses?\b|成本|费用")
_WORD = re.compile(r"[^\W_]+")


class Labels:
    """All that labels may mean."""

    def __init__(self, meanings: Iterable[Meaning]) -> None:
        self.meanings = {meaning.id: meaning for meaning in meanings}
        self._exact: dict[str, list[str]] = {}
        self._names: list[str] = []
        self._owners: list[str] = []
        for meaning in self.meanings.values():
            for name in dict.fromkeys(normal(item) for item in (*meaning.names, meaning.id)):
                self._exact.setdefault(name, []).append(meaning.id)
                self._names.append(name)
                self._owners.append(meaning.id)

    def is_known(self, label: str) -> bool:
        """Whether `label` is, apart from spelling, a name of some concept."""
        return normal(label) in self._exact

    def match(self, label: str, section: str, after: str, *, ratios: bool) -> Match:
        """What `label` means in `section`, behind the row labelled `after`.

        `ratios`: the figures are percentages, so that only ratios are meant.
        """
        plain = normal(label)
        if not plain:
            return Match(UNKNOWN)
        if _GROWTH.fullmatch(_simple(label)):
            grown = self._growth(after)
            return Match(NEAR, grown, 100.0, f"{after} {label}") if grown else Match(UNKNOWN)
        for whole in (f"{section} {label}", f"{label} {section}") if section else ():
            inside = self._owner(normal(whole), ratios=ratios)
            if len(inside) == 1:
                return Match(EXACT, inside[0], 100.0, whole)
        owners = self._owner(plain, ratios=ratios)
        if len(owners) == 1:
            return Match(EXACT, owners[0], 100.0, label)
        if owners:
            return Match(DOUBTFUL, candidates=tuple((owner, 100.0) for owner in owners))
        bare = re.sub(r"\btotal\b|合计|总计|总额", " ", plain).strip()
        totals = self._owner(" ".join(bare.split()), ratios=ratios) if bare != plain else []
        if len(totals) == 1 and not re.match(r"total (?:other|net)", plain):
            return Match(NEAR, totals[0], 97.0, label, ((totals[0], 97.0),))
        return self._nearest(plain, ratios=ratios)

    def _owner(self, name: str, *, ratios: bool) -> list[str]:
        return [owner for owner in self._exact.get(name, ()) if not ratios or self._is_ratio(owner)]

    def _is_ratio(self, ident: str) -> bool:
        return self.meanings[ident].unit == ()

    def _growth(self, after: str) -> str | None:
        """The metric of the growth of what the row labelled `after` states."""
        owners = self._exact.get(normal(after), [])
        for owner in owners:
            names = self.meanings[owner].names
            for name in names:
                for form in ("{} growth", "growth of {}", "{}同比增速", "{}增速"):
                    found = self._owner(normal(form.format(name)), ratios=True)
                    if len(found) == 1:
                        return found[0]
        return None

    def _nearest(self, plain: str, *, ratios: bool) -> Match:
        best: dict[str, tuple[float, str]] = {}
        for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
            found = process.extract(
                plain, self._names, scorer=scorer, limit=40, score_cutoff=CANDIDATE_SCORE
            )
            for name, score, index in found:
                owner = self._owners[index]
                if ratios and not self._is_ratio(owner):
                    continue
                if score > best.get(owner, (0.0, ""))[0]:
                    best[owner] = (score, name)
        if not best:
            return Match(UNKNOWN)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
        candidates = tuple((owner, round(score, 1)) for owner, (score, _) in ranked[:_CANDIDATES])
        owner, (score, name) = ranked[0]
        second = ranked[1][1][0] if len(ranked) > 1 else 0.0
        clear = score >= NEAR_SCORE and score - second >= NEAR_LEAD
        if clear and guards(plain) == guards(name):
            return Match(NEAR, owner, score, name, candidates)
        return Match(DOUBTFUL, None, score, name, candidates)


def _simple(label: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", label).lower()).strip(" :()")


def normal(label: str) -> str:
    """`label` with everything taken away that does not change what it means."""
    text = unicodedata.normalize("NFKC", _NOTES.sub(" ", label)).lower()
    text = _NOTES.sub(" ", text).replace("帐", "账").replace("&", " and ")
    text = _TAIL.sub("", text).strip()
    for _ in range(2):
        text = _LEAD.sub("", _NUMBERING.sub("", text))
    for pattern, same in _BOTH_SIGNS:
        text = pattern.sub(same, text)
    text = re.sub(r"['’]s?\b|['’]", "", text)
    text = re.sub(r"\bnon[- ](?=[a-z])", "non", text)
    words = []
    for word in _WORD.findall(text):
        plain = _singular(word) if word.isascii() and word.isalpha() else word
        words.append(_SAME.get(plain, plain))
    joined = " ".join(word for word in words if word)
    # Chinese is written without blanks: 资产 总计.
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", joined)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return {"losses": "loss", "expenses": "expense"}.get(word, word)


def guards(plain: str) -> frozenset[str]:
    """The words of a normal label that change its meaning, numbers among them."""
    words = {word for word in plain.split() if word in _GUARDS or word.isdigit()}
    return frozenset(words | {sign for sign in _CHINESE_GUARDS if sign in plain})


def says_loss(label: str) -> bool:
    """Whether `label` names a loss, or cash that was used, and nothing else that it could be."""
    text = label.lower()
    return bool(_LOSS.search(text)) and not _GAIN.search(text)


_CHANGES = r"\b(?:changes?|increase|decrease|movements?)\b.*\b(?:in|of)\b|变动|增减|(?:增加|减少)"
#: Sections in which a label does not state what it says alone: what it concerns, and why.
_SECTIONS = (
    (re.compile(_CHANGES), "stock", "a change, under `{}`, not the balance"),
    (re.compile(r"\A\s*(?:costs? of|cost)\b|成本"), "revenue", "it stands under `{}`"),
    (re.compile(r"(?:stock|share)[- ]based|股权激励|股份支付"), "cost", "a part of `{}`"),
    (
        re.compile(r"non-?gaap|adjusted|pro forma|非公认|调整后|经调整"),
        "adjusted",
        "it stands under `{}`",
    ),
    (re.compile(r"discontinued|终止经营"), "any", "it stands under `{}`"),
)


def misplaced(section: str, label: str, meaning: Meaning) -> tuple[str, bool] | None:
    """Why a row of `section` does not state what its label alone would mean, and whether that is
    certain; None where the section changes nothing.
    """
    words = section.lower()
    for pattern, what, reason in _SECTIONS:
        if not words or not pattern.search(words) or pattern.search(label.lower()):
            continue
        if what == "stock" and meaning.time == "stock":
            return reason.format(section), True
        if what == "revenue" and "revenue" in meaning.id and not _COSTS.search(label.lower()):
            return reason.format(section), False
        if what == "cost" and meaning.time == "flow" and meaning.id != "stock_based_compensation":
            return reason.format(section), False
        if what == "adjusted" and meaning.time == "flow" and "non_gaap" not in meaning.id:
            return reason.format(section), False
        if what == "any":
            return reason.format(section), False
    return None


_COST_WORDS = frozenset({"cost", "costs", "expense", "expenses", "tax"})


def is_cost(meaning: Meaning) -> bool:
    """Whether `meaning` is money spent over a period, which cannot be below zero."""
    spent = "revenue" not in meaning.id or meaning.id.startswith("cost")
    return meaning.positive and meaning.time == "flow" and meaning.unit == MONEY and spent


def is_signed_cost(meaning: Meaning) -> bool:
    """Whether `meaning` is a cost that may be an income: by the vocabulary's own convention one
    whose name says so and that may be below zero.
    """
    words = set(meaning.id.split("_"))
    return bool(words & _COST_WORDS) and not meaning.positive and "before" not in words
