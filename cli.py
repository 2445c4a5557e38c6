"""The command line: arguments in, a command called, its outcome delivered."""

from __future__ import annotations

from typing import Any

import click

from ddcheck import __version__
from ddcheck.__main__ import COMMANDS, deliver, screen, this_day
from ddcheck.engine.text.shape import parse_day
from ddcheck.engine.text.suggest import did_you_mean

_LEVELS = "critical, high, medium, low or info"


class _Day(click.ParamType[int]):
    """A date as an ordinal."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The ordinal of `value`, or a usage error."""
        if isinstance(value, int):
            return value
        day = parse_day(str(value))
        if day is None:
            self.fail(f"{value!r} is not a date; write it as 2024-02-06", param, ctx)
        return day


class _Group(click.Group):
    """A group whose default command is `check`, and which knows what was probably meant."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`ddcheck FILE --option` means `ddcheck check FILE --option`."""
        first = next((word for word in args if not word.startswith("-")), None)
        own = {"--help", "-h", "--version"}
        if args and first not in COMMANDS and not (first is None and args[0] in own):
            args = ["check", *args]
        return super().parse_args(ctx, args)


packs_option = click.option(
    "--pack", "packs", multiple=True, metavar="NAME|PATH",
    help="A shipped pack, or the folder of one of your own; may be given several times.",
)  # fmt: skip
as_of_option = click.option(
    "--as-of", metavar="DATE", help="Only what had been published by DATE (2024-02-06)."
)
period_option = click.option(
    "--period", metavar="PERIOD", help="Judge at this period: FY2021, 2021Q1, 9M2023, 2021-03-31."
)
today_option = click.option(
    "--today", type=_Day(), default=None, metavar="DATE", help="The day to take for today."
)


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
@period_option
@as_of_option
@today_option
@click.option(
    "--output", "outputs", multiple=True, metavar="FORMAT[:FILE]",
    help="text (the default) or json; may be given several times.",
)  # fmt: skip
@click.option(
    "--fail-on", metavar="LEVEL[,unknown]",
    help=f"Exit 1 if a flag is at or above LEVEL: {_LEVELS}; with `unknown`, if a rule is.",
)  # fmt: skip
@click.option(
    "--all", "everything", is_flag=True, help="Every metric, finding, request and source."
)
@click.option("--no-color", is_flag=True, help="No colors, even on a terminal.")
def check(
    paths: tuple[str, ...],
    packs: tuple[str, ...],
    period: str | None,
    as_of: str | None,
    today: int | None,
    outputs: tuple[str, ...],
    fail_on: str | None,
    everything: bool,
    no_color: bool,
) -> int:
    """Report on each COMPANY: a file, the id of a file in companies/, or a folder."""
    from ddcheck.engine.commands.check import CheckOptions, run_check

    options = CheckOptions(
        paths, packs, period, as_of, _today(today), outputs, fail_on, everything, __version__
    )
    return deliver(run_check(options, screen(color=False if no_color else None)))


@app.command()
@click.argument("company")
@click.argument("concept", required=False)
@packs_option
@as_of_option
@click.option("--output", default="text", metavar="FORMAT[:FILE]", help="text, json or csv.")
def facts(
    company: str,
    concept: str | None,
    packs: tuple[str, ...],
    as_of: str | None,
    output: str,
) -> int:
    """Every fact of COMPANY, or of one CONCEPT, with its source and place."""
    from ddcheck.engine.commands.facts import run_facts

    return deliver(run_facts(company, concept, packs, as_of, output, screen()))


@app.command()
@click.argument("company")
@click.argument("ident", metavar="ID")
@packs_option
@period_option
@as_of_option
@today_option
def explain(
    company: str,
    ident: str,
    packs: tuple[str, ...],
    period: str | None,
    as_of: str | None,
    today: int | None,
) -> int:
    """Work out one metric or rule: formula, numbers put in, sources."""
    from ddcheck.engine.commands.explain import run_explain

    return deliver(run_explain(company, ident, packs, period, as_of, _today(today), screen()))


@app.command()
@click.argument("paths", nargs=-1)
@packs_option
def lint(paths: tuple[str, ...], packs: tuple[str, ...]) -> int:
    """Every mistake in packs and company files, at its place."""
    from ddcheck.engine.commands.lint import run_lint

    return deliver(run_lint(paths, packs))


@app.command()
@click.argument("paths", nargs=-1)
@packs_option
def test(paths: tuple[str, ...], packs: tuple[str, ...]) -> int:
    """Run the tests that stand beside the rules."""
    from ddcheck.engine.commands.testing import run_test

    return deliver(run_test(paths, packs))


@app.command()
@click.argument("ident", required=False, metavar="[ID]")
@packs_option
def rules(ident: str | None, packs: tuple[str, ...]) -> int:
    """The catalogue of metrics and rules, or one entry in full."""
    from ddcheck.engine.commands.catalogue import run_rules

    return deliver(run_rules(ident, packs, screen()))


@app.command()
@click.argument("kind", required=False, metavar="[KIND]")
def schema(kind: str | None) -> int:
    """The JSON Schema of a kind of file, or the list of kinds."""
    from ddcheck.engine.commands.catalogue import run_schema

    return deliver(run_schema(kind))


def run(arguments: list[str]) -> int:
    """Run the command line on `arguments`; the exit code. Wrong usage is 2."""
    if not arguments:
        arguments = ["--help"]
    try:
        return int(app.main(arguments, prog_name="ddcheck", standalone_mode=False) or 0)
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


def _today(today: int | None) -> int:
    return today if today is not None else this_day()
