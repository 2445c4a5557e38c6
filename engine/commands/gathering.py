"""What a gate judges: the companies and memos that its paths mean, each read once."""

from __future__ import annotations

import os
from typing import NamedTuple

from ddcheck.engine.commands.judging import Asked, judge_company
from ddcheck.engine.commands.loading import YAML, company_files, is_memo, read_company
from ddcheck.engine.commands.memos import load_memo, memo_files
from ddcheck.engine.gate.settings import Settings
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.memo import Memo
from ddcheck.engine.model.pack import COVERAGES
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import is_file, is_folder, leaves
from ddcheck.engine.text.suggest import did_you_mean


class Matter(NamedTuple):
    """The files to judge."""

    companies: tuple[str, ...]
    memos: tuple[str, ...]


def gather(paths: tuple[str, ...], settings: Settings, report: Report) -> Matter:
    """The files that `paths` mean; without paths those in the folders of the policy.

    DD004 where there are none at all, or a folder named holds none; DD620 for a file in a folder
    of the policy that is a link out of the project.
    """
    companies: list[str] = []
    memos: list[str] = []
    if not paths:
        _own(settings, companies, memos, report)
    for path in paths:
        if is_folder(path):
            found = company_files(path), memo_files(path)
            if not any(found):
                words = "nothing to check: no company and no memo in this folder"
                report.without_place("DD004", path, words)
            companies += found[0]
            memos += found[1]
        elif is_memo(path):
            memos.append(path)
        elif is_file(path) and not path.endswith(YAML):
            words = "neither a company (.yaml) nor a memo (.md, .docx)"
            report.usage("DD006", path, words)
        elif is_file(path) or path.endswith(YAML) or os.sep in path:
            companies.append(path)
        else:
            companies += _named(path, settings, report)
    if not companies and not memos and not report.failed:
        places = ", ".join((*settings.companies, *settings.memos))
        words = f"nothing to check: no company and no memo in {places}"
        report.usage("DD004", "ddcheck gate", words)
    return Matter(tuple(dict.fromkeys(companies)), tuple(dict.fromkeys(memos)))


def _own(settings: Settings, companies: list[str], memos: list[str], report: Report) -> None:
    policy = settings.policy
    for folders, said, into, find in (
        (settings.companies, policy.company_folders, companies, company_files),
        (settings.memos, policy.memo_folders, memos, memo_files),
    ):
        for folder in folders:
            if not is_folder(folder):
                if said:
                    words = "the policy names this folder, and it is not there"
                    report.without_place("DD004", folder, words)
                continue
            for path in find(folder):
                if leaves(settings.folder or ".", path):
                    words = "a link that leads out of the project's folder"
                    report.without_place("DD620", path, words)
                else:
                    into.append(path)


def _named(name: str, settings: Settings, report: Report) -> list[str]:
    """The file of the company that is called `name` in the folders of the policy, or DD311."""
    for folder in settings.companies:
        for suffix in YAML:
            path = os.path.join(folder, name + suffix)
            if is_file(path):
                return [path]
    known = [
        os.path.splitext(os.path.basename(path))[0]
        for folder in settings.companies
        for path in company_files(folder)
    ]
    report.usage("DD311", name, f"no company `{name}`", did_you_mean(name, known))
    return []


class Firms:
    """Companies of a project by path and id, and their evaluations, each made once."""

    def __init__(self, settings: Settings, asked: Asked, report: Report) -> None:
        self.settings = settings
        self.asked = asked
        self.report = report
        self._read: dict[str, Company | None] = {}
        self._judged: dict[tuple[str, int | None], Evaluation | None] = {}
        self._ids: dict[str, str] | None = None

    def at(self, path: str) -> Company | None:
        """The company in the file at `path`, or None and diagnostics."""
        path = os.path.normpath(path)
        if path not in self._read:
            self._read[path] = read_company(path, self.settings.plan, self.report)
        return self._read[path]

    def named(self, ident: str) -> Company | None:
        """The company called `ident`: one that was read, or one in the folders; None quietly."""
        for company in self._read.values():
            if company is not None and company.id == ident:
                return company
        path = self.ids().get(ident)
        return self.at(path) if path is not None else None

    def ids(self) -> dict[str, str]:
        """The path of every company in the folders, by id; those that cannot be read are left out.

        Mistakes in them are reported when they are judged, not when they are looked for.
        """
        if self._ids is None:
            self._ids = {}
            for folder in self.settings.companies:
                for found in company_files(folder) if is_folder(folder) else ():
                    path = os.path.normpath(found)
                    if leaves(self.settings.folder or ".", path):
                        continue
                    company = self._read.get(path)
                    if company is None:
                        company = read_company(path, self.settings.plan, Report())
                    if company is not None:
                        self._ids.setdefault(company.id, path)
            for path, company in self._read.items():
                if company is not None:
                    self._ids[company.id] = path
        return self._ids

    def evaluated(self, company: Company, as_of: int | None) -> Evaluation | None:
        """The evaluation of `company` as of a day; None and diagnostics if it cannot be judged."""
        key = company.id, as_of
        if key not in self._judged:
            asked = self.asked._replace(as_of=as_of)
            plan = self.settings.plan
            self._judged[key] = judge_company(plan, company, asked, (), self.report)
        return self._judged[key]


def read_memos(paths: tuple[str, ...], settings: Settings, report: Report) -> list[Memo]:
    """The memos at `paths`; the policy says how much must be tagged at least."""
    rules = settings.policy.memos
    least = rules.coverage if rules is not None else COVERAGES[0]
    found = []
    for path in paths:
        memo = load_memo(path, least, report)
        if memo is not None:
            strictest = max(memo.coverage, least, key=COVERAGES.index)
            found.append(memo._replace(coverage=strictest))
    return found
