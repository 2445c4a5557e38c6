"""Waivers: reading them, and whether one covers a finding.

A waiver names its rule and company, says why, who answers for it and who approved, and ends. What
it covers is still evaluated; it never covers what its own condition no longer allows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from ddcheck.engine.check.asking import formula_over
from ddcheck.engine.gate.settings import Settings, no_rule
from ddcheck.engine.language.evaluate import BOUNDS
from ddcheck.engine.memo.figures import Figures, same_span
from ddcheck.engine.model.finding import Finding
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.periods import Period, PeriodError, day_text
from ddcheck.engine.model.waiver import Waiver
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence, parse
from ddcheck.engine.text.source import read
from ddcheck.engine.text.suggest import did_you_mean

_REQUIRED = ("rule", "company", "reason", "owner", "approved_by", "created", "expires")
_KEYS = frozenset({*_REQUIRED, "holds_while", "scope"})
#: A reason has at least this many characters.
REASON_LENGTH = 20

#: What a waiver is to a finding.
HOLDS, BROKEN, EXPIRED, OUTSIDE = "holds", "broken", "expired", "outside"


class Cover(NamedTuple):
    """What a waiver is to a finding, and why it does not cover it."""

    state: str
    words: str


def read_waivers(
    paths: Iterable[str], settings: Settings, today: int, report: Report
) -> tuple[Waiver, ...]:
    """Every waiver in the files at `paths`; one with a mistake is reported and left out."""
    found: list[Waiver] = []
    for path in paths:
        source = read(path, report)
        root = parse(source, report) if source is not None else None
        kind = shape.kind(root, report) if root is not None else None
        if kind is None or not isinstance(root, Mapping):
            continue
        if kind != "waivers":
            header = root.entries["ddcheck"]
            report.error("DD006", header, f"a {kind} file, where waivers are asked for")
            continue
        found += load_waivers(root, settings, today, report)
    return tuple(found)


def load_waivers(root: Mapping, settings: Settings, today: int, report: Report) -> list[Waiver]:
    """The waivers of one file; those with mistakes are reported and left out."""
    shape.keys(root, {"ddcheck", "waivers"}, ("waivers",), "a file of waivers", report)
    entries = shape.sequence(root.get("waivers"), "`waivers`", report)
    found = []
    for item in entries or ():
        before = len(report.items)
        entry = shape.mapping(item, "a waiver", report)
        if entry is None or not shape.keys(entry, _KEYS, _REQUIRED, "a waiver", report):
            continue
        waiver = _waiver(entry, settings, today, report)
        if waiver is not None and len(report.items) == before:
            found.append(waiver)
    return found


def _waiver(entry: Mapping, settings: Settings, today: int, report: Report) -> Waiver | None:
    rule = shape.scalar(entry.get("rule"), "`rule`", report)
    texts = {
        key: shape.text(entry.get(key), f"`{key}`", report)
        for key in ("company", "reason", "owner", "approved_by")
    }
    created = shape.day(entry.get("created"), "`created`", report)
    expires = shape.day(entry.get("expires"), "`expires`", report)
    if rule is not None:
        _check_rule(rule, settings, report)
    _check_people(entry, texts["owner"], texts["approved_by"], report)
    reason = " ".join((texts["reason"] or "").split())
    node = entry.get("reason")
    if texts["reason"] is not None and len(reason) < REASON_LENGTH and node is not None:
        words = f"a reason of {len(reason)} characters; at least {REASON_LENGTH} are asked for"
        report.error("DD622", node, words)
    if created is not None and expires is not None:
        _check_days(entry, created, expires, settings.policy.max_days, today, report)
    condition = shape.scalar(entry.get("holds_while"), "`holds_while`", report)
    holds_while = _condition(condition, settings, report) if condition is not None else None
    periods = _periods(entry.get("scope"), report)
    company, owner, approved = texts["company"], texts["owner"], texts["approved_by"]
    if rule is None or company is None or created is None or expires is None:
        return None
    if owner is None or approved is None:
        return None
    return Waiver(
        rule.text, company, reason, owner, approved, created, expires, holds_while, periods, rule
    )


def _check_rule(rule: Scalar, settings: Settings, report: Report) -> None:
    if rule.text not in settings.rules:
        hint = did_you_mean(rule.text, settings.rules)
        report.error("DD211", rule, no_rule(settings.plan.packs, rule.text), hint)
    elif rule.text in settings.policy.unwaivable:
        report.error("DD626", rule, f"the policy does not let `{rule.text}` be waived")


def _check_people(entry: Mapping, owner: str | None, approved: str | None, report: Report) -> None:
    for key, name in (("owner", owner), ("approved_by", approved)):
        node = entry.get(key)
        if name is not None and not _same_name(name) and node is not None:
            report.error("DD110", node, f"`{key}` must name somebody")
    node = entry.get("approved_by")
    if owner is None or approved is None or node is None:
        return
    if _same_name(owner) and _same_name(owner) == _same_name(approved):
        report.error("DD623", node, f"`{approved}` owns this waiver and cannot approve it")


def _same_name(name: str) -> str:
    """A name without what does not tell two people apart: case, blanks, a leading @, width."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()).removeprefix("@")


def _check_days(
    entry: Mapping, created: int, expires: int, most: int, today: int, report: Report
) -> None:
    begun, ended = entry.get("created"), entry.get("expires")
    assert begun is not None
    assert ended is not None
    if created > today:
        report.error("DD625", begun, f"created on a day after {day_text(today)}, today")
    if expires < created:
        report.error("DD624", ended, "it expires before it was created")
    elif expires - created > most:
        report.error(
            "DD624", ended, f"it lives {expires - created} days; the policy allows {most}",
            f"the last day allowed is {day_text(created + most)}",
        )  # fmt: skip


def _condition(node: Scalar, settings: Settings, report: Report) -> Formula | None:
    formula = formula_over(settings.plan, node, report)
    if formula is not None and not formula.measure.truth:
        report.error("DD627", node, f"`{node.text}` is a number, not a condition")
        return None
    return formula


def _periods(node: Node | None, report: Report) -> tuple[Scalar, ...]:
    if node is None:
        return ()
    items = node.items if isinstance(node, Sequence) else [node]
    found = (shape.scalar(item, "a period of `scope`", report) for item in items)
    periods = tuple(item for item in found if item is not None)
    if not periods and isinstance(node, Sequence) and not node.items:
        report.error("DD110", node, "`scope` names no period; leave it out to cover all")
    return periods


def check_scope(waiver: Waiver, figures: Figures, report: Report) -> None:
    """Report the periods of a waiver that its company's calendar does not have (DD302)."""
    for node in waiver.periods:
        try:
            figures.company.calendar.parse(node.text)
        except PeriodError as error:
            report.error("DD302", node, error.message, error.help)


def covers(waiver: Waiver, finding: Finding, figures: Figures, today: int) -> Cover:
    """Whether `waiver`, which names the rule and company of `finding`, covers it on `today`."""
    period = period_of(finding, figures)
    if waiver.periods and not _within(waiver, period, figures):
        scope = ", ".join(node.text for node in waiver.periods)
        return Cover(OUTSIDE, f"it covers {scope}, not {finding.period or 'an unknown period'}")
    if today > waiver.expires:
        return Cover(EXPIRED, f"it expired on {day_text(waiver.expires)}")
    if waiver.holds_while is None:
        return Cover(HOLDS, "")
    truth = _truth(waiver.holds_while, period, figures)
    if truth is True:
        return Cover(HOLDS, "")
    condition = waiver.holds_while.text
    at = period.label if period is not None else "any period"
    words = f"`{condition}` is not so at {at}"
    if truth is None:
        words = f"`{condition}` cannot be judged at {at}"
    return Cover(BROKEN, words)


def period_of(finding: Finding, figures: Figures) -> Period | None:
    """The period that a finding is about; of one that was never decided the newest reported."""
    if finding.period is not None:
        try:
            return figures.company.calendar.parse(finding.period)[0]
        except PeriodError:
            return None
    newest = figures.evaluation.newest
    return newest.get(finding.frame) or figures.evaluation.period


def _within(waiver: Waiver, period: Period | None, figures: Figures) -> bool:
    if period is None:
        return False
    for node in waiver.periods:
        try:
            named = figures.company.calendar.parse(node.text)[0]
        except PeriodError:
            continue
        if same_span(named, period):
            return True
    return False


def _truth(formula: Formula, period: Period | None, figures: Figures) -> bool | None:
    """The condition at a period, on its frame; None where it cannot be judged."""
    place = figures.place(period) if period is not None else -1
    if period is None or place < 0:
        return None
    truth: bool | None = figures.context.evaluator(period.frame, BOUNDS).row(formula)[place].truth
    return truth
