"""Fingerprints: what the outcome of an entry's tests rests on, in one short text.

Two runs whose fingerprints of an entry agree come to the same. It covers whole files, those of
every definition that the entry can reach, and what all entries share; so it may change without
need, and never the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from ddcheck.engine.model.formula import EVERY_FACT, Formula
from ddcheck.engine.model.plan import Metric, Plan, Rule
from ddcheck.engine.text.document import Mapping, Node, Sequence
from ddcheck.engine.text.source import Source

#: Reads every fact there is, and the titles of all definitions.
_MARKS = "facts"


class Fingerprints:
    """The fingerprints of the entries of `plan`; `engine` says by which program they are judged."""

    def __init__(self, plan: Plan, engine: str) -> None:
        self.plan = plan
        self._texts: dict[int, str] = {}
        self._found: dict[tuple[str, str], str] = {}
        packs = plan.packs
        below = {name for pack in packs.packs for name in (*pack.metrics, *pack.rules)}
        self._defined = below
        layers = [layer for layer in packs.layers if layer.changes_anything]
        shared = [source for pack in packs.bare for source in pack.sources]
        shared += [key.source for layer in layers for key, _ in (*layer.sets, *layer.overrides)]
        words = [engine, *(pack.id for pack in packs.bare), *(layer.name for layer in layers)]
        self._shared = _digest([*words, *(self._text(source) for source in shared)])

    def of(self, entry: Metric | Rule) -> str:
        """The fingerprint of what the tests of `entry` come to."""
        kind = "rule" if isinstance(entry, Rule) else "metric"
        found = self._found.get((kind, entry.id))
        if found is None:
            words = frozenset(_words(entry.definition.tests))
            reached = self._reached(entry, words)
            if reached is None:
                reached = self._defined
            sources = {id(source): source for name in reached for source in self._sources(name)}
            texts = sorted(map(self._text, sources.values()))
            found = _digest([self._shared, kind, entry.id, *texts, *self._elsewhere(words)])
            self._found[kind, entry.id] = found
        return found

    def _elsewhere(self, words: frozenset[str]) -> list[str]:
        """What tests of these `words` state of metrics that no pack of the plan defines."""
        terms, concepts = self.plan.terms, self.plan.vocabulary.concepts
        named = (words & terms.keys()) - self._defined - concepts.keys()
        return [repr(terms[name]) for name in sorted(named)]

    def with_all(self, entry: Metric | Rule, others: Iterable[Metric | Rule]) -> str:
        """The fingerprint of what the tests of `entry` and of all `others` come to."""
        return _digest([self.of(entry), *(self.of(other) for other in others)])

    def _reached(self, entry: Metric | Rule, words: frozenset[str]) -> set[str] | None:
        """Every metric and rule that tests of `entry` of these `words` can reach; None for all."""
        plan = self.plan
        known = self._defined | plan.derived.keys()
        found: set[str] = set()
        waiting = [entry.id, *(words & known)]
        while waiting:
            name = waiting.pop()
            if name in found or name not in known:
                continue
            found.add(name)
            for formula in plan.derived.get(name, ()):
                waiting += [*formula.leaves, *formula.rules]
            for item in (plan.metrics.get(name), plan.rules.get(name)):
                if item is None:
                    continue
                if EVERY_FACT in item.leaves or _MARKS in item.calls:
                    return None
                waiting += item.leaves
                for used in _formulas(item):
                    waiting += used.rules
        return found & self._defined

    def _sources(self, name: str) -> Iterator[Source]:
        for item in (self.plan.metrics.get(name), self.plan.rules.get(name)):
            if item is not None:
                yield item.definition.node.source
        for pack in self.plan.packs.bare:  # as it is without what layers make of it
            entry = pack.entries.get(name)
            if entry is not None:
                yield entry.mapping.source

    def _text(self, source: Source) -> str:
        found = self._texts.get(id(source))
        if found is None:
            found = self._texts[id(source)] = _digest([source.text])
        return found


def _formulas(item: Metric | Rule) -> Iterator[Formula]:
    if item.applies_when is not None:
        yield item.applies_when
    if isinstance(item, Rule):
        yield from (step.condition for step in item.steps)
        return
    yield from (*item.formulas, *item.between)
    yield from (step.condition for ladder in item.ladders for step in ladder.steps)


def _words(tests: tuple[Mapping, ...]) -> Iterator[str]:
    """Every text in tests: what they give, and what they expect to be unknown."""
    waiting: list[Node] = [*tests]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            yield from node.entries
            waiting += node.entries.values()
        elif isinstance(node, Sequence):
            waiting += node.items
        else:
            yield node.text


def _digest(texts: list[str]) -> str:
    found = sha256()
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        found.update(b"%d:" % len(data))
        found.update(data)
    return found.hexdigest()
