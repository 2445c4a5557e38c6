"""`--fail-on` and `--output`: what they say, for every command that takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG, Finding
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import same_file
from ddcheck.engine.text.suggest import did_you_mean


class Level(NamedTuple):
    """A parsed `--fail-on`: the severity from which a flag counts, and whether unknowns do."""

    severity: str
    unknown: bool

    def reached(self, evaluation: Evaluation) -> bool:
        """Whether a finding of `evaluation` that nobody waived is at or above the level."""
        return any(self.counts(item) and not item.waived for item in evaluation.findings)

    def counts(self, finding: Finding) -> bool:
        """Whether a finding is at or above the level: a flag, or an unknown if those count.

        One whose rule is not in force yet never is.
        """
        grave = SEVERITIES.index(finding.severity) <= SEVERITIES.index(self.severity)
        told = finding.outcome == FLAG or (self.unknown and finding.is_open)
        return grave and told and finding.becomes is None


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
    written: tuple[str, ...], formats: Mapping[str, bool], paths: tuple[str, ...], report: Report
) -> list[tuple[str, str | None]]:
    """The formats asked for with their files (None: standard output).

    `formats` says of each whether other text may follow it on standard output; `paths` are what
    the command reads. DD313 for another format, DD650 for two in one place, DD651 for a colon
    without a file, DD652 for a document that would not stand alone on standard output, DD653 for
    a file that would be lost.
    """
    found: list[tuple[str, str | None]] = []
    for item in written or ("text",):
        kind, colon, file = item.partition(":")
        if kind not in formats:
            hint = did_you_mean(kind, formats) or f"formats: {', '.join(formats)}"
            report.usage("DD313", "--output", f"no format `{kind}`", hint)
        elif colon and not file:
            help_ = f"write `{kind}` for standard output, or `{kind}:FILE`"
            report.usage("DD651", f"--output {item}", "no file behind the colon", help_)
        elif file and _is_input(file, paths):
            words = "this would overwrite what is read, or a file of facts or rules"
            report.usage("DD653", f"--output {item}", words, "name another file")
        elif any(_same(file, other) for _, other in found):
            if file or any(kind == other for other, at in found if at is None):
                words = "two outputs in one place" if file else "the same output twice"
                report.usage("DD650", f"--output {item}", words, "give each a file of its own")
            elif not (formats[kind] and all(formats[k] for k, at in found if at is None)):
                words = "a document of this format would not stand alone on standard output"
                document = kind if not formats[kind] else found[0][0]
                help_ = f"write `{document}:FILE`"
                report.usage("DD652", f"--output {item}", words, help_)
            else:
                found.append((kind, None))
        else:
            found.append((kind, file or None))
    return found


def _same(file: str, other: str | None) -> bool:
    """Whether two outputs go to one place; no file is standard output."""
    return same_file(file, other) if file and other else not file and not other


def _is_input(file: str, paths: tuple[str, ...]) -> bool:
    return file.endswith((".yaml", ".yml")) or any(same_file(file, path) for path in paths)
