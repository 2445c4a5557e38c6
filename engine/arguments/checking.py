"""The main command: check."""

from __future__ import annotations

import click

from ddcheck.engine.arguments.options import (
    Surroundings,
    as_of_option,
    color_option,
    config_option,
    language_option,
    output_option,
    packs_option,
    period_option,
    set_option,
    today_option,
)
from ddcheck.engine.commands.outcome import Outcome

_LEVELS = "critical, high, medium, low or info"


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="COMPANY…")
@packs_option
@config_option
@period_option
@as_of_option
@today_option
@set_option
@output_option("text (the default), json, requests, html, markdown, sarif, junit, github or gitlab")
@click.option(
    "--fail-on", metavar="LEVEL[,unknown]",
    help=f"Exit 1 if a flag is at or above LEVEL: {_LEVELS}; with `unknown`, if a rule is.",
)  # fmt: skip
@click.option(
    "--all", "everything", is_flag=True, help="Every metric, finding, request and source."
)
@click.option("--watch", is_flag=True, help="Check again after every save, until Ctrl-C.")
@language_option
@color_option
@click.pass_obj
def check(
    around: Surroundings,
    paths: tuple[str, ...],
    packs: tuple[str, ...],
    config: str | None,
    period: str | None,
    as_of: str | None,
    today: int | None,
    assumptions: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str | None,
    everything: bool,
    watch: bool,
    language: str,
    no_color: bool,
) -> Outcome | int:
    """Report on each company (file, or id in companies/) and memo (.md, .docx); or a folder."""
    from ddcheck.engine.commands.check import CheckOptions, run_check

    options = CheckOptions(
        paths, packs, period, as_of, around.day(today), outputs, fail_on, everything,
        around.version, assumptions, language, config,
    )  # fmt: skip
    screen = around.screen(False if no_color else None)
    if watch:
        return around.watch(options, screen, today)
    return run_check(options, screen)
