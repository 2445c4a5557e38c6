"""Text in a Markdown comment that stays text, whatever is written in it.

A forge makes more of a comment than Markdown does: mentions, references to issues and commits,
emoji, addresses, formulas. What would start one is kept apart by a word joiner, which has no
width; what is markup is escaped.
"""

from __future__ import annotations

import re

from ddcheck.engine.text.diagnostics import clean

#: Keeps two characters from being read together; nothing of it is seen.
JOINER = "\u2060"
_MARKUP = re.compile(r"([\\`*_\[\]<>|~&$!#{}])")
#: What starts a mention, a reference of GitHub or GitLab, an emoji or a formula before a word.
_STARTS = re.compile(r"([@#!%~&$:^])(?=[\w\[({+\-\\\\])")
_ADDRESS = re.compile(r"(?i)\b(www)\.|:(?=//)|\b(mailto|xmpp):")
_ISSUE = re.compile(r"(?i)\b(GH)-(?=\d)")
#: A fingerprint of a commit becomes a link to it.
_COMMIT = re.compile(r"(?i)\b([0-9a-f]{6})(?=[0-9a-f])")


def inert(words: str, most: int = 300) -> str:
    """`words` on one line, at most `most` characters of them, with nothing in it that does things.

    It may stand in a cell of a table or in the middle of a line.
    """
    kept = clean(" ".join(words.split()))
    if len(kept) > most:
        kept = kept[: most - 1] + "…"
    kept = _ADDRESS.sub(lambda found: found[0] + JOINER, kept)
    kept = _ISSUE.sub(lambda found: found[0] + JOINER, kept)
    kept = _COMMIT.sub(lambda found: found[0] + JOINER, kept)
    kept = _STARTS.sub(lambda found: found[0] + JOINER, kept)
    kept = kept.replace("@", f"@{JOINER}").replace(JOINER + JOINER, JOINER)
    kept = _MARKUP.sub(r"\\\1", kept)
    return kept.replace("www." + JOINER, f"www{JOINER}.")


def code(words: str, most: int = 200) -> str:
    """`words` as code, where nothing is a reference; safe in a cell of a table."""
    kept = clean(" ".join(words.split()))
    if len(kept) > most:
        kept = kept[: most - 1] + "…"
    if not kept:
        return ""
    runs = [len(run) for run in re.findall(r"`+", kept)]
    fence = "`" * (max(runs, default=0) + 1)
    if runs:
        kept = f" {kept} "
    return f"{fence}{kept}{fence}".replace("|", "\\|")
