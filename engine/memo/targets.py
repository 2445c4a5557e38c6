"""What a claim points at: `dd:[company/]NAME[@PERIOD][?as=… | ?is=… | ?from=…]`.

NAME is a fact or metric, `flag/ID`, `source/ID` or `=EXPRESSION`; PERIOD is one period or two with
`..` between them: what a file states so (`2022Q3..2023Q1`), or the ends of a trend. Whether a name
or period exists is for `memo.verdict` to say.
"""

from __future__ import annotations

import re

from ddcheck.engine.model.memo import Target
from ddcheck.engine.text.suggest import did_you_mean

SCHEME = "dd:"
#: Words that no company may be called: they would be read as kinds.
KINDS = ("flag", "source")
MODES = ("trunc", "approx", "min", "max")
_OPTIONS = ("as", "is", "from")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z", re.ASCII)
_ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z", re.ASCII)
_COMPANY = re.compile(r"[a-z0-9][a-z0-9_-]*\Z", re.ASCII)
_MAX_LENGTH = 1200


class TargetError(Exception):
    """A tag that cannot be read: what is wrong with it, and what helps."""

    def __init__(self, message: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(message)
        self.message = message
        self.help = help


def is_company(name: str) -> bool:
    """Whether a company can have the id `name`."""
    return _COMPANY.match(name) is not None


def is_target(href: str) -> bool:
    """Whether a link (or comment) is one of ours; `DD:` and `dd :` are, and will be refused."""
    return re.match(r"dd\s*:", href, re.IGNORECASE) is not None


def parse_target(text: str) -> Target:
    """The target that `text` writes. Raises TargetError."""
    if len(text) > _MAX_LENGTH:
        raise TargetError(f"a tag of more than {_MAX_LENGTH} characters")
    if not text.startswith(SCHEME):
        raise TargetError(f"a tag begins with `{SCHEME}`", "write it small and without spaces")
    rest = _decoded(text[len(SCHEME) :])
    if rest.lstrip().startswith("="):
        return _expression(None, rest.lstrip()[1:], text)
    company, slash, behind = rest.partition("/")
    if slash and company not in KINDS:
        if not _COMPANY.match(company):
            raise TargetError(f"`{company}` cannot be a company's id")
        if behind.lstrip().startswith("="):
            return _expression(company, behind.lstrip()[1:], text)
        rest = behind
    else:
        company = ""
    rest, mode, trend, source = _options(rest, text)
    rest, periods = _periods(rest)
    kind, slash, ident = rest.partition("/")
    if slash:
        if kind not in KINDS:
            raise TargetError(
                f"`{kind}/` is neither `flag/` nor `source/`", did_you_mean(kind, KINDS)
            )
        if not _ID.match(ident):
            raise TargetError(f"no id behind `{kind}/`", f"write for example `dd:{kind}/some-id`")
        if periods or mode or trend or source:
            raise TargetError(f"a `{kind}/` tag takes neither a period nor an option")
        return Target(company or None, kind, ident, (), None, None, text)
    if not _NAME.match(rest):
        raise TargetError(
            f"no fact or metric can be called `{rest}`", "write for example `dd:revenue@FY2021`"
        )
    if trend is not None and len(periods) != 2:
        raise TargetError("a trend needs a range of periods", "write `@FY2020..FY2022`")
    if source is not None and not periods:
        raise TargetError("a source's own figure needs a period", "write it behind `@`")
    return Target(company or None, "value", rest, periods, mode, trend, text, source)


def _expression(company: str | None, rest: str, text: str) -> Target:
    """`=EXPRESSION@PERIOD?as=…`; an expression has no `@` and no `?`."""
    rest, mode, trend, source = _options(rest, text)
    rest, periods = _periods(rest)
    if not rest.strip():
        raise TargetError("no expression behind `=`")
    if source is not None:
        raise TargetError("no source prints an expression", "leave out `?from=`")
    return Target(company, "expression", rest.strip(), periods, mode, trend, text)


def _options(rest: str, text: str) -> tuple[str, str | None, str | None, str | None]:
    """What stands before the option, and the mode, trend or source that it names."""
    front, mark, written = rest.partition("?")
    if not mark:
        return rest, None, None, None
    name, equals, value = written.partition("=")
    if name not in _OPTIONS or not equals:
        raise TargetError(
            f"no option `{written}` in `{text}`",
            did_you_mean(name, _OPTIONS) or "options: `?as=trunc`, `?is=rising`, `?from=source`",
        )
    if name == "as":
        if value not in MODES:
            raise TargetError(
                f"no way to read a number called `{value}`",
                did_you_mean(value, MODES) or f"one of {', '.join(MODES)}",
            )
        return front, value, None, None
    if not _ID.match(value):
        what, example = ("trend", "?is=rising") if name == "is" else ("source", "?from=some-id")
        raise TargetError(f"no {what} behind `?{name}=`", f"write for example `{example}`")
    return (front, None, value, None) if name == "is" else (front, None, None, value)


def _periods(rest: str) -> tuple[str, tuple[str, ...]]:
    name, mark, written = rest.partition("@")
    if not mark:
        return rest, ()
    first, dots, last = written.partition("..")
    if not first.strip() or (dots and not last.strip()):
        raise TargetError(
            "no period behind `@`", "write for example `@FY2021` or `@FY2020..FY2022`"
        )
    return name, (first.strip(), last.strip()) if dots else (first.strip(),)


def _decoded(text: str) -> str:
    """Editors write a space in a link as `%20`."""
    from urllib.parse import unquote

    return unquote(text) if "%" in text else text
