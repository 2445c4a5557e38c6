"""Words for units and scales, and units made of them: `USD million`, `万美元`, `USD/ads`.

What a unit means is for `model.units`; here it is a name and a power of ten.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.text.suggest import did_you_mean, likely

CURRENCIES = frozenset(
    "AED ARS AUD BRL CAD CHF CLP CNY COP CRC CZK DKK EGP EUR GBP HKD HUF IDR ILS INR JPY KES KRW "
    "KWD MAD MOP MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RUB SAR SEK SGD THB TRY TWD UAH USD "
    "VND ZAR".split()
)
#: Currency signs that may stand before a number as well.
SIGNS = ("US$", "$", "¥", "￥", "€", "£")
#: Words for units, each with the name that the model knows.
UNIT_WORDS: dict[str, str] = {
    **{code: code for code in CURRENCIES},
    "money": "money",
    "美元": "USD",
    "美金": "USD",
    "$": "USD",
    "US$": "USD",
    "人民币": "CNY",
    "元人民币": "CNY",
    "元": "CNY",
    "RMB": "CNY",
    "¥": "CNY",
    "￥": "CNY",
    "港元": "HKD",
    "港币": "HKD",
    "欧元": "EUR",
    "€": "EUR",
    "英镑": "GBP",
    "£": "GBP",
    "日元": "JPY",
    "ratio": "ratio",
    "shares": "shares",
    "share": "shares",
    "股": "shares",
    "ads": "ads",
    "ADS": "ads",
    "份ADS": "ads",
    "count": "count",
    "个": "count",
    "家": "count",
    "名": "count",
    "人": "count",
    "款": "count",
    "votes": "votes",
    "vote": "votes",
    "票": "votes",
    "minutes": "minutes",
    "minute": "minutes",
    "分钟": "minutes",
    "months": "months",
    "month": "months",
    "个月": "months",
    "days": "days",
    "day": "days",
    "天": "days",
    "日": "days",
}
RATIO_WORDS: dict[str, Decimal] = {
    "%": Decimal("0.01"),
    "pp": Decimal("0.01"),
    "个百分点": Decimal("0.01"),
    "百分点": Decimal("0.01"),
    "bp": Decimal("0.0001"),
    "bps": Decimal("0.0001"),
    "x": Decimal(1),
    "×": Decimal(1),
    "倍": Decimal(1),
}
SCALE_WORDS: dict[str, Decimal] = {
    "thousand": Decimal(1000),
    "million": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
    "k": Decimal(1000),
    "m": Decimal(10) ** 6,
    "mn": Decimal(10) ** 6,
    "bn": Decimal(10) ** 9,
    "tn": Decimal(10) ** 12,
    "千": Decimal(1000),
    "万": Decimal(10) ** 4,
    "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8,
    "万亿": Decimal(10) ** 12,
}
#: Every word that no concept, metric or parameter may be called.
RESERVED_WORDS = frozenset({*UNIT_WORDS, *RATIO_WORDS, *SCALE_WORDS})

#: Characters of a unit; more is a mistake, and is not looked into.
_MAX_LENGTH = 60
_MAX_SCALE = 15
#: The characters that units are written with in Chinese.
_CHINESE = "".join(sorted({c for word in RESERVED_WORDS for c in word if not c.isascii()}))
_LONGEST = max(len(word) for word in RESERVED_WORDS)


class UnitText(NamedTuple):
    """A unit as printed: a factor and the name of the unit in base form, such as `USD/ads`."""

    factor: Decimal
    name: str


class QuantityError(Exception):
    """Text that is not a quantity: a diagnostic's code, message and help."""

    def __init__(self, message: str, help: str | None = None, code: str = "DD303") -> None:  # noqa: A002
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code


def parse_unit(text: str) -> UnitText:
    """The unit that `text` prints: scale words and unit words in any order, `/` for a quotient.

    Raises QuantityError, with the likely word where there is one.
    """
    try:
        return _read(text)
    except QuantityError as error:
        if error.help is None and not text.isascii():
            error.help = _likely_unit(text, text)
        raise
    except _UnknownWord as error:
        bad = error.word
        words = f"unknown unit `{bad}` in `{text}`" if bad != text else f"unknown unit `{bad}`"
        raise QuantityError(words, _likely_unit(bad, text)) from None


def _likely_unit(bad: str, text: str) -> str | None:
    """What helps where `bad` is no word of the unit `text`."""
    if bad.isdigit():
        return "group thousands with commas: `1,000`"
    if bad.isascii():
        return did_you_mean(bad, (*UNIT_WORDS, *SCALE_WORDS))

    def reads(written: str) -> bool:
        try:
            return bool(_read(written).name)
        except (QuantityError, _UnknownWord):
            return False

    return likely(text, _CHINESE, reads, "") or None


class _UnknownWord(Exception):
    """A word that is no unit and no scale."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def _read(text: str) -> UnitText:
    factor = Decimal(1)
    names = []
    parts = text.split("/")
    if not text.strip() or len(text) > _MAX_LENGTH or len(parts) > 3:
        raise QuantityError(f"cannot read the unit `{text[:_MAX_LENGTH]}`")
    for position, part in enumerate(parts):
        scale, name = _product(part.strip(), text)
        if position:
            factor /= scale
            if not name:
                raise QuantityError(f"cannot read the unit `{text}`")
        else:
            factor *= scale
        names.append(name or "ratio" if len(parts) > 1 else name)
    if abs(factor.adjusted()) > _MAX_SCALE:
        raise QuantityError(f"the unit `{text}` has too many scales")
    return UnitText(factor, "/".join(names))


def _product(part: str, text: str) -> tuple[Decimal, str]:
    scale = Decimal(1)
    name = ""
    rest = part
    while rest:
        word = _longest(rest)
        if word is None:
            raise _UnknownWord(rest.split()[0])
        rest = rest[len(word) :].lstrip()
        if word in SCALE_WORDS:
            scale *= SCALE_WORDS[word]
        elif word in RATIO_WORDS:
            if name:
                raise QuantityError(f"two units in `{text}`")
            scale *= RATIO_WORDS[word]
            name = "ratio"
        else:
            unit = UNIT_WORDS[word]
            if name and name != unit:
                raise QuantityError(f"two units in `{text}`")
            name = unit
    return scale, name


def _longest(rest: str) -> str | None:
    """The longest word that `rest` begins with; Latin words must end where the word ends."""
    for length in range(min(len(rest), _LONGEST), 0, -1):
        word = rest[:length]
        if word in RESERVED_WORDS:
            if word[-1].isascii() and word[-1].isalpha():
                follows = rest[length : length + 1]
                if follows.isascii() and follows.isalnum():
                    continue
            return word
    return None
