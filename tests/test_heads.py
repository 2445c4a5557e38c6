"""Printed heads, units and number formats: what each is read as, and what is not read at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ddcheck.engine.model.periods import Calendar
from ddcheck.engine.readers.heads import period_of, read_head, year_end_of
from ddcheck.engine.readers.scales import Scale, unit_in_label, unit_said, unit_word
from ddcheck.engine.readers.shown import shown_day, shown_number


def _period(text: str, calendar: Calendar | None = None) -> str | None:
    head = read_head(text)
    if head is None:
        return None
    if not head.whole:
        return "no year"
    period = period_of(head, calendar or Calendar())
    return period.label + head.kind if period is not None else None


@pytest.mark.parametrize(
    ("texts", "period"),
    [
        ("FY2021|2021|2021A|FY21|FY'21|CY2021|Fiscal year 2021", "FY2021"),
        ("2021 (unaudited)|2021 Actual", "FY2021"),
        ("2021年|2021年度|2021年报|2021财年|Year ended December 31, 2021", "FY2021"),
        ("截至2021年12月31日止年度|截至12月31日止年度 2021|2020/21", "FY2021"),
        ("2022E|FY22E|2022F|2022 (est.)|2022 forecast|2022年E|2022预测|2022年预计", "FY2022E"),
        ("2022 Guidance|FY2022G|2022年指引", "FY2022G"),
        ("1Q21|Q1 2021|2021Q1|2021 Q1|Q1'21|1Q'21|Q1 FY21|FY21 Q1|Q1 21|2021 1Q", "2021Q1"),
        ("First quarter 2021|Three months ended March 31, 2021", "2021Q1"),
        ("Quarter ended March 31, 2021", "2021Q1"),
        ("2021年一季度|2021年第一季度|2021年一季报|3M 2021", "2021Q1"),
        ("9M2023|2023年前三季度|2023年三季报|2023年1-9月", "9M2023"),
        ("Nine months ended September 30, 2023", "9M2023"),
        ("2023年三季度|2023年第三季度|3Q23", "2023Q3"),
        ("1H21|H1 2021|2021H1|2021年上半年|2021年半年报|6M2021", "2021H1"),
        ("截至2021年6月30日止六个月", "2021H1"),
        ("12/31/2021|31/12/2021|As of December 31, 2021|Dec. 31, 2021|31-Dec-21", "2021-12-31"),
        ("2021-12-31|2021.12.31|2021/12/31|20211231|2021年12月31日|31 December 2021", "2021-12-31"),
        ("Mar-21|2021-03|March 2021|2021年3月", "2021-03"),
        ("LTM Mar-21|TTM 2021Q1|TTM2021Q1", "TTM2021Q1"),
        ("Q1|三季度|前三季度|Years ended December 31,|H2|上半年", "no year"),
        ("03/04/2021|2011/12|Revenue|YoY|Note|2021 budget notes|1.2|99|Year 3|2021-13-01|", None),
        ("2021年13月|Q5 2021|December 32, 2021|LTM H1 2021", None),
    ],
)  # fmt: skip
def test_a_head_is_read(texts: str, period: str | None) -> None:
    assert {text: _period(text) for text in texts.split("|")} == dict.fromkeys(
        texts.split("|"), period
    )


def test_years_that_end_in_june() -> None:
    june = Calendar(6, 30)
    assert [
        _period(text, june)
        for text in (
            "Year ended June 30, 2022", "2022", "Three months ended March 31, 2021", "Q1 2022",
            "Calendar 2021", "2021-12-31",
        )
    ] == ["FY2022", "FY2022", "2021Q3", "2022Q1", None, "2021-12-31"]  # fmt: skip


def test_a_head_says_when_the_year_ends() -> None:
    ends = [
        year_end_of(head)
        for text in ("Year ended June 30, 2022", "Three months ended June 30, 2022", "2022")
        if (head := read_head(text)) is not None
    ]
    assert ends == [(6, 30), None, None]


def test_a_year_of_weeks_ends_in_the_month_it_is_in() -> None:
    calendar = Calendar(9, 24)
    assert _period("Year ended September 24, 2022", calendar) == "FY2022"
    assert _period("Three months ended January 1, 2022", calendar) == "2022Q1"


THOUSAND, MILLION = Decimal(1000), Decimal(1_000_000)


@pytest.mark.parametrize(
    ("texts", "scale"),
    [
        ("In thousands of USD|US$'000|$ in 000s|Statements (in thousands of US dollars)",
         Scale(THOUSAND, "USD")),
        ("USD million|US$ in millions|（百万美元）|$m|USD m|in millions of USD",
         Scale(MILLION, "USD")),
        ("Balance sheet, USD million",
         Scale(MILLION, "USD")),
        ("单位：百万元|利润表（人民币百万元）|RMB million|百万元", Scale(MILLION, "CNY")),
        ("人民币千元|RMB'000|(in thousands of RMB)", Scale(THOUSAND, "CNY")),
        ("港币千元", Scale(THOUSAND, "HKD")),
        ("亿元", Scale(Decimal(10) ** 8, "CNY")),
        ("单位:元 币种:人民币|RMB|元", Scale(currency="CNY")),
        ("(in millions, except per share)|(In millions, except per share data)",
         Scale(MILLION, generic=True)),
        ("(In thousands, except share and per share data)",
         Scale(THOUSAND, generic=True, shares_apart=True)),
        ("（人民币百万元，每股数据除外）|RMB million, except per share amounts",
         Scale(MILLION, "CNY")),
        ("(%)", Scale(word="%")),
        ("Revenue grew 5 million in 2021|Net income|USD and EUR million|", None),
    ],
)  # fmt: skip
def test_a_unit_is_read(texts: str, scale: Scale | None) -> None:
    found = {text: unit_said(text) for text in texts.split("|")}
    assert found == dict.fromkeys(texts.split("|"), scale)


@pytest.mark.parametrize(
    ("label", "bare", "unit"),
    [
        ("毛利率(%)", "毛利率", Scale(word="%")),
        ("Gross margin %", "Gross margin", Scale(word="%")),
        ("EPS (USD)", "EPS", Scale(currency="USD")),
        ("营业收入（百万元）", "营业收入", Scale(MILLION, "CNY")),
        ("Customers (thousands)", "Customers", Scale(THOUSAND, generic=True)),
        ("市盈率(倍)", "市盈率", Scale(word="x")),
        ("Runway (months)", "Runway", Scale(Decimal(1), word="months")),
        ("Revenue, USD million", "Revenue", Scale(MILLION, "USD")),
        ("Net income (loss)", "Net income (loss)", None),
        ("Property and equipment, net", "Property and equipment, net", None),
        ("(%)", "(%)", None),
    ],
)
def test_a_unit_in_a_label(label: str, bare: str, unit: Scale | None) -> None:
    assert unit_in_label(label) == (bare, unit)


def test_a_unit_over_another() -> None:
    thousand = Scale(THOUSAND, generic=True)
    assert Scale(currency="CNY").over(thousand) == Scale(THOUSAND, "CNY", generic=True)
    assert Scale(MILLION, "USD").over(thousand) == Scale(MILLION, "USD")
    assert unit_word("%") == Scale(word="%")
    assert unit_word("bananas") is None


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("1234.5", "#,##0.00", "1,234.50"),
        ("-1234.5", "#,##0.0_);(#,##0.0)", "(1,234.5)"),
        ("-1234.5", "#,##0.0_);[Red]\\(#,##0.0\\)", "(1,234.5)"),
        ("-1234.5", "#,##0", "-1,235"),
        ("0.647", "0.0%", "64.7%"),
        ("-0.051", "0.0%", "-5.1%"),
        ("0", '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)', "-"),
        ("5", '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)', "5"),
        ("1234567", "#,##0,", "1,235"),
        ("1234567", '#,##0.0,,"m"', "1.2m"),
        ("1234.5", '_("$"* #,##0.00_)', "$1,234.50"),
        ("12.34", '0.0"x"', "12.3x"),
        ("133.56", "General", "133.56"),
        ("0.30000000000000004", "General", "0.3"),
        ("0.333333333333", "General", "0.333333333"),
        ("123456789012345", "General", "123456789012345"),
        ("-0.2", "0", "0"),
        ("2.5", "0", "3"),
        ("3.14159", "0.###", "3.142"),
        ("3", "0.###", "3"),
        ("5", ";;;", ""),
        ("12", "0.00E+00", "12"),
        ("0.5", "# ?/?", "0.5"),
        ("5", "[>=10]0.0;0.00", "5"),
        ("-5", "$#,##0.00", "-$5.00"),
        ("7", '0"; "', "7;"),
    ],
)
def test_a_number_is_shown_as_its_format_says(number: str, code: str, shown: str) -> None:
    assert shown_number(Decimal(number), code) == shown


def test_a_day_is_shown_as_far_as_its_format_goes() -> None:
    day = date(2021, 12, 31)
    assert [shown_day(day, code) for code in ("yyyy-mm-dd", "mmm-yy", "yyyy", '"FY"yyyy')] == [
        "2021-12-31", "2021-12", "2021", "2021",
    ]  # fmt: skip
