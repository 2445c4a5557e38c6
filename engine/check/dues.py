"""Warnings on layers and days: what is loosened, what changes soon, what nobody has looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddcheck.engine.check.layering import shifts_of, untested_changes
from ddcheck.engine.check.locks import refused
from ddcheck.engine.model.finding import FLAG, PASS
from ddcheck.engine.model.layered import LOOSER, OFF, Change
from ddcheck.engine.model.pack import DIRECTIONS, Parameter
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.settled import Shift
from ddcheck.engine.model.wording import exact_text
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from ddcheck.engine.model.company import Company
    from ddcheck.engine.model.evaluation import Evaluation

#: Days after which somebody should look at a parameter again.
REVIEW_DAYS = 365


def amount(parameter: Parameter, value: float | None, language: str = "en") -> str:
    """A value of `parameter` in words."""
    if value is None:
        return "-"
    return exact_text(value, parameter.unit_name, "percent", language)


def warn_loosened(plan: Plan, day: int, report: Report) -> None:
    """DD226 at every change that raises fewer or milder flags than the packs as written."""
    locked = {change.id for change in refused(plan)}  # said already, as an error
    for shift in shifts_of(plan, day):
        if shift.kind == LOOSER and shift.change.id not in locked:
            report.warning("DD226", shift.change.key, loosened_words(plan, shift, day))


def loosened_words(plan: Plan, shift: Shift, day: int) -> str:
    """What a layer loosens, in words: what it is now and what it was."""
    change = shift.change
    parameter = plan.parameters.get(change.id)
    if change.field is None and parameter is not None:
        own = parameter._replace(values=parameter.written[0].values)
        now, before = amount(parameter, parameter.at(day)), amount(parameter, own.at(day))
        if now == before:
            return f"`{change.id}` will be looser than in pack `{parameter.written[0].layer}`"
        where = parameter.written[0].layer
        return f"`{change.id}` is looser than in pack `{where}`: {now}, there {before}"
    if change.field == OFF:
        reason = flat(change.node)
        return f"`{change.id}` is switched off: {reason}"
    if change.field == "from":
        day_ = flat(change.node)
        return f"`{change.id}` is put off: it counts from {day_}"
    now, before = flat(change.node), flat(written_in_pack(plan, change))
    return f"`{change.field}` of `{change.id}` is looser than in its pack: {now}, there {before}"


def written_in_pack(plan: Plan, change: Change) -> Node | None:
    """What the entry's own pack writes in the field that `change` replaces; None for nothing."""
    for pack in plan.packs.bare:
        entry = pack.entries.get(change.id)
        if entry is not None and change.field is not None:
            fields = DIRECTIONS if change.field in DIRECTIONS else (change.field,)
            return next((entry.mapping.entries[f] for f in fields if f in entry.mapping.keys), None)
    return None


def flat(node: Node | None) -> str:
    """A node on one line, as one would write it; `-` for nothing."""
    if node is None:
        return "-"
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{key.text}: {flat(item)}" for key, item in node.items()) + "}"
    if isinstance(node, Sequence):
        return "[" + ", ".join(flat(item) for item in node) + "]"
    return " ".join(node.text.split())


def warn_of_future(company: Company, today: int, report: Report) -> None:
    """Warn of sources of `company` that are published after `today` (DD572).

    The newest of them says on which day the company is judged: all that is older becomes stale.
    """
    for source in company.sources.values():
        if source.published > today and source.dated is not None:
            report.warning(
                "DD572",
                source.dated,
                f"`{source.id}` is published after today, {day_text(today)}",
                "correct the date; --today says what to take for today",
            )


def warn_untested(plan: Plan, report: Report) -> None:
    """DD229 at every override that changes what an entry does and brings no test of it."""
    for change in untested_changes(plan):
        words = f"`{change.id}` is changed here, and no test says what it comes to"
        report.warning("DD229", change.key, words, "add `tests:` to this override")


def warn_due(plan: Plan, today: int, report: Report) -> None:
    """DD227 for parameters not reviewed for a year, DD228 for what changes after `today`."""
    for parameter in plan.parameters.values():
        if is_overdue(parameter, today):
            node = parameter.reviewed_node
            assert node is not None
            words = f"`{parameter.id}` was last reviewed on {node.text}, more than a year ago"
            report.warning("DD227", node, words, "look at it again, and date `reviewed`")
        _warn_next(parameter, today, "", report)
    for rule in plan.rules.values():
        since = rule.definition.since
        if since is not None and since > today:
            words = f"`{rule.id}` becomes {rule.gravest} on {day_text(since)}"
            report.warning("DD228", rule.definition.node, words, "until then it does not count")


def is_overdue(parameter: Parameter, today: int) -> bool:
    """Whether nobody has looked at it for more than a year."""
    return parameter.reviewed is not None and today - parameter.reviewed > REVIEW_DAYS


def warn_resting(evaluation: Evaluation, report: Report) -> None:
    """DD228 for each value to come of a parameter that a flag or a pass rests on."""
    plan, today = evaluation.plan, evaluation.today
    coming = {name: item for name, item in plan.parameters.items() if item.after(today)}
    if not coming:
        return
    for finding in (*evaluation.findings, *evaluation.strengths):
        if finding.outcome not in (FLAG, PASS):
            continue
        for name in sorted(reached(plan, finding.id) & set(coming)):
            _warn_next(coming[name], today, f": `{finding.id}` rests on it", report)


def reached(plan: Plan, ident: str) -> frozenset[str]:
    """Every parameter that a rule or metric rests on, through metrics and other rules as well."""
    waiting, found = [ident], set[str]()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        rule, metric = plan.rules.get(name), plan.metrics.get(name)
        formulas = []
        if rule is not None:
            formulas += [step.condition for step in rule.steps]
            formulas += [rule.applies_when] if rule.applies_when is not None else []
        if metric is not None:
            formulas += [*metric.formulas, *metric.between]
            formulas += [metric.applies_when] if metric.applies_when is not None else []
        formulas += plan.derived.get(name, ()) if rule is None and metric is None else ()
        for formula in formulas:
            waiting += formula.names | formula.rules
    return frozenset(found & set(plan.parameters))


def _warn_next(parameter: Parameter, today: int, tail: str, report: Report) -> None:
    following = parameter.after(today)
    if following is None:
        return
    day, value = following
    words = f"`{parameter.id}` becomes {amount(parameter, value)} on {day_text(day)}{tail}"
    report.warning("DD228", _place(parameter, day), words)


def _place(parameter: Parameter, day: int) -> Scalar:
    """Where the value that holds from `day` is written: its date, else the parameter."""
    for node in parameter.dated:
        if node.text == day_text(day):
            return node
    return parameter.node
