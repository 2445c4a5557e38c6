"""The program's own words in Chinese: one table for each report that says them."""

from __future__ import annotations


def tables() -> tuple[dict[str, str], ...]:
    """Every table, by English template."""
    from ddcheck.engine.text.chinese import (
        catalogue,
        comparison,
        conflicts,
        difference,
        explanation,
        facts,
        full,
        gate,
        importing,
        live,
        machine,
        memo,
        paged,
        params,
        reasons,
        requests,
        screen,
        trials,
        verification,
    )

    return (
        catalogue.WORDS,
        comparison.WORDS,
        conflicts.WORDS,
        difference.WORDS,
        explanation.WORDS,
        facts.WORDS,
        full.WORDS,
        gate.WORDS,
        importing.WORDS,
        live.WORDS,
        machine.WORDS,
        memo.WORDS,
        paged.WORDS,
        params.WORDS,
        reasons.WORDS,
        requests.WORDS,
        screen.WORDS,
        trials.WORDS,
        verification.WORDS,
    )


def filled_in() -> tuple[dict[str, str], ...]:
    """The tables whose templates are met filled in; the others are looked up as templates alone."""
    from ddcheck.engine.text.chinese import (
        comparison,
        conflicts,
        explanation,
        facts,
        gate,
        importing,
        memo,
        params,
        reasons,
        verification,
    )

    return (
        reasons.WORDS,
        conflicts.WORDS,
        explanation.WORDS,
        facts.WORDS,
        gate.WORDS,
        verification.WORDS,
        comparison.WORDS,
        memo.WORDS,
        importing.WORDS,
        params.WORDS,
    )
