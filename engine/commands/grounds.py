"""What a gate decides by: settings, waivers and what is known, from the right place.

A pull request does not decide by its own policy: with `--policy-ref` all of this is read from a
commit, and what stands in the working tree is only linted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import NamedTuple

from ddcheck.engine.check.dues import loosened_words
from ddcheck.engine.check.layering import shifts_of
from ddcheck.engine.commands.gathering import Firms
from ddcheck.engine.commands.judging import Asked
from ddcheck.engine.gate.baseline import entry_of, read_baseline
from ddcheck.engine.gate.settings import (
    BASELINE,
    Place,
    Settings,
    place_of,
    read_settings,
)
from ddcheck.engine.gate.waivers import read_waivers
from ddcheck.engine.memo.figures import Figures
from ddcheck.engine.model.decision import NOTE, WARNING, Entry, Notice
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.layered import LOOSER
from ddcheck.engine.model.packs import shipped_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.waiver import Waiver
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.revisions import Revision, revision
from ddcheck.engine.text.source import files_in, is_file, read


class Sources(NamedTuple):
    """Where the command line says that things are."""

    config: str | None
    packs: tuple[str, ...]
    policy_ref: str | None
    baseline: str | None
    baseline_ref: str | None
    writing: bool


class Grounds(NamedTuple):
    """What a gate decides by; `name` is the policy in words.

    `known` are entries of a baseline file by key, `kept` those that stand in the working tree's
    baseline, at `baseline`, where one is kept.
    """

    settings: Settings
    waivers: tuple[Waiver, ...]
    known: Mapping[object, Entry]
    kept: tuple[Entry, ...]
    baseline: str
    name: str
    notices: tuple[Notice, ...]


def read_grounds(sources: Sources, today: int, stack: ExitStack, report: Report) -> Grounds | None:
    """The grounds that `sources` name; None and diagnostics where they cannot be used.

    What a commit holds lies in a private folder until `stack` ends.
    """
    here = place_of(sources.config)
    found: Revision | None = None
    place, packs = here, sources.packs
    if sources.policy_ref is not None:
        ref = sources.policy_ref
        found = stack.enter_context(revision(ref, here.folder, "--policy-ref", report))
        if found is None:
            return None
        place = _at(here, found)
        packs = tuple(_pack(found, here, name) for name in packs)
    settings = read_settings(place, packs, report)
    if settings is None or not settings.plan.rules:
        return None
    waivers = read_waivers(settings.waivers, settings, today, report)
    base = _baseline(sources, settings, here)
    known: tuple[Entry, ...] = ()
    notices: list[Notice] = []
    if sources.baseline_ref is None:
        path = base
        if found is not None and base is not None:
            path = found.path(os.path.relpath(base, here.folder or "."))
        known = _known(path, sources, found, notices, report)
    kept = known if found is None and sources.baseline_ref is None else ()
    if not kept and base is not None and is_file(base) and not sources.writing:
        kept = read_baseline(base, report)
    if found is not None:
        notices += _changed(here, place, settings, sources.packs, today, report)
    notices += _loosened(settings.plan, today)
    name = os.path.basename(settings.path) if settings.path is not None else "shipped"
    return Grounds(
        settings.moved(here.folder),
        waivers,
        {entry.key: entry for entry in known},
        kept,
        base or os.path.join(here.folder, BASELINE),
        f"{name}@{found.short}" if found is not None else name,
        tuple(notices),
    )


def _at(here: Place, found: Revision) -> Place:
    return Place(found.root, found.path(os.path.basename(here.path)), here.asked)


def _pack(found: Revision, here: Place, name: str) -> str:
    """A pack of the command line in the commit: shipped names and absolute paths stay."""
    if name in shipped_packs() or os.path.isabs(name):
        return name
    return found.path(os.path.relpath(name, here.folder or "."))


def _baseline(sources: Sources, settings: Settings, here: Place) -> str | None:
    """The path of the baseline in the working tree: the one asked for, or the policy's."""
    if sources.baseline is not None or settings.baseline is None:
        return sources.baseline
    inside = os.path.relpath(settings.baseline, settings.folder or ".")
    return os.path.normpath(os.path.join(here.folder, inside))


def _known(
    path: str | None,
    sources: Sources,
    found: Revision | None,
    notices: list[Notice],
    report: Report,
) -> tuple[Entry, ...]:
    if path is None:
        return ()
    if is_file(path):
        return read_baseline(path, report)
    if sources.writing:
        return ()
    if found is not None and sources.baseline is not None:
        words = f"`{found.ref}` has no baseline yet: nothing is known before"
        notices.append(Notice("baseline-absent", WARNING, path, 0, 0, words))
        return ()
    help_ = "write it with `ddcheck gate --write-baseline`"
    report.without_place("DD633", path, "the baseline is not there", help_)
    return ()


def _changed(
    here: Place,
    there: Place,
    settings: Settings,
    packs: tuple[str, ...],
    today: int,
    report: Report,
) -> list[Notice]:
    """Notices on what the working tree changes of its own terms; its mistakes are reported."""
    own = read_settings(here, packs, report)
    if own is None:
        return []
    read_waivers(own.waivers, own, today, report)
    before, after = _terms(settings, there.folder), _terms(own, here.folder)
    names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    if not names:
        return []
    words = f"this change alters {', '.join(names)}; what decides is what stood before"
    return [Notice("policy-changed", NOTE, here.path, 0, 0, words)]


def _loosened(plan: Plan, today: int) -> Iterator[Notice]:
    """A notice on everything that a layer loosens: it is meant, and it is said every time."""
    for shift in shifts_of(plan, today):
        if shift.kind == LOOSER:
            key = shift.change.key
            words = loosened_words(plan, shift, today)
            yield Notice("loosened", NOTE, key.source.path, key.line, key.column, words)


def _terms(settings: Settings, folder: str) -> dict[str, str]:
    """The text of every file that decides, by its path in the project."""
    paths = [*settings.waivers]
    paths += [path for path in (settings.path, settings.baseline) if path is not None]
    for pack in settings.plan.packs.packs:
        if pack.path not in settings.shipped:
            paths += files_in(pack.path, (".yaml", ".yml"))
    found = {}
    for path in paths:
        source = read(path, Report())
        if source is not None:
            found[os.path.relpath(path, folder or ".")] = source.text
    return found


def known_at(
    sources: Sources,
    companies: tuple[str, ...],
    asked: Asked,
    grounds: Grounds,
    stack: ExitStack,
    report: Report,
) -> dict[object, Entry] | None:
    """What was up at `--baseline-ref`, by facts and rules of that commit and by its baseline.

    None and diagnostics where the commit or its settings cannot be used. Facts that could not be
    judged there were not known: whatever is found of their company is new.
    """
    assert sources.baseline_ref is not None
    here = place_of(sources.config)
    found = stack.enter_context(
        revision(sources.baseline_ref, here.folder, "--baseline-ref", report)
    )
    if found is None:
        return None
    packs = tuple(_pack(found, here, name) for name in sources.packs)
    settings = read_settings(_at(here, found), packs, report)
    if settings is None:
        return None
    entries: dict[object, Entry] = {}
    path = found.path(os.path.relpath(grounds.baseline, here.folder or "."))
    if is_file(path):
        entries = {entry.key: entry for entry in read_baseline(path, report)}
    quiet = Report()
    firms = Firms(settings, asked, quiet)
    for ident in companies:
        company = firms.named(ident)
        evaluation = firms.evaluated(company, asked.as_of) if company is not None else None
        if evaluation is None:
            continue
        figures = Figures(evaluation)
        for finding in evaluation.findings:
            if finding.outcome == FLAG or finding.is_open:
                entry = entry_of(finding, figures)
                entries[entry.key] = entry
    return entries
