"""The page that a text report is written on: width, language, short names of sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import Finding
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.periods import day_text, kind_suffix
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.model.wording import exact_text, printed_text, value_text
from ddcheck.engine.report.lines import WIDTH
from ddcheck.engine.text.translate import reworded, say

#: Below this many columns lines fold where they would be cut, and trends are left out.
NARROW = 100
_NARROWEST = 60


class Codes:
    """Short names for sources: the first letter of the tier, numbered where several share it.

    What the command line assumes has no document behind it and keeps the name of its option.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        by_tier: dict[str, list[str]] = {}
        declared = evaluation.ledger.sources.values()
        documents = [source for source in declared if source.id != ASSUMED]
        sources = sorted(documents, key=lambda s: (s.published, s.id))
        for source in sources:
            by_tier.setdefault(source.tier, []).append(source.id)
        letters: dict[str, str] = {}
        self.codes: dict[str, str] = {ASSUMED: ASSUMED} if len(documents) < len(declared) else {}
        for tier, names in by_tier.items():
            letter = next(
                (tier[:n].upper() for n in range(1, len(tier) + 1)
                 if tier[:n].upper() not in letters.values()),
                tier.upper(),
            )  # fmt: skip
            letters[tier] = letter
            for i, name in enumerate(names, 1):
                self.codes[name] = f"{letter}{i}" if len(names) > 1 else letter
        self.dates = {source.id: day_text(source.published) for source in sources}

    def of(self, finding: Finding) -> str:
        """The codes of the sources that `finding` rests on: `[B,P2]`."""
        return self.of_sources(fact.source for fact in finding.evidence)

    def of_sources(self, names: Iterable[str]) -> str:
        """The codes of the sources `names`: `[B,P2]`, nothing for none."""
        codes = sorted({self.codes[name] for name in names})
        return f"[{','.join(codes)}]" if codes else ""

    def legend(self) -> list[str]:
        """Every code with its date of publication."""
        return [f"[{code}] {self.dates[n]}" for n, code in self.codes.items() if n in self.dates]


class Page(NamedTuple):
    """What every section of a report needs to know beside the evaluation."""

    evaluation: Evaluation
    codes: Codes
    width: int
    language: str

    @property
    def narrow(self) -> bool:
        """Whether lines fold instead of being cut."""
        return self.width < NARROW

    def say(self, template: str, /, **values: object) -> str:
        """`template` in the language of the report, its places filled."""
        return say(self.language, template, **values)

    def word(self, term: str) -> str:
        """A term of the model (a severity, an outcome, a reason) in the language of the report."""
        return reworded(self.language, term)

    def joined(self, words: Iterable[str]) -> str:
        """Words as a list, as the language separates them."""
        return ("、" if self.language == "zh" else ", ").join(words)

    def bracketed(self, words: str) -> str:
        """` (words)`, or in the full-width brackets of Chinese."""
        return f"（{words}）" if self.language == "zh" else f" ({words})"

    def colon(self) -> str:
        """What stands between a name and what is said of it."""
        return "：" if self.language == "zh" else ": "

    def semicolon(self) -> str:
        """The end of a clause: `; `."""
        return "；" if self.language == "zh" else "; "

    def range(self, worst: str | None, best: str | None) -> str:
        """A range of letters: `F..C`, one letter where both ends are the same, `?` for none."""
        if worst is None or best is None:
            return "?"
        if worst == best:
            return worst
        return f"{worst}～{best}" if self.language == "zh" else f"{worst}..{best}"

    def severities(self, findings: Iterable[Finding]) -> list[str]:
        """How many of `findings` there are of each severity: `5 high`."""
        names = [finding.severity for finding in findings]
        return [
            self.say("{count} {severity}", count=names.count(name), severity=self.word(name))
            for name in SEVERITIES
            if name in names
        ]

    def title(self, name: str) -> str:
        """The label of a concept, metric or parameter."""
        plan = self.evaluation.plan
        term = plan.terms.get(name)
        if term is not None:
            return term.label.text(self.language)
        parameter = plan.parameters.get(name)
        return parameter.title.text(self.language) if parameter is not None else name

    def scope(self, dimension: str, member: str = "") -> str:
        """A dimension and its member: `region overseas`."""
        found = self.evaluation.plan.vocabulary.dimensions.get(dimension)
        if self.language == "en" or found is None:
            return f"{dimension} {member}".rstrip()
        return f"{found.label.text(self.language)} {member}".rstrip()

    def stated(self, fact: Fact) -> str:
        """A fact as it is printed, with its period and scope: `21.5% (FY2022)`."""
        where = period_of(fact)
        if fact.scope is not None:
            where += f" {self.scope(*fact.scope)}"
        return f"{printed_text(fact, self.language)}{self.bracketed(where)}"

    def named(self, fact: Fact) -> str:
        """What a fact is about, and when: `Net income FY2022`."""
        scope = f" {self.scope(*fact.scope)}" if fact.scope is not None else ""
        return f"{self.title(fact.concept)}{scope} {period_of(fact)}"

    def value(self, fact: Fact, value: float | None, *, exact: int = 0) -> str:
        """`value` of the concept of `fact` in words, with as many as `exact` decimals if not 0."""
        metric = self.evaluation.plan.metrics.get(fact.concept)
        style = (metric.definition.style if metric is not None else None) or "percent"
        if exact and value is not None:
            return exact_text(value, fact.unit, style, self.language, exact)
        low, high = (fact.low, fact.high) if value is None else (None, None)
        return value_text(value, fact.unit, style, low, high, self.language)

    def place(self, fact: Fact) -> str:
        """Where a fact stands: `companies/acme.yaml:73`."""
        node = fact.node
        return f"{node.source.path}:{node.line}" if node.line else node.source.path


def page_of(evaluation: Evaluation, width: int = WIDTH) -> Page:
    """The page of a report of at most `width` columns (60 at least, 110 at most)."""
    width = max(_NARROWEST, min(width, WIDTH))
    return Page(evaluation, Codes(evaluation), width, evaluation.language)


def period_of(fact: Fact) -> str:
    """The period of a fact as company files write it, with its kind: `FY2023E`."""
    return fact.period.label + kind_suffix(fact.kind)
