"""A formula after it has been read and checked: what engines evaluate."""

from __future__ import annotations

import ast
from typing import NamedTuple

from ddcheck.engine.model.units import Measure
from ddcheck.engine.text.document import Scalar

#: Among the leaves of a formula that counts facts: every fact there is, whatever it is about.
EVERY_FACT = "*"


class Formula(NamedTuple):
    """A checked formula.

    `tree` holds only nodes of the language; `names` are the concepts, metrics and parameters it
    names itself, `leaves` every concept and metric it reaches, `calls` every function it reaches,
    `rules` the rules whose outcome it asks for. `measure` is what its value is.
    """

    text: str
    node: Scalar
    tree: ast.expr
    names: frozenset[str]
    leaves: frozenset[str]
    calls: frozenset[str]
    rules: frozenset[str]
    measure: Measure
