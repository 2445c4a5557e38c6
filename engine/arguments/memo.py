"""The commands on memos: suggest and fmt."""

from __future__ import annotations

import click

from ddcheck.engine.arguments.options import (
    Surroundings,
    config_option,
    language_option,
    packs_option,
    today_option,
)
from ddcheck.engine.commands.outcome import Outcome


@click.group()
def memo() -> None:
    """Write tags into a memo."""


@memo.command("suggest")
@click.argument("paths", nargs=-1, required=True, metavar="MEMO…")
@click.option("--write", is_flag=True, help="Write what is clear instead of showing it.")
@packs_option
@config_option
@today_option
@language_option
@click.pass_obj
def suggest(
    around: Surroundings,
    paths: tuple[str, ...],
    write: bool,
    packs: tuple[str, ...],
    config: str | None,
    today: int | None,
    language: str,
) -> Outcome:
    """A tag for every number without one that a fact or metric clearly bears out.

    The prose stays as it is; what is doubtful is listed and left to you.
    """
    from ddcheck.engine.commands.memo import MemoOptions, run_suggest

    options = MemoOptions(paths, write, packs, around.day(today), language, config)
    return run_suggest(options, around.screen(None))


@memo.command("fmt")
@click.argument("paths", nargs=-1, required=True, metavar="MEMO…")
@click.option("--write", is_flag=True, help="Write the memo instead of showing the difference.")
def fmt(paths: tuple[str, ...], write: bool) -> Outcome:
    """Every tag in one form: links for comments, canonical periods and spacing."""
    from ddcheck.engine.commands.memo import MemoOptions, run_fmt

    return run_fmt(MemoOptions(paths, write))
