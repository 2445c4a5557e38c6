"""What ddcheck says of slips: one edit at a time in the keys, names, units, periods and operators
of the shipped packs, their tests and the companies.

Run it with the environment's Python: `python benchmarks/typos.py [--seed 1] [--slips 1000]`.
A slip is a letter dropped, doubled, replaced, added or exchanged with its neighbour. Each is made
in memory in one file; what `ddcheck lint` says of it is compared with where the slip is and with
the word that was right, and where nothing is said every company is judged again. A slip that
leaves a word that could stand there as well (`million` for `billion`, another metric, another
digit) makes another file, not a mistake: whether it does, the vocabulary says, and they are listed
apart. Nothing here fails; the figures go into benchmarks/README.md, floors are in
tests/test_slips.py.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from pathlib import Path
from typing import NamedTuple

from ddcheck.engine.check.cases import check_enough, run_cases
from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.references import check_references, warn_of_tags
from ddcheck.engine.commands.judging import Asked, judge_company
from ddcheck.engine.model.facts import load_company
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Diagnostic, Report
from ddcheck.engine.text.document import Mapping, Node, parse
from ddcheck.engine.text.shape import kind
from ddcheck.engine.text.source import Source, package_folder

sys.path.insert(0, str(Path(__file__).parent))
from slip_places import Places, Site

TODAY = 739941  # 2026-11-21
ROOT = Path(package_folder("rules")).parent
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CHINESE = "万亿千百美元个月人民币股份不足超约近"
SYMBOLS = "<>=!+-*/&|"
KINDS = ("key", "name", "unit", "period", "operator")
#: What the first word that a help proposes is.
PROPOSED = re.compile(r"(?:did you mean|write) `([^`]+)`")

DIAGNOSED, ELSEWHERE, BY_A_TEST, SILENT, CHANGED = (
    "diagnosed", "on another line", "a test fails", "silent", "silent, verdict changed",
)  # fmt: skip


class Slip(NamedTuple):
    """One slip and what came of it; `apart` says that the file is one as good, of another meaning.

    `others` is how many diagnostics there are beside the first on the line of the slip.
    """

    site: Site
    written: str
    apart: bool
    outcome: str
    proposed: str | None
    others: int

    @property
    def right(self) -> bool:
        """Whether the first word proposed is the one that was there."""
        return self.proposed is not None and self.proposed in self.site.right

    def text(self) -> str:
        """The slip in a line."""
        where = f"{Path(self.site.path).relative_to(ROOT)}:{self.site.line}"
        return f"{where} {self.site.kind} {self.site.word} -> {self.written}"


def slipped(word: str, kind: str, rng: random.Random) -> str:
    """`word` with one letter dropped, doubled, replaced, added or exchanged with its neighbour."""
    while True:
        i = rng.randrange(len(word))
        how = rng.choice(["drop", "double", "replace", "add", "swap"])
        letters = LETTERS
        if word[i].isdigit():
            letters = "0123456789"
        elif not word[i].isascii():
            letters = CHINESE
        elif kind == "operator" and not word[i].isalpha():
            letters = SYMBOLS
        elif word[i].isupper():
            letters = LETTERS.upper()
        if how == "drop" and len(word) > 1:
            found = word[:i] + word[i + 1 :]
        elif how == "double":
            found = word[:i] + word[i] + word[i:]
        elif how == "replace":
            found = word[:i] + rng.choice(letters) + word[i + 1 :]
        elif how == "add":
            found = word[:i] + rng.choice(letters) + word[i:]
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
        self.sources = {
            path: Source(path, Path(path).read_text(encoding="utf-8"))
            for path in [*self.packs, *self.companies]
        }
        self.roots: dict[str, Mapping] = {}
        for path, source in self.sources.items():
            root = parse(source, Report())
            assert isinstance(root, Mapping)
            self.roots[path] = root
        self.plan, said = self.compiled(None)
        assert not said, said
        self.before = {path: self.judged(self.plan, self.roots[path])[1] for path in self.companies}
        self.failing = self.tested(self.plan, None)[0]

    def compiled(self, edited: Source | None) -> tuple[Plan, list[Diagnostic]]:
        """The plan of the packs with `edited` in place of its file, and what is said of them.

        Files that nobody edits are parsed once; everything behind the parser runs anew.
        """
        report = Report()

        def document(path: str, said: Report) -> Node | None:
            name = next(name for name in self.sources if Path(name).samefile(path))
            if edited is not None and edited.path == name:
                return parse(edited, said)
            return self.roots[name]

        plan = compile_packs(load_packs((), report, document=document), report)
        return plan, list(report)

    def tested(
        self, plan: Plan, only: frozenset[str] | None
    ) -> tuple[set[tuple[str, int]], list[Diagnostic]]:
        """The tests beside rules that fail, and what is said of tests."""
        report = Report()
        check_references(plan, (), report)
        check_enough(plan, report)
        found = run_cases(plan, report, only)
        return {(item.id, item.node.line) for item in found.failures}, list(report)

    def judged(self, plan: Plan, root: Node | None) -> tuple[list[Diagnostic], object]:
        """What is said of a company, and its verdicts and grade."""
        report = Report()
        company = None
        if isinstance(root, Mapping) and kind(root, report) == "company":
            company = load_company(root, plan.terms, plan.vocabulary.dimensions, report)
        if company is None:
            return list(report), None
        warn_of_tags(company, plan, lambda: plan.packs, report)
        asked = Asked(None, None, TODAY, (), "en")
        found = judge_company(plan, company, asked, (), report)
        assert found is not None
        verdicts = tuple((f.id, f.outcome, f.severity, f.period) for f in found.findings)
        letters = tuple((m.id, m.letter) for m in found.metrics)
        return list(report), (verdicts, letters, found.grade.worst, found.grade.best)

    def sites(self) -> list[Site]:
        """Every place for a slip."""
        return [
            site
            for path, source in self.sources.items()
            for site in Places(path, source, self.roots[path], self.plan).sites()
        ]

    def slip(self, site: Site, written: str) -> Slip:
        """Make one slip, and see what is said and what changes."""
        text = self.sources[site.path].text
        end = site.start + len(site.word)
        edited = Source(site.path, text[: site.start] + written + text[end:])
        outcome = SILENT
        if site.path in self.companies:
            report = Report()
            root = parse(edited, report)
            said, after = self.judged(self.plan, root)
            said = [*report, *said]
            if after != self.before[site.path]:
                outcome = CHANGED
        else:
            plan, said = self.compiled(edited)
            if not said:
                only = frozenset({site.owner}) if site.owner is not None else None
                failing, said = self.tested(plan, only)
                if said:
                    pass
                elif failing - self.failing:
                    outcome = BY_A_TEST
                elif site.owner is None and any(
                    self.judged(plan, self.roots[path])[1] != self.before[path]
                    for path in self.companies
                ):
                    outcome = CHANGED
        here = [item for item in said if item.line == site.line and item.path == site.path]
        if said:
            outcome = DIAGNOSED if here else ELSEWHERE
        found = PROPOSED.search(here[0].help or "") if here else None
        proposed = found[1] if found else None
        others = max(0, len(said) - 1)
        return Slip(site, written, site.another(written), outcome, proposed, others)


def slips(shelf: Shelf, seed: int, count: int) -> list[Slip]:
    """`count` slips, as many of each kind."""
    rng = random.Random(seed)
    by_kind: dict[str, list[Site]] = {}
    for site in shelf.sites():
        by_kind.setdefault(site.kind, []).append(site)
    found = []
    for number in range(count):
        site = rng.choice(by_kind[KINDS[number % len(KINDS)]])
        found.append(shelf.slip(site, slipped(site.word, site.kind, rng)))
    return found


def table(found: list[Slip]) -> str:
    """What came of the slips that are mistakes, by kind; those apart are only counted."""
    heads = ("kind", "slips", "apart", "mistakes", "on the line", "right word first",
             "a test fails", "another line", "silent", "verdict changed")  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", f"| --- |{' ---: |' * (len(heads) - 1)}"]
    for kind_ in [*KINDS, "all"]:
        every = [slip for slip in found if kind_ in (slip.site.kind, "all")]
        some = [slip for slip in every if not slip.apart]
        count = {
            outcome: sum(slip.outcome == outcome for slip in some)
            for outcome in (DIAGNOSED, BY_A_TEST, ELSEWHERE, SILENT, CHANGED)
        }
        right = sum(slip.right for slip in some)
        share = f"{100 * count[DIAGNOSED] / max(1, len(some)):.1f}%"
        first = f"{100 * right / max(1, len(some)):.1f}%"
        lines.append(
            f"| {kind_} | {len(every)} | {len(every) - len(some)} | {len(some)} | "
            f"{count[DIAGNOSED]} ({share}) | {right} ({first}) | {count[BY_A_TEST]} | "
            f"{count[ELSEWHERE]} | {count[SILENT]} | {count[CHANGED]} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Make the slips and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slips", type=int, default=1000)
    parser.add_argument("--all", action="store_true", help="list what was not diagnosed rightly")
    options = parser.parse_args()
    started = time.perf_counter()
    found = slips(Shelf(), options.seed, options.slips)
    seconds = time.perf_counter() - started
    print(f"{len(found)} slips, seed {options.seed}, {seconds:.0f} s")
    print(table(found))
    single = sum(not slip.others for slip in found if slip.outcome == DIAGNOSED and not slip.apart)
    print(f"{single} of them say one thing only")
    for slip in found:
        if slip.apart:
            if slip.outcome == CHANGED or options.all:
                print(f"apart, {slip.outcome}: {slip.text()}")
        elif slip.outcome != DIAGNOSED:
            print(f"{slip.outcome}: {slip.text()}")
        elif options.all and not slip.right:
            print(f"proposed {slip.proposed}: {slip.text()}")


if __name__ == "__main__":
    main()
