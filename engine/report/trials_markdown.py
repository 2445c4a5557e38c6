"""`ddcheck test` as Markdown, for the summary of a CI run."""

from __future__ import annotations

from ddcheck.engine.model.trials import EXCUSED, Trial
from ddcheck.engine.report.trials import (
    coverage_summary,
    kind_words,
    mutation_summary,
    place,
    point_words,
    summary,
)
from ddcheck.engine.text.diagnostics import clean
from ddcheck.engine.text.translate import say


def trial_markdown(trial: Trial, language: str) -> str:
    """The report with a heading for each part and a list of what is open."""
    lines = [f"## {say(language, 'Tests beside the rules')}", "", summary(trial, language), ""]
    lines += [
        f"- {_code(f'{item.node.source.path}:{item.node.line}:{item.node.column}')} "
        + say(
            language, "FAILED {id}: expected {wanted}, got {got}",
            id=_code(item.id), wanted=_code(item.wanted), got=_code(item.got),
        )
        for item in trial.failures
    ]  # fmt: skip
    lines += [f"- {say(language, 'no test of `{name}`', name=name)}" for name in trial.untested]
    if trial.coverage is not None:
        lines += ["", f"### {say(language, 'What the tests reach')}", ""]
        lines += [coverage_summary(trial.coverage, language), ""]
        lines += [
            f"- {_code(place(item.node, item.offset))} {_code(item.owner)}: "
            + point_words(item._replace(detail=_code(item.detail)), language)
            for item in trial.coverage.unreached
        ]
    if trial.mutation is not None:
        lines += ["", f"### {say(language, 'What the tests would notice')}", ""]
        lines += [mutation_summary(trial.mutation, language), ""]
        for item in trial.mutation.unnoticed:
            kind = kind_words(item.kind, language)
            lines.append(f"- {_code(place(item.node, item.offset))} {_code(item.owner)} ({kind})")
            changed = (f"- {clean(item.was)}", f"+ {clean(item.becomes)}")
            lines += ["", "  ```diff", *(f"  {text}" for text in changed), "  ```", ""]
        excused = [item for item in trial.mutation.mutants if item.fate == EXCUSED]
        if excused:
            lines += ["", f"#### {say(language, 'Equivalent, with the reason')}", ""]
            for item in excused:
                why = clean(item.why.text(language)) if item.why is not None else ""
                lines.append(f"- {_code(item.owner)}: {_code(item.becomes)}: {why}")
    return "\n".join(lines).rstrip() + "\n"


def _code(text: str) -> str:
    """`text` as code, whatever backticks it holds."""
    return f"`{clean(text)}`" if "`" not in text else f"`` {clean(text)} ``"
