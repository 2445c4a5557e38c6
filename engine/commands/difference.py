"""`ddcheck diff`: what changes between two states of packs, companies or a whole project."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import NamedTuple

from ddcheck.engine.check.alterations import Entry, alterations
from ddcheck.engine.check.difference import Changed, Pair, Side, company_change, undecided
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.check.written_fields import fields_of
from ddcheck.engine.commands import sides
from ddcheck.engine.commands.judging import day_of
from ddcheck.engine.commands.levels import outputs_of
from ddcheck.engine.commands.loading import company_files, read_company
from ddcheck.engine.commands.outcome import OK, REACHED, Outcome, Screen, finish
from ddcheck.engine.commands.sides import COMPANY, FIRMS, PACKS, Sides
from ddcheck.engine.commands.standings import Standing, Standings
from ddcheck.engine.gate.decision import Terms, settle
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.decision import ERROR
from ddcheck.engine.model.difference import CompanyChange, Difference, GateSeen, Spot
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.report.lines import WIDTH, plain
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.shape import Label
from ddcheck.engine.text.source import is_file, is_folder

FORMATS = {"text": True, "markdown": True, "json": False}


class DiffOptions(NamedTuple):
    """What `diff` was asked; `today` is an ordinal, `outputs` are `FORMAT[:FILE]`."""

    old: str
    new: str | None = None
    config: str | None = None
    packs: tuple[str, ...] = ()
    companies: str | None = None
    as_of: str | None = None
    today: int = 1
    outputs: tuple[str, ...] = ()
    exit_code: bool = False
    everything: bool = False
    language: str = "en"
    version: str = ""


def run_diff(options: DiffOptions, screen: Screen) -> Outcome:
    """What changes from the old side to the new one, in every output asked for.

    Exit code 0 whatever changes, or with `--exit-code` 1 if anything does; 2 where a side, or a
    company on it, cannot be judged: the others are still shown.
    """
    report = Report()
    outputs = outputs_of(
        options.outputs, FORMATS, (options.old, options.new or options.old), report
    )
    as_of = day_of(options.as_of, report)
    if report.failed:
        return finish("", report)
    with ExitStack() as stack:
        found = Sides(stack, report).both(options.old, options.new)
        if found is None:
            return finish("", report)
        difference = _Comparing(options, as_of, found, report).difference()
        if difference is None:
            return finish("", report)
    texts = {
        kind: _render(kind, difference, options, report, screen, to_file=bool(file))
        for kind, file in outputs
    }
    stdout = "".join(texts[kind] for kind, file in outputs if not file)
    files = tuple((file, texts[kind]) for kind, file in outputs if file)
    code = REACHED if options.exit_code and difference.changes else OK
    return finish(stdout, report, code)._replace(files=files)


class _Firm(NamedTuple):
    """A company file of one side, as that side's packs read it."""

    path: str
    company: Company


class _Comparing:
    """One run: both sides, what they judge by, and the companies of each."""

    def __init__(
        self,
        options: DiffOptions,
        as_of: int | None,
        found: tuple[sides.Side, sides.Side],
        report: Report,
    ) -> None:
        self.options = options
        self.as_of = as_of
        self.old, self.new = found
        self.report = report
        self.unjudged: list[str] = []
        self.standings = Standings(options.config, options.packs, options.today, report)

    def difference(self) -> Difference | None:
        """The difference; None and diagnostics where a side's packs cannot be used."""
        before, after = self.standings.of(self.old), self.standings.of(self.new)
        if self.options.new is None and self.old.kind in (COMPANY, FIRMS):
            before = after
        if before is None or after is None or self.report.failed:
            return None
        firms = self._firms(before, after)
        definitions, same = alterations(
            before.plan, after.plan, (_waived(before, self.report), _waived(after, self.report)),
            self.options.today, self.report.shown,
        )  # fmt: skip
        changed = Changed(definitions, self.report.shown)
        companies: list[CompanyChange] = []
        silent: list[str] = []
        for ident, (left, right) in firms.items():
            sides_ = self._side(left, before), self._side(right, after)
            pair = Pair(*sides_, self._crossing(left, right, before, after))
            companies.append(company_change(pair, changed))
            if undecided(sides_):
                silent.append(ident)
            else:
                self._decided(sides_)
        return Difference(
            self.old.name, self.new.name, _packs(before, self.report), _packs(after, self.report),
            definitions, same, tuple(companies), tuple(self.unjudged), tuple(silent),
            self.options.today, self.options.language,
        )  # fmt: skip

    # --- companies

    def _firms(
        self, before: Standing, after: Standing
    ) -> dict[str, tuple[_Firm | None, _Firm | None]]:
        """The companies of both sides by id; those that cannot be read are left out and named."""
        if self.old.kind == COMPANY:
            left = self._read([self.old.path], before.plan)
            right = self._read([self.new.path], after.plan)
            if not left or not right:
                return {}
            (old,), (new,) = left.values(), right.values()
            return {new.company.id: (old, new)}
        if self.old.kind == PACKS:
            paths = [self._in(self._applied())] * 2
        elif self.old.kind == FIRMS:
            paths = [self._in((side.path,)) for side in (self.old, self.new)]
        else:
            paths = [self._in(side.folders) for side in (before, after)]
        if not any(paths):
            words = "no company to apply it to"
            self.report.usage("DD004", self.new.name or "ddcheck diff", words, "give --companies")
        plans = (before.plan, after.plan)
        old_firms, new_firms = (
            self._read(each, plan) for each, plan in zip(paths, plans, strict=True)
        )
        known = {**new_firms, **old_firms}
        lost = {self._name(path) for path in self.unjudged}
        return {
            ident: (old_firms.get(ident), new_firms.get(ident))
            for ident in known
            if self._name(known[ident].path) not in lost
        }

    def _name(self, path: str) -> str:
        """A file's name, by which the two sides of one that cannot be read are known."""
        return os.path.basename(path.rpartition(":")[2])

    def _applied(self) -> tuple[str, ...]:
        folder = self.options.companies
        if folder is None:
            return self.standings.folders(self.new)
        if not is_folder(folder) and not is_file(folder):
            self.report.usage("DD004", "--companies", f"`{folder}` is not there")
        return (folder,)

    def _in(self, folders: tuple[str, ...]) -> list[str]:
        found: list[str] = []
        for folder in folders:
            found += [folder] if is_file(folder) else company_files(folder)
        return found

    def _read(self, paths: list[str], plan: Plan) -> dict[str, _Firm]:
        found: dict[str, _Firm] = {}
        for path in paths:
            own = Report()
            company = read_company(path, plan, own)
            for item in own:
                self.report.add(item)
            if company is None or own.failed:
                self.unjudged.append(self.report.shown(path))
                continue
            first = found.setdefault(company.id, _Firm(path, company))
            if first.path != path:
                words = f"company `{company.id}` is in {first.path} already"
                self.report.without_place("DD218", path, words)
        return found

    # --- judging

    def _side(self, firm: _Firm | None, standing: Standing) -> Side | None:
        if firm is None:
            return None
        evaluation = self._evaluated(standing.plan, firm.company)
        return Side(evaluation, _gate(evaluation, standing, self.options.today))

    def _evaluated(self, plan: Plan, company: Company) -> Evaluation:
        options = self.options
        return evaluate(
            plan, company, today=options.today, as_of=self.as_of, language=options.language
        )

    def _crossing(
        self, left: _Firm | None, right: _Firm | None, before: Standing, after: Standing
    ) -> Callable[[bool], Evaluation | None]:
        def crossed(new_packs: bool) -> Evaluation | None:
            firm = left if new_packs else right
            plan = (after if new_packs else before).plan
            company = read_company(firm.path, plan, Report()) if firm is not None else None
            return self._evaluated(plan, company) if company is not None else None

        return crossed

    def _decided(self, pair: tuple[Side | None, Side | None]) -> None:
        """Report a company that rules decide on one side and none on the other (DD310)."""
        for side in pair:
            if side is not None and side.evaluation.undecided:
                company = side.evaluation.company
                words = f"no rule can be decided for `{company.id}`: all are unknown"
                self.report.without_place("DD310", company.path, words)


def _gate(evaluation: Evaluation, standing: Standing, today: int) -> GateSeen:
    """What the gate of a side says, by its policy and waivers; memos and baseline left out."""
    policy = standing.plan.packs.policy
    level = policy.fail_on if policy is not None else "high"
    reading = settle(evaluation, Terms(level, False, standing.waivers, {}, today))
    failing = {item.finding.id for item in reading.gated.failing}
    failing |= {notice.id for notice in reading.notices if notice.level == ERROR}
    outcome = "fail" if failing else "pass"
    return GateSeen(level, "unknown" if evaluation.undecided else outcome, tuple(sorted(failing)))


def _waived(standing: Standing, report: Report) -> dict[str, Entry]:
    """The waivers of a side as definitions: one more lets more pass."""
    found = {}
    for waiver in standing.waivers:
        name = f"{waiver.rule} {waiver.company}"
        spot = Spot(report.shown(waiver.node.source.path), waiver.node.line)
        found[f"waiver {name}"] = Entry("waiver", name, Label(name, name), fields_of(waiver), spot)
    return found


def _packs(standing: Standing, report: Report) -> tuple[tuple[str, str], ...]:
    return tuple((pack.id, report.shown(pack.path)) for pack in standing.plan.packs.packs)


def _render(
    kind: str,
    difference: Difference,
    options: DiffOptions,
    report: Report,
    screen: Screen,
    *,
    to_file: bool,
) -> str:
    if kind == "json":
        from ddcheck.engine.report.difference_json import difference_json

        return difference_json(difference, report, version=options.version)
    if kind == "markdown":
        from ddcheck.engine.report.difference_markdown import difference_markdown

        return difference_markdown(difference, everything=options.everything)
    from ddcheck.engine.report.difference import difference_lines

    lines = difference_lines(difference, everything=options.everything)
    if screen.terminal and not to_file:
        from ddcheck.engine.report.terminal import render_terminal

        width = max(screen.width, WIDTH)
        return render_terminal(lines, width=width, color=screen.color, encoding=screen.encoding)
    return plain(lines, "utf-8" if to_file else screen.encoding)
