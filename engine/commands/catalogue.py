"""`ddcheck rules` and `ddcheck schema`: what the packs hold, and the shapes of files."""

from __future__ import annotations

import os

from ddcheck.engine.commands.loading import load_plan
from ddcheck.engine.commands.outcome import Outcome, Screen, finish
from ddcheck.engine.model.plan import Metric, Plan, Rule
from ddcheck.engine.report.lines import Line, Piece, fit, line, plain, wrap
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import files_in, package_folder, read
from ddcheck.engine.text.suggest import did_you_mean

_SUFFIX = ".schema.json"


def run_rules(
    ident: str | None,
    packs: tuple[str, ...],
    screen: Screen,
    language: str = "en",  # noqa: ARG001
) -> Outcome:
    """The catalogue of metrics, rules and strengths, or one entry in full (DD312 if unknown)."""
    report = Report()
    plan = load_plan(packs, report)
    if ident is None:
        return finish(plain(_catalogue(plan), screen.encoding), report)
    entry = plan.rules.get(ident) or plan.metrics.get(ident)
    if entry is None:
        known = [*plan.rules, *plan.metrics]
        report.usage("DD312", ident, f"no rule or metric `{ident}`", did_you_mean(ident, known))
        return finish("", report)
    return finish(plain(_entry(entry), screen.encoding), report)


def _catalogue(plan: Plan) -> list[Line]:
    lines: list[Line] = []
    groups: tuple[tuple[str, list[Metric | Rule]], ...] = (
        ("METRICS", list(plan.metrics.values())),
        ("RULES", [r for r in plan.rules.values() if not r.definition.strength]),
        ("STRENGTHS", [r for r in plan.rules.values() if r.definition.strength]),
    )
    for title, entries in groups:
        lines.append(line(Piece(f"{title} ({len(entries)})", "title")))
        for entry in entries:
            definition = entry.definition
            lines.append(
                line(
                    f"  {fit(entry.id, 42)} {fit(definition.pack, 10)} "
                    f"{fit(definition.category or '', 14)} ",
                    definition.title.en,
                )
            )
        lines.append(line())
    return lines[:-1]


def _entry(entry: Metric | Rule) -> list[Line]:
    definition = entry.definition
    node = definition.node
    lines = [
        line(Piece(f"{entry.id} ", "key"), definition.title.en, f" {definition.title.zh}"),
        line(Piece(f"  {node.source.path}:{node.line} · pack {definition.pack} · "
                   f"category {definition.category}", "dim")),
    ]  # fmt: skip
    if isinstance(entry, Metric):
        lines += [line(f"  formula    {' '.join(f.text.split())}") for f in entry.formulas]
        lines.append(line(f"  unit       {entry.definition.unit_name}"))
        for ladder in entry.ladders:
            steps = ", ".join(f"{step.name} {step.limit}" for step in ladder.steps)
            tags = f" for {', '.join(sorted(ladder.tags))}" if ladder.tags else ""
            lines.append(line(f"  ladder     {steps}{tags}"))
            if ladder.reference:
                lines += [
                    line("             ", Piece(t, "dim")) for t in wrap(ladder.reference, 97)
                ]
    else:
        rule = entry.definition
        if rule.when is not None:
            lines.append(line(f"  when       {' '.join(rule.when.text.split())}"))
            lines.append(line(f"  severity   {entry.gravest}"))
        else:
            steps = ", ".join(f"{step.name} {step.limit}" for step in entry.steps)
            metric = rule.metric.text if rule.metric is not None else ""
            lines.append(line(f"  when       {metric} {rule.direction}: {steps}"))
        if rule.min_evidence is not None:
            lines.append(line(f"  evidence   {rule.min_evidence} or better"))
    if entry.applies_when is not None:
        lines.append(line(f"  applies    when {' '.join(entry.applies_when.text.split())}"))
    lines.append(
        line(f"  frame      {definition.frame}, stale after {definition.stale_after} months")
    )
    for name, label in (("why", definition.why), ("ask", definition.ask)):
        if label is not None:
            for i, text in enumerate(wrap(label.en, 97)):
                lines.append(line(f"  {fit(name if not i else '', 10)} {text}"))
    if definition.reference:
        for i, text in enumerate(wrap(definition.reference, 97)):
            lines.append(line(f"  {fit('reference' if not i else '', 10)} {text}"))
    lines.append(line(f"  tests      {len(definition.tests)}"))
    return lines


def run_schema(kind: str | None) -> Outcome:
    """The JSON Schema of one kind of file, or the list of kinds (DD312 if unknown)."""
    report = Report()
    folder = package_folder("schemas")
    kinds = {
        os.path.basename(path).removesuffix(_SUFFIX): path for path in files_in(folder, (_SUFFIX,))
    }
    if kind is None:
        return finish("".join(f"{name}\n" for name in sorted(kinds)), report)
    path = kinds.get(kind)
    if path is None:
        report.usage(
            "DD312",
            kind,
            f"no schema `{kind}`",
            did_you_mean(kind, kinds) or f"known: {', '.join(sorted(kinds))}",
        )
        return finish("", report)
    source = read(path, report)
    return finish(source.text if source is not None else "", report)
