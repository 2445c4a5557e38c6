"""Deciding: what each flag and unknown of a company comes to under policy, waivers and baseline.

A waiver comes before an answer in a memo, an answer before the baseline: the more a person has
said about a flag, the sooner it is shown with their words. All of them are evaluated, shown and
counted; none makes a flag go away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from ddcheck.engine.gate.baseline import entry_of, worsened
from ddcheck.engine.gate.waivers import BROKEN, EXPIRED, HOLDS, Cover, covers
from ddcheck.engine.memo.figures import Figures
from ddcheck.engine.model.decision import (
    ANSWERED,
    BELOW,
    ERROR,
    FAILS,
    KNOWN,
    WAIVED,
    WARNING,
    Entry,
    Gated,
    Notice,
    Settled,
)
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG, UNKNOWN, Finding
from ddcheck.engine.model.memo import Audit
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.model.waiver import Waiver
from ddcheck.engine.text.document import Scalar


class Terms(NamedTuple):
    """On which terms findings are settled; `known` are the entries of the baseline by key."""

    level: str
    unknowns: bool
    waivers: tuple[Waiver, ...]
    known: Mapping[object, Entry]
    today: int


class Reading(NamedTuple):
    """One company settled, with what each of its waivers came to."""

    gated: Gated
    notices: tuple[Notice, ...]
    seen: frozenset[object]


def settle(
    evaluation: Evaluation, terms: Terms, answered: Mapping[Entry, str] | None = None
) -> Reading:
    """Every flag and every unknown that counts, with its status; and notices on its waivers.

    `answered` says in which memo a finding is answered that would fail otherwise.
    """
    figures = Figures(evaluation)
    own = [waiver for waiver in terms.waivers if waiver.company == evaluation.company.id]
    settled: list[Settled] = []
    met: dict[Scalar, list[Cover]] = {waiver.node: [] for waiver in own}
    seen: set[object] = set()
    for finding in evaluation.findings:
        if finding.outcome != FLAG and not finding.is_open:
            continue
        mine = [waiver for waiver in own if waiver.rule == finding.id]
        counts = _counts(finding, evaluation, terms)
        if not mine and not counts and finding.outcome != FLAG:
            continue
        entry = entry_of(finding, figures)
        seen.add(entry.key)
        found = [(waiver, covers(waiver, finding, figures, terms.today)) for waiver in mine]
        for waiver, cover in found:
            met[waiver.node].append(cover)
        settled.append(_settled(finding, entry, found, terms, answered or {}, figures, counts))
    notices = [
        notice for waiver in own if (notice := _notice(waiver, met[waiver.node], terms.today))
    ]
    notices += _pending(evaluation)
    return Reading(Gated(evaluation, tuple(settled)), tuple(notices), frozenset(seen))


def _pending(evaluation: Evaluation) -> Iterator[Notice]:
    """A notice on every flag, and every unknown, of a rule that counts only from a later day."""
    company = evaluation.company.id
    for finding in evaluation.findings:
        if finding.becomes is None or not (finding.outcome == FLAG or finding.is_open):
            continue
        severity, since = finding.becomes
        outcome = finding.outcome if finding.outcome == FLAG else UNKNOWN
        rule, day = finding.id, day_text(since)
        words = f"`{rule}` is {outcome} for `{company}` and becomes {severity} on {day}"
        yield _at(evaluation.plan.rules[rule].definition.node, "rule-pending", WARNING, words)


def _counts(finding: Finding, evaluation: Evaluation, terms: Terms) -> bool:
    """Whether a finding fails the gate if nobody says anything about it."""
    if finding.becomes is not None:
        return False
    grave = SEVERITIES.index(finding.severity) <= SEVERITIES.index(terms.level)
    if finding.outcome == FLAG:
        return grave or (finding.id in evaluation.must_know and finding.is_open)
    return finding.id in evaluation.must_know or (terms.unknowns and grave)


def _settled(
    finding: Finding,
    entry: Entry,
    found: list[tuple[Waiver, Cover]],
    terms: Terms,
    answered: Mapping[Entry, str],
    figures: Figures,
    counts: bool,
) -> Settled:
    order = (HOLDS, BROKEN, EXPIRED)
    ranked = sorted(
        ((order.index(cover.state), -waiver.expires, i) for i, (waiver, cover) in enumerate(found)
         if cover.state in order),
    )  # fmt: skip
    waiver, cover = found[ranked[0][2]] if ranked else (None, None)
    if waiver is not None and cover is not None and cover.state == HOLDS:
        return Settled(finding, WAIVED, waiver, "", entry)
    words = (
        f"the waiver of {waiver.owner} does not cover it" + f"; {cover.words}"
        if (waiver is not None and cover is not None)
        else ""
    )
    if not counts:
        return Settled(finding, BELOW, waiver, words, entry)
    memo = answered.get(entry)
    if memo is not None:
        return Settled(finding, ANSWERED, waiver, memo, entry)
    before = terms.known.get(entry.key)
    if before is not None:
        worse = worsened(before, entry, figures.plan)
        if worse is None:
            return Settled(finding, KNOWN, waiver, "", entry)
        words = "; ".join(filter(None, (worse, words)))
    return Settled(finding, FAILS, waiver, words, entry)


def _notice(waiver: Waiver, met: list[Cover], today: int) -> Notice | None:
    """What is to be said of a waiver itself; None of one that does its work."""
    rule, company, owner = waiver.rule, waiver.company, waiver.owner
    if any(cover.state == HOLDS for cover in met):
        return None
    for cover in met:
        if cover.state == BROKEN:
            why = cover.words
            words = f"the waiver of `{rule}` for `{company}` ({owner}) no longer holds" + f"; {why}"
            return _at(waiver.node, "waiver-broken", ERROR, words)
    day = day_text(waiver.expires)
    for cover in met:
        if cover.state == EXPIRED:
            words = f"the waiver of `{rule}` for `{company}` ({owner}) expired on {day}: it is back"
            return _at(waiver.node, "waiver-expired", WARNING, words)
    why = met[0].words if met else "the rule is neither up nor unknown"
    if today > waiver.expires:
        why = f"it expired on {day}"
    words = f"the waiver of `{rule}` for `{company}` ({owner}) covers nothing" + f"; {why}"
    return _at(waiver.node, "waiver-unused", WARNING, words)


def _at(node: Scalar, ident: str, level: str, words: str) -> Notice:
    return Notice(ident, level, node.source.path, node.line, node.column, words)


def covered_rules(reading: Reading) -> frozenset[str]:
    """The rules whose flag or unknown a waiver covers."""
    return frozenset(item.finding.id for item in reading.gated.settled if item.status == WAIVED)


def answers_of(audit: Audit, evaluations: Mapping[str, Evaluation]) -> dict[Entry, str]:
    """What a memo that does not fail answers, by what a baseline would keep of it.

    A memo that fails answers nothing; one that was written on older facts answers the flag as it
    stood then, which is no answer if it has another period or value since.
    """
    found: dict[Entry, str] = {}
    if audit.failed:
        return found
    for company, evaluation in evaluations.items():
        linked = {
            claim.target.name
            for claim in audit.memo.claims
            if claim.target.kind == "flag"
            and (claim.target.company or audit.memo.company) == company
        }
        figures = Figures(evaluation)
        for finding in evaluation.findings:
            if finding.id in linked and (finding.outcome == FLAG or finding.is_open):
                found[entry_of(finding, figures)] = audit.memo.path
    return found


def gone(
    entries: Iterable[Entry],
    seen: Collection[object],
    companies: Collection[str],
    path: str,
    *,
    strict: bool,
) -> list[Notice]:
    """Notices on the entries of the companies judged that no longer occur."""
    level = ERROR if strict else WARNING
    found = []
    for entry in entries:
        if entry.company not in companies or entry.key in seen:
            continue
        rule, company, period = entry.rule, entry.company, entry.period
        words = f"`{rule}` of `{company}` no longer occurs: remove its entry"
        if period is not None:
            words = f"`{rule}` of `{company}` at {period} no longer occurs: remove its entry"
        line, column = (entry.node.line, entry.node.column) if entry.node is not None else (0, 0)
        found.append(Notice("baseline-gone", level, path, line, column, words))
    return found
