"""Tables for data frames: rows with typed columns, turned into Polars or pandas when asked.

Neither library is imported, or needed, before somebody asks for it. What is absent is a null in
both: never NaN, never zero.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Value: TypeAlias = "str | float | bool | None"
#: The type of a column: text, number or truth.
TEXT, NUMBER, TRUTH = "text", "number", "truth"
_PANDAS = {TEXT: "string", NUMBER: "Float64", TRUTH: "boolean"}


class Table(NamedTuple):
    """Rows under named, typed columns; every row has a value (or None) for every column."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(name for name, _ in self.columns)

    def records(self) -> list[dict[str, Value]]:
        """The rows as mappings from column to value."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]

    def to_polars(self) -> pl.DataFrame:
        """A Polars data frame; ImportError, saying what to install, where Polars is not there."""
        try:
            import polars as pl
        except ImportError as error:
            raise _lacking("polars") from error
        types = {TEXT: pl.String, NUMBER: pl.Float64, TRUTH: pl.Boolean}
        schema = {name: types[kind] for name, kind in self.columns}
        return pl.DataFrame(self.rows, schema=schema, orient="row")

    def to_pandas(self) -> pd.DataFrame:
        """A pandas data frame of nullable columns; ImportError where pandas is not there."""
        try:
            import pandas as pd
        except ImportError as error:
            raise _lacking("pandas") from error
        frame = {}
        for i, (name, kind) in enumerate(self.columns):
            values = [row[i] for row in self.rows]
            # The stubs know dtypes as literals only.
            frame[name] = pd.array(values, dtype=_PANDAS[kind])  # type: ignore[call-overload]
        return pd.DataFrame(frame)

    def _repr_html_(self) -> str:
        """The table for a notebook."""
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.names)
        body = "".join(
            f"<tr>{''.join(f'<td>{_shown(value)}</td>' for value in row)}</tr>" for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _shown(value: Value) -> str:
    if value is None:
        return ""
    return f"{value:.12g}" if isinstance(value, float) else html.escape(str(value))


def _lacking(library: str) -> ImportError:
    return ImportError(
        f"{library} is not installed; `pip install 'ddcheck-cli[{library}]'` brings it",
        name=library,
    )
