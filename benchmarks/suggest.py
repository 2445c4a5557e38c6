"""How well `memo suggest` finds the tags that people wrote: `python benchmarks/suggest.py [MEMO…]`.

Every tag of a memo is taken away, tags are proposed for the bare text, and each proposal is held
against the tag that stood on the same number. Precision is the share of proposals that are the
author's tag in its one form (for a stock, the end of a year is the year); recall the share of the
author's tagged numbers that were proposed so. What no name of the packs can say, an expression or
what one source prints (`?from=`), counts as not found.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.commands.loading import read_company
from ddcheck.engine.memo.figures import Figure, Figures, Lacking
from ddcheck.engine.memo.markdown import read_markdown
from ddcheck.engine.memo.reading import read_memo
from ddcheck.engine.memo.rewriting import canonical
from ddcheck.engine.memo.suggest import suggest
from ddcheck.engine.memo.targets import parse_target
from ddcheck.engine.model.memo import Claim, Memo
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import Source

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 21).toordinal()
MEMOS = tuple(sorted((ROOT / "memos").glob("*.md")))


class Measured(NamedTuple):
    """What was proposed for one memo: line, number, the author's tag, the proposed one."""

    right: int
    wrong: tuple[tuple[int, str, str | None, str], ...]
    missed: tuple[tuple[int, str, str], ...]
    plain: int

    @property
    def precision(self) -> float:
        """The share of proposals that are right."""
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        """The share of the author's tags that were proposed."""
        return self.right / self.wanted

    @property
    def wanted(self) -> int:
        """How many numbers the author tagged."""
        answered = sum(tag is not None for _, _, tag, _ in self.wrong)
        return self.right + answered + len(self.missed)


def measure(path: Path) -> Measured:
    """`memo suggest` on the memo at `path`, held against the tags that it has."""
    memo = _read(path.read_text(encoding="utf-8"))
    bare, wanted = _stripped(memo)
    report = Report()
    plan = compile_packs(load_packs((), report), report)
    company = read_company(str(ROOT / "companies" / f"{memo.company}.yaml"), plan, report)
    assert company is not None
    figures = Figures(evaluate(plan, company, today=TODAY, as_of=memo.as_of))
    source = _read(bare).source
    right, wrong, found = 0, [], set()
    for item in suggest(read_markdown(source), figures, None):
        if not item.clear:
            continue
        inside = [at for at in wanted if item.span.start <= at < item.span.end]
        tag = wanted[inside[0]][1] if inside else None
        found.update(inside)
        proposed = canonical(item.candidates[0].target)
        if tag is not None and _same(canonical(tag), proposed, figures):
            right += 1
        else:
            number = source.text[item.span.start : item.span.end]
            wrong.append((item.span.line, number, tag, proposed))
    missed = tuple(
        (claim.span.line, claim.text, tag) for at, (claim, tag) in wanted.items() if at not in found
    )
    names = sum(
        claim.target.kind == "value" and claim.target.source is None for claim, _ in wanted.values()
    )
    return Measured(right, tuple(wrong), missed, names)


def _same(tag: str, proposed: str, figures: Figures) -> bool:
    """Whether two tags are one: of a stock, the end of a year is the year's."""
    if tag == proposed:
        return True
    left, right = parse_target(tag), parse_target(proposed)
    if (left.name, left.source) != (right.name, right.source) or not left.periods:
        return False
    ends = [figures.period("..".join(t.periods)) for t in (left, right) if t.periods]
    if len(ends) != 2 or any(isinstance(end, Lacking) for end in ends):
        return False
    found = [figures.at(left, *end) for end in ends if not isinstance(end, Lacking)]
    days = [end[0] for end in ends if not isinstance(end, Lacking)]
    same_day = days[0].end == days[1].end and not all(day.months for day in days)
    points = {item.point for item in found if isinstance(item, Figure)}
    return same_day and len(found) == 2 and len(points) == 1


def _read(text: str) -> Memo:
    memo = read_memo(Source("memo.md", text), "none", Report())
    assert memo is not None
    return memo


def _stripped(memo: Memo) -> tuple[str, dict[int, tuple[Claim, str]]]:
    """The text without its tags, and by where their numbers stand then, the tags on numbers."""
    text, out, at = memo.source.text, "", 0
    wanted: dict[int, tuple[Claim, str]] = {}
    for claim in memo.claims:
        span, tag = claim.span, claim.target_span
        assert claim.spelling == "link"
        opening = text.rindex("[", at, span.start + 1)
        closing = text.index(")", tag.end) + 1
        out += text[at:opening]
        shown = text[opening + 1 : text.index("](", opening)]
        digit = next((i for i, char in enumerate(shown) if char.isdigit()), 0)
        if claim.number is not None:
            wanted[len(out) + digit] = (claim, claim.target.text)
        out += shown
        at = closing
    return out + text[at:], wanted


def main(paths: list[str]) -> None:
    """Print the figures of each memo, and what was proposed wrongly or not at all."""
    for path in map(Path, paths) if paths else MEMOS:
        found = measure(path)
        print(
            f"{path.name}: precision {found.precision:.1%} "
            f"({found.right} of {found.right + len(found.wrong)}), recall {found.recall:.1%} "
            f"(of {found.wanted} tagged numbers; {found.plain} of them name a fact or metric)"
        )
        for line, number, tag, proposed in found.wrong:
            print(f"  wrong   {line}: {number}  {proposed}  instead of {tag}")
        for line, number, tag in found.missed:
            print(f"  missed  {line}: {number}  {tag}")


if __name__ == "__main__":
    main(sys.argv[1:])
