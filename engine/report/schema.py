"""A JSON Schema with the names of a plan, so that an editor completes and checks them.

A schema marks each place that takes names with `x-names`, a list of kinds: `terms` (concepts and
metrics), `metrics`, `rules`, `strengths`, `parameters`, `categories`, `dimensions`, and `units` and
`printed-units`, of which only the usual ones are listed. Here the marks become enumerations with
descriptions; the rest of the schema stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from ddcheck.engine.model.pack import Parameter
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.json_values import Json
from ddcheck.engine.text.shape import Label

MARK = "x-names"
_Schema: TypeAlias = "dict[str, Json]"
#: Kinds of which there are more than can be listed: what is not listed is held to the pattern.
_OPEN = frozenset({"units", "printed-units"})
_UNITS = {
    "ratio": "a quotient of like things, printed in per cent",
    "money": "the currency of the company itself",
    "count": "a number of things or people",
    "shares": "shares",
    "ads": "American depositary shares",
    "votes": "votes",
    "minutes": "minutes of use",
    "months": "months",
    "days": "days",
    "money/count": "money for each thing or person",
    "money/shares": "money for each share",
    "money/ads": "money for each ADS",
    "money/minutes": "money for each minute",
}
_PRINTED = {
    "USD million": "millions of US dollars",
    "USD thousand": "thousands of US dollars",
    "USD": "US dollars",
    "CNY million": "百万元人民币",
    "万元": "ten thousands of CNY",
    "亿元": "hundred millions of CNY",
    "万美元": "ten thousands of US dollars",
    "亿美元": "hundred millions of US dollars",
    "%": "per cent",
    "count": "a number of things or people",
    "count thousand": "thousands of things or people",
}


class _Name(NamedTuple):
    """A name that may be written, what it is called, and what an editor says of it."""

    id: str
    title: str
    description: str


def with_vocabulary(schema: _Schema, plan: Plan) -> _Schema:
    """`schema` with the names of `plan` wherever it is marked; `schema` itself stays as it is.

    A mapping gets its names as keys, a text or list of texts as an enumeration under `$defs`.
    """
    names = _Names(plan)
    result = _filled(schema, names)
    assert isinstance(result, dict)
    defs = result.get("$defs")
    lists = {key: names.listed(key) for key in sorted(names.used)}
    result["$defs"] = {**(defs if isinstance(defs, dict) else {}), **lists}
    return result


class _Names:
    """The names of a plan by kind, and which lists of them a schema has asked for."""

    def __init__(self, plan: Plan) -> None:
        self.kinds = {
            "terms": tuple(_terms(plan)),
            "metrics": tuple(_metrics(plan)),
            "rules": tuple(_rules(plan, strengths=False)),
            "strengths": tuple(_rules(plan, strengths=True)),
            "parameters": tuple(_parameter(item) for item in plan.parameters.values()),
            "categories": tuple(_categories(plan)),
            "dimensions": tuple(_dimensions(plan)),
            "units": tuple(_Name(name, name, text) for name, text in _UNITS.items()),
            "printed-units": tuple(_Name(name, name, text) for name, text in _PRINTED.items()),
        }
        self.used: dict[str, tuple[str, ...]] = {}

    def of(self, kinds: tuple[str, ...]) -> tuple[_Name, ...]:
        """The names of some kinds, each once."""
        found = {name.id: name for kind in kinds for name in self.kinds[kind]}
        return tuple(found.values())

    def reference(self, kinds: tuple[str, ...]) -> _Schema:
        """A reference to the enumeration of some kinds."""
        key = "names_" + "_".join(kinds).replace("-", "_")
        self.used[key] = kinds
        return {"$ref": f"#/$defs/{key}"}

    def listed(self, key: str) -> Json:
        """The enumeration under `key`."""
        names = self.of(self.used[key])
        return {
            "title": ", ".join(self.used[key]),
            "description": "A name that the packs know.",
            "enum": [name.id for name in names],
            "enumDescriptions": [f"{name.title}\n{name.description}".strip() for name in names],
        }


def _filled(node: Json, names: _Names) -> Json:
    if isinstance(node, list):
        return [_filled(item, names) for item in node]
    if not isinstance(node, dict):
        return node
    filled = {key: _filled(value, names) for key, value in node.items() if key != MARK}
    marks = node.get(MARK)
    if not isinstance(marks, list):
        return filled
    kinds = tuple(mark for mark in marks if isinstance(mark, str))
    kept: _Schema = {key: filled[key] for key in filled if key in ("title", "description")}
    if "additionalProperties" in filled:
        return _keyed(filled, names.of(kinds))
    listed = names.reference(kinds)
    if _OPEN.intersection(kinds):
        rest = {key: value for key, value in filled.items() if key not in kept}
        return {**kept, "anyOf": [listed, rest]}
    if isinstance(filled.get("type"), str) and filled["type"] == "array":
        return {**filled, "items": listed}
    if "items" in filled:  # one name, or a list of them
        return {**kept, "anyOf": [listed, {"type": "array", "items": listed}]}
    return {**kept, **listed}


def _keyed(node: _Schema, names: tuple[_Name, ...]) -> _Schema:
    """A mapping with `names` as its keys, and no others."""
    value = node["additionalProperties"]
    value = value if isinstance(value, dict) else {}
    rest = {key: item for key, item in value.items() if key not in ("title", "description")}
    properties: dict[str, Json] = {
        name.id: {"title": name.title, "description": name.description, **rest} for name in names
    }
    fixed = node.get("properties")
    if isinstance(fixed, dict):
        properties |= fixed
    kept = {key: item for key, item in node.items() if key != "propertyNames"}
    return {**kept, "properties": properties, "additionalProperties": False}


def _both(label: Label) -> str:
    return label.en if label.en == label.zh else f"{label.en} · {label.zh}"


def _terms(plan: Plan) -> Iterator[_Name]:
    for concept in plan.vocabulary.concepts.values():
        printed = ", ".join(dict.fromkeys(concept.aliases))
        text = f"{concept.time}, {concept.unit_name}"
        yield _Name(
            concept.id,
            _both(concept.label),
            f"{text}. Also printed as: {printed}" if printed else text,
        )
    yield from _metrics(plan)
    known = {*plan.vocabulary.concepts, *plan.metrics}
    for term in plan.terms.values():  # of packs that are not applied: they may be stated
        if term.id not in known:
            yield _Name(term.id, _both(term.label), term.time)


def _metrics(plan: Plan) -> Iterator[_Name]:
    for metric in plan.metrics.values():
        item = metric.definition
        why = f"\n{_both(item.why)}" if item.why is not None else ""
        yield _Name(metric.id, _both(item.title), f"metric, {item.unit_name}{why}")


def _rules(plan: Plan, *, strengths: bool) -> Iterator[_Name]:
    for rule in plan.rules.values():
        item = rule.definition
        if item.strength == strengths:
            why = f"\n{_both(item.why)}" if item.why is not None else ""
            kind = "speaks for a company" if strengths else f"up to {rule.gravest}"
            yield _Name(rule.id, _both(item.title), f"{kind}{why}")


def _parameter(item: Parameter) -> _Name:
    low, high = item.bounds
    text = item.unit_name
    if low is not None or high is not None:
        text += f", {value_text(None, item.unit_name, 'percent', low, high)}"
    return _Name(
        item.id, _both(item.title), f"{text}. {item.reference}" if item.reference else text
    )


def _categories(plan: Plan) -> Iterator[_Name]:
    for category in plan.grading.categories.values() if plan.grading is not None else ():
        text = "graded" if category.graded else "shown, not graded"
        yield _Name(category.id, _both(category.title), text)


def _dimensions(plan: Plan) -> Iterator[_Name]:
    for dimension in plan.vocabulary.dimensions.values():
        members = ", ".join(dimension.members)
        text = f"members: {members}" if members else "any member"
        yield _Name(dimension.id, _both(dimension.label), text)
