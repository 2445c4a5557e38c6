"""What the program itself says, in the reader's language.

English stands in the code, as templates with named places; Chinese stands in the tables of
`chinese/`, by the English template. Titles, messages, whys and asks are not here: packs carry both.
"""

from __future__ import annotations

import re
from functools import cache

#: The languages of reports.
LANGUAGES = ("en", "zh")
_PLACE = re.compile(r"\{(\w+)\}")


def say(language: str, template: str, /, **values: object) -> str:
    """`template` in `language` (`en`, `zh`) with each `{name}` in it replaced by `values[name]`.

    A template without a translation stays English; a test counts them.
    """
    if language == "zh":
        template = _chinese().get(template, template)
    return _PLACE.sub(lambda place: str(values[place[1]]), template) if values else template


def reworded(language: str, text: str) -> str:
    """A text that was filled in already (a reason, say) in `language`, by the template it fits.

    A word that fills a place of it is translated too, if it is one of ours.
    """
    if language != "zh":
        return text
    whole = _chinese().get(text)
    if whole is not None:
        return whole
    for pattern, translation in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            words = {name: _chinese().get(word, word) for name, word in found.groupdict().items()}
            return translation.format_map(words)
    return text


@cache
def _chinese() -> dict[str, str]:
    from ddcheck.engine.text.chinese import tables

    return {english: chinese for table in tables() for english, chinese in table.items()}


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Templates with places, the longest fixed text first: it is the most specific."""
    from ddcheck.engine.text.chinese import filled_in

    found = []
    for english, chinese in (item for table in filled_in() for item in table.items()):
        if not _PLACE.search(english):
            continue
        parts = _PLACE.split(english)
        text = "".join(
            f"(?P<{part}>.+?)" if i % 2 else re.escape(part) for i, part in enumerate(parts)
        )
        found.append((sum(len(part) for part in parts[::2]), re.compile(text), chinese))
    found.sort(key=lambda entry: -entry[0])
    return tuple((pattern, chinese) for _, pattern, chinese in found)
