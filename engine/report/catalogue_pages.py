"""The catalogue as Markdown pages: one for each file of a pack, and an index.

A page says of each metric and rule what it is called, what it does, why, its formula and limits
with where they come from, what to ask the company, and its tests as examples.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from ddcheck.engine.model.pack import Parameter
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.model.plan import Metric, MetricLadder, Plan, Rule
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.shape import Label

_INDEX = "index.md"
_PARAMETERS = "parameters.md"
_SIGNS = {"above": "above", "at-least": "at least", "below": "below", "at-most": "at most"}


def catalogue_pages(plan: Plan) -> tuple[tuple[str, str], ...]:
    """File names and texts of all pages: the index, the parameters, one for each file."""
    by_page: dict[str, list[Metric | Rule]] = {}
    defined: list[Metric | Rule] = [*plan.metrics.values(), *plan.rules.values()]
    for entry in defined:
        by_page.setdefault(page_of(entry), []).append(entry)
    pages = [(_INDEX, _index(plan, by_page)), (_PARAMETERS, _parameters(plan))]
    for name, entries in sorted(by_page.items()):
        heads = [f"# {_heading(name, entries[0])}", "", f"{_pack_title(plan, entries[0])}.", ""]
        texts = [entry_page(plan, entry) for entry in entries]
        pages.append((name, "\n".join([*heads, *texts])))
    return tuple(pages)


def page_of(entry: Metric | Rule) -> str:
    """The file name of the page that an entry stands on: `core-cash.md`."""
    file = os.path.basename(entry.definition.node.source.path)
    return f"{entry.definition.pack}-{os.path.splitext(file)[0]}.md"


def entry_page(plan: Plan, entry: Metric | Rule) -> str:
    """One metric, rule or strength in Markdown, under a heading of the second level."""
    definition = entry.definition
    lines = [f"## {entry.id}", "", f"**{_both(definition.title)}**", ""]
    if definition.why is not None:
        lines += [_text(definition.why.en), "", _other(definition.why)]
    lines += _metric(plan, entry) if isinstance(entry, Metric) else _rule(plan, entry)
    if entry.applies_when is not None:
        lines += [f"Applies when `{_flat(entry.applies_when.text)}`.", ""]
    frame = f"Judged on: {definition.frame}; stale after {definition.stale_after} months."
    if definition.tags:
        frame += f" For companies tagged {_listed(definition.tags)}."
    lines += [frame, ""]
    if definition.ask is not None:
        lines += [f"**To ask.** {_text(definition.ask.en)}", "", _other(definition.ask)]
    if definition.reference:
        lines += [f"**Reference.** {_text(definition.reference)}", ""]
    return "\n".join([*lines, *_tests(definition.tests)])


def _metric(plan: Plan, metric: Metric) -> list[str]:
    lines = []
    if metric.formulas:
        formulas = [_flat(formula.text) for formula in metric.formulas]
        lines += ["```text", *formulas, "```", ""]
        if len(formulas) > 1:
            lines += ["The first that gives a value counts.", ""]
    if metric.between:
        low, high = (_flat(formula.text) for formula in metric.between)
        lines += [f"Where it is not known it lies between `{low}` and `{high}`.", ""]
    definition = metric.definition
    unit = f"Unit: {definition.unit_name}."
    if definition.better:
        unit += f" {definition.better.capitalize()} is better."
    if metric.ladders:
        unit += f" Weight in its category: {definition.weight:g}."
    lines += [unit, ""]
    for ladder in metric.ladders:
        lines += _ladder(plan, ladder)
    if definition.otherwise is not None and definition.otherwise[0] is not None:
        note = definition.otherwise[1]
        words = f"Where it does not apply the grade is {definition.otherwise[0]}"
        lines += [f"{words}: {_text(note.en)}." if note is not None else f"{words}.", ""]
    return lines


def _ladder(plan: Plan, ladder: MetricLadder) -> list[str]:
    heads = [step.name for step in ladder.steps]
    limits = [_limit(plan, step.limit) for step in ladder.steps]
    lines = []
    if ladder.tags:
        lines += [f"For companies tagged {_listed(ladder.tags)}:", ""]
    lines += [_row(heads), _row(["---"] * len(heads)), _row(limits), ""]
    if ladder.reference:
        dated = f" ({ladder.dated})" if ladder.dated else ""
        lines += [f"Limits: {_text(ladder.reference)}{dated}", ""]
    return lines


def _rule(plan: Plan, rule: Rule) -> list[str]:
    definition = rule.definition
    lines = []
    if definition.when is not None:
        lines += ["```text", _flat(definition.when.text), "```", ""]
        severity = "Speaks for the company." if definition.strength else f"Flag: {rule.gravest}."
        lines += [severity, ""]
    else:
        metric = definition.metric.text if definition.metric is not None else ""
        target = plan.metrics.get(metric)
        named = f"[`{metric}`]({page_of(target)}#{metric})" if target is not None else f"`{metric}`"
        sign = _SIGNS.get(definition.direction or "", "")
        lines += [f"{named} {sign}:", ""]
        steps = [(step.name, _limit(plan, step.limit)) for step in rule.steps]
        lines += [_row(name for name, _ in steps), _row(["---"] * len(steps))]
        lines += [_row(limit for _, limit in steps), ""]
    if definition.since is not None:
        day = day_text(definition.since)
        lines += [f"Counts from {day}; until then it is shown as information.", ""]
    if definition.min_evidence is not None:
        lines += [f"Decided only on evidence of tier {definition.min_evidence} or better.", ""]
    return lines


def _tests(tests: tuple[Mapping, ...]) -> list[str]:
    if not tests:
        return []
    lines = ["Examples, which are its tests:", "", _row(["given", "expected"])]
    lines.append(_row(["---", "---"]))
    for test in tests:
        given = [f"`{_cell(_flow(test.get('given')))}`"]
        given += [
            f"{key.text} `{_cell(_flow(value))}`"
            for key, value in test.items()
            if key.text not in ("given", "expect")
        ]
        expected = test.get("expect")
        lines.append(_row([" ".join(given), f"`{_cell(_flow(expected))}`"]))
    return [*lines, ""]


def _index(plan: Plan, by_page: dict[str, list[Metric | Rule]]) -> str:
    metrics = len(plan.metrics)
    strengths = sum(rule.definition.strength for rule in plan.rules.values())
    rules = len(plan.rules) - strengths
    lines = [
        "# Catalogue",
        "",
        (
            f"{metrics} metrics, {rules} rules and {strengths} strengths. Made by `ddcheck rules "
            "--format markdown` from the packs; edit those."
        ),
        "",
    ]
    for name, entries in sorted(by_page.items()):
        lines += [f"## [{_heading(name, entries[0])}]({name})", ""]
        lines += [_row(["id", "kind", "what it is", "category"]), _row(["---"] * 4)]
        for entry in entries:
            link = f"[`{entry.id}`]({name}#{entry.id})"
            kind = _kind(entry)
            title = _both(entry.definition.title)
            lines.append(_row([link, kind, title, entry.definition.category or ""]))
        lines.append("")
    return "\n".join(lines)


def _kind(entry: Metric | Rule) -> str:
    if isinstance(entry, Metric):
        return "metric"
    return "strength" if entry.definition.strength else f"rule, {entry.gravest}"


def _parameters(plan: Plan) -> str:
    heads = ["parameter", "what it is", "value", "bounds", "from"]
    lines = ["# Parameters", "", _row(heads), _row(["---"] * len(heads))]
    for item in plan.parameters.values():
        low, high = item.bounds
        bounds = ""
        if low is not None or high is not None:
            bounds = value_text(None, item.unit_name, "percent", low, high)
        anchor = f'<a id="{item.id}"></a>`{item.id}`'
        values = "; ".join(_values(item))
        lines.append(_row([anchor, _both(item.title), values, bounds, _text(item.reference or "")]))
    return "\n".join([*lines, ""])


def _values(item: Parameter) -> Iterable[str]:
    if not item.values:
        yield "none: what needs it is unknown"
    for day, value in item.values:
        text = value_text(value, item.unit_name)
        yield f"{text} from {day_text(day)}" if day else text


def _limit(plan: Plan, limit: str) -> str:
    """A limit as written; of a parameter its value, with a link to it."""
    name = limit.removeprefix("$")
    item = plan.parameters.get(name) if limit.startswith("$") else None
    if item is None:
        return f"`{_cell(limit)}`"
    values = "; ".join(_values(item))
    return f"{values} ([`{name}`]({_PARAMETERS}#{name}))"


def _pack_title(plan: Plan, entry: Metric | Rule) -> str:
    pack = next(pack for pack in plan.packs.packs if pack.id == entry.definition.pack)
    return _text(pack.title.en)


def _heading(page: str, entry: Metric | Rule) -> str:
    """What a page is called: `Customers (core)`."""
    pack = entry.definition.pack
    topic = page.removesuffix(".md").removeprefix(f"{pack}-").replace("-", " ")
    return f"{_text(topic.capitalize())} ({_text(pack)})"


def _both(label: Label) -> str:
    return _text(label.en) if label.en == label.zh else f"{_text(label.en)} · {_text(label.zh)}"


def _other(label: Label) -> str:
    return f"{_text(label.zh)}\n" if label.zh != label.en else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> str:
    """Text of a pack as text: nothing in it is Markdown or HTML."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", _flat(text))


def _cell(code: str) -> str:
    """Code in a table: a pipe would end the cell."""
    return code.replace("|", "\\|").replace("`", "'")


def _flow(node: Node | None) -> str:
    """A node as YAML writes it in a line."""
    if isinstance(node, Scalar):
        return f'"{node.text}"' if node.style in ("'", '"') else _flat(node.text)
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{key.text}: {_flow(item)}" for key, item in node.items()) + "}"
    if isinstance(node, Sequence):
        return "[" + ", ".join(map(_flow, node.items)) + "]"
    return "~"
