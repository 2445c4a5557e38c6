"""What lint looks into beyond the plan: conditions of trends, rules that a policy names, and tags.

A plan can be used without any of them, so a mistake here would be silent: a trend that no memo
asks for, a rule that no gate waits for, a norm that no company ever meets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator

from ddcheck.engine.check.asking import scope_of
from ddcheck.engine.language.check import check_formula
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.pack import Packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.suggest import did_you_mean, nearest

_VARIABLES = ("x", "steps", "periods")
_VARIABLE = re.compile(rf"\b({'|'.join(_VARIABLES)})\b")
_TAGS = ("tags", "applies_to")


def check_references(plan: Plan, shipped: Collection[str], report: Report) -> None:
    """Report trends that cannot be judged (DD2xx), rules of the policy that neither `plan` nor
    `shipped` has (DD211), and tags of packs that look like slips (DD570).
    """
    _check_trends(plan, report)
    policy = plan.packs.policy
    if policy is not None and policy.root is not None:
        known = {*plan.rules, *shipped}
        check_rules_named(
            policy.root, known, lambda name: f"no rule `{name}` in these packs", report
        )
    _check_tags(plan, report)


def check_rules_named(
    root: Mapping, rules: Collection[str], why: Callable[[str], str], report: Report
) -> None:
    """Report the rules that the policy `root` names and nobody has (DD211); `why` says so."""
    for key in ("must_know", "cannot_be_waived"):
        for node in _texts(root.get(key)):
            if node.text not in rules:
                report.error("DD211", node, why(node.text), did_you_mean(node.text, rules))


def warn_of_tags(
    company: Company, plan: Plan, shipped: Callable[[], Packs], report: Report
) -> None:
    """Warn of tags of `company` that no pack asks for but nearly does (DD570).

    A company may bear any tag; one that is nearly a known one is taken for a slip, unless the
    company bears that one too, or a pack of `shipped` asks for it.
    """
    known = _asked(plan.packs)
    for node in company.tag_nodes:
        meant = nearest(node.text, known) if node.text not in known else None
        if meant is not None and meant not in company.tags and node.text not in _asked(shipped()):
            words = f"no pack asks for the tag `{node.text}`"
            report.warning("DD570", node, words, did_you_mean(node.text, known))


def _asked(packs: Packs) -> list[str]:
    """The tags that packs apply to or have ladders for."""
    tags = {tag for pack in packs.packs for tag in pack.applies_to}
    metrics = (metric for pack in packs.packs for metric in pack.metrics.values())
    return sorted(tags.union(*(ladder.tags for metric in metrics for ladder in metric.ladders)))


class _Filled(Scalar):
    """A condition over `x`, `steps` and `periods` with an example of each put in.

    A place in it is the place in the condition as it is written.
    """

    __slots__ = ("starts", "written")

    def __init__(self, node: Scalar, values: dict[str, str]) -> None:
        pieces: list[str] = []
        #: Where each piece begins here, and where it begins in what is written.
        self.starts: list[tuple[int, int]] = []
        length = end = 0
        for match in _VARIABLE.finditer(node.text):
            for piece, begin in (
                (node.text[end : match.start()], end),
                (values[match[1]], match.start()),
            ):
                self.starts.append((length, begin))
                pieces.append(piece)
                length += len(piece)
            end = match.end()
        self.starts.append((length, end))
        pieces.append(node.text[end:])
        self.written = node
        super().__init__(node.source, "".join(pieces), None, node.line, node.column, node.index)

    def place(self, offset: int) -> tuple[int, int]:
        here, begin = max(item for item in self.starts if item[0] <= offset)
        return self.written.place(min(begin + offset - here, len(self.written.text) - 1))


def _check_trends(plan: Plan, report: Report) -> None:
    concepts = plan.vocabulary.concepts.values()
    example = next((concept.id for concept in concepts if concept.time == "flow"), None)
    if example is None:
        return
    scope = scope_of(plan)
    named = (*scope.known(), *_VARIABLES)
    scope = scope._replace(known=lambda: named)
    for trend in plan.packs.trends:
        filled = _Filled(trend.when, {"x": example, "steps": "2", "periods": "3"})
        formula = check_formula(filled, scope, report)
        if formula is not None and not formula.measure.truth:
            words = f"a condition is needed, not {formula.measure.name()}"
            report.error("DD207", trend.when, words)


def _check_tags(plan: Plan, report: Report) -> None:
    """Warn of a tag that stands once in all packs and their tests, and nearly as another does."""
    lists = [tags for pack in plan.packs.packs for root in pack.roots for tags in _tag_lists(root)]
    used = Counter(node.text for tags in lists for node in tags)
    for tags in lists:
        beside = {node.text for node in tags}
        for node in tags:
            others = [tag for tag in used if tag not in beside]
            hint = did_you_mean(node.text, others) if used[node.text] == 1 else None
            if hint is not None:
                words = f"the tag `{node.text}` stands nowhere else in the packs"
                report.warning("DD570", node, words, hint)


def _tag_lists(node: Node) -> Iterator[tuple[Scalar, ...]]:
    """Every list of tags in `node`, at any depth."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key.text in _TAGS:
                yield tuple(_texts(value))
            else:
                yield from _tag_lists(value)
    elif isinstance(node, Sequence):
        for item in node:
            yield from _tag_lists(item)


def _texts(node: Node | None) -> Iterator[Scalar]:
    items = node.items if isinstance(node, Sequence) else [node]
    for item in items:
        if isinstance(item, Scalar) and not item.is_null:
            yield item
