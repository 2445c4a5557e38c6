"""Rules that want good evidence: what rests on weaker facts is unknown, never a pass or a flag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ddcheck.engine.model.company import TIERS, Fact
from ddcheck.engine.model.finding import FLAG, UNKNOWN, Last, Missing
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.model.plan import Rule

if TYPE_CHECKING:
    from ddcheck.engine.check.judge import Verdict

EVIDENCE = "evidence"


def too_weak(ledger: Ledger, rule: Rule, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Those of `facts` whose sources are weaker than the rule's `min_evidence`."""
    wanted = rule.definition.min_evidence
    if wanted is None:
        return ()
    limit = TIERS.index(wanted)
    return tuple(f for f in facts if TIERS.index(ledger.sources[f.source].tier) > limit)


def withheld(verdict: Verdict) -> Verdict:
    """`verdict`, decided on too weak evidence, as unknown; what it was stays as the last one."""
    severity = verdict.severity if verdict.outcome == FLAG else None
    return verdict._replace(
        outcome=UNKNOWN,
        severity=verdict.rule.gravest,
        reason=EVIDENCE,
        place=-1,
        step=-1,
        last=Last(verdict.outcome, severity, str(verdict.period)),
        open_place=verdict.place,
        behind=True,
        worst=verdict.rule.gravest,
        last_frame=verdict.frame,
        last_place=verdict.place,
        open_frame=verdict.frame,
    )


def wanted_again(ledger: Ledger, facts: tuple[Fact, ...]) -> tuple[Missing, ...]:
    """What would decide it: the same facts from a better source."""
    found = []
    for fact in facts:
        scope = " ".join(fact.scope) if fact.scope is not None else None
        period = fact.period.label + kind_suffix(fact.kind)
        tier = ledger.sources[fact.source].tier
        found.append(Missing(EVIDENCE, fact.concept, period, scope, f"stated by {tier} only"))
    return tuple(found)
