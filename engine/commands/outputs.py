"""The formats in which a run is reported: each made from the one result, one entry a format.

`gate` writes all of them; `check` has a text and a JSON report of its own, and takes every other
format from here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from ddcheck.engine.commands.outcome import Screen
from ddcheck.engine.report.lines import WIDTH, plain
from ddcheck.engine.text.source import shipped_path

if TYPE_CHECKING:
    from ddcheck.engine.model.decision import GateResult


class Format(NamedTuple):
    """A format: what renders it, and whether the verdict line may stand below it.

    `render(result, screen, to_file=…)` gives the whole text; what it needs is imported there.
    """

    render: Callable[..., str]
    verdict_follows: bool


def _text(result: GateResult, screen: Screen, *, to_file: bool) -> str:
    from ddcheck.engine.report.gate import gate_report

    lines = gate_report(result)
    if screen.terminal and not to_file:
        from ddcheck.engine.report.terminal import render_terminal

        width = max(screen.width, WIDTH)
        return render_terminal(lines, width=width, color=screen.color, encoding=screen.encoding)
    return plain(lines, "utf-8" if to_file else screen.encoding)


def _json(result: GateResult, screen: Screen, *, to_file: bool) -> str:  # noqa: ARG001
    from ddcheck.engine.report.gate_json import render_gate_json

    return render_gate_json(result)


def _html(result: GateResult, screen: Screen, *, to_file: bool) -> str:  # noqa: ARG001
    from ddcheck.engine.report.html import render_html

    return render_html(result)


def _markdown(result: GateResult, screen: Screen, *, to_file: bool) -> str:  # noqa: ARG001
    from ddcheck.engine.report.markdown import render_markdown

    return render_markdown(result)


def _sarif(result: GateResult, screen: Screen, *, to_file: bool) -> str:  # noqa: ARG001
    from ddcheck.engine.report.sarif import render_sarif

    return render_sarif(result, shipped_path)


def _junit(result: GateResult, screen: Screen, *, to_file: bool) -> str:  # noqa: ARG001
    from ddcheck.engine.report.junit import render_junit

    return render_junit(result)


def _github(result: GateResult, screen: Screen, *, to_file: bool) -> str:  # noqa: ARG001
    from ddcheck.engine.report.github import render_github

    return render_github(result, shipped_path)


def _gitlab(result: GateResult, screen: Screen, *, to_file: bool) -> str:  # noqa: ARG001
    from ddcheck.engine.report.gitlab import render_gitlab

    return render_gitlab(result, shipped_path)


#: Every format of the gate's report, by the name that `--output` takes.
OUTPUTS: dict[str, Format] = {
    "text": Format(_text, verdict_follows=True),
    "json": Format(_json, verdict_follows=False),
    "html": Format(_html, verdict_follows=False),
    "markdown": Format(_markdown, verdict_follows=False),
    "sarif": Format(_sarif, verdict_follows=False),
    "junit": Format(_junit, verdict_follows=False),
    "github": Format(_github, verdict_follows=True),
    "gitlab": Format(_gitlab, verdict_follows=False),
}
