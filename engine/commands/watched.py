"""`ddcheck check --watch`: one step for every save, on what the save can touch.

A state without a clock or a loop: who watches the files calls `step` with those that changed. What
comes back is what a run of its own would have said of them, below a head and what has changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from ddcheck.engine.commands.check import (
    CheckOptions,
    Found,
    Wanted,
    find,
    formats,
    rendered,
    wanted_by,
    written,
)
from ddcheck.engine.commands.kept import COMPANY, MEMO, PROJECT, WAIVERS, Kept
from ddcheck.engine.commands.loading import COMPANIES, YAML, Project, is_memo
from ddcheck.engine.commands.outcome import OK, REACHED, Outcome, Screen, finish
from ddcheck.engine.model.policy import CONFIG
from ddcheck.engine.report.lines import WIDTH, Line, line
from ddcheck.engine.report.live import (
    Subject,
    Watching,
    as_before,
    change_of,
    name_of,
    not_judged,
    watch_head,
)
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import (
    is_file,
    is_folder,
    is_odd,
    leaves,
    package_folder,
    shipped_path,
)

#: Clears a terminal and begins at its top; what scrolled off stays.
CLEAR = "\x1b[H\x1b[2J"


class Moment(NamedTuple):
    """What the clock says: today's ordinal, and the time of day as it is shown."""

    today: int
    clock: str


class Places(NamedTuple):
    """What is watched: single files, there or not, and folders for the files below them."""

    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()

    def hold(self, path: str) -> bool:
        """Whether `path` is one of the files, or below one of the folders."""
        return path in self.files or any(
            path.startswith(os.path.join(folder, "")) for folder in self.folders
        )

    def joined(self, other: Places) -> Places:
        """These and the other ones."""
        return Places(self.files | other.files, self.folders | other.folders)


class _Shown(NamedTuple):
    """A company or memo as it was shown last: what was made of it, and its text (if asked for)."""

    part: object
    subject: Subject
    text: str


def watched(options: CheckOptions, screen: Screen) -> Watched | Outcome:
    """The state of a check that stays, or the outcome where the options cannot be used.

    DD580 for a path that cannot be watched, DD581 for a file that would start the next run.
    """
    report = Report()
    wanted = wanted_by(options, report)
    for path in options.paths:
        if is_odd(path):
            words = "a pipe or a device cannot be watched"
            report.usage("DD580", path, words, "name a file or a folder")
    folders = [path for path in options.paths if is_folder(path)]
    for kind, file in wanted.outputs:
        if file and is_memo(file) and not all(leaves(folder, file) for folder in folders):
            words = "this file lies in a watched folder, and each run would start the next"
            help_ = "write it outside of the folders that are watched"
            report.usage("DD581", f"--output {kind}:{file}", words, help_)
    return finish("", report) if report.failed else Watched(options, wanted, screen)


class Watched:
    """A check that stays: what was read and judged is kept from step to step."""

    def __init__(self, options: CheckOptions, wanted: Wanted, screen: Screen) -> None:
        self.options = options
        self.wanted = wanted
        self.screen = screen
        #: What the next step depends on: known after the first.
        self.places = Places()
        self._kept = Kept()
        self._project = Places()
        self._waivers: frozenset[str] = frozenset()
        self._last: dict[str, Subject] = {}
        self._shown: dict[str, _Shown] = {}

    def step(self, changed: Iterable[str], moment: Moment) -> Outcome:
        """The outcome after the files `changed` were saved, moved or removed; none at first.

        Text on standard output is of what the change touches; every other output, the diagnostics
        and the exit code are those of a run of its own.
        """
        saved = tuple(sorted(changed))
        if moment.today != self.options.today:
            self.options = self.options._replace(today=moment.today)
            self._kept = Kept()
        for path in saved:
            self._forget(path)
        report = Report()
        found = find(self.options, self.wanted, self._kept, report)
        self._look_around(report)
        shown = self._now(found, report)
        touched = [path for path, item in shown.items() if self._touched(path, item)]
        lines, texts = self._news(touched, shown)
        lines = [*self._lost(shown, report), *lines]
        self._last.update((path, item.subject) for path, item in shown.items())
        self._shown = shown
        outcome = self._outputs(found, texts, report)
        return self._headed(outcome, saved, lines, moment)

    # --- what is read again

    def _forget(self, path: str) -> None:
        for kind in (COMPANY, MEMO):
            self._kept.forget(kind, path)
        if path in self._waivers:
            self._kept.forget(WAIVERS)
        elif self._project.hold(path):
            self._kept.forget(PROJECT)

    def _look_around(self, report: Report) -> None:
        """Note what the run depended on; what could not be read is waited for."""
        options = self.options
        project = self._kept.project(options.config, options.packs, Report())
        settings = project.settings if project is not None else None
        self._waivers = frozenset(settings.waivers) if settings is not None else frozenset()
        read = self._kept.paths(COMPANY) | self._kept.paths(MEMO)
        faulty = frozenset(item.path for item in report) - read
        packs = project.plan.packs.packs if project is not None else ()
        folders = {shipped_path(package_folder("rules")), *options.packs, *faulty}
        folders |= {pack.path for pack in packs}
        # A pack that cannot be read now is none of the project: its folder is watched on.
        self._project = Places(
            faulty | self._waivers | {options.config or CONFIG},
            frozenset(filter(is_folder, folders)) | self._project.folders,
        )
        files = read | _candidates(options.paths, project)
        inputs = frozenset(filter(is_folder, options.paths))
        if project is not None and any(item.code == "DD311" for item in report):
            inputs |= frozenset(project.companies)
        self.places = self._project.joined(Places(files, inputs))

    # --- what is said

    def _now(self, found: Found, report: Report) -> dict[str, _Shown]:
        """Every company and memo judged, by path; texts are kept where nothing changed."""
        parts: list[tuple[str, object, Subject, Found]] = [
            (item.evaluation.company.path, item, item.evaluation, Found((item,)))
            for item in found.companies
        ]
        parts += [(item.memo.path, item, item, Found((), (item,))) for item in found.audits]
        text = ("text", None) in self.wanted.outputs
        shown = {}
        for path, part, subject, alone in parts:
            last = self._shown.get(path)
            if last is not None and last.part is part:
                shown[path] = last
                continue
            words = ""
            if text:
                words = rendered("text", alone, self.options, self.screen, report, to_file=False)
            shown[path] = _Shown(part, subject, words)
        return shown

    def _touched(self, path: str, item: _Shown) -> bool:
        return self._shown.get(path) is not item

    def _news(self, touched: list[str], shown: dict[str, _Shown]) -> tuple[list[Line], list[str]]:
        """The lines on what changed, and the reports to show.

        Of several that are touched, those that read as before are named and not shown again.
        """
        lines: list[Line] = []
        texts: list[str] = []
        same = []
        for path in touched:
            item, last = shown[path], self._shown.get(path)
            if len(touched) > 1 and last is not None and item.text and last.text == item.text:
                same.append(name_of(item.subject))
                continue
            before = self._last.get(path)
            if before is not None:
                lines += change_of(before, item.subject, self._columns)
            texts.append(item.text)
        return [*lines, *as_before(same, self.options.language, self._columns)], texts

    def _lost(self, shown: dict[str, _Shown], report: Report) -> list[Line]:
        """A line for each that was shown in the run before and is not judged now."""
        said = {item.path for item in report}
        return [
            not_judged(
                name_of(item.subject), self.options.language, there=path in said or is_file(path)
            )
            for path, item in self._shown.items()
            if path not in shown
        ]

    def _outputs(self, found: Found, texts: list[str], report: Report) -> Outcome:
        stdout, files = "", []
        for kind, file in self.wanted.outputs:
            if kind == "text" and file is None:
                stdout += "\n".join(texts)
                continue
            text = rendered(
                kind, found, self.options, self.screen, report, to_file=file is not None
            )
            if file is not None:
                files.append((file, text))
            else:
                stdout += text
        outcome = finish(stdout, report, REACHED if found.failed else OK)
        return outcome._replace(files=tuple(files))

    def _headed(
        self, outcome: Outcome, saved: tuple[str, ...], lines: list[Line], moment: Moment
    ) -> Outcome:
        """The outcome below its head; a document on standard output stands alone there."""
        language, screen = self.options.language, self.screen
        lines = [watch_head(Watching(moment.clock, saved), language, self._columns), *lines]
        kinds = [kind for kind, file in self.wanted.outputs if file is None]
        alone = not all(map(formats().__getitem__, kinds))
        below = outcome.stderr if alone else outcome.stdout
        head = written([*lines, line()] if below else lines, screen, to_file=False)
        if alone:
            return outcome._replace(stderr=head + outcome.stderr)
        clear = CLEAR if screen.terminal and (outcome.stdout or outcome.stderr) else ""
        return outcome._replace(stdout=clear + head + outcome.stdout)

    @property
    def _columns(self) -> int:
        return self.screen.width if self.screen.terminal else WIDTH


def _candidates(paths: Iterable[str], project: Project | None) -> frozenset[str]:
    """The files that paths and ids mean or may come to mean."""
    folders = project.companies if project is not None else (COMPANIES,)
    found = set()
    for path in paths:
        if is_folder(path):
            continue
        found.add(path)
        if os.sep not in path and not path.endswith(YAML) and not is_memo(path):
            found |= {os.path.join(folder, path + end) for folder in folders for end in YAML}
    return frozenset(found)
