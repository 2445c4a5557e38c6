"""A small project for tests of the gate: one company whose sales fall, and a policy."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from ddcheck.engine.commands.gate import GateOptions, run_gate
from ddcheck.engine.commands.outcome import Outcome, Screen

TODAY = "2026-11-21"
POLICY = """\
ddcheck: policy/1
fail_on: high
must_know: []
packs: [core]
"""
WAIVER = {
    "rule": "revenue-falling",
    "company": "acme",
    "reason": "One large customer left; the rest grew.",
    "owner": "li",
    "approved_by": "wang",
    "created": "2026-10-01",
    "expires": "2026-12-31",
}
MEMO = """\
---
ddcheck: memo/1
company: acme
as_of: 2026-06-30
recommendation: pass
---
# Summary
Sales were [80 million](dd:revenue@FY2025).
## Risks
One customer left, which explains why [sales fell](dd:flag/revenue-falling) so fast.
## Open questions
None that matter.
## Recommendation
Pass.
"""


def day(text: str) -> int:
    """The ordinal of a date."""
    return date.fromisoformat(text).toordinal()


def company(before: str = "100", now: str = "80", ident: str = "acme", more: str = "") -> str:
    """A company file with two years of sales."""
    return f"""\
ddcheck: company/1
company: {{id: {ident}, name: {ident.title()}, currency: USD}}
sources:
  report: {{title: Annual report, tier: audited, published: 2026-03-01}}
facts:
  revenue:
    FY2024: {{value: {before} USD million, source: report, at: p1}}
    FY2025: {{value: {now} USD million, source: report, at: p1}}
{more}"""


def project(folder: Path, policy: str = POLICY, **facts: str) -> Path:
    """The project laid down in `folder`."""
    write(folder / "ddcheck.yaml", policy)
    write(folder / "companies" / "acme.yaml", company(**facts))
    return folder


def write(path: Path, text: str) -> None:
    """`text` in the file at `path`, its folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def waivers(folder: Path, *changes: dict[str, str | None]) -> None:
    """A file of waivers that the policy names, each with changes; None takes a key away."""
    lines = ["ddcheck: waivers/1", "waivers:"]
    for change in changes:
        entry = {key: value for key, value in {**WAIVER, **change}.items() if value is not None}
        head = "  - "
        for key, value in entry.items():
            lines.append(f"{head}{key}: {value}")
            head = "    "
    write(folder / "waivers.yaml", "\n".join(lines) + "\n")
    policy = folder / "ddcheck.yaml"
    text = policy.read_text(encoding="utf-8")
    if "waivers:" not in text:
        write(policy, text + "waivers: waivers.yaml\n")


def gate(*paths: str, today: str = TODAY, **options: Any) -> Outcome:
    """The gate run in the working folder."""
    return run_gate(GateOptions(paths, today=day(today), **options), Screen())


def save(outcome: Outcome) -> None:
    """Write the files of an outcome, as the command line does."""
    for path, content in outcome.files:
        assert isinstance(content, str)
        write(Path(path), content)


def verdict(outcome: Outcome) -> str:
    """The last line of standard output, and that it is the only verdict."""
    lines = outcome.stdout.splitlines()
    assert [line.startswith("ddcheck: ") for line in lines].count(True) == 1
    return lines[-1].removeprefix("ddcheck: ")


def codes(outcome: Outcome) -> list[str]:
    """The codes of the diagnostics, in order."""
    words = (line.split(": ") for line in outcome.stderr.splitlines() if not line.startswith(" "))
    return [part[1].split(" ")[0] for part in words if len(part) > 1 and part[1].startswith("DD")]
