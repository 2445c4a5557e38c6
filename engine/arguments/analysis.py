"""The analyst's commands: explain, facts, verify, compare."""

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
@click.argument("company")
@click.argument("ident", metavar="ID")
@packs_option
@config_option
@period_option
@as_of_option
@today_option
@set_option
@output_option("text (the default) or json")
@language_option
@color_option
@click.pass_obj
def explain(
    around: Surroundings,
    company: str,
    ident: str,
    packs: tuple[str, ...],
    config: str | None,
    period: str | None,
    as_of: str | None,
    today: int | None,
    assumptions: tuple[str, ...],
    outputs: tuple[str, ...],
    language: str,
    no_color: bool,
) -> Outcome:
    """Work out one metric, rule or concept: formula, numbers put in, each step, sources."""
    from ddcheck.engine.commands.explain import ExplainOptions, run_explain

    options = ExplainOptions(
        company,
        ident,
        packs,
        period,
        as_of,
        around.day(today),
        assumptions,
        outputs,
        language,
        config,
    )
    return run_explain(options, around.screen(False if no_color else None))


@click.command()
@click.argument("company")
@click.argument("concept", required=False)
@packs_option
@config_option
@as_of_option
@click.option(
    "--output", default="text", metavar="FORMAT[:FILE]", help="text, json, csv or xlsx:FILE."
)
@click.option("--why", is_flag=True, help="Why each fact counts, or does not.")
@language_option
@click.pass_obj
def facts(
    around: Surroundings,
    company: str,
    concept: str | None,
    packs: tuple[str, ...],
    config: str | None,
    as_of: str | None,
    output: str,
    why: bool,
    language: str,
) -> Outcome:
    """Every fact of COMPANY, or of one CONCEPT, with its source and place."""
    from ddcheck.engine.commands.facts import FactsOptions, run_facts

    options = FactsOptions(company, concept, packs, as_of, output, why, language, config)
    return run_facts(options, around.screen(None))


@click.command()
@click.argument("company")
@click.option(
    "--sources", "folder", required=True, metavar="DIR", help="Where the copies of sources lie."
)
@click.option(
    "--source", "only", multiple=True, metavar="ID", help="Only the facts of this source."
)
@packs_option
@config_option
@output_option("text (the default) or json")
@click.option("--all", "everything", is_flag=True, help="List every fact, not only the doubtful.")
@language_option
@color_option
@click.pass_obj
def verify(
    around: Surroundings,
    company: str,
    folder: str,
    only: tuple[str, ...],
    packs: tuple[str, ...],
    config: str | None,
    outputs: tuple[str, ...],
    everything: bool,
    language: str,
    no_color: bool,
) -> Outcome:
    """Look for the printed text of every fact of COMPANY in the local copies of its sources.

    Exit codes: 0 every fact was found, 1 some was not found or differs, 2 could not look.
    """
    from ddcheck.engine.commands.verify import VerifyOptions, run_verify

    options = VerifyOptions(company, folder, only, packs, outputs, everything, language, config)
    return run_verify(options, around.screen(False if no_color else None))


@click.command()
@click.argument("companies", nargs=-1, required=True, metavar="COMPANY…")
@packs_option
@config_option
@period_option
@as_of_option
@today_option
@set_option
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="ID",
    help="Only these, in this order: metrics, concepts, rules.",
)
@output_option("text (the default), json or csv")
@click.option("--all", "everything", is_flag=True, help="Every metric and rule, known or not.")
@language_option
@color_option
@click.pass_obj
def compare(
    around: Surroundings,
    companies: tuple[str, ...],
    packs: tuple[str, ...],
    config: str | None,
    period: str | None,
    as_of: str | None,
    today: int | None,
    assumptions: tuple[str, ...],
    metrics: tuple[str, ...],
    outputs: tuple[str, ...],
    everything: bool,
    language: str,
    no_color: bool,
) -> Outcome:
    """Companies side by side: metrics in rows, companies in columns."""
    from ddcheck.engine.commands.compare import CompareOptions, run_compare

    options = CompareOptions(
        companies, packs, period, as_of, around.day(today), assumptions, metrics, outputs,
        everything, language, config,
    )  # fmt: skip
    return run_compare(options, around.screen(False if no_color else None))
