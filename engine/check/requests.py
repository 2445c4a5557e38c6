"""Requests: what is unknown, turned into a ranked list of facts to ask the company for."""

from __future__ import annotations

from ddcheck.engine.language.context import Context
from ddcheck.engine.model.company import TIERS
from ddcheck.engine.model.evaluation import Finding, MetricResult, Missing, Request
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.plan import Plan

_ASKED = ("fact", "bounded", "parameter", "evidence")


class _Draft:
    """A request while it is being gathered."""

    def __init__(self, missing: Missing) -> None:
        self.missing = missing
        self.unblocks: list[str] = []
        self.severity: str | None = None
        self.ask = ""
        self.raised = False
        self.tier: str | None = None

    def add(self, ident: str, severity: str | None, ask: str) -> None:
        """Count `ident` as unblocked, and keep the words of the gravest rule."""
        if ident not in self.unblocks:
            self.unblocks.append(ident)
        if severity is not None and _rank(severity) < _rank(self.severity):
            self.severity = severity
            self.ask = ask or self.ask
        self.ask = self.ask or ask


def _rank(severity: str | None) -> int:
    return SEVERITIES.index(severity) if severity is not None else len(SEVERITIES)


def list_requests(
    context: Context,
    findings: tuple[Finding, ...],
    metrics: tuple[MetricResult, ...],
    language: str,
) -> tuple[Request, ...]:
    """The facts that unknown findings and unknown graded metrics wait for.

    Ordered by the gravest severity they would decide, then by how much they would unblock. Flags
    that are up may ask as well; those requests are marked as raised. What is known on too weak
    evidence is asked for again, with the tier that would do.
    """
    plan = context.plan
    grading = plan.grading
    graded = {c.id for c in (grading.categories.values() if grading else ()) if c.graded}
    drafts: dict[tuple[str, str | None], _Draft] = {}
    for finding in findings:
        definition = plan.rules[finding.id].definition
        ask = definition.ask.text(language) if definition.ask is not None else ""
        if finding.is_open and "unknown" in definition.ask_on:
            for missing in finding.missing:
                draft = _draft(drafts, missing, finding.id, finding.severity, ask)
                if draft is not None and missing.kind == "evidence":
                    wanted = (t for t in (draft.tier, definition.min_evidence) if t is not None)
                    draft.tier = min(wanted, key=TIERS.index, default=None)
        elif finding.outcome == "flag" and "flag" in definition.ask_on and ask:
            names = finding.figures[0].name if finding.figures else finding.id
            missing = Missing("fact", names, finding.period, None, "")
            draft = _draft(drafts, missing, finding.id, finding.severity, ask)
            if draft is not None and finding.category in graded:
                draft.raised = True
    for metric in metrics:
        if metric.graded and (metric.behind or metric.state in ("unknown", "stale")):
            definition_ask = plan.metrics[metric.id].definition.ask
            ask = definition_ask.text(language) if definition_ask is not None else ""
            for missing in metric.missing:
                _draft(drafts, missing, metric.id, None, ask)
    ordered = sorted(
        drafts.values(),
        key=lambda d: (
            _rank(d.severity),
            -len(d.unblocks),
            d.missing.name,
            d.missing.scope or "",
        ),
    )
    return tuple(_request(context, draft, language) for draft in ordered)


def _draft(
    drafts: dict[tuple[str, str | None], _Draft],
    missing: Missing,
    ident: str,
    severity: str | None,
    ask: str,
) -> _Draft | None:
    if missing.kind not in _ASKED or not missing.name:
        return None
    key = (missing.name, missing.scope)
    draft = drafts.get(key)
    if draft is None:
        draft = drafts[key] = _Draft(missing)
    draft.add(ident, severity, ask)
    return draft


def _request(context: Context, draft: _Draft, language: str) -> Request:
    missing = draft.missing
    return Request(
        missing.name,
        title_of(context.plan, missing.name, language),
        missing.period,
        missing.scope,
        tuple(draft.unblocks),
        draft.severity,
        draft.ask,
        last_known(context, missing.name),
        draft.raised,
        draft.tier,
    )


def title_of(plan: Plan, name: str, language: str) -> str:
    """The label of a concept, metric or parameter."""
    term = plan.terms.get(name)
    if term is not None:
        return term.label.text(language)
    parameter = plan.parameters.get(name)
    return parameter.title.text(language) if parameter is not None else name


def last_known(context: Context, name: str) -> str | None:
    """The newest fact that is stated of `name`, scoped ones included, as it is printed."""
    facts = [fact for fact in context.ledger.facts if fact.concept == name and fact.kind == 0]
    facts = [fact for fact in facts if fact.period.end <= context.day] or facts
    if not facts:
        return None
    plain = [fact for fact in facts if fact.scope is None] or facts
    newest = max(plain, key=lambda fact: fact.period.end)
    scope = f" {newest.scope[0]} {newest.scope[1]}" if newest.scope else ""
    return f"{newest.text} ({newest.period}{scope})"
