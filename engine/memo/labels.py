"""What has digits in prose and claims nothing: dates, periods, ordinals, names, versions, horizons.

Each pattern is tried at the places where one of its characters stands, never across a text, so
that no input takes longer than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_YEAR = r"(?:19|20)\d{2}"
_DASH = r"[ ]?[-–—~至到][ ]?"
_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    "Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
_WORDS_AFTER = (
    r"[ ]?(?:%|[万亿千百元美港欧个家名人款股倍次份位台]|x\b|×|USD\b|CNY\b|RMB\b|m\b|mn\b|bn\b|k\b|"
    r"million\b|billion\b|thousand\b|customers?\b|users?\b|employees\b|people\b|staff\b|apps?\b|"
    r"companies\b|enterprises\b|developers\b|shares?\b|stores?\b|votes?\b|units\b|times\b|"
    r"dollars\b|percent\b|per cent\b|pp\b|bps?\b|days?\b|months?\b|minutes?\b|hours?\b)"
)
_HORIZON = (
    r"(?:past|last|next|previous|prior|first|trailing|coming|preceding|following|recent|every|"
    r"within|over|for|in)(?:[ ]the)?(?:[ ](?:past|last|next|first))?[ ]"
)
#: The longer forms first.
_EXEMPT = re.compile(
    "|".join(
        (
            r"(?<![A-Za-z])(?:https?://|www\.)[^\s<>）)】]{1,500}",
            r"(?<![\w.])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}",
            rf"(?<!\d){_YEAR}[-/]\d{{1,2}}[-/]\d{{1,2}}(?!\d)",
            rf"(?<![\d./])\d{{1,2}}[/.]\d{{1,2}}[/.](?:{_YEAR}|\d{{2}})(?![\d%])",
            rf"(?<!\d){_YEAR}-(?:0[1-9]|1[0-2])(?![\d%])",
            (
                rf"(?<![\d.]){_YEAR}\.(?:1[0-2]|0?[1-9])(?:\.\d{{1,2}})?(?!\d|\.\d|"
                rf"{_WORDS_AFTER})(?:{_DASH}{_YEAR}\.(?:1[0-2]|0?[1-9])(?!\d))?"
            ),
            (
                r"(?<![\dA-Za-z])(?:FY|CY|TTM|LTM|1?\dM)[ ]?'?(?:19|20)?\d{2}"
                rf"(?:[ ]?[HQ][1-4]|"
                rf"[-/]\d{{2}}(?!\d))?[EAGF]?(?![A-Za-z\d])(?:{_DASH}(?:FY)?\d{{2,4}}(?!\d))?"
            ),
            (
                rf"(?<![\dA-Za-z])(?:{_YEAR}|\d{{2}})[ ]?[QH][1-4](?:{_DASH}[QH]?[1-4](?![\d.%]))?"
                r"[EAGF]?(?![A-Za-z\d])"
            ),
            (
                rf"(?<![A-Za-z\d])[QH][1-4](?:{_DASH}[QH]?[1-4](?![\d.%]))?"
                rf"(?:[ ]?(?:of[ ]|FY[ ]?)?'?(?:{_YEAR}|\d{{2}})(?![\d.%]))?(?![A-Za-z\d])"
            ),
            rf"(?<![\dA-Za-z])[1-4][QH][ ]?'?(?:{_YEAR}|\d{{2}})[EAGF]?(?![A-Za-z\d])",
            (
                rf"(?:(?<!\d){_YEAR}(?:{_DASH}(?:{_YEAR}|\d{{2}}))?|"
                rf"(?<![\d.])\d{{2}}(?:{_DASH}\d{{2}})?)"
                r"[ ]?年(?:度|底|末|初|中|间|"
                r"代)?(?:第?[ ]?[一二三四1-4](?:[-至到、][一二三四1-4])?[ ]?季度?|"
                r"[上下]半年|[前][一二三四1-4]季度)?"
                r"(?:[ ]?\d{1,2}(?:[-~至到]\d{1,2})?[ ]?月(?:份|底|末|初|中旬|上旬|"
                r"下旬)?(?:[ ]?\d{1,2}[ ]?[日号])?)?"
            ),
            (
                r"(?<![\d.])(?:1[0-2]|0?[1-9])(?:[-~至到](?:1[0-2]|0?[1-9]))?[ ]?月"
                r"(?:[ ]?[0-3]?\d[ ]?[日号]|份|底|末|初|中旬|上旬|下旬)?(?![均度活费租供销])"
            ),
            r"(?<![\d.])[0-3]?\d[ ]?号(?!\d)",
            (
                rf"(?<![A-Za-z])(?:{_MONTHS})\.?[ ]+\d{{1,2}}(?:st|nd|rd|"
                rf"th)?(?:,?[ ]+{_YEAR})?(?![\d.%])"
            ),
            (
                rf"(?<![\d.])\d{{1,2}}(?:st|nd|rd|"
                rf"th)?[ ]+(?:of[ ])?(?:{_MONTHS})(?![A-Za-z])\.?(?:,?[ ]+{_YEAR})?"
            ),
            rf"(?<![A-Za-z])(?:{_MONTHS})\.?,?[ ]+(?:of[ ])?{_YEAR}(?!\d)",
            r"第[ ]?\d{1,9}(?!\d|\.?\d{0,9}[ ]?%)",
            r"(?<![\d.])\d(?:\.\d)?[ ]?折",
            r"(?<![\d.,])\d{1,4}(?:st|nd|rd|th)(?![A-Za-z])",
            r"(?<![A-Za-z])(?:No\.|Nos?\.|#)[ ]?\d+(?![\d%])",
            r"(?<![A-Za-z])top[ -]?\d+(?![\d.%])|前[ ]?\d+[ ]?(?=[大名家位])",
            r"(?<![A-Za-z\d.])v?\d+\.\d+\.\d+(?:\.\d+)*(?![\d%])",
            r"(?<![A-Za-z\d])v\d+(?:\.\d+)*(?!\d)",
            (
                r"(?<![A-Za-z])(?:sections?|pages?|p\.|pp\.|paragraphs?|tables?|figures?|charts?|"
                r"notes?|"
                r"appendix|steps?|items?|phases?|exhibits?|rules?|chapters?|series|form|stage|"
                r"level|tier|"
                r"ISO|SOC|ASC|ASU|IFRS|IAS|SFAS|PCI|IEC|RFC|GAAP|Regulation|Schedule)"
                r"[ -]?\d+(?:[.-]\d+)*[A-Z]?(?![\d%])"
            ),
            r"(?<![\d.])(?:8|10|20|40|6|11|12)-[KFQ](?![A-Za-z])",
            r"[图表附录章节页]注?[ ]?\d+(?:[.-]\d+)*(?![\d%万亿千百元])",
            r"(?<![\w.])\[\^?\d{1,3}\]",
            r"(?<![\d:.])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])",
            r"(?<![\d.])24[/x×]7(?!\d)|(?<![A-Za-z])T\+\d+",
            (
                r"(?:过去|未来|最近|近|此后|连续|前|后|每|满|为期|今后)(?:的)?[ ]?\d+[ ]?"
                r"(?:个月|年|个季度|季度|天|周|个交易日|日)"
            ),
            (
                rf"(?<![A-Za-z]){_HORIZON}\d+[ -](?:years?|quarters?|months?|weeks?|days?|trading "
                rf"days)(?![A-Za-z])"
            ),
            r"(?<![\d.])\d+-(?:years?|quarters?|months?|weeks?|days?)(?![A-Za-z])",
            (
                rf"(?<![\d.,A-Za-z$¥€£+])(?<!\d[-–])(?<![-][$]){_YEAR}(?:{_DASH}(?:{_YEAR}|"
                rf"\d{{2}})(?!\d)|/\d{{2}}(?!\d)|s(?![A-Za-z]))?"
                rf"[EAGF]?(?![A-Za-z]|,?\d|\.\d|%|{_WORDS_AFTER})"
            ),
        )
    ),
    re.IGNORECASE | re.ASCII,
)
#: A name with digits: COVID-19, B2B, H.264, GPT-4, S3.
_NAMED = re.compile(
    r"(?<![A-Za-z\d_])(?!(?:USD|RMB|CNY|HKD|EUR|GBP|JPY|SGD|US|HK|over|under|about)[-.]?\d)"
    r"[A-Za-z][A-Za-z]{0,30}(?:(?<=[A-Z])[-.]|-)?\d[\dA-Za-z-]{0,30}(?:\.\d+(?![%\d]))?(?![%\d.]|"
    r"\w)"
    r"|(?<![A-Za-z\d_])[A-Za-z]{1,30}_\w{0,60}\d\w{0,60}",
    re.ASCII,
)
_LIST_MARK = re.compile(r"[ ]*\(?\d{1,3}[).、](?=[ ])|[ ]*\(?\d{1,2}[)、]", re.ASCII)
#: A number of this many that looks like a year is one only if nothing says otherwise before it.
_NOT_A_YEAR = re.compile(
    (
        r"(?:超过|超|近|约|逾|不足|突破|达到|more than|fewer than|less than|nearly|"
        r"approximately)[ ]?\Z"
    ),
    re.IGNORECASE,
)
_BARE_YEAR = re.compile(rf"{_YEAR}\Z", re.ASCII)


def labels(text: str) -> Iterator[tuple[int, int]]:
    """Where each thing stands in `text` that has digits and claims nothing, in order."""
    mark = _LIST_MARK.match(text)
    behind = 0
    if mark is not None and mark.end() < len(text):
        yield mark.span()
        behind = mark.end()
    for pattern in (_EXEMPT, _NAMED):
        for match in pattern.finditer(text, behind):
            first, last = match.span()
            before = text[max(0, first - 16) : first]
            if _BARE_YEAR.match(match[0]) and _NOT_A_YEAR.search(before):
                continue
            if not any(char.isdigit() for char in match[0]):
                continue
            yield first, last
