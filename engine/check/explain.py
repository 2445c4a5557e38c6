"""Explaining one metric, rule, strength or concept of a company.

What a report shows of a finding or a metric is cut from here: the very objects are part of the
explanation.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from ddcheck.engine.check.evaluate import evaluate, pack_applies
from ddcheck.engine.check.explain_evidence import in_words, place_of
from ddcheck.engine.check.explain_history import (
    charted,
    concept_history,
    metric_history,
    rule_history,
)
from ddcheck.engine.check.explain_ladder import metric_ladder, rule_ladder
from ddcheck.engine.check.explain_periods import (
    FLOW_FRAMES,
    about_period,
    asked_view,
    judged_view,
    newest_view,
)
from ddcheck.engine.check.explain_tree import Tree
from ddcheck.engine.check.figures import Figures
from ddcheck.engine.check.judge import Judge
from ddcheck.engine.check.measure import fits_tags
from ddcheck.engine.check.views import View
from ddcheck.engine.language.context import Context
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.evaluation import Assumption, Evaluation
from ddcheck.engine.model.explanation import Explanation, Node
from ddcheck.engine.model.limits import choose_ladder
from ddcheck.engine.model.pack import MetricDefinition, RuleDefinition
from ddcheck.engine.model.periods import Period, day_text
from ddcheck.engine.model.plan import Metric, Plan, Rule
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.shape import Label
from ddcheck.engine.text.translate import say


def explain(
    plan: Plan,
    company: Company,
    ident: str,
    *,
    today: int,
    as_of: int | None = None,
    period: Period | None = None,
    language: str = "en",
    assumptions: Sequence[Assumption] = (),
) -> Explanation:
    """How `ident` comes to its value or verdict, at `period` or where it is judged.

    `ident` must be a metric, rule, strength or concept of `plan`. Whatever is missing, not meant
    for the company or outside of what it states is said in `notes` or in the tree; nothing raises.
    `assumptions` are what `assume` has put into plan and company already.
    """
    evaluation = evaluate(
        plan,
        company,
        today=today,
        as_of=as_of,
        period=period,
        language=language,
        assumptions=tuple(assumptions),
    )
    return Explainer(evaluation, period).explain(ident)


class Explainer:
    """Explains what an evaluation says; `period` is the one that it was made for, if any."""

    def __init__(self, evaluation: Evaluation, period: Period | None = None) -> None:
        self.evaluation = evaluation
        self.plan = evaluation.plan
        self.company = evaluation.company
        self.language = evaluation.language
        self.period = period
        self.context = Context(self.plan, evaluation.ledger, evaluation.evaluated_at)
        self.judge = Judge(self.context, evaluation.evaluated_at)
        self.tree = self._tree()

    def _tree(self) -> Tree:
        figures = Figures(self.company.currency, self.language)
        told = self.evaluation.assumptions
        assumed = frozenset(item.name for item in told if item.fact is None)
        return Tree(self.plan, self.context, figures, assumed)

    def explain(self, ident: str) -> Explanation:
        """The explanation of a metric, rule, strength or concept of the plan."""
        self.tree = self._tree()
        if ident in self.plan.rules:
            found = self._with_day(self.rule(self.plan.rules[ident]))
        elif ident in self.plan.metrics:
            found = self.metric(self.plan.metrics[ident])
        else:
            found = self.concept(ident)
        return self._with_conflicts(found)

    def rule(self, rule: Rule) -> Explanation:
        """The rule's verdict with its conditions, or its metric and ladder, worked out.

        Of a stale verdict what it waits for comes first, then what decided it last.
        """
        definition = rule.definition
        sort = "strength" if definition.strength else "rule"
        verdict = self.judge.verdict(rule)
        view = judged_view(self.judge, rule, verdict)
        found = self._defined(sort, rule.id, definition, view)
        told = (*self.evaluation.findings, *self.evaluation.strengths)
        finding = next((item for item in told if item.id == rule.id), None)
        if finding is not None:
            leaves = self.tree.leaves
            found = found._replace(
                finding=finding,
                needs=in_words(finding.missing, self.language),
                flips=tuple(leaves.turn(flip.fact, flip.value) for flip in finding.flips),
                headroom=tuple(
                    leaves.turn(room.fact, None, room.below, room.above)
                    for room in finding.headroom
                ),
            )
        if found.notes:
            return found
        if self.period is not None and asked_view(self.judge, self.period, "").place < 0:
            found = found._replace(notes=self._about(View(self.period.frame, -1)))
        if view.place < 0:
            return found
        applies: Node | None = None
        if rule.applies_when is not None:
            applies = self.tree.condition(rule.applies_when, view)
        roots = self._conditions(rule, view)
        last = View(verdict.last_frame, verdict.last_place)
        if last.place >= 0 and last != view:
            roots += self._conditions(rule, last)
        return found._replace(
            applies=applies,
            roots=tuple(roots),
            ladder=rule_ladder(self.tree, rule, view),
            history=rule_history(self.tree, self.judge, rule, view),
            charted=charted(rule),
        )

    def _with_day(self, found: Explanation) -> Explanation:
        """The explanation with a note where the rule's day is still to come."""
        if found.finding is None or found.finding.becomes is None:
            return found
        day = day_text(found.finding.becomes[1])
        words = say(self.language, "counts from {day}; until then it is information", day=day)
        return found._replace(notes=(*found.notes, words))

    def _conditions(self, rule: Rule, view: View) -> list[Node]:
        """The conditions of a rule; of one with a ladder the metric that stands on it."""
        if rule.definition.metric is not None:
            return [self.tree.name(rule.definition.metric.text, view)]
        return [self.tree.condition(step.condition, view) for step in rule.steps]

    def metric(self, metric: Metric) -> Explanation:
        """The metric's value at the period asked for, or at its latest, and its letter."""
        definition = metric.definition
        own = next((item for item in self.evaluation.metrics if item.id == metric.id), None)
        if self.period is not None:
            view = asked_view(self.judge, self.period, definition.frame)
        else:
            periods = self.context.axis(definition.frame).periods
            latest = own.latest.period if own is not None and own.latest is not None else None
            newest = self.judge.newest(definition.frame)
            place = periods.index(latest) if latest is not None else newest
            view = View(definition.frame, place)
        found = self._defined("metric", metric.id, definition, view)._replace(metric=own)
        if found.notes:
            return found
        ladder = choose_ladder(metric, self.company.tags)
        return found._replace(
            notes=self._about(view),
            roots=(self.tree.name(metric.id, view),) if view.place >= 0 else (),
            ladder=metric_ladder(self.tree, metric, ladder, view) if ladder is not None else None,
            history=metric_history(self.tree, metric, ladder, view),
        )

    def concept(self, name: str) -> Explanation:
        """A concept at the period asked for or its newest, and every fact that states it."""
        concept = self.plan.vocabulary.concepts[name]
        language = self.language
        frames = ("date",) if concept.time in ("stock", "fixed") else FLOW_FRAMES
        if self.period is not None:
            view = asked_view(self.judge, self.period, "")
        else:
            view = newest_view(self.judge, name, frames)
            if view.place < 0 and frames == FLOW_FRAMES:
                view = View("year", self.judge.newest("year"))
        roots = [self.tree.name(name, view)] if view.place >= 0 else []
        found = self._explanation("concept", name, concept.label, concept.node, view)
        found = found._replace(roots=tuple(roots))
        stated = {id(item.fact) for item in found.evidence()}
        ledger = self.context.ledger
        facts = [fact for fact in ledger.facts if fact.concept == name and ledger.is_chosen(fact)]
        facts.sort(key=lambda fact: (fact.scope is not None, -fact.period.end, fact.kind))
        leaves = (self.tree.leaves.fact(fact) for fact in facts if id(fact) not in stated)
        notes = self._about(view)
        if not facts and not notes:
            notes = (say(language, "no source states it"),)
        told = [("unit", concept.unit_name), ("time", concept.time)]
        formulas = self.plan.derived.get(name, ())
        told += [("derived by", " ".join(formula.text.split())) for formula in formulas]
        if concept.aliases:
            told.append(("also printed as", say(language, ", ").join(concept.aliases)))
        return found._replace(
            notes=notes,
            facts=tuple((say(language, label), say(language, words)) for label, words in told),
            roots=tuple(chain(roots, leaves)),
            history=concept_history(self.tree, name, view),
        )

    def _with_conflicts(self, found: Explanation) -> Explanation:
        """`found` with the conflicts that some fact of its trees is part of."""
        facts = {id(item.fact) for node in found.nodes() for item in node.evidence}
        facts |= {
            id(item.evidence.fact)
            for node in found.nodes()
            for item in node.beside
            if item.evidence is not None
        }
        conflicts = self.evaluation.conflicts
        own = (c for c in conflicts if any(id(fact) in facts for fact in c.candidates))
        return found._replace(conflicts=tuple(own))

    def _about(self, view: View) -> tuple[str, ...]:
        if self.period is None:
            return ()
        return about_period(self.judge, self.period, view, self.language)

    def _defined(
        self, sort: str, ident: str, definition: MetricDefinition | RuleDefinition, view: View
    ) -> Explanation:
        """What the pack says of a metric or rule, and whether it is meant for the company."""
        language = self.language
        wanted: list[str] = []
        if not fits_tags(definition.tags, self.company.tags):
            wanted = sorted(definition.tags)
        for pack in self.plan.packs.packs:
            if pack.id == definition.pack and not pack_applies(pack, self.company):
                wanted = sorted(pack.applies_to)
        notes: tuple[str, ...] = ()
        if wanted:
            own = say(language, ", ").join(sorted(self.company.tags)) or say(language, "no tag")
            notes = (
                say(
                    language,
                    "not applicable: meant for companies tagged {tags}; {company} has {own}",
                    tags=say(language, ", ").join(wanted), company=self.company.id, own=own,
                ),
            )  # fmt: skip
        found = self._explanation(sort, ident, definition.title, definition.node, view)
        return found._replace(
            pack=definition.pack,
            category=definition.category,
            notes=notes,
            why=definition.why.text(language) if definition.why is not None else "",
            ask=definition.ask.text(language) if definition.ask is not None else "",
            reference=definition.reference,
            tests=len(definition.tests),
        )

    def _explanation(
        self, sort: str, ident: str, title: Label, node: Scalar, view: View
    ) -> Explanation:
        return Explanation(
            sort=sort,
            id=ident,
            title=title.text(self.language),
            pack=None,
            category=None,
            place=place_of(node),
            evaluation=self.evaluation,
            asked=self.period.label if self.period is not None else None,
            period=self.tree.views.label(view),
            frame=view.frame,
            notes=(),
            needs=(),
            finding=None,
            flips=(),
            headroom=(),
            metric=None,
            facts=(),
            applies=None,
            roots=(),
            ladder=None,
            history=(),
            charted=ident,
            conflicts=(),
            why="",
            ask="",
            reference=None,
            tests=0,
        )
