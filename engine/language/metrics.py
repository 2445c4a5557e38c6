"""The row of a metric: its formulas in order, what is stated of it, and where it applies.

What a source states counts where no formula gives an actual value; what the command line assumes
comes before both.
"""

from __future__ import annotations

import math
from typing import Any, TypeGuard

from ddcheck.engine.language.cells import Cell, because
from ddcheck.engine.language.evaluate import POINTS, PRINTED, Evaluator
from ddcheck.engine.language.series import Series
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.periods import ACTUAL
from ddcheck.engine.model.plan import Metric
from ddcheck.engine.model.sums import Entry
from ddcheck.engine.model.variants import ASSUMED


def metric_row(
    metric: Metric, ev: Evaluator, stated: list[Entry | None], insist: Fact | None
) -> Any:
    """The row of `metric` along the axis of `ev`, a series or cells; `stated` is said of it.

    `insist` is a stated fact that counts before what is computed.
    """
    rows = [ev.row(formula) for formula in metric.formulas]
    applies = ev.row(metric.applies_when) if metric.applies_when is not None else None
    if ev.mode == POINTS:
        return _points(ev, rows, stated, applies, insist)
    return _cells(metric, ev, rows, stated, applies, insist)


def _points(
    ev: Evaluator,
    rows: list[Series],
    stated: list[Entry | None],
    applies: Series | None,
    insist: Fact | None,
) -> Series:
    values: list[Any] = []
    kinds: list[int] = []
    for i, entry in enumerate(stated):
        value, kind = None, -1
        for row in rows:
            if row.values[i] is not None:
                value, kind = row.values[i], row.kinds[i]
                break
        insisted = entry is not None and entry is insist
        if is_assumed(entry):
            value, kind = entry.value, entry.kind
        elif entry is not None and (value is None or kind != ACTUAL or insisted):
            bounded = entry.value is None and value is not None and kind <= entry.kind
            if insisted or not bounded:
                value, kind = entry.value, entry.kind
        held = applies.values[i] if applies is not None else True
        # Who assumes a value assumes that it applies, unless it is known not to.
        if held is False or (held is None and not is_assumed(entry)):
            value, kind = None, -1
        values.append(value)
        kinds.append(kind)
    return Series(values, ev.a.shared(tuple(kinds)))


def _cells(
    metric: Metric,
    ev: Evaluator,
    rows: list[list[Cell]],
    stated: list[Entry | None],
    applies: list[Cell] | None,
    insist: Fact | None,
) -> list[Cell]:
    between = [ev.row(formula) for formula in metric.between]
    cells = []
    for i, entry in enumerate(stated):
        cell = _cell(metric, ev, [row[i] for row in rows], entry, i, insist)
        if cell.low is None and between:
            low, high = between[0][i], between[1][i]
            if low.low is not None and high.high is not None:
                kind = max(low.kind, high.kind)
                cell = Cell(low.low, max(low.low, high.high), kind, low.entries | high.entries,
                            partial=low.partial or high.partial)  # fmt: skip
        if applies is not None:
            cell = _applied(metric, ev, cell, applies[i], assumed=is_assumed(entry))
        cells.append(cell)
    return cells


def _applied(metric: Metric, ev: Evaluator, cell: Cell, applies: Cell, *, assumed: bool) -> Cell:
    """`cell` where the metric applies; the reason where it does not, or is not known to."""
    if applies.truth is False or (applies.truth is None and not assumed):
        causes = applies.causes
        if applies.truth is False:
            causes = because("not-applicable", "does not apply", metric.id)
        open_ = ev.mode == PRINTED and applies.low is not None and applies.high != 0
        if open_ and cell.low is not None:  # rounding may take it away
            cell = _conditional(cell.with_ends(-math.inf, math.inf), applies)
            cell.partial = True
            return cell
        return Cell(None, None, entries=applies.entries, causes=causes)
    return _conditional(cell, applies) if ev.mode == PRINTED else cell


def _cell(
    metric: Metric,
    ev: Evaluator,
    computed: list[Cell],
    entry: Entry | None,
    i: int,
    insist: Fact | None,
) -> Cell:
    known = None
    for cell in computed:
        if cell.low is not None:
            known = cell
            break
    if entry is None:
        if known is not None:
            return known
    else:
        stated = _stated(ev, entry, known, insisted=entry is insist)
        if stated is not None:
            return stated
        if known is not None:
            return known
    begun = next((cell for cell in computed if cell.entries), None)
    if begun is not None and begun.causes:
        return Cell(None, None, entries=begun.entries, causes=begun.causes)
    parameters = [c for cell in computed for c in cell.causes if c.kind == "parameter"]
    cell = ev.absent(metric.id, i)
    if parameters:
        cell.causes = frozenset(parameters)
    return cell


def _stated(ev: Evaluator, entry: Entry, known: Cell | None, *, insisted: bool) -> Cell | None:
    """What is stated, where it counts before what is `known` by a formula."""
    counts = is_assumed(entry) or insisted or known is None
    if not counts and known is not None and known.kind != ACTUAL:
        # A bound says less than a value of the same kind.
        counts = entry.value is not None or known.kind > entry.kind
    if not counts:
        return None
    cell = ev.cell_of(entry)
    cell.stated = True
    return cell


def is_assumed(entry: Entry | None) -> TypeGuard[Fact]:
    """Whether the command line assumes the fact: of a metric it comes before the computed one."""
    return isinstance(entry, Fact) and entry.source == ASSUMED


def _conditional(cell: Cell, condition: Cell) -> Cell:
    """`cell` with the facts on which it depends whether there is any such value."""
    found = cell.with_ends(cell.low, cell.high)
    found.entries, found.stated = cell.entries | condition.entries, cell.stated
    found.partial = cell.partial or condition.partial
    return found
