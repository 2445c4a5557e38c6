"""Steps that keep what they made: each is made anew only where what it is made of is another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, TypeVar, cast

from ddcheck.engine.commands.judging import Asked, Excused
from ddcheck.engine.commands.loading import Project, load_project
from ddcheck.engine.commands.steps import Steps
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.kept_packs import KeptPacks
from ddcheck.engine.model.memo import Audit, Memo
from ddcheck.engine.model.pack import Policy
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Diagnostic, Report

_T = TypeVar("_T")
#: The first word of a name: what kind of part it is.
PROJECT, WAIVERS, COMPANY, MEMO = "project", "waivers", "company", "memo"
_JUDGED, _AUDIT = "judged", "audit"


class _Part(NamedTuple):
    """Something made, what it was made of (held, so that no other takes its place in memory),
    and what was said meanwhile.
    """

    made: object
    of: tuple[object, ...]
    said: tuple[Diagnostic, ...]


class Kept(Steps):
    """The steps of one command over its runs, with the same results as `Steps`.

    A part stands until a file that it was read from is forgotten, or a part that it was made of
    is another one; what is made of it follows by itself.
    """

    def __init__(self) -> None:
        self._parts: dict[tuple[object, ...], _Part] = {}
        self._packs = KeptPacks()

    def forget(self, kind: str, path: str = "") -> None:
        """Read the company or memo at `path`, the waivers or the whole project anew next time."""
        self._parts.pop((kind, path), None)
        if kind == WAIVERS:
            for name in [name for name in self._parts if name[0] == WAIVERS]:
                del self._parts[name]

    def paths(self, kind: str) -> frozenset[str]:
        """The files that companies or memos were asked of."""
        return frozenset(str(name[1]) for name in self._parts if name[0] == kind)

    def _part(
        self,
        name: tuple[object, ...],
        of: tuple[object, ...],
        make: Callable[[Report], _T],
        report: Report,
    ) -> _T:
        part = self._parts.get(name)
        if part is None or len(part.of) != len(of) or any(map(_other, part.of, of)):
            said = Report()
            part = _Part(make(said), of, tuple(said))
            self._parts[name] = part
        for item in part.said:
            report.add(item)
        return cast("_T", part.made)  # what `make` of this name gave

    def project(self, config: str | None, packs: tuple[str, ...], report: Report) -> Project | None:
        def make(said: Report) -> Project | None:
            return load_project(config, packs, said, self._packs)

        return self._part((PROJECT, ""), (), make, report)

    def company(self, path: str, plan: Plan, report: Report) -> Company | None:
        def make(said: Report) -> Company | None:
            return super(Kept, self).company(path, plan, said)

        return self._part((COMPANY, path), (plan,), make, report)

    def judged(
        self, plan: Plan, company: Company, asked: Asked, ids: Collection[str], report: Report
    ) -> Evaluation | None:
        # Only assumptions name other companies.
        names = tuple(ids) if asked.assumptions else ()

        def make(said: Report) -> Evaluation | None:
            return super(Kept, self).judged(plan, company, asked, names, said)

        name = (_JUDGED, company.path, asked, names)
        return self._part(name, (plan, company), make, report)

    def excused(
        self, evaluations: list[Evaluation], project: Project, today: int, report: Report
    ) -> tuple[Excused, ...]:
        found: list[Excused] = []
        for item in evaluations:

            def make(said: Report, item: Evaluation = item) -> tuple[Excused, ...]:
                return super(Kept, self).excused([item], project, today, said)

            name = (WAIVERS, item.company.path, item.ledger.as_of, bool(item.assumptions), today)
            found += self._part(name, (item, project), make, report)
        return tuple(found)

    def memo(self, path: str, coverage: str, report: Report) -> Memo | None:
        def make(said: Report) -> Memo | None:
            return super(Kept, self).memo(path, coverage, said)

        return self._part((MEMO, path), (coverage,), make, report)

    def audit(
        self,
        memo: Memo,
        evaluations: Mapping[str, Evaluation],
        policy: Policy,
        waived: Mapping[str, frozenset[str]],
    ) -> Audit:
        def make(_: Report) -> Audit:
            return super(Kept, self).audit(memo, evaluations, policy, waived)

        of = (memo, *evaluations.values(), policy.fail_on)
        return self._part((_AUDIT, memo.path), of, make, Report())


def _other(before: object, now: object) -> bool:
    """Whether two parts differ: texts by what they say, all else by being another object."""
    return before != now if isinstance(before, str) and isinstance(now, str) else before is not now
