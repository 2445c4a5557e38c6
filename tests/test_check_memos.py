"""Memos in `check`, and Word documents in the folders of the gate."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from gate_project import MEMO, TODAY, company, day, project, write
from test_memo_word import as_word

from ddcheck.engine.commands.check import CheckOptions, run_check
from ddcheck.engine.commands.gate import GateOptions, run_gate
from ddcheck.engine.commands.outcome import Outcome, Screen

FALSE = MEMO.replace("[80 million]", "[81 million]")


@pytest.fixture
def fund(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one company, and `memos/acme.md`, which holds but answers nothing else."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "memos" / "acme.md", MEMO)
    return project(tmp_path)


def check(*paths: str, **options: object) -> Outcome:
    asked = CheckOptions(paths, today=day(TODAY), packs=("core",))
    return run_check(asked._replace(**options), Screen())  # type: ignore[arg-type]


def gate() -> Outcome:
    return run_gate(GateOptions(today=day(TODAY)), Screen())


def verdict(outcome: Outcome) -> str:
    return outcome.stdout.splitlines()[-1]


def owned(memo: str) -> str:
    """A memo that owns up to what the shipped policy says must be known."""
    ids = ("loss-margin-widening", "runway-short", "customer-above-10-percent")
    lines = "".join(f"- We have not been told what [this](dd:flag/{i}) comes to.\n" for i in ids)
    return memo.replace("None that matter.\n", lines)


def test_a_memo_that_holds_passes(fund: Path) -> None:
    write(fund / "memos" / "acme.md", owned(MEMO))
    outcome = check("memos/acme.md")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert verdict(outcome).startswith("PASS  claims: 5 tagged, 5 match")


def test_a_memo_with_a_false_figure_fails(fund: Path) -> None:
    write(fund / "memos" / "acme.md", owned(FALSE))
    outcome = check("memos/acme.md")
    assert (outcome.code, outcome.stderr) == (1, "")
    assert verdict(outcome).startswith("FAIL  claims: 5 tagged, 4 match, 1 mismatch")


def must_know(fund: Path) -> None:
    """The policy asks for the runway."""
    policy = fund / "ddcheck.yaml"
    text = policy.read_text(encoding="utf-8")
    write(policy, text.replace("must_know: []", "must_know: [runway-short]"))


def test_what_must_be_known_is_asked_of_a_memo(fund: Path) -> None:
    must_know(fund)
    outcome = check(str(fund / "memos/acme.md"))
    assert outcome.code == 1
    assert "must be known and is unknown: `runway-short`" in outcome.stdout


def test_a_folder_means_companies_and_memos(fund: Path) -> None:
    must_know(fund)
    write(fund / "memos" / "README.md", "# No memo\n")
    write(fund / "memos" / "notes.md", "# Nor this: it has no head\n")
    write(fund / "memos" / "~$acme.docx", "Word is open")
    write(fund / ".tool.yaml", "a: file of another program\n")
    for paths, memo in ((("companies", "memos"), "memos/acme.md"), ((".",), "./memos/acme.md")):
        outcome = check(*paths, outputs=("json",))
        found = json.loads(outcome.stdout)
        assert outcome.stderr == ""
        assert [item["company"]["id"] for item in found["reports"]] == ["acme"]
        assert [(item["file"], item["failed"]) for item in found["memos"]] == [(memo, True)]
        assert (outcome.code, found["gate"]) == (1, {"level": "none", "failed": True})


@pytest.mark.parametrize("kind", ["compny/1", "company/2", "packs/1", "pack/2"])
def test_a_file_in_a_folder_that_may_be_a_company_is_not_passed_over(fund: Path, kind: str) -> None:
    write(fund / "companies" / "slip.yaml", company().replace("company/1", kind))
    outcome = check("companies")
    assert outcome.code == 2
    assert outcome.stderr.startswith("companies/slip.yaml:1:10: DD005 error: unknown kind")


def test_a_memo_without_its_company_cannot_be_judged(fund: Path) -> None:
    write(fund / "memos" / "acme.md", MEMO.replace("company: acme", "company: acne"))
    outcome = check("memos/acme.md")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("acne: DD311 error: no company `acne`")


def test_the_company_given_is_the_memos_own(fund: Path) -> None:
    write(fund / "elsewhere.yaml", company(now="81"))
    write(fund / "memos" / "acme.md", owned(FALSE))
    (fund / "companies" / "acme.yaml").unlink()
    outcome = check("elsewhere.yaml", "memos/acme.md")
    assert (outcome.code, outcome.stderr) == (0, "")


def test_assumptions_are_not_a_memos_facts(fund: Path) -> None:
    write(fund / "memos" / "acme.md", owned(FALSE))
    assumed = ("revenue@FY2025=81 USD million",)
    outcome = check("companies/acme.yaml", "memos/acme.md", assumptions=assumed)
    assert (outcome.code, outcome.stderr) == (1, "")


def test_the_level_says_which_flags_a_memo_must_answer(fund: Path) -> None:
    text = owned(MEMO).replace(
        "(dd:flag/revenue-falling)", "(dd:revenue@FY2024..FY2025?is=falling)"
    )
    write(fund / "memos" / "acme.md", text)
    assert check("memos/acme.md").code == 1
    assert check("memos/acme.md", fail_on="critical").code == 0


def test_a_word_document_is_judged_in_the_gates_folder(fund: Path) -> None:
    (fund / "memos" / "acme.md").unlink()
    (fund / "memos" / "acme.DOCX").write_bytes(as_word(MEMO))
    outcome = gate()
    assert (outcome.code, outcome.stderr) == (0, "")
    assert "memos 1 (2 claims: 2 match; 0 numbers untagged)" in verdict(outcome)
    (fund / "memos" / "acme.DOCX").write_bytes(as_word(FALSE))
    outcome = gate()
    assert outcome.code == 1
    assert "2 claims: 1 match, 1 false" in verdict(outcome)


def test_a_word_document_that_is_none_cannot_be_judged(fund: Path) -> None:
    write(fund / "memos" / "more.docx", "no package")
    outcome = gate()
    assert outcome.code == 2
    assert outcome.stderr.startswith("memos/more.docx:1:1: DD604")


MISTAKEN = [
    ("[80 million](dd:revenues@FY2025)", "8:7: DD301 error: no fact or metric `revenues`"),
    ("[80 million](dd:revenue@FY2035)", "8:7: DD302 error: nothing is known at FY2035"),
    ("[80 million](dd:revenue@2025Y4)", "8:7: DD302 error: `2025Y4` is not a period"),
    ("[80 million](dd:revenue@FY2025?from=reprot)", "8:7: DD305 error: no source `reprot`"),
    ("[80 million](dd:acne/revenue@FY2025)", "8:7: DD311 error: no company `acne`"),
    ("[fell](dd:flag/revenue-faling)", "8:7: DD211 error: no rule `revenue-faling`"),
    ("[fell](dd:revenue@FY2024..FY2025?is=sinking)", "8:7: DD312 error: no trend `sinking`"),
]


@pytest.mark.parametrize(("tag", "diagnostic"), MISTAKEN)
@pytest.mark.parametrize("run", [gate, lambda: check("memos/acme.md")], ids=["gate", "check"])
def test_a_tag_that_names_what_nobody_has_is_a_mistake(
    fund: Path, run: Callable[[], Outcome], tag: str, diagnostic: str
) -> None:
    write(fund / "memos" / "acme.md", owned(FALSE).replace("Sales", f"Once {tag}. Sales"))
    outcome = run()
    assert outcome.code == 2
    assert outcome.stderr.startswith(f"memos/acme.md:{diagnostic}")
    assert outcome.stderr.count("memos/acme.md:") == 1
    assert "unresolved" in outcome.stdout
    assert "mismatch" in outcome.stdout


@pytest.mark.parametrize(
    ("tag", "policy", "words"),
    [
        # Known facts begin before it and end after it: asked for rightly, and not known.
        ("[80 million](dd:revenue@2025Q2..2025Q4)", "", "nothing is known at 2025Q2..2025Q4"),
        # A rule of a pack that ships, where this run applies another.
        ("[fell](dd:flag/arr-falling)", "", "no rule `arr-falling`"),
        (
            "[fell](dd:flag/debt-while-losing-money)",
            "overrides: {debt-while-losing-money: {off: we know}}\n",
            "`debt-while-losing-money` is switched off at ddcheck.yaml:",
        ),
    ],
)
def test_what_is_not_known_or_not_applied_is_no_mistake(
    fund: Path, tag: str, policy: str, words: str
) -> None:
    path = fund / "ddcheck.yaml"
    write(path, path.read_text(encoding="utf-8") + policy)
    write(fund / "memos" / "acme.md", owned(MEMO).replace("Sales", f"Once {tag}. Sales"))
    outcome = check("memos/acme.md")
    assert (outcome.code, outcome.stderr) == (1, "")
    assert words in " ".join(outcome.stdout.split())
