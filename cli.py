"""The command line: arguments in, a command called, its outcome delivered."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from ddcheck import __version__
from ddcheck.__main__ import COMMANDS, cache_folder, deliver, screen, this_day
from ddcheck.engine.arguments.options import Surroundings
from ddcheck.engine.commands.outcome import Outcome
from ddcheck.engine.text.suggest import did_you_mean

if TYPE_CHECKING:
    from ddcheck.engine.commands.check import CheckOptions
    from ddcheck.engine.commands.outcome import Screen

#: The module of `engine.arguments` in which each command is; no other is read for it.
HOMES = {
    "check": "checking", "lint": "owning", "test": "owning", "rules": "owning", "schema": "owning",
    "explain": "analysis", "facts": "analysis", "verify": "analysis", "compare": "analysis",
    "import": "bringing", "init": "bringing", "gate": "gate", "memo": "memo", "diff": "difference",
    "params": "params",
}  # fmt: skip


class _Group(click.Group):
    """A group whose default command is `check`, and which knows what was probably meant."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`ddcheck FILE --option` means `ddcheck check FILE --option`."""
        first = next((word for word in args if not word.startswith("-")), None)
        own = {"--help", "-h", "--version"}
        if args and first not in COMMANDS and not (first is None and args[0] in own):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """The names of all commands."""
        return sorted(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - as click calls it
        cmd_name: str,
    ) -> click.Command | None:
        """The command called `cmd_name`, read when it is asked for."""
        if cmd_name not in HOMES:
            return None
        module = import_module(f"ddcheck.engine.arguments.{HOMES[cmd_name]}")
        # `import` is a word of the language.
        found = getattr(module, "import_" if cmd_name == "import" else cmd_name)
        assert isinstance(found, click.Command)
        return found


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name="ddcheck")
def app() -> None:
    """A linter for companies: facts and rules in YAML, a graded report out.

    `ddcheck FILE…` is short for `ddcheck check FILE…`. Exit codes: 0 all was judged and nothing
    reached the gate, 1 something did, 2 could not judge, 3 a bug in ddcheck.
    """


def _watch(options: CheckOptions, screen: Screen, today: int | None) -> int:
    from ddcheck import watching

    return watching.watch(options, screen, today=today)


def run(arguments: list[str]) -> int:
    """Run the command line on `arguments`; the exit code. Wrong usage is 2."""
    if not arguments:
        arguments = ["--help"]
    if arguments[0] == "verify":
        # What pypdf remarks on a damaged file is said by our own diagnostics.
        import logging

        logging.getLogger("pypdf").addHandler(logging.NullHandler())
    around = Surroundings(
        lambda color: screen(color=color), this_day, __version__, cache_folder, _watch
    )
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
