"""The two sides of a difference: what an argument of `ddcheck diff` means, and where that lies.

An argument is a file or folder, a shipped pack, the id of a company, or a git revision with a path
in it (`HEAD~1:rules`), `HEAD~1` or `HEAD~1:` alone being the whole project at that commit.
"""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from typing import NamedTuple

from ddcheck.engine.commands.loading import COMPANIES, YAML, company_files
from ddcheck.engine.model.packs import shipped_packs
from ddcheck.engine.model.policy import CONFIG
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, parse
from ddcheck.engine.text.revisions import Revision, revision
from ddcheck.engine.text.source import (
    files_in,
    is_file,
    is_folder,
    package_folder,
    path_inside,
    read,
)
from ddcheck.engine.text.suggest import did_you_mean

#: What a side may be.
PACKS, COMPANY, FIRMS, PROJECT = "packs", "company", "companies", "project"
_WORDS = {
    PACKS: "packs", COMPANY: "a company", FIRMS: "a folder of companies", PROJECT: "a project",
}  # fmt: skip
_MANIFEST = "pack.yaml"
_RULES = "rules"
#: A revision and the path in it; git's `@{yesterday 10:00}` may hold a colon of its own.
_REVISION = re.compile(r"((?:[^:{]|\{[^}]*\}|\{)*)(?::(.*))?\Z", re.DOTALL)


class Side(NamedTuple):
    """One side: what it is, where it lies, and the folder of the project that it belongs to.

    `ref` is the revision that it is from, None for the working tree.
    """

    name: str
    kind: str
    path: str
    root: str
    ref: str | None


class Sides:
    """The sides that arguments mean; what a commit holds lies in a folder until `stack` ends."""

    def __init__(self, stack: ExitStack, report: Report) -> None:
        self.stack = stack
        self.report = report
        self._revisions: dict[str, Revision | None] = {}

    def both(self, old: str, new: str | None) -> tuple[Side, Side] | None:
        """Both sides; without `new` what `old` is in the working tree.

        None and a diagnostic where one cannot be found (DD561, DD630) or they are not of one kind
        (DD560).
        """
        before = self.side(old)
        if before is None:
            return None
        if new is not None:
            after = self.side(new)
        elif before.ref is None:
            self.report.usage(
                "DD560", old, "nothing to compare it with",
                f"name the other side too; `HEAD:{old}` is the last commit's",
            )  # fmt: skip
            return None
        else:
            path = os.path.relpath(before.path, before.root)
            path = "" if path == "." else path
            if path and not is_file(path) and not is_folder(path):
                words = f"`{path}` is not in the working tree"
                self.report.usage("DD561", old, words, "name the other side too")
                return None
            after = self._at(path, path, "", None)
        if after is None:
            return None
        if before.kind != after.kind:
            self.report.usage(
                "DD560", after.name or old,
                f"{_WORDS[before.kind]} cannot be compared with {_WORDS[after.kind]}",
                "name two of one kind: packs, companies, or whole projects",
            )  # fmt: skip
            return None
        return before, after

    def side(self, name: str) -> Side | None:
        """The side that `name` means, or None and a diagnostic."""
        if is_file(name) or is_folder(name):
            return self._at(name, name.rstrip(os.sep) or name, "", None)
        if name in shipped_packs():
            return Side(name, PACKS, os.path.join(package_folder(_RULES), name), "", None)
        for suffix in YAML:
            file = os.path.join(COMPANIES, name + suffix)
            if os.sep not in name and is_file(file):
                return self._at(name, file, "", None)
        found = _REVISION.match(name)
        assert found is not None
        ref: str = found[1]
        inside: str | None = found[2]
        kept = len(self.report.items)
        commit = self._revision(ref, name)
        if commit is None:
            if inside is None and name and not name.startswith("-") and not set(name) & set("~^@"):
                self.report.forget(kept)
                self._unknown(name)
            return None
        if not inside:
            return self._at(name, commit.root, commit.root, ref)
        path = path_inside(commit.root, inside)
        if path is None or not (is_file(path) or is_folder(path)):
            words = f"`{ref}` has no `{inside}`: no YAML file or folder of that name"
            hint = did_you_mean(inside, _paths(commit.root))
            self.report.usage("DD561", name, words, hint or "paths start from this folder")
            return None
        return self._at(name, path.rstrip(os.sep), commit.root, ref)

    def _revision(self, ref: str, name: str) -> Revision | None:
        if ref not in self._revisions:
            found = revision(ref, "", name, self.report)
            self._revisions[ref] = self.stack.enter_context(found)
        return self._revisions[ref]

    def _unknown(self, name: str) -> None:
        known = [*shipped_packs(), _RULES, COMPANIES, *company_files(COMPANIES)]
        known += [os.path.splitext(os.path.basename(path))[0] for path in company_files(COMPANIES)]
        self.report.usage(
            "DD561", name, f"`{name}` is no file or folder, no pack, no company and no commit",
            did_you_mean(name, known) or "write a path, or a commit as `HEAD~1:` or `HEAD~1:rules`",
        )  # fmt: skip

    def _at(self, name: str, path: str, root: str, ref: str | None) -> Side | None:
        kind = self._kind(path or ".", name)
        return None if kind is None else Side(name, kind, path, root, ref)

    def _kind(self, path: str, name: str) -> str | None:
        """What lies at `path`; None and DD006 or DD004 where that is nothing to compare."""
        if is_file(path):
            return self._file(path, name)
        if is_file(os.path.join(path, _MANIFEST)) or pack_folders(path):
            return PACKS
        if is_file(os.path.join(path, CONFIG)) or is_folder(os.path.join(path, COMPANIES)):
            return PROJECT
        if company_files(path):
            return FIRMS
        words = "nothing to compare: no pack, no company and no project in this folder"
        self.report.usage("DD004", name or ".", words)
        return None

    def _file(self, path: str, name: str) -> str | None:
        source = read(path, self.report)
        root = parse(source, self.report) if source is not None else None
        kind = shape.kind(root, self.report) if isinstance(root, Mapping) else None
        if kind == "company":
            return COMPANY
        if kind is not None or not self.report.failed:
            words = f"a {kind or 'YAML'} file: not a company"
            help_ = "name the pack's folder, or the project's"
            self.report.usage("DD006", name, words, help_)
        return None


def _paths(root: str) -> list[str]:
    """Every YAML file below `root` and every folder with one, from there."""
    files = [os.path.relpath(path, root) for path in files_in(root, YAML)]
    folders = set()
    for path in files:
        while path := os.path.dirname(path):
            folders.add(path)
    return [*sorted(folders), *files]


def pack_folders(path: str) -> list[str]:
    """The packs that stand in the folder at `path`, each in a folder of its own."""
    return [
        os.path.dirname(found)
        for found in files_in(path, (_MANIFEST,))
        if os.path.dirname(os.path.dirname(found)) == path.rstrip(os.sep)
        and os.path.basename(found) == _MANIFEST
    ]


def stand_ins(path: str) -> dict[str, str]:
    """The packs in the folder at `path` that stand in for shipped ones, by name.

    The repository of ddcheck holds the shipped packs themselves: at another commit they are what
    that commit says, not what is installed.
    """
    shipped = shipped_packs()
    names = {os.path.basename(folder): folder for folder in pack_folders(path)}
    return {name: names[name] for name in shipped if name in names}
