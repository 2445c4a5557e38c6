"""One round of tests: those of one plan, of which only what is not on record is run."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ddcheck.engine.check.coverage import Key, coverage_of, record_of
from ddcheck.engine.check.fingerprints import Fingerprints
from ddcheck.engine.commands.records import Records
from ddcheck.engine.model.plan import Metric, Plan, Rule
from ddcheck.engine.model.trials import Coverage, Failure, Mutant, Record
from ddcheck.engine.text.diagnostics import Report


class Round:
    """The tests of `plan`, asked of `names` in `packs`; `records` of earlier runs, if any are kept.

    A record stands for tests that all passed without a remark; whatever else came of an entry, its
    tests run again.
    """

    def __init__(
        self,
        plan: Plan,
        names: frozenset[str],
        packs: frozenset[str],
        records: Records | None,
    ) -> None:
        self.plan = plan
        self.names = names
        self.packs = packs
        self.passed = 0
        self.failures: tuple[Failure, ...] = ()
        self._memory = _Memory(records, plan) if records is not None else None
        self._reached: dict[str, set[Key]] = {}
        self._known: dict[str, Record] = {}

    def run(self, report: Report, *, coverage: bool) -> None:
        """Run the tests; what they reach is noted where `coverage` asks for it."""
        tested = [item for item in self._entries() if item.definition.tests]
        open_ = {item.id: item for item in tested if not self._recall(item, coverage=coverage)}
        if not open_:
            return
        from ddcheck.engine.check.cases import run_cases

        before = len(report.items)
        names = frozenset(open_)
        if coverage:
            from ddcheck.engine.check.reaching import Tracker

            tracker = Tracker(self.plan)
            outcomes = run_cases(self.plan, report, names, tracker.observe).outcomes
            self._reached.update(tracker.reached)
        else:
            outcomes = run_cases(self.plan, report, names).outcomes
        failing = tuple(item for item in outcomes if not item.passed)
        self.passed += len(outcomes) - len(failing)
        self.failures = tuple(Failure(i.id, i.node, i.wanted, i.got) for i in failing)
        if len(report.items) == before:
            for ident in {item.id for item in failing}:
                del open_[ident]
            self._note(open_.values(), coverage=coverage)

    def coverage(self) -> Coverage:
        """How much is asked of the tests, and what they do not reach."""
        return coverage_of(self.plan, self.packs, self._reached, self.names, self._known)

    def mutants(self, report: Report) -> tuple[Mutant, ...]:
        """Every mutant of what is asked, and what came of it."""
        from ddcheck.engine.check.mutants import resting_on, run_mutants

        memory = self._memory
        if memory is None:
            return run_mutants(self.plan, self.packs, report, self.names).mutants
        known: dict[str, tuple[str, ...]] = {}
        keys: dict[str, str] = {}
        by_id = {item.id: item for item in self._entries()}
        for item in by_id.values():
            others = [by_id[name] for name in resting_on(self.plan, item)]
            keys[item.id] = memory.prints.with_all(item, others)
            fates = memory.records.fates(keys[item.id])
            if fates is not None:
                known[item.id] = fates
        before = report.failed
        found = run_mutants(self.plan, self.packs, report, self.names, known).mutants
        if report.failed == before:
            tried: dict[str, list[str]] = {}
            for mutant in found:
                tried.setdefault(mutant.owner, []).append(mutant.fate)
            for ident, fate in tried.items():
                memory.records.note_fates(keys[ident], tuple(fate))
        return found

    def _entries(self) -> Iterator[Metric | Rule]:
        yield from self.plan.metrics.values()
        yield from self.plan.rules.values()

    def _recall(self, entry: Metric | Rule, *, coverage: bool) -> bool:
        """Whether the tests of `entry` are on record, which then stands for them."""
        if self._memory is None:
            return False
        record = self._memory.tests(entry)
        if record is None or (coverage and record.asked is None):
            return False
        self._known[entry.id] = record
        self.passed += record.passed
        self._memory.note(entry, record)
        return True

    def _note(self, entries: Collection[Metric | Rule], *, coverage: bool) -> None:
        if self._memory is None:
            return
        for entry in entries:
            record = Record(len(entry.definition.tests))
            if coverage:
                record = record_of(entry, self._reached.get(entry.id, ()))
            self._memory.note(entry, record)


class _Memory:
    """The records of a run as the entries of one plan have them, by their fingerprints."""

    def __init__(self, records: Records, plan: Plan) -> None:
        self.records = records
        self.prints = Fingerprints(plan, records.engine)

    def tests(self, entry: Metric | Rule) -> Record | None:
        return self.records.tests(self.prints.of(entry))

    def note(self, entry: Metric | Rule, record: Record) -> None:
        self.records.note_tests(self.prints.of(entry), record)
