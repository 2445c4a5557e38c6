"""The documentation says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from ddcheck.engine.commands.lint import run_lint
from ddcheck.engine.language.functions import FUNCTIONS

ROOT = Path(__file__).parent.parent


def test_function_table_is_the_code():
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    table = text.split("<!-- functions:")[1].split("<!-- end of functions -->")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    expected = [f"| `{f.signature}` | {f.gives} | {f.missing} |" for f in FUNCTIONS.values()]
    assert rows == expected


def test_readme_shows_the_first_screen():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- first screen -->\n```text\n(.*?)```", readme, re.DOTALL)
    golden = ROOT / "tests" / "golden" / "agora-first-screen" / "stdout"
    assert block is not None
    assert block[1] == golden.read_text(encoding="utf-8")


def test_every_decision_is_numbered_once():
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(name[:4]) for name in names]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_link_to_a_file_leads_somewhere():
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        broken += [f"{page.name}: {link}" for link in links if not (page.parent / link).exists()]
    assert broken == []


def test_the_example_company_file_is_free_of_mistakes(tmp_path: Path):
    page = (ROOT / "docs" / "company-file.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    path = tmp_path / "acme.yaml"
    path.write_text(example[1], encoding="utf-8")
    outcome = run_lint((str(path),), ())
    assert (outcome.code, outcome.stdout) == (0, "no mistakes in 3 packs and 1 company file\n")
