"""Mutants: every entry of a plan with one thing changed, and whether a test notices.

A change is compiled in memory and the tests that can reach it are run: those of the entry first,
then those of entries that rest on it. The first test that fails has noticed it. What the compiler
refuses was noticed before any test; it is counted apart, and so is what the entry calls equivalent.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as ByName
from types import MappingProxyType

from ddcheck.engine.check.cases import Case, judge_case, read_cases
from ddcheck.engine.check.entry_changes import EntryChange, Maker
from ddcheck.engine.model.plan import Metric, Plan, Rule
from ddcheck.engine.model.trials import EXCUSED, NOTICED, REFUSED, UNNOTICED, Mutant, Mutation
from ddcheck.engine.text.diagnostics import Report


def run_mutants(
    plan: Plan,
    packs: frozenset[str],
    report: Report,
    names: frozenset[str] | None = None,
    known: ByName[str, tuple[str, ...]] = MappingProxyType({}),
) -> Mutation:
    """Every mutant of every metric, rule and strength of `packs`, and what came of it.

    `names` are the entries that are asked; all without it. `known` are the fates of the mutants of
    entries, in order, that need not be tried again. Tests that cannot be read are DD401; an
    `equivalent:` that is no mutant, or one that a test does notice, is a warning (DD551).
    """
    entries: list[Metric | Rule] = [*plan.metrics.values(), *plan.rules.values()]
    asked = [
        entry
        for entry in entries
        if entry.definition.pack in packs and (names is None or entry.id in names)
    ]
    cases: dict[str, list[Case]] = {}
    if any(entry.id not in known for entry in asked):
        for case in read_cases(plan, report):
            cases.setdefault(case.owner, []).append(case)
    maker = Maker(plan)
    found: list[Mutant] = []
    for entry in asked:
        changes = list(maker.mutants(entry))
        fates = known.get(entry.id)
        if fates is None or len(fates) != len(changes):
            others = [case for name in resting_on(plan, entry) for case in cases.get(name, ())]
            ordered = [*cases.get(entry.id, ()), *others]
            fates = tuple(_fate(plan, made, ordered) for made in changes)
        own = [_mutant(entry, made, fate) for made, fate in zip(changes, fates, strict=True)]
        found += _excused(entry, own, report)
    return Mutation(tuple(found))


def _fate(plan: Plan, made: EntryChange, cases: list[Case]) -> str:
    changed = made.build()
    if changed is None:
        return REFUSED
    return NOTICED if _noticed(_with(plan, changed), cases) else UNNOTICED


def _mutant(entry: Metric | Rule, made: EntryChange, fate: str) -> Mutant:
    return Mutant(entry.id, made.kind, made.was, made.becomes, made.node, made.offset, fate)


def _with(plan: Plan, changed: Metric | Rule) -> Plan:
    if isinstance(changed, Rule):
        return plan._replace(rules={**plan.rules, changed.id: changed})
    return plan._replace(metrics={**plan.metrics, changed.id: changed})


def _noticed(plan: Plan, cases: list[Case]) -> bool:
    for case in cases:
        outcome = judge_case(plan, case, Report())
        if outcome is not None and not outcome.passed:
            return True
    return False


def resting_on(plan: Plan, entry: Metric | Rule) -> Iterator[str]:
    """The other metrics and rules that reach `entry`."""
    others: list[Metric | Rule] = [*plan.metrics.values(), *plan.rules.values()]
    for other in others:
        if other.id == entry.id:
            continue
        if isinstance(entry, Metric) and entry.id in other.leaves:
            yield other.id
        elif isinstance(entry, Rule) and isinstance(other, Rule):
            asked = (*(step.condition for step in other.steps), other.applies_when)
            if any(formula is not None and entry.id in formula.rules for formula in asked):
                yield other.id


def _excused(entry: Metric | Rule, mutants: list[Mutant], report: Report) -> Iterator[Mutant]:
    """`mutants`, those that the entry calls equivalent with the reason; DD551 for stale ones."""
    reasons = {_plain(item.becomes.text): item for item in entry.definition.equivalent}
    for mutant in mutants:
        item = reasons.get(_plain(mutant.becomes))
        if item is None or mutant.fate == REFUSED:
            yield mutant
            continue
        del reasons[_plain(mutant.becomes)]
        if mutant.fate == NOTICED:
            report.warning(
                "DD551", item.becomes, f"a test of `{entry.id}` does notice this change",
                "remove the entry",
            )  # fmt: skip
            yield mutant
        else:
            yield mutant._replace(fate=EXCUSED, why=item.why)
    for item in reasons.values():
        report.warning(
            "DD551", item.becomes, f"`{item.becomes.text}` is no change of `{entry.id}`",
            "write what follows the `+` in the list of `ddcheck test --mutate`",
        )  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(text.split())
