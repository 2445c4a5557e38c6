"""Every finding of the whole report: verdict, words, what would turn it, what would decide it."""

from __future__ import annotations

from ddcheck.engine.model.finding import (
    FLAG,
    NOT_APPLICABLE,
    PASS,
    UNKNOWN,
    Finding,
    Headroom,
    Missing,
)
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.lines import Line, Piece, cut, fit, line, wrap
from ddcheck.engine.report.page import Page
from ddcheck.engine.text.diagnostics import display_width

_INDENT, _NAME = 14, 41
#: The most decimals that a figure is written with.
_EXACT = 6


def findings_section(page: Page) -> list[Line]:
    """The findings by outcome, flags first."""
    lines = [line(), line(Piece(page.say("FINDINGS"), "title"))]
    for outcome in (FLAG, UNKNOWN, PASS, NOT_APPLICABLE):
        chosen = [f for f in page.evaluation.findings if f.outcome == outcome]
        if not chosen:
            continue
        lines.append(
            line(Piece(f"  {page.word(outcome)}{page.bracketed(str(len(chosen)))}", "key"))
        )
        for finding in chosen:
            lines += _finding(page, finding)
    return lines


def _finding(page: Page, finding: Finding) -> list[Line]:
    severity = finding.severity if finding.outcome in (FLAG, UNKNOWN) else ""
    notes = f"{page.joined(_notes(page, finding))} {page.codes.of(finding)}".strip()
    room = page.width - _INDENT
    head: list[Piece | str] = ["    ", Piece(fit(_severity(page, severity), 10), severity)]
    if _NAME + display_width(notes) <= room:
        name = fit(cut(finding.id, _NAME - 1), _NAME)
        lines = [line(*head, name, Piece(notes, "dim"))]
    else:
        lines = [line(*head, cut(finding.id, room))]
        lines += [line(" " * _INDENT, Piece(text, "dim")) for text in wrap(notes, room)]
    lines += [line(" " * _INDENT, text) for text in wrap(finding_words(page, finding), room)]
    for words, style in _stability(page, finding):
        lines += [line(" " * _INDENT, Piece(text, style)) for text in wrap(words, room)]
    return lines


def _severity(page: Page, severity: str) -> str:
    return page.word(severity) if severity else ""


def _notes(page: Page, finding: Finding) -> list[str]:
    """Period, kind, firmness and standing of a verdict, in short."""
    notes = [finding.period or ""]
    if finding.waiver is not None:
        notes.append(page.say("waived") if finding.waived else page.say("waiver void"))
    if finding.on_assumptions:
        notes.append(page.say("assumed"))
    if finding.kind not in (None, "actual"):
        notes.append(page.say("on estimates"))
    if finding.firm is not None:
        notes.append(page.say("firm") if finding.firm else page.say("fragile"))
    if finding.disputed:
        notes.append(page.say("disputed"))
    if finding.behind and finding.outcome in (FLAG, PASS):
        notes.append(page.say("not the newest period"))
    if finding.tier is not None:
        notes.append(page.word(finding.tier))
    return [note for note in notes if note]


def finding_words(page: Page, finding: Finding) -> str:
    """What the verdict of a finding says, and of an unknown what stands in its way."""
    if finding.outcome == PASS:
        words = page.say("no: {title}", title=finding.title)
        return words + (page.bracketed(finding.message) if finding.message else "")
    if finding.outcome != UNKNOWN:
        return finding.message or finding.title
    words = page.say("{title}: unknown", title=finding.title)
    why = _why_unknown(page, finding)
    if why:
        words += page.bracketed(why)
    wanted = _all_wanted(page, finding)
    if wanted:
        words += page.say("; needs {facts}", facts=wanted)
    return words


def in_the_way(page: Page, finding: Finding) -> str:
    """What stands in the way of an unknown, without its title."""
    wanted = _all_wanted(page, finding)
    needs = page.say("needs {facts}", facts=wanted) if wanted else ""
    return page.semicolon().join(part for part in (_why_unknown(page, finding), needs) if part)


def _all_wanted(page: Page, finding: Finding) -> str:
    wanted = (_wanted(page, finding, item) for item in finding.missing)
    return page.joined(text for text in wanted if text)


def _why_unknown(page: Page, finding: Finding) -> str:
    """What stands in the way where it is not simply missing."""
    if finding.reason == "stale" and finding.last is not None:
        last, value = finding.last, ""
        if finding.last_value is not None:
            value = page.say(" with {value}", value=finding.last_value)
        return page.say(
            "stale; last {outcome} at {period}{value}",
            outcome=page.word(last.outcome), period=last.period, value=value,
        )  # fmt: skip
    if finding.reason == "evidence":
        if finding.tier is None:
            return page.say("the evidence is weaker than the rule asks for")
        tier = page.word(finding.tier)
        return page.say("the evidence, {tier}, is weaker than the rule asks for", tier=tier)
    if finding.reason == "bounded":
        return page.say("what is known leaves it open")
    if finding.reason == "assumed":
        return page.say("a pass would rest on an assumption")
    return ""


def _wanted(page: Page, finding: Finding, item: Missing) -> str:
    """What is missing, as one would ask for it."""
    scope = page.scope(*item.scope.split(maxsplit=1)) if item.scope else ""
    title = page.title(item.name) if item.name else ""
    name = " ".join(part for part in (title, item.period, scope) if part)
    if item.kind == "bounded" and finding.bounds is not None and finding.figures:
        figure = finding.figures[0]
        _, low, high = finding.bounds
        known = value_text(None, figure.unit, figure.style, low, high, page.language)
        return page.say("{name}, known as {range}", name=name, range=known)
    reason = page.word(item.reason)
    return f"{name}{page.colon()}{reason}" if reason and name else name or reason


def _stability(page: Page, finding: Finding) -> list[tuple[str, str]]:
    """What turns a fragile verdict within its rounding, and how far each input may move."""
    found = []
    if finding.firm is False and finding.flips:
        flips = page.joined(
            page.say(
                "{fact} at {value} (printed {text}, {place})",
                fact=page.named(flip.fact), value=page.value(flip.fact, flip.value, exact=_EXACT),
                text=flip.fact.text, place=page.place(flip.fact),
            )
            for flip in finding.flips
        )  # fmt: skip
        found.append((page.say("fragile: turns with {flips}", flips=flips), "warn"))
    moves = [_move(page, room) for room in finding.headroom]
    moves = [move for move in moves if move]
    if moves:
        words = page.say("turns if {moves}", moves=page.semicolon().join(moves))
        found.append((words, "dim"))
    return found


def _move(page: Page, room: Headroom) -> str:
    """How far one input may move: `Revenue FY2022 (160.7) falls to 140.1 or rises to 180.2`."""
    ends = [
        page.say("falls to {value}", value=_end(page, room, room.below)) if room.below is not None
        else "",
        page.say("rises to {value}", value=_end(page, room, room.above)) if room.above is not None
        else "",
    ]  # fmt: skip
    known = [end for end in ends if end]
    if not known:
        return ""
    fact = page.named(room.fact) + page.bracketed(page.value(room.fact, room.fact.value))
    return page.say("{fact} {moves}", fact=fact, moves=page.say(" or ").join(known))


def _end(page: Page, room: Headroom, value: float) -> str:
    """`value` with the usual digits, or with as many as tell it from the fact."""
    now = room.fact.value
    usual = page.value(room.fact, value)
    if now is None or usual != page.value(room.fact, now):
        return usual
    for digits in range(2, _EXACT):
        text = page.value(room.fact, value, exact=digits)
        if text != page.value(room.fact, now, exact=digits):
            return text
    return page.value(room.fact, value, exact=_EXACT)
