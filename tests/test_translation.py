"""Both languages: every template, reason, term and shipped text in English and in Chinese."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.commands.catalogue import RulesOptions, run_rules
from ddcheck.engine.commands.check import CheckOptions, run_check
from ddcheck.engine.commands.loading import load_plan, read_company
from ddcheck.engine.commands.outcome import Screen
from ddcheck.engine.model.company import TIERS
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG, NOT_APPLICABLE, PASS, UNKNOWN
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.periods import FRAMES
from ddcheck.engine.model.wording import exact_text, value_text
from ddcheck.engine.report.contradicting import CONFLICT_WORDS
from ddcheck.engine.text.chinese import tables
from ddcheck.engine.text.diagnostics import Report, display_width
from ddcheck.engine.text.translate import reworded, say

ROOT = Path(__file__).parents[1]
ENGINE = [
    path
    for path in sorted((ROOT / "engine").rglob("*.py"))
    if "chinese" not in path.relative_to(ROOT).parts
]
TODAY = date(2026, 11, 21).toordinal()
PLACE = re.compile(r"\{(\w*)[^{}]*\}")
HAN = re.compile(r"[\u4e00-\u9fff]")
WIDE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")

#: Where a reason is written: the function that takes it, and which argument it is.
REASONS = {
    "because": 1, "missing": 0, "positive": 1, "increasing": 2, "scaled": 2, "taken": 2,
    "_unary": 1, "_before": 2,
}  # fmt: skip
#: Functions that give a reason back, by file.
RETURNED = {
    "engine/language/intervals.py": {"product", "quotient", "checked"},
    "engine/language/shares.py": {"remainder"},
    "engine/language/evidence.py": {"_bounds"},
}
#: Words of the model that reports show, and what stands for a type of conflict.
TERMS = {
    *SEVERITIES, *TIERS, *FRAMES, *CONFLICT_WORDS.values(), FLAG, PASS, UNKNOWN, NOT_APPLICABLE,
    "known", "stale", "any",
}  # fmt: skip


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in ENGINE:
        yield path, ast.parse(path.read_bytes())


def _template(node: ast.expr, constants: dict[str, str] | None = None) -> str | None:
    """A text or f-string as a template, its places named by their last name; None for neither."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name) and constants is not None:
        return constants.get(node.id)
    if isinstance(node, ast.JoinedStr):
        parts = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                parts.append(str(part.value))
            elif isinstance(part, ast.FormattedValue):
                parts.append("{" + ast.unparse(part.value).rpartition(".")[2] + "}")
        return "".join(parts)
    return None


def _constants(tree: ast.Module) -> dict[str, str]:
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            text = _template(node.value)
            if text is not None:
                found[node.targets[0].id] = text
    return found


def _said() -> dict[str, str]:
    """Every template that is written out where it is passed to `say`, and where that is."""
    found = {}
    for path, tree in _trees():
        constants = _constants(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            match node:
                case ast.Call(func=ast.Name(id="say"), args=[_, template, *_]):
                    pass
                case ast.Call(func=ast.Attribute(attr="say"), args=[template, *_]):
                    pass
                case _:
                    continue
            place = f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
            text = _template(template, constants)
            if text is not None:
                found[text] = place
    return found


def _reasons() -> dict[str, str]:
    """Every reason why a value is missing or a figure counts, as written in the engine."""
    found = {}
    for path, tree in _trees():
        name = path.relative_to(ROOT).as_posix()
        constants = _constants(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func
                word = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
                if word in REASONS and len(node.args) > REASONS[word]:
                    text = _template(node.args[REASONS[word]], constants)
                    if text is not None and " " in text:
                        found[text] = f"{name}:{node.lineno}"
            elif isinstance(node, ast.FunctionDef) and node.name in RETURNED.get(name, ()):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return) and inner.value is not None:
                        text = _template(inner.value)
                        if text is not None:
                            found[_unformatted(text)] = f"{name}:{inner.lineno}"
    return found


def _conflict_reasons() -> dict[str, str]:
    """Every reason why a figure counts: what `reason_of` returns, what is put into `reason`."""
    found = {}
    for path, tree in _trees():
        for node in ast.walk(tree):
            texts: list[ast.expr] = []
            match node:
                case ast.FunctionDef(name="reason_of" | "why_counts"):
                    returns = (inner for inner in ast.walk(node) if isinstance(inner, ast.Return))
                    texts = [inner.value for inner in returns if inner.value is not None]
                case ast.Assign(targets=[ast.Name(id="reason")], value=value):
                    texts = [value] if path.name == "conflicts.py" else []
            for item in texts:
                text = _template(item)
                if text is not None:
                    found[_unformatted(text)] = path.name
    return found


def _words() -> dict[str, str]:
    return {english: chinese for table in tables() for english, chinese in table.items()}


def _unformatted(template: str) -> str:
    return PLACE.sub(r"{\1}", template)


def _bare(template: str) -> str:
    """A template without the names of its places."""
    return PLACE.sub("{}", template)


def _places(template: str) -> Counter[str]:
    return Counter(PLACE.findall(template))


# --- templates


def test_there_is_something_to_translate() -> None:
    assert len(_said()) > 100
    assert {"the denominator is zero", "base is not positive", "between {low} and {high}"} <= set(
        _reasons()
    )
    assert {"the newer source", "the first in the file"} <= set(_conflict_reasons())


def test_every_template_has_a_translation() -> None:
    words = _words()
    missing = {text: place for text, place in _said().items() if text not in words}
    assert missing == {}


@pytest.mark.parametrize("collected", [_reasons, _conflict_reasons])
def test_every_reason_has_a_translation(collected: Any) -> None:
    words = {_bare(english) for english in _words()}
    missing = {text: place for text, place in collected().items() if _bare(text) not in words}
    assert missing == {}


def test_every_term_has_a_translation() -> None:
    assert {term for term in TERMS if not HAN.search(reworded("zh", term))} == set()


def test_every_translation_is_used() -> None:
    """An entry nobody says is a template that was reworded in the code alone."""
    written = set()
    for _, tree in _trees():
        for node in ast.walk(tree):
            text = _template(node) if isinstance(node, ast.expr) else None
            if text is not None:
                written.add(_bare(text))
    assert [english for english in _words() if _bare(english) not in written] == []


def test_every_translation_has_the_places_of_its_template_and_chinese_in_it() -> None:
    wrong = []
    for english, chinese in _words().items():
        alphabetic = re.sub(r"[^A-Za-z]", "", PLACE.sub("", english))
        if _places(english) != _places(chinese) or (alphabetic and not WIDE.search(chinese)):
            wrong.append(english)
    assert wrong == []


def test_no_template_is_translated_in_two_ways() -> None:
    seen: dict[str, str] = {}
    twice = []
    for table in tables():
        for english, chinese in table.items():
            if seen.setdefault(english, chinese) != chinese:
                twice.append(english)
    assert twice == []


def test_every_table_is_read() -> None:
    folder = ROOT / "engine/text/chinese"
    names = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    found = [importlib.import_module(f"ddcheck.engine.text.chinese.{name}").WORDS for name in names]
    assert sorted(map(id, found)) == sorted(map(id, tables()))


def test_say_fills_places_in_both_languages() -> None:
    assert say("en", "known: {fact}", fact="21.5%") == "known: 21.5%"
    assert say("zh", "known: {fact}", fact="21.5%") == "已知：21.5%"
    assert say("zh", "no such template {n}", n=1) == "no such template 1"


def test_a_reason_that_is_filled_in_is_reworded_with_the_words_in_it() -> None:
    assert reworded("zh", "broker before press") == "券商优先于媒体"
    assert reworded("zh", "between 0.05 and 0.3") == "介于0.05与0.3之间"
    assert reworded("zh", "the low end is open") == "低端无界"
    assert reworded("en", "broker before press") == "broker before press"
    assert reworded("zh", "超过 130%") == "超过 130%"
    # A template of a report is none of a reason, however well it would fit.
    assert reworded("zh", "60 for the year") == "60 for the year"


@pytest.mark.parametrize(
    ("value", "unit", "style", "english", "chinese"),
    [
        (98.0, "months", "percent", "98 months", "98个月"),
        (75.0, "days", "percent", "75 days", "75天"),
        (0.384, "ratio", "times", "0.38x", "0.38倍"),
        (0.384, "ratio", "percent", "38.4%", "38.4%"),
        (160.67e6, "money", "percent", "160.7", "160.7"),
        (4.0e10, "minutes", "percent", "40.0bn", "400.00亿"),
        (94.2e6, "ads", "percent", "94.20m", "9,420.00万"),
        (99_999.0, "shares", "percent", "99,999", "10.00万"),
        (9_999.0, "shares", "percent", "9,999", "9,999"),
    ],
)
def test_values_carry_the_readers_units(
    value: float, unit: str, style: str, english: str, chinese: str
) -> None:
    assert value_text(value, unit, style) == english
    assert value_text(value, unit, style, language="zh") == chinese


def test_a_range_is_written_as_the_language_writes_it() -> None:
    assert value_text(None, "ratio", "percent", 0.021, 0.215) == "2.1%..21.5%"
    assert value_text(None, "ratio", "percent", 0.021, 0.215, "zh") == "2.1%～21.5%"
    assert value_text(None, "ratio", "percent", 1.3, float("inf"), "zh") == ">130.0%"


def test_exact_values_keep_the_digits_that_tell_them_apart() -> None:
    assert exact_text(-72_355_000.0, "USD") == "-72.355"
    assert exact_text(-72_355_000.5, "USD") == "-72.355001"
    assert exact_text(1234.0, "USD") == "0.001234"
    assert exact_text(0.2155, "ratio") == "21.55%"
    assert exact_text(3.755, "ratio", "times", "zh") == "3.755倍"
    assert exact_text(11.5, "months") == "11.5 months"


# --- shipped texts


def _texts(node: Any, where: str) -> Iterator[tuple[str, str, Any]]:
    """`(where, key, value)` of every text for people below `node`, tests left out."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("title", "message", "why", "ask", "label", "note"):
                yield where, key, value
            elif key != "tests":
                yield from _texts(value, f"{where}/{key}")
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from _texts(item, f"{where}/{i}")


def _shipped() -> list[tuple[str, str, Any]]:
    files = sorted((ROOT / "rules").glob("*/*.yaml"))
    found = []
    for path in files:
        root = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += list(_texts(root, path.relative_to(ROOT).as_posix()))
    return found


def test_every_shipped_text_is_in_both_languages() -> None:
    wrong = []
    for where, key, value in _shipped():
        both = isinstance(value, dict) and set(value) == {"en", "zh"}
        if not both or not HAN.search(value["zh"]) or HAN.search(value["en"]):
            wrong.append(f"{where} {key}")
        elif _written(value["en"]) != _written(value["zh"]):
            wrong.append(f"{where} {key}: other places")
    assert wrong == []


def _written(text: str) -> set[str]:
    return set(re.findall(r"\{[^{}]*\}", text))


def test_every_rule_has_title_message_and_why() -> None:
    lacking = []
    for path in sorted((ROOT / "rules").glob("*/*.yaml")):
        root = yaml.safe_load(path.read_text(encoding="utf-8"))
        for ident, rule in (root.get("rules") or {}).items():
            lacking += [f"{ident} {k}" for k in ("title", "message", "why") if k not in rule]
    assert lacking == []


def test_how_many_texts_there_are() -> None:
    """Grows with the packs; a loss of texts would make the tests above pass on nothing."""
    counts = Counter(key for _, key, _ in _shipped())
    assert counts["title"] >= 190
    assert counts["message"] >= 73
    assert counts["why"] >= 150
    assert counts["ask"] >= 95
    assert counts["label"] >= 150


# --- what is shown

#: Latin words that a Chinese reader expects as they are.
ALLOWED = {
    "ADS", "ARR", "DSO", "EPS", "EV", "GAAP", "HHI", "LTV", "Magic", "Non", "Number", "PaaS",
    "SaaS", "x",
}  # fmt: skip


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    report = Report()
    plan = load_plan((), report)
    company = read_company(str(ROOT / "companies/agora.yaml"), plan, report)
    assert company is not None
    return evaluate(plan, company, today=TODAY, language="zh")


def _known_names(evaluation: Evaluation) -> set[str]:
    """Ids, names, tickers and printed texts: what no translation touches."""
    company, plan = evaluation.company, evaluation.plan
    texts = [company.name.en, company.ticker or "", company.id, company.path]
    texts += [*plan.rules, *plan.metrics, *plan.terms, *plan.parameters]
    texts += [pack.id for pack in plan.packs.packs]
    for source in company.sources.values():
        texts += [source.id, source.title, source.publisher or ""]
    for fact in company.facts:
        texts += [fact.text, *(fact.scope or ())]
    return set(texts)


def _english(text: str, names: set[str]) -> set[str]:
    """The Latin words of `text` that are neither names, periods, letters of a grade nor options."""
    for name in sorted(names, key=len, reverse=True):
        if re.search("[A-Za-z]", name):
            text = text.replace(name, " ")
    text = re.sub(r"ddcheck explain|--[a-z-]+(?: zh)?|[a-z0-9-]+…", " ", text)
    alone = r"(?<![A-Za-z0-9])(?:%s)(?![A-Za-z0-9])"
    period = r"(?:TTM)?(?:FY\d{4}|\d{4}-\d\d-\d\d|\d{4}(?:Q\d|H\d)|\d{1,2}M\d{4})[EG]?"
    text = re.sub(alone % period, " ", text)
    text = re.sub(alone % "[A-F]", " ", re.sub(r"\[[A-Z0-9,]+\]", " ", text))
    return set(re.findall(r"[A-Za-z]+", text)) - ALLOWED


@pytest.mark.parametrize("options", [{}, {"all": True}, {"outputs": ("requests",)}], ids=str)
def test_a_chinese_report_has_no_english_in_it(
    options: dict[str, Any], evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    outcome = run_check(
        CheckOptions(("companies/agora.yaml",), today=TODAY, language="zh", **options), Screen()
    )
    assert outcome.code == 0
    assert HAN.search(outcome.stdout)
    assert _english(outcome.stdout, _known_names(evaluation)) == set()


def test_english_is_found_where_it_is() -> None:
    assert _english("证据firm [B,P2] FY2022E年9M2023、2021Q1为F～C --lang zh", set()) == {"firm"}


def test_a_chinese_catalogue_has_no_english_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    plan = load_plan((), Report())
    out = run_rules(RulesOptions(language="zh"), Screen()).stdout
    names = {*plan.rules, *plan.metrics, *(pack.id for pack in plan.packs.packs)}
    cut = {name[:41] for name in names}
    assert _english(out, names | cut) == set()


@pytest.mark.parametrize("options", [{}, {"all": True}], ids=str)
def test_a_chinese_report_keeps_to_its_columns(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    outcome = run_check(
        CheckOptions(("companies/agora.yaml",), today=TODAY, language="zh", **options), Screen()
    )
    lines = outcome.stdout.splitlines()
    assert [text for text in lines if display_width(text) > 110] == []
    assert options or len(lines) <= 40
    heads = [text for text in lines if "FY2020    FY2021    FY2022" in text]
    rows = [text for text in lines if re.search(r"(?:-?[\d.,]+%? +){3}[▁▂▃▄▅▆▇█]{2,3} ", text)]
    ends = {display_width(text[: text.index("FY2022") + 6]) for text in heads}
    for text in rows[:4]:
        match = re.search(r"(?:-?[\d.,]+%? +){3}", text)
        assert match is not None
        ends.add(display_width(text[: match.end()].rstrip()))
    assert len(rows) >= 4
    assert len(ends) == 1


def test_an_english_run_does_not_load_the_chinese_tables() -> None:
    code = (
        "import sys; sys.argv = ['ddcheck', 'companies/agora.yaml', *sys.argv[1:]]\n"
        "from ddcheck.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sum('text.chinese' in name for name in sys.modules), file=sys.stderr)"
    )
    loaded = [
        subprocess.run(
            [sys.executable, "-c", code, *options],
            cwd=ROOT, capture_output=True, encoding="utf-8", check=True,
        ).stderr.strip()
        for options in ([], ["--lang", "zh"])
    ]  # fmt: skip
    assert loaded[0] == "0"
    assert int(loaded[1]) > 5
