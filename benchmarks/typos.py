"""What ddcheck says of slips: one edit at a time in the keys, names, units, periods and operators
of the shipped packs and companies.

Run it with the environment's Python: `python benchmarks/typos.py [--seed 1] [--slips 1000]`.
A slip is a letter dropped, doubled, replaced, added or exchanged with its neighbour. Each is made
in memory in one file, and everything is read, compiled and judged again. Counted are slips that
are diagnosed on their line, those for which the first word proposed is the right one, and verdicts
that change without a word. Nothing here fails; the figures go into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ddcheck.engine.check.cases import run_cases
from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.model import packs as packs_module
from ddcheck.engine.model.facts import load_company
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Diagnostic, Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence, parse
from ddcheck.engine.text.source import Source, package_folder

TODAY = 739941  # 2026-11-21
ROOT = Path(package_folder("rules")).parent
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FORMULAS = {"formula", "when", "applies_when", "between", "derive"}
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OPERATOR = re.compile(r"<=|>=|==|!=|[<>+*/]|\b(?:and|or|not)\b")
UNIT_WORD = re.compile(r"[A-Za-z]{2,}|[万亿]?美?元")
#: Mappings whose keys are ids or labels of the file's own: renaming one is no slip in a word.
OWN = {"sources", "metrics", "rules", "strengths", "parameters", "concepts", "dimensions", "parts",
       "categories", "sections"}  # fmt: skip
#: Texts for people.
PROSE = {"title", "why", "ask", "reference", "ladder_reference", "note", "text", "what", "name",
         "business", "label", "labelled", "at", "publisher", "url", "file", "sha256", "aliases",
         "ticker", "founded", "id", "version", "language", "tags", "message", "dated"}  # fmt: skip


class Site(NamedTuple):
    """A word in a file that a hand can slip in."""

    path: str
    start: int
    line: int
    word: str
    kind: str


class Slip(NamedTuple):
    """One slip and what came of it."""

    site: Site
    written: str
    diagnosed: bool
    on_line: bool
    proposed: str | None
    changed: bool


def sites_of(path: str, source: Source, root: Node) -> Iterator[Site]:
    """Every word of a file in a key, a name, a unit, a period or an operator."""

    def site(node: Scalar, word: str, kind: str, inside: int = 0) -> Iterator[Site]:
        start = source.text.find(word, node.index + inside)
        if start == -1 or start > node.index + inside + 3:
            return
        yield Site(path, start, source.text.count("\n", 0, start) + 1, word, kind)

    def walk(node: Node, key: str, above: str) -> Iterator[Site]:
        if isinstance(node, Mapping):
            for name, value in node.items():
                kind = "key"
                if key in OWN or key in PROSE:
                    kind = ""
                elif key in ("facts", "given") or above == "given":
                    kind = "name" if above != "given" else "period"
                elif above == "facts":
                    kind = "key" if name.text.islower() else "period"
                elif key in ("params", "labelled", "derive"):
                    kind = "name"
                if kind and len(name.text) > 1 and not name.style:
                    yield from site(name, name.text, kind)
                yield from walk(value, name.text, key)
        elif isinstance(node, Sequence):
            for item in node.items:
                yield from walk(item, key, above)
        elif key not in PROSE and not node.is_null:
            yield from scalar(node, key)

    def scalar(node: Scalar, key: str) -> Iterator[Site]:
        text = node.text
        if key in FORMULAS:
            if node.style in ("|", ">"):
                return
            for match in IDENTIFIER.finditer(text):
                if len(match[0]) > 2 and match[0] not in ("and", "not"):
                    yield from site(node, match[0], "name", match.start())
            for match in OPERATOR.finditer(text):
                yield from site(node, match[0], "operator", match.start())
        elif key in ("periods", "period", "over"):
            yield from site(node, text, "period")
        elif key in ("source", "metric", "concept", "by", "about", "show", "category", "unknown",
                     "extends", "applies_to", "implied_by", "said"):  # fmt: skip
            yield from site(node, text, "name")
        elif key in ("severity", "better", "frame", "tier", "kinds", "style", "time", "flag",
                     "min_evidence", "grade", "expect", "ask_on"):  # fmt: skip
            if len(text) > 1:
                yield from site(node, text, "name")
        elif text.startswith("$"):
            yield from site(node, text[1:], "name", 1)
        else:
            for match in UNIT_WORD.finditer(text):
                yield from site(node, match[0], "unit", match.start())

    yield from walk(root, "", "")


def slipped(word: str, rng: random.Random) -> str:
    """`word` with one letter dropped, doubled, replaced, added or exchanged with its neighbour."""
    while True:
        i = rng.randrange(len(word))
        how = rng.choice(["drop", "double", "replace", "add", "swap"])
        if how == "drop" and len(word) > 1:
            found = word[:i] + word[i + 1 :]
        elif how == "double":
            found = word[:i] + word[i] + word[i:]
        elif how == "replace":
            found = (
                word[:i]
                + rng.choice("0123456789" if word[i].isdigit() else LETTERS)
                + word[i + 1 :]
            )
        elif how == "add":
            found = word[:i] + rng.choice(LETTERS) + word[i:]
        elif how == "swap" and i + 1 < len(word):
            found = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        else:
            continue
        if found != word:
            return found


class Shelf:
    """The shipped files, and everything that is said and judged when one of them is edited."""

    def __init__(self) -> None:
        self.packs = sorted(str(path) for path in ROOT.glob("rules/*/*.yaml"))
        self.companies = sorted(str(path) for path in ROOT.glob("companies/*.yaml"))
        self.texts = {
            p: Path(p).read_text(encoding="utf-8") for p in [*self.packs, *self.companies]
        }
        self.read = packs_module.read
        self.plan = self.compiled({})[0]
        self.before = {path: self.judged(self.plan, path, {})[1] for path in self.companies}
        report = Report()
        self.tests = self.failed(self.plan, report)

    def compiled(self, edits: dict[str, str]) -> tuple[Plan, list[Diagnostic]]:
        """The plan of the packs with edits, and what is said of them."""
        report = Report()

        def read(path: str, said: Report) -> Source | None:
            for edited, text in edits.items():
                if Path(edited).samefile(path):
                    return Source(path, text)
            return self.read(path, said)

        packs_module.read = read
        try:
            plan = compile_packs(load_packs((), report), report)
        finally:
            packs_module.read = self.read
        return plan, list(report)

    def failed(self, plan: Plan, report: Report) -> set[tuple[str, int]]:
        """The tests beside rules that fail."""
        found = run_cases(plan, report)
        return {(item.id, item.node.line) for item in found.failures}

    def judged(
        self, plan: Plan, path: str, edits: dict[str, str]
    ) -> tuple[list[Diagnostic], object]:
        """What is said of a company, and its verdicts and grade."""
        report = Report()
        root = parse(Source(path, edits.get(path, self.texts[path])), report)
        company = None
        if isinstance(root, Mapping):
            company = load_company(root, plan.terms, plan.vocabulary.dimensions, report)
        if company is None:
            return list(report), None
        found = evaluate(plan, company, today=TODAY)
        verdicts = tuple((f.id, f.outcome, f.severity, f.period) for f in found.findings)
        letters = tuple((m.id, m.letter) for m in found.metrics)
        return list(report), (verdicts, letters, found.grade.worst, found.grade.best)

    def sites(self) -> list[Site]:
        """Every place for a slip."""
        found: list[Site] = []
        for path, text in self.texts.items():
            source = Source(path, text)
            root = parse(source, Report())
            assert root is not None
            found += sites_of(path, source, root)
        return found

    def slip(self, site: Site, written: str) -> Slip:
        """Make one slip, and see what is said and what changes."""
        text = self.texts[site.path]
        end = site.start + len(site.word)
        edits = {site.path: text[: site.start] + written + text[end:]}
        changed = False
        if site.path in self.companies:
            said, after = self.judged(self.plan, site.path, edits)
            changed = after != self.before[site.path]
        else:
            plan, said = self.compiled(edits)
            if not said:
                report = Report()
                failing = self.failed(plan, report) - self.tests
                said = list(report)
                if failing:  # a test beside the rule has noticed
                    return Slip(site, written, True, True, None, False)
                changed = any(
                    self.judged(plan, path, {})[1] != self.before[path] for path in self.companies
                )
        on_line = any(item.line == site.line for item in said)
        first = next((item for item in said if item.line == site.line), None)
        proposed = re.search(r"did you mean `([^`]+)`", first.help or "") if first else None
        word = proposed[1] if proposed else None
        return Slip(site, written, bool(said), on_line, word, changed and not said)


def main() -> None:
    """Make the slips and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slips", type=int, default=1000)
    parser.add_argument("--all", action="store_true", help="list every slip that was not diagnosed")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    shelf = Shelf()
    by_kind: dict[str, list[Site]] = {}
    for site in shelf.sites():
        by_kind.setdefault(site.kind, []).append(site)
    kinds = sorted(by_kind)
    started = time.perf_counter()
    slips = []
    for number in range(options.slips):
        site = rng.choice(by_kind[kinds[number % len(kinds)]])
        slips.append(shelf.slip(site, slipped(site.word, rng)))
    seconds = time.perf_counter() - started
    print(f"{len(slips)} slips, seed {options.seed}, {seconds:.0f} s; places: "
          + ", ".join(f"{kind} {len(by_kind[kind])}" for kind in kinds))  # fmt: skip
    print("| kind | slips | diagnosed | on the line | right word first | silent, verdict changed |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for kind in [*kinds, "all"]:
        some = [slip for slip in slips if kind in (slip.site.kind, "all")]
        right = sum(slip.proposed in (slip.site.word, f"${slip.site.word}") for slip in some)
        counts = Counter()
        for slip in some:
            counts["diagnosed"] += slip.diagnosed
            counts["on_line"] += slip.on_line
            counts["changed"] += slip.changed
        print(f"| {kind} | {len(some)} | {counts['diagnosed']} | {counts['on_line']} | {right} | "
              f"{counts['changed']} |")  # fmt: skip
    for slip in slips:
        site = slip.site
        where = f"{Path(site.path).relative_to(ROOT)}:{site.line}"
        if slip.changed:
            print(f"changed silently: {where} {site.kind} {site.word} -> {slip.written}")
        elif options.all and not slip.on_line:
            print(f"not on the line: {where} {site.kind} {site.word} -> {slip.written}")
        elif options.all and slip.proposed != site.word:
            print(f"proposed {slip.proposed}: {where} {site.kind} {site.word} -> {slip.written}")


if __name__ == "__main__":
    main()
