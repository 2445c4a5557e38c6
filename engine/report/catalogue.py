"""The catalogue as text: every metric, rule and strength in a line, or one of them in full."""

from __future__ import annotations

from ddcheck.engine.model.periods import day_text
from ddcheck.engine.model.plan import Metric, Plan, Rule
from ddcheck.engine.report.lines import Line, Piece, fit, line, wrap
from ddcheck.engine.text.translate import reworded, say


def catalogue_report(plan: Plan, language: str) -> list[Line]:
    """Every definition of `plan` in a line."""
    metrics: list[Metric | Rule] = list(plan.metrics.values())
    rules: list[Metric | Rule] = [r for r in plan.rules.values() if not r.definition.strength]
    strengths: list[Metric | Rule] = [r for r in plan.rules.values() if r.definition.strength]
    groups = (
        (say(language, "METRICS ({n})", n=len(metrics)), metrics),
        (say(language, "RULES ({n})", n=len(rules)), rules),
        (say(language, "STRENGTHS ({n})", n=len(strengths)), strengths),
    )
    lines: list[Line] = []
    for title, entries in groups:
        lines.append(line(Piece(title, "title")))
        for entry in entries:
            definition = entry.definition
            category = _category(plan, definition.category, language)
            lines.append(
                line(
                    f"  {fit(entry.id, 42)} {fit(definition.pack, 10)} {fit(category, 14)} ",
                    definition.title.text(language),
                )
            )
        lines.append(line())
    return lines[:-1]


def _category(plan: Plan, name: str | None, language: str) -> str:
    """What a category is called: in English by its id, in Chinese by its title."""
    if language == "en" or plan.grading is None or name not in plan.grading.categories:
        return name or ""
    return plan.grading.categories[name].title.text(language)


def entry_report(plan: Plan, entry: Metric | Rule, language: str) -> list[Line]:
    """One definition in full."""
    definition = entry.definition
    node, title = definition.node, definition.title
    other = title.en if language == "zh" else title.zh
    place = " · ".join(
        (
            f"{node.source.path}:{node.line}",
            say(language, "pack {pack}", pack=definition.pack),
            say(
                language, "category {category}",
                category=_category(plan, definition.category, language),
            ),
        )
    )  # fmt: skip
    lines = [
        line(Piece(f"{entry.id} ", "key"), title.text(language), f" {other}"),
        line(Piece(f"  {place}", "dim")),
    ]
    if isinstance(entry, Metric):
        for formula in entry.formulas:
            lines += _named(say(language, "formula"), " ".join(formula.text.split()), 0)
        lines += _named(say(language, "unit"), entry.definition.unit_name, 0)
        for ladder in entry.ladders:
            steps = ", ".join(f"{step.name} {step.limit}" for step in ladder.steps)
            if ladder.tags:
                tags = ", ".join(sorted(ladder.tags))
                steps = say(language, "{steps} for {tags}", steps=steps, tags=tags)
            lines += _named(say(language, "ladder"), steps, 0)
            if ladder.reference:
                lines += [
                    line("             ", Piece(t, "dim")) for t in wrap(ladder.reference, 97)
                ]
    else:
        rule = entry.definition
        if rule.when is not None:
            lines += _named(say(language, "when"), " ".join(rule.when.text.split()), 0)
            lines += _named(say(language, "severity"), reworded(language, entry.gravest), 0)
        else:
            steps = ", ".join(
                f"{reworded(language, step.name)} {step.limit}" for step in entry.steps
            )
            metric = rule.metric.text if rule.metric is not None else ""
            lines += _named(
                say(language, "when"), _laddered(rule.direction or "", metric, steps, language), 0
            )
        if rule.since is not None:
            lines += _named(say(language, "from"), day_text(rule.since), 0)
        if rule.min_evidence is not None:
            tier = reworded(language, rule.min_evidence)
            words = say(language, "{tier} or better", tier=tier)
            lines += _named(say(language, "evidence"), words, 0)
    if entry.applies_when is not None:
        condition = " ".join(entry.applies_when.text.split())
        words = say(language, "when {condition}", condition=condition)
        lines += _named(say(language, "applies"), words, 0)
    frame = say(
        language, "{frame}, stale after {n} months",
        frame=reworded(language, definition.frame), n=definition.stale_after,
    )  # fmt: skip
    lines += _named(say(language, "frame"), frame, 0)
    for name, label in (
        (say(language, "why"), definition.why),
        (say(language, "ask"), definition.ask),
    ):
        if label is not None:
            lines += _named(name, label.text(language))
    if definition.reference:
        lines += _named(say(language, "reference"), definition.reference)
    return [*lines, *_named(say(language, "tests"), str(len(definition.tests)), 0)]


def _laddered(direction: str, metric: str, steps: str, language: str) -> str:
    """A ladder of severities in words: `ndr below: high 100%`."""
    if direction == "above":
        return say(language, "{metric} above: {steps}", metric=metric, steps=steps)
    if direction == "at-least":
        return say(language, "{metric} at-least: {steps}", metric=metric, steps=steps)
    if direction == "below":
        return say(language, "{metric} below: {steps}", metric=metric, steps=steps)
    return say(language, "{metric} at-most: {steps}", metric=metric, steps=steps)


def _named(name: str, text: str, columns: int = 97) -> list[Line]:
    """`name` and its text beside it, in lines of `columns`; 0 leaves it in one."""
    texts = wrap(text, columns) if columns else [text]
    return [line(f"  {fit(name if not i else '', 10)} {part}") for i, part in enumerate(texts)]
