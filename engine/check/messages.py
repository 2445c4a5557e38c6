"""What is shown of a rule: its figures, and its messages.

Messages are texts with placeholders, read when packs are compiled and filled when they are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable

from ddcheck.engine.model.axes import Axis
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.pack import RuleDefinition
from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.model.plan import MessagePart, Step
from ddcheck.engine.model.wording import printed_text
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Scalar
from ddcheck.engine.text.suggest import did_you_mean

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_WORDS = ("period", "prior", "limit", "basis", "facts")


def compile_message(
    definition: RuleDefinition, names: frozenset[str], known: Iterable[str], report: Report
) -> dict[str, tuple[MessagePart, ...]]:
    """The rule's message by language, in parts; an unknown placeholder is DD216."""
    node = definition.message_node
    if definition.message is None or node is None:
        return {}
    texts: dict[str, Scalar] = {}
    if isinstance(node, Scalar):
        texts = {"en": node, "zh": node}
    elif isinstance(node, Mapping):
        texts = {
            key: value
            for key, value in node.entries.items()
            if key in ("en", "zh") and isinstance(value, Scalar)
        }
    allowed = {*names, *known}
    return {
        language: tuple(_parts(text, allowed, definition, report))
        for language, text in texts.items()
    }


def _parts(
    node: Scalar, allowed: set[str], definition: RuleDefinition, report: Report
) -> list[MessagePart]:
    parts = []
    end = 0
    for match in _PLACEHOLDER.finditer(node.text):
        if match.start() > end:
            parts.append(MessagePart(node.text[end : match.start()], None, False))
        end = match.end()
        name, _, form = match[1].partition(":")
        word = name in _WORDS
        if (not word and name not in allowed) or form not in ("", "history") or (word and form):
            line, column = node.place(match.start())
            place = Scalar(node.source, match.group(), None, line, column, 0)
            report.error(
                "DD216",
                place,
                f"unknown placeholder `{match.group()}` in `{definition.id}`",
                did_you_mean(form, ("history",))
                if form and name in allowed
                else did_you_mean(name, [*_WORDS, *sorted(allowed)])
                or "use {name}, {name:history}, {period}, {prior}, {limit}, {basis} or {facts}",
            )
            continue
        parts.append(MessagePart("", name, form == "history"))
    if end < len(node.text):
        parts.append(MessagePart(node.text[end:], None, False))
    return parts


def compile_show(
    definition: RuleDefinition,
    steps: tuple[Step, ...],
    parameters: Container[str],
    resolves: Callable[[str], bool],
    names: Callable[[], Iterable[str]],
    report: Report,
) -> tuple[str, ...]:
    """The names whose figures stand beside the rule: those of `show`, else its metric or names.

    `resolves` says whether a name is a fact or metric; one that is not is DD203, with the likeliest
    of `names`.
    """
    if not definition.show:
        if definition.metric is not None:
            return (definition.metric.text,)
        used = steps[0].condition.names
        return tuple(sorted(name for name in used if name not in parameters))
    found = []
    for node in definition.show:
        if resolves(node.text):
            found.append(node.text)
            continue
        meant = did_you_mean(node.text, [name for name in names() if resolves(name)])
        report.error("DD203", node, f"no fact or metric `{node.text}`", meant)
    return tuple(found)


_SHOWN_FACTS = 3
_SHOWN_PERIODS = 3


def shown_places(axis: Axis, place: int) -> list[int]:
    """The positions whose figures stand beside a rule judged at `place`, the earliest first."""
    found = [place]
    while len(found) < _SHOWN_PERIODS:
        before = axis.back(1)[found[0]]
        if before < 0:
            break
        found.insert(0, before)
    return found


def facts_text(facts: tuple[Fact, ...], name: Callable[[str], str], language: str) -> str:
    """Facts in words: of each concept its newest actual as printed, at most three concepts."""
    keys: dict[str, dict[tuple[int, int], list[Fact]]] = {}
    for fact in facts:
        by_key = keys.setdefault(fact.concept, {})
        by_key.setdefault((-fact.kind, fact.period.end), []).append(fact)
    chinese = language == "zh"
    found = []
    for concept, by_key in keys.items():
        newest = by_key[max(by_key)]
        texts = " / ".join(dict.fromkeys(printed_text(fact, language) for fact in newest))
        label = next((fact.labelled for fact in newest if fact.labelled is not None), None)
        when = newest[0].period.label + kind_suffix(newest[0].kind)
        named = f" “{label}”" if label is not None else ""
        rest = f" +{len(by_key) - 1}" if len(by_key) > 1 else ""
        found.append(f"{name(concept)} {when}{named}{'：' if chinese else ': '}{texts}{rest}")
    text = ("；" if chinese else "; ").join(found[:_SHOWN_FACTS])
    more = len(found) - _SHOWN_FACTS
    if more > 0:
        text += f"；等共{len(found)}项" if chinese else f"; {more} more"
    return text or ("无" if chinese else "none")
