"""`ddcheck verify`: verdicts on facts looked up in copies, and that no slip of the hand passes."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ddcheck.engine.commands.loading import load_plan, read_company
from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.commands.verify import VerifyOptions, run_verify, verify
from ddcheck.engine.copies.copies import Copy, read_copy
from ddcheck.engine.copies.labels import Names
from ddcheck.engine.copies.lookup import look_up
from ddcheck.engine.model.facts import load_company
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.verification import (
    DIFFERS,
    ELSEWHERE,
    FINGERPRINTS,
    FOUND,
    NOT,
    NOT_FOUND,
    PLACES,
    PROOFS,
    VERDICTS,
    WHOLE,
    Verified,
)
from ddcheck.engine.text.chinese.verification import WORDS
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, parse
from ddcheck.engine.text.source import Source

ROOT = Path(__file__).parents[1]
HERE = ROOT / "tests" / "verify"
COPIES = HERE / "copies"


@cache
def _plan() -> Plan:
    return load_plan((), Report())


@cache
def _names() -> tuple[Names, frozenset[str]]:
    concepts = _plan().vocabulary.concepts
    names = {
        term.id: (
            term.label.en, term.label.zh,
            *(concepts[term.id].aliases if term.id in concepts else ()),
        )
        for term in _plan().terms.values()
    }  # fmt: skip
    return Names(names), frozenset(t.id for t in _plan().terms.values() if t.positive)


HEAD = """\
ddcheck: company/1
company: {id: acme, name: Acme, currency: USD}
sources: {s: {title: S, tier: press, published: 2024-02-06}}
"""


def _verified(facts: str, copy: str | Copy, name: str = "a.md") -> list[Verified]:
    """The verdicts on the facts of a company file, looked up in one copy."""
    report = Report()
    root = parse(Source("company.yaml", HEAD + facts), report)
    assert isinstance(root, Mapping)
    company = load_company(root, _plan().terms, _plan().vocabulary.dimensions, report)
    assert company is not None
    assert list(report) == []
    read = read_copy(name, copy.encode()) if isinstance(copy, str) else copy
    return list(look_up(read, company.facts, *_names()))


def _one(value: str, copy: str, at: str | None = "section 1", concept: str = "revenue") -> Verified:
    place = f", at: {at}" if at else ""
    period = "2023-12-31" if concept in ("headcount", "ads_outstanding") else "FY2023"
    text = f"facts: {{{concept}: {{{period}: {{value: {value}, source: s{place}}}}}}}\n"
    (found,) = _verified(text, copy)
    return found


def _run(company: Path | str, folder: Path | str, *outputs: str, **more: Any) -> Outcome:
    return run_verify(VerifyOptions(str(company), str(folder), outputs=outputs, **more), Screen())


# --- one figure


@pytest.mark.parametrize(
    ("value", "printed", "verdict", "proof"),
    [
        # as printed, however it is set
        ("4023万美元", "营收为4023万美元。", FOUND, "text"),
        ("4023万美元", "营收为４０２３ 万\n美元。", FOUND, "text"),
        ("4023万美元", "营收为4,023万美元。", FOUND, "text"),
        ("13%", "增长了13％", FOUND, "text"),
        ("-312万美元", "净利润－312万美元", FOUND, "text"),
        # in other words
        ("40.23 USD million", "revenue of $40.23 million", FOUND, "amount"),
        ("40.23 USD million", "营收为4023万美元", FOUND, "amount"),
        ("1.38..1.42 USD billion", "revenue of $1.38 billion to $1.42 billion", FOUND, "amount"),
        # never a part of another number, nor at another precision or scale
        ("12.5 USD million", "revenue of $112.5 million", DIFFERS, ""),
        ("2.5 USD million", "revenue of $12.5 million", DIFFERS, ""),
        ("13 USD million", "profit of $13.0 million", NOT_FOUND, ""),
        ("1.5万美元", "收入1.5万亿美元", DIFFERS, ""),
        ("40.23 USD million", "营收为40.23万美元", DIFFERS, ""),
        # slips
        ("4032万美元", "营收为4023万美元。", DIFFERS, ""),
        ("1.86亿美元", "营收为1.68亿美元。", DIFFERS, ""),
        ("4023万美元", "营收为5134万美元。", DIFFERS, ""),
        ("-312万美元", "净利润312万美元", DIFFERS, "text"),
        ("312万美元", "净利润-312万美元", DIFFERS, "text"),
        # nothing of the kind
        ("4023万美元", "毛利率为63.3%。", NOT_FOUND, ""),
    ],
)
def test_a_figure(value: str, printed: str, verdict: str, proof: str) -> None:
    concept = "net_income" if "312" in value else "revenue_growth" if "%" in value else "revenue"
    found = _one(value, f"# 1 X\n\n{printed}\n", concept=concept)
    assert (found.verdict, found.proof) == (verdict, proof)


def test_the_hint_is_what_the_source_prints() -> None:
    found = _one("1.86亿美元", "# 1 X\n\n营收从3330万美元增至1.68亿美元，毛利0.9亿美元。\n")
    assert (found.verdict, found.printed, found.around) == (
        DIFFERS, "1.68亿美元", "营收从3330万美元增至1.68亿美元，毛利0.9亿美元。",
    )  # fmt: skip
    assert found.spot is not None
    assert (found.spot.section, found.spot.paragraph) == ("1", 1)


TWO = "# 1 A\n\n营收为4023万美元，毛利率63%。\n\n# 2 B\n\n员工4318人，占比14%。\n"


def test_a_place_decides() -> None:
    assert _one("4023万美元", TWO, "section 1").at_place
    away = _one("4023万美元", TWO, "section 2")
    assert (away.verdict, away.spot and away.spot.section) == (ELSEWHERE, "1")
    unplaced = _one("4023万美元", TWO, None)
    assert (unplaced.verdict, unplaced.place) == (FOUND, "none")
    untold = _one("4023万美元", TWO, "page 7")
    assert (untold.verdict, untold.place, untold.untold) == (FOUND, NOT, "page 7")
    assert not untold.at_place


def test_a_short_figure_elsewhere_proves_nothing() -> None:
    found = _one("14%", TWO, "section 1", "gross_margin")
    assert found.verdict in (NOT_FOUND, DIFFERS)
    assert "员工4318人，占比14%" in dict(found.remarks[-1].values)["words"]


def test_a_printed_text_that_does_not_say_the_value() -> None:
    for value, text in (
        ("40.32 USD million", "4023万美元"),
        ("176..178 USD million", "1.76亿美元至1.87亿美元"),
        ("40.23 USD million", "4023万元"),
        ("5 USD million", "-5 百万美元"),
    ):
        found = _one(f"{value}, text: {text}", f"# 1 X\n\n营收 {text}\n")
        assert (found.verdict, found.proof) == (DIFFERS, "text")
        assert found.remarks[0].template.startswith("`text` says {text}, but the value is")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("-312万美元", "312万美元"),  # the sign is in the words around
        ("100亿美元", "突破百亿美金"),
        ("40.23 USD million", "40.23"),  # the unit is in the head of the table
        ("94.25 ads million", '"0.9425"'),
        ("2.37 USD", "2.37-4.85"),
        ("-30..-29 USD million", "近30 USD million"),
        ("176..178 USD million", "1.76亿美元至1.78亿美元"),
    ],
)
def test_a_printed_text_that_says_the_value(value: str, text: str) -> None:
    plain = text.strip('"')
    concept = "ads_outstanding" if "ads" in value else "net_income"
    assert _one(f"{value}, text: {text}", f"# 1 X\n\n它是{plain}。\n", concept=concept).at_place


def test_what_the_source_does_not_print_as_exact() -> None:
    found = _one("4023万美元", "# 1 X\n\n营收约4023万美元。\n")
    assert [remark.template for remark in found.remarks] == [
        "the source does not print it as exact: {words}"
    ]
    assert _one("约4023万美元", "# 1 X\n\n营收约4023万美元。\n").remarks == ()


# --- rows

TABLE = """\
# 1 Statements

| USD million | 2021 | 2022 | 2023 |
| --- | --- | --- | --- |
| Revenue | 133.56 | 1,167.98 | 160.67 |
| Cost of revenue | (47.20) | (63.98) | (61.25) |
| Net loss | 3.11 | 72.36 | 120.38 |
| Inventories | 0.00 | 0.00 | 0.00 |
| Construction in progress | 0.00 | 0.00 | 0.00 |
| Odd thing | 17.21 | 18.32 | 19.43 |
"""


def _row(concept: str, values: str, copy: str = TABLE, at: str = "section 1") -> list[Verified]:
    return _verified(
        f"tables: [{{source: s, at: {at}, unit: USD million, periods: [FY2021, FY2022, FY2023], "
        f"facts: {{{concept}: [{values}]}}}}]\n",
        copy,
    )


@pytest.mark.parametrize(
    ("concept", "values", "verdicts", "proof"),
    [
        ("revenue", '133.56, "1,167.98", 160.67', [FOUND] * 3, "named-row"),
        ("revenue", "133.56, 1167.98, 160.67", [FOUND] * 3, "named-row"),
        ("revenue", "133.56, ~, 160.67", [FOUND] * 2, "named-row"),
        ("revenue", "133.56, 1176.98, 160.67", [FOUND, DIFFERS, FOUND], ""),
        ("revenue", "133.56, 1167.98, 160.7", [FOUND, FOUND, DIFFERS], ""),
        # costs are positive in the file, whatever the source does
        ("cost_of_revenue", "47.20, 63.98, 61.25", [FOUND] * 3, "named-row"),
        # a loss printed without signs, under its name
        ("net_income", "-3.11, -72.36, -120.38", [FOUND] * 3, "named-row"),
        ("net_income", "-3.11, 72.36, -120.38", [DIFFERS, FOUND, DIFFERS], "named-row"),
        # zeros stand in many rows: the name tells
        ("inventories", "0.00, 0.00, 0.00", [FOUND] * 3, "named-row"),
        ("goodwill", "0.00, 0.00, 0.00", [NOT_FOUND] * 3, ""),
        # figures under a strange name; and under another concept's
        ("goodwill", "17.21, 18.32, 19.43", [FOUND] * 3, "row"),
        ("cost_of_revenue", "133.56, 1167.98, 160.67", [DIFFERS] * 3, "row"),
        ("goodwill", "5.55, 6.66, 7.77", [NOT_FOUND] * 3, ""),
    ],
)
def test_a_row(concept: str, values: str, verdicts: list[str], proof: str) -> None:
    found = _row(concept, values)
    assert [item.verdict for item in found] == verdicts
    assert {item.proof for item in found if item.verdict != FOUND or proof} <= {proof, "named-row"}


def test_a_row_says_what_is_printed_instead() -> None:
    found = _row("revenue", "133.56, 1176.98, 160.67")[1]
    assert (found.printed, found.around) == ("1,167.98", "Revenue")
    assert found.spot is not None
    assert found.spot.line == 5


def test_a_row_elsewhere() -> None:
    found = _row(
        "revenue", "133.56, 1167.98, 160.67", TABLE + "\n# 2 More\n\nNothing.\n", "section 2"
    )
    assert [item.verdict for item in found] == [ELSEWHERE] * 3


def test_numbers_in_order_in_a_page_of_lines() -> None:
    """A PDF may print a cell a line; the row is found all the same."""
    lines = "Revenue\n\n133.56\n\n1,167.98\n\n160.67\n\nTotal assets\n\n5.00\n"
    found = _row("revenue", "133.56, 1167.98, 160.67", "# 1 X\n\n" + lines)
    assert {(item.verdict, item.proof) for item in found} == {(FOUND, "named-row")}


# --- a company with a copy of every kind


def _json(*arguments: Any, **more: Any) -> Any:
    return json.loads(_run(*arguments, "json", **more).stdout)


def test_every_kind_of_copy() -> None:
    document = _json(HERE / "company.yaml", COPIES)
    assert [(source["kind"], source["fingerprint"]) for source in document["sources"]] == [
        ("pdf", "same"), ("html", "same"), ("text", "same"), ("markdown", "same"), ("xlsx", "same"),
    ]  # fmt: skip
    assert document["counts"] == {
        "facts": 51, "at_place": 51, "place_open": 0, "elsewhere": 0, "differs": 0, "not_found": 0,
        "not_looked_up": 0,
    }  # fmt: skip
    assert document["failed"] is False
    cells = {fact["text"]: fact["spot"]["cell"] for fact in document["facts"]}
    assert cells["1141.9"] == "Income!B2"


def test_the_json_is_what_its_schema_says(tmp_path: Path) -> None:
    schema = json.loads((ROOT / "schemas/verification.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    shutil.copytree(COPIES, tmp_path / "copies")
    (tmp_path / "copies/letter.txt").write_text("changed\n", encoding="utf-8")
    (tmp_path / "copies/broker.md").unlink()
    for folder in (COPIES, tmp_path / "copies"):
        document = _json(HERE / "company.yaml", folder)
        assert list(validator.iter_errors(document)) == []
    assert {fact["verdict"] for fact in document["facts"]} == {FOUND, NOT_FOUND, None}
    properties = schema["$defs"]["fact"]["properties"]
    assert properties["verdict"]["enum"] == [*VERDICTS, None]
    assert properties["place"]["enum"] == list(PLACES)
    assert properties["proof"]["enum"] == [*PROOFS, None]
    assert schema["$defs"]["source"]["properties"]["fingerprint"]["enum"] == [*FINGERPRINTS, None]


def test_one_bad_copy_does_not_hide_the_others(tmp_path: Path) -> None:
    shutil.copytree(COPIES, tmp_path / "copies")
    (tmp_path / "copies/broker.md").unlink()
    (tmp_path / "copies/model.xlsx").write_bytes(b"PK\x03\x04nothing")
    (tmp_path / "copies/letter.txt").write_bytes((COPIES / "letter.txt").read_bytes() + b"\n")
    outcome = _run(HERE / "company.yaml", tmp_path / "copies", "json")
    assert outcome.code == 2
    assert sorted(set(re.findall(r"DD5\d\d", outcome.stderr))) == ["DD521", "DD523", "DD525"]
    counts = json.loads(outcome.stdout)["counts"]
    assert (counts["at_place"], counts["not_looked_up"]) == (31, 20)


def test_exit_codes(tmp_path: Path) -> None:
    text = (HERE / "company.yaml").read_text(encoding="utf-8")
    company = tmp_path / "company.yaml"
    for before, after, code in (
        ("", "", 0),
        (
            "value: 38.2%, source: broker, at: section 1",
            "value: 38.2%, source: broker, at: section 2",
            0,
        ),
        ("value: 118%", "value: 181%", 1),
        ("file: broker.md", "file: ../copies/broker.md", 2),
    ):
        company.write_text(text.replace(before, after), encoding="utf-8")
        assert _run(company, COPIES).code == code


def test_one_source_alone() -> None:
    document = _json(HERE / "company.yaml", COPIES, only=("letter",))
    assert [source["id"] for source in document["sources"]] == ["letter"]
    assert {fact["source"] for fact in document["facts"]} == {"letter"}
    assert _run(HERE / "company.yaml", COPIES, only=("leter",)).code == 2


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    shutil.copytree(COPIES, copies)
    outside = tmp_path / "letter.txt"
    (copies / "letter.txt").rename(outside)
    (copies / "letter.txt").symlink_to(outside)
    outcome = _run(HERE / "company.yaml", copies)
    assert outcome.code == 2
    assert "DD522" in outcome.stderr


def test_a_file_takes_the_report(tmp_path: Path) -> None:
    outcome = _run(HERE / "company.yaml", COPIES, "text", "json:out.json")
    ((path, text),) = outcome.files
    assert (path, json.loads(str(text))["failed"]) == ("out.json", False)
    assert outcome.stdout.startswith("Northlake Robotics")


# --- no slip of the hand passes


def _swaps(text: str) -> list[str]:
    """Every way to swap two neighboring digits of `text`, a decimal point between or not."""
    places = [i for i, char in enumerate(text) if char in "0123456789"]
    found = []
    for i, j in pairwise(places):
        if text[i] != text[j] and set(text[i + 1 : j]) <= {"."}:
            found.append(text[:i] + text[j] + text[i + 1 : j] + text[i] + text[j + 1 :])
    return found


def _edited(index: int, replacement: str) -> Verified | None:
    """The verdict on fact `index` of the company when its figure is `replacement` instead."""
    path = HERE / "company.yaml"
    raw = path.read_text(encoding="utf-8")
    company = read_company(str(path), _plan(), Report())
    assert company is not None
    node = company.facts[index].node
    start = raw.index(node.text, node.index)
    text = raw[:start] + replacement + raw[start + len(node.text) :]
    report = Report()
    root = parse(Source(str(path), text), report)
    assert isinstance(root, Mapping)
    changed = load_company(root, _plan().terms, _plan().vocabulary.dimensions, report)
    if changed is None or len(changed.facts) != len(company.facts) or report.failed:
        return None  # no quantity any more
    fact = changed.facts[index]
    facts = [each for each in changed.facts if each.source == fact.source]
    found = look_up(_copies()[fact.source], facts, *_names())
    assert all(item.at_place for item in found if item.fact is not fact)
    return next(item for item in found if item.fact is fact)


@cache
def _copies() -> dict[str, Copy]:
    company = read_company(str(HERE / "company.yaml"), _plan(), Report())
    assert company is not None
    return {
        name: read_copy(str(document.file), (COPIES / str(document.file)).read_bytes())
        for name, document in company.sources.items()
    }


@cache
def _figures() -> list[str]:
    company = read_company(str(HERE / "company.yaml"), _plan(), Report())
    assert company is not None
    return [fact.node.text for fact in company.facts]


def test_every_swap_of_two_digits_is_named() -> None:
    tried = Counter[str | None]()
    passed = []
    for index, text in enumerate(_figures()):
        for swapped in _swaps(text):
            found = _edited(index, swapped)
            if found is None:
                continue
            tried[found.verdict] += 1
            if not found.failed:
                passed.append((text, swapped, found.verdict))
    assert passed == []
    assert tried[DIFFERS] > 80


@settings(max_examples=120)
@given(st.data())
def test_no_digit_can_be_changed_in_the_file(data: st.DataObject) -> None:
    figures = _figures()
    index = data.draw(st.integers(0, len(figures) - 1))
    text = figures[index]
    place = data.draw(st.sampled_from([i for i, char in enumerate(text) if char.isdigit()]))
    digit = data.draw(st.sampled_from([each for each in "0123456789" if each != text[place]]))
    found = _edited(index, text[:place] + digit + text[place + 1 :])
    assert found is None or not found.at_place


@settings(max_examples=80)
@given(st.data())
def test_no_digit_can_be_changed_in_the_copy(data: st.DataObject) -> None:
    """A digit of a printed figure changed in its source: the fact that cites it is not found."""
    company = read_company(str(HERE / "company.yaml"), _plan(), Report())
    assert company is not None
    name = data.draw(st.sampled_from(["release", "letter", "broker"]))
    file = COPIES / str(company.sources[name].file)
    raw = file.read_text(encoding="utf-8")
    facts = [fact for fact in company.facts if fact.source == name]
    fact = data.draw(st.sampled_from(facts))
    digits = re.search(r"[\d,]+\.?\d*", fact.text)
    assert digits is not None
    places = [
        match.start()
        for match in re.finditer(rf"(?<![\d.,]){re.escape(digits[0])}(?![\d]|[.,]\d)", raw)
    ]
    if not places:
        return  # printed in another form
    offset = data.draw(st.sampled_from([i for i, char in enumerate(digits[0]) if char.isdigit()]))
    old = digits[0][offset]
    new = data.draw(st.sampled_from([each for each in "0123456789" if each != old]))
    changed = raw
    for place in places:
        changed = changed[: place + offset] + new + changed[place + offset + 1 :]
    found = look_up(read_copy(file.name, changed.encode()), facts, *_names())
    (one,) = [item for item in found if item.fact is fact]
    assert not one.at_place


# --- words


def test_every_word_of_the_report_has_its_chinese() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in (
            *(ROOT / "engine/copies").glob("*.py"),
            ROOT / "engine/report/verification.py",
        )
    )
    said = set(re.findall(r'(?:Remark\(|say\(language, |template = )\s*"([^"]+)"', code))
    said |= set(re.findall(r'^        return Remark\(\s*\n\s*"([^"]+)"', code, re.MULTILINE))
    assert said - set(WORDS) == set()
    for english, chinese in WORDS.items():
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", chinese))


def test_the_library_call_gives_the_same() -> None:
    report = Report()
    company = read_company(str(HERE / "company.yaml"), _plan(), report)
    assert company is not None
    found = verify(_plan(), company, str(COPIES), (), report)
    assert not found.failed
    assert {item.place for source in found.sources for item in source.facts} == {WHOLE}
