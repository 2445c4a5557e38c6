"""`ddcheck test`: the tests beside the rules, what they reach, and what they would let pass."""

from __future__ import annotations

import os
from typing import NamedTuple

from ddcheck.engine.check.dues import warn_untested
from ddcheck.engine.check.layering import plans_of_tests
from ddcheck.engine.commands.levels import outputs_of
from ddcheck.engine.commands.loading import load_project
from ddcheck.engine.commands.outcome import OK, REACHED, UNJUDGED, Outcome, Screen, finish
from ddcheck.engine.commands.records import Records
from ddcheck.engine.commands.rounds import Round
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.trials import Coverage, Mutation, Trial
from ddcheck.engine.report.lines import plain
from ddcheck.engine.report.trials import trial_lines
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import files_in, is_file, is_folder, shipped_path

#: Every format of the report, and whether other text may follow it on standard output.
FORMATS = {"text": True, "json": False, "markdown": False}


class CaseOptions(NamedTuple):
    """What `test` was asked; `least` is the share in percent below which it fails.

    `cache` is the folder of what may be kept from run to run; None: nothing is.
    """

    paths: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    coverage: bool = False
    mutate: bool = False
    least: float | None = None
    outputs: tuple[str, ...] = ()
    language: str = "en"
    config: str | None = None
    cache: str | None = None


def run_test(options: CaseOptions, screen: Screen) -> Outcome:
    """Run the tests of the pack folders in `paths`, of `packs`, of the packs that the policy at
    `config` or of the working folder names, or else of the shipped packs.

    Exit 1 if a test fails or too little is reached or noticed, 2 if nothing was tested or a file
    has a mistake. Mutants need tests that pass (DD550).
    """
    report = Report()
    outputs = outputs_of(options.outputs, FORMATS, options.paths, report)
    for path in options.paths:
        if not is_folder(path):
            report.usage("DD217", path, "not the folder of a pack")
        elif not _pack_folders((path,)):
            report.usage("DD217", path, "no pack in this folder: none holds a pack.yaml")
    if options.least is not None and not (options.coverage or options.mutate):
        report.usage(
            "DD313", "--fail-under", "a share of what?", "add --coverage or --mutate"
        )  # fmt: skip
    if report.failed:
        return finish("", report)
    folders = _pack_folders(options.paths)
    project = load_project(options.config, (*options.packs, *folders), report)
    if project is None:
        return finish("", report)
    plan = project.plan
    warn_untested(plan, report)
    records = Records(options.cache, plan) if options.cache is not None else None
    asked = _asked(plan, (*options.packs, *folders))
    trial = _trial(plan, options, asked, records, report)
    tested = trial.passed + len(trial.failures)
    files, stdout = [], ""
    for kind, file in outputs:
        text = _render(kind, trial, options.language, screen, report, file=file)
        if file:
            files.append((file, text))
        else:
            stdout += text
    code = (REACHED if trial.failed else OK) if tested else UNJUDGED
    kept = records.file() if records is not None and not report.failed else None
    outcome = finish(stdout, report, code)._replace(files=tuple(files))
    return outcome._replace(kept=(kept,)) if kept is not None else outcome


def _trial(
    plan: Plan,
    options: CaseOptions,
    asked: frozenset[str],
    records: Records | None,
    report: Report,
) -> Trial:
    """Every test in the layer where it is written, and what is asked of them."""
    plans = plans_of_tests(plan)
    rounds = [
        Round(layered, names, asked, records)
        for layered, names in zip(plans, _tested(plans), strict=True)
    ]
    for item in rounds:
        item.run(report, coverage=options.coverage)
    failures = tuple(failure for item in rounds for failure in item.failures)
    passed = sum(item.passed for item in rounds)
    mutation = None
    if options.mutate and (failures or not passed):
        why = "a test fails, and would notice every change" if failures else "no tests"
        report.usage("DD550", "--mutate", f"nothing to try: {why}", "mend the tests first")
    elif options.mutate:
        mutation = Mutation(tuple(mutant for item in rounds for mutant in item.mutants(report)))
    coverage = None
    if options.coverage:
        parts = [item.coverage() for item in rounds]
        open_ = tuple(point for part in parts for point in part.unreached)
        coverage = Coverage(sum(part.asked for part in parts), open_)
    return Trial(
        passed,
        failures,
        tuple(_untested(plan)),
        coverage,
        mutation,
        100.0 if options.least is None else options.least,
    )


def _tested(plans: tuple[Plan, ...]) -> list[frozenset[str]]:
    """What is asked of each plan: the entries with tests in it; of the last those without any."""
    found = [
        frozenset(
            [metric.id for metric in plan.metrics.values() if metric.definition.tests]
            + [rule.id for rule in plan.rules.values() if rule.definition.tests]
        )
        for plan in plans
    ]
    known = frozenset[str]().union(*found)
    last = plans[-1]
    return [*found[:-1], found[-1] | ({*last.metrics, *last.rules} - known)]


def _asked(plan: Plan, wanted: tuple[str, ...]) -> frozenset[str]:
    """The packs that were named, and not those that they extend; all if none was."""
    paths = {shipped_path(os.path.normpath(name)) for name in wanted}
    return frozenset(
        pack.id
        for pack in plan.packs.packs
        if not wanted or pack.id in wanted or pack.path in paths
    )


def _pack_folders(paths: tuple[str, ...]) -> list[str]:
    """The pack folders at or directly below each path."""
    found = []
    for path in paths:
        if is_file(f"{path.rstrip('/')}/pack.yaml"):
            found.append(path.rstrip("/"))
        else:
            found += [
                item.removesuffix("/pack.yaml")
                for item in files_in(path, ("/pack.yaml", "pack.yaml"))
            ]
    return found


def _untested(plan: Plan) -> list[str]:
    metrics = [item.id for item in plan.metrics.values() if not item.definition.tests]
    return metrics + [item.id for item in plan.rules.values() if not item.definition.tests]


def _render(
    kind: str, trial: Trial, language: str, screen: Screen, report: Report, *, file: str | None
) -> str:
    if kind == "json":
        from ddcheck import __version__
        from ddcheck.engine.report.trials_json import render_trial

        return render_trial(trial, report, version=__version__)
    if kind == "markdown":
        from ddcheck.engine.report.trials_markdown import trial_markdown

        return trial_markdown(trial, language)
    lines = trial_lines(trial, language)
    if screen.terminal and not file:
        from ddcheck.engine.report.terminal import render_terminal

        return render_terminal(
            lines, width=screen.width, color=screen.color, encoding=screen.encoding
        )
    return plain(lines, "utf-8" if file else screen.encoding)
