"""What changes between two plans: definitions field by field, and whether that is looser.

Fields are compared as they are written; where limits are numbers, what they come to says which way
they moved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ddcheck.engine.check.loosening import Looser
from ddcheck.engine.check.written_fields import fields_of, is_words
from ddcheck.engine.model.difference import (
    ADDED,
    CHANGED,
    REMOVED,
    DefinitionChange,
    FieldChange,
    Spot,
)
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.shape import Label

Shown = Callable[[str], str]
_GRADING, _POLICY = Label("the grade", "评级"), Label("the policy", "准入政策")


class Entry(NamedTuple):
    """A definition of one side with its fields in words."""

    kind: str
    id: str
    title: Label
    fields: dict[str, str]
    spot: Spot | None


def alterations(
    old: Plan,
    new: Plan,
    more: tuple[Mapping[str, Entry], Mapping[str, Entry]],
    today: int,
    shown: Shown,
) -> tuple[tuple[DefinitionChange, ...], int]:
    """The definitions that change from `old` to `new`, the looser ones first, and how many do not.

    `more` are definitions of each side beside the plans' own, by key; `shown` writes a path.
    """
    before = {**_entries(old, shown), **more[0]}
    after = {**_entries(new, shown), **more[1]}
    looser = Looser(old, new, today)
    found = []
    for key in {**before, **after}:
        left, right = before.get(key), after.get(key)
        if left is None or right is None or left.fields != right.fields:
            found.append(_change(left, right, looser))
    places = {True: 0, None: 1, False: 2}
    found.sort(key=lambda item: (item.is_words, places[item.looser]))
    return tuple(found), len({**before, **after}) - len(found)


def altered(left: Entry | None, right: Entry | None) -> DefinitionChange | None:
    """How one thing changes where nobody can say whether it is looser; None if it does not."""
    if left is not None and right is not None and left.fields == right.fields:
        return None
    return _change(left, right, None)


def _change(left: Entry | None, right: Entry | None, looser: Looser | None) -> DefinitionChange:
    entry = right or left
    assert entry is not None
    spots = (left.spot if left else None, right.spot if right else None)
    if left is None or right is None:
        change = ADDED if left is None else REMOVED
        verdict = looser.whole(entry.kind, change) if looser is not None else None
        fields = tuple(
            FieldChange(
                name,
                None if left is None else text,
                text if left is None else None,
                words=is_words(name),
            )
            for name, text in entry.fields.items()
        )
        return DefinitionChange(entry.kind, entry.id, entry.title, change, fields, *spots, verdict)
    changed = []
    for name in {**left.fields, **right.fields}:
        was, now = left.fields.get(name), right.fields.get(name)
        if was != now:
            way = looser.field(entry.kind, entry.id, name, was, now) if looser else None
            changed.append(FieldChange(name, was, now, way, is_words(name)))
    ways = {field.looser for field in changed if not field.words}
    # One field that lets more pass is enough to be read first.
    verdict = True if True in ways else (False if ways == {False} else None)
    return DefinitionChange(
        entry.kind, entry.id, entry.title, CHANGED, tuple(changed), *spots, verdict
    )


# --- definitions in words


def _entries(plan: Plan, shown: Shown) -> dict[str, Entry]:
    found: dict[str, Entry] = {}

    def keep(kind: str, ident: str, title: Label, item: Any, node: Any) -> None:
        spot = Spot(shown(node.source.path), node.line) if node is not None else None
        found[f"{kind} {ident}"] = Entry(kind, ident, title, fields_of(item), spot)

    for pack in plan.packs.packs:
        fields = {"version": pack.version, "extends": ", ".join(pack.extends),
                  "applies_to": ", ".join(sorted(pack.applies_to))}  # fmt: skip
        spot = Spot(shown(f"{pack.path}/pack.yaml"), 0)
        found[f"pack {pack.id}"] = Entry("pack", pack.id, pack.title, fields, spot)
        for metric in pack.metrics.values():
            keep("metric", metric.id, metric.title, metric, metric.node)
        for rule in pack.rules.values():
            kind = "strength" if rule.strength else "rule"
            keep(kind, rule.id, rule.title, rule, rule.node)
    for parameter in plan.parameters.values():
        keep("parameter", parameter.id, parameter.title, parameter, parameter.node)
    for concept in plan.vocabulary.concepts.values():
        keep("concept", concept.id, concept.label, concept, concept.node)
    for dimension in plan.vocabulary.dimensions.values():
        keep("dimension", dimension.id, dimension.label, dimension, None)
    for trend in plan.packs.trends:
        keep("trend", trend.id, trend.title, trend, trend.when)
    if plan.grading is not None:
        keep("grading", "grading", _GRADING, plan.grading, None)
    policy = plan.packs.policy
    if policy is not None:
        fields = {
            "fail_on": policy.fail_on,
            "must_know": ", ".join(policy.must_know),
            "cannot_be_waived": ", ".join(policy.unwaivable),
            "max_days": str(policy.max_days),
            **({} if policy.memos is None else fields_of(policy.memos)),
        }
        where = None if policy.root is None else Spot(shown(policy.root.source.path), 0)
        found["policy policy"] = Entry(
            "policy", "policy", Label("the policy", "准入政策"), fields, where
        )
    return found
