"""The command of parameters, and its options."""

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


@click.command()
@click.argument("company", required=False, metavar="[COMPANY]")
@packs_option
@config_option
@period_option
@as_of_option
@today_option
@set_option
@output_option("text (the default) or json")
@click.option("--all", "everything", is_flag=True, help="Layers, reference and uses of each.")
@language_option
@color_option
@click.pass_obj
def params(
    around: Surroundings,
    company: str | None,
    config: str | None,
    packs: tuple[str, ...],
    period: str | None,
    as_of: str | None,
    today: int | None,
    assumptions: tuple[str, ...],
    outputs: tuple[str, ...],
    everything: bool,
    language: str,
    no_color: bool,
) -> Outcome:
    """Every parameter as it holds for COMPANY, who set it, and whether it is looser.

    Without COMPANY those of all packs, as they hold today.
    """
    from ddcheck.engine.commands.params import ParamsOptions, run_params

    options = ParamsOptions(
        company, config, packs, period, as_of, around.day(today), assumptions, outputs, language,
        everything, around.version,
    )  # fmt: skip
    return run_params(options, around.screen(False if no_color else None))
