"""GitHub's workflow commands: problems as annotations at their lines, and nothing else.

The platform shows ten annotations of each level for a step, so the worst ten are written and a
line says how many more there are. The whole report belongs into the job summary.
"""

from __future__ import annotations

from collections.abc import Callable

from ddcheck.engine.model.decision import ERROR, NOTE, WARNING, GateResult
from ddcheck.engine.report.problems import LEVELS, Problem, problems_of
from ddcheck.engine.text.translate import say

#: How many annotations of one level a step shows.
MOST = 10
_COMMANDS = {ERROR: "error", WARNING: "warning", NOTE: "notice"}


def render_github(result: GateResult, relative: Callable[[str], str] = str) -> str:
    """A command a line for the worst problems of each level, then how many more there are.

    `relative` gives a path as it is from the folder that ddcheck ran in.
    """
    found = problems_of(result)
    lines: list[str] = []
    more: list[str] = []
    for level in LEVELS:
        items = [item for item in found if item.level == level]
        lines += [_command(item, relative) for item in items[:MOST]]
        if len(items) > MOST:
            words = {
                ERROR: "{count} more errors",
                WARNING: "{count} more warnings",
                NOTE: "{count} more notes",
            }[level]
            more.append(say(result.language, words, count=len(items) - MOST))
    if more:
        joined = ("、" if result.language == "zh" else ", ").join(more)
        words = "{more} are not shown as annotations: see the summary"
        lines.append(say(result.language, words, more=joined))
    return "".join(f"{line}\n" for line in lines)


def _command(item: Problem, relative: Callable[[str], str]) -> str:
    pairs: list[tuple[str, str]] = []
    spot = item.spot
    if spot is not None:
        pairs.append(("file", relative(spot.path)))
    if spot is not None and spot.line:
        pairs += [("line", str(spot.line)), ("endLine", str(spot.end_line))]
        if spot.line == spot.end_line and spot.column:
            pairs += [("col", str(spot.column)), ("endColumn", str(spot.end_column))]
    title = f"{item.about}: {item.title}" if item.about and item.about != item.title else item.title
    pairs.append(("title", title))
    message = item.message if item.accepted is None else f"{item.message} [{item.accepted}]"
    properties = ",".join(f"{name}={_property(value)}" for name, value in pairs)
    return f"::{_COMMANDS[item.level]} {properties}::{_data(message)}"


def _data(text: str) -> str:
    """Text behind a command: the sign of an escape first, then what would end the line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A value before a command's text, where colons and commas mean something as well."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
