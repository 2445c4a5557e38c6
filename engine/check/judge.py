"""Judging a rule: at which period it is decided, how, and on what evidence.

The latest decidable actual period by the evaluation date counts. Points decide what they can;
bounds, ranges and the meeting of intervals are decided on evidence. Unknown is never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ddcheck.engine.check.min_evidence import EVIDENCE, too_weak, wanted_again, withheld
from ddcheck.engine.check.newest import newest_place
from ddcheck.engine.language.cells import Cause, Cell
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.evaluate import BOUNDS, POINTS, PRINTED
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.finding import FLAG, NOT_APPLICABLE, PASS, UNKNOWN, Last, Missing
from ddcheck.engine.model.formula import EVERY_FACT, Formula
from ddcheck.engine.model.periods import (
    ACTUAL,
    ANY_FRAMES,
    KIND_NAMES,
    Period,
    months_between,
)
from ddcheck.engine.model.plan import Rule
from ddcheck.engine.model.sums import entry_facts

_NEED_EVIDENCE = frozenset(
    {"agrees", "top_share", "hhi", "largest", "share", "low", "high", "streak"}
)
_SCOPED = frozenset({"scoped", "share", "top_share", "hhi", "largest"})


class Verdict(NamedTuple):
    """What a rule comes to, where, and why.

    `place` is the position on the axis of `frame`, -1 where no period decides; `step` the index
    of the gravest limit reached, `worst` the gravest severity that what is known does not rule
    out, None for none. `last_place` is where a stale verdict was decided, on `last_frame`;
    `open_place` is what a newer verdict waits for, on `open_frame` (or `frame`).
    """

    rule: Rule
    outcome: str
    severity: str
    reason: str | None
    frame: str
    period: Period | None
    place: int
    step: int
    kind: int
    last: Last | None
    open_place: int
    behind: bool
    worst: str | None
    last_frame: str = ""
    last_place: int = -1
    open_frame: str = ""


class Judge:
    """Judges rules for one company; `limit` is the last day whose actuals count."""

    def __init__(self, context: Context, limit: int) -> None:
        self.context = context
        self.limit = limit
        self._newest: dict[str, int] = {}
        self._kept: dict[tuple[str, str, str], tuple[Any, list[Any]]] = {}

    def among(self, context: Context) -> Judge:
        """A judge of a variant of the same company, whose newest periods are the same."""
        other = Judge(context, self.limit)
        other._newest = self._newest
        return other

    def newest(self, frame: str) -> int:
        """The position of the newest period of `frame` with any actual fact; -1 for none.

        A balance on a year's last day does not make that year reported: instants count only in a
        frame of which no span is stated.
        """
        found = self._newest.get(frame)
        if found is None:
            found = self._newest[frame] = newest_place(self.context, self.limit, frame)
        return found

    def evidence_mode(self, leaves: frozenset[str], calls: frozenset[str]) -> str:
        """Points, or evidence where points cannot decide."""
        needs = calls & _NEED_EVIDENCE or self.context.is_bounded(leaves, calls)
        return BOUNDS if needs else POINTS

    def verdict(self, rule: Rule) -> Verdict:
        """The verdict of `rule`; total: what cannot be decided is unknown with its reason."""
        found = self._decided(rule)
        wanted = rule.definition.min_evidence is not None and found.place >= 0
        if wanted and too_weak(self.context.ledger, rule, self.evidence(found)):
            return withheld(found)
        return found

    def _decided(self, rule: Rule) -> Verdict:
        """The verdict of `rule` on whatever evidence there is."""
        definition = rule.definition
        if definition.tags and definition.tags.isdisjoint(self.context.ledger.company.tags):
            return Verdict(
                rule, NOT_APPLICABLE, rule.gravest, None, definition.frame, None, -1, -1, -1, None,
                -1, False, None,
            )  # fmt: skip
        frames = ANY_FRAMES if definition.frame == "any" else (definition.frame,)
        mode = self.evidence_mode(rule.leaves, rule.calls)
        scoped = bool(rule.calls & _SCOPED)
        newest_first = len(frames) == 1 and frames[0] != "range"  # nothing before it outranks it
        best: tuple[tuple[int, int], str, int, str, int, int] | None = None
        open_: tuple[tuple[int, int, int], str, int] | None = None
        for frame in frames:
            places = self.context.places(rule.leaves, frame, scoped=scoped)
            if not places:
                continue
            axis = self.context.axis(frame)
            rows = self._rows(rule, frame, mode)
            for i in reversed(places):
                period = axis.periods[i]
                outcome, step, kind = outcome_at(rows, i)
                allowed = kind in definition.kinds
                if kind == ACTUAL:
                    allowed = allowed and allowed_day(period, self.limit)
                rank = (period.end, period.months)
                if outcome == UNKNOWN:
                    reported = i <= self.newest(frame) or definition.kinds != {ACTUAL}
                    newer = (int(frame == "year"), *rank)  # years are what companies are asked for
                    ended = allowed_day(period, self.limit)
                    if ended and reported and (open_ is None or newer > open_[0]):
                        open_ = (newer, frame, i)
                elif allowed and (best is None or rank > best[0]):
                    best = (rank, frame, i, outcome, step, kind)
                    if newest_first:
                        break
        severity = rule.gravest
        if best is None:
            frame = open_[1] if open_ else frames[0]
            place = open_[2] if open_ else -1
            waiting = self.context.axis(frame).periods[place] if open_ else None
            return Verdict(
                rule, UNKNOWN, severity, None, frame, waiting, -1, -1, -1, None, place, True,
                rule.gravest,
            )  # fmt: skip
        _, frame, place, outcome, step, kind = best
        period = self.context.axis(frame).periods[place]
        if outcome == FLAG:
            severity = rule.steps[step].name
        behind = place < self.newest(frame) if kind == ACTUAL else False
        newer_place = open_[2] if open_ and open_[0][1:] > best[0] else -1
        age = months_between(period.end, self.limit)
        if kind == ACTUAL and age > definition.stale_after + 0.05:
            last = Last(outcome, severity if outcome == FLAG else None, period.label)
            frame_open = open_[1] if newer_place >= 0 and open_ else frame
            return Verdict(
                rule, UNKNOWN, rule.gravest, "stale", frame_open, None, -1, -1, kind, last,
                newer_place, True, rule.gravest, frame, place,
            )  # fmt: skip
        open_frame = frame
        if newer_place >= 0 and open_ and open_[1] != frame:
            open_frame = open_[1]
            # A quarter's figure does not stand in for a year that is open.
            waiting = self.context.axis(open_frame).periods[newer_place]
            behind = behind or (kind == ACTUAL and waiting.months >= period.months)
        worst = self._worst(rule, frame, place, mode) if outcome == FLAG else None
        if behind:
            worst = rule.gravest
        return Verdict(
            rule, outcome, severity, None, frame, period, place, step, kind, None, newer_place,
            behind, worst, open_frame=open_frame,
        )  # fmt: skip

    def _worst(self, rule: Rule, frame: str, place: int, mode: str) -> str:
        """The gravest step whose condition is not known to be false."""
        rows = self._rows(rule, frame, mode)[1]
        truths = [_truth(row, place)[0] for row in rows]
        return rule.steps[max(i for i, truth in enumerate(truths) if truth is not False)].name

    def _rows(self, rule: Rule, frame: str, mode: str) -> tuple[Any, list[Any]]:
        """The rows of the rule's `applies_when` (or None) and of each of its steps."""
        key = (rule.id, frame, mode)
        found = self._kept.get(key)
        if found is None:
            evaluator = self.context.evaluator(frame, mode)
            applies = evaluator.row(rule.applies_when) if rule.applies_when is not None else None
            steps = [evaluator.row(step.condition) for step in rule.steps]
            found = self._kept[key] = applies, steps
        return found

    def outcome_at(self, rule: Rule, frame: str, place: int) -> tuple[str, int, int]:
        """The outcome of `rule` at one position, the gravest step reached, and the kind."""
        mode = self.evidence_mode(rule.leaves, rule.calls)
        return outcome_at(self._rows(rule, frame, mode), place)

    # What is shown of a verdict.

    def missing(self, verdict: Verdict) -> tuple[Missing, ...]:
        """Why the verdict is open: the facts, parameters or bounds that would decide it."""
        rule = verdict.rule
        place = verdict.open_place
        if verdict.reason == EVIDENCE:
            ledger = self.context.ledger
            return wanted_again(ledger, too_weak(ledger, rule, self.evidence(verdict)))
        if place < 0:
            frame = "year" if rule.definition.frame == "any" else rule.definition.frame
            place = self.newest(frame)
            if place < 0:
                return tuple(Missing("fact", name, None, None, "") for name in self._wanted(rule))
            if verdict.reason == "stale":
                label = self.context.axis(frame).periods[place].label
                return tuple(Missing("fact", n, label, None, "") for n in self._wanted(rule))
            return self._causes(rule, frame, place)
        return self._causes(rule, verdict.open_frame or verdict.frame, place)

    def _wanted(self, rule: Rule) -> list[str]:
        used = [step.condition for step in rule.steps[:1]]
        if rule.applies_when is not None:
            used.append(rule.applies_when)
        names = {name for formula in used for name in formula.names}
        return sorted(name for name in names if name not in self.context.plan.parameters)

    def _causes(self, rule: Rule, frame: str, place: int) -> tuple[Missing, ...]:
        applies, steps = self._rows(rule, frame, BOUNDS)
        causes: set[Cause] = set()
        if applies is not None and applies[place].truth is None:
            causes |= applies[place].causes
        for row in steps[:1]:
            causes |= row[place].causes
        wanted = self._wanted(rule)
        causes = {
            cause._replace(name=wanted[0]) if cause.kind == "bounded" and not cause.name else cause
            for cause in causes
        }
        found = sorted({Missing(*cause) for cause in causes}, key=lambda m: tuple(map(str, m)))
        facts = [m for m in found if m.kind != "frame"]
        return tuple(facts or found)

    def evidence(self, verdict: Verdict) -> tuple[Fact, ...]:
        """The stated facts behind the verdict, or behind the last one of a stale rule, in order."""
        if verdict.place < 0 and verdict.last_place < 0:
            return ()
        entries = (entry for cell in self.cells(verdict, BOUNDS) for entry in cell.entries)
        return in_order({fact for entry in entries for fact in entry_facts(entry)})

    def cells(self, verdict: Verdict, mode: str) -> list[Cell]:
        """What decides the verdict, or the last one of a stale rule: its conditions' cells."""
        frame, place = verdict.frame, verdict.place
        if place < 0:
            frame, place = verdict.last_frame, verdict.last_place
        applies, steps = self._rows(verdict.rule, frame, mode)
        rows = steps if verdict.outcome != NOT_APPLICABLE else []
        cells = [row[place] for row in rows]
        condition = verdict.rule.applies_when
        # Facts that were counted to see whether there is anything to judge are no evidence.
        if condition is None or (cells and condition.leaves == {EVERY_FACT}):
            return cells
        return [*cells, applies[place]]

    def firm(self, verdict: Verdict) -> bool | None:
        """True where the printed intervals prove the verdict; None where that is not shown.

        Whatever values within their printed digits the facts have, the outcome is the same, and so
        is the severity; nothing that it rests on can come to be missing.
        """
        if verdict.place < 0 or verdict.outcome == UNKNOWN:
            return None
        cells = self.cells(verdict, PRINTED)
        if any(cell.assumed or cell.partial or cell.truth is None for cell in cells):
            return None
        applies, steps = self._rows(verdict.rule, verdict.frame, PRINTED)
        outcome, step, _ = outcome_at((applies, steps), verdict.place)
        same = outcome == verdict.outcome and (outcome != FLAG or step == verdict.step)
        return True if same else None

    def assumed(self, verdict: Verdict) -> bool:
        """Whether the verdict rests on an assumption."""
        if verdict.place < 0 or "coalesce" not in verdict.rule.calls:
            return False
        return any(cell.assumed for cell in self.cells(verdict, BOUNDS))

    def kind(self, verdict: Verdict) -> str | None:
        """The weakest kind of fact the verdict rests on, in words."""
        return KIND_NAMES[verdict.kind] if verdict.kind >= 0 else None

    def value_at(self, formula: Formula, frame: str, place: int) -> Cell:
        """The cell of `formula` at one place, as printed points."""
        cells: list[Cell] = self.context.evaluator(frame, BOUNDS).row(formula)
        return cells[place]


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Facts by concept, period and place in their file."""

    def key(fact: Fact) -> tuple[str, int, int, int, int]:
        period, node = fact.period, fact.node
        return fact.concept, period.end, period.months, node.line, node.column

    return tuple(sorted(facts, key=key))


def allowed_day(period: Period, limit: int) -> bool:
    """Whether `period` had ended by the evaluation date."""
    return period.end <= limit


def outcome_at(rows: tuple[Any, list[Any]], place: int) -> tuple[str, int, int]:
    """Outcome, index of the gravest step that holds, and kind at one position."""
    applies, steps = rows
    truth, kind = _truth(steps[0], place)
    if applies is not None:
        wanted, applies_kind = _truth(applies, place)
        kind = max(kind, applies_kind)
        if wanted is False:
            return NOT_APPLICABLE, -1, max(kind, ACTUAL)
        if wanted is None:
            return UNKNOWN, -1, kind
    if truth is None:
        return UNKNOWN, -1, kind
    if truth is False:
        return PASS, -1, kind
    reached = 0
    for i, row in enumerate(steps[1:], 1):
        if _truth(row, place)[0] is True:
            reached = i
    return FLAG, reached, kind


def _truth(row: Any, place: int) -> tuple[bool | None, int]:
    if isinstance(row, list):
        cell: Cell = row[place]
        return cell.truth, cell.kind
    return row.values[place], row.kinds[place]
