"""Memos in `check`: each held against its companies' facts, by the policy of the packs alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ddcheck.engine.commands.judging import Asked
from ddcheck.engine.commands.levels import Level
from ddcheck.engine.commands.loading import Project, company_path
from ddcheck.engine.commands.steps import Steps
from ddcheck.engine.memo.audit import report_mistakes
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.memo import Audit
from ddcheck.engine.model.pack import COVERAGES, Policy
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.text.diagnostics import Report


def audit_memos(
    paths: Iterable[str],
    companies: Iterable[Company],
    project: Project,
    asked: Asked,
    level: Level | None,
    steps: Steps,
    report: Report,
) -> tuple[Audit, ...]:
    """The memos at `paths`, judged as of their own day, with the project's waivers.

    Their companies are `companies`, or files of the project's folders by id; a memo without one
    of them is left out, with DD311. Assumptions are none of theirs: a memo speaks of facts.
    """
    plan = project.plan
    policy = plan.packs.policy or load_packs((), Report()).policy
    assert policy is not None
    if level is not None:
        policy = policy._replace(fail_on=level.severity)
    known: dict[str, Company | None] = {company.id: company for company in companies}
    judged: dict[tuple[str, int | None], Evaluation | None] = {}
    audits = []
    for path in paths:
        memo = steps.memo(path, _coverage(policy), report)
        if memo is None:
            continue
        as_of = memo.as_of if memo.as_of is not None else asked.as_of
        evaluations: dict[str, Evaluation] = {}
        for ident in memo.companies:
            if ident not in known:
                known[ident] = _named(ident, project, steps, report)
            company = known[ident]
            if company is None:
                continue
            key = ident, as_of
            if key not in judged:
                own = asked._replace(as_of=as_of, assumptions=())
                found = steps.judged(plan, company, own, (), report)
                if found is not None:
                    found = steps.excused([found], project, asked.today, report)[0].evaluation
                judged[key] = found
            evaluation = judged[key]
            if evaluation is not None:
                evaluations[ident] = evaluation
        if len(evaluations) == len(memo.companies):
            audit = steps.audit(memo, evaluations, policy, _waived(evaluations))
            report_mistakes(audit, lambda: _rules(project), report)
            audits.append(audit)
    return tuple(audits)


def _rules(project: Project) -> frozenset[str]:
    """The rules that a memo may name, whether or not this run applies them."""
    if project.settings is not None:
        return project.settings.rules
    shipped = load_packs((), Report())
    return frozenset(ident for pack in shipped.packs for ident in pack.rules)


def _waived(evaluations: Mapping[str, Evaluation]) -> dict[str, frozenset[str]]:
    """The rules that a waiver covers, by company."""
    return {
        ident: frozenset(finding.id for finding in evaluation.findings if finding.waived)
        for ident, evaluation in evaluations.items()
    }


def _coverage(policy: Policy) -> str:
    return policy.memos.coverage if policy.memos is not None else COVERAGES[0]


def _named(ident: str, project: Project, steps: Steps, report: Report) -> Company | None:
    path = company_path(ident, report, project.companies)
    return steps.company(path, project.plan, report) if path is not None else None
