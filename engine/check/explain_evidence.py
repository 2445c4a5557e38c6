"""The leaves of an explanation: stated facts with their rivals, sums of them, what is missing."""

from __future__ import annotations

from collections.abc import Iterable

from ddcheck.engine.check.figures import Figures
from ddcheck.engine.check.requests import title_of
from ddcheck.engine.check.rivals import reason_of
from ddcheck.engine.check.showing import unit_and_style
from ddcheck.engine.language.cells import Cause
from ddcheck.engine.language.context import Context
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.explanation import Evidence, Node, Place, Turn, Value
from ddcheck.engine.model.finding import Missing
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.periods import KIND_NAMES, kind_suffix
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.sums import Sum
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.translate import reworded, say


class Leaves:
    """Makes nodes of facts, for one company in one language."""

    def __init__(self, plan: Plan, context: Context, figures: Figures) -> None:
        self.plan = plan
        self.context = context
        self.ledger = context.ledger
        self.figures = figures
        self.language = figures.language

    def fact(self, fact: Fact, role: str = "", sign: str = "") -> Node:
        """A stated fact, with the other statements of its key and why it is the one that counts."""
        unit, style = self.unit(fact)
        evidence = self.evidence(fact)
        scope = f" {fact.scope[1]}" if fact.scope is not None else ""
        return Node(
            "fact",
            fact.concept,
            title_of(self.plan, fact.concept, self.language) + scope,
            "assumed" if fact.source == ASSUMED else "stated",
            fact.period.label + kind_suffix(fact.kind),
            reworded(self.language, role),
            sign,
            self.figures.stated(fact, unit, style),
            place=place_of(fact.node),
            actuality=KIND_NAMES[fact.kind],
            evidence=evidence,
        )

    def unit(self, fact: Fact) -> tuple[str, str]:
        """The unit of a fact and how a ratio of it is printed."""
        if fact.concept in self.plan.terms:
            return unit_and_style(self.plan, fact.concept)
        return fact.unit, "percent"

    def evidence(self, fact: Fact) -> tuple[Evidence, ...]:
        """`fact`, then the other statements of its key; each says why it counts or does not."""
        candidates = self.ledger.candidates(fact) or (fact,)
        chosen = candidates[0]
        unit, style = self.unit(fact)
        found = []
        for one in sorted(candidates, key=lambda item: item is not fact):
            rivals = [other for other in candidates if other is not one]
            disputed = any(
                other.unit == one.unit and (other.low > one.high or other.high < one.low)
                for other in rivals
            )
            reason = ""
            if one is not chosen:
                reason = reworded(self.language, reason_of(self.ledger, chosen, one))
            elif rivals:
                words = dict.fromkeys(reason_of(self.ledger, one, other) for other in rivals)
                reason = "; ".join(reworded(self.language, word) for word in words)
            shown = self.figures.stated(one, unit, style).shown
            counts = one is chosen
            found.append(Evidence(one, place_of(one.node), shown, counts, reason, disputed))
        return tuple(found)

    def turn(
        self,
        fact: Fact,
        to: float | None,
        below: float | None = None,
        above: float | None = None,
    ) -> Turn:
        """A fact with the values at which it would turn a verdict."""
        unit, style = self.unit(fact)
        shown = self.figures.stated(fact, unit, style)

        def worded(value: float | None) -> Value | None:
            return None if value is None else self.figures.moved(fact, value, unit, style)

        return Turn(
            self.evidence(fact)[0],
            title_of(self.plan, fact.concept, self.language),
            fact.period.label + kind_suffix(fact.kind),
            shown,
            worded(to),
            worded(below),
            worded(above),
        )

    def sum(self, name: str, entry: Sum, role: str = "") -> Node:
        """A flow as stated flows added and subtracted, each a node below it."""
        unit, style = unit_and_style(self.plan, name)
        parts = sorted(entry.parts, key=lambda part: -part[0])
        children = tuple(self.fact(fact, "", "+" if sign > 0 else "-") for sign, fact in parts)
        low, high = entry.low, entry.high
        value = self.figures.computed(entry.value, low, high, unit, style, (low, high))
        labels = " ".join(f"{child.sign} {child.period}" for child in children)
        numbers = " ".join(f"{child.sign} {child.value.shown}" for child in children if child.value)
        return Node(
            "sum",
            name,
            title_of(self.plan, name, self.language),
            "derived",
            entry.period.label + kind_suffix(entry.kind),
            reworded(self.language, role),
            value=value,
            formula=labels.removeprefix("+ "),
            steps=(numbers.removeprefix("+ "),),
            actuality=KIND_NAMES[entry.kind],
            children=children,
        )

    def missing(
        self, name: str, period: str | None, role: str, causes: Iterable[Cause], **more: str
    ) -> Node:
        """A leaf that is not there, with what would be needed."""
        wanted = in_words({Missing(*cause) for cause in causes}, self.language)
        if not wanted:
            wanted = (" ".join(part for part in (name, period) if part),)
        title = title_of(self.plan, name, self.language)
        return Node(
            "missing", name, title + more.get("scope", ""), "missing", period,
            reworded(self.language, role),
            missing=sort_missing(Missing(*cause) for cause in causes), needs=wanted,
        )  # fmt: skip

    def document(self, fact: Fact) -> str:
        """The source of a fact and the place in it."""
        return f"{fact.source}, {fact.at}" if fact.at else fact.source


def sort_missing(missing: Iterable[Missing]) -> tuple[Missing, ...]:
    """What is missing, each once, in a fixed order."""
    return tuple(sorted(set(missing), key=lambda item: tuple(map(str, item))))


def in_words(missing: Iterable[Missing], language: str) -> tuple[str, ...]:
    """What is missing, in words that say what would be needed."""
    return tuple(dict.fromkeys(_words(item, language) for item in sort_missing(missing)))


def _words(item: Missing, language: str) -> str:
    name = " ".join(part for part in (item.name, item.period, item.scope) if part)
    if item.kind == "fact":
        return name
    if item.kind == "parameter":
        return say(language, "a value of the parameter {name}", name=item.name)
    if item.kind == "bounded" and item.name:
        printed = any(char.isdigit() for char in item.reason) and " " not in item.reason
        words = "{name} more exactly than {text}" if printed else "{name} more exactly"
        return say(language, words, name=name, text=item.reason)
    reason = reworded(language, item.reason)
    return f"{name}: {reason}" if name else reason


def place_of(node: Scalar) -> Place:
    """Where `node` stands."""
    return Place(node.source.path, node.line, node.column)


def meets(left: Value | None, right: Value) -> bool:
    """Whether two values can be the same by their printed digits; open ends meet anything."""
    if left is None:
        return True
    low, high = float("-inf"), float("inf")
    a, b = low if left.low is None else left.low, high if left.high is None else left.high
    c, d = low if right.low is None else right.low, high if right.high is None else right.high
    return a <= d and c <= b


def written(formula: Formula) -> str:
    """A formula as written, on one line."""
    return " ".join(formula.text.split())
