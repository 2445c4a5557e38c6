"""The program's own words in Chinese: one table for each report that says them."""

from __future__ import annotations


def tables() -> tuple[dict[str, str], ...]:
    """Every table, by English template."""
    from ddcheck.engine.text.chinese import (
        catalogue,
        comparison,
        conflicts,
        explanation,
        facts,
        full,
        reasons,
        requests,
        screen,
        verification,
    )

    return (
        catalogue.WORDS,
        comparison.WORDS,
        conflicts.WORDS,
        explanation.WORDS,
        facts.WORDS,
        full.WORDS,
        reasons.WORDS,
        requests.WORDS,
        screen.WORDS,
        verification.WORDS,
    )
