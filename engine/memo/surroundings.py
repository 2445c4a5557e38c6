"""Where a number stands in prose: the words around it, near and far, and the periods they name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from ddcheck.engine.memo.moments import Moment, moments, names
from ddcheck.engine.memo.naming import Words
from ddcheck.engine.memo.numbers import Found
from ddcheck.engine.memo.prose import Block
from ddcheck.engine.model.periods import Calendar, Period

_SENTENCE = re.compile(r"[。！？!?;；\n]|\.(?=\s|\Z)")
_CLAUSE = re.compile(r"[，,。！？!?;；\n:：]|\.(?=\s|\Z)|、|——|\s(?:while|whereas|but|against)\s")
_EXPECTED = re.compile(
    r"预计|预期|预测|指引|料将|有望|目标价|expect|forecast|guid|estimat|consensus|project",
    re.IGNORECASE,
)
_ESTIMATED = re.compile(r"(?:19|20)\d\d[EG]\b")
_GROWTH = re.compile(
    r"增长|增速|上升|下降|下滑|增加|减少|同比|环比|提升|涨|跌|降|萎缩|"
    r"(?<![a-z])(?:gr[eo]w(?:s|n|th|ing)?|r[oi]se[sn]?|rising|increas|up|down|fell|fall|declin|"
    r"decreas|drop|shr[aiu]nk|above|below|more than (?:a year|in the same)|higher|lower)",
    re.IGNORECASE,
)
#: Ends at a number that a change leads to, and not the change itself.
_LEVEL = re.compile(
    r"(?:[至到为达]|(?<![a-z])(?:to|at|was|from|reached))\s*(?:约|近|超|逾|about|nearly|over|only|a)?"
    r"\s*\Z|(?:由|从)[^，。；]{0,12}\Z",
    re.IGNORECASE,
)
_RATE = re.compile(r"(?:增速|增长率|增幅|涨幅|growth(?: rate)?)[^，。；,.;]{0,16}\Z", re.IGNORECASE)
_SEQUENTIAL = re.compile(
    r"环比|quarter[- ]on[- ]quarter|qoq|sequential|(?:on|over|than) (?:the|a) (?:previous |prior )?"
    r"quarter",
    re.IGNORECASE,
)
_YEARLY = re.compile(
    r"同比|year[- ]on[- ]year|yoy|on the year|a year (?:earlier|before)", re.IGNORECASE
)
_SHARE = re.compile(
    r"占|比重|费用率|收入比|"
    r"(?<![a-z])(?:of (?:its |the |all )?(?:revenue|sales)|over revenue|share)",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"同比|环比|增速|year-on-year|growth", re.IGNORECASE)
_QUOTES = re.compile(
    r"[写称作]|报道|(?<![a-z])(?:prints?|printed|writes?|wrote|states|stated as)(?![a-z])",
    re.IGNORECASE,
)
#: Said of what stands in print, whatever is true.
IN_PRINT = ("写", "作", "print", "prints", "printed", "writes", "wrote")
_IN_TURN = re.compile(r"分别|依次|respectively", re.IGNORECASE)
_LINK = re.compile(
    r"(?:[^，。；]{0,10}[至到]|[^,.;]{0,24}(?<![a-z])to(?![a-z])[^,.;]{0,8})\Z", re.IGNORECASE
)
_MOST_LINK = 60
#: How many characters of a sentence, and how many periods and numbers of a paragraph, are looked
#: at either side: whatever is longer takes no longer.
_REACH, _MOST_BEFORE, _MOST_BESIDE = 600, 2000, 24
#: What may stand between a number and the period behind it: `$5 million in 2021`, `5% (2021)`.
_BEHIND = re.compile(
    r"[ ]?(?:个|家|名)?(?:[a-z -]{0,30}?[ ])?(?:in|at|for|by|on|as of|during|over|of|to)?[ ]?"
    r"(?:the )?(?:year |end of |year-end |quarter |twelve months |fiscal (?:year )?)*\Z|[（(]\Z",
    re.IGNORECASE,
)


_Placed = TypeVar("_Placed", Moment, Found, "Resolved")


class Resolved(NamedTuple):
    """A number of which the tag is known: where it stands, what it is of, and when."""

    first: int
    last: int
    said: str
    period: Period


class Spot(NamedTuple):
    """A number in its block and what the words around it say, the nearest first.

    `layers` are stretches of prose with how much they weigh; `growth` whether the number is a
    change (True), the level that one led to (False) or neither; `sequential` on what the change
    is, where it is said; `topic` that the sentence is about growth; `quotes` is the word that a
    source prints it, if any; `expected` is for an estimate, below zero where nothing says it is.
    """

    item: Found
    layers: tuple[tuple[float, Words], ...]
    growth: bool | None
    sequential: bool | None
    topic: bool
    share: bool
    quotes: str
    expected: float
    periods: tuple[tuple[float, Period], ...]
    strict: float

    def when(self, period: Period, *, fleeting: bool) -> float:
        """How well a figure's period fits what the words name; below zero where it does not."""
        found = max((w for w, named in self.periods if names(named, period)), default=None)
        if found is not None:
            return found
        # A price is of its day, whatever year the prose is about.
        return self.strict * (0.35 if fleeting else 1.0)


class Page(NamedTuple):
    """What stands before a block: the last heading, the block's own sentences, the periods."""

    heading: str
    before: tuple[Moment, ...]
    headed: tuple[Moment, ...]
    last: str


def spot_of(
    item: Found, block: Block, page: Page, named: Sequence[Moment], numbers: Sequence[Found],
    resolved: Sequence[Resolved], calendar: Calendar, weights: Mapping[str, float],
    cache: dict[str, Words],
) -> Spot:  # fmt: skip
    """What surrounds `item`; `named` are the block's periods, `numbers` all of its numbers."""
    text = block.text
    named, numbers, resolved = (
        _around(item.first, named), _around(item.first, numbers), _around(item.first, resolved)
    )  # fmt: skip
    start, end = _bounds(_SENTENCE, text, item)
    left, right = _bounds(_CLAUSE, text, item)
    before = max((n.last for n in numbers if n.last <= item.first and n.exempt is None), default=0)
    behind = min((n.first for n in numbers if n.first >= item.last and n.exempt is None),
                 default=len(text))  # fmt: skip
    lead = f"{block.lead.label} {block.lead.head} " if block.lead is not None else ""
    own = text[max(left, before) : min(right, behind)]
    previous = _previous(text, start)
    layers = (
        (4.2, lead + own), (3.9, lead + text[left:right]),
        (3.5, text[max(start, before) : item.last]), (3.2, lead + text[start:end]),
        (2.6, previous), (2.2, text), (1.9, page.heading), (1.5, page.last),
    )  # fmt: skip
    words = tuple((weight, _words(part, weights, cache)) for weight, part in layers if part.strip())
    ahead = text[max(start, before) : item.core[0]]
    nearby = f"{lead}{ahead} {text[item.core[1] : min(right, behind)]}"
    sequential = _sequential(lead + text[start : item.first], text[item.last : end])
    expected = 0.3 if _EXPECTED.search(text[start:end]) or _ESTIMATED.search(lead) else -3.5
    if expected < 0 and _EXPECTED.search(text, max(0, start - _MOST_BEFORE), end + _REACH):
        expected = -0.4
    periods, strict = _periods(item, block, page, named, numbers, resolved, start, end, calendar)
    return Spot(
        item, words, _growth(ahead, nearby), sequential,
        _TOPIC.search(lead + text[start : item.first]) is not None,
        _SHARE.search(text[start:end]) is not None,
        _quotes(text[max(left, before) : item.first]),
        expected, periods, strict,
    )  # fmt: skip


def _quotes(text: str) -> str:
    found = _QUOTES.search(text)
    return found[0].lower() if found is not None else ""


def _growth(ahead: str, nearby: str) -> bool | None:
    if _RATE.search(ahead):
        return True
    if not _GROWTH.search(nearby):
        return None
    return not _LEVEL.search(ahead)


def _sequential(before: str, behind: str) -> bool | None:
    """Whether growth is on the quarter before (True) or the year (False), by the nearest word."""
    near = re.split("[,，、。;；]", behind[:40])[0]
    found = [(m.start(), True) for m in _SEQUENTIAL.finditer(near)]
    found += [(m.start(), False) for m in _YEARLY.finditer(near)]
    if found:
        return min(found)[1]
    found = [(m.start(), True) for m in _SEQUENTIAL.finditer(before)]
    found += [(m.start(), False) for m in _YEARLY.finditer(before)]
    return max(found)[1] if found else None


def _periods(
    item: Found, block: Block, page: Page, named: Sequence[Moment], numbers: Sequence[Found],
    resolved: Sequence[Resolved], start: int, end: int, calendar: Calendar,
) -> tuple[tuple[tuple[float, Period], ...], float]:  # fmt: skip
    """The periods that the number may be of, each with how much speaks for it.

    And what speaks against any other: much where the sentence names one, little where only what
    stands before it does.
    """
    if block.lead is not None:
        before = page.before[-1].period if page.before else None
        lead = moments(f"{block.lead.head} {block.lead.label}", calendar, before)
        if lead:
            return tuple((3.0, m.period) for m in lead), -2.0
    found: list[tuple[float, Period]] = []
    inside = [m for m in named if start <= m.first < end]
    ahead = [m for m in inside if m.last <= item.first]
    behind = [m for m in inside if m.first >= item.last]
    between = [n for n in numbers if n.exempt is None and n.first >= item.last]
    next_ = min((n.first for n in between), default=len(block.text))
    just_behind = [
        m for m in behind[:1]
        if m.first < next_ and _BEHIND.fullmatch(block.text[item.last : m.first])
    ]  # fmt: skip
    found += [(3.2, m.period) for m in just_behind]
    if ahead:
        found.append((2.4 if just_behind else 3.0, ahead[-1].period))
        found += [(1.8, m.period) for m in ahead[:-1]]
    found += [(1.8 if ahead or m not in behind[:1] else 2.4, m.period) for m in behind]
    known = [r for r in resolved if start <= r.first < end and r.last <= item.first]
    if known:
        nearer = not ahead or ahead[-1].last <= known[-1].first
        found.append((2.5 if nearer else 1.6, known[-1].period))
    later = [r for r in resolved if start <= r.first < end and r.first >= item.last]
    found += [(1.6, r.period) for r in later[:1]]
    if ahead and behind and ahead[-1].period.months == behind[0].period.months:
        found += [(1.6, p) for p in _amid(ahead[-1].period, behind[0].period, calendar)]
    found += _in_turn(block.text[start:end], start, item, inside, numbers)
    strict = -2.0 if inside else -0.7
    earlier = [m for m in named if m.first < start]
    marks = [r for r in resolved if r.first < start]
    found += [(2.0 if not inside else 1.0, m.period) for m in earlier[-1:]]
    found += [(1.1 if not inside else 0.4, m.period) for m in earlier[:-1]]
    found += [(1.9 if not inside else 0.8, r.period) for r in marks[-1:]]
    if not inside and not earlier:
        strict = -0.5
        found += [(1.5, m.period) for m in page.before[-1:]]
        found += [(0.8, m.period) for m in page.before[:-1]]
    found += [(1.0, m.period) for m in page.headed]
    return tuple(found), strict


def _in_turn(
    sentence: str, start: int, item: Found, inside: Sequence[Moment], numbers: Sequence[Found]
) -> list[tuple[float, Period]]:
    """`A, B and C respectively`: as many numbers as periods are each of its own."""
    if not _IN_TURN.search(sentence) or len(inside) < 2:
        return []
    own = [n for n in numbers if n.exempt is None and start <= n.first < start + len(sentence)]
    places = [n.core for n in own]
    if item.core not in places[: len(inside)] or inside[-1].last > own[0].first:
        return []
    return [(3.9, inside[places.index(item.core)].period)]


def led_on(before: str, known: Sequence[Resolved], said: str) -> list[Resolved]:
    """The numbers of `said` from which the words lead on to the one behind `before`.

    As in `from $5 million to $7 million`.
    """
    return [
        one
        for one in known
        if one.said == said
        and one.last <= len(before) <= one.last + _MOST_LINK
        and _LINK.fullmatch(before, one.last)
    ]


def _amid(first: Period, last: Period, calendar: Calendar) -> list[Period]:
    """The periods between two of one length, as between 2018 and 2020."""
    if not first.months or last.start <= first.start:
        return []
    starts = range(first.start + first.months, last.start, first.months)
    return [calendar.span(start, first.months) for start in starts][:12]


def _around(place: int, items: Sequence[_Placed]) -> Sequence[_Placed]:
    """Those of `items`, which are in order, that stand next to `place`."""
    at = bisect_left(items, place, key=lambda item: item.first)
    return items[max(0, at - _MOST_BESIDE) : at + _MOST_BESIDE]


def _previous(text: str, start: int) -> str:
    """The sentence before the one that begins at `start`."""
    body = text[max(0, start - _REACH) : start].rstrip("。！？!?;；. \n")
    ends = [m.end() for m in _SENTENCE.finditer(body)]
    return body[ends[-1] if ends else 0 :]


def _words(text: str, weights: Mapping[str, float], cache: dict[str, Words]) -> Words:
    found = cache.get(text)
    if found is None:
        if len(cache) > 500:
            cache.clear()
        found = cache[text] = Words(text, weights)
    return found


def _bounds(pattern: re.Pattern[str], text: str, item: Found) -> tuple[int, int]:
    """Where the sentence or clause around a number begins and ends."""
    start = max(0, item.first - _REACH)
    for match in pattern.finditer(text, start, item.first):
        start = match.end()
    after = pattern.search(text, item.last, item.last + _REACH)
    return start, after.start() if after is not None else min(len(text), item.last + _REACH)
