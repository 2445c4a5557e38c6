"""Looking up the facts of one source in its copy: a verdict on each, and what the copy prints.

A row of a table is looked up as a row (`row_lookup`), every other fact by its printed text here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ddcheck.engine.copies.atlas import Located
from ddcheck.engine.copies.copies import ITEM, ROW, Copy
from ddcheck.engine.copies.figures import Number, amount, sign
from ddcheck.engine.copies.labels import Names
from ddcheck.engine.copies.near import (
    TELLING,
    Lookup,
    beside_name,
    excerpt,
    figures_there,
    located,
    near_figure,
    significant,
)
from ddcheck.engine.copies.search import Finder, Hit, Wanted, variants, wanted_numbers
from ddcheck.engine.copies.values import value_remark
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.verification import (
    AMOUNT,
    DIFFERS,
    ELSEWHERE,
    FOUND,
    NONE,
    NOT,
    NOT_FOUND,
    NUMBER,
    TEXT,
    Remark,
    Verified,
)

#: Of many places with a short figure, how many are looked at for a name of the concept.
_TRIED = 50
_BARE = re.compile(r"[-+(]?[0-9.,]+\)?\Z", re.ASCII)
#: Words that make a figure less than exact, before it and behind it.
_QUALIFIED = re.compile(
    r"(?:(?<![最附])近|超过?|逾|约|不足|不到|突破|至少|近乎|接近|[>~≥<≤]"
    r"|(?:over|about|nearly|almost|around|under|more than|less than|at least|some)\s)"
    r"\s*[-(]?\s*(?:US\$|[$¥€£])?\s?\Z",
    re.IGNORECASE,
)
_QUALIFIED_BEHIND = re.compile(r"\s?(?:左右|上下|以上|以下|多(?!\w)|余|\+)")
_SHORT = Remark("a short figure in a wide place, where nothing names it: look yourself")


def look_up(
    copy: Copy, facts: Iterable[Fact], names: Names, positive: frozenset[str]
) -> tuple[Verified, ...]:
    """A verdict on each of `facts`, all of one source, in the order given."""
    from ddcheck.engine.copies.row_lookup import look_up_rows

    several = tuple(facts)
    wanted = {id(fact): wanted_numbers(fact) for fact in several}
    digits = {form for each in wanted.values() for item in each for form in variants(item)}
    lookup = Lookup(Finder(copy, digits), names, positive)
    rows = look_up_rows(lookup, several, wanted)
    found = []
    for fact in several:
        verified = rows.get(id(fact)) or _single(lookup, fact, wanted[id(fact)])
        found.append(verified._replace(untold=located(lookup, fact)[0].missing))
    return tuple(found)


def _single(lookup: Lookup, fact: Fact, wanted: list[Wanted]) -> Verified:
    """The verdict on a fact by its printed text."""
    place, how = located(lookup, fact)
    verdict = _by_text(lookup, fact, wanted, place, how)
    remark = value_remark(fact, wanted)
    if remark is not None and verdict.verdict in (FOUND, ELSEWHERE):
        return verdict._replace(verdict=DIFFERS, remarks=(remark, *verdict.remarks))
    return verdict


def _by_text(
    lookup: Lookup, fact: Fact, wanted: list[Wanted], place: Located, how: str
) -> Verified:
    finder = lookup.finder
    whole = ((0, len(finder.text)),)
    here = _best(lookup, fact, wanted, place.ranges)
    if here is not None:
        proof, hit, signs_agree = here
        if signs_agree:
            weak = how not in (NOT, NONE) and _lost(lookup, fact, wanted, hit, place.ranges)
            return _verified(lookup, fact, FOUND, how, proof, hit, (_SHORT,) if weak else ())
        return _verified(lookup, fact, DIFFERS, how, proof, hit, (_sign_remark(hit),))
    other = _best(lookup, fact, wanted, whole) if how != NOT and fact.at else None
    near = near_figure(lookup, fact, wanted, place.ranges) if how not in (NOT, NONE) else None
    if near is not None and (near[1] == "swapped" or significant(near[0].digits) >= TELLING):
        return _differs(lookup, fact, near[0], how, other)
    if other is not None and other[2] and (
        other[0] != NUMBER and (_telling(fact, wanted) or _named_before(lookup, fact, other[1]))
    ):  # fmt: skip
        return _verified(lookup, fact, ELSEWHERE, how, other[0], other[1])
    if near is not None:
        return _differs(lookup, fact, near[0], how, other)
    beside = beside_name(lookup, fact, wanted, place.ranges, how)
    if beside is not None:
        return _differs(lookup, fact, beside, how, other)
    return _nothing(lookup, fact, wanted, place, how, other)


def _best(
    lookup: Lookup, fact: Fact, wanted: list[Wanted], ranges: tuple[tuple[int, int], ...]
) -> tuple[str, Hit, bool] | None:
    """The best hit in `ranges`: how it proves the figure, where, and whether the signs agree."""
    finder = lookup.finder
    misses: list[tuple[str, Hit, bool]] = []
    searches = []
    if not wanted or not wanted[0].scaled or not _BARE.match(fact.text):
        searches.append((TEXT, finder.literal(fact.text, ranges)))
    if wanted:
        searches.append((AMOUNT, finder.amounts(wanted, ranges)))
    if len(wanted) == 1:
        searches.append((NUMBER, finder.alone(wanted[0], ranges)))
    for proof, hits in searches:
        unsigned, good = [], []
        for hit in hits:
            if not _signs_agree(lookup, fact, wanted, hit):
                unsigned.append((proof, hit, False))
            elif proof != NUMBER or _trusted(lookup, fact, wanted[0], hit, ranges):
                good.append((proof, hit, True))
                if len(good) >= _TRIED or _named(lookup, fact, hit):
                    break
        if good:
            return next((item for item in good if _named(lookup, fact, item[1])), good[0])
        misses += unsigned[:1]
    return misses[0] if misses else None


def _lost(
    lookup: Lookup,
    fact: Fact,
    wanted: list[Wanted],
    hit: Hit,
    ranges: tuple[tuple[int, int], ...],
) -> bool:
    """Whether a short figure stands in a wide place, in a sentence that does not name it."""
    if _telling(fact, wanted) or _named(lookup, fact, hit):
        return False
    atlas = lookup.finder.atlas
    blocks = {
        i for start, end in ranges
        for i in range(atlas.block_at(start), atlas.block_at(max(start, end - 1)) + 1)
        if atlas.blocks[i].kind != ITEM
    }  # fmt: skip
    return len(blocks) > 1


def _signs_agree(lookup: Lookup, fact: Fact, wanted: list[Wanted], hit: Hit) -> bool:
    own = wanted[0].sign if wanted else ""
    if own == hit.signed or not wanted or not wanted[0].value:
        return True
    return fact.concept in lookup.positive and not own


def _trusted(
    lookup: Lookup, fact: Fact, wanted: Wanted, hit: Hit, ranges: tuple[tuple[int, int], ...]
) -> bool:
    """Whether a number without a unit can be the figure: it is printed so, or it is named there."""
    if not wanted.scaled and fact.text != fact.node.text:
        return True
    if sum(end - start for start, end in ranges) <= len(fact.text) + 40:
        return True  # a cell or a line
    atlas = lookup.finder.atlas
    in_row = atlas.blocks[atlas.block_at(hit.start)].kind == ROW
    return (in_row or significant(wanted.digits) >= TELLING) and _named(lookup, fact, hit)


def _named(lookup: Lookup, fact: Fact, hit: Hit) -> bool:
    """Whether a name of the concept stands in the block of the hit."""
    pattern = lookup.names.pattern(fact.concept, fact.labelled)
    atlas = lookup.finder.atlas
    block = atlas.blocks[atlas.block_at(hit.start)]
    return pattern is not None and pattern.search(atlas.text(block)) is not None


def _named_before(lookup: Lookup, fact: Fact, hit: Hit) -> bool:
    """Whether a name of the concept stands shortly before the hit."""
    pattern = lookup.names.pattern(fact.concept, fact.labelled)
    atlas = lookup.finder.atlas
    begin = max(atlas.blocks[atlas.block_at(hit.start)].start, hit.start - 30)
    return pattern is not None and bool(pattern.search(atlas.copy.text, begin, hit.start))


def _telling(fact: Fact, wanted: list[Wanted]) -> bool:
    """Whether the printed text is unlikely to stand somewhere by chance."""
    if any(significant(item.digits) >= TELLING for item in wanted):
        return True
    words = re.sub(r"[^\w]|\d", "", fact.text)
    return len(words) >= 6


# --- verdicts


def _verified(
    lookup: Lookup,
    fact: Fact,
    verdict: str,
    how: str,
    proof: str,
    hit: Hit,
    remarks: tuple[Remark, ...] = (),
) -> Verified:
    finder = lookup.finder
    printed = finder.text[hit.start : hit.end].strip()
    if proof == AMOUNT and fact.text != fact.node.text:
        remarks = (*remarks, Remark("the amount stands there, the words of `text` do not"))
    if verdict != DIFFERS and not fact.qualifier and fact.text == fact.node.text:
        behind = _QUALIFIED_BEHIND.match(finder.text, hit.end)
        if behind or _QUALIFIED.search(finder.text[max(0, hit.start - 16) : hit.start]):
            words = excerpt(finder.text, hit.start, hit.end)
            remarks = (
                *remarks,
                Remark("the source does not print it as exact: {words}", (("words", words),)),
            )
    return Verified(
        fact, verdict, how, proof, finder.atlas.spot(hit.start), printed,
        excerpt(finder.text, hit.start, hit.end), remarks,
    )  # fmt: skip


def _sign_remark(hit: Hit) -> Remark:
    if hit.signed:
        return Remark("the source prints it negative")
    return Remark(
        "the source prints it without a sign: if its words say a loss or a fall, write `text`"
    )


def _differs(
    lookup: Lookup,
    fact: Fact,
    number: Number,
    how: str,
    other: tuple[str, Hit, bool] | None,
) -> Verified:
    finder = lookup.finder
    end = amount(finder.text, number).end
    return Verified(
        fact, DIFFERS, how, "", finder.atlas.spot(number.start),
        sign(finder.text, number) + finder.text[number.start : end],
        excerpt(finder.text, number.start, end), _elsewhere_remark(finder, other),
    )  # fmt: skip


def _elsewhere_remark(finder: Finder, other: tuple[str, Hit, bool] | None) -> tuple[Remark, ...]:
    if other is None or not other[2]:
        return ()
    words = excerpt(finder.text, other[1].start, other[1].end)
    return (Remark("the same figure stands elsewhere: {words}", (("words", words),)),)


def _nothing(
    lookup: Lookup,
    fact: Fact,
    wanted: list[Wanted],
    place: Located,
    how: str,
    other: tuple[str, Hit, bool] | None,
) -> Verified:
    """Nothing like it: what figures of its kind the place prints, as a hint."""
    remarks = _elsewhere_remark(lookup.finder, other)
    words = figures_there(lookup, wanted[0], place.ranges, how) if wanted else ""
    if words:
        remarks = (Remark("figures of its kind there: {words}", (("words", words),)), *remarks)
    return Verified(fact, NOT_FOUND, how, remarks=remarks)
