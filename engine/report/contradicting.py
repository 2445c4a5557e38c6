"""What cannot all be true: conflicts that decide something, then figures that do not add up."""

from __future__ import annotations

from ddcheck.engine.model.conflict import Conflict
from ddcheck.engine.model.finding import FLAG, Finding
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.wording import printed_text
from ddcheck.engine.report.deciding import INTEGRITY
from ddcheck.engine.report.lines import Line, Piece, bullet, cut, line
from ddcheck.engine.report.page import Page, period_of
from ddcheck.engine.text.diagnostics import display_width

#: The least that is shown of what a conflict decides.
_LEAST = 20

#: What each type of conflict is called.
CONFLICT_WORDS = {
    "value": "figures differ",
    "definition": "another definition",
    "unit": "another unit",
    "period": "another period",
    "computed-vs-stated": "computed against stated",
    "restatement": "restated",
    "guidance-vs-actual": "guidance against actual",
    "rounding": "rounding",
}


def contradictions(page: Page, most: int) -> list[Line]:
    """At most `most` contradictions, those first that decide a verdict or a letter."""
    conflicts = [conflict for conflict in page.evaluation.conflicts if conflict.decides]
    flags = [f for f in page.evaluation.findings if f.outcome == FLAG and f.category == INTEGRITY]
    flags.sort(key=lambda f: (SEVERITIES.index(f.severity), f.kind != "actual"))
    if not conflicts and not flags:
        return []
    shown: list[Conflict | Finding] = [*conflicts, *flags]
    lines = [line(Piece(page.say("CANNOT ALL BE TRUE"), "title"))]
    for item in shown[:most]:
        if isinstance(item, Conflict):
            decides = page.joined(entry_title(page, ident) for ident in item.decides)
            words = _sides(page, item)
            tail = page.say("decides {titles}", titles=decides)
            if not page.narrow:
                # The figures are the contradiction; what it decides is cut before they are.
                tail = cut(tail, max(page.width - 8 - display_width(words), _LEAST))
        else:
            words = item.message or item.title
            tail = page.codes.of(item)
        lines += bullet(Piece("!", "warn"), words, tail, page.width, fold=page.narrow)
    if len(shown) > most:
        rest = page.say("and {n} more: --all", n=len(shown) - most)
        lines.append(line(Piece(f"   {rest}", "dim")))
    return [*lines, line()]


def conflict_text(page: Page, conflict: Conflict) -> str:
    """What contradicts what: `Net income FY2020: -3.11 [B], -3.12 [P2]`."""
    first = conflict.candidates[0]
    scope = f" {page.scope(*conflict.scope)}" if conflict.scope else ""
    subject = f"{page.title(conflict.concept)}{scope} {period_of(first)}"
    stated = page.joined(
        f"{printed_text(fact, page.language)} {page.codes.of_sources([fact.source])}"
        for fact in conflict.candidates
    )
    return f"{subject}{page.colon()}{stated}"


def _sides(page: Page, conflict: Conflict) -> str:
    """The figures that conflict; beside a single printed one, what it is held against."""
    words = conflict_text(page, conflict)
    if len(conflict.candidates) > 1:
        return words
    return page.joined([words, page.word(conflict.reason)])


def entry_title(page: Page, ident: str) -> str:
    """The title of a rule or metric."""
    rule = page.evaluation.plan.rules.get(ident)
    if rule is not None:
        return rule.definition.title.text(page.language)
    return page.title(ident)
