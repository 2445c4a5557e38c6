"""Quantities: the printed number and its closed interval, to the last digit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ddcheck.engine.text.quantity import Quantity, parse_quantity
from ddcheck.engine.text.words import (
    RATIO_WORDS,
    SCALE_WORDS,
    UNIT_WORDS,
    QuantityError,
    UnitText,
    parse_unit,
)

MILLION = UnitText(Decimal(10) ** 6, "USD")
PERCENT = UnitText(Decimal("0.01"), "ratio")
COUNT = UnitText(Decimal(1), "count")
SHARES = UnitText(Decimal(1), "shares")


def _words(quantity: Quantity) -> tuple[str | None, str | None, str | None, str, str]:
    value, low, high = (
        None if number is None else f"{number.normalize():f}" for number in quantity[:3]
    )
    return value, low, high, quantity.unit, quantity.qualifier


# value, low, high, unit, qualifier
PRINTED: dict[str, tuple[str | None, str | None, str | None, str, str]] = {
    # half a unit of the last written digit either side
    "50.8%": ("0.508", "0.5075", "0.5085", "ratio", ""),
    "50.80%": ("0.508", "0.50795", "0.50805", "ratio", ""),
    "13％": ("0.13", "0.125", "0.135", "ratio", ""),
    "１３％": ("0.13", "0.125", "0.135", "ratio", ""),
    "40.23 USD million": ("40230000", "40225000", "40235000", "USD", ""),
    "40.23 million USD": ("40230000", "40225000", "40235000", "USD", ""),
    "40 USD": ("40", "39.5", "40.5", "USD", ""),
    "4023万美元": ("40230000", "40225000", "40235000", "USD", ""),
    "4023 万 美元": ("40230000", "40225000", "40235000", "USD", ""),
    "1.68亿美元": ("168000000", "167500000", "168500000", "USD", ""),
    "1.2万亿元": ("1200000000000", "1150000000000", "1250000000000", "CNY", ""),
    "77亿元": ("7700000000", "7650000000", "7750000000", "CNY", ""),
    "3百万人民币": ("3000000", "2500000", "3500000", "CNY", ""),
    "2千万港元": ("20000000", "15000000", "25000000", "HKD", ""),
    "5000千元": ("5000000", "4999500", "5000500", "CNY", ""),
    "$40.2m": ("40200000", "40150000", "40250000", "USD", ""),
    "US$1.2bn": ("1200000000", "1150000000", "1250000000", "USD", ""),
    "¥5亿": ("500000000", "450000000", "550000000", "CNY", ""),
    "£3.5k": ("3500", "3450", "3550", "GBP", ""),
    "€2 billion": ("2000000000", "1500000000", "2500000000", "EUR", ""),
    "1,234.5 USD thousand": ("1234500", "1234450", "1234550", "USD", ""),
    "1,234,567 USD": ("1234567", "1234566.5", "1234567.5", "USD", ""),
    "1e3 USD": ("1000", "500", "1500", "USD", ""),
    "1.5e3 USD": ("1500", "1450", "1550", "USD", ""),
    "2E-2 USD": ("0.02", "0.015", "0.025", "USD", ""),
    "0.00 USD million": ("0", "-5000", "5000", "USD", ""),
    # signs
    "-5%": ("-0.05", "-0.055", "-0.045", "ratio", ""),
    "−5%": ("-0.05", "-0.055", "-0.045", "ratio", ""),
    "－5%": ("-0.05", "-0.055", "-0.045", "ratio", ""),
    "+5%": ("0.05", "0.045", "0.055", "ratio", ""),
    "- 5 %": ("-0.05", "-0.055", "-0.045", "ratio", ""),
    "-312万美元": ("-3120000", "-3125000", "-3115000", "USD", ""),
    "(72.36) USD million": ("-72360000", "-72365000", "-72355000", "USD", ""),
    "（72.36）百万美元": ("-72360000", "-72365000", "-72355000", "USD", ""),
    "(5%)": ("-0.05", "-0.055", "-0.045", "ratio", ""),
    "($5m)": ("-5000000", "-5500000", "-4500000", "USD", ""),
    "-$5m": ("-5000000", "-5500000", "-4500000", "USD", ""),
    "$-5m": ("-5000000", "-5500000", "-4500000", "USD", ""),
    # ratios
    "1.9x": ("1.9", "1.85", "1.95", "ratio", ""),
    "1.9 ×": ("1.9", "1.85", "1.95", "ratio", ""),
    "2倍": ("2", "1.5", "2.5", "ratio", ""),
    "3.5pp": ("0.035", "0.0345", "0.0355", "ratio", ""),
    "3.5个百分点": ("0.035", "0.0345", "0.0355", "ratio", ""),
    "25bp": ("0.0025", "0.00245", "0.00255", "ratio", ""),
    "25 bps": ("0.0025", "0.00245", "0.00255", "ratio", ""),
    # whole counts and votes and a bare 0 are exact
    "2324个": ("2324", "2324", "2324", "count", ""),
    "2,324 count": ("2324", "2324", "2324", "count", ""),
    "12家": ("12", "12", "12", "count", ""),
    "20 votes/shares": ("20", "20", "20", "votes/shares", ""),
    "20票": ("20", "20", "20", "votes", ""),
    "0 USD million": ("0", "0", "0", "USD", ""),
    "0%": ("0", "0", "0", "ratio", ""),
    "(0) USD": ("0", "0", "0", "USD", ""),
    "30.6万个": ("306000", "305500", "306500", "count", ""),
    "31万个": ("310000", "305000", "315000", "count", ""),
    "2324.0个": ("2324", "2323.95", "2324.05", "count", ""),
    "7618万股": ("76180000", "76175000", "76185000", "shares", ""),
    "500 shares": ("500", "499.5", "500.5", "shares", ""),
    # units and their quotients
    "20 USD/ads": ("20", "19.5", "20.5", "USD/ads", ""),
    "7.45万美元/个": ("74500", "74450", "74550", "USD/count", ""),
    "0.5 USD thousand/count": ("500", "450", "550", "USD/count", ""),
    "6 CNY/shares million": ("0.000006", "0.0000055", "0.0000065", "CNY/shares", ""),
    "500亿分钟": ("50000000000", "49950000000", "50050000000", "minutes", ""),
    "18 months": ("18", "17.5", "18.5", "months", ""),
    "18个月": ("18", "17.5", "18.5", "months", ""),
    "90 days": ("90", "89.5", "90.5", "days", ""),
    "90天": ("90", "89.5", "90.5", "days", ""),
    "5 ADS": ("5", "4.5", "5.5", "ads", ""),
    "12": ("12", "11.5", "12.5", "", ""),
    "3 million": ("3000000", "2500000", "3500000", "", ""),
    # one side
    "over 130%": (None, "1.3", None, "ratio", "over"),
    "Over 130%": (None, "1.3", None, "ratio", "over"),
    "超99%": (None, "0.99", None, "ratio", "over"),
    "超过 99 %": (None, "0.99", None, "ratio", "over"),
    "at least 5 USD million": (None, "5000000", None, "USD", "over"),
    "more than 5": (None, "5", None, "", "over"),
    "above 5": (None, "5", None, "", "over"),
    "至少3家": (None, "3", None, "count", "over"),
    "不低于3家": (None, "3", None, "count", "over"),
    "逾3家": (None, "3", None, "count", "over"),
    ">99%": (None, "0.99", None, "ratio", "over"),
    "≥ 99%": (None, "0.99", None, "ratio", "over"),
    ">=99%": (None, "0.99", None, "ratio", "over"),
    "200+": (None, "200", None, "", "over"),
    "2000+个": (None, "2000", None, "count", "over"),
    "5%以上": (None, "0.05", None, "ratio", "over"),
    "under 10%": (None, None, "0.1", "ratio", "under"),
    "不足10%": (None, None, "0.1", "ratio", "under"),
    "低于10%": (None, None, "0.1", "ratio", "under"),
    "不超过10%": (None, None, "0.1", "ratio", "under"),
    "less than 10%": (None, None, "0.1", "ratio", "under"),
    "at most 10%": (None, None, "0.1", "ratio", "under"),
    "up to 10%": (None, None, "0.1", "ratio", "under"),
    "below -5%": (None, None, "-0.05", "ratio", "under"),
    "<10%": (None, None, "0.1", "ratio", "under"),
    "10%以下": (None, None, "0.1", "ratio", "under"),
    # one unit of the last written digit either side, or below
    "about 99%": ("0.99", "0.98", "1", "ratio", "about"),
    "around 99%": ("0.99", "0.98", "1", "ratio", "about"),
    "~99%": ("0.99", "0.98", "1", "ratio", "about"),
    "～99%": ("0.99", "0.98", "1", "ratio", "about"),
    "99%左右": ("0.99", "0.98", "1", "ratio", "about"),
    "99%上下": ("0.99", "0.98", "1", "ratio", "about"),
    "约90亿分钟": ("9000000000", "8900000000", "9100000000", "minutes", "about"),
    "大约1.5亿元": ("150000000", "140000000", "160000000", "CNY", "about"),
    "约2000家": ("2000", "1999", "2001", "count", "about"),
    "nearly 5 USD million": ("5000000", "4000000", "5000000", "USD", "nearly"),
    "almost 5": ("5", "4", "5", "", "nearly"),
    "近5亿元": ("500000000", "400000000", "500000000", "CNY", "nearly"),
    "接近 5.0%": ("0.05", "0.049", "0.05", "ratio", "nearly"),
    # a range: its ends
    "176..178 USD million": (None, "176000000", "178000000", "USD", "range"),
    "1.76亿美元至1.78亿美元": (None, "176000000", "178000000", "USD", "range"),
    "5 to 6%": (None, "0.05", "0.06", "ratio", "range"),
    "5%–6%": (None, "0.05", "0.06", "ratio", "range"),
    "2..3": (None, "2", "3", "", "range"),
    "3..3": (None, "3", "3", "", "range"),
    "-3..-5%": (None, "-0.05", "-0.03", "ratio", "range"),
    "(5)..3 USD": (None, "-5", "3", "USD", "range"),
    "900 thousand..1.2 million USD": (None, "900000", "1200000", "USD", "range"),
}


@pytest.mark.parametrize("text", PRINTED)
def test_what_is_printed(text: str) -> None:
    assert _words(parse_quantity(text)) == PRINTED[text]


@pytest.mark.parametrize(
    ("text", "default", "expected"),
    [
        ("160.67", MILLION, ("160670000", "160665000", "160675000", "USD", "")),
        ("-0.10", MILLION, ("-100000", "-105000", "-95000", "USD", "")),
        ("0", MILLION, ("0", "0", "0", "USD", "")),
        ("-0", MILLION, ("0", "0", "0", "USD", "")),
        ("0.00", MILLION, ("0", "-5000", "5000", "USD", "")),
        ("1,234", MILLION, ("1234000000", "1233500000", "1234500000", "USD", "")),
        ("(5)", MILLION, ("-5000000", "-5500000", "-4500000", "USD", "")),
        ("61.9", PERCENT, ("0.619", "0.6185", "0.6195", "ratio", "")),
        ("61.9%", MILLION, ("0.619", "0.6185", "0.6195", "ratio", "")),
        ("5 CNY", MILLION, ("5", "4.5", "5.5", "CNY", "")),
        ("5 thousand", MILLION, ("5000", "4500", "5500", "USD", "")),
        ("5百万", MILLION, ("5000000", "4500000", "5500000", "USD", "")),
        ("over 5", MILLION, (None, "5000000", None, "USD", "over")),
        ("176..178", MILLION, (None, "176000000", "178000000", "USD", "range")),
        ("2324", COUNT, ("2324", "2324", "2324", "count", "")),
        ("2e3", COUNT, ("2000", "1500", "2500", "count", "")),
        ("2324", SHARES, ("2324", "2323.5", "2324.5", "shares", "")),
        ("30.6万", COUNT, ("306000", "305500", "306500", "count", "")),
    ],
)
def test_a_number_takes_the_unit_of_its_table(
    text: str, default: UnitText, expected: tuple[str | None, ...]
) -> None:
    assert _words(parse_quantity(text, default)) == expected


@pytest.mark.parametrize(
    ("text", "decimals", "exact", "low", "high"),
    [
        ("5 USD million", 0, False, "4500000", "5500000"),
        ("5 USD million", 2, False, "4995000", "5005000"),
        ("5.00 USD million", 0, False, "4500000", "5500000"),
        ("1200 USD million", -2, False, "1150000000", "1250000000"),
        ("50%", 1, False, "0.4995", "0.5005"),
        ("2324个", 0, False, "2323.5", "2324.5"),
        ("0%", 0, False, "-0.005", "0.005"),
        ("about 5%", 1, False, "0.049", "0.051"),
        ("nearly 5%", 1, False, "0.049", "0.05"),
        ("20 USD/ads", None, True, "20", "20"),
        ("50.8%", None, True, "0.508", "0.508"),
        ("50.8%", 3, True, "0.508", "0.508"),
    ],
)
def test_overrides(text: str, decimals: int | None, exact: bool, low: str, high: str) -> None:
    found = parse_quantity(text, decimals=decimals, exact=exact)
    assert (found.low, found.high) == (Decimal(low), Decimal(high))


def test_a_bound_stays_one_whatever_is_said_of_its_digits() -> None:
    assert parse_quantity("over 5%", decimals=3, exact=True)[:3] == (None, Decimal("0.05"), None)
    assert parse_quantity("2..3%", exact=True)[1:3] == (Decimal("0.02"), Decimal("0.03"))


REFUSED = {
    "": ("DD303", "no number in ``"),
    "n.a.": ("DD303", "no number in `n.a.`"),
    "-": ("DD303", "no number in `-`"),
    "USD": ("DD303", "no number in `USD`"),
    ".5": ("DD303", "no number in `.5`"),
    "over": ("DD303", "no number in `over`"),
    "1,23": ("DD303", "cannot read `1,23`"),
    "1,2345": ("DD303", "cannot read `1,2345`"),
    "12,34,567": ("DD303", "cannot read `12,34,567`"),
    "1.234.567": ("DD303", "cannot read `1.234.567`"),
    "5.": ("DD303", "cannot read `5.`"),
    "1 000": ("DD303", "unknown unit `000`"),
    "5 USD milion": ("DD303", "unknown unit `milion` in `USD milion`"),
    "5 usd": ("DD303", "unknown unit `usd`"),
    "5 USD CNY": ("DD303", "two units in `USD CNY`"),
    "$5 CNY": ("DD303", "two units in `CNY $`"),
    "5% x": ("DD303", "two units in `% x`"),
    "5 USD/": ("DD303", "cannot read the unit `USD/`"),
    "5 USD/ads/shares/votes": ("DD303", "cannot read the unit `USD/ads/shares/votes`"),
    "5 million million million": (
        "DD303",
        "the unit `million million million` has too many scales",
    ),
    "77 CNY 100 million": ("DD303", "unknown unit `100` in `CNY 100 million`"),
    "(5": ("DD303", "a bracket is missing in `(5`"),
    "5)": ("DD303", "a bracket is missing in `5)`"),
    "(-5)": ("DD303", "two signs in `(-5)`"),
    "--5": ("DD303", "two signs in `--5`"),
    "-$-5": ("DD303", "two signs in `-$-5`"),
    "about 5+": ("DD303", "two qualifiers in `about 5+`"),
    "约5%左右": ("DD303", "two qualifiers in `约5%左右`"),
    "over 5..6": ("DD303", "a range with a qualifier: `over 5..6`"),
    "5 USD..6 CNY": ("DD303", "a range in two units: `5 USD..6 CNY`"),
    "5%..6": ("DD303", "a range in two units: `5%..6`"),
    "$5..$6m": ("DD303", "a range with a scale on one end: `$5..$6m`"),
    "178..176": ("DD303", "a range that runs backwards: `178..176`"),
    "1e99": ("DD303", "`1e99` has more than 18 digits"),
    "1e-99": ("DD303", "`1e-99` has more than 18 digits"),
    "1e999": ("DD303", "`1e999` has more than 18 digits"),
    "1234567890123456789": ("DD303", "`1234567890123456789` has more than 18 digits"),
    "5" * 201: ("DD303", "a quantity of more than 200 characters"),
    "٣": ("DD303", "no number in `٣`"),
    "३%": ("DD303", "no number in `३%`"),
    "1٣": ("DD303", "unknown unit `٣`"),
    "五%": ("DD303", "no number in `五%`"),
    "012": ("DD107", "`012` is ambiguous: octal or decimal?"),
    "-012%": ("DD107", "`012` is ambiguous: octal or decimal?"),
    "00": ("DD107", "`00` is ambiguous: octal or decimal?"),
    "007.5 USD": ("DD107", "`007.5` is ambiguous: octal or decimal?"),
    "0,123": ("DD107", "`0,123` is ambiguous: thousands or decimals?"),
    "0o14": ("DD107", "`0o14` is not written in decimal"),
    "0x1F": ("DD107", "`0x1F` is not written in decimal"),
    "0b1": ("DD107", "`0b1` is not written in decimal"),
    ".inf": ("DD108", "`.inf` is not finite"),
    "-.Inf": ("DD108", "`-.Inf` is not finite"),
    ".nan": ("DD108", "`.nan` is not finite"),
    "NaN": ("DD108", "`NaN` is not finite"),
    "infinity": ("DD108", "`infinity` is not finite"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(QuantityError) as error:
        parse_quantity(text)
    assert (error.value.code, error.value.message) == REFUSED[text]
    with pytest.raises(QuantityError):
        parse_quantity(text, MILLION)


def test_a_scale_behind_a_range_is_that_of_both_ends() -> None:
    with pytest.raises(QuantityError, match="backwards"):
        parse_quantity("500..1 thousand")


@pytest.mark.parametrize("decimals", [16, -16, 10**9, -(10**9)])
def test_decimals_without_end(decimals: int) -> None:
    with pytest.raises(QuantityError):
        parse_quantity("5", decimals=decimals)


@pytest.mark.parametrize(
    ("text", "factor", "name"),
    [
        ("USD million", "1000000", "USD"),
        ("万美元", "10000", "USD"),
        ("%", "0.01", "ratio"),
        ("shares million", "1000000", "shares"),
        ("count", "1", "count"),
        ("万", "10000", ""),
        ("USD/ads", "1", "USD/ads"),
        ("USD million/ads million", "1", "USD/ads"),
        ("votes/shares", "1", "votes/shares"),
        ("1/count", None, None),
        ("", None, None),
        (" ", None, None),
        ("/", None, None),
        ("x" * 100, None, None),
    ],
)
def test_units(text: str, factor: str | None, name: str | None) -> None:
    if factor is None:
        with pytest.raises(QuantityError):
            parse_unit(text)
    else:
        assert parse_unit(text) == (Decimal(factor), name)


def test_no_word_means_two_things() -> None:
    words = [*UNIT_WORDS, *RATIO_WORDS, *SCALE_WORDS]
    assert len(words) == len(set(words))


# --- properties


numbers = st.builds(
    lambda digits, places, negative: Decimal((int(negative), digits, -places)),
    st.lists(st.integers(0, 9), min_size=1, max_size=12).map(tuple),
    st.integers(0, 6),
    st.booleans(),
)
units = st.sampled_from(sorted({*UNIT_WORDS, *RATIO_WORDS}))
scales = st.sampled_from(["", *sorted(SCALE_WORDS)])
PREFIXES = {
    "": "",
    "over ": "over",
    "超": "over",
    "不足": "under",
    "about ": "about",
    "近": "nearly",
}


def _printed(number: Decimal, style: str) -> str:
    text = f"{number:,f}" if style == "," else f"{number:f}"
    if style == "()" and number.is_signed():
        return f"({text.removeprefix('-')})"
    return text


@settings(max_examples=400)
@given(numbers, scales, units, st.sampled_from(sorted(PREFIXES)), st.sampled_from(["", ",", "()"]))
def test_what_is_printed_is_read(
    number: Decimal, scale: str, unit: str, prefix: str, style: str
) -> None:
    found = parse_quantity(f"{prefix}{_printed(number, style)} {scale} {unit}")
    factor = SCALE_WORDS.get(scale, Decimal(1)) * RATIO_WORDS.get(unit, Decimal(1))
    point = number * factor
    digit = Decimal((0, (1,), number.as_tuple().exponent)) * factor  # type: ignore[arg-type]
    assert found.unit == UNIT_WORDS.get(unit, "ratio")
    assert found.qualifier == PREFIXES[prefix]
    match found.qualifier:
        case "over":
            assert found[:3] == (None, point, None)
        case "under":
            assert found[:3] == (None, None, point)
        case "about":
            assert found[:3] == (point, point - digit, point + digit)
        case "nearly":
            assert found[:3] == (point, point - digit, point)
        case _:
            assert found.value == point
            assert found.low is not None
            assert found.high is not None
            assert found.high - found.low in (0, digit)
            assert found.low + found.high == 2 * point


@given(numbers, st.sampled_from([MILLION, PERCENT, COUNT, SHARES]))
def test_the_short_way_and_the_long_way_agree(number: Decimal, default: UnitText) -> None:
    text = f"{number:f}"
    assert parse_quantity(text, default) == parse_quantity(f" {text} ", default)


@given(numbers, numbers, scales, units)
def test_a_range_holds_its_ends(first: Decimal, last: Decimal, scale: str, unit: str) -> None:
    low, high = sorted((first, last))
    found = parse_quantity(f"{low:f}..{high:f} {scale} {unit}")
    factor = SCALE_WORDS.get(scale, Decimal(1)) * RATIO_WORDS.get(unit, Decimal(1))
    assert (found.low, found.high) == (low * factor, high * factor)


WORDS = st.sampled_from(
    [
        *RATIO_WORDS, *SCALE_WORDS, *UNIT_WORDS, "over", "超", "约", "左右", "+", "-", "−", "(",
        ")", "..", "至", ",", ".", "/", "1", "0", "12", "1,234", "0.5", "e", "e9", "１", "٣", " ",
        "inf",
    ]
)  # fmt: skip


@settings(max_examples=1000)
@given(
    st.text(max_size=30) | st.lists(WORDS, max_size=8).map("".join),
    st.sampled_from([None, MILLION, PERCENT, COUNT]),
    st.sampled_from([None, 0, 2, -3]),
    st.booleans(),
)
@example("1" * 500, None, None, False)
@example("(" * 100, None, None, False)
@example("1e" + "9" * 100, None, None, False)
@example("1" + " million" * 20, None, None, False)
@example("..", None, None, False)
@example("1.." * 50, None, None, False)
@example("1" + "/ads" * 40, None, None, False)
@example("\ud800", None, None, False)
def test_nothing_but_a_quantity_error(
    text: str, default: UnitText | None, decimals: int | None, exact: bool
) -> None:
    try:
        found = parse_quantity(text, default, decimals=decimals, exact=exact)
    except QuantityError:
        return
    ends = [Decimal(0) if end is None else end for end in found[:3]]
    assert all(end.is_finite() and abs(end) < Decimal(10) ** 42 for end in ends)
    assert all(abs(float(end)) < 1e42 for end in ends)
    if found.value is not None:
        assert found.low is not None
        assert found.high is not None
        assert found.low <= found.value <= found.high
    elif found.low is not None and found.high is not None:
        assert found.low <= found.high
