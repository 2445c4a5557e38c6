"""The head of the first screen, and the short names of sources used all over the report."""

from __future__ import annotations

from datetime import date

from ddcheck.engine.model.company import TIERS
from ddcheck.engine.model.evaluation import Evaluation, Finding
from ddcheck.engine.model.periods import months_between
from ddcheck.engine.report.lines import WIDTH, Line, Piece, cut, fit, line
from ddcheck.engine.text.diagnostics import display_width

#: A file whose newest source is older than this many months is marked as old.
OLD_AFTER = 12


class Codes:
    """Short names for sources: the first letter of the tier, numbered where several share it."""

    def __init__(self, evaluation: Evaluation) -> None:
        by_tier: dict[str, list[str]] = {}
        sources = sorted(evaluation.ledger.sources.values(), key=lambda s: (s.published, s.id))
        for source in sources:
            by_tier.setdefault(source.tier, []).append(source.id)
        letters: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        for tier, names in by_tier.items():
            letter = next(
                (tier[:n].upper() for n in range(1, len(tier) + 1)
                 if tier[:n].upper() not in letters.values()),
                tier.upper(),
            )  # fmt: skip
            letters[tier] = letter
            for i, name in enumerate(names, 1):
                self.codes[name] = f"{letter}{i}" if len(names) > 1 else letter
        self.dates = {source.id: day_text(source.published) for source in sources}

    def of(self, finding: Finding) -> str:
        """The codes of the sources that `finding` rests on: `[B,P2]`."""
        names = sorted({self.codes[fact.source] for fact in finding.evidence})
        return f"[{','.join(names)}]" if names else ""

    def legend(self) -> str:
        """Every code with its date of publication."""
        return " ".join(f"[{code}] {self.dates[name]}" for name, code in self.codes.items())


def day_text(ordinal: int) -> str:
    """A day's ordinal as `2024-02-06`."""
    return date.fromordinal(ordinal).isoformat()


def heading(evaluation: Evaluation, mistakes: int = 0) -> list[Line]:
    """Who, judged on what, how old, on what evidence; and how many mistakes the file has."""
    company = evaluation.company
    language = evaluation.language
    name = company.name.en
    if company.name.zh != company.name.en:
        name = f"{company.name.en} {company.name.zh}"
    parts = [company.ticker, f"founded {company.founded}" if company.founded else None]
    parts += [company.business.text(language) if company.business else None]
    who = "".join(f" · {part}" for part in parts if part)
    month = date(2023, company.calendar.month, 1).strftime("%b")
    basis = f"{company.currency} m, FY ends {month}"
    name = cut(name, WIDTH - len(basis) - 2)
    room = WIDTH - display_width(name) - len(basis) - 2
    lines = [line(Piece(name, "name"), fit(cut(who, room), room), "  ", Piece(basis, "dim"))]
    period = evaluation.period.label if evaluation.period is not None else "nothing"
    newest = evaluation.ledger.newest
    judged = f"Judged on {period}"
    if evaluation.period is not None:
        which = f"last actual {evaluation.period.frame}"
        if evaluation.evaluated_at != newest:
            which = f"newest by {day_text(evaluation.evaluated_at)}"
        judged += f" ({which})"
    quarter = evaluation.newest.get("quarter")
    if quarter is not None and (evaluation.period is None or quarter.end > evaluation.period.end):
        judged += f", quarters to {quarter.label}"
    known = day_text(newest) if newest is not None else "no date"
    old = newest is None or months_between(newest, evaluation.today) > OLD_AFTER
    pieces: list[Piece | str] = [
        f"{judged} · facts as of {known}",
        f" · today {day_text(evaluation.today)}",
    ]
    if old:
        pieces += [": ", Piece("OLD", "bad")]
    lines.append(line(*pieces))
    tiers = sorted({source.tier for source in evaluation.ledger.sources.values()}, key=TIERS.index)
    audited = "" if "audited" in tiers else " · no audited figure"
    packs = ", ".join(pack.id for pack in evaluation.plan.packs.packs)
    versions = sorted({pack.version for pack in evaluation.plan.packs.packs})
    evidence = (
        f"Evidence: {', '.join(tiers) or 'none'}{audited} · packs {packs} {'/'.join(versions)}"
    )
    lines.append(line(Piece(cut(evidence, WIDTH), "dim")))
    if mistakes:
        words = "1 mistake" if mistakes == 1 else f"{mistakes} mistakes"
        lines.append(line(Piece(f"{words} in this file: what they touch is left out", "bad")))
    return lines
