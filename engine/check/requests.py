"""Requests: what is unknown, turned into a ranked list of facts to ask the company for."""

from __future__ import annotations

import re

from ddcheck.engine.check.measure import metric_style
from ddcheck.engine.language.context import Context
from ddcheck.engine.model.company import TIERS, Fact
from ddcheck.engine.model.evaluation import Request
from ddcheck.engine.model.finding import FLAG, Finding, Missing
from ddcheck.engine.model.formula import EVERY_FACT
from ddcheck.engine.model.measured import MetricResult
from ddcheck.engine.model.pack import LETTERS, severity_rank
from ddcheck.engine.model.periods import ACTUAL, GUIDANCE, PeriodError, kind_suffix
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.units import unit_name
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.model.wording import value_text

_ASKED = ("fact", "bounded", "parameter", "evidence")
_SPLIT = re.compile(r"""["'](\w+)["']""")
#: Functions whose text arguments begin with a dimension.
_BY_DIMENSION = frozenset({"scoped", "share", "top_share", "hhi", "largest"})


class _Draft:
    """A request while it is being gathered."""

    def __init__(self, missing: Missing, *, explains: bool) -> None:
        self.missing = missing
        self.explains = explains
        self.periods: set[str] = set()
        self.unblocks: list[str] = []
        self.severity: str | None = None
        self.ask = ""
        self.category: str | None = None
        self.raised = False
        self.must_know = False
        self.closes = 0.0
        self.last: tuple[str, str] | None = None
        self.bounds: tuple[str, str] | None = None
        self.tier: str | None = None

    def add(
        self, missing: Missing, ident: str, severity: str | None, category: str | None, ask: str
    ) -> None:
        """Count `ident` as unblocked, and keep question and topic of the gravest rule."""
        if missing.period is not None:
            self.periods.add(missing.period)
        if ident not in self.unblocks:
            self.unblocks.append(ident)
        if severity is not None and severity_rank(severity) < severity_rank(self.severity):
            self.severity = severity
            self.ask = ask or self.ask
            self.category = category
        self.ask = self.ask or ask
        self.category = self.category or category


_Drafts = dict[tuple[str, "str | None", str, bool], _Draft]


def list_requests(
    context: Context,
    findings: tuple[Finding, ...],
    metrics: tuple[MetricResult, ...],
    language: str,
) -> tuple[Request, ...]:
    """The facts that unknown findings and unknown graded metrics wait for, a fact once.

    Ordered by the gravest severity they would decide, then what must be known, then by how many
    rules and graded metrics they unblock, then by how much of the grade's range they close. Flags
    that are up may ask as well: for an explanation, not for a fact. What is known on too weak
    evidence is asked for again, with the tier that would do.
    """
    plan = context.plan
    policy, grading = plan.packs.policy, plan.grading
    must_know = policy.must_know if policy is not None else ()
    graded = {c.id for c in (grading.categories.values() if grading else ()) if c.graded}
    drafts: _Drafts = {}
    for finding in findings:
        definition = plan.rules[finding.id].definition
        ask = definition.ask.text(language) if definition.ask is not None else ""
        if finding.is_open and "unknown" in definition.ask_on:
            for missing in finding.missing:
                draft = _draft(drafts, missing)
                if draft is None:
                    continue
                draft.add(missing, finding.id, finding.severity, finding.category, ask)
                draft.must_know = draft.must_know or finding.id in must_know
                if missing.kind == "evidence":
                    tiers = (t for t in (draft.tier, definition.min_evidence) if t is not None)
                    draft.tier = min(tiers, key=TIERS.index, default=None)
                first = plan.rules[finding.id].show[:1] == (missing.name,)
                _note_what_is_known(draft, finding, missing, language, own=first)
        elif finding.outcome == FLAG and "flag" in definition.ask_on and ask:
            name = finding.figures[0].name if finding.figures else finding.id
            missing = Missing("fact", name, finding.period, None, "")
            if plan.rules[finding.id].leaves == {EVERY_FACT} and finding.evidence:
                fact = finding.evidence[0]  # it is about facts, whatever they are of
                missing = Missing("fact", fact.concept, fact.period.label, None, "")
            draft = _draft(drafts, missing, explains=finding.id)
            if draft is not None:
                draft.add(missing, finding.id, finding.severity, finding.category, ask)
                draft.raised = finding.category in graded
    closing = _closing(plan, metrics)
    for metric in metrics:
        if metric.graded and (metric.behind or metric.state in ("unknown", "stale")):
            definition_ask = plan.metrics[metric.id].definition.ask
            ask = definition_ask.text(language) if definition_ask is not None else ""
            wanted = [missing for missing in metric.missing if missing.name]
            for missing in wanted:
                draft = _draft(drafts, missing)
                if draft is not None:
                    draft.add(missing, metric.id, None, metric.category, ask)
                    draft.closes += closing.get(metric.id, 0.0) / len(wanted)
    ordered = sorted(
        drafts.values(),
        key=lambda d: (
            severity_rank(d.severity),
            not d.must_know,
            -len(d.unblocks),
            -d.closes,
            d.missing.name,
            d.missing.scope or "",
        ),
    )
    return tuple(_request(context, draft, language) for draft in ordered)


def _draft(drafts: _Drafts, missing: Missing, *, explains: str = "") -> _Draft | None:
    """The draft of what is missing, or of what the flag `explains` asks about.

    Guidance is another fact than what came in.
    """
    if missing.kind not in _ASKED or not missing.name:
        return None
    key = (missing.name, missing.scope, explains, _is_guidance(missing))
    draft = drafts.get(key)
    if draft is None:
        draft = drafts[key] = _Draft(missing, explains=bool(explains))
    return draft


def _is_guidance(missing: Missing) -> bool:
    return missing.period is not None and missing.period.endswith(kind_suffix(GUIDANCE))


def _note_what_is_known(
    draft: _Draft, finding: Finding, missing: Missing, language: str, *, own: bool
) -> None:
    """The last value and the bounds of a finding that is about nothing but what is missing.

    `own`: its first figure, whose last value it tells, is of what is missing.
    """
    figure = finding.figures[0] if finding.figures else None
    alone = own and len(finding.missing) == 1
    if alone and finding.last is not None and finding.last_value is not None:
        draft.last = draft.last or (finding.last_value, finding.last.period)
    if finding.bounds is not None and missing.kind == "bounded" and figure is not None:
        period, low, high = finding.bounds
        words = value_text(None, figure.unit, figure.style, low, high, language)
        draft.bounds = draft.bounds or (period, words)


def _closing(plan: Plan, metrics: tuple[MetricResult, ...]) -> dict[str, float]:
    """The part of the grade's range that each unknown metric alone keeps open, before caps."""
    if plan.grading is None:
        return {}
    categories = {c.id: c for c in plan.grading.categories.values() if c.graded}
    weights = dict.fromkeys(categories, 0.0)
    for metric in metrics:
        if metric.graded and metric.category in weights:
            weights[metric.category] += metric.weight
    whole = sum(category.weight for name, category in categories.items() if weights[name])
    found = {}
    for metric in metrics:
        category = categories.get(metric.category or "")
        if metric.graded and category is not None and weights[category.id] and whole:
            worst, best = metric.letters or (LETTERS[-1], LETTERS[0])
            span = (LETTERS.index(worst) - LETTERS.index(best)) / (len(LETTERS) - 1)
            share = metric.weight / weights[category.id] * category.weight / whole
            found[metric.id] = span * share
    return found


def _request(context: Context, draft: _Draft, language: str) -> Request:
    plan, missing = context.plan, draft.missing
    name = missing.name
    term = plan.terms.get(name)
    concept = plan.vocabulary.concepts.get(name)
    periods = _in_order(context, draft.periods)
    fact = newest_known(context, missing)
    return Request(
        name,
        title_of(plan, name, language),
        periods[-1] if periods else None,
        missing.scope,
        tuple(draft.unblocks),
        draft.severity,
        draft.ask,
        _as_printed(fact) if fact is not None else None,
        draft.raised,
        periods,
        tuple(_title_of_entry(plan, ident, language) for ident in draft.unblocks),
        tuple(
            title_of(plan, ident, language)
            for ident in draft.unblocks
            if ident in plan.metrics and ident != name
        ),
        draft.explains,
        draft.must_know,
        draft.category,
        unit_name(term.unit) if term is not None else "",
        metric_style(plan.metrics[name]) if name in plan.metrics else "percent",
        term.time if term is not None else "",
        _splits(plan, missing, language),
        _made_of(plan, name, language),
        concept is not None and bool(concept.tags),
        fact,
        draft.last,
        draft.bounds,
        draft.tier,
    )


def _in_order(context: Context, labels: set[str]) -> tuple[str, ...]:
    """Labels of periods, the earliest first."""

    def end(label: str) -> tuple[int, str]:
        try:
            return context.ledger.calendar.parse(label)[0].end, label
        except PeriodError:
            return 0, label

    return tuple(sorted(labels, key=end))


def _splits(plan: Plan, missing: Missing, language: str) -> tuple[str, ...]:
    """The labels of the dimensions by which it is wanted."""
    dimensions = plan.vocabulary.dimensions
    words = [missing.scope.split()[0]] if missing.scope else []
    metric = plan.metrics.get(missing.name)
    if metric is not None:
        formulas = (f for f in metric.formulas if not f.calls.isdisjoint(_BY_DIMENSION))
        words += [word for formula in formulas for word in _SPLIT.findall(formula.text)]
    found = dict.fromkeys(word for word in words if word in dimensions)
    return tuple(dimensions[word].label.text(language) for word in found)


def _made_of(plan: Plan, name: str, language: str) -> tuple[str, ...]:
    """The labels of the facts from which a metric is worked out, by its first formula."""
    metric = plan.metrics.get(name)
    if metric is None or not metric.formulas:
        return ()
    concepts = plan.vocabulary.concepts
    names = sorted(leaf for leaf in metric.formulas[0].names if leaf in concepts)
    return tuple(title_of(plan, leaf, language) for leaf in names)


def title_of(plan: Plan, name: str, language: str) -> str:
    """The label of a concept, metric or parameter."""
    term = plan.terms.get(name)
    if term is not None:
        return term.label.text(language)
    parameter = plan.parameters.get(name)
    return parameter.title.text(language) if parameter is not None else name


def _title_of_entry(plan: Plan, ident: str, language: str) -> str:
    rule = plan.rules.get(ident)
    return rule.definition.title.text(language) if rule else title_of(plan, ident, language)


def newest_known(context: Context, missing: Missing) -> Fact | None:
    """The newest fact of the kind and scope that is missing, scoped where there is no other."""
    kind = GUIDANCE if _is_guidance(missing) else ACTUAL
    facts = [
        fact
        for fact in context.ledger.facts
        if fact.concept == missing.name and fact.kind == kind and fact.source != ASSUMED
    ]
    if missing.scope is not None:
        facts = [f for f in facts if f.scope and " ".join(f.scope).startswith(missing.scope)]
    facts = [f for f in facts if kind != ACTUAL or f.period.end <= context.day] or facts
    plain = [fact for fact in facts if fact.scope is None] or facts
    return max(plain, key=lambda fact: fact.period.end, default=None)


def _as_printed(fact: Fact) -> str:
    scope = f" {fact.scope[0]} {fact.scope[1]}" if fact.scope else ""
    return f"{fact.text} ({fact.period}{scope})"
