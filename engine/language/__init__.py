"""The rule language: reading formulas, checking them, evaluating them on series."""
