"""Parameters: reading those that a pack declares, and the values that layers give them."""

from __future__ import annotations

from decimal import Decimal

from ddcheck.engine.model.layered import Written
from ddcheck.engine.model.pack import Parameter
from ddcheck.engine.model.units import Unit, unit_name, unit_named
from ddcheck.engine.model.vocabulary import unit_of, valid_id
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar
from ddcheck.engine.text.quantity import Quantity, parse_quantity
from ddcheck.engine.text.shape import Label
from ddcheck.engine.text.words import QuantityError, UnitText

_KEYS = frozenset(
    {"title", "unit", "default", "values", "at_least", "at_most", "reference", "reviewed", "why"}
)


def load_parameters(node: Node | None, pack: str, report: Report) -> dict[str, Parameter]:
    """The parameters that a pack declares; what is unusable is reported and left out."""
    entries = shape.mapping(node, "`parameters`", report)
    found = {}
    for key, item in entries.items() if entries else ():
        what = f"parameter `{key.text}`"
        entry = shape.mapping(item, what, report)
        if entry is None or not valid_id(key, "a parameter", report):
            continue
        if not shape.keys(entry, _KEYS, ("unit",), what, report):
            continue
        unit = unit_of(entry.get("unit"), what, report)
        if unit is None:
            continue
        low, high = (
            _number(entry.get(side), unit[0], what, report) for side in ("at_least", "at_most")
        )
        values = []
        texts: dict[int, Node | None] = {}
        default = _number(entry.get("default"), unit[0], what, report)
        if default is not None:
            values.append((0, default))
            texts[0] = entry.get("default")
        dated = shape.mapping(entry.get("values"), "`values`", report)
        for when, value in dated.items() if dated else ():
            day = shape.day(when, "the date", report)
            number = _number(value, unit[0], what, report)
            if day is not None and number is not None:
                values.append((day, number))
                texts[day] = value
        for _, number in values:
            if (low is not None and number < low) or (high is not None and number > high):
                report.error("DD219", key, f"{what} has a value outside its own bounds")
        title = shape.label(entry.get("title"), "the title", report) or Label(key.text, key.text)
        ordered = tuple(sorted(values))
        reviewed = entry.get("reviewed")
        newest = texts[max(texts)] if texts else None
        found[key.text] = Parameter(
            key.text,
            title,
            unit[0],
            unit[1],
            ordered,
            (low, high),
            shape.text(entry.get("reference"), "`reference`", report),
            key,
            shape.day(reviewed, "`reviewed`", report),
            reviewed if isinstance(reviewed, Scalar) else None,
            (Written(pack, key, ordered),),
            tuple(dated.keys.values()) if dated is not None else (),
            newest.text if isinstance(newest, Scalar) else None,
        )
    return found


def quantity_of(node: Scalar, unit: Unit, report: Report) -> Quantity | None:
    """The quantity that `node` writes in `unit`, which a bare number takes; or DD303 or DD304."""
    try:
        quantity = parse_quantity(node.text, UnitText(Decimal(1), unit_name(unit)))
    except QuantityError as error:
        report.error(error.code, node, error.message, error.help)
        return None
    if quantity.unit and unit_named(quantity.unit) != unit:
        report.error(
            "DD304", node, f"`{node.text}` is {quantity.unit}; {unit_name(unit)} is needed"
        )
        return None
    return quantity


def _number(node: Node | None, unit: Unit, what: str, report: Report) -> float | None:
    found = shape.scalar(node, f"a value of {what}", report)
    quantity = quantity_of(found, unit, report) if found is not None else None
    return float(quantity.value) if quantity is not None and quantity.value is not None else None


def written_values(
    parameter: Parameter, node: Node, report: Report
) -> tuple[tuple[int, float], ...] | None:
    """The values that a layer gives `parameter`: one for always, or each from its day on.

    Before the first of dated values the layers beneath hold. None and diagnostics (DD621 outside
    the bounds) if any cannot be used.
    """
    what = f"the value of `{parameter.id}`"
    if not isinstance(node, Mapping):
        found = shape.scalar(node, what, report)
        number = _set_to(parameter, found, report) if found is not None else None
        return ((0, number),) if number is not None else None
    values = []
    for when, item in node.items():
        day = shape.day(when, "the date", report)
        found = shape.scalar(item, what, report)
        number = _set_to(parameter, found, report) if found is not None else None
        if day is None or number is None:
            return None
        values.append((day, number))
    if not values:
        report.error("DD110", node, f"{what} is an empty mapping", "write a value, or leave it out")
        return None
    values.sort()
    before = [item for item in parameter.values if item[0] < values[0][0]]
    return (*before, *values)


def _set_to(parameter: Parameter, node: Scalar, report: Report) -> float | None:
    quantity = quantity_of(node, parameter.unit, report)
    if quantity is None:
        return None
    if quantity.value is None:
        report.error("DD621", node, f"`{node.text}`: a parameter is a single number")
        return None
    number = float(quantity.value)
    low, high = parameter.bounds
    if (low is not None and number < low) or (high is not None and number > high):
        ends = value_text(None, parameter.unit_name, "percent", low, high)
        words = f"`{node.text}` is outside the bounds of `{parameter.id}`"
        report.error("DD621", node, words, f"its pack allows {ends}")
        return None
    return number
