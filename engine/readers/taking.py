"""Rows of a statement: what each states and how it is printed, or why it is left out."""

from __future__ import annotations

from ddcheck.engine.model.units import unit_name, unit_named
from ddcheck.engine.readers.agreement import misprinted
from ddcheck.engine.readers.draft import MAPPED, Left, Taken
from ddcheck.engine.readers.figures import NOTHING as NO_FIGURE
from ddcheck.engine.readers.figures import Figure, figure
from ddcheck.engine.readers.label_map import IGNORE, LabelMap, Settled, keys_of
from ddcheck.engine.readers.labels import (
    DOUBTFUL,
    EXACT,
    NEAR_SCORE,
    Labels,
    Match,
    Meaning,
    is_cost,
    is_signed_cost,
    misplaced,
    says_loss,
)
from ddcheck.engine.readers.row_units import is_ratio, row_unit
from ddcheck.engine.readers.scales import Scale, unit_in_label
from ddcheck.engine.readers.sheets import TROUBLE
from ddcheck.engine.readers.spans import Spans, warn_of_days
from ddcheck.engine.readers.statements import Block, Row
from ddcheck.engine.text.diagnostics import WARNING, Report, cell_name
from ddcheck.engine.text.quantity import parse_quantity
from ddcheck.engine.text.words import CURRENCIES, QuantityError, UnitText, parse_unit

#: Why a row is left out that has no figure in any column.
NOTHING_STATED = "it states nothing"


class Taking:
    """Takes rows one by one, and keeps those that are left out with the reason.

    `used` are the keys of the map that some row has.
    """

    def __init__(
        self, path: str, labels: Labels, settled: LabelMap, currency: str | None, report: Report
    ) -> None:
        self.path = path
        self.labels = labels
        self.settled = settled
        self.currency = currency
        self.report = report
        self.left: list[Left] = []
        self.used: set[str] = set()

    def _warn(self, code: str, sheet: str, row: int, column: int, message: str, help_: str) -> None:
        place = (sheet, row, column)
        self.report.cell(code, self.path, place, message, help_, severity=WARNING)

    def take(self, block: Block, row: Row, spans: Spans, unit: Scale) -> Taken | Left:
        """The row as it is taken, or left out with the reason."""
        sheet = block.sheet.name
        cell = cell_name(sheet, row.row, row.column)
        at = cell_name(sheet, row.row, spans.columns[0].column, spans.columns[-1].column)
        figures = [figure(row.cells.get(column.column)) for column in spans.columns]
        if all(item.text is None and not item.trouble for item in figures):
            return _leave(row, sheet, NOTHING_STATED)
        label, own = unit_in_label(row.label)
        own = row.unit or own
        if not row.label:
            return _leave(row, sheet, "figures without a label", waits=True)
        entry, key = self._entry(row, sheet, cell)
        if entry is not None and entry.concept == IGNORE:
            return _leave(row, sheet, f"`{key}` is ignored in the map")
        ratios = is_ratio(figures) or (own is not None and own.word in ("%", "x"))
        ratios = ratios or (own is None and unit.word == "%")
        if entry is not None and entry.concept is not None:
            match = Match(MAPPED, entry.concept, 100.0, key)
        else:
            entry = None
            match = self._match(row, label, ratios=ratios)
        if match.id is None:
            return _leave(row, sheet, _why(match, ratios), waits=True, match=match)
        meaning = self.labels.meanings[match.id]
        if match.how != MAPPED:
            wrong = misplaced(row.section, row.label, meaning)
            if wrong is not None and match.name == label:
                reason, certain = wrong
                maybe = Match(DOUBTFUL, candidates=((match.id, match.score),))
                found_out = _leave(row, sheet, reason, waits=not certain, match=maybe)
                return found_out._replace(rule=certain)
        own = (entry.unit if entry is not None else None) or own
        found = row_unit(meaning, own, unit, self.currency, figures)
        if found.trouble in ("no currency", "no unit"):
            self._ask_unit(block, found.trouble)
            return _leave(row, sheet, found.trouble, waits=True)
        if found.trouble:
            maybe = Match(DOUBTFUL, candidates=((match.id, match.score),))
            return _leave(row, sheet, found.trouble, waits=True, match=maybe)
        if meaning.time in ("flow", "average"):
            figures = self._without_days(block, spans, figures)
            if all(item.text is None and not item.trouble for item in figures):
                reason = "its period cannot be told from a day"
                return _leave(row, sheet, reason)._replace(concept=match.id)
        everything = [figure(row.cells.get(column.column)) for column in block.columns]
        turned = self._sign(row, sheet, meaning, everything, entry, match)
        if isinstance(turned, Left):
            return turned
        periods = spans.periods
        if spans.years and meaning.time in ("flow", "average"):
            periods = spans.years
        values = self._values(row, sheet, spans, figures, found.text, meaning, turned=turned)
        if all(value is None for value in values):
            reason = "none of its figures can be used"
            return _leave(row, sheet, reason)._replace(concept=match.id)
        return Taken(
            sheet, row.row, cell, at, row.label, row.section, match.id, found.text, periods,
            values, turned, match,
        )  # fmt: skip

    def _without_days(self, block: Block, spans: Spans, figures: list[Figure]) -> list[Figure]:
        """The figures of an amount over a period without those that stand under a day (DD511)."""
        found = []
        for column, item in zip(spans.columns, figures, strict=True):
            under_a_day = column.column in spans.days and item.text is not None
            if under_a_day:
                warn_of_days(block, column, self.path, self.report)
            found.append(NO_FIGURE if under_a_day else item)
        return found

    def _entry(self, row: Row, sheet: str, cell: str) -> tuple[Settled | None, str]:
        for key in keys_of(sheet, row.section, row.label, cell):
            if key in self.settled.labels:
                self.used.add(key)
                return self.settled.labels[key], key
        return None, ""

    def _match(self, row: Row, label: str, *, ratios: bool) -> Match:
        first = self.labels.match(label, row.section, row.after, ratios=ratios)
        if first.how == EXACT:
            return first
        for other in row.others:
            found = self.labels.match(other, "", "", ratios=ratios)
            if found.how == EXACT:
                return found._replace(name=label)
        return first

    def _ask_unit(self, block: Block, trouble: str) -> None:
        column = block.columns[0]
        what, help_ = "unit", 'give `--unit`, for example `--unit "USD million"`'
        if trouble == "no currency":
            what, help_ = "currency", "give it: `--currency USD`"
        self.report.cell(
            "DD507", self.path, (block.sheet.name, column.row, column.column),
            f"no head says the {what} of these figures",
            help_,
        )  # fmt: skip

    def _sign(
        self, row: Row, sheet: str, meaning: Meaning, figures: list[Figure],
        entry: Settled | None, match: Match,
    ) -> bool | Left:  # fmt: skip
        """Whether the row is printed with the opposite sign, or why it is left out (DD512)."""
        if entry is not None and entry.reversed is not None:
            return entry.reversed
        below = any(item.negative and not item.zero for item in figures)
        above = any(
            item.text is not None and not item.negative and not item.zero for item in figures
        )
        if meaning.positive and below:
            if not above:
                return True
            reason = f"some of its figures are below zero, which `{meaning.id}` cannot be"
        elif says_loss(row.label) and not meaning.positive and above and not below:
            reason = "a loss, or cash used, printed without a sign: is it below zero?"
        else:
            return False
        self._unsigned(row.label, sheet, row.row, row.column, reason, meaning.id)
        maybe = Match(DOUBTFUL, candidates=((meaning.id, match.score),))
        return _leave(row, sheet, reason, waits=True, match=maybe)

    def _unsigned(
        self, label: str, sheet: str, row: int, column: int, reason: str, name: str
    ) -> None:
        self._warn(
            "DD512", sheet, row, column, f"`{label[:60]}` is left out: {reason}",
            f"settle it in the map: `{{concept: {name}, reversed: true}}` or `reversed: false`",
        )  # fmt: skip

    def signed(self, taken: list[Taken]) -> list[Taken]:
        """The rows without costs whose sign the signs of other costs make doubtful, or with which
        the statement adds up only if they have the opposite one (DD512).
        """
        costs = [row for row in taken if is_cost(self.labels.meanings[row.concept])]
        bracketed = 2 * sum(row.reversed for row in costs) > len(costs)
        kept = []
        for row in taken:
            meaning = self.labels.meanings[row.concept]
            entry = self.settled.labels.get(row.match.name) if row.match.how == MAPPED else None
            if not is_signed_cost(meaning) or (entry is not None and entry.reversed is not None):
                kept.append(row)
                continue
            reason = "costs of this statement are printed as negative figures: is this one, too?"
            if not bracketed:
                result = misprinted(taken, row, self.labels.meanings)
                if result is None:
                    kept.append(row)
                    continue
                reason = f"only with the opposite sign does `{result}` add up: is it reversed?"
            self._unsigned(row.label, row.sheet, row.row, 1, reason, row.concept)
            self.left.append(
                Left(row.sheet, row.row, row.cell, row.label, row.section, reason, True,
                     ((row.concept, row.match.score),))
            )  # fmt: skip
        return kept

    def _values(
        self, row: Row, sheet: str, spans: Spans, figures: list[Figure], unit: str | None,
        meaning: Meaning,
        *,
        turned: bool,
    ) -> tuple[str | None, ...]:  # fmt: skip
        """The figures as printed; what is none is None and a warning (DD504, DD505)."""
        default = parse_unit(unit) if unit is not None else None
        values: list[str | None] = []
        for column, item in zip(spans.columns, figures, strict=True):
            trouble, text = item.trouble, item.text
            if text is not None:
                try:
                    found = parse_quantity(text, default)
                except QuantityError as error:
                    trouble, text = error.message, None
                else:
                    if not _is_in(found.unit, meaning, default):
                        name = unit_name(meaning.unit)
                        trouble = f"`{text}` is {found.unit}, and `{meaning.id}` is {name}"
                    high = (found.negated() if turned else found).high
                    if meaning.positive and high is not None and high < 0:
                        trouble = f"`{text}` is below zero, which `{meaning.id}` cannot be"
                    text = None if trouble else text
            if trouble:
                cell = row.cells.get(column.column)
                broken = cell is not None and cell.kind == TROUBLE
                self._warn(
                    "DD505" if broken else "DD504", sheet, row.row, column.column,
                    f"{trouble}; `{meaning.id}` has no value there",
                    "open the workbook, and write the value in place of the formula"
                    if broken else "write a number, or leave the cell empty",
                )  # fmt: skip
            values.append(text)
        return tuple(values)


def _is_in(unit: str, meaning: Meaning, default: UnitText | None) -> bool:
    """Whether a figure in `unit` can be one of `meaning`; `default` is the unit of its row."""
    if default is not None and unit == default.name:
        return True
    bases = ["money" if base in CURRENCIES else base for base in unit.split("/")]
    return unit_named("/".join(bases)) == meaning.unit


def _leave(
    row: Row, sheet: str, reason: str, *, waits: bool = False, match: Match | None = None
) -> Left:
    candidates = match.candidates if match is not None else ()
    cell = cell_name(sheet, row.row, row.column)
    return Left(sheet, row.row, cell, row.label, row.section, reason, waits, candidates)


def _why(match: Match, ratios: bool) -> str:
    if not match.candidates:
        return "no concept is called so"
    if match.score == 0.0:
        return "more than one concept is called so"
    if match.score >= NEAR_SCORE:
        return "nearly another name, with a word that changes the meaning"
    return "a ratio that no metric is called by" if ratios else "no concept is called so"
