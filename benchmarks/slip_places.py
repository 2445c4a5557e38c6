"""Where a hand can slip in the files of this project: keys, names, units, periods, operators.

What each kind of file holds is written down here once more, apart from the readers: which keys are
words of the format, which are references, which are the file's own, and what is prose. A slip in
prose, in a number or in a name that the file itself declares is none that a linter could know of.
Each place says by the vocabulary, not by what ddcheck says of it, whether another word in its
stead would be one as well: then the file has another meaning.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from slip_formats import SHAPES, Choice, Each, Either, Keys, Named, Own, Spec, Word

from ddcheck.engine.check.given import _RELATIVE
from ddcheck.engine.language.functions import FUNCTIONS
from ddcheck.engine.model.breakdowns import WORDS
from ddcheck.engine.model.marks import MARKS
from ddcheck.engine.model.periods import FRAMES, Calendar, PeriodError
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.document import Mapping, Node, Scalar
from ddcheck.engine.text.quantity import _PREFIXES, _SUFFIXES
from ddcheck.engine.text.shape import KINDS, parse_day
from ddcheck.engine.text.source import Source
from ddcheck.engine.text.words import CURRENCIES, RESERVED_WORDS, QuantityError, parse_unit


class Site(NamedTuple):
    """A word in a file: where it begins, what is right there, and which other words would be read.

    `owner` is the metric or rule whose test it stands in.
    """

    path: str
    start: int
    line: int
    word: str
    kind: str
    right: tuple[str, ...]
    another: Callable[[str], bool]
    owner: str | None = None


_UNIT_WORDS = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]+")
_FORMULA_WORDS = re.compile(
    r"(?P<quoted>\"[^\"]*\"|'[^']*')|(?P<name>[A-Za-z_]\w*)|(?P<number>\d[\d,.]*)"
    r"|(?P<operator><=|>=|==|!=|[<>+*/]|(?<=\s)-(?=\s))"
)
_OPERATORS = frozenset(("<", "<=", ">", ">=", "==", "!=", "+", "-", "*", "/", "and", "or", "not"))
_PLACEHOLDER = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
_MESSAGE_WORDS = ("period", "prior", "limit", "basis", "facts")
_QUALIFIERS = frozenset(word for word, _ in (*_PREFIXES, *_SUFFIXES))
_WORD_KINDS = {"period": "period", "relative": "period", "date": "period", "year-end": "period"}


def _reads(read: Callable[[str], object], *errors: type[Exception]) -> Callable[[str], bool]:
    def reads(text: str) -> bool:
        try:
            return read(text) is not None
        except errors:
            return False

    return reads


_is_period = _reads(Calendar().parse, PeriodError)
_is_unit = _reads(parse_unit, QuantityError)


def _is_relative(text: str) -> bool:
    ends = text.split("..", 1)
    return all(_RELATIVE.match(end) for end in ends)


def _is_year_end(text: str) -> bool:
    return parse_day(f"2024-{text}") is not None


def _is_quantity_word(text: str) -> bool:
    return text in _QUALIFIERS or text in RESERVED_WORDS or _is_unit(text)


class Places:
    """The places of one file."""

    def __init__(self, path: str, source: Source, root: Mapping, plan: Plan) -> None:
        self.path = path
        self.text = source.text
        self.root = root
        self.lines = [0, *(match.end() for match in re.finditer("\n", source.text))]
        self.owner: str | None = None
        self.tested = False
        names = {*plan.terms, *plan.parameters}
        arguments = {item.name for function in FUNCTIONS.values() for item in function.parameters}
        own = {"x", "steps", "periods", "if", "else", "and", "or", "not"}
        in_formulas = {*names, *FUNCTIONS, *arguments, *own}
        packs = plan.packs
        quoted = {
            *plan.vocabulary.dimensions, *WORDS, *MARKS, *plan.rules, *CURRENCIES, *FRAMES,
            *(m for d in plan.vocabulary.dimensions.values() for m in d.members),
        }  # fmt: skip
        self.known: dict[str, Callable[[str], bool]] = {
            "term": set(plan.terms).__contains__,
            "parameter": set(plan.parameters).__contains__,
            "source": set(_sources(root)).__contains__,
            "dimension": set(plan.vocabulary.dimensions).__contains__,
            "category": set(packs.grading.categories if packs.grading else ()).__contains__,
            "pack": {pack.id for pack in packs.packs}.__contains__,
            "rule": set(plan.rules).__contains__,
            "tag": tags_of(plan).__contains__,
            "kind": {f"{kind}/1" for kind in KINDS}.__contains__,
            "unknown": {"bounded", "stale", "assumed", "evidence"}.__contains__,
            "formula": in_formulas.__contains__,
            "quoted": quoted.__contains__,
            "placeholder": {*names, *_MESSAGE_WORDS}.__contains__,
            "period": _is_period,
            "relative": _is_relative,
            "date": lambda text: parse_day(text) is not None,
            "year-end": _is_year_end,
        }

    def sites(self) -> Iterator[Site]:
        """Every place for a slip in the file."""
        header = self.root.get("ddcheck")
        assert isinstance(header, Scalar)
        yield from self._walk(self.root, SHAPES[header.text.partition("/")[0]])

    def _site(
        self, node: Scalar, offset: int, word: str, kind: str, another: Callable[[str], bool],
        right: Iterable[str] = (),
    ) -> Iterator[Site]:  # fmt: skip
        line, column = node.place(offset)
        start = self.lines[line - 1] + column - 1
        if len(word) < 2 and kind != "operator":
            return
        if self.text[start : start + len(word)] != word:
            return
        line = bisect_right(self.lines, start)
        yield Site(
            self.path, start, line, word, kind, (word, *right), another,
            self.owner if self.tested else None,
        )  # fmt: skip

    def _walk(self, node: Node, spec: Spec) -> Iterator[Site]:
        if spec is None:
            return
        if isinstance(spec, Either):
            spec = next((item for item in spec.specs if _fits(node, item)), None)
            yield from self._walk(node, spec)
        elif isinstance(spec, Each):
            for item in [node] if isinstance(node, (Scalar, Mapping)) else node.items:
                yield from self._walk(item, spec.item)
        elif isinstance(node, Mapping):
            if isinstance(spec, (Word, Choice)):
                return
            if not isinstance(spec, (Keys, Own, Named)):
                spec = spec(node)
                assert isinstance(spec, (Keys, Own, Named))
            for key, value in node.items():
                yield from self._entry(key, value, spec)
        elif isinstance(node, Scalar) and not node.is_null:
            if isinstance(spec, Choice):
                yield from self._site(node, 0, node.text, "name", set(spec.words).__contains__)
            elif isinstance(spec, Word):
                yield from self._word(node, spec.sort)

    def _entry(self, key: Scalar, value: Node, spec: Keys | Own | Named) -> Iterator[Site]:
        if isinstance(spec, Keys):
            yield from self._site(key, 0, key.text, "key", set(spec.entries).__contains__)
            self.tested = self.tested or key.text == "tests"
            yield from self._walk(value, spec.entries.get(key.text))
            self.tested = self.tested and key.text != "tests"
        elif isinstance(spec, Own):
            if not self.tested:
                self.owner = key.text
            yield from self._walk(value, spec.value)
        elif key.text in spec.also:
            yield from self._site(key, 0, key.text, "key", set(spec.also).__contains__)
            yield from self._walk(value, Word(key.text))
        else:
            kind = _WORD_KINDS.get(spec.sort, "name")
            yield from self._site(key, 0, key.text, kind, self.known[spec.sort])
            yield from self._walk(value, spec.value)

    def _word(self, node: Scalar, sort: str) -> Iterator[Site]:
        text = node.text
        if sort == "formula":
            yield from self._formula(node)
        elif sort == "message":
            for match in _PLACEHOLDER.finditer(text):
                known = self.known["placeholder"]
                yield from self._site(node, match.start(1), match[1], "name", known, (match[0],))
                if match[2]:
                    only = {"history"}.__contains__
                    yield from self._site(node, match.start(2), match[2], "name", only, (match[0],))
        elif sort in ("value", "unit"):
            yield from self._value(node)
        elif sort != "prose" and (sort != "tag" or self.known["tag"](text)):
            # Any other tag is the company's own.
            kind = _WORD_KINDS.get(sort, "name")
            yield from self._site(node, 0, text, kind, self.known[sort])

    def _value(self, node: Scalar) -> Iterator[Site]:
        text, _, source = node.text.partition(" @")
        if source:
            known = self.known["source"]
            yield from self._site(node, len(text) + 2, source, "name", known)
        if text.startswith("$"):
            yield from self._site(node, 1, text[1:], "name", self.known["parameter"], (text,))
            return
        for match in _UNIT_WORDS.finditer(text):
            yield from self._site(node, match.start(), match[0], "unit", _is_quantity_word, (text,))

    def _formula(self, node: Scalar) -> Iterator[Site]:
        for match in _FORMULA_WORDS.finditer(node.text):
            word, start = match[0], match.start()
            if match["operator"] or word in ("and", "or", "not"):
                yield from self._site(node, start, word, "operator", _OPERATORS.__contains__)
            elif match["quoted"]:
                known = self.known["quoted"]
                yield from self._site(node, start + 1, word[1:-1], "name", known)
            elif word in RESERVED_WORDS:
                yield from self._site(node, start, word, "unit", _is_quantity_word)
            elif match["name"]:
                yield from self._site(node, start, word, "name", self.known["formula"])


def _sources(node: Node) -> Iterator[str]:
    """The ids of the sources that are declared anywhere in `node`."""
    if isinstance(node, Mapping):
        declared = node.get("sources")
        yield from declared.keys if isinstance(declared, Mapping) else ()
        for value in node.entries.values():
            yield from _sources(value)
    elif not isinstance(node, Scalar):
        for item in node:
            yield from _sources(item)


def tags_of(plan: Plan) -> set[str]:
    """The tags that the packs of `plan` know: what they apply to, and those of ladders."""
    tags = {tag for pack in plan.packs.packs for tag in pack.applies_to}
    for metric in plan.metrics.values():
        tags.update(*(ladder.tags for ladder in metric.ladders), metric.definition.tags)
    for rule in plan.rules.values():
        tags |= rule.definition.tags
    return tags


def _fits(node: Node, spec: Spec) -> bool:
    """Whether `spec` is of the shape of `node`."""
    if isinstance(node, Mapping):
        return not isinstance(spec, (Word, Choice, Each)) and spec is not None
    if isinstance(node, Scalar):
        return isinstance(spec, (Word, Choice)) or (
            isinstance(spec, Each) and isinstance(spec.item, (Word, Choice))
        )
    return isinstance(spec, Each)
