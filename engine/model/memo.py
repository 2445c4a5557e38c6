"""A memo: prose about a company with the claims in it, and what became of each.

Types only. Reading them from Markdown or a `.docx` is in `memo.reading`, judging them in
`memo.verdict` and `memo.audit`.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.periods import Period
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.quantity import Quantity
from ddcheck.engine.text.source import Source

#: What may become of a claim.
MATCH, ROUNDED, MISMATCH = "match", "match-rounded", "mismatch"
OVERPRECISE, UNRESOLVED = "overprecise", "unresolved"
VERDICTS = (MATCH, ROUNDED, MISMATCH, OVERPRECISE, UNRESOLVED)


class Span(NamedTuple):
    """A stretch of a memo: offsets into the text of its source, line and column from 1.

    In a `.docx` a line is a paragraph.
    """

    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


class Number(NamedTuple):
    """A number in prose: where it stands, as written, and what it says.

    `quantity` is in base units, as company files read it, the words around the digits included:
    a loss is negative, `超` and `over` are bounds; None for a date. `ambiguous` says why it can
    be read in two ways.
    """

    span: Span
    text: str
    quantity: Quantity | None
    ambiguous: str | None = None


class Target(NamedTuple):
    """What a claim points at: `dd:[company/]NAME[@PERIOD][?as=… | ?is=…]`.

    `kind` is value, flag, source or expression; `periods` none, one, or the first and last of a
    range; `mode` is trunc, approx, min, max or None; `trend` a trend word of the packs; `source`
    the source whose own figure is meant, whatever counts.
    """

    company: str | None
    kind: str
    name: str
    periods: tuple[str, ...]
    mode: str | None
    trend: str | None
    text: str
    source: str | None = None


class Claim(NamedTuple):
    """A tagged stretch of prose; `spelling` is link, comment or docx.

    `around` counts the visible characters of its block outside of all tags.
    """

    text: str
    span: Span
    target: Target
    target_span: Span
    spelling: str
    number: Number | None
    around: int


class Section(NamedTuple):
    """A heading and what stands below it, to the next heading of its level or a higher one."""

    title: str
    level: int
    heading: Span
    start: int
    end: int


class Memo(NamedTuple):
    """A memo, read: every claim, every number without a tag, every section."""

    path: str
    source: Source
    company: str
    companies: tuple[str, ...]
    as_of: int | None
    recommendation: str | None
    recommendation_node: Scalar | None
    language: str
    coverage: str
    claims: tuple[Claim, ...]
    untagged: tuple[Number, ...]
    exempt: tuple[Number, ...]
    sections: tuple[Section, ...]


class NearMiss(NamedTuple):
    """What would have made a false claim true: another period, unit, scale, sign or name."""

    kind: str
    words: str


class Judged(NamedTuple):
    """A claim with its verdict: what the facts give, what the text allows, and why they differ.

    `mistake` is the diagnostic (code, message, help) where its tag names what nobody has.
    """

    claim: Claim
    verdict: str
    period: Period | None
    value: float | None
    low: float | None
    high: float | None
    claim_low: float | None
    claim_high: float | None
    near: tuple[NearMiss, ...]
    message: str
    mistake: tuple[str, str, str | None] | None = None


class Remark(NamedTuple):
    """Something a memo lacks or says wrongly: `id` of the check, where, and how grave.

    `level` is error (fails the gate), warning or note; `rule` the flag it is about, if any.
    """

    id: str
    level: str
    span: Span | None
    message: str
    rule: str | None


class Coverage(NamedTuple):
    """What was covered of a memo's numbers."""

    tagged: int
    matched: int
    untagged: int
    exempt: int


class Audit(NamedTuple):
    """A memo, judged."""

    memo: Memo
    claims: tuple[Judged, ...]
    remarks: tuple[Remark, ...]
    coverage: Coverage

    @property
    def failed(self) -> bool:
        """Whether a claim is false or cannot be judged, or a remark is an error."""
        bad = (MISMATCH, OVERPRECISE, UNRESOLVED)
        return any(item.verdict in bad for item in self.claims) or any(
            item.level == "error" for item in self.remarks
        )
