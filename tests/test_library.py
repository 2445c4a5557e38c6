"""The library: what its page shows runs and type-checks; tables, mistakes, what is imported."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import ddcheck
from ddcheck import Mistakes, Report, evaluate, load_company, load_packs, render
from ddcheck.engine.library.tables import NUMBER, TEXT, TRUTH, Table
from ddcheck.engine.text.diagnostics import Diagnostic

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/library.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def report() -> Report:
    packs = load_packs()
    return evaluate(packs, load_company(str(ROOT / "companies/agora.yaml"), packs), today=TODAY)


def test_the_examples_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for example in EXAMPLES:
        exec(compile(example, "docs/library.md", "exec"), names)
    printed = capsys.readouterr().out
    screen = (ROOT / "tests/golden/agora-first-screen/stdout").read_text(encoding="utf-8")
    assert printed.startswith(screen)
    assert "DD001 companies/no-such-file.yaml 1 cannot read this file" in printed
    assert names["letters"] == ("F", "C")
    assert names["found"] == []


def test_the_examples_type_check(tmp_path: Path) -> None:
    """Against an installed copy: mypy does not follow the hook of an editable install."""
    target = tmp_path / "installed" / "ddcheck"
    target.mkdir(parents=True)
    shutil.copytree(ROOT / "engine", target / "engine")
    for name in ("__init__.py", "__main__.py", "cli.py", "py.typed"):
        shutil.copy(ROOT / name, target / name)
    (tmp_path / "example.py").write_text("\n".join(EXAMPLES), encoding="utf-8")
    wrong = "\n".join(EXAMPLES[:1]) + "\nwrong: int = report.finding('x').message\n"
    (tmp_path / "wrong.py").write_text(wrong, encoding="utf-8")
    run = subprocess.run(
        [
            sys.executable, "-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent",
            "--no-error-summary", "example.py", "wrong.py",
        ],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(target.parent)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )  # fmt: skip
    line = wrong.count("\n")
    assert run.stdout == (
        f"wrong.py:{line}: error: Incompatible types in assignment "
        '(expression has type "str", variable has type "int")  [assignment]\n'
    ), run.stderr


def test_importing_ddcheck_imports_nothing_else() -> None:
    call = (
        "import sys, ddcheck; assert not [n for n in sys.modules if n.startswith('ddcheck.')]; "
        "ddcheck.load_packs; assert 'polars' not in sys.modules and 'pandas' not in sys.modules; "
        "assert 'rich' not in sys.modules"
    )
    run = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=False)
    assert (run.stderr, run.returncode) == ("", 0)


def test_every_promised_name_is_there() -> None:
    assert {name: getattr(ddcheck, name) for name in ddcheck.__all__}.keys() == set(ddcheck.__all__)
    assert set(ddcheck.__all__) <= set(dir(ddcheck))
    with pytest.raises(AttributeError, match="no attribute 'evaluat'"):
        _ = ddcheck.evaluat  # type: ignore[attr-defined]


def test_the_metrics_are_those_of_the_json_report(report: Report) -> None:
    data = json.loads(render(report, "json"))["reports"][0]
    expected = {
        (name, period): (value["value"], value["low"], value["high"], value["missing"])
        for name, metric in data["metrics"].items()
        for period, value in metric["values"].items()
    }
    rows = report.metrics_table().records()
    found = {
        (row["metric"], row["period"]): (row["value"], row["low"], row["high"], row["missing"])
        for row in rows
        if row["period"] is not None
    }
    assert found.keys() == expected.keys()
    for key, (value, low, high, missing) in expected.items():
        assert found[key] == (
            pytest.approx(value), pytest.approx(low), pytest.approx(high), missing,
        )  # fmt: skip
    latest = {row["metric"]: (row["period"], row["grade"]) for row in rows if row["latest"]}
    assert latest["revenue_growth"] == ("FY2022", "F")
    assert {row["metric"] for row in rows} == set(data["metrics"])


def test_the_findings_are_those_of_the_json_report(report: Report) -> None:
    data = json.loads(render(report, "json"))["reports"][0]
    keys = ("severity", "outcome", "reason", "period", "frame", "message", "firm", "tier")
    expected = [(item["id"], *(item[key] for key in keys)) for item in data["findings"]]
    rows = report.findings_table().records()
    assert [(row["rule"], *(row[key] for key in keys)) for row in rows] == expected


def test_data_frames_keep_types_and_nulls(report: Report) -> None:
    table = report.metrics_table()
    polars = table.to_polars()
    pandas = table.to_pandas()
    assert polars.columns == list(pandas.columns) == list(table.names)
    kinds = {
        TEXT: ("String", "string"),
        NUMBER: ("Float64", "Float64"),
        TRUTH: ("Boolean", "boolean"),
    }
    for name, kind in table.columns:
        assert (str(polars.schema[name]), str(pandas[name].dtype)) == kinds[kind]
    absent = sum(row["value"] is None for row in table.records())
    assert absent > 0
    assert polars["value"].null_count() == absent == int(pandas["value"].isna().sum())
    assert polars["value"].is_nan().sum() == 0
    assert polars.rows() == list(table.rows)


def test_an_empty_table_keeps_its_columns() -> None:
    table = Table((("name", TEXT), ("value", NUMBER)), ())
    assert table.to_polars().shape == (0, 2)
    assert list(table.to_pandas().columns) == ["name", "value"]


@pytest.mark.parametrize("library", ["polars", "pandas"])
def test_a_library_that_is_not_there_says_how_to_get_it(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    table = Table((("name", TEXT),), (("x",),))
    with pytest.raises(ImportError, match=re.escape(f"pip install 'ddcheck-cli[{library}]'")):
        getattr(table, f"to_{library}")()


def test_a_notebook_gets_html_that_cannot_run(report: Report) -> None:
    shown = report._repr_html_()
    assert shown.startswith("<pre ")
    assert "Agora, Inc. 声网" in shown
    table = Table((("<b>", TEXT),), (("<script>alert(1)</script>",), (None,)))
    assert table._repr_html_() == (
        "<table><thead><tr><th>&lt;b&gt;</th></tr></thead><tbody>"
        "<tr><td>&lt;script&gt;alert(1)&lt;/script&gt;</td></tr><tr><td></td></tr></tbody></table>"
    )


def test_a_report_says_what_it_is_in_a_line(report: Report) -> None:
    flags = sum(finding.outcome == "flag" for finding in report.findings)
    assert repr(report) == f"<Report agora: F..C, {flags} flags>"
    assert str(report) == render(report)


def test_a_report_speaks_either_language(report: Report) -> None:
    packs, company = report.evaluation.plan, report.company
    chinese = evaluate(packs, company, today=TODAY, language="zh")
    assert (report.finding("revenue-falling").title, report.metric("revenue_growth").title) == (
        "Sales shrink", "Revenue growth",
    )  # fmt: skip
    assert (
        chinese.finding("revenue-falling").title
        == packs.rules["revenue-falling"].definition.title.zh
    )
    with pytest.raises(ValueError, match="no language 'fr': en, zh"):
        evaluate(packs, company, today=TODAY, language="fr")


def test_a_period_and_a_date_are_those_of_the_command_line(report: Report) -> None:
    packs, company = report.evaluation.plan, report.company
    then = evaluate(packs, company, today=TODAY, as_of=date(2021, 5, 28), period="2021Q1")
    assert {fact.source for fact in then.evaluation.ledger.facts} == {"press-2021"}
    with pytest.raises(Mistakes, match="period: DD302 error") as stop:
        evaluate(packs, company, today=TODAY, period="2021Q9")
    assert [item.code for item in stop.value.diagnostics] == ["DD302"]


def test_a_what_if_is_that_of_the_command_line(report: Report) -> None:
    packs, company = report.evaluation.plan, report.company
    assumed = evaluate(packs, company, today=TODAY, assume=["ndr@FY2022=96%"])
    finding = assumed.finding("ndr-below-100-percent")
    assert (finding.outcome, finding.severity, finding.on_assumptions) == ("flag", "high", True)
    assert report.finding("ndr-below-100-percent").outcome == "unknown"
    with pytest.raises(Mistakes, match="did you mean `ndr`"):
        evaluate(packs, company, today=TODAY, assume=["nrd=96%"])


def test_the_letter_is_that_of_the_command_line(report: Report) -> None:
    letter = render(report, "requests")
    assert letter == (ROOT / "tests/golden/requests-en/stdout").read_text(encoding="utf-8")


def test_a_form_that_is_not_there(report: Report) -> None:
    with pytest.raises(ValueError, match="no form 'pdf'"):
        render(report, "pdf")
    with pytest.raises(KeyError):
        report.finding("no-such-rule")
    with pytest.raises(KeyError):
        report.metric("no_such_metric")


def test_mistakes_are_raised_or_collected(tmp_path: Path) -> None:
    packs = load_packs()
    path = tmp_path / "acme.yaml"
    path.write_text(
        "ddcheck: company/1\n"
        'company: {id: acme, name: {en: Acme}, currency: USD, fiscal_year_end: "12-31"}\n'
        "sources: {s: {title: T, tier: press, published: 2023-02-01}}\n"
        "facts:\n"
        "  revenue: {FY2022: {value: 5 USD million, source: s}}\n"
        "  revenu: {FY2022: {value: 5 USD million, source: s}}\n",
        encoding="utf-8",
    )
    with pytest.raises(Mistakes, match=r"acme.yaml:6:3: DD301 error: .*\n.*\n.*did you mean"):
        load_company(str(path), packs)
    found: list[Diagnostic] = []
    company = load_company(str(path), packs, mistakes=found)
    assert [item.code for item in found] == ["DD301"]
    assert [fact.concept for fact in company.facts] == ["revenue"]
    with pytest.raises(Mistakes, match="DD001"):
        load_company(str(tmp_path / "nothing.yaml"), packs, mistakes=[])
    with pytest.raises(Mistakes, match="DD217"):
        load_packs("no-such-pack")
