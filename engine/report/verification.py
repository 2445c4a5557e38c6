"""The report of `ddcheck verify`: a summary by source, then every figure that needs a look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.model.verification import (
    AMOUNT,
    CHANGED,
    DIFFERS,
    ELSEWHERE,
    FOUND,
    NAMED_ROW,
    NONE,
    NOT,
    NOT_FOUND,
    NUMBER,
    PARTLY,
    ROW,
    SAME,
    TEXT,
    UNFIXED,
    WHOLE,
    Remark,
    Searched,
    Spot,
    Verification,
    Verified,
)
from ddcheck.engine.report.lines import WIDTH, Line, Piece, cut, fit, line, wrap
from ddcheck.engine.text.diagnostics import display_width
from ddcheck.engine.text.translate import say

_OPEN = (PARTLY, NOT, NONE)
_HEADS = (
    "figures", "at its place", "place open", "elsewhere", "differs", "not found", "not read",
)  # fmt: skip
_WORDS = {
    FOUND: "found",
    ELSEWHERE: "found elsewhere",
    DIFFERS: "differs",
    NOT_FOUND: "not found",
    None: "not looked up",
}
_STYLES = {FOUND: "good", ELSEWHERE: "warn", DIFFERS: "bad", NOT_FOUND: "bad", None: "dim"}
_PROOFS = {
    TEXT: "to the letter",
    NAMED_ROW: "in its row, figure by figure",
    AMOUNT: "the amount, in other words",
    ROW: "in a row of these figures",
    NUMBER: "the number alone",
}
_FINGERPRINTS = {
    SAME: "copy unchanged",
    CHANGED: "COPY CHANGED",
    UNFIXED: "no sha256 to compare",
    None: "copy not read",
}
_NAME, _COLUMN = 16, 9


def verification_lines(
    found: Verification, names: Mapping[str, str], *, language: str, everything: bool
) -> list[Line]:
    """The report: who and against what, the summary, what needs a look, and all if asked."""
    company = found.company
    who = company.name.text(language)
    lines = [
        line(
            Piece(who, "name"),
            "   ",
            say(language, "figures against the copies of their sources in {folder}",
                folder=found.folder),
        ),
        line(Piece(company.path, "dim")),
        line(),
    ]  # fmt: skip
    lines += _summary(found, language)
    lines += _doubtful(found, names, language)
    lines += _open_places(found, language)
    lines += _remarked(found, names, language)
    if everything:
        lines += _all(found, names, language)
    else:
        lines += [
            line(),
            line(Piece(say(language, "every figure, with where it stands: add --all"), "dim")),
        ]
    return lines


# --- summary


def _counts(source: Searched) -> tuple[int, ...]:
    return (
        len(source.facts),
        source.count(FOUND, (WHOLE,)),
        source.count(FOUND, _OPEN),
        source.count(ELSEWHERE),
        source.count(DIFFERS),
        source.count(NOT_FOUND),
        source.count(None),
    )


def _summary(found: Verification, language: str) -> list[Line]:
    rows = [_counts(source) for source in found.sources]
    total = tuple(sum(column) for column in zip(*rows, strict=True)) if rows else (0,) * 7
    shown = [i for i in range(7) if i < 2 or total[i]]
    columns = [max(_COLUMN, display_width(say(language, head)) + 2) for head in _HEADS]
    head = fit(say(language, "source"), _NAME)
    head += "".join(fit(say(language, _HEADS[i]), columns[i], right=True) for i in shown)
    lines = [line(Piece(head, "title"))]
    for source, row in zip(found.sources, rows, strict=True):
        pieces: list[Piece | str] = [fit(cut(source.document.id, _NAME - 1), _NAME)]
        for i in shown:
            text = fit(str(row[i]) if row[i] else "-", columns[i], right=True)
            pieces.append(Piece(text, "bad" if i > 3 and row[i] else ""))
        room = WIDTH - _NAME - sum(columns[i] for i in shown) - 2
        lines.append(line(*pieces, "  ", _copy_words(source, language, max(room, 24))))
    if len(rows) > 1:
        pieces = [fit(say(language, "all sources"), _NAME)]
        pieces += [fit(str(total[i]) if total[i] else "-", columns[i], right=True) for i in shown]
        lines.append(line(*pieces))
    proofs = [
        (word, sum(item.proof == proof and item.verdict == FOUND
                   for source in found.sources for item in source.facts))
        for proof, word in _PROOFS.items()
    ]  # fmt: skip
    words = " · ".join(f"{say(language, word)} {count}" for word, count in proofs if count)
    if words:
        lines.append(line())
        lines.append(line(Piece(say(language, "found how: {words}", words=words), "dim")))
    return lines


def _copy_words(source: Searched, language: str, room: int) -> Piece:
    state = say(language, _FINGERPRINTS[source.fingerprint])
    words = ", ".join(filter(None, (state, source.kind, source.document.file)))
    style = "bad" if source.fingerprint == CHANGED or not source.kind else "dim"
    return Piece(cut(words, room), style)


# --- what needs a look


def _doubtful(found: Verification, names: Mapping[str, str], language: str) -> list[Line]:
    lines: list[Line] = []
    for verdict, title in (
        (DIFFERS, "The source prints something else"),
        (NOT_FOUND, "Not found in the copy"),
        (ELSEWHERE, "Found, but not at its place"),
    ):
        items = [item for s in found.sources for item in s.facts if item.verdict == verdict]
        if not items:
            continue
        lines += [line(), line(Piece(f"{say(language, title)} ({len(items)})", "title"))]
        for item in items:
            lines += _entry(item, names, found.company.path, language)
    return lines


def _entry(item: Verified, names: Mapping[str, str], path: str, language: str) -> list[Line]:
    """A figure in two lines or more: what and where in the file, what the file and source say."""
    fact = item.fact
    place = f"{path}:{fact.node.line}:{fact.node.column}"
    lines = [
        line(
            "  ", Piece(_what(item, names), "name"), "   ", Piece(place, "dim"),
        )
    ]  # fmt: skip
    where = ", ".join(filter(None, (fact.source, fact.at)))
    says = fact.text if fact.text == fact.node.text else f"{fact.text} ({fact.node.text})"
    parts = [(say(language, "the file says"), says, where, "")]
    if item.printed:
        label = "it stands" if item.verdict == ELSEWHERE else "the source prints"
        spot = spot_words(item.spot, language)
        parts.append((say(language, label), item.printed, spot, _STYLES[item.verdict]))
    labels = max(display_width(label) for label, *_ in parts) + 2
    for label, words, place_words, style in parts:
        shown = fit(cut(words, 44), max(24, min(44, display_width(words))))
        head = f"    {fit(label, labels)}"
        spot = cut(place_words, WIDTH - display_width(head) - display_width(shown) - 2)
        lines.append(line(head, Piece(shown, style), "  ", Piece(spot, "dim")))
    if item.around and item.around != item.printed:
        words = f"… {item.around} …"
        if fact.row is not None:
            words = say(language, "in the row {words}", words=item.around)
        lines.append(line(" " * (4 + labels), Piece(cut(words, WIDTH - 4 - labels), "dim")))
    for remark in item.remarks:
        words = remark_words(remark, language)
        lines += [line("    ", Piece(text, "warn")) for text in wrap(words, WIDTH - 4)]
    return lines


def _what(item: Verified, names: Mapping[str, str]) -> str:
    fact = item.fact
    scope = f" {fact.scope[0]}:{fact.scope[1]}" if fact.scope else ""
    name = names.get(fact.concept, fact.concept)
    return f"{name}{scope} {fact.period}{kind_suffix(fact.kind)}"


def _open_places(found: Verification, language: str) -> list[Line]:
    """Places that a copy does not tell, with how many figures were found without them."""
    counts: dict[tuple[str, str], int] = {}
    for source in found.sources:
        for item in source.facts:
            if item.verdict == FOUND and item.place in _OPEN:
                words = item.untold or say(language, "no place given")
                key = (source.document.id, words)
                counts[key] = counts.get(key, 0) + 1
    if not counts:
        return []
    title = say(language, "Found, but the copy does not tell the place, or not all of it")
    lines = [line(), line(Piece(f"{title} ({sum(counts.values())})", "title"))]
    for (source_id, words), count in counts.items():
        lines.append(line(f"  {fit(source_id, _NAME)}{fit(str(count), 5, right=True)}  {words}"))
    return lines


def _remarked(found: Verification, names: Mapping[str, str], language: str) -> list[Line]:
    """What was found with a remark, a row at once; and what is to be said of copies."""
    lines: list[Line] = []
    for source in found.sources:
        for remark in source.remarks:
            words = f"{source.document.id}: {remark_words(remark, language)}"
            lines.append(line("  ", Piece(words, "warn")))
    several: dict[tuple[Remark, ...], list[Verified]] = {}
    for item in (item for source in found.sources for item in source.facts):
        if item.verdict == FOUND and item.remarks:
            several.setdefault(item.remarks, []).append(item)
    for remarks, items in several.items():
        words = "; ".join(remark_words(remark, language) for remark in remarks)
        lines += [line("  ", text) for text in wrap(words, WIDTH - 2)]
        for _, group in groupby(items, key=lambda item: id(item.fact.row or item)):
            row = list(group)
            first, last = row[0].fact, row[-1].fact
            what = _what(row[0], names)
            if len(row) > 1:
                what += f" … {last.period}{kind_suffix(last.kind)}"
            place = f"{found.company.path}:{first.node.line}:{first.node.column}"
            lines.append(line("    ", cut(what, WIDTH - 8 - len(place)), "  ", Piece(place, "dim")))
    if lines:
        title = Piece(say(language, "Found, with a remark"), "title")
        return [line(), line(title), *lines]
    return []


def _all(found: Verification, names: Mapping[str, str], language: str) -> list[Line]:
    lines = [line(), line(Piece(say(language, "Every figure"), "title"))]
    for source in found.sources:
        for item in source.facts:
            fact = item.fact
            words = say(language, _WORDS[item.verdict])
            proof = say(language, _PROOFS[item.proof]) if item.proof else ""
            if item.verdict == FOUND and item.place != WHOLE:
                proof = ", ".join(filter(None, (proof, say(language, "place open"))))
            where = spot_words(item.spot, language)
            lines.append(
                line(
                    fit(f"{fact.node.line}:{fact.node.column}", 9),
                    fit(cut(_what(item, names), 36), 37),
                    fit(cut(fact.text, 20), 21),
                    Piece(fit(words, max(16, display_width(words))), _STYLES[item.verdict]),
                    Piece("  ".join(filter(None, (where, proof))), "dim"),
                )
            )
    return lines


# --- words


def spot_words(spot: Spot | None, language: str) -> str:
    """Where something stands, in words; "" if nothing is known of it."""
    if spot is None:
        return ""
    if spot.cell:
        return spot.cell
    parts: list[str] = []
    if spot.page:
        parts.append(say(language, "page {number}", number=spot.page))
    if spot.section:
        parts.append(say(language, "section {number}", number=spot.section))
    if spot.paragraph:
        parts.append(say(language, "paragraph {number}", number=spot.paragraph))
    if spot.line and not spot.paragraph:
        parts.append(say(language, "line {number}", number=spot.line))
    return " ".join(parts)


def remark_words(remark: Remark, language: str) -> str:
    """A remark in `language`."""
    return say(language, remark.template, **dict(_pairs(remark.values)))


def _pairs(values: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return values
