"""ddcheck: a linter for companies.

`load_packs`, `load_company`, `evaluate` and `render` are the library; docs/library.md shows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ddcheck.engine.library.report import Mistakes as Mistakes
    from ddcheck.engine.library.report import Report as Report
    from ddcheck.engine.library.report import evaluate as evaluate
    from ddcheck.engine.library.report import load_company as load_company
    from ddcheck.engine.library.report import load_packs as load_packs
    from ddcheck.engine.library.report import render as render

__version__ = "0.1.0"
__all__ = [
    "Mistakes", "Report", "__version__", "evaluate", "load_company", "load_packs", "render",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """The library, imported when first asked for: the command line does not need it."""
    if name in __all__:
        from ddcheck.engine.library import report

        return getattr(report, name)
    raise AttributeError(f"module 'ddcheck' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
