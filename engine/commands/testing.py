"""`ddcheck test`: the tests beside the rules."""

from __future__ import annotations

from ddcheck.engine.check.cases import CaseSummary, run_cases
from ddcheck.engine.check.cases import Outcome as CaseOutcome
from ddcheck.engine.check.dues import warn_untested
from ddcheck.engine.check.layering import plans_of_tests
from ddcheck.engine.commands.loading import load_plan
from ddcheck.engine.commands.outcome import REACHED, UNJUDGED, Outcome, finish
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import is_folder


def run_test(paths: tuple[str, ...], packs: tuple[str, ...]) -> Outcome:
    """Run the tests of the shipped packs, of `packs`, or of the pack folders in `paths`.

    Exit 1 if a test fails, 2 if nothing was tested or a file has a mistake.
    """
    report = Report()
    for path in paths:
        if not is_folder(path):
            report.usage("DD217", path, "not the folder of a pack")
        elif not _pack_folders((path,)):
            report.usage("DD217", path, "no pack in this folder: none holds a pack.yaml")
    if report.failed:
        return finish("", report)
    plan = load_plan((*packs, *_pack_folders(paths)), report)
    parts = [run_cases(layered, report).outcomes for layered in plans_of_tests(plan)]
    summary = CaseSummary(tuple(item for part in parts for item in part))
    warn_untested(plan, report)
    lines = [_failure(item) for item in summary.failures]
    total, failed = len(summary.outcomes), len(summary.failures)
    untested = _untested(plan)
    lines += [f"no test of `{name}`" for name in untested]
    lines.append(f"{total - failed} passed, {failed} failed, {len(untested)} untested")
    code = REACHED if failed else 0
    if not total:
        lines.append("nothing was tested")
        code = UNJUDGED
    return finish("\n".join(lines) + "\n", report, code)


def _pack_folders(paths: tuple[str, ...]) -> list[str]:
    """The pack folders at or directly below each path."""
    from ddcheck.engine.text.source import files_in, is_file

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


def _failure(item: CaseOutcome) -> str:
    node = item.node
    place = f"{node.source.path}:{node.line}:{node.column}"
    return f"{place}: FAILED {item.id}: expected {item.wanted}, got {item.got}"
