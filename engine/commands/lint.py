"""`ddcheck lint`: every mistake in packs and company files, at its place."""

from __future__ import annotations

import os

from ddcheck.engine.check.cases import check_enough, run_cases
from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.commands.loading import COMPANIES, YAML, load_plan, read_company, read_map
from ddcheck.engine.commands.outcome import Outcome, finish
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, parse
from ddcheck.engine.text.source import files_in, is_file, is_folder, read, same_file

_PACK_FILE = "pack.yaml"


def run_lint(paths: tuple[str, ...], packs: tuple[str, ...]) -> Outcome:
    """Lint the packs and companies that `paths` mean; without paths the shipped packs and
    `companies/`.

    Diagnostics go to standard output, since they are what was asked for; exit 2 if one is an error.
    """
    report = Report()
    folders, files, maps = _sort(paths, report)
    plan = load_plan(packs, report)
    if not paths or _covers(plan, folders):
        _lint_plan(plan, report)
    for folder in folders:
        if not any(same_file(pack.path, folder) for pack in plan.packs.packs):
            _lint_plan(compile_packs(load_packs((*packs, folder), report), report), report)
    for path in files:
        read_company(path, plan, report)
    for path in maps:
        read_map(path, plan, report)
    outcome = finish("", report)
    count = len(report.items)
    words = "1 mistake" if count == 1 else f"{count or 'no'} mistakes"
    packs_read = len(folders) or len(plan.packs.packs)
    counted = [_count(packs_read, "pack"), _count(len(files), "company file")]
    if maps:
        counted.append(_count(len(maps), "map"))
    summary = f"{words} in {', '.join(counted[:-1])} and {counted[-1]}\n"
    return outcome._replace(stdout=outcome.stderr + summary, stderr="")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _lint_plan(plan: Plan, report: Report) -> None:
    check_enough(plan, report)
    run_cases(plan, report)


def _covers(plan: Plan, folders: list[str]) -> bool:
    return any(same_file(pack.path, folder) for pack in plan.packs.packs for folder in folders)


def _sort(paths: tuple[str, ...], report: Report) -> tuple[list[str], list[str], list[str]]:
    """Pack folders, company files and maps among `paths`; what a file is, it says by its kind."""
    if not paths:
        paths = (COMPANIES,) if is_folder(COMPANIES) and files_in(COMPANIES, YAML) else ()
    folders: list[str] = []
    files: list[str] = []
    maps: list[str] = []
    for path in paths:
        if is_folder(path):
            inside = files_in(path, YAML)
            if not inside:
                report.without_place("DD004", path, "nothing to lint: no YAML file in this folder")
            for item in inside:
                _place(item, folders, files, maps, report)
        elif is_file(path):
            _place(path, folders, files, maps, report)
        else:
            report.without_place("DD001", path, "cannot read this file: no such file or directory")
    return folders, files, maps


def _place(
    path: str, folders: list[str], files: list[str], maps: list[str], report: Report
) -> None:
    folder = os.path.dirname(path) or "."
    if os.path.basename(path) == _PACK_FILE or is_file(os.path.join(folder, _PACK_FILE)):
        if folder not in folders:
            folders.append(folder)
        return
    quiet = Report()
    source = read(path, quiet)
    root = parse(source, quiet) if source is not None else None
    kind = shape.kind(root, quiet) if isinstance(root, Mapping) else None
    if kind in (None, "company"):
        files.append(path)
    elif kind == "map":
        maps.append(path)
    else:
        report.without_place(
            "DD006", path, f"a {kind} file outside a pack", "put it beside a pack.yaml"
        )
