"""Numbers in prose: every form in both languages, whole quantities at exact places.

`tests/memo/phrases.txt` is the table: a phrase, and below it each number as `first-last (core) text
= value [low, high] unit qualifier`, ` : ` what it is if it claims nothing, ` ! ` why it can be read
in two ways.
"""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ddcheck.engine.memo.numbers import Found, find_numbers

TABLE = Path(__file__).parent / "memo" / "phrases.txt"


def _phrases() -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            found[-1][1].append(line.strip())
        else:
            found.append((line, []))
    return found


PHRASES = _phrases()


def _plain(value: Decimal | None) -> str:
    return "-" if value is None else format(value.normalize(), "f")


def _shown(item: Found, text: str) -> str:
    shown = f"{item.first}-{item.last}"
    if item.core != (item.first, item.last):
        shown += f" ({item.core[0]}-{item.core[1]})"
    shown += f" {text[item.first : item.last].strip()}"
    if item.exempt:
        shown += f" : {item.exempt}"
    if item.quantity is not None:
        value, low, high, unit, qualifier = item.quantity
        ends = f"{_plain(value)} [{_plain(low)}, {_plain(high)}]"
        shown += f" = {ends} {unit or 'bare'} {qualifier}".rstrip()
    return f"{shown} ! {item.ambiguous}" if item.ambiguous else shown


def test_the_table_is_long() -> None:
    assert len(PHRASES) > 240


@pytest.mark.parametrize(("text", "expected"), PHRASES, ids=[text for text, _ in PHRASES])
def test_a_phrase(text: str, expected: list[str]) -> None:
    assert [_shown(item, text) for item in find_numbers(text)] == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Losses narrowed. Cash was $5 million", "5000000"),
        ("net loss of $3 million, revenue of $5 million", "5000000"),
        ("亏损收窄，现金5亿美元", "500000000"),
        ("亏损企业的收入为5亿美元", "500000000"),
        ("不再亏损。盈利5亿美元", "500000000"),
    ],
)
def test_a_loss_governs_its_own_clause_only(text: str, value: str) -> None:
    last = find_numbers(text)[-1]
    assert last.quantity is not None
    assert last.quantity.value == Decimal(value)


PIECES = st.sampled_from(
    [
        "5", "0", "13%", "13％", "1.5", "1,234", "1 000", "-", "–", "~", "至", "to ", "over ",
        "超",
        "近", "亏损", "净亏损", "下降", "翻", "倍", "番", "一半", "half", "万", "亿",
        "million", "$", "US$",
        "美元", "元", "(", ")", " ", "。", ", ", "Q1", "2021", "年", "月", "FY",
        "个", "个百分点", "bps", "x",
        "左右", "+", "以上", "第", "图", "三", "十", "成", "½",
        "٣", "१", "🚀", "é", "(wàn)", "from ", "loss of ",
    ]
)  # fmt: skip


@example("Q1over 5")
@example("1,2341.51.5")
@example("Q1US$5")
@example("½(wàn)FY5-over 1.5")
@example("Q1٣-over 13％图🚀over  ")
@example("6 months-12 months")
@example("10 x-50x")
@example("5万+$5")
@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_has_numbers_in_order_that_do_not_overlap(text: str) -> None:
    _sound(text)


@given(st.text(max_size=200))
def test_any_characters_are_some_text(text: str) -> None:
    _sound(text)


def _sound(text: str) -> None:
    behind = 0
    for item in find_numbers(text):
        assert behind <= item.first < item.last <= len(text)
        assert item.first <= item.core[0] < item.core[1] <= item.last
        behind = item.last
        if item.exempt is None and item.quantity is None:
            assert item.ambiguous
        if item.quantity is not None:
            value, low, high, unit, _ = item.quantity
            assert low is None or high is None or low <= high
            assert value is None or low is None or low <= value
            assert value is None or high is None or value <= high
            assert "%" not in unit


@pytest.mark.parametrize(
    "piece",
    [
        "1", "1,", "1 ", "1 111 ", "1-", "1.", "%", "5%", "净亏损1", "下降的", "over ",
        "第1", "a", "_a",
        "(1", "一", "百分之一", "a@", "2021", "2021年", "Sep ", "http://", "翻",
        "a-1", "至", "1至", "$",
    ],
)  # fmt: skip
def test_time_grows_with_length_alone(piece: str) -> None:
    def took(length: int) -> float:
        text = piece * (length // len(piece)) + "%"
        best = 1e9
        for _ in range(2):
            begun = time.process_time()
            find_numbers(text)
            best = min(best, time.process_time() - begun)
        return best

    assert took(20_000) < 12 * took(5_000) + 0.05
