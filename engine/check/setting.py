"""Settings: what `--set` says, taken apart with the place of every part."""

from __future__ import annotations

import re
from typing import NamedTuple

from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.source import Source

_FORM = re.compile(
    r"(?:(?P<company>[^:=@\[\]]+):)?(?P<name>[^:=@\[\]]+)"
    r"(?:\[(?P<by>[^:=@\[\]]+):(?P<member>[^:=@\[\]]+)\])?"
    r"(?:@(?P<period>[^=@]+))?=(?P<value>.*)\Z"
)
_HELP = "write NAME=VALUE or NAME@PERIOD=VALUE, for example `revenue@FY2022=150 USD million`"


class Setting(NamedTuple):
    """One `--set`, its parts with their places; `text` is the option as written."""

    text: str
    company: Scalar | None
    name: Scalar
    by: Scalar | None
    member: Scalar | None
    period: Scalar | None
    value: Scalar


def read_settings(written: tuple[str, ...], report: Report) -> list[Setting]:
    """Every option that has the form of one (DD530 for the others).

    To diagnostics the options are a file of their own, one a line.
    """
    # Bytes of the command line that are no text are shown as such, and can be written as JSON.
    texts = (text.encode("utf-8", "backslashreplace").decode() for text in written)
    lines = [" ".join(text.split()) for text in texts]
    source = Source(ASSUMED, "\n".join(lines))
    found = []
    for number, text in enumerate(lines, 1):
        match = _FORM.match(text)
        if match is None:
            report.at("DD530", source, number, 1, f"cannot read `{text[:80]}`", _HELP, len(text))
            continue
        name, value = _part(match, "name", source, number), _part(match, "value", source, number)
        assert name is not None
        assert value is not None
        company, by, member, period = (
            _part(match, group, source, number) for group in ("company", "by", "member", "period")
        )
        found.append(Setting(text, company, name, by, member, period, value))
    return found


def _part(match: re.Match[str], group: str, source: Source, number: int) -> Scalar | None:
    """A part of an option as a scalar at its place; None where it is not written."""
    text: str | None = match[group]
    if text is None:
        return None
    column = match.start(group) + len(text) - len(text.lstrip()) + 1
    return Scalar(source, text.strip(), None, number, column, 0)
