"""The rule owner's commands: test."""

from __future__ import annotations

import click

from ddcheck.engine.arguments.options import (
    Surroundings,
    color_option,
    config_option,
    language_option,
    output_option,
    packs_option,
)
from ddcheck.engine.commands.outcome import Outcome


@click.command()
@click.argument("paths", nargs=-1)
@packs_option
@config_option
@click.option("--coverage", is_flag=True, help="Name what no test reaches.")
@click.option("--mutate", is_flag=True, help="Name the changes of rules that no test notices.")
@click.option(
    "--fail-under", "least", type=click.FloatRange(0, 100), metavar="PERCENT",
    help="Exit 1 if less of what is asked is reached or noticed; 100 unless given.",
)  # fmt: skip
@output_option("text (the default), json or markdown")
@language_option
@color_option
@click.pass_obj
def test(
    around: Surroundings,
    paths: tuple[str, ...],
    packs: tuple[str, ...],
    config: str | None,
    coverage: bool,
    mutate: bool,
    least: float | None,
    outputs: tuple[str, ...],
    language: str,
    no_color: bool,
) -> Outcome:
    """Run the tests that stand beside the rules.

    Exit codes: 0 all passed, 1 a test failed or too little is reached or noticed, 2 could not test.
    """
    from ddcheck.engine.commands.testing import CaseOptions, run_test

    options = CaseOptions(paths, packs, coverage, mutate, least, outputs, language, config)
    return run_test(options, around.screen(False if no_color else None))
