"""The command line: arguments in, a command called, its outcome delivered."""

from __future__ import annotations

import click

from ddcheck import __version__
from ddcheck.__main__ import COMMANDS, deliver, screen, this_day
from ddcheck.engine.arguments.analysis import compare, explain, facts, verify
from ddcheck.engine.arguments.bringing import import_, init
from ddcheck.engine.arguments.difference import diff
from ddcheck.engine.arguments.gate import gate
from ddcheck.engine.arguments.memo import memo
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
from ddcheck.engine.arguments.owning import test
from ddcheck.engine.arguments.params import params
from ddcheck.engine.commands.outcome import Outcome
from ddcheck.engine.text.suggest import did_you_mean

_LEVELS = "critical, high, medium, low or info"


class _Group(click.Group):
    """A group whose default command is `check`, and which knows what was probably meant."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`ddcheck FILE --option` means `ddcheck check FILE --option`."""
        first = next((word for word in args if not word.startswith("-")), None)
        own = {"--help", "-h", "--version"}
        if args and first not in COMMANDS and not (first is None and args[0] in own):
            args = ["check", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name="ddcheck")
def app() -> None:
    """A linter for companies: facts and rules in YAML, a graded report out.

    `ddcheck FILE…` is short for `ddcheck check FILE…`. Exit codes: 0 all was judged and nothing
    reached the gate, 1 something did, 2 could not judge, 3 a bug in ddcheck.
    """


@app.command()
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
        from ddcheck import watching

        return watching.watch(options, screen, today=today)
    return run_check(options, screen)


@app.command()
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


@app.command()
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


@app.command()
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


for command in (explain, facts, verify, compare, import_, init, gate, memo, test, diff, params):
    app.add_command(command)


def run(arguments: list[str]) -> int:
    """Run the command line on `arguments`; the exit code. Wrong usage is 2."""
    if not arguments:
        arguments = ["--help"]
    if arguments[0] == "verify":
        # What pypdf remarks on a damaged file is said by our own diagnostics.
        import logging

        logging.getLogger("pypdf").addHandler(logging.NullHandler())
    around = Surroundings(lambda color: screen(color=color), this_day, __version__)
    try:
        outcome = app.main(arguments, prog_name="ddcheck", standalone_mode=False, obj=around)
        return deliver(outcome) if isinstance(outcome, Outcome) else int(outcome or 0)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoSuchOption as error:
        hint = did_you_mean(error.option_name, error.possibilities or [])
        words = error.message.rstrip(".") + (f": {hint}" if hint else "")
        click.echo(f"ddcheck: DD313 error: {words}", err=True)
        return 2
    except click.ClickException as error:
        click.echo(f"ddcheck: DD313 error: {error.format_message()}", err=True)
        return 2
    except click.exceptions.Abort:
        return 130
