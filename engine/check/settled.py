"""The page of parameters: each as it is on the day judged, who set it, and what that does."""

from __future__ import annotations

from ddcheck.engine.check.dues import flat, is_overdue, written_in_pack
from ddcheck.engine.check.evaluate import pack_applies
from ddcheck.engine.check.layering import shift_of_value, shifts_of
from ddcheck.engine.check.locks import locks_of
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.layered import Lock
from ddcheck.engine.model.pack import Pack, Parameter, RuleDefinition
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.settled import FieldState, ParametersPage, ParameterState
from ddcheck.engine.text.shape import Label


def parameters_page(
    plan: Plan,
    company: Company | None,
    day: int,
    today: int,
    *,
    policy: str | None = None,
    assumed: frozenset[str] = frozenset(),
    language: str = "en",
    everything: bool = False,
    version: str = "",
) -> ParametersPage:
    """What the layers of `plan` come to on `day`, for the packs that apply to `company` or all."""
    packs = tuple(
        pack for pack in plan.packs.packs if company is None or pack_applies(pack, company)
    )
    locks = locks_of(plan)
    states = [
        _state(plan, pack, plan.parameters[name], locks.get(name, ()), day, today)
        for pack in packs
        for name in pack.parameters
        if name in plan.parameters
    ]
    rules = [rule.definition for rule in plan.rules.values()]
    return ParametersPage(
        (company.id, company.name.text(language)) if company is not None else None,
        day,
        today,
        packs,
        policy,
        tuple(states),
        _fields(plan, day),
        tuple(
            Lock(node.text, layer.name, node)
            for layer in plan.packs.layers
            for node in layer.locked
        ),
        tuple(rule for rule in rules if rule.since is not None and rule.since > today),
        assumed,
        language,
        everything,
        version,
    )


def _state(
    plan: Plan,
    pack: Pack,
    parameter: Parameter,
    locks: tuple[Lock, ...],
    day: int,
    today: int,
) -> ParameterState:
    own = parameter._replace(values=parameter.written[0].values)
    value, default = parameter.at(day), own.at(day)
    return ParameterState(
        parameter,
        pack.id,
        value,
        default,
        shift_of_value(plan, parameter.id, default, value),
        parameter.after(day),
        locks[0] if locks else None,
        is_overdue(parameter, today),
        _uses(plan, parameter.id),
    )


def _uses(plan: Plan, name: str) -> tuple[str, ...]:
    """The rules, then the metrics, of which a limit or formula names the parameter."""
    found = []
    for rule in plan.rules.values():
        formulas: list[Formula | None] = [step.condition for step in rule.steps]
        if _named(name, [*formulas, rule.applies_when]):
            found.append(rule.id)
    for metric in plan.metrics.values():
        formulas = [step.condition for ladder in metric.ladders for step in ladder.steps]
        if _named(name, [*formulas, *metric.formulas, *metric.between, metric.applies_when]):
            found.append(metric.id)
    return tuple(found)


def _named(name: str, formulas: list[Formula | None]) -> bool:
    return any(formula is not None and name in formula.names for formula in formulas)


def _fields(plan: Plan, day: int) -> tuple[FieldState, ...]:
    """Every field that a layer replaced, as it is with all layers."""
    kinds = {(s.change.id, s.change.field): s.kind for s in shifts_of(plan, day)}
    last = {(c.id, c.field): c for c in plan.packs.changes if c.field is not None}
    return tuple(
        FieldState(
            change,
            kinds.get(key),
            _title(plan, change.id),
            flat(change.node),
            flat(written_in_pack(plan, change)),
        )
        for key, change in last.items()
        if change.field != "tests"
    )


def _title(plan: Plan, ident: str) -> Label:
    for pack in plan.packs.bare:
        definition: RuleDefinition | None = pack.rules.get(ident)
        if definition is not None:
            return definition.title
        metric = pack.metrics.get(ident)
        if metric is not None:
            return metric.title
    return Label(ident, ident)
