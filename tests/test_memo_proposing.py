"""What `memo suggest` hears: periods that are only referred to, growth, breakdowns, quotations.

Each case is a sentence or two on companies of the repository and the tags that its numbers get;
a number that gets none is not named. The figures of `benchmarks/suggest.py` are held by
`tests/test_memos.py`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.commands.loading import read_company
from ddcheck.engine.memo.figures import Figure, Figures
from ddcheck.engine.memo.markdown import MAX_BLOCK, read_markdown
from ddcheck.engine.memo.moments import moments
from ddcheck.engine.memo.rewriting import with_tags
from ddcheck.engine.memo.suggest import suggest
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.periods import FRAMES, Calendar
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import Source

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 21).toordinal()
CALENDAR = Calendar()


@pytest.fixture(scope="module")
def agora() -> Figures:
    return figures_of("agora", date(2024, 2, 6))


@pytest.fixture(scope="module")
def twilio() -> Figures:
    return figures_of("twilio", date(2021, 6, 30))


def figures_of(name: str, as_of: date) -> Figures:
    report = Report()
    plan = compile_packs(load_packs((), report), report)
    company = read_company(str(ROOT / "companies" / f"{name}.yaml"), plan, report)
    assert company is not None
    return Figures(evaluate(plan, company, today=TODAY, as_of=as_of.toordinal()))


def proposed(text: str, figures: Figures) -> dict[str, str]:
    found = suggest(read_markdown(Source("memo.md", text)), figures)
    return {item.text: item.candidates[0].target for item in found if item.clear}


def doubtful(text: str, figures: Figures) -> dict[str, list[str]]:
    found = suggest(read_markdown(Source("memo.md", text)), figures)
    return {item.text: [c.target for c in item.candidates] for item in found if not item.clear}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021年营收增长，而上一年的增速", ["FY2021", "FY2020"]),
        ("2021年一季度，去年同期", ["2021Q1", "2020Q1"]),
        ("2021年一季度，上一季", ["2021Q1", "2020Q4"]),
        ("2021年一季度，去年", ["2021Q1", "FY2020"]),
        ("2021年，上一年，再往前一年", ["FY2021", "FY2020", "FY2019"]),
        ("2021年12月31日，一年前", ["2021-12-31", "2020-12-31"]),
        ("2020年；年末", ["FY2020", "2020-12-31"]),
        ("2021年；到4月末", ["FY2021", "2021-04"]),
        ("2021年二、三、四季度", ["FY2021", "2021Q2", "2021Q3", "2021Q4"]),
        ("2020年：四个季度分别为", ["FY2020", "2020Q1", "2020Q2", "2020Q3", "2020Q4"]),
        ("较2021年增长", []),
        ("与2021年相比", []),
        ("in 2021 and the year before", ["FY2021", "FY2020"]),
        ("in Q1 2021, a year earlier", ["2021Q1", "2020Q1"]),
        ("in Q1 2021, the quarter before", ["2021Q1", "2020Q4"]),
        ("in 2021, more than in the year before", ["FY2021"]),
        ("at the end of March 2021, three months before", ["2021-03", "2020-12-31"]),
        ("at the end of 2018 and twelve months later", ["2018-12-31", "2019-12-31"]),
        ("in the second quarter of 2020 and in the third", ["2020Q2", "2020Q3"]),
        ("the year before", []),
        ("in 2023, by September", ["FY2023", "2023-09"]),
    ],
)
def test_periods_that_are_named_or_referred_to(text: str, expected: list[str]) -> None:
    assert [str(moment.period) for moment in moments(text, CALENDAR, None)] == expected


def test_a_period_carries_on_from_what_stood_before() -> None:
    before = CALENDAR.parse("2021Q1")[0]
    found = moments("a year earlier", CALENDAR, before)
    assert [(str(one.period), one.relative) for one in found] == [("2020Q1", True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # a period referred to, and one that two numbers share
            "2021年营收1.68亿美元，而上一年的营收为1.336亿美元。",
            {"1.68亿美元": "dd:revenue@FY2021", "1.336亿美元": "dd:revenue@FY2020"},
        ),
        (  # growth of which only the sentence before says what grows
            "2021年一季度营收4023万美元。同比增长13%，环比增长21%。",
            {
                "4023万美元": "dd:revenue@2021Q1",
                "13%": "dd:revenue_growth@2021Q1",
                "21%": "dd:revenue_growth_qoq@2021Q1",
            },
        ),
        (  # each of four quarters has its own
            (
                "2020年净利润：四个季度分别为盈利298万美元、亏损1.58亿美元、亏损292.5万美元、"
                "亏损618.2万美元。"
            ),
            {
                "298万美元": "dd:net_income@2020Q1",
                "1.58亿美元": "dd:net_income@2020Q2",
                "292.5万美元": "dd:net_income@2020Q3",
                "618.2万美元": "dd:net_income@2020Q4",
            },
        ),
        (  # a breakdown's member, by its name and its value
            "Revenue of 2022 by region: China brought $92 million, overseas $69 million.",
            {
                "$92 million": 'dd:=scoped(revenue, "region", "china")@FY2022',
                "$69 million": 'dd:=scoped(revenue, "region", "overseas")@FY2022',
            },
        ),
        (  # a word of print makes it what the source prints, where another prints otherwise
            "2018年净利润：一篇写38万美元，另一篇写37.6万美元。",
            {
                "38万美元": "dd:net_income@FY2018?from=press-2021",
                "37.6万美元": "dd:net_income@FY2018?from=press-2022",
            },
        ),
        ("2018年净利润为37.6万美元。", {"37.6万美元": "dd:net_income@FY2018"}),
        (  # from one figure of a thing to the next: a year on
            "Other non-current assets rose from $67.5 million to $205.4 million.",
            {
                "$67.5 million": "dd:other_non_current_assets@2021-12-31",
                "$205.4 million": "dd:other_non_current_assets@2022-12-31",
            },
        ),
        (  # heads of a table are period and name
            "| | 2021 | 2022 |\n|---|---|---|\n| Gross margin (%) | 61.9 | 61.9 |",
            {"61.9": "dd:gross_margin@FY2022"},
        ),
        ("| 季度 | 营收（万美元） | 同比 |\n|---|---|---|\n| 2021年一季度 | 4023 | 13% |",
         {"4023": "dd:revenue@2021Q1", "13%": "dd:revenue_growth@2021Q1"}),
        ("The price is 14.7% of the issue price of $20 and 97.4% below the peak of $114.97.",
         {"14.7%": "dd:price_to_ipo@2024-02-06", "$20": "dd:ipo_price",
          "97.4%": "dd:drawdown@2024-02-06", "$114.97": "dd:share_price_peak"}),
        ("It was 61.9% in 2021.", {}),
        ("We called 12 customers; 38.4% of them had a second supplier.", {}),
    ],
)  # fmt: skip
def test_what_is_proposed(text: str, expected: dict[str, str], agora: Figures) -> None:
    assert proposed(text, agora) == expected


def test_what_the_author_tagged_helps(agora: Figures) -> None:
    tag = "[$120.38 million](dd:net_income@FY2022)"
    text = f"The net loss was {tag} and gross margin was 61.9%."
    assert proposed(text, agora) == {"61.9%": "dd:gross_margin@FY2022"}
    bare = "Gross margin was 61.9%."
    assert proposed(bare, agora) == {}
    assert doubtful(bare, agora) == {"61.9%": ["dd:gross_margin@FY2021", "dd:gross_margin@FY2022"]}


def test_from_one_figure_to_the_next_is_a_year_on(agora: Figures) -> None:
    text = "Gross margin fell from [64.7%](dd:gross_margin@FY2020) to 61.9%."
    assert proposed(text, agora) == {"61.9%": "dd:gross_margin@FY2021"}


def test_what_is_said_in_turn_is_each_of_its_own_period(agora: Figures) -> None:
    source = Source("memo.md", "2021年、2022年毛利率分别为61.9%、61.9%。")
    found = [item for item in suggest(read_markdown(source), agora) if item.clear]
    assert [item.candidates[0].target for item in found] == [
        "dd:gross_margin@FY2021", "dd:gross_margin@FY2022",
    ]  # fmt: skip


def test_what_a_source_states_goes_before_what_equals_it(agora: Figures) -> None:
    """Without debt net cash is cash; `cash` alone says neither in full."""
    text = (
        "Cash fell from $755.30 million at the end of 2021 to $427.71 million at the end of 2022."
    )
    found = proposed(text, agora)
    assert found["$755.30 million"] == "dd:cash_and_short_term_investments@2021-12-31"
    assert not any("net_cash" in target for target in found.values())


def test_growth_is_on_the_year_or_on_the_quarter(twilio: Figures) -> None:
    text = "In the first quarter of 2021 revenue grew 61.7% on the year and 7.6% on the quarter."
    assert proposed(text, twilio) == {
        "61.7%": "dd:revenue_growth@2021Q1", "7.6%": "dd:revenue_growth_qoq@2021Q1",
    }  # fmt: skip


def test_every_known_value_is_that_of_its_period(agora: Figures) -> None:
    """The rows that are read at once hold what each period gives when it is asked alone."""
    fresh = figures_of("agora", date(2024, 2, 6))
    for name in ("revenue", "gross_margin", "cash_and_short_term_investments", "price_to_sales"):
        alone: dict[tuple[object, ...], Figure] = {}
        for frame in FRAMES:
            for period in fresh.context.axis(frame).periods:
                for kind in range(3):
                    figure = fresh.named(name, period, kind)
                    if isinstance(figure, Figure):
                        span = (period.start if period.months else period.end, period.months, kind)
                        alone.setdefault(span, figure)
        assert agora.known_elsewhere(name) == list(alone.values())
        assert len(alone) >= 2


def test_a_paragraph_that_tags_would_make_too_long_keeps_its_tags_off(agora: Figures) -> None:
    clause = "2021年营收1.68亿美元，"
    source = Source("memo.md", clause * ((MAX_BLOCK - 100) // len(clause)))
    prose = read_markdown(source)
    found = [item for item in suggest(prose, agora) if item.clear]
    assert len(found) > 1000
    text = with_tags(source, found)
    assert len(text) <= MAX_BLOCK
    assert 0 < text.count("](dd:revenue@FY2021)") < len(found)
