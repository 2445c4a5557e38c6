"""The page of parameters as JSON: numbers in base units, what is absent null."""

from __future__ import annotations

from ddcheck.engine.model.layered import Lock
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.model.settled import FieldState, ParametersPage, ParameterState
from ddcheck.engine.report.json_values import Json, as_number, as_text
from ddcheck.engine.text.document import Scalar

SCHEMA_VERSION = 1


def render_params(page: ParametersPage) -> str:
    """The JSON document of a page."""
    company: Json = None
    if page.company is not None:
        company = {"id": page.company[0], "name": page.company[1]}
    return as_text(
        {
            "schema_version": SCHEMA_VERSION,
            "ddcheck": page.version,
            "today": day_text(page.today),
            "day": day_text(page.day),
            "company": company,
            "policy": page.policy,
            "packs": [
                {"id": pack.id, "version": pack.version, "extends": list(pack.extends)}
                for pack in page.packs
            ],
            "parameters": [_parameter(state, page) for state in page.states],
            "fields": [_field(field) for field in page.fields],
            "locked": [{"id": lock.ident, **_lock(lock)} for lock in page.locks],
            "pending": [
                {"id": rule.id, "from": day_text(rule.since), **_place(rule.node)}
                for rule in page.pending
                if rule.since is not None
            ],
        }
    )


def _parameter(state: ParameterState, page: ParametersPage) -> Json:
    parameter = state.parameter
    low, high = parameter.bounds
    following: Json = None
    if state.following is not None:
        day, value = state.following
        following = {"value": as_number(value), "from": day_text(day)}
    return {
        "id": parameter.id,
        "pack": state.pack,
        "title": parameter.title.text(page.language),
        "unit": parameter.unit_name,
        "value": as_number(state.value),
        "default": as_number(state.default),
        "low": as_number(low),
        "high": as_number(high),
        "effect": state.kind,
        "assumed": parameter.id in page.assumed,
        "next": following,
        "layers": [
            {
                "layer": item.layer,
                "values": [
                    {"from": day_text(day) if day else None, "value": as_number(value)}
                    for day, value in item.values
                ],
                **_place(item.node),
            }
            for item in parameter.written
        ],
        "locked": _lock(state.lock) if state.lock is not None else None,
        "reference": parameter.reference,
        "reviewed": day_text(parameter.reviewed) if parameter.reviewed is not None else None,
        "overdue": state.overdue,
        "uses": list(state.uses),
    }


def _field(field: FieldState) -> Json:
    change = field.change
    return {
        "id": change.id,
        "field": change.field,
        "effect": field.kind,
        "written": field.now,
        "before": field.before if field.before != "-" else None,
        "layer": change.layer,
        **_place(change.key),
    }


def _lock(lock: Lock) -> dict[str, Json]:
    return {"by": lock.ident, "layer": lock.layer, **_place(lock.node)}


def _place(node: Scalar) -> dict[str, Json]:
    return {"file": node.source.path, "line": node.line, "column": node.column}
