"""Writing for other programs: texts as YAML scalars, which every reader takes for the text that was
meant, and what a spreadsheet must not take for a formula.
"""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(
    r"[A-Za-z0-9_\u3400-\u9fff（(.-](?:[^\x00-\x1f:#,\[\]{}\"'`&*!|>%@\\]|(?<=\S)%|:(?=\S))*\Z"
)
#: What a cell begins with that a spreadsheet runs as a formula; some do so with the wide signs too.
FORMULA = frozenset("=+-@\t\r＝＋－＠")
#: Words that YAML 1.1 or 1.2 takes for something else than text.
_OTHER = frozenset("y n yes no on off true false null ~ - --- ... .inf .nan".split())


def scalar(text: str) -> str:
    """`text` as a YAML scalar on one line, plain where that is safe, else in double quotes."""
    plain = (
        _PLAIN.match(text)
        and text == text.strip()
        and text.lower() not in _OTHER
        and not text.startswith(("- ", "-\t", "? "))
        and not text.endswith(":")
    )
    return text if plain else json.dumps(text, ensure_ascii=False)


def remark(text: str) -> str:
    """`text` as the content of a comment: on one line."""
    return " ".join(text.split())
