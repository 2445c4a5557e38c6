"""Assumptions of the command line: `--set NAME[@PERIOD]=VALUE`, put in place of what is known.

A fact or a metric that is set displaces every fact of its key and nothing else; a parameter takes
the value on every day. What a file really reports stays what tells how new it is: an assumption
never makes a company look newer, and taking a fact away never makes it look older.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ddcheck.engine.check.judge import Judge
from ddcheck.engine.check.locks import help_of, locks_of, words_of
from ddcheck.engine.check.measure import metric_style
from ddcheck.engine.check.placing import Placing
from ddcheck.engine.check.requests import title_of
from ddcheck.engine.check.setting import Setting, read_settings
from ddcheck.engine.language.context import Context
from ddcheck.engine.model.company import Company, Document, Fact, Scope
from ddcheck.engine.model.evaluation import Assumption
from ddcheck.engine.model.layered import Written
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.pack import Parameter
from ddcheck.engine.model.parameters import quantity_of
from ddcheck.engine.model.periods import ACTUAL, Period, kind_suffix
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.reader import Reader
from ddcheck.engine.model.units import foreign_currency, in_currency, unit_name
from ddcheck.engine.model.variants import ASSUMED, with_facts
from ddcheck.engine.model.vocabulary import Term
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.quantity import Quantity
from ddcheck.engine.text.source import Source
from ddcheck.engine.text.suggest import did_you_mean

#: Values that take a fact away.
_NOTHING = frozenset({"unknown", "~", "未知"})
#: A bare number for a percentage is asked about from here: 1.2 is 120 %, 120 hardly 12,000 %.
_MANY = 2.0


class Assumed(NamedTuple):
    """What is to be evaluated when the assumptions hold."""

    plan: Plan
    company: Company
    assumptions: tuple[Assumption, ...]


def assume(
    plan: Plan,
    company: Company,
    written: tuple[str, ...],
    report: Report,
    *,
    as_of: int | None = None,
    period: Period | None = None,
    today: int = 1,
    language: str = "en",
    companies: Collection[str] = (),
) -> Assumed | None:
    """Plan and company with what `written` says of this company, and the list of it.

    An option may begin with `ID:` and is then for that company alone; `companies` are the ids it
    may name (this one's always). None and diagnostics (DD302 to DD304, DD314, DD530 to DD533) if
    any option cannot be used; DD532 and DD534 also warn. The other arguments are as in `evaluate`.
    """
    if not written:
        return Assumed(plan, company, ())
    said = Report()
    assumer = _Assumer(plan, company, said, as_of, period, today, language)
    for option in read_settings(written, said):
        name = option.company
        if name is None or name.text == company.id:
            assumer.take(option)
        elif name.text not in companies:
            ids = (company.id, *companies)
            said.error(
                "DD531", name, f"no company `{name.text}` here", did_you_mean(name.text, ids)
            )
    for item in said:
        report.add(item)
    return None if said.failed else assumer.done()


class _Assumer:
    """Takes options one by one; everything is looked up in the company as its file has it."""

    def __init__(
        self, plan: Plan, company: Company, report: Report, as_of: int | None,
        period: Period | None, today: int, language: str,
    ) -> None:  # fmt: skip
        self.plan = plan
        self.company = company
        self.report = report
        self.language = language
        self.ledger = Ledger(company, as_of)
        self.limit = self.ledger.evaluated_at(period, today)
        self.judge = Judge(Context(plan, self.ledger, self.limit), self.limit)
        self.reader = Reader(
            plan.terms, plan.vocabulary.dimensions, company.currency, company.calendar, {}, report
        )
        self.placing = Placing(company, self.judge, self.reader, self.limit)
        self.parameters = dict(plan.parameters)
        self.changes: dict[Fact, Fact | None] = {}
        self.added: list[Fact] = []
        self.assumptions: list[Assumption] = []
        self._seen: dict[object, Setting] = {}
        newest = self.ledger.newest
        # Published with the newest of what it stands among, so that no date of the report moves.
        published = as_of if as_of is not None else newest if newest is not None else today
        title = "assumption of the command line"
        source = Scalar(Source(ASSUMED, ""), ASSUMED, None, 1, 1, 0)
        self.document = Document(ASSUMED, title, None, "model", published, None, None, source)

    def done(self) -> Assumed:
        """What all options taken come to."""
        company = self.company
        if self.changes or self.added:
            sources = {ASSUMED: self.document}
            company = with_facts(company, self.changes, tuple(self.added), sources)
            company = company._replace(displaced=(*company.displaced, *self.changes))
        plan = self.plan._replace(parameters=self.parameters)
        return Assumed(plan, company, tuple(self.assumptions))

    def take(self, option: Setting) -> None:
        """Carry out one option, or report why not."""
        name = option.name.text
        term, parameter = self.plan.terms.get(name), self.plan.parameters.get(name)
        if term is not None:
            self._fact(option, term)
        elif parameter is not None:
            self._parameter(option, parameter)
        else:
            known = (*self.plan.terms, *self.plan.parameters)
            meant = did_you_mean(name, known) or self._labelled(name)
            self.report.error(
                "DD531", option.name, f"no concept, metric or parameter `{name}`", meant
            )

    def _labelled(self, label: str) -> str | None:
        """The name of the concept that sources label so."""
        wanted = label.casefold()
        for concept in self.plan.vocabulary.concepts.values():
            labels = (concept.label.en, concept.label.zh, *concept.aliases)
            if wanted in (text.casefold() for text in labels):
                return f"write `{concept.id}`"
        return None

    def _twice(self, key: object, option: Setting) -> bool:
        first = self._seen.setdefault(key, option)
        if first is option:
            return False
        self.report.error(
            "DD533", option.name, f"`{option.text}` and `{first.text}` set the same",
            "keep one of the two",
        )  # fmt: skip
        return True

    def _parameter(self, option: Setting, parameter: Parameter) -> None:
        report, value = self.report, option.value
        wrong = option.period or option.by
        if wrong is not None:
            what = "period" if option.period is not None else "scope"
            report.error("DD532", wrong, f"`{parameter.id}` is a parameter: it has no {what}")
            return
        if self._twice(parameter.id, option):
            return
        for lock in locks_of(self.plan).get(parameter.id, ())[:1]:
            report.error("DD224", option.name, words_of(parameter.id, lock), help_of(lock))
            return
        if value.text in _NOTHING:
            values: tuple[tuple[int, float], ...] = ()
        else:
            quantity = quantity_of(value, parameter.unit, report)
            if quantity is None:
                return
            if quantity.value is None:
                report.error("DD532", value, f"`{value.text}`: a parameter is a single number")
                return
            number = float(quantity.value)
            low, high = parameter.bounds
            if (low is not None and number < low) or (high is not None and number > high):
                ends = value_text(None, parameter.unit_name, "percent", low, high)
                report.error(
                    "DD532", value, f"`{value.text}` is outside the bounds of `{parameter.id}`",
                    f"its pack allows {ends}",
                )  # fmt: skip
                return
            if parameter.unit_name == "ratio":
                self._percentage(value, quantity)
            values = ((0, number),)
        written = (*parameter.written, Written(ASSUMED, option.name, values))
        self.parameters[parameter.id] = parameter._replace(
            values=values, node=option.name, written=written, dated=()
        )
        self.assumptions.append(
            Assumption(
                parameter.id, parameter.title.text(self.language), None, None,
                values[0][1] if values else None, parameter.unit_name, option.text, (),
                parameter.at(self.limit),
            )
        )  # fmt: skip

    def _fact(self, option: Setting, term: Term) -> None:
        scope, usable = self._scope(option)
        when = self.placing.of(option, term) if usable else None
        if when is None:
            return
        period, kind = when
        gone = option.value.text in _NOTHING
        own = unit_name(in_currency(term.unit, self.company.currency))
        quantity: Quantity | None = Quantity(None, None, None, own, "")
        if not gone:
            quantity = self._quantity(option.value, term)
        if quantity is None:
            return
        text = option.value.text
        fact = Fact(term.id, period, kind, quantity, ASSUMED, option.value, text, None, scope)
        if self._twice((term.id, scope, kind, period), option):
            return
        displaced = self.ledger.candidates(fact)
        label = period.label + kind_suffix(kind)
        if gone and not displaced:
            worked_out = self.plan.derived.get(term.id) or self.plan.metrics.get(term.id)
            self.report.warning(
                "DD532", option.name,
                f"no source states `{term.id}` {label}: nothing is taken away",
                "what is worked out goes with the facts it is made of" if worked_out else None,
            )  # fmt: skip
            return
        if kind == ACTUAL and period.end > self.limit:
            self.report.warning(
                "DD532", option.period or option.name,
                f"{label} ends after {self._day(self.limit)}, the day of judging: "
                "no verdict looks at it",
                "an estimate takes an E: FY2025E; --period moves the day",
            )  # fmt: skip
        self.changes.update(dict.fromkeys(displaced))
        if displaced and not gone:
            self.changes[displaced[0]] = fact
        elif not gone:
            self.added.append(fact)
        self.assumptions.append(
            Assumption(
                term.id, title_of(self.plan, term.id, self.language), label,
                None if gone else fact, None, own, option.text, displaced,
            )
        )  # fmt: skip

    def _quantity(self, value: Scalar, term: Term) -> Quantity | None:
        quantity = self.reader.quantity(value, term, None)
        if quantity is None:
            return None
        foreign = foreign_currency(quantity.unit, self.company.currency)
        if foreign is not None:
            self.report.error(
                "DD304", value,
                f"`{value.text}` is in {foreign}; `{self.company.id}` is in "
                f"{self.company.currency}, and no formula sees another currency",
            )  # fmt: skip
            return None
        metric = self.plan.metrics.get(term.id)
        if not term.unit and (metric is None or metric_style(metric) == "percent"):
            self._percentage(value, quantity)
        return quantity

    def _percentage(self, value: Scalar, quantity: Quantity) -> None:
        """Warn where a bare number is taken for a multiple and was meant in percent."""
        if (
            value.text[-1:].isdigit()
            and quantity.value is not None
            and abs(quantity.value) >= _MANY
        ):
            meant = value_text(float(quantity.value), "ratio")
            self.report.warning(
                "DD534", value, f"`{value.text}` without a unit is {meant}",
                f"write `{value.text}%` if that is meant",
            )  # fmt: skip

    def _scope(self, option: Setting) -> tuple[Scope, bool]:
        by, member = option.by, option.member
        if by is None or member is None:
            return None, True
        known = self.reader.known_member(by, member, member.text)
        if known:
            self._unstated(option.name, by, member)
        return ((by.text, member.text) if known else None), known

    def _unstated(self, name: Scalar, by: Scalar, member: Scalar) -> None:
        """Warn of a member that neither its dimension lists nor a fact of `name` is about."""
        scope = (by.text, member.text)
        facts = [fact for fact in self.ledger.facts if fact.scope and fact.scope[0] == by.text]
        listed = member.text in self.plan.vocabulary.dimensions[by.text].members
        if listed or any(fact.concept == name.text and fact.scope == scope for fact in facts):
            return
        stated = dict.fromkeys(fact.scope[1] for fact in facts if fact.scope)
        stated.pop(member.text, None)
        self.report.warning(
            "DD532", member,
            f"no source states `{name.text}` for {by.text} `{member.text}`",
            did_you_mean(member.text, stated)
            or (f"`{by.text}` is stated for: {', '.join(stated)}" if stated else None),
        )  # fmt: skip

    def _day(self, day: int) -> str:
        return self.company.calendar.instant(day).label
