"""The operators of formulas, and what was likely meant by what is none."""

from __future__ import annotations

from ddcheck.engine.text.suggest import did_you_mean, nearest
from ddcheck.engine.text.words import RESERVED_WORDS

#: `=` names an argument of a function.
SYMBOLS = ("<", "<=", ">", ">=", "==", "!=", "+", "-", "*", "/", "=")
WORDS = frozenset(("and", "or", "not", "if", "else"))
#: Words that stand between two values.
_BETWEEN = ("and", "or", "if", "else")
#: Operators of other languages.
_ELSEWHERE = {"&": "and", "&&": "and", "|": "or", "||": "or", "!": "not", "<>": "!="}
#: What may stand before the sign of a number without a space: `x>-5`.
_BEFORE_SIGN = frozenset(("<", "<=", ">", ">=", "==", "!=", "*", "/", "="))


def is_operator(run: str, following: str) -> bool:
    """Whether symbols that stand together are an operator, alone or with the sign of what follows
    without a space.
    """
    return run in SYMBOLS or (run[-1] == "-" and run[:-1] in _BEFORE_SIGN and following != " ")


def no_operator(run: str) -> tuple[str, str | None]:
    """Message and help for symbols that are no operator."""
    if run == "**":
        words = "the language has no power operator (use power(x, n))"
    elif run in _ELSEWHERE:
        return f"`{run}` has no meaning here", f"write `{_ELSEWHERE[run]}`"
    else:
        words = f"`{run}` is no operator"
    elsewhere = _ELSEWHERE.get(run[0])
    return words, did_you_mean(run, SYMBOLS[:-1]) or (f"write `{elsewhere}`" if elsewhere else None)


def between(word: str, *, number: bool) -> tuple[str, str, str] | None:
    """Code, message and help for a word behind a value that was meant for an operator, or behind a
    number for a unit; None if it is near to none.
    """
    help_ = did_you_mean(word, (*_BETWEEN, *RESERVED_WORDS) if number else _BETWEEN)
    if help_ is None:
        return None
    if nearest(word, _BETWEEN) is not None:
        return "DD201", f"`{word}` is no operator", help_
    return "DD303", f"no unit `{word}`", help_


def before(word: str) -> str | None:
    """What was likely meant by a word with a value behind it, if `not`."""
    return did_you_mean(word, ("not",))


def no_symbol(text: str, position: int) -> str | None:
    """What helps somebody who wrote the character at `position`, which formulas do not have."""
    char = text[position]
    if char == "." and (text[:position][-1:] + text[position + 1 :][:1]).strip("0123456789") == "":
        return "write a digit on both sides of the point"
    return {
        "%": "a percentage is written `10%`, after a number",
        "^": "write power(x, n)",
        "[": "the language has no subscripts",
        ".": "the language has no attributes",
        "{": "the language has no braces",
        "；": "one formula a value",
        "≥": "write `>=`",
        "≤": "write `<=`",
        "≠": "write `!=`",
        "×": "write `*`",
        "÷": "write `/`",
    }.get(char)
