"""Commands that bring data in: import and init."""

from __future__ import annotations

import click

from ddcheck.engine.arguments.options import (
    Surroundings,
    config_option,
    language_option,
    packs_option,
)
from ddcheck.engine.commands.outcome import Outcome


@click.group("import")
def import_() -> None:
    """Make a company file from a printed statement."""


@import_.command("table")
@click.argument("path", metavar="FILE")
@click.option(
    "-o", "--out", "out", required=True, metavar="FILE", help="The company file to write."
)
@click.option("--sheet", "sheets", multiple=True, metavar="NAME", help="Only this sheet.")
@click.option("--map", "map_path", metavar="FILE", help="Where labels are settled, and kept.")
@click.option("--company", "company", metavar="ID", help="The company's id.")
@click.option("--name", metavar="NAME", help="The company's name.")
@click.option("--currency", metavar="CODE", help="The currency of its statements: USD.")
@click.option("--unit", metavar="UNIT", help="What the figures are in, if no head says so.")
@click.option("--fiscal-year-end", metavar="MM-DD", help="The last day of its year: 12-31.")
@click.option("--tags", metavar="TAG,TAG", help="What packs know it by: saas,listed.")
@click.option("--source", "source", metavar="ID", help="The id of the source.")
@click.option("--title", metavar="TEXT", help="The title of the source.")
@click.option("--publisher", metavar="NAME", help="Who published the source.")
@click.option("--tier", metavar="TIER", help="Its standing: audited, filing, … management.")
@click.option("--published", metavar="DATE", help="The day it was published.")
@click.option("--url", metavar="URL", help="Where it can be read.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@packs_option
@config_option
@language_option
@click.pass_obj
def table(
    around: Surroundings,
    path: str,
    out: str,
    sheets: tuple[str, ...],
    map_path: str | None,
    company: str | None,
    name: str | None,
    currency: str | None,
    unit: str | None,
    fiscal_year_end: str | None,
    tags: str | None,
    source: str | None,
    title: str | None,
    publisher: str | None,
    tier: str | None,
    published: str | None,
    url: str | None,
    force: bool,
    packs: tuple[str, ...],
    config: str | None,
    language: str,
) -> Outcome:
    """A company file from FILE, a spreadsheet (.xlsx) or a table (.csv) of printed statements.

    Labels stand in the first column, in English or Chinese, periods across.
    """
    from ddcheck.engine.commands.importing import ImportOptions, run_import

    options = ImportOptions(
        path, out, sheets, map_path, company, name, currency, unit, fiscal_year_end, tags, source,
        title, publisher, tier, published, url, force, packs, language, config,
    )  # fmt: skip
    return run_import(options, around.screen(None))


@click.command()
@click.argument("folder", default=".", metavar="[DIR]")
@language_option
@click.pass_obj
def init(around: Surroundings, folder: str, language: str) -> Outcome:
    """Lay down a working example in DIR: a company, a pack of one's own, a statement to import."""
    from ddcheck.engine.commands.beginning import run_init

    return run_init(folder, language, around.screen(None))
