"""`--fail-on` and `--output`: what they say, for every command that takes them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.suggest import did_you_mean


class Level(NamedTuple):
    """A parsed `--fail-on`: the severity from which a flag counts, and whether unknowns do."""

    severity: str
    unknown: bool

    def reached(self, evaluation: Evaluation) -> bool:
        """Whether a finding of `evaluation` is at or above the level."""
        most = SEVERITIES.index(self.severity)
        return any(
            finding.becomes is None
            and SEVERITIES.index(finding.severity) <= most
            and (finding.outcome == FLAG or (self.unknown and finding.is_open))
            for finding in evaluation.findings
        )


def level_of(written: str | None, report: Report) -> Level | None:
    """The level that `--fail-on` names; None where it is not given, or DD313."""
    if written is None:
        return None
    words = [word.strip() for word in written.split(",")]
    severities = [word for word in words if word != "unknown"]
    for word in severities:
        if word not in SEVERITIES:
            report.usage(
                "DD313",
                "--fail-on",
                f"no level `{word}`",
                did_you_mean(word, (*SEVERITIES, "unknown")) or f"levels: {', '.join(SEVERITIES)}",
            )
            return None
    if len(severities) > 1:
        report.usage("DD313", "--fail-on", "more than one level")
        return None
    return Level(severities[0] if severities else "high", "unknown" in words)


def outputs_of(
    written: tuple[str, ...], formats: Collection[str], report: Report
) -> list[tuple[str, str | None]]:
    """The formats asked for with their files (None: standard output); DD313 for another format."""
    found: list[tuple[str, str | None]] = []
    for item in written or ("text",):
        kind, _, file = item.partition(":")
        if kind not in formats:
            report.usage(
                "DD313",
                "--output",
                f"no format `{kind}`",
                did_you_mean(kind, formats) or f"formats: {', '.join(formats)}",
            )
            continue
        found.append((kind, file or None))
    return found
