"""The command of differences, and its options."""

from __future__ import annotations

import click

from ddcheck.engine.arguments.options import (
    Surroundings,
    as_of_option,
    color_option,
    language_option,
    output_option,
    packs_option,
    today_option,
)
from ddcheck.engine.commands.outcome import Outcome


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", required=False, metavar="[NEW]")
@click.option(
    "--config", metavar="FILE", help="The policy file; ddcheck.yaml here, if there is one."
)
@packs_option
@click.option(
    "--companies", metavar="DIR",
    help="The companies that packs are applied to; those of NEW's project without it.",
)  # fmt: skip
@today_option
@as_of_option
@output_option("text (the default), markdown or json")
@click.option("--exit-code", is_flag=True, help="Exit 1 if anything changes, as git diff does.")
@language_option
@click.option("--all", "everything", is_flag=True, help="Every change, figures and words too.")
@color_option
@click.pass_obj
def diff(
    around: Surroundings,
    old: str,
    new: str | None,
    config: str | None,
    packs: tuple[str, ...],
    companies: str | None,
    today: int | None,
    as_of: str | None,
    outputs: tuple[str, ...],
    exit_code: bool,
    language: str,
    everything: bool,
    no_color: bool,
) -> Outcome:
    """What changes from OLD to NEW: verdicts, grades, facts and definitions of every company.

    Each is a pack, a company, a folder of either, a project, or a git revision of one: HEAD~1,
    HEAD~1:rules, HEAD~1:companies/acme.yaml. Without NEW a revision is compared with the working
    tree. Exit codes: 0 whatever changes, 2 if a side could not be judged.
    """
    from ddcheck.engine.commands.difference import DiffOptions, run_diff

    options = DiffOptions(
        old, new, config, packs, companies, as_of, around.day(today), outputs, exit_code,
        everything, language, around.version,
    )  # fmt: skip
    return run_diff(options, around.screen(False if no_color else None))
