"""The words around a number that make it negative, a bound, or a riddle.

A loss, a fall and an outflow are below zero: `净亏损1.2亿美元`, `下降4.4%`, `a loss of $5`.
A fall *to* a level is that level. In one clause a loss governs the money behind it until another
amount is named: `净亏损由312万美元扩大至7236万美元` holds two losses.
"""

from __future__ import annotations

import re

_MEANINGS = {
    "over": "not less than|no less than|at least|more than|in excess of|greater than|over|above|"
    "exceeds|exceeding|exceeded|exceed|>=|≥|>|不低于|不少于|不小于|至少|超过|超出|超|逾|高于|大于|突破",
    "under": "not more than|no more than|at most|up to|less than|fewer than|under|below|<=|≤|<|"
    "不超过|不高于|不多于|不足|不到|未达|低于|少于|小于|至多|最多",
    "about": "approximately|around|roughly|about|circa|some|c\\.|~|≈|大约|约为|约|大概|大致",
    "nearly": "nearly|almost|close to|接近|将近|近",
}
_MEANING = {
    word.replace("\\", ""): name for name, words in _MEANINGS.items() for word in words.split("|")
}
#: 近 in 最近 or 附近 is another word, and so is `over` in `moreover` or `Q1over`, or 超 in 高超.
_QUALIFIER = re.compile(
    r"(?<![A-Za-z最附临邻靠亲高])(?:(?<!\d)|(?![A-Za-z]))"
    rf"(?:{'|'.join(words for words in _MEANINGS.values())})[ ]?\Z",
    re.IGNORECASE,
)
BEHIND = (
    ("左右", "about"), ("上下", "about"), ("或以上", "over"), ("及以上", "over"), ("以上", "over"),
    ("以下", "under"), ("以内", "under"), (" or more", "over"), (" or so", "about"),
    (" or less", "under"), ("多", "over"), ("余", "over"), ("+", "over"),
)  # fmt: skip
_LOSS = (
    r"净亏损?|亏损|亏空|净流出|流出|(?<![a-z])(?:loss(?:es)?(?![ -]?(?:rate|ratio|leader))|lost|"
    r"loses|losing|"
    r"deficit|outflows?|burn(?:ed|t|s|ing)?)(?![a-z])"
)
_OTHER = (
    r"收入|营收|营业额|销售|毛利|利润|盈利|净利|现金|资产|负债|市值|费用|成本|支出|投入|股价|市场|"
    r"规模|权益|"
    r"流入|客户|融资|估值|(?<![a-z])(?:revenues?|sales|income|profits?|earnings|ebitda|cash|assets|"
    r"liabilit|"
    r"debt|costs?|expens|spen[dt]|prices?|valu|market|equity|guidance|customers?|inflow|raised)"
)
_NOUN = re.compile(rf"(?P<loss>{_LOSS})|{_OTHER}", re.IGNORECASE)
_FILLER = (
    r"(?:了|去|掉|为|至|达|到|约|近|超过|超|不足|逾|幅度|幅|额|率|同比|环比|约为|高达|仅|仍|a|an|by|of|"
    r"to|was|were|is|at|"
    r"about|nearly|over|some|approximately|around|roughly|almost|more than|less than|under|margin|"
    r"further|just|short|only|another|year[- ]on[- ]year|[ :：(（])*"
)
_FALL = (
    r"亏损|净亏|净流出|流出|下滑|下降|下跌|下调|减少|缩减|缩水|萎缩|回落|跌幅|降幅|负增长|降低|跌|"
    r"降|"
    r"(?<![减加增负])减|(?<![a-z])(?:loss(?:es)?|declin(?:e|es|ed|ing)|fell|falls?|falling|"
    r"drop(?:s|ped|ping)?|"
    r"decreas(?:e|es|ed|ing)|shr[iau]nk(?:s|ing)?|down|negative|minus|lower|slid|slipped|"
    r"slump(?:ed)?|"
    r"plunged?|tumbled?|contract(?:ed|ion)|reduc(?:ed|tion)|cut|lost|outflows?)(?![a-z])"
)
_FALLS = re.compile(rf"(?:{_FALL}){_FILLER}\Z|(?<!正)负[ ]?\Z", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?<![a-z])negative(?: [a-z]{1,20}){1,4} (?:of|at)[ ]?\Z", re.IGNORECASE)
_NARROWER = re.compile(
    (
        rf"(?:收窄|缩小|减少|下降|缩减|narrow\w{{0,4}}|shr[iau]nk|fell|declined|decreased|"
        rf"reduced){_FILLER}\Z"
    ),
    re.IGNORECASE,
)
_FALLS_BEHIND = re.compile(
    r"(?:的)?(?:同比|环比|净)?(?:亏损|跌幅|降幅|下滑|下降|下跌|跌势|净流出)(?![至到为率])|"
    r" (?:(?:net|operating|annual|year[- ]on[- ]year|yoy|sequential) ){0,2}"
    r"(?:loss|decline|decrease|fall|drop|contraction|outflow|lower|less|down|below)(?![A-Za-z-])",
    re.IGNORECASE,
)
#: A fall *to* a level is that level: `降至30%`, `fell to 30%`.
_LEVEL = re.compile(
    r"(?:至|到|(?<=[降减缩跌])为|(?<![a-z])to)[ ]?(?:约|近|超过|不足|about|nearly|some|just|only|"
    r"around|over|under|below)?"
    r"[ ]?(?:a |an )?\Z",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，。；！？;!?|\n]|[,.](?= )|(?<![a-z])(?:but|while|whereas)(?![a-z])|但|而")
_ANOTHER = re.compile(r"(?<![\d.])(?!(?:19|20)\d{2}(?!\d))\d[\d.,]*(?!\d|[ ]?[年月日季])", re.ASCII)
_BESIDE = re.compile(
    (
        r"至|到|为|和|及|与|较|比|(?<![a-z])(?:to|and|or|from|than|versus|vs|against|after|"
        r"compared)(?![a-z])"
    ),
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"(?:由|从|自|升|降|增|减|跌|涨|滑|扩大|收窄|缩|(?<![a-z])(?:from|up|down|by|rose|fell|grew|"
    r"grow|increas\w{0,3}|"
    r"decreas\w{0,3}|declin\w{0,3}|drop\w{0,3}|narrow\w{0,3}|widen\w{0,3}|climb\w{0,3}|jump\w{0,3}|"
    r"slid|slipped|improv\w{0,3}|expand\w{0,3}))[^，。；,;]{0,12}\Z",
    re.IGNORECASE,
)
_GROWS = r"增长|增加|提升|上升|提高|上涨|上调|增|涨|多|高"
_FOLD = re.compile(rf"(?:{_GROWS})(?:了)?(?:约|近|超过|超|逾|不足|大约|将近)?[ ]?\Z")
_FOLD_TO = re.compile(r"(?:至|到|为|是|的|相当于)(?:原来的|约|近|超过|超)?[ ]?\Z")
_RIDDLE = re.compile(
    r"(?:翻|扩大|放大|扩张|膨胀)(?:了)?(?:约|近|超过|超|逾)?[ ]?\Z|"
    r"(?<![a-z])(?:grew|grow|grown|rose|risen|increased?|increasing|up|growth|jumped|expanded)"
    r"(?: (?:by|of|about|nearly|almost|over|more than))*[ ]?\Z",
    re.IGNORECASE,
)
_RIDDLE_BEHIND = re.compile(r"[ -](?:increase|growth|rise|jump)(?![a-z])", re.IGNORECASE)
#: Characters before a number that are looked at.
_NEAR, _CLAUSE_LENGTH = 32, 90


def qualifier_before(text: str, start: int) -> tuple[str, int]:
    """What the word that touches a number makes of it, and where that word begins."""
    before = text[max(0, start - _NEAR) : start]
    match = _QUALIFIER.search(before)
    if match is None:
        return "", start
    return _MEANING.get(match[0].strip().lower(), ""), start - len(before) + match.start()


def qualifier_behind(text: str, end: int) -> tuple[str, int]:
    """What the word behind a number makes of it, and where that word ends."""
    for word, meaning in BEHIND:
        if text.startswith(word, end):
            follows = text[end + len(word) : end + len(word) + 1]
            if (word == "+" and follows.isdigit()) or (word == "多" and follows in ("数", "少")):
                continue
            return meaning, end + len(word)
    return "", end


def is_negative(text: str, start: int, end: int, *, money: bool) -> tuple[bool, str | None]:
    """Whether the words around a number say that it is below zero; and why that is a riddle."""
    near = text[max(0, start - _NEAR) : start]
    level = _LEVEL.search(near) is not None
    governed = money and _governed(text, start)
    if governed and not level and _NARROWER.search(near):
        return False, "a loss that became smaller by an amount: write what it came to"
    if not level and (_FALLS.search(near) or _NEGATIVE.search(near)):
        return True, None
    if governed:
        return True, None
    return _FALLS_BEHIND.match(text, end) is not None, None


def _governed(text: str, start: int) -> bool:
    """Whether the last amount that the clause names before `start` is a loss."""
    before = text[max(0, start - _CLAUSE_LENGTH) : start]
    breaks = [match.end() for match in _CLAUSE.finditer(before)]
    nouns = list(_NOUN.finditer(before, breaks[-1] if breaks else 0))
    last = nouns[-1] if nouns else None
    if last is None or last["loss"] is None:
        return False
    # Behind another amount it governs only what is set beside that one: from 3 to 7, 由3至7.
    amounts = list(_ANOTHER.finditer(before, last.end()))
    return not amounts or _BESIDE.search(before, amounts[-1].end()) is not None


def is_loss(label: str) -> bool:
    """Whether a row of a table by that label holds losses written without a sign."""
    nouns = list(_NOUN.finditer(label))
    return bool(nouns) and all(noun["loss"] for noun in nouns)


def moves(text: str, start: int) -> bool:
    """Whether a number before `to` or 至 is where a movement begins, or by how much it went."""
    return _MOVES.search(text[max(0, start - _NEAR) : start]) is not None


def fold_riddle(text: str, start: int, end: int, count: str) -> str | None:
    """Why a number of times can be read in two ways: 翻3倍, `grew 3x`; None where it cannot."""
    before = text[max(0, start - _NEAR) : start]
    if count in ("1", "一") and "翻" in before[-4:]:
        return None
    if _FOLD_TO.search(before) or _FOLD.search(before):
        return None
    if _RIDDLE.search(before) or _RIDDLE_BEHIND.match(text, end):
        return "growth by or growth to that many times? write a percentage"
    return None
