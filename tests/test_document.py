"""YAML to nodes: every key and value at its line and column, the same from both parsers."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TypeAlias

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Diagnostic, Report
from ddcheck.engine.text.document import parse
from ddcheck.engine.text.nodes import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.source import Source, decode

ROOT = Path(__file__).parents[1]
SHIPPED = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("rules/**/*.yaml", "companies/*.yaml", "tests/**/*.yaml")
    for path in ROOT.glob(pattern)
)
Flat: TypeAlias = "tuple[object, ...]"


def _parse(text: str, *, pure: bool = False) -> tuple[Node | None, list[Diagnostic]]:
    report = Report()
    return parse(Source("file.yaml", text), report, pure=pure), report.items


def _root(text: str) -> Mapping:
    node, said = _parse(text)
    assert said == []
    assert isinstance(node, Mapping)
    return node


def _scalar(text: str) -> Scalar:
    node = _root(f"key: {text}\n").entries["key"]
    assert isinstance(node, Scalar)
    return node


def _codes(text: str) -> list[tuple[str, int, int]]:
    return [(item.code, item.line, item.column) for item in _parse(text)[1]]


def _flat(node: Node | None) -> Flat:
    """A node with every place in it, in a form that can be compared."""
    if node is None:
        return ()
    if isinstance(node, Scalar):
        return (node.text, node.style, node.line, node.column, node.index)
    if isinstance(node, Sequence):
        return ("[]", node.line, node.column, *(_flat(item) for item in node))
    return ("{}", node.line, node.column, *((_flat(k), _flat(v)) for k, v in node.items()))


def _scalars(node: Node) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Sequence):
        return [found for item in node for found in _scalars(item)]
    return [found for key, value in node.items() for found in (key, *_scalars(value))]


# --- places


# Every scalar is named by the line below it: a caret where it begins.
MARKED = """\
ddcheck: company/1
^        ^
company: {id: agora, name: {en: "Agora, Inc.", zh: 声网}, tags: [listed, 'usage-based']}
^         ^   ^      ^      ^   ^              ^   ^    ^      ^       ^
tables:
^
  - source:   broker
    ^         ^
    periods:
    ^
    - FY2020
      ^
    -   FY2021
        ^
    anchored: &name value
    ^               ^
    again: *name
    ^
    text: |
    ^     ^
      first
      second
    folded: >-
    ^       ^
      first
    "quoted key": "a
    ^             ^
      b"
    long: one
    ^     ^
      two
"""


def test_every_key_and_value_is_where_the_carets_say() -> None:
    lines: list[str] = []
    expected: list[tuple[int, int]] = []
    for line in MARKED.splitlines():
        if re.fullmatch(r"[ ^]+", line):
            # Columns count characters, also where one is two columns wide on a screen.
            expected += [(len(lines), match.start() + 1) for match in re.finditer(r"\^", line)]
        else:
            lines.append(line)
    node = _root("\n".join(lines) + "\n")
    found = [(scalar.line, scalar.column) for scalar in _scalars(node)]
    anchored = (8, 21)
    assert found.count(anchored) == 2, "an alias stands where its anchor is"
    found.reverse()
    found.remove(anchored)
    found.reverse()
    assert found == expected


def test_lists_and_mappings_are_where_they_begin() -> None:
    node = _root("a:\n  - {b: [1]}\n  - c:\n      d\n")
    items = node.entries["a"]
    assert isinstance(items, Sequence)
    assert (items.line, items.column) == (2, 3)
    assert [(item.line, item.column) for item in items] == [(2, 5), (3, 5)]


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("key: one two\n", "two", (1, 10)),
        ("key: 'it''s two'\n", "two", (1, 13)),
        ('key: "one two"\n', "two", (1, 11)),
        ('key: "\\u4e2d \\t\\x41 two"\n', "two", (1, 21)),
        ('key: "one \\\n  two"\n', "two", (2, 3)),
        ('key: "one\n\n    two"\n', "two", (3, 5)),
        ("key: one\n  two\n", "two", (2, 3)),
        ("key: one\n\n\n    two three\n", "three", (4, 9)),
        ("key: >\n  one\n  two\n", "two", (3, 3)),
        ("key: >- # why\n\n  one\n\n  two\n", "two", (5, 3)),
        ("key: |\n    one\n    two\n", "two", (3, 5)),
        ("key: |2\n    one\n    two\n", "two", (3, 5)),
        ("key: &a one two\n", "two", (1, 13)),
        ('key: &a "one two"\n', "two", (1, 14)),
        ("key: 声网 two\n", "two", (1, 9)),
    ],
)
def test_places_inside_a_scalar(text: str, word: str, place: tuple[int, int]) -> None:
    node = _root(text).entries["key"]
    assert isinstance(node, Scalar)
    assert node.place(node.text.index(word)) == place
    raw = text.split("\n")[place[0] - 1]
    assert raw[place[1] - 1 :].startswith(word)


def test_a_place_beyond_the_end_is_in_the_file() -> None:
    for text in ("key: one\n", 'key: "one"\n', "key: |\n  one\n", "key: >\n  one"):
        node = _root(text).entries["key"]
        assert isinstance(node, Scalar)
        line, _ = node.place(len(node.text) + 5)
        assert 1 <= line <= text.count("\n") + 1


def test_nothing_stands_behind_what_is_before_it() -> None:
    assert [(s.text, s.line, s.column) for s in _scalars(_root("a:\nb:   # none\nc: ''\n"))] == [
        ("a", 1, 1), ("", 1, 3), ("b", 2, 1), ("", 2, 3), ("c", 3, 1), ("", 3, 4),
    ]  # fmt: skip


# --- YAML 1.2's meanings


@pytest.mark.parametrize("text", ["NO", "no", "yes", "On", "off", "Y", "n", "tRue", "'true'"])
def test_only_true_and_false_are_truths(text: str) -> None:
    node = _scalar(text)
    assert node.truth is None
    assert node.text == text.strip("'")


@pytest.mark.parametrize(("text", "value"), [("true", True), ("True", True), ("FALSE", False)])
def test_truths(text: str, value: bool) -> None:
    assert _scalar(text).truth is value


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_nothing(text: str) -> None:
    assert _scalar(text).is_null


@pytest.mark.parametrize("text", ["''", '"~"', "'null'", "nULL", "none", "nil", "NaN", "-1", "0"])
def test_something(text: str) -> None:
    assert not _scalar(text).is_null


@pytest.mark.parametrize("text", ["2024-02-06", "12:30:45", "1_000", "0b1", "=", "1.0.0"])
def test_what_yaml_1_1_would_type_stays_text(text: str) -> None:
    assert _scalar(text).text == text


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), ("12", 12), ("-3", -3), ("+4", 4), ("'5'", 5)]
)
def test_whole_numbers(text: str, value: int) -> None:
    report = Report()
    assert shape.integer(_scalar(text), "it", report) == value
    assert report.items == []


@pytest.mark.parametrize(
    ("text", "value"), [("1e3", 1000.0), ("1E-2", 0.01), ("0.5", 0.5), ("-2.50", -2.5)]
)
def test_numbers(text: str, value: float) -> None:
    report = Report()
    assert shape.number(_scalar(text), "it", report) == value
    assert report.items == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("012", "DD107"),
        ("-01", "DD107"),
        ("0o7", "DD107"),
        ("0x1F", "DD107"),
        (".inf", "DD108"),
        ("-.Inf", "DD108"),
        ("NaN", "DD108"),
        (".nan", "DD108"),
        ("1e99", "DD110"),
        ("1e999", "DD110"),
        ("1_000", "DD110"),
        ("1,000", "DD110"),
        ("٣", "DD110"),
        ("９", "DD110"),
        ("one", "DD110"),
        (".5", "DD110"),
        ("", "DD110"),
    ],
)
def test_what_is_no_number(text: str, code: str) -> None:
    report = Report()
    assert shape.number(_scalar(text), "it", report) is None
    assert shape.integer(_scalar(text), "it", report) is None
    assert {item.code for item in report} == {code}


# --- what is refused, and what is read in spite of it


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a: 1\nb: 2\na: 3\nc: 4\n", {"a": "1", "b": "2", "c": "4"}),
        ("a: 1\n<<: {b: 2}\nc: 4\n", {"a": "1", "c": "4"}),
        ("a: 1\n[b, d]: 2\nc: 4\n", {"a": "1", "c": "4"}),
        ("a: 1\n? {b: 2}\n: {d: [3]}\nc: 4\n", {"a": "1", "c": "4"}),
        ("a: !!int 1\nc: 4\n", {"a": "1", "c": "4"}),
        ("a: 1\nc: 4\n---\na: 5\n", {"a": "1", "c": "4"}),
        ('a: "1\\e"\nc: 4\n', {"a": "1\ufffd", "c": "4"}),
    ],
)
def test_the_rest_is_read(text: str, left: dict[str, str]) -> None:
    node, said = _parse(text)
    assert len(said) == 1
    assert isinstance(node, Mapping)
    values = {key.text: value.text for key, value in node.items() if isinstance(value, Scalar)}
    assert values == left


def test_quoted_merge_signs_and_tag_signs_are_text() -> None:
    assert list(_root('"<<": 1\n"!!a": "*b"\n').keys) == ["<<", "!!a"]


def test_depth_is_bounded() -> None:
    assert _codes("[" * 64 + "]" * 64) == []
    assert _codes("[" * 65 + "]" * 65) == [("DD103", 1, 65)]
    blocks = "".join(f"{' ' * level}a:\n" for level in range(64))
    assert _codes(blocks) == []
    assert [code for code, *_ in _codes(blocks + " " * 64 + "a: 1\n")] == ["DD103"]


def test_aliases_are_bounded() -> None:
    hundred = ", ".join(["*a"] * 100)
    assert _codes(f"[&a x, {hundred}]\n") == []
    assert [code for code, *_ in _codes(f"[&a x, {hundred}, *a]\n")] == ["DD105"]
    large = ", ".join(["x"] * 300)
    assert _codes(f"[&a [{large}], {', '.join(['*a'] * 30)}]\n") == []
    assert [code for code, *_ in _codes(f"[&a [{large}], {', '.join(['*a'] * 60)}]\n")] == ["DD105"]


def test_an_anchor_may_be_given_again() -> None:
    node = _root("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")
    assert [value.text for value in node.entries.values() if isinstance(value, Scalar)] == [
        "1", "1", "2", "2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{" * 100_000,
        "- " * 50_000,
        "? " * 50_000,
        "&a " * 30_000,
        "!a " * 30_000,
        "'" * 100_001,
        '"' * 99_999,
        "a: " * 30_000,
        "|\n" * 50_000,
        "a: &a [" + "*a, " * 10_000 + "]",
        "x: &a [" + "&b [" * 60 + "]" * 60 + "]",
        "\\" * 100_000,
        "%" * 100_000,
        "\t" * 100_000 + "a",
        " \t" * 50_000 + "a",
        "#" * 100_000,
        "a\n" * 50_000,
        "- a\n" * 30_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_hostile_text_ends_soon(text: str) -> None:
    begun = time.process_time()
    _parse(text)
    assert time.process_time() - begun < 20  # a hang, not a race


# --- two parsers, one result


def _both(text: str) -> tuple[tuple[Flat, list[Diagnostic]], tuple[Flat, list[Diagnostic]]]:
    fast, pure = _parse(text), _parse(text, pure=True)
    return (_flat(fast[0]), fast[1]), (_flat(pure[0]), pure[1])


needs_libyaml = pytest.mark.skipif(not yaml.__with_libyaml__, reason="libyaml is not there")


@needs_libyaml
@pytest.mark.parametrize("path", SHIPPED)
def test_both_parsers_read_what_ships_alike(path: str) -> None:
    report = Report()
    source = decode(path, (ROOT / path).read_bytes(), report)
    if source is None:  # not text at all
        return
    fast, pure = _both(source.text)
    assert fast == pure


# Left out are a `?` inside a flow, which only libyaml reads, and tags that neither would keep.
PIECES = st.sampled_from(
    [
        *"a b: c: - [ ] { } , ' | > % @ ` *a &a !!str : # --- ... \\ ~ null é 中 😀".split(),
        *('"', " ", "  ", "\n", "\n  ", "\n    ", "\t", ": ", ", ", "- ", "k: v\n", "  - x\n"),
        *('"a\n  b"', "\\\n", "''", " #c\n", "\n\n", "\\u202e", "%YAML 1.2\n", "|2\n", ">-\n"),
        *("|+\n", "\\n", "\\x41", "\\ud800", "k:"),
    ]
)
SLIPS = st.lists(PIECES, max_size=14).map("".join)
VALUES = st.recursive(
    st.none() | st.text(max_size=12).filter(str.isprintable) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=6).filter(str.isprintable), inner, max_size=4)
    ),
    max_leaves=12,
)
DUMPED = st.builds(
    lambda value, flow, style, wide: yaml.dump(
        value, default_flow_style=flow, default_style=style, allow_unicode=wide
    ),
    VALUES,
    st.sampled_from([True, False, None]),
    st.sampled_from([None, '"', "'", "|", ">"]),
    st.booleans(),
)


def _tolerable(text: str) -> bool:
    return "?" not in text and "!" not in text.replace("!!str ", "") and "|#" not in text


@needs_libyaml
@settings(max_examples=400)
@given(SLIPS.filter(_tolerable))
@example('a: "\\ud800"\n')
@example('a: "\\UFFFFFFFF"\n')
@example("a\t")
@example("- |#\n")
@example("a: &x\n")
@example("a: &x ''\nb: *x\n")
def test_both_parsers_read_slips_alike(text: str) -> None:
    fast, pure = _both(text)
    assert fast == pure


@needs_libyaml
@settings(max_examples=200)
@given(DUMPED.filter(_tolerable))
def test_both_parsers_read_what_is_written_alike(text: str) -> None:
    fast, pure = _both(text)
    assert fast == pure


@settings(max_examples=200)
@given(st.dictionaries(st.text(max_size=6), st.text(max_size=20), min_size=1, max_size=4))
def test_text_in_quotes_comes_back(values: dict[str, str]) -> None:
    import json

    lines = [f"{json.dumps(key)}: {json.dumps(value)}\n" for key, value in values.items()]
    node, said = _parse("".join(lines))
    assert isinstance(node, Mapping)
    if not said:
        found = {key.text: value.text for key, value in node.items() if isinstance(value, Scalar)}
        assert found == values
    else:
        assert {item.code for item in said} <= {"DD116", "DD102"}


@settings(max_examples=300)
@given(st.text(max_size=60) | SLIPS)
def test_no_text_raises(text: str) -> None:
    report = Report()
    source = decode("file.yaml", text.encode("utf-8", "surrogatepass"), report)
    node = parse(source, report) if source is not None else None
    assert (node is None) <= bool(report.items)


@given(st.binary(max_size=60))
def test_no_bytes_raise(data: bytes) -> None:
    report = Report()
    source = decode("file.yaml", data, report)
    assert (source is None) == bool(report.items)
