"""How well `memo suggest` finds the tags that people wrote: `python benchmarks/suggest.py [MEMO…]`.

Every tag of a memo is taken away, tags are proposed for the bare text, and each proposal is held
against the tag that stood on the same number. Precision is the share of proposals that are the
author's tag in its one form (for a stock, the end of a year is the year); recall the share of the
author's tagged numbers that were proposed so. It is given twice: of all tagged numbers, and of
those whose tag is a fact or metric; the others are expressions and what one source prints
(`?from=`), of which only breakdowns and quotations are ever proposed.

Then every number is falsified at random (`FALSIFIED` times over), and what is proposed all the same
is counted: a false number must not be given a tag that happens to fit it.
"""

from __future__ import annotations

import random
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
#: The two memos that the proposer was built with, and two that were tagged and laid aside before.
MEMOS = (
    *sorted((ROOT / "memos").glob("*.md")),
    *sorted((ROOT / "tests" / "memo" / "unseen").glob("*.md")),
)
FALSIFIED = 3


class Measured(NamedTuple):
    """What was proposed for one memo: line, number, the author's tag, the proposed one."""

    right: int
    wrong: tuple[tuple[int, str, str | None, str], ...]
    missed: tuple[tuple[int, str, str], ...]
    plain: int
    plain_right: int

    @property
    def plain_recall(self) -> float:
        """As `recall`, of the tags that name a fact or metric."""
        return self.plain_right / self.plain

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
    figures = _figures(memo)
    source = _read(bare).source
    plain = {
        at for at, (claim, _) in wanted.items()
        if claim.target.kind == "value" and claim.target.source is None
    }  # fmt: skip
    right, plain_right, wrong, found = 0, 0, [], set()
    for item in suggest(read_markdown(source), figures, None):
        if not item.clear:
            continue
        inside = [at for at in wanted if item.span.start <= at < item.span.end]
        tag = wanted[inside[0]][1] if inside else None
        found.update(inside)
        proposed = canonical(item.candidates[0].target)
        if tag is not None and _same(canonical(tag), proposed, figures):
            right += 1
            plain_right += inside[0] in plain
        else:
            number = source.text[item.span.start : item.span.end]
            wrong.append((item.span.line, number, tag, proposed))
    missed = tuple(
        (claim.span.line, claim.text, tag) for at, (claim, tag) in wanted.items() if at not in found
    )
    return Measured(right, tuple(wrong), missed, len(plain), plain_right)


def falsified(path: Path, seed: int) -> tuple[list[tuple[str, str]], int]:
    """What is proposed for the memo with other digits in each number, and how many numbers it has.

    Numbers in words stay as they are and are not counted.
    """
    memo = _read(path.read_text(encoding="utf-8"))
    bare, wanted = _stripped(memo)
    rng = random.Random(seed)
    chars, changed = list(bare), set()
    for start in wanted:
        at = start
        while at < len(chars) and (chars[at].isdecimal() or chars[at] in ".,"):
            if chars[at].isdecimal():
                digits = "123456789" if at == start else "0123456789"
                chars[at] = rng.choice([digit for digit in digits if digit != chars[at]])
                changed.add(start)
            at += 1
    figures = _figures(memo)
    source = _read("".join(chars)).source
    fooled = [
        (source.text[item.span.start : item.span.end], item.candidates[0].target)
        for item in suggest(read_markdown(source), figures, None)
        if item.clear and any(item.span.start <= at < item.span.end for at in changed)
    ]
    return fooled, len(changed)


def _figures(memo: Memo) -> Figures:
    report = Report()
    plan = compile_packs(load_packs((), report), report)
    company = read_company(str(ROOT / "companies" / f"{memo.company}.yaml"), plan, report)
    assert company is not None
    return Figures(evaluate(plan, company, today=TODAY, as_of=memo.as_of))


def _same(tag: str, proposed: str, figures: Figures) -> bool:
    """Whether two tags are one: of a stock, the end of a year is the year's."""
    if _tight(tag) == _tight(proposed):
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


def _tight(tag: str) -> str:
    """A tag without the spaces of an expression."""
    return "".join(tag.split())


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
        fooled, numbers = [], 0
        for seed in range(FALSIFIED):
            more, count = falsified(path, seed)
            fooled += more
            numbers += count
        print(
            f"{path.name}: precision {found.precision:.1%} "
            f"({found.right} of {found.right + len(found.wrong)}), recall {found.recall:.1%} "
            f"of {found.wanted} tagged numbers, {found.plain_recall:.1%} of the {found.plain} that "
            f"name a fact or metric; {len(fooled)} of {numbers} falsified numbers proposed"
        )
        for line, number, tag, proposed in found.wrong:
            print(f"  wrong   {line}: {number}  {proposed}  instead of {tag}")
        for line, number, tag in found.missed:
            print(f"  missed  {line}: {number}  {tag}")
        for number, proposed in fooled:
            print(f"  fooled  {number}  {proposed}")


if __name__ == "__main__":
    main(sys.argv[1:])
