"""Facts in JSON: as evidence, as assumptions of the command line, and as sides of a conflict."""

from __future__ import annotations

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.conflict import Conflict
from ddcheck.engine.model.evaluation import Assumption, Evaluation
from ddcheck.engine.model.periods import KIND_NAMES, kind_suffix
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.report.json_values import Json, as_number


def fact_key(fact: Fact, evaluation: Evaluation) -> dict[str, Json]:
    """Which stated fact it is about, and where it stands."""
    return {
        "concept": fact.concept,
        "period": fact.period.label + kind_suffix(fact.kind),
        "scope": _scope(fact),
        "unit": fact.unit,
        "source": fact.source,
        "file": _file(fact, evaluation),
        "line": fact.node.line,
    }


def _file(fact: Fact, evaluation: Evaluation) -> str:
    """The company file; of what the command line assumes its option."""
    return ASSUMED if fact.source == ASSUMED else evaluation.company.path


def _scope(fact: Fact) -> str | None:
    return f"{fact.scope[0]}:{fact.scope[1]}" if fact.scope else None


def evidence(fact: Fact, evaluation: Evaluation) -> Json:
    """A fact as evidence: what it says, who says it, and where it stands in which file."""
    return {
        "concept": fact.concept,
        "period": fact.period.label + kind_suffix(fact.kind),
        "kind": KIND_NAMES[fact.kind],
        "value": as_number(fact.value),
        "low": as_number(fact.low),
        "high": as_number(fact.high),
        "text": fact.text,
        "unit": fact.unit,
        "scope": _scope(fact),
        "source": fact.source,
        "at": fact.at,
        "file": _file(fact, evaluation),
        "line": fact.node.line,
        "column": fact.node.column,
    }


def assumption(item: Assumption, evaluation: Evaluation) -> Json:
    """What the command line assumes; `value` null where a fact is taken away, or is a range."""
    fact = item.fact
    scope = next((f.scope for f in (fact, *item.displaced) if f is not None and f.scope), None)
    return {
        "name": item.name,
        "title": item.title,
        "period": item.period,
        "scope": f"{scope[0]}:{scope[1]}" if scope else None,
        "value": as_number(fact.value if fact is not None else item.value),
        "low": as_number(fact.low if fact is not None else item.value),
        "high": as_number(fact.high if fact is not None else item.value),
        "unit": item.unit,
        "written": item.place,
        "before": as_number(item.before),
        "displaced": [evidence(one, evaluation) for one in item.displaced],
    }


def conflict_json(conflict: Conflict, evaluation: Evaluation) -> Json:
    """A conflict with all its candidates, the one that counts first."""
    computed: Json = None
    if conflict.computed is not None:
        low, high = conflict.computed
        computed = {"low": as_number(low), "high": as_number(high)}
    return {
        "type": conflict.type,
        "concept": conflict.concept,
        "period": conflict.period.label + kind_suffix(conflict.candidates[0].kind),
        "candidates": [evidence(fact, evaluation) for fact in conflict.candidates],
        "chosen": conflict.chosen,
        "reason": conflict.reason,
        "scope": ":".join(conflict.scope) if conflict.scope else None,
        "detail": conflict.detail or None,
        "computed": computed,
        "basis": [evidence(fact, evaluation) for fact in conflict.basis],
        "decides": list(conflict.decides),
    }
