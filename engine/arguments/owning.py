"""The rule owner's commands: lint, test, rules and schema."""

from __future__ import annotations

import click

from ddcheck.engine.arguments.options import (
    Surroundings,
    color_option,
    config_option,
    language_option,
    output_option,
    packs_option,
    today_option,
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
@click.option(
    "--no-cache", is_flag=True, help="Run every test, also what passed before and is unchanged."
)
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
    no_cache: bool,
    outputs: tuple[str, ...],
    language: str,
    no_color: bool,
) -> Outcome:
    """Run the tests that stand beside the rules.

    Exit codes: 0 all passed, 1 a test failed or too little is reached or noticed, 2 could not test.
    """
    from ddcheck.engine.commands.testing import CaseOptions, run_test

    cache = None if no_cache else around.cache()
    options = CaseOptions(
        paths, packs, coverage, mutate, least, outputs, language, config, cache
    )  # fmt: skip
    return run_test(options, around.screen(False if no_color else None))


@click.command()
@click.argument("paths", nargs=-1)
@packs_option
@config_option
@today_option
@click.pass_obj
def lint(
    around: Surroundings,
    paths: tuple[str, ...],
    packs: tuple[str, ...],
    config: str | None,
    today: int | None,
) -> Outcome:
    """Every mistake in packs, company files, policies, waivers and baselines, at its place."""
    from ddcheck.engine.commands.lint import run_lint

    return run_lint(paths, packs, around.day(today), config)


@click.command()
@click.argument("ident", required=False, metavar="[ID]")
@packs_option
@config_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    help="text (the default), or markdown: the pages of the documentation.",
)
@click.option(
    "--directory",
    metavar="DIR",
    help="Write the Markdown pages into DIR, one for each file of a pack.",
)
@language_option
@click.pass_obj
def rules(
    around: Surroundings,
    ident: str | None,
    packs: tuple[str, ...],
    config: str | None,
    form: str,
    directory: str | None,
    language: str,
) -> Outcome:
    """The catalogue of metrics and rules, or one entry (or diagnostic code) in full."""
    from ddcheck.engine.commands.catalogue import RulesOptions, run_rules

    options = RulesOptions(ident, packs, form, directory, language, config)
    return run_rules(options, around.screen(None))


@click.command()
@click.argument("kind", required=False, metavar="[KIND]")
@click.option(
    "--with-vocabulary",
    "vocabulary",
    is_flag=True,
    help="Put in the names of the packs (concepts, metrics, rules, units), for an editor.",
)
@packs_option
@config_option
def schema(
    kind: str | None, vocabulary: bool, packs: tuple[str, ...], config: str | None
) -> Outcome:
    """The JSON Schema of a kind of file, or the list of kinds."""
    from ddcheck.engine.commands.catalogue import SchemaOptions, run_schema

    return run_schema(SchemaOptions(kind, vocabulary, packs, config))
