"""`ddcheck lint`: every mistake in packs and company files, at its place."""

from __future__ import annotations

import os
from typing import NamedTuple

from ddcheck.engine.check.cases import check_enough, run_cases
from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.dues import warn_due, warn_loosened, warn_of_future, warn_untested
from ddcheck.engine.check.layering import plans_of_tests
from ddcheck.engine.check.references import check_references
from ddcheck.engine.commands.loading import (
    COMPANIES,
    YAML,
    company_files,
    load_plan,
    read_company,
    read_map,
)
from ddcheck.engine.commands.outcome import Outcome, finish
from ddcheck.engine.gate.baseline import read_baseline
from ddcheck.engine.gate.settings import Settings, place_of, read_settings
from ddcheck.engine.gate.waivers import read_waivers
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.policy import CONFIG
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import WARNING, Report
from ddcheck.engine.text.document import Mapping, parse
from ddcheck.engine.text.source import files_in, is_file, is_folder, read, same_file
from ddcheck.engine.text.suggest import did_you_mean

_PACK_FILE = "pack.yaml"
#: Where nobody says what day it is, no waiver is from the future.
_NEVER = 10**7


class _Files(NamedTuple):
    """What there is to lint, by kind; packs are folders."""

    packs: list[str]
    companies: list[str]
    maps: list[str]
    policies: list[str]
    waivers: list[str]
    baselines: list[str]

    def counted(self, packs: int) -> str:
        """How many there are of each kind, in words."""
        counts = [_count(packs, "pack"), _count(len(self.companies), "company file")]
        for paths, word in (
            (self.maps, "map"),
            (self.policies, "policy file"),
            (self.waivers, "waiver file"),
            (self.baselines, "baseline"),
        ):
            if paths:
                counts.append(_count(len(paths), word))
        return f"{', '.join(counts[:-1])} and {counts[-1]}"


def run_lint(
    paths: tuple[str, ...],
    packs: tuple[str, ...],
    today: int = _NEVER,
    config: str | None = None,
) -> Outcome:
    """Lint the packs, companies, policies, waivers and baselines that `paths` mean; without paths
    the project of `config` or of the working folder: its ddcheck.yaml with all that it names, else
    the shipped packs, and `companies/`.

    Diagnostics go to standard output, since they are what was asked for; exit 2 if one is an error.
    """
    report = Report()
    files = _sort(paths, config, report)
    settings = _settings(files, packs, config, report)
    plan = settings.plan if settings is not None else load_plan(packs, report)
    if settings is not None and not paths:
        _own(settings, files)
    if (not paths and not files.packs) or _covers(plan, files.packs):
        _lint_plan(plan, today, report)
    elif settings is not None and files.policies:
        warn_untested(plan, report)
        warn_loosened(plan, today, report)
    for folder in files.packs:
        if not any(same_file(pack.path, folder) for pack in plan.packs.packs):
            _lint_plan(compile_packs(load_packs((*packs, folder), report), report), today, report)
    for path in files.companies:
        company = read_company(path, plan, report)
        if company is not None:
            warn_of_future(company, today, report)
    for path in files.maps:
        read_map(path, plan, report)
    _terms(files, settings, packs, today, report)
    outcome = finish("", report)
    warned = sum(item.severity == WARNING for item in report)
    count = len(report.items) - warned
    words = "1 mistake" if count == 1 else f"{count or 'no'} mistakes"
    words += f", {_count(warned, 'warning')}" if warned else ""
    packs_read = len(files.packs) or len(plan.packs.packs)
    summary = f"{words} in {files.counted(packs_read)}\n"
    return outcome._replace(stdout=outcome.stderr + summary, stderr="")


def _settings(
    files: _Files, packs: tuple[str, ...], config: str | None, report: Report
) -> Settings | None:
    """The settings of the policy to lint, or of the working folder's; None where there is none.

    A policy that nobody asked to be linted is no less in force: its mistakes are reported too.
    """
    place = place_of(files.policies[0] if files.policies else config)
    if not place.asked and not is_file(place.path):
        return None
    return read_settings(place, packs, report)


def _own(settings: Settings, files: _Files) -> None:
    """Add what the policy names to what is linted."""
    for pack in settings.plan.packs.packs:
        if pack.path not in settings.shipped and pack.path not in files.packs:
            files.packs.append(pack.path)
    for folder in settings.companies:
        files.companies.extend(
            path for path in company_files(folder) if path not in files.companies
        )
    files.waivers.extend(settings.waivers)
    if settings.baseline is not None and is_file(settings.baseline):
        files.baselines.append(settings.baseline)


def _terms(
    files: _Files,
    settings: Settings | None,
    packs: tuple[str, ...],
    today: int,
    report: Report,
) -> None:
    """Lint further policies, and waivers and baselines by the settings that there are."""
    for path in files.policies[1:]:
        read_settings(place_of(path), packs, report)
    if not files.waivers and not files.baselines:
        return
    if settings is None:
        settings = read_settings(place_of(None), packs, Report())
    if settings is None:
        return
    for path in files.waivers:
        read_waivers((path,), settings, today, report)
    for path in files.baselines:
        for entry in read_baseline(path, report):
            if entry.node is not None and entry.rule not in settings.rules:
                hint = did_you_mean(entry.rule, settings.rules)
                report.error("DD211", entry.node, f"no rule `{entry.rule}`", hint)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _lint_plan(plan: Plan, today: int, report: Report) -> None:
    shipped = {rule for pack in load_packs((), Report()).packs for rule in pack.rules}
    check_references(plan, shipped, report)
    check_enough(plan, report)
    for layered in plans_of_tests(plan):
        run_cases(layered, report)
    warn_untested(plan, report)
    warn_loosened(plan, today, report)
    if today != _NEVER:
        warn_due(plan, today, report)


def _covers(plan: Plan, folders: list[str]) -> bool:
    return any(same_file(pack.path, folder) for pack in plan.packs.packs for folder in folders)


def _sort(paths: tuple[str, ...], config: str | None, report: Report) -> _Files:
    """What is to be linted among `paths`; what a file is, it says by its kind."""
    files = _Files([], [], [], [], [], [])
    if not paths:
        paths = (COMPANIES,) if is_folder(COMPANIES) and files_in(COMPANIES, YAML) else ()
        if config is not None or is_file(CONFIG):
            paths = (config or CONFIG,)
    for path in paths:
        if is_folder(path):
            inside = files_in(path, YAML)
            if not inside:
                report.without_place("DD004", path, "nothing to lint: no YAML file in this folder")
            for item in inside:
                _place(item, files, report)
        elif is_file(path):
            _place(path, files, report)
        else:
            report.without_place("DD001", path, "cannot read this file: no such file or directory")
    return files


def _place(path: str, files: _Files, report: Report) -> None:
    folder = os.path.dirname(path) or "."
    quiet = Report()
    source = read(path, quiet)
    root = parse(source, quiet) if source is not None else None
    kind = shape.kind(root, quiet) if isinstance(root, Mapping) else None
    own = {
        None: files.companies, "company": files.companies, "map": files.maps,
        "policy": files.policies, "waivers": files.waivers, "baseline": files.baselines,
    }  # fmt: skip
    in_pack = os.path.basename(path) == _PACK_FILE or is_file(os.path.join(folder, _PACK_FILE))
    if in_pack and (os.path.basename(path) != CONFIG or kind != "policy"):
        if folder not in files.packs:
            files.packs.append(folder)
    elif kind in own:
        own[kind].append(path)
    else:
        report.without_place(
            "DD006", path, f"a {kind} file outside a pack", "put it beside a pack.yaml"
        )
