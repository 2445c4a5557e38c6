"""The steps of a check: a project, companies, verdicts and audits, each made anew.

What watches files keeps instead what a change does not touch: `kept.Kept`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from ddcheck.engine.commands.judging import Asked, Excused, judge_company, with_waivers
from ddcheck.engine.commands.loading import Project, load_project, read_company
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Report

if TYPE_CHECKING:
    from ddcheck.engine.model.memo import Audit, Memo
    from ddcheck.engine.model.pack import Policy


class Steps:
    """How a run comes by its parts; what is wrong with one goes into the report every time."""

    def project(self, config: str | None, packs: tuple[str, ...], report: Report) -> Project | None:
        """The project asked for, as `load_project` gives it."""
        return load_project(config, packs, report)

    def company(self, path: str, plan: Plan, report: Report) -> Company | None:
        """The company in the file at `path`, as `read_company` gives it."""
        return read_company(path, plan, report)

    def judged(
        self, plan: Plan, company: Company, asked: Asked, ids: Collection[str], report: Report
    ) -> Evaluation | None:
        """The evaluation of `company`, as `judge_company` gives it."""
        return judge_company(plan, company, asked, ids, report)

    def excused(
        self, evaluations: list[Evaluation], project: Project, today: int, report: Report
    ) -> tuple[Excused, ...]:
        """The evaluations with the project's waivers on their findings."""
        return tuple(with_waivers(evaluations, project, today, report))

    def memo(self, path: str, coverage: str, report: Report) -> Memo | None:
        """The memo at `path`, or None and diagnostics."""
        from ddcheck.engine.commands.memos import load_memo

        return load_memo(path, coverage, report)

    def audit(
        self,
        memo: Memo,
        evaluations: Mapping[str, Evaluation],
        policy: Policy,
        waived: Mapping[str, frozenset[str]],
    ) -> Audit:
        """The memo held against the evaluations of its companies."""
        from ddcheck.engine.memo.audit import audit_memo

        return audit_memo(memo, evaluations, policy, waived)
