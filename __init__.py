"""ddcheck: a linter for companies."""

__version__ = "0.1.0"
