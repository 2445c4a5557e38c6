"""The targets of the fuzzer, in CI: on their seeds, near them, and on structures made up here.

`fuzz/run.py` runs the same targets for as long as one likes; here they take seconds.
"""

from __future__ import annotations

import json
from typing import Any

import beside
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import parse
from ddcheck.engine.text.nodes import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.source import Source

targets = beside.module("fuzz_targets", "fuzz/targets.py")
_FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
#: Those that take long for one input see fewer of them.
_SLOW = {"project": 3, "memo": 12, "workbook": 25}


def _of(name: str) -> list[bytes]:
    seeds = sorted(targets.seeds(name), key=len)
    assert seeds, f"no seed for {name}"
    return seeds[: _SLOW.get(name, 60)]


@pytest.mark.parametrize("name", targets.TARGETS)
def test_the_seeds_of_a_target_hold(name: str) -> None:
    for seed in _of(name):
        targets.TARGETS[name](seed)
    targets.run(b"")
    targets.run(bytes([list(targets.TARGETS).index(name)]) + seed)


@st.composite
def near(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A seed with pieces cut out, doubled, moved from another one or made up."""
    data = draw(st.sampled_from(seeds))
    odd = [
        b"",
        b"\0",
        b"\xff",
        b"~",
        b": ",
        b"{",
        b"]",
        b"\n",
        b"9" * 30,
        b"1e99",
        b"null",
        b"&a *a",
    ]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = draw(st.integers(at, min(len(data), at + 30)))
        other = draw(st.sampled_from(seeds))
        begin = draw(st.integers(0, max(0, len(other) - 1)))
        moved = [data[at:end] * 2, other[begin : begin + 25], "亿\u202e".encode()]
        piece = draw(st.sampled_from([*odd, *moved]))
        data = data[:at] + piece + data[end:]
    return data


@pytest.mark.parametrize("name", [name for name in targets.TARGETS if name != "project"])
def test_what_is_near_a_seed_holds(name: str) -> None:
    seeds = _of(name)

    @settings(_FEW, max_examples=min(40, 2 * _SLOW.get(name, 20)))
    @given(near(seeds) | st.binary(max_size=200))
    def holds(data: bytes) -> None:
        targets.TARGETS[name](data)

    holds()


def test_a_broken_promise_is_heard() -> None:
    with pytest.raises(targets.Broken, match="no word"):
        targets.hold([], "no word")


# --- structures that nobody wrote: keys that are known, anything below them

_WORDS = st.sampled_from(
    [
        "high", "none", "warn", "strict", "all", "2024-02-06", "2026-11-01", "9999-12-31", "FY2021",
        "FY2021..FY2023", "10%", "40 USD million", "1e3", "012", "NO", "", "~", "true", "-1", "0.5",
        "net_margin > 0", "revenue", "loss-widening", "runway-short", "agora", "../x", "/etc", "*",
        "year", "flag", "unknown", "medium", "because it was discussed at length", "声网",
    ]
)  # fmt: skip
_KEYS = st.sampled_from(
    [
        "fail_on", "must_know", "why", "memos", "coverage", "sections", "answer_in",
        "recommendations", "A", "F", "answer_length", "waivers", "baseline", "max_waiver_days",
        "cannot_be_waived",
        "packs", "parameters", "folders", "companies", "rule", "company", "reason", "owner",
        "approved_by", "created", "expires", "holds_while", "scope", "period", "entries", "frame",
        "outcome", "severity", "value", "labels", "concept", "en", "zh", "<<", "ddcheck",
    ]
)  # fmt: skip
_ANY: st.SearchStrategy[Any] = st.recursive(
    _WORDS | st.none() | st.booleans() | st.integers(-5, 200) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=8),
    max_leaves=25,
)


@settings(_FEW, max_examples=120)
@given(
    st.sampled_from(["policy", "waivers", "baseline", "map"]),
    st.dictionaries(_KEYS, _ANY, max_size=10),
    st.lists(st.dictionaries(_KEYS, _ANY, max_size=12), max_size=3),
)
def test_any_structure_is_read_or_has_diagnostics(
    kind: str, entries: dict[str, Any], rows: list[Any]
) -> None:
    row = {"waivers": "waivers", "baseline": "entries", "map": "labels", "policy": "memos"}[kind]
    given_ = {**entries, row: rows[0] if rows and kind in ("policy", "map") else rows}
    text = json.dumps({**given_, "ddcheck": f"{kind}/1"}, ensure_ascii=False)
    targets.policy(text.encode("utf-8", "replace"))
    targets.waivers(text.encode("utf-8", "replace"))


# --- YAML: ours against PyYAML, on what both read

_SCALARS = st.one_of(
    st.text("abcXYZ0123456789 _-.:#'\"%&*!|>[]{},\\声网/", max_size=12),
    st.sampled_from(
        ["1e3", "012", "NO", "yes", "1.50", "0x1F", "12:30", "2024-01-01", ".inf", "+1"]
    ),
)
_DOCUMENTS: st.SearchStrategy[Any] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_SCALARS, inner, max_size=4),
    max_leaves=15,
)


def _plain(node: Node | None) -> Any:
    if isinstance(node, Mapping):
        return {key.text: _plain(value) for key, value in node.items()}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node]
    assert isinstance(node, Scalar)
    return node.text


@settings(_FEW, max_examples=200)
@given(
    st.dictionaries(_SCALARS.filter(lambda key: key != "<<"), _DOCUMENTS, min_size=1, max_size=4),
    st.booleans(),
    st.integers(20, 90),
    st.booleans(),
)
def test_what_pyyaml_writes_is_read_as_it_reads_it(
    value: dict[str, Any], flow: bool, width: int, plain: bool
) -> None:
    """Every scalar is the text that stands there, as PyYAML's own loader without types has it."""
    style = None if plain else '"'
    text = yaml.dump(
        value, allow_unicode=True, default_flow_style=flow, width=width, default_style=style
    )
    expected = yaml.load(text, Loader=yaml.BaseLoader)
    report = Report()
    assert _plain(parse(Source("file.yaml", text), report)) == expected == value
    assert report.items == []
