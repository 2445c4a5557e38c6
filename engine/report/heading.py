"""The head of the first screen: who, judged on what, how old, on what evidence and assumptions."""

from __future__ import annotations

from ddcheck.engine.model.company import TIERS
from ddcheck.engine.model.periods import day_text, months_between
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.report.assumptions import assumption_text
from ddcheck.engine.report.lines import Line, Piece, cut, fit, flow, line
from ddcheck.engine.report.page import Page
from ddcheck.engine.text.diagnostics import display_width

#: A file whose newest source is older than this many months is marked as old.
OLD_AFTER = 12
_ASSUMPTIONS = 2
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: What money is called in Chinese; other currencies keep their code.
_MONEY = {
    "AUD": "澳元", "CAD": "加元", "CHF": "瑞士法郎", "CNY": "元人民币", "EUR": "欧元",
    "GBP": "英镑", "HKD": "港元", "INR": "印度卢比", "JPY": "日元", "KRW": "韩元",
    "MOP": "澳门元", "NZD": "新西兰元", "RUB": "卢布", "SGD": "新加坡元", "THB": "泰铢",
    "TWD": "新台币", "USD": "美元", "VND": "越南盾",
}  # fmt: skip


def heading(page: Page, mistakes: int = 0) -> list[Line]:
    """The lines of the head, with how many mistakes the file has."""
    lines = [*_who(page), *assumed_lines(page), *_judged(page), *_evidence(page)]
    if mistakes == 1:
        words = page.say("1 mistake in this file: what it touches is left out")
        lines.append(line(Piece(words, "bad")))
    elif mistakes:
        words = page.say("{n} mistakes in this file: what they touch is left out", n=mistakes)
        lines.append(line(Piece(words, "bad")))
    return lines


def money_name(page: Page) -> str:
    """The company's currency as the reader calls it: `USD`, `美元`."""
    return currency_name(page.evaluation.company.currency, page.language)


def currency_name(currency: str, language: str) -> str:
    """A currency as the reader's language calls it: `USD`, 美元."""
    return _MONEY.get(currency, currency) if language == "zh" else currency


def company_name(page: Page) -> str:
    """The company's name in both languages, the reader's first."""
    label = page.evaluation.company.name
    names = (label.zh, label.en) if page.language == "zh" else (label.en, label.zh)
    return " ".join(dict.fromkeys(names))


def _who(page: Page) -> list[Line]:
    company = page.evaluation.company
    month = page.word(_MONTHS[company.calendar.month - 1])
    unit = page.say("{currency} m", currency=money_name(page))
    basis = page.say("{unit}, FY ends {month}", unit=unit, month=month)
    founded = page.say("founded {date}", date=company.founded) if company.founded else None
    parts = [company.ticker, founded]
    parts += [company.business.text(page.language) if company.business else None]
    who = "".join(f" · {part}" for part in parts if part)
    name = cut(company_name(page), page.width - display_width(basis) - 2)
    room = page.width - display_width(name) - display_width(basis) - 2
    if page.narrow and display_width(who) > room:
        gap = " " * (room + 2)
        return [
            line(Piece(name, "name"), gap, Piece(basis, "dim")),
            line(cut(who.removeprefix(" · "), page.width)),
        ]
    return [line(Piece(name, "name"), fit(cut(who, room), room), "  ", Piece(basis, "dim"))]


def assumed_lines(page: Page) -> list[Line]:
    """What the command line assumes, so that nobody takes it for known."""
    assumptions = page.evaluation.assumptions
    if not assumptions:
        return []
    words = [
        assumption_text(assumption, page.language) for assumption in assumptions[:_ASSUMPTIONS]
    ]
    if len(assumptions) > _ASSUMPTIONS:
        words.append(page.say("and {n} more", n=len(assumptions) - _ASSUMPTIONS))
    head = page.say("ASSUMED, no source") + page.colon()
    chunks = [line(Piece(text, "warn")) for text in words]
    chunks[0] = line(Piece(head, "bad"), *chunks[0])
    return flow(chunks, page.width, between=page.semicolon(), indent="  ")


def _judged(page: Page) -> list[Line]:
    evaluation = page.evaluation
    newest = evaluation.ledger.newest
    if evaluation.period is None:
        judged = page.say("Judged on nothing")
    else:
        period = evaluation.period.label
        if evaluation.evaluated_at != newest:
            day = day_text(evaluation.evaluated_at)
            judged = page.say("Judged on {period} (newest by {day})", period=period, day=day)
        else:
            frame = page.word(evaluation.period.frame)
            judged = page.say(
                "Judged on {period} (last actual {frame})", period=period, frame=frame
            )
    quarter = evaluation.newest.get("quarter")
    if quarter is not None and (evaluation.period is None or quarter.end > evaluation.period.end):
        judged += page.say(", quarters to {quarter}", quarter=quarter.label)
    known = day_text(newest) if newest is not None else page.say("no date")
    old = newest is None or months_between(newest, evaluation.today) > OLD_AFTER
    today = [Piece(page.say("today {day}", day=day_text(evaluation.today)))]
    if old:
        today += [Piece(page.colon()), Piece(page.say("OLD"), "bad")]
    chunks = [line(judged), line(page.say("facts as of {day}", day=known)), line(*today)]
    return flow(chunks, page.width, indent="  ")


def _evidence(page: Page) -> list[Line]:
    """Which tiers there are, how many flags rest on each, and on which most letters do."""
    evaluation = page.evaluation
    sources = [s for s in evaluation.ledger.sources.values() if s.id != ASSUMED]
    tiers = sorted({source.tier for source in sources}, key=TIERS.index)
    flags, graded = dict(evaluation.tiers.flags), evaluation.tiers.graded_on
    words = []
    assumed = next((s.tier for s in evaluation.ledger.sources.values() if s.id == ASSUMED), None)
    for tier in [*tiers, *([assumed] if assumed is not None and assumed not in tiers else [])]:
        n = flags.get(tier, 0)
        rests = [page.say("1 flag") if n == 1 else page.say("{n} flags", n=n)] if n else []
        rests += [page.say("the grade")] if tier == graded else []
        name = page.word(tier) if tier in tiers else page.say("assumed")
        if rests or tier in tiers:
            words.append(name + (page.bracketed(page.joined(rests)) if rests else ""))
    chunks = [page.say("Evidence: {tiers}", tiers=page.joined(words) or page.say("none"))]
    if "audited" not in tiers:
        chunks.append(page.say("no audited figure"))
    packs = page.joined(pack.id for pack in evaluation.plan.packs.packs)
    versions = "/".join(sorted({pack.version for pack in evaluation.plan.packs.packs}))
    chunks.append(page.say("packs {packs} {versions}", packs=packs, versions=versions))
    return flow([line(Piece(text, "dim")) for text in chunks], page.width, indent="  ")
