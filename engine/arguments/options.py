"""Options that several commands share, and the types of their values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ddcheck.engine.commands.outcome import Screen
from ddcheck.engine.text.shape import parse_day
from ddcheck.engine.text.translate import LANGUAGES

if TYPE_CHECKING:
    from ddcheck.engine.commands.check import CheckOptions


class Surroundings(NamedTuple):
    """What a command may know of the process it runs in; `screen` takes `color`, `cache` is the
    folder of what may be kept from run to run, `watch` checks until it is stopped.
    """

    screen: Callable[[bool | None], Screen]
    this_day: Callable[[], int]
    version: str
    cache: Callable[[], str | None]
    watch: Callable[[CheckOptions, Screen, int | None], int]

    def day(self, today: int | None) -> int:
        """The day to take for today: the one asked for, or the clock's."""
        return today if today is not None else self.this_day()


class Day(click.ParamType[int]):
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


packs_option = click.option(
    "--pack", "packs", multiple=True, metavar="NAME|PATH",
    help="A shipped pack, or the folder of one of your own; may be given several times.",
)  # fmt: skip
config_option = click.option(
    "--config", metavar="FILE", help="The policy file; ddcheck.yaml here, if there is one."
)
as_of_option = click.option(
    "--as-of", metavar="DATE", help="Only what had been published by DATE (2024-02-06)."
)
period_option = click.option(
    "--period", metavar="PERIOD", help="Judge at this period: FY2021, 2021Q1, 9M2023, 2021-03-31."
)
today_option = click.option(
    "--today", type=Day(), default=None, metavar="DATE", help="The day to take for today."
)
set_option = click.option(
    "--set", "assumptions", multiple=True, metavar="NAME[@PERIOD]=VALUE",
    help="What if: assume a fact, a metric or a parameter; may be given several times.",
)  # fmt: skip
language_option = click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True,
    help="The language of the report.",
)  # fmt: skip
color_option = click.option("--no-color", is_flag=True, help="No colors, even on a terminal.")


def output_option(formats: str) -> Callable[[Any], Any]:
    """`--output`, repeatable, with the formats that a command knows in words."""
    return click.option(
        "--output", "outputs", multiple=True, metavar="FORMAT[:FILE]",
        help=f"{formats}; may be given several times.",
    )  # fmt: skip
