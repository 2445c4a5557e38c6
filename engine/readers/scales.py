"""What figures are in, as heads and labels say it: `(In thousands of USD)`, `单位：百万元`.

A unit is a currency, a scale, or another word (percent, times, people); each may be missing. What
is not said stays unknown: nothing here has a default.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.text.words import (
    CURRENCIES,
    SCALE_WORDS,
    QuantityError,
    UnitText,
    parse_unit,
)


class Scale(NamedTuple):
    """What a text says of units. `generic`: a scale that is not said to be one of money, so that
    numbers of shares have it too; `shares_apart`: it says that these have not.
    """

    factor: Decimal | None = None
    currency: str | None = None
    word: str | None = None
    generic: bool = False
    shares_apart: bool = False

    def over(self, other: Scale) -> Scale:
        """The unit with what it does not say taken from `other`."""
        if self.factor is None and self.word is None:
            currency = self.currency or other.currency
            return other._replace(currency=currency)
        return self._replace(currency=self.currency or other.currency)


NOTHING = Scale()

_ONE = Decimal(1)
_ENGLISH = {
    "thousand": Decimal(10) ** 3, "million": Decimal(10) ** 6, "billion": Decimal(10) ** 9,
    "000": Decimal(10) ** 3, "mn": Decimal(10) ** 6, "mm": Decimal(10) ** 6,
    "mln": Decimal(10) ** 6, "bn": Decimal(10) ** 9, "m": Decimal(10) ** 6, "k": Decimal(10) ** 3,
}  # fmt: skip
_SIGNS = (
    (r"us\$|u\.?s\.? dollars?|united states dollars?|美元|美金", "USD"),
    (r"hk\$|hong kong dollars?|港元|港币", "HKD"),
    (r"a\$|australian dollars?|澳元", "AUD"),
    (r"c\$|ca\$|canadian dollars?|加元", "CAD"),
    (r"s\$|singapore dollars?|新加坡元", "SGD"),
    (r"nt\$|new taiwan dollars?|新台币", "TWD"),
    (r"rmb|renminbi|人民币元?|chinese yuan", "CNY"),
    (r"euros?(?![a-z])|€|欧元", "EUR"),
    (r"pounds? sterling|£|英镑", "GBP"),
    (r"japanese yen|日元|円", "JPY"),
    (r"indian rupees?|₹", "INR"),
    (r"korean won|₩|韩元", "KRW"),
    (rf"(?<![a-z])(?:{'|'.join(sorted(code.lower() for code in CURRENCIES))})(?![a-z])", ""),
    (r"\$", "USD"),
    (r"(?<=[千万亿])元|(?<![美港日欧韩澳加])元", "CNY"),
    (r"[¥￥]", ""),
)
_CHINESE_SCALE = re.compile(
    r"(百万|千万|万亿|千|万|亿)(?=\s*(?:元|美元|美金|港元|港币|人民币|欧元|日元|英镑|股|份|usd|rmb|cny|hkd|hk\$|us\$|\)|$))"
)
_ENGLISH_SCALE = re.compile(
    r"(?<![a-z0-9])['’]?(thousand|million|billion|000|mln|mn|mm|bn|m|k)['’]?s?(?![a-z0-9])"
)
_EXCEPT = re.compile(
    r"(?:[,;]?\s*(?:except|other than)|[,;]除(?!外))(.*)|[,;]([^,;]*除外)", re.DOTALL
)
_LEAD = re.compile(
    r"\bin\b|\bamounts?\b|\bexpressed\b|\bstated\b|\bunits?\b|\bcurrenc(?:y|ies)\b|单位|货币|币种|金额"
)
_FILLER = re.compile(
    r"\b(?:in|of|the|and|all|amounts?|figures?|numbers?|are|expressed|stated|presented|reported|"
    r"units?|currency|unless|otherwise|noted|indicated|data|dollars?|unaudited|audited|"
    r"us|yuan)\b|单位|货币|币种|金额|以|计|列示|表示|为|未经审计|经审计|等值|[()\[\]:;,.'’/\-–—*]"
)
_PERCENT = re.compile(r"(?:in\s+)?(?:%|per ?cent(?:ages?)?|百分比)")
_TIMES = re.compile(r"x|×|倍|times")
_MAX_LENGTH = 160


def unit_said(text: str) -> Scale | None:
    """What a title, a head or a note says of the units of what follows; None if nothing.

    A text says a unit if it is nothing but a unit, or has one in brackets, or behind a word such as
    `in` or `单位`.
    """
    if not text or len(text) > _MAX_LENGTH:
        return None
    plain = _plain(text)
    for inside in re.findall(r"[(\[]([^()\[\]]+)[)\]]", plain):
        found = _whole(inside)
        if found is not None:
            return found
    found = _whole(plain)
    if found is not None:
        return found
    lead = _LEAD.search(plain)
    if lead is not None:
        return _whole(plain[lead.start() :])
    last = re.split(r"[,:;]|\s[-–—]\s", plain)[-1]
    found = _whole(last) if last != plain else None
    return found if found is not None and found.currency and found.factor else None


def unit_in_label(label: str) -> tuple[str, Scale | None]:
    """A label without the unit that stands behind it in brackets or after a comma, and the unit."""
    match = re.search(r"\s*[(（\[]([^()（）\[\]]+)[)）\]]\s*[:：]?\s*\Z", label)
    if match is None:
        match = re.search(r"\s*[,，]\s*([^,，]+)\Z", label)
    if match is None:
        match = re.search(r"(?<=\S)\s*(%|％)\Z", label)
    if match is None or not label[: match.start()].strip():
        return label, None
    found = unit_word(match[1])
    return (label[: match.start()].strip(), found) if found is not None else (label, None)


def unit_word(text: str) -> Scale | None:
    """The unit that `text` is, and nothing else: `USD`, `%`, `千人`, `USD million`, `倍`."""
    plain = _plain(text).strip()
    if _PERCENT.fullmatch(plain):
        return Scale(word="%")
    if _TIMES.fullmatch(plain):
        return Scale(word="x")
    found = _whole(plain)
    if found is not None:
        return found
    try:
        unit = parse_unit(unicodedata.normalize("NFKC", text).strip())
    except QuantityError:
        return None
    return Scale(unit.factor, word=unit.name) if unit.name else Scale(unit.factor, generic=True)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).lower())


def _whole(text: str) -> Scale | None:
    """The unit that `text` consists of, with its exceptions; None if there is more in it."""
    apart = False
    exception = _EXCEPT.search(text)
    if exception is not None:
        words = exception[1] or exception[2] or ""
        apart = bool(re.search(r"\b(?<!per )(?:ads |number of )?shares?\b|(?<!每)股数|股份", words))
        text = text[: exception.start()]
    rest, currency = text, None
    if _PERCENT.fullmatch(text.strip(" ()[]:")):
        return Scale(word="%")
    factors = []
    match = _CHINESE_SCALE.search(rest)
    if match is not None:
        factors.append(SCALE_WORDS[match[1]])
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    else:
        match = _ENGLISH_SCALE.search(rest)
        if match is not None:
            factors.append(_ENGLISH[match[1]])
            rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    for pattern, code in _SIGNS:
        match = re.search(pattern, rest)
        if match is None:
            continue
        if currency is not None and match[0] == "元":
            rest = rest.replace("元", " ")  # 港币千元: the word for a unit of whatever it is
            continue
        named = {code or each.upper() for each in re.findall(pattern, rest)} - {"¥", "￥"}
        # 人民币千元 says one currency twice; two different ones say nothing.
        if len(named | ({currency} if currency else set())) > 1:
            return None
        currency = currency or next(iter(named), None)
        rest = re.sub(pattern, " ", rest)
    if _FILLER.sub(" ", rest).strip():
        return None
    if not factors and currency is None:
        return None
    if not factors:
        return Scale(currency=currency)
    return Scale(factors[0], currency, generic=currency is None, shares_apart=apart)


_SCALE_NAMES = {
    Decimal(1): "", Decimal(10) ** 3: "thousand", Decimal(10) ** 4: "万",
    Decimal(10) ** 6: "million", Decimal(10) ** 7: "千万", Decimal(10) ** 8: "亿",
    Decimal(10) ** 9: "billion", Decimal(10) ** 12: "trillion",
}  # fmt: skip


def unit_text(factor: Decimal, name: str) -> str:
    """A unit as company files write it: `USD million`, `shares thousand`, `%`."""
    if name == "ratio":
        return "%" if factor == Decimal("0.01") else "x"
    return f"{name} {_SCALE_NAMES[factor]}".strip()


def parsed(scale: Scale) -> UnitText | None:
    """The unit of `scale` in base form where it says one whole: a currency with a scale, a word."""
    if scale.word is not None:
        if scale.word in ("%", "x"):
            return parse_unit(scale.word)
        return UnitText(scale.factor or _ONE, scale.word)
    if scale.currency is None or scale.factor is None:
        return None
    return UnitText(scale.factor, scale.currency)
