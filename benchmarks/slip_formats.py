"""What each kind of file holds, written down once more, apart from the readers.

Which keys are words of the format, which are references, which are the file's own, what is prose.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from ddcheck.engine.model.breakdowns import WORDS
from ddcheck.engine.model.company import TIERS
from ddcheck.engine.model.pack import COVERAGES, DIRECTIONS, LETTERS, SEVERITIES
from ddcheck.engine.model.periods import FRAMES, KIND_NAMES
from ddcheck.engine.model.vocabulary import TIMES
from ddcheck.engine.model.wording import STYLES
from ddcheck.engine.text.document import Mapping
from ddcheck.engine.text.words import CURRENCIES


class Word(NamedTuple):
    """A single value of a sort, such as `term`, `source`, `formula` or `value`."""

    sort: str


class Choice(NamedTuple):
    """A single value that is one of the format's own words."""

    words: tuple[str, ...]


class Keys(NamedTuple):
    """A mapping whose keys are words of the format."""

    entries: dict[str, Spec]


class Own(NamedTuple):
    """A mapping whose keys the file itself declares."""

    value: Spec


class Named(NamedTuple):
    """A mapping whose keys are references of a sort; `also` are keys of the format among them."""

    sort: str
    value: Spec
    also: tuple[str, ...] = ()


class Each(NamedTuple):
    """A list, or a single value for a list of one."""

    item: Spec


class Either(NamedTuple):
    """One of several, by whether a mapping, a list or a single value stands there."""

    specs: tuple[Spec, ...]


Spec: TypeAlias = (
    Word | Choice | Keys | Own | Named | Each | Either | Callable[[Mapping], "Spec"] | None
)


_TRUTH = Choice(("true", "false"))
_LETTER = Choice(LETTERS)
_SEVERITY = Choice(SEVERITIES)
_LABEL = Either((Keys({"en": None, "zh": None}), Word("prose")))
_MESSAGE = Either((Keys({"en": Word("message"), "zh": Word("message")}), Word("message")))
_VALUE, _TERM, _FORMULA = Word("value"), Word("term"), Word("formula")
_SCOPE = Named("dimension", Word("prose"))


_FACT = Keys(
    {"value": _VALUE, "text": None, "source": Word("source"), "at": None, "scope": _SCOPE,
     "since": Word("date"), "labelled": None, "note": None, "decimals": None, "exact": _TRUTH,
     "method": None}
)  # fmt: skip


def _facts(node: Mapping) -> Spec:
    if "value" in node.entries or "since" in node.entries:
        return _FACT
    return Named("period", Either((_FACT, Each(Either((_FACT, _VALUE))), _VALUE)), ("source",))


_ROW = Keys(
    {"values": Each(_VALUE), "unit": Word("unit"), "at": None, "decimals": None, "exact": _TRUTH,
     "labelled": None, "note": None, "scope": _SCOPE, "reversed": _TRUTH}
)  # fmt: skip
_COMPANY = Keys(
    {
        "ddcheck": Word("kind"),
        "company": Keys(
            {"id": None, "name": _LABEL, "ticker": None, "currency": Choice(tuple(CURRENCIES)),
             "fiscal_year_end": Word("year-end"), "tags": Each(Word("tag")), "founded": None,
             "business": _LABEL}
        ),
        "sources": Own(Keys(
            {"title": None, "publisher": None, "tier": Choice(TIERS), "published": Word("date"),
             "url": None, "file": None, "sha256": None, "language": None, "note": None}
        )),
        "tables": Each(Keys(
            {"source": Word("source"), "at": None, "unit": Word("unit"), "note": None,
             "periods": Each(Word("period")), "labelled": None,
             "facts": Named("term", Either((_ROW, Each(_VALUE))))}
        )),
        "facts": Named("term", Either((_facts, Each(_FACT)))),
        "breakdowns": Each(Keys(
            {"concept": _TERM, "by": Word("dimension"), "period": Word("period"), "note": None,
             "source": Word("source"), "at": None, "unit": Word("unit"), "parts": Own(_VALUE),
             "complete": _TRUTH, "ranked": _TRUTH, "labelled": None}
        )),
        "events": Each(Keys(
            {"date": Word("date"), "what": _LABEL, "source": Word("source"), "at": None,
             "said": Choice(WORDS), "about": _TERM, "over": Word("period"), "text": None,
             "note": None}
        )),
        "answers": None,
    }
)  # fmt: skip
_GIVEN = Either((Named("relative", Each(_VALUE)), Each(_VALUE)))
_EXPECT = Either((
    Keys({"flag": _SEVERITY, "unknown": Either((Word("unknown"), Each(_TERM))), "value": _VALUE,
          "grade": _LETTER, "bounds": _VALUE, "at": Word("relative")}),
    Choice(("pass", "not-applicable", "holds", "does-not-hold")),
))  # fmt: skip
_TESTS = Each(Keys(
    {
        "given": Named("term", _GIVEN),
        "expect": _EXPECT,
        "params": Named("parameter", _VALUE),
        "breakdowns": Each(Keys(
            {"concept": _TERM, "by": Word("dimension"), "period": Word("relative"),
             "unit": Word("unit"), "parts": Own(_VALUE), "complete": _TRUTH, "ranked": _TRUTH}
        )),
        "events": Each(Keys({"said": Choice(WORDS), "about": _TERM, "over": Word("relative")})),
        "tags": Each(Word("tag")),
        "at": Word("relative"),
        "name": None,
        "tier": Choice(TIERS),
        "sources": Own(Keys({"tier": Choice(TIERS), "published": Word("relative"),
                             "publisher": None})),
        "labelled": Named("term", None),
    }
))  # fmt: skip
_LADDER = Keys(dict.fromkeys(LETTERS[:-1], _VALUE))
_SHARED: dict[str, Spec] = {
    "title": _LABEL, "category": Word("category"), "why": _LABEL, "ask": _LABEL, "reference": None,
    "tests": _TESTS, "equivalent": Each(Keys({"becomes": None, "why": _LABEL})),
    "frame": Choice((*FRAMES, "any")), "kinds": Each(Choice(KIND_NAMES)),
    "stale_after": _VALUE, "tags": Each(Word("tag")),
}  # fmt: skip
_METRIC = Keys(
    {
        **_SHARED,
        "formula": Each(_FORMULA), "unit": Word("unit"), "better": Choice(("higher", "lower")),
        "ladder": _LADDER, "ladder_reference": None, "weight": None, "between": Each(_FORMULA),
        "ladders": Each(Keys({"tags": Each(Word("tag")), "dated": None, "reference": None,
                              "steps": _LADDER})),
        "applies_when": _FORMULA, "style": Choice(STYLES),
        "otherwise": Either((Keys({"grade": _LETTER, "note": _LABEL}),
                             Choice(("not-applicable",)))),
    }
)  # fmt: skip
_RULE = Keys(
    {
        **_SHARED,
        "metric": _TERM, "when": _FORMULA, "severity": _SEVERITY, "applies_when": _FORMULA,
        "message": _MESSAGE, "show": Each(_TERM), "ask_on": Each(Choice(("unknown", "flag"))),
        "implied_by": Each(Word("rule")), "min_evidence": Choice(TIERS),
        **{way: Keys(dict.fromkeys(SEVERITIES, _VALUE)) for way in DIRECTIONS},
    }
)  # fmt: skip
_STRENGTH = Keys({
    **_SHARED, "when": _FORMULA, "applies_when": _FORMULA, "message": _MESSAGE,
    "show": Each(_TERM), "min_evidence": Choice(TIERS),
})  # fmt: skip
_STEPS = {"why": _LABEL, "reference": None}
_CAPS = Keys({**dict.fromkeys(SEVERITIES, _LETTER), **_STEPS})
SHAPES: dict[str, Keys] = {
    "company": _COMPANY,
    "rules": Keys({
        "ddcheck": Word("kind"), "category": Word("category"), "metrics": Own(_METRIC),
        "rules": Own(_RULE), "strengths": Own(_STRENGTH),
    }),
    "pack": Keys({
        "ddcheck": Word("kind"), "id": None, "version": None, "title": _LABEL,
        "extends": Each(Word("pack")), "applies_to": Each(Word("tag")),
        "parameters": Own(Keys(
            {"title": _LABEL, "unit": Word("unit"), "default": _VALUE, "reference": None,
             "values": Named("date", _VALUE), "at_least": _VALUE, "at_most": _VALUE,
             "reviewed": Word("date"), "why": _LABEL}
        )),
    }),
    "vocabulary": Keys({
        "ddcheck": Word("kind"),
        "concepts": Own(Keys(
            {"time": Choice(TIMES), "unit": Word("unit"), "label": _LABEL, "aliases": None,
             "tags": None, "derive": Each(_FORMULA), "quoted": _TRUTH, "positive": _TRUTH,
             "headline": _TRUTH, "note": None}
        )),
        "dimensions": Own(Keys({"label": _LABEL, "members": None})),
    }),
    "grading": Keys({
        "ddcheck": Word("kind"), "reference": None, "why": _LABEL, "single_letter_span": None,
        "points": Keys({**dict.fromkeys(LETTERS), **_STEPS}),
        "letters": Keys({**dict.fromkeys(LETTERS[:-1]), **_STEPS}),
        "categories": Own(Keys({"title": _LABEL, "weight": None, "graded": _TRUTH, **_STEPS})),
        "caps": Keys({"category": _CAPS, "whole": _CAPS, **_STEPS}),
    }),
    "policy": Keys({
        "ddcheck": Word("kind"), "fail_on": _SEVERITY, "must_know": Each(Word("rule")),
        "why": _LABEL,
        "memos": Keys(
            {"coverage": Choice(COVERAGES), "sections": Own(None), "answer_in": None,
             "answer_length": None, "recommendations": Keys(dict.fromkeys(LETTERS)),
             "why": _LABEL}
        ),
    }),
    "trends": Keys({
        "ddcheck": Word("kind"),
        "trends": Own(Keys({"title": _LABEL, "when": _FORMULA, "why": _LABEL})),
    }),
}  # fmt: skip
