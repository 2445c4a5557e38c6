"""The command of the gate, and its options."""

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
    today_option,
)
from ddcheck.engine.commands.outcome import Outcome


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@config_option
@packs_option
@click.option(
    "--policy-ref", metavar="REF",
    help="Policy, packs, waivers and baseline are read from this git commit.",
)  # fmt: skip
@click.option("--baseline", metavar="FILE", help="What was known before: only what is new fails.")
@click.option("--write-baseline", is_flag=True, help="Write what fails now as the baseline.")
@click.option(
    "--strict-baseline", is_flag=True, help="Entries of the baseline that no longer occur fail."
)
@click.option(
    "--baseline-ref", metavar="REF",
    help="What was up in this git commit, by its own facts and rules, was known before.",
)  # fmt: skip
@click.option(
    "--fail-on", metavar="LEVEL[,unknown]",
    help="The severity from which a flag fails, in place of the policy's.",
)  # fmt: skip
@today_option
@as_of_option
@period_option
@output_option("text (the default), json, html, markdown, sarif, junit, github or gitlab")
@language_option
@click.option("--all", "everything", is_flag=True, help="What is below the level as well.")
@color_option
@click.pass_obj
def gate(
    around: Surroundings,
    paths: tuple[str, ...],
    config: str | None,
    packs: tuple[str, ...],
    policy_ref: str | None,
    baseline: str | None,
    write_baseline: bool,
    strict_baseline: bool,
    baseline_ref: str | None,
    fail_on: str | None,
    today: int | None,
    as_of: str | None,
    period: str | None,
    outputs: tuple[str, ...],
    language: str,
    everything: bool,
    no_color: bool,
) -> Outcome:
    """Decide whether companies and memos may pass, by policy, waivers and baseline.

    PATH is a company file or id, a memo (.md) or a folder of either; without it the folders of the
    policy. Exit codes: 0 nothing fails, 1 something does, 2 something could not be judged.
    """
    from ddcheck.engine.commands.gate import GateOptions, run_gate

    options = GateOptions(
        paths, config, packs, policy_ref, baseline, write_baseline, strict_baseline, baseline_ref,
        fail_on, around.day(today), as_of, period, outputs, language, everything, around.version,
    )  # fmt: skip
    return run_gate(options, around.screen(False if no_color else None))
