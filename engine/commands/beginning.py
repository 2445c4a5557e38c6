"""`ddcheck init`: a small working repository; nothing that is there is written over."""

from __future__ import annotations

import os

from ddcheck.engine.commands.outcome import Outcome, Screen, finish
from ddcheck.engine.report.lines import Line, Piece, fit, line, plain
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import files_in, is_file, package_folder, read
from ddcheck.engine.text.translate import LANGUAGES, say

_STARTER = os.path.join("engine", "commands", "starter")
_FILES = (".yaml", ".yml", ".csv", ".md", "CODEOWNERS", "gitignore")
#: Names that a packed distribution leaves out, or that would have a meaning in our own repository.
_NAMES = {
    "gitignore": ".gitignore",
    "workflow.yml": ".github/workflows/ddcheck.yml",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
}
_ABOUT = {
    "README.md": "what to do next",
    "companies/example.yaml": "a company that does not exist, with its facts",
    "memos/example.md": "a memo on it, whose numbers are tagged",
    "packs/own/pack.yaml": "a pack of your own, on top of the shipped ones",
    "packs/own/rules.yaml": "two rules with their tests",
    "ddcheck.yaml": "the policy: what the gate asks for",
    "waivers.yaml": "what is accepted for a time: nothing yet",
    "CODEOWNERS": "who approves changes to what decides",
    ".github/workflows/ddcheck.yml": "the gate on each pull request",
    ".pre-commit-config.yaml": "the same before each commit",
    ".gitignore": "what does not belong into git",
    "statement.csv": "a printed statement to import",
}
_WIDTH = max(len(name) for name in _ABOUT) + 2


def run_init(folder: str, language: str, screen: Screen) -> Outcome:
    """Lay the starter files down in `folder`; DD508, and nothing written, if one is there."""
    report = Report()
    files = _starter(language, report)
    if is_file(folder):
        report.usage("DD508", folder, "this is a file, not a folder", "name a folder")
    for name in files:
        path = os.path.join(folder, *name.split("/"))
        if is_file(path):
            report.usage("DD508", path, "this file is there already", "name an empty folder")
    if report.failed:
        return finish("", report)
    lines: list[Line] = [
        line(Piece(say(language, "Laid down in {folder}:", folder=folder), "title"))
    ]
    lines += [
        line(f"  {fit(name, _WIDTH)}", say(language, words))
        for name, words in _ABOUT.items()
        if name in files
    ]
    lines += [line(""), line(Piece(say(language, "NEXT"), "title"))]
    if os.path.normpath(folder) != ".":
        lines.append(line(f"  cd {folder}"))
    flag = f" --lang {language}" if language != "en" else ""
    lines += [
        line(f"  ddcheck companies/example.yaml{flag}"),
        line(f"  ddcheck gate{flag}"),
        line(
            "  ddcheck import table statement.csv -o companies/sample.yaml "
            f"--published 2024-03-28 --tags saas{flag}"
        ),
        line(f"  ddcheck companies/sample.yaml{flag}"),
    ]
    written = tuple((os.path.join(folder, *name.split("/")), text) for name, text in files.items())
    return finish(plain(lines, screen.encoding), report)._replace(files=written, make_folders=True)


def _starter(language: str, report: Report) -> dict[str, str]:
    """The text of each starter file by its name; of the pages for readers the one in `language`."""
    root = package_folder(_STARTER)
    files = {}
    for path in files_in(root, _FILES):
        name = os.path.relpath(path, root).replace(os.sep, "/")
        name = _NAMES.get(name, name)
        stem, _, ending = name.partition(".")
        spoken, _, suffix = ending.partition(".")
        if spoken in LANGUAGES and suffix:
            if spoken != language:
                continue
            name = f"{stem}.{suffix}"
        source = read(path, report)
        if source is not None:
            files[name] = source.text
    return files
