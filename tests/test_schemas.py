"""The schemas that editors read say what the loaders do.

Files are read here as an editor reads them: YAML 1.2's core schema, so that `-3.11` is a number,
`true` a truth value and `2021-03-31` a text. Reading every scalar as text (`yaml.BaseLoader`) would
accept a quoted "true", which the loader refuses, and never try what a number meets in an editor.

Where a loader keeps its keys is its own business: it is asked for them, with a key that nobody
knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from jsonschema import Draft202012Validator

from ddcheck.engine.check.cases import run_cases
from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.check.likeness import TYPES as CONFLICTS
from ddcheck.engine.gate.baseline import load_baseline
from ddcheck.engine.gate.settings import Settings
from ddcheck.engine.gate.waivers import load_waivers
from ddcheck.engine.memo.head import head_of
from ddcheck.engine.model.breakdowns import WORDS
from ddcheck.engine.model.company import TIERS
from ddcheck.engine.model.decision import NOTE, STATUSES
from ddcheck.engine.model.definition_fields import STALE_AFTER
from ddcheck.engine.model.definitions import RULE_FRAMES
from ddcheck.engine.model.facts import load_company
from ddcheck.engine.model.finding import FLAG, NOT_APPLICABLE, PASS, UNKNOWN
from ddcheck.engine.model.pack import COVERAGES, DIRECTIONS, LETTERS, SEVERITIES, Policy
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.periods import FRAMES, KIND_NAMES, Calendar, PeriodError
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.units import BASES, unit_named
from ddcheck.engine.model.vocabulary import TIMES, valid_id
from ddcheck.engine.model.wording import STYLES
from ddcheck.engine.readers.label_map import load_map
from ddcheck.engine.report.as_json import SCHEMA_VERSION, render_json
from ddcheck.engine.text.diagnostics import ERROR, WARNING, Diagnostic, Report
from ddcheck.engine.text.document import Mapping, Scalar, parse
from ddcheck.engine.text.shape import KINDS, parse_day
from ddcheck.engine.text.shape import kind as kind_of
from ddcheck.engine.text.source import Source
from ddcheck.engine.text.translate import LANGUAGES
from ddcheck.engine.text.words import CURRENCIES

ROOT = Path(__file__).parents[1]
SCHEMAS: dict[str, dict[str, Any]] = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "schemas").glob("*.json"))
}
#: Kinds of file that have no schema yet.
WITHOUT_SCHEMA: set[str] = set()
#: Schemas of what commands print; the others are of files that people write.
PRINTED = {"comparison", "difference", "explanation", "params", "report", "trial", "verification"}
EDITED = sorted(set(SCHEMAS) - PRINTED)
SHIPPED = sorted([*ROOT.glob("rules/**/*.yaml"), *ROOT.glob("companies/**/*.yaml")])
BOOLEAN_WORDS = frozenset("on off yes no y n true false".split())
UNHEARD = "zzzzzzzz"

# One small file of each kind, free of mistakes; what is tried below changes one of them.
FILES = {
    "memo": """\
ddcheck: memo/1
company: [tiny, other_one]
as_of: 2024-02-06
recommendation: watch
language: zh
coverage: strict
title: A memo
author: Somebody
date: 6 February 2024
""",
    "trends": """\
ddcheck: trends/1
trends:
  rising:
    title: {en: Rising, zh: 上升}
    when: rising(x, steps)
    why: every step is up
""",
    "map": """\
ddcheck: map/1
note: settled by us
labels:
  Sales: revenue
  Net loss: {concept: profit, unit: USD million, reversed: true, note: printed without a sign}
  "Cost of revenue > Services": ignore
  Income!A12: ~
periods: {本期金额: FY2021, 上期金额: FY2020}
""",
    "policy": """\
ddcheck: policy/1
fail_on: high
must_know: [runway-short]
why: a reason
""",
    "waivers": """\
ddcheck: waivers/1
waivers:
  - rule: margin-low
    company: acme
    reason: The margin is low until the new plant runs.
    owner: li
    approved_by: wang
    created: 2026-10-01
    expires: 2027-01-31
    scope: [FY2025]
""",
    "baseline": """\
ddcheck: baseline/1
entries:
  - {rule: margin-low, company: acme, frame: year, period: FY2025, outcome: flag,
     severity: high, value: -0.2}
""",
    "pack": """\
ddcheck: pack/1
id: tiny
version: "1.0"
title: {en: Tiny, zh: 小}
extends: []
applies_to: [paas]
parameters:
  limit: {title: Limit, unit: ratio, default: 10%, at_least: 1%, at_most: 50%}
  dated_limit: {unit: ratio, values: {2020-01-01: 15%, 2025-01-01: 10%}}
locked: [margin-low]
""",
    "vocabulary": """\
ddcheck: vocabulary/1
dimensions:
  region: {label: {en: Region, zh: 地区}, members: [china, overseas]}
concepts:
  revenue: {time: flow, unit: money, label: Revenue, positive: true}
  cost: {time: flow, unit: money, label: Cost}
  profit: {time: flow, unit: money, label: Profit, derive: [revenue - cost]}
  price: {time: fixed, unit: money/ads, label: Price, quoted: true}
""",
    "grading": """\
ddcheck: grading/1
points: {A: 4, B: 3, C: 2, D: 1, F: 0}
letters: {A: 3.5, B: 2.5, C: 1.5, D: 0.5, why: half way}
single_letter_span: 2
categories:
  growth: {title: Growth, weight: 0.5, graded: true}
caps:
  category: {critical: F, high: D}
  whole: {critical: D}
""",
    "rules": """\
ddcheck: rules/1
category: growth
metrics:
  margin:
    title: {en: Margin, zh: 利润率}
    formula: profit / revenue
    unit: ratio
    better: higher
    ladder: {A: 50%, B: 30%, C: $limit, D: 0}
    ladders: [{tags: [paas], dated: 2024, reference: tried, steps: {A: 40%, B: 20%}}]
    reference: tried
    otherwise: {grade: A, note: kept}
    weight: 0.5
    tests:
      - {given: {revenue: 100, profit: 35}, expect: {grade: B}}
      - given: {revenue: {FY-1: 100, FY0: 200}, profit: [35, ~]}
        expect: {value: 35%, at: FY-1}
rules:
  margin-low:
    title: Low margin
    metric: margin
    below: {medium: $limit, high: 0}
    frame: any
    kinds: [actual, estimate]
    stale_after: 15 months
    from: 2020-01-01
    ask_on: [unknown, flag]
    equivalent: [{becomes: frame year, why: tried}]
    tests:
      - {given: {margin: 5%}, at: Q0, expect: {flag: medium}}
      - {given: {}, expect: {unknown: [margin]}}
  said-stable:
    title: Called stable
    when: said(revenue, "stable") and share(revenue, "region", "china") > limit
    severity: low
    tests:
      - given: {revenue: 100}
        params: {limit: 20%}
        breakdowns: [{concept: revenue, by: region, period: FY0, unit: "%", parts: {china: 15}}]
        events: [{said: stable, about: revenue, over: FY-1..FY0}]
        expect: pass
strengths:
  margin-high:
    title: High margin
    when: margin > 50%
    tests: [{given: {margin: 60%}, expect: holds}]
""",
    "company": """\
ddcheck: company/1
company:
  id: tiny
  name: {en: Tiny, zh: 小}
  currency: USD
  fiscal_year_end: "12-31"
  founded: 2014
  tags: [paas]
sources:
  annual: {title: Annual report, tier: audited, published: 2024-02-06}
tables:
  - source: annual
    unit: USD million
    periods: [FY2021, FY2022, FY2023E]
    facts:
      revenue: [133.56, "1,167.98", ~]
      margin: {unit: "%", values: [64.7, -61.9, 61], decimals: 0}
facts:
  price: {value: 20 USD/ads, since: 2020-06-26, source: annual, exact: true}
  margin: {source: annual, FY2019: 50.8%, FY2020: {value: over 13%, text: 13％}}
  cost:
    2021Q1: {value: 4023万美元, source: annual}
    FY2023G:
      - {value: 176..178 USD million, source: annual, scope: {region: china}}
breakdowns:
  - {concept: revenue, by: region, period: FY2022, source: annual, unit: "%", parts: {china: 43}}
events:
  - {date: 2020-06-26, what: Listed, source: annual}
  - {said: stable, about: revenue, over: FY2021..FY2022, source: annual}
answers: {}
""",
}


class _CoreLoader(yaml.SafeLoader):
    """Null, truth values, whole and other numbers; everything else, and every key, is text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


for _tag, _form, _first in (
    ("null", r"(?:~|null|Null|NULL|)\Z", ["~", "n", "N", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)\Z", list("tTfF")),
    ("int", r"[-+]?[0-9]+\Z", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z",
        list("-+.0123456789"),
    ),
):
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_form), _first)
_CoreLoader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))
_CoreLoader.add_constructor("tag:yaml.org,2002:float", lambda _, node: float(node.value))


def _read(text: str) -> Any:
    return yaml.load(text, _CoreLoader)


def _at(schema: dict[str, Any], pointer: str) -> dict[str, Any]:
    """The part of `schema` at a JSON pointer."""
    found: Any = schema
    for step in pointer.split("/")[1:]:
        found = found[int(step) if isinstance(found, list) else step]
    assert isinstance(found, dict)
    return found


def _parts(node: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping of a schema with its JSON pointer, the schema itself first."""
    if isinstance(node, dict):
        yield pointer, node
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        if isinstance(value, (dict, list)):
            yield from _parts(value, f"{pointer}/{key}")


def _described(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What an editor can show: every property and every definition, conditions apart."""
    for pointer, part in _parts(schema):
        if "if" in pointer.split("/"):
            continue
        for group in ("properties", "$defs"):
            for name, entry in part.get(group, {}).items():
                if isinstance(entry, dict):  # False in a branch: this key does not go with that one
                    yield f"{pointer}/{group}/{name}", entry


def _failures(kind: str, document: Any) -> set[str]:
    """The JSON pointers at which `document` fails its schema."""
    errors = Draft202012Validator(SCHEMAS[kind]).iter_errors(document)
    return {"".join(f"/{step}" for step in error.absolute_path) for error in errors}


def _load(folder: Path, kind: str, text: str) -> list[Diagnostic]:
    """What the loaders say of `text` as the file of `kind` beside the small files of the others."""
    report = Report()
    texts = {**FILES, kind: text}
    for name in set(FILES) - {"company", "map", "memo", "waivers", "baseline"}:
        (folder / f"{name}.yaml").write_text(texts[name], encoding="utf-8")
    plan = compile_packs(load_packs((str(folder),), report), report)
    run_cases(plan, report)
    root = parse(Source("company.yaml", texts["company"]), report)
    assert isinstance(root, Mapping)
    if kind_of(root, report) == "company":
        load_company(root, plan.terms, plan.vocabulary.dimensions, report)
    settled = parse(Source("map.yaml", texts["map"]), report)
    if isinstance(settled, Mapping) and kind_of(settled, report) == "map":
        load_map(settled, plan.terms, report)
    policy = Policy("high", ())
    settings = Settings(
        "", None, plan, policy, (), (), (), None, frozenset({"margin-low"}), frozenset()
    )
    accepted = parse(Source("waivers.yaml", texts["waivers"]), report)
    if isinstance(accepted, Mapping) and kind_of(accepted, report) == "waivers":
        load_waivers(accepted, settings, date(2026, 11, 21).toordinal(), report)
    known = parse(Source("baseline.yaml", texts["baseline"]), report)
    if isinstance(known, Mapping) and kind_of(known, report) == "baseline":
        load_baseline(known, report)
    memo = parse(Source("memo.yaml", texts["memo"]), report)
    if memo is not None:
        head_of(memo, report)
    return [item for item in report if Path(item.path).name == f"{kind}.yaml"]


# --- what is shipped


def test_every_kind_of_file_has_a_schema() -> None:
    assert set(EDITED) == set(KINDS) - WITHOUT_SCHEMA == set(FILES)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_valid_itself(kind: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[kind])
    schema = SCHEMAS[kind]
    assert (schema["$schema"], schema["$id"]) == (
        "https://json-schema.org/draft/2020-12/schema",
        f"urn:ddcheck:schema:{kind}:1",
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_shipped_file_is_valid(path: Path) -> None:
    document = _read(path.read_text(encoding="utf-8"))
    kind = document["ddcheck"].partition("/")[0]
    if kind not in WITHOUT_SCHEMA:
        assert _failures(kind, document) == set()


@pytest.mark.parametrize("kind", FILES)
def test_a_small_file_is_valid_to_both(kind: str, tmp_path: Path) -> None:
    assert _failures(kind, _read(FILES[kind])) == set()
    assert _load(tmp_path, kind, FILES[kind]) == []


# --- keys

_COMPANY = "ddcheck: company/1\ncompany: {id: a, name: A, currency: USD}\n"
_SOURCE = "sources: {s: {title: S, tier: model, published: 2024-02-06}}\n"
_RULE = "ddcheck: rules/1\nrules:\n  r:\n    title: R\n    category: growth\n    "
_METRIC = (
    "ddcheck: rules/1\nmetrics:\n  probe:\n"
    "    title: M\n    category: growth\n    unit: ratio\n    "
)
_GRADING = FILES["grading"]

#: Where a mapping stands (`@`) in a file of a kind, and the parts of the schema that speak of it.
MAPPINGS = [
    ("company", "@", ""),
    ("company", "ddcheck: company/1\nsources: {}\ncompany:\n  @\n", "/properties/company"),
    (
        "company",
        "ddcheck: company/1\nsources: {}\ncompany:\n  id: a\n  currency: USD\n  name:\n    @\n",
        "/$defs/label",
    ),
    ("company", _COMPANY + "sources:\n  s:\n    @\n", "/$defs/source"),
    ("company", _COMPANY + _SOURCE + "tables:\n  -\n    @\n", "/$defs/table"),
    (
        "company",
        _COMPANY + _SOURCE + "tables: [{source: s, periods: [FY2021], facts: {revenue:\n  @\n}}]\n",
        "/$defs/row",
    ),
    (
        "company",
        _COMPANY + _SOURCE + "facts: {revenue: {FY2021:\n  @\n}}\n",
        "/$defs/fact /$defs/sourced_fact",
    ),
    ("company", _COMPANY + _SOURCE + "breakdowns:\n  -\n    @\n", "/$defs/breakdown"),
    ("company", _COMPANY + _SOURCE + "events:\n  -\n    @\n", "/$defs/event"),
    ("pack", "@", ""),
    (
        "pack",
        "ddcheck: pack/1\nid: a\nversion: 1\ntitle: A\nparameters:\n  p:\n    @\n",
        "/$defs/parameter",
    ),
    ("rules", "@", ""),
    ("rules", "ddcheck: rules/1\nmetrics:\n  probe:\n    @\n", "/$defs/metric"),
    ("rules", "ddcheck: rules/1\nrules:\n  r:\n    @\n", "/$defs/rule"),
    ("rules", "ddcheck: rules/1\nstrengths:\n  s:\n    @\n", "/$defs/strength"),
    ("rules", _METRIC + "better: lower\n    reference: r\n    ladder:\n      @\n", "/$defs/ladder"),
    (
        "rules",
        _METRIC + "better: lower\n    ladders:\n      -\n        @\n",
        "/$defs/tagged_ladder",
    ),
    ("rules", _METRIC + "otherwise:\n      @\n", "/$defs/metric/properties/otherwise"),
    ("rules", _RULE + "metric: revenue\n    below:\n      @\n", "/$defs/limits"),
    ("rules", _METRIC + "tests:\n      -\n        @\n", "/$defs/test"),
    ("rules", _METRIC + "equivalent:\n      -\n        @\n", "/$defs/equivalent"),
    ("rules", _METRIC + "tests:\n      - expect:\n          @\n", "/$defs/metric_expect"),
    (
        "rules",
        _RULE + "when: revenue > 0\n    severity: low\n    tests:\n      - expect:\n          @\n",
        "/$defs/rule_expect",
    ),
    (
        "rules",
        _METRIC + "tests:\n      - {expect: not-applicable, breakdowns: [\n          @\n]}\n",
        "/$defs/given_breakdown",
    ),
    (
        "rules",
        _METRIC + "tests:\n      - {expect: not-applicable, events: [\n          @\n]}\n",
        "/$defs/given_event",
    ),
    (
        "rules",
        _METRIC + "tests:\n      - expect: not-applicable\n        sources: {s:\n          @\n}\n",
        "/$defs/given_source",
    ),
    ("vocabulary", "@", ""),
    ("vocabulary", "ddcheck: vocabulary/1\nconcepts:\n  c:\n    @\n", "/$defs/concept"),
    ("vocabulary", "ddcheck: vocabulary/1\ndimensions:\n  d:\n    @\n", "/$defs/dimension"),
    ("policy", "@", ""),
    ("policy", "ddcheck: policy/1\nfail_on: high\nmemos:\n  @\n", "/properties/memos"),
    ("waivers", "@", ""),
    ("waivers", "ddcheck: waivers/1\nwaivers:\n  -\n    @\n", "/$defs/waiver"),
    ("baseline", "@", ""),
    ("baseline", "ddcheck: baseline/1\nentries:\n  -\n    @\n", "/$defs/entry"),
    ("memo", "@", ""),
    ("trends", "@", ""),
    ("trends", "ddcheck: trends/1\ntrends:\n  t:\n    @\n", "/$defs/trend"),
    ("map", "@", ""),
    ("map", "ddcheck: map/1\nlabels:\n  Sales:\n    @\n", "/$defs/meaning"),
    ("grading", "@", ""),
    ("grading", re.sub("points: .*", "points:\n  @", _GRADING), "/properties/points"),
    ("grading", re.sub("letters: .*", "letters:\n  @", _GRADING), "/properties/letters"),
    ("grading", re.sub("growth: .*", "growth:\n    @", _GRADING), "/$defs/category"),
    ("grading", re.sub("(?s)caps:.*", "caps:\n  @", _GRADING), "/properties/caps"),
]
#: What a loader reads or asks for in another way than by the keys of a mapping.
APART = {
    "/$defs/metric_expect": ({"at"}, set()),  # taken away before the keys are looked at
    "/$defs/strength": (set(), {"when"}),  # asked for as "either `when` or `metric`"
}


def _keys(folder: Path, kind: str, template: str) -> tuple[set[str], set[str]]:
    """The keys that the loader knows, and those that it asks for, in the mapping at `@`."""
    head = [f"ddcheck: {kind}/1"] if template == "@" else []
    asked: set[str] = set()
    while True:
        entries = [*head, f"{UNHEARD}: 1", *(f"{key}: 1" for key in sorted(asked))]
        text = template.replace("@", "{" + ", ".join(entries) + "}")
        line = text[: text.index(UNHEARD)].count("\n") + 1
        here = [item for item in _load(folder, kind, text) if item.line == line]
        (known,) = [item.help or "" for item in here if f"unknown key `{UNHEARD}`" in item.message]
        absent = [re.search(r"has no `([\w-]+)`", item.message) for item in here]
        more = {match[1] for match in absent if match} - asked
        if not more:
            return set(known.removeprefix("known keys: ").split(", ")), asked
        asked |= more


@pytest.mark.parametrize(
    ("kind", "template", "pointers"), MAPPINGS, ids=[f"{kind}:{p}" for kind, _, p in MAPPINGS]
)
def test_the_loader_knows_the_same_keys(
    kind: str, template: str, pointers: str, tmp_path: Path
) -> None:
    parts = [_at(SCHEMAS[kind], pointer) for pointer in pointers.split(" ")]
    known, asked = _keys(tmp_path, kind, template)
    more_known, more_asked = APART.get(pointers, (set(), set()))
    required = {key for part in parts for key in part.get("required", [])} - {"ddcheck"}
    assert (set(parts[0]["properties"]), required) == (known | more_known, asked | more_asked)
    assert parts[0]["additionalProperties"] is False


def test_every_closed_mapping_is_compared_with_its_loader() -> None:
    """Parts with the same keys as one that was compared (labels, captions) count as compared."""
    compared = {(kind, pointer) for kind, _, p in MAPPINGS for pointer in p.split(" ")}
    compared |= {(kind, "/$defs/label") for kind in EDITED}
    closed = {
        (kind, pointer)
        for kind in EDITED
        for pointer, part in _parts(SCHEMAS[kind])
        if part.get("additionalProperties") is False
    }
    assert closed - compared == {
        ("grading", "/properties/caps/properties/category"),
        ("grading", "/properties/caps/properties/whole"),
        ("rules", "/$defs/strength_expect"),
        ("policy", "/properties/folders"),
        ("policy", "/properties/memos/properties/recommendations"),
    }
    caps = _at(SCHEMAS["grading"], "/properties/caps/properties")
    for part in ("category", "whole"):
        assert set(caps[part]["properties"]) == {*SEVERITIES, "reference", "why"}
    assert set(_at(SCHEMAS["rules"], "/$defs/strength_expect/properties")) == {"unknown"}


# --- enumerations


def _enumerations(kind: str) -> dict[str, list[Any]]:
    return {pointer: part["enum"] for pointer, part in _parts(SCHEMAS[kind]) if "enum" in part}


def test_enumerations_of_a_company() -> None:
    assert _enumerations("company") == {
        "/properties/company/properties/currency": sorted(CURRENCIES),
        "/$defs/source/properties/tier": list(TIERS),
        "/$defs/event/properties/said": list(WORDS),
    }


def test_enumerations_of_rules() -> None:
    kinds = list(KIND_NAMES)
    expected: dict[str, list[Any]] = {
        "/$defs/severity": list(SEVERITIES),
        "/$defs/letter": list(LETTERS),
        "/$defs/metric/properties/better": ["higher", "lower"],
        "/$defs/metric/properties/style": list(STYLES),
        "/$defs/metric/properties/otherwise/then": ["not-applicable"],
        "/$defs/metric/properties/frame": list(FRAMES),
        "/$defs/rule/properties/frame": list(RULE_FRAMES),
        "/$defs/strength/properties/frame": list(RULE_FRAMES),
        "/$defs/rule/properties/min_evidence": list(TIERS),
        "/$defs/strength/properties/min_evidence": list(TIERS),
        "/$defs/test/properties/tier": list(TIERS),
        "/$defs/given_source/properties/tier": list(TIERS),
        "/$defs/rule/properties/ask_on/then": ["unknown", "flag"],
        "/$defs/rule/properties/ask_on/items": ["unknown", "flag"],
        "/$defs/given_event/properties/said": list(WORDS),
        "/$defs/metric_expect/then": ["not-applicable"],
        "/$defs/rule_expect/then": ["pass", "not-applicable"],
        "/$defs/strength_expect/then": ["holds", "does-not-hold", "not-applicable"],
    }
    for part in ("metric", "rule", "strength"):
        expected[f"/$defs/{part}/properties/kinds/then"] = kinds
        expected[f"/$defs/{part}/properties/kinds/items"] = kinds
        expected[f"/$defs/{part}_expect/properties/unknown/then"] = [
            "bounded", "stale", "assumed", "evidence",
        ]  # fmt: skip
    assert _enumerations("rules") == expected


def test_enumerations_of_the_other_files() -> None:
    assert _enumerations("pack") == {}
    assert _enumerations("memo") == {
        "/properties/language": list(LANGUAGES),
        "/properties/coverage": list(COVERAGES),
    }
    assert _enumerations("trends") == {}
    assert _enumerations("vocabulary") == {"/$defs/concept/properties/time": list(TIMES)}
    assert _enumerations("grading") == {"/$defs/letter": list(LETTERS)}
    assert _enumerations("policy") == {
        "/properties/fail_on": list(SEVERITIES),
        "/properties/memos/properties/coverage": list(COVERAGES),
    }
    recommended = _at(SCHEMAS["policy"], "/properties/memos/properties/recommendations/properties")
    assert list(recommended) == list(LETTERS)
    assert _enumerations("waivers") == {}
    assert _enumerations("baseline") == {
        "/$defs/entry/properties/frame": list(FRAMES),
        "/$defs/entry/properties/outcome": [FLAG, UNKNOWN],
        "/$defs/entry/properties/severity": list(SEVERITIES),
    }


def test_enumerations_of_a_report() -> None:
    outcomes = [FLAG, PASS, UNKNOWN, NOT_APPLICABLE]
    letters = [*LETTERS, None]
    finding = "/$defs/finding/properties"
    expected: dict[str, list[Any]] = {
        "/$defs/report/properties/company/properties/currency": sorted(CURRENCIES),
        "/$defs/report/properties/newest/propertyNames": list(FRAMES),
        "/$defs/source/properties/tier": list(TIERS),
        "/$defs/metric/properties/better": ["higher", "lower", None],
        "/$defs/metric/properties/frame": list(FRAMES),
        "/$defs/metric/properties/state": ["known", "unknown", "stale", "not-applicable"],
        "/$defs/metric/properties/latest/properties/grade": letters,
        "/$defs/value/properties/kind": [*KIND_NAMES, None],
        f"{finding}/severity": list(SEVERITIES),
        f"{finding}/becomes/properties/severity": list(SEVERITIES),
        f"{finding}/outcome": outcomes,
        "/$defs/metric/properties/tier": [*TIERS, None],
        f"{finding}/reason": ["missing", "bounded", "stale", "assumed", "evidence", None],
        f"{finding}/frame": list(RULE_FRAMES),
        f"{finding}/last/properties/outcome": outcomes,
        f"{finding}/last/properties/severity": [*SEVERITIES, None],
        f"{finding}/kind": [*KIND_NAMES, None],
        f"{finding}/tier": [*TIERS, None],
        "/$defs/value/properties/tier": [*TIERS, None],
        "/$defs/request/properties/tier": [*TIERS, None],
        "/$defs/report/properties/tiers/properties/graded_on": [*TIERS, None],
        "/$defs/request/properties/severity": [*SEVERITIES, None],
        "/$defs/conflict/properties/type": list(CONFLICTS),
        "/$defs/claim/properties/verdict": [
            "match", "match-rounded", "mismatch", "overprecise", "unresolved",
        ],
        "/$defs/diagnostic/properties/severity": [ERROR, WARNING],
        "/$defs/evidence/properties/kind": list(KIND_NAMES),
        "/$defs/settled/properties/status": list(STATUSES),
        "/$defs/notice/properties/level": [ERROR, WARNING, NOTE],
        "/$defs/remark/properties/level": [ERROR, WARNING, NOTE],
    }  # fmt: skip
    for name in ("letter", "known_letter", "worst", "best"):
        expected[f"/$defs/grade/properties/{name}"] = letters
    for name in ("letter", "worst", "best"):
        expected[f"/$defs/category/properties/{name}"] = letters
    assert _enumerations("report") == expected


def test_keys_that_are_enumerations() -> None:
    rules, grading = SCHEMAS["rules"], SCHEMAS["grading"]
    assert list(_at(rules, "/$defs/limits/properties")) == list(SEVERITIES)
    assert list(_at(rules, "/$defs/ladder/properties")) == list(LETTERS[:-1])
    assert _at(rules, "/$defs/rule/then")["oneOf"] == [{"required": [d]} for d in DIRECTIONS]
    assert _at(rules, "/$defs/rule/else")["properties"] == dict.fromkeys(DIRECTIONS, False)
    assert _at(grading, "/properties/points")["required"] == list(LETTERS)
    assert _at(grading, "/properties/letters")["required"] == list(LETTERS[:-1])


def test_defaults_are_those_of_the_loaders() -> None:
    found = {
        (kind, pointer.rpartition("/")[2], json.dumps(part["default"]))
        for kind in SCHEMAS
        for pointer, part in _described(SCHEMAS[kind])
        if "default" in part and pointer.rpartition("/")[2] != "properties"
    }
    assert found == {
        ("company", "fiscal_year_end", f'"{Calendar().month}-{Calendar().day}"'),
        ("rules", "weight", "1"),
        ("rules", "frame", '"year"'),
        ("rules", "kinds", '["actual"]'),
        ("rules", "stale_after", f'"{STALE_AFTER} months"'),
        ("rules", "ask_on", '["unknown"]'),
        ("rules", "tier", f'"{TIERS[0]}"'),
        ("grading", "weight", "1"),
        ("grading", "single_letter_span", "2"),
    }


@pytest.mark.parametrize("kind", SCHEMAS)
def test_no_word_is_a_truth_value_of_yaml_1_1(kind: str) -> None:
    words: list[Any] = []
    for _, part in _parts(SCHEMAS[kind]):
        words += [*part.get("properties", ()), *part.get("required", ()), *part.get("enum", ())]
        words += [part["const"]] if "const" in part else []
    assert [word for word in words if str(word).lower() in BOOLEAN_WORDS] == []


# --- patterns


def _pattern(kind: str, name: str) -> re.Pattern[str]:
    return re.compile(_at(SCHEMAS[kind], f"/$defs/{name}")["pattern"])


PERIODS = ["FY2020 .. FY2022"]
PERIODS += """
    FY2021 FY2021A FY2021E FY2021G 2021H1 2021H2E 2021Q1 2021Q4G 2021-03 2021-12E 9M2023 09M2023
    12M2023 1M2023E TTM2021Q1 TTMFY2021 TTM9M2021 2022Q3..2023Q1 FY2020..FY2022E 2021-03..2021-07
    2021-03-31 2021-03-31E 2020H2..2021Q1
""".split()
NO_PERIODS = ["", " FY2021", "FY2021 ", "FY 2021"]
NO_PERIODS += """
    2021 FY21 FY2021F FY2021e 2021H3 2021Q0 2021Q5 2021-00 2021-13 2021-3 0M2023 13M2023 2021-03-32
    2021-00-01 TTM2021-03-31 FY2020..2021-03-31 2021-03-31..2021-04-30 FY2020.. ..FY2020
    FY2020-FY2022 2021/03 TTM2020Q1..2021Q1 Q12021 FY2021EG FY-1
""".split()


@pytest.mark.parametrize("kind", ["company", "report"])
def test_periods(kind: str) -> None:
    def readable(text: str) -> bool:
        try:
            return bool(Calendar().parse(text))
        except PeriodError:
            return False

    pattern = _pattern(kind, "period")
    tried = PERIODS + NO_PERIODS
    assert [text for text in tried if pattern.search(text)] == PERIODS
    assert [text for text in tried if readable(text)] == PERIODS


def test_relative_periods(tmp_path: Path) -> None:
    good = ["FY0", "FY-1", "FY1E", "FY0G", "Q0", "Q-4", "H0", "M-11", "9M0", "9M-1", "D0", "D-30"]
    good += ["FY-2..FY0", "Q-3..Q0"]
    bad = ["FY", "FY2021", "0", "Q+1", "FY-1A", "13M0", "W0", "FY0..", "FY-2-FY0", "TTM0"]
    pattern = _pattern("rules", "relative_period")
    assert [text for text in good + bad if pattern.search(text)] == good
    given = "{given: {revenue: {FY0: 100}}, expect: {value: 35%, at: FY-1}}"
    rules = re.sub(r"(?s)    tests:\n.*?rules:", f"    tests: [{given}]\nrules:", FILES["rules"])
    read = [
        text
        for text in good + bad
        if not _load(tmp_path, "rules", rules.replace("FY0: 100", f"{text}: 100"))
    ]
    assert read == good


def test_units() -> None:
    words = [*sorted(BASES), "ratio", "money/ads", "money/count", "votes/shares", "USD/ads"]
    bad = ["%", "USD million", "dollars", "money per ads", "money/", "/ads", "Ratio", "usd", ""]
    pattern = _pattern("rules", "unit")
    assert [word for word in words + bad if pattern.search(word)] == words
    assert [word for word in words + bad if unit_named(word) is not None] == words


def test_ids() -> None:
    def valid(text: str, *, dash: bool = False) -> bool:
        key = Scalar(Source("ids.yaml", text), text, None, 1, 1, 0)
        return valid_id(key, "an id", Report(), dash=dash)

    names = ["revenue", "top10_customer_share", "_kept"]
    dashed = ["loss-widening", "customer-above-10-percent"]
    bad = ["Revenue", "1st", "a b", "收入", "a.b", ""]
    tried = names + dashed + bad
    assert [text for text in tried if _pattern("rules", "id").search(text)] == names
    assert [text for text in tried if valid(text)] == names
    assert [text for text in tried if _pattern("rules", "rule_id").search(text)] == names + dashed
    assert [text for text in tried if valid(text, dash=True)] == names + dashed


def test_dates() -> None:
    good = ["2024-02-06", "1999-12-31"]
    bad = ["2024-2-6", "2024-13-01", "2024-02-32", "2024-02", "06.02.2024", "2024-02-06T00:00"]
    assert [text for text in good + bad if _pattern("company", "date").search(text)] == good
    assert [text for text in good + bad if parse_day(text) is not None] == good


# --- what an editor shows


@pytest.mark.parametrize("kind", SCHEMAS)
def test_everything_has_a_title_and_a_description(kind: str) -> None:
    bare = [
        pointer
        for pointer, part in [("", SCHEMAS[kind]), *_described(SCHEMAS[kind])]
        if not (part.get("title") and part.get("description"))
    ]
    assert bare == []


@pytest.mark.parametrize("kind", EDITED)
def test_every_key_has_an_example(kind: str) -> None:
    without = [
        pointer
        for pointer, part in _described(SCHEMAS[kind])
        if "/properties/" in pointer and "const" not in part and not _examples(part)
    ]
    assert without == []


def _examples(part: dict[str, Any]) -> list[str]:
    """The examples at the end of a description, which `·` parts."""
    _, found, examples = re.split(r"(Examples?: |\Z)", part["description"], maxsplit=1)
    return examples.split(" · ") if found else []


@pytest.mark.parametrize("kind", SCHEMAS)
def test_examples_are_valid(kind: str) -> None:
    schema = SCHEMAS[kind]
    wrong = [
        (pointer, example, error.message)
        for pointer, part in _described(schema)
        for example in _examples(part)
        for error in Draft202012Validator({"$defs": schema.get("$defs", {}), **part}).iter_errors(
            _read(example)
        )
    ]
    assert wrong == []


def test_what_schemas_share_is_the_same_in_each() -> None:
    """Each schema stands alone, since editors do not follow references to other files."""
    seen: dict[str, list[Any]] = {}
    for kind in EDITED:
        for name, part in SCHEMAS[kind].get("$defs", {}).items():
            seen.setdefault(name, []).append(part)
    differ = {name for name, parts in seen.items() if any(part != parts[0] for part in parts)}
    assert differ == {"category"}  # in rules the name of one, in grading its definition
    for name in ("date", "period"):
        assert SCHEMAS["report"]["$defs"][name] == SCHEMAS["company"]["$defs"][name]


# --- invalid files

#: In the small file of a kind: what is replaced by what, where the schema then fails, and the code
#: of what the loader says.
INVALID: dict[str, list[tuple[str, str, str, str]]] = {
    "memo": [
        ("ddcheck: memo/1", "ddcheck: memo/2", "/ddcheck", "DD005"),
        ("company: [tiny, other_one]\n", "", "", "DD112"),
        ("company: [tiny, other_one]", "company: []", "/company", "DD601"),
        ("company: [tiny, other_one]", "company: flag", "/company", "DD601"),
        ("company: [tiny, other_one]", "company: Tiny Ltd", "/company", "DD601"),
        ("as_of: 2024-02-06", "as_of: 06.02.2024", "/as_of", "DD308"),
        ("recommendation: watch", "recommendation: [watch]", "/recommendation", "DD110"),
        ("language: zh", "language: fr", "/language", "DD113"),
        ("coverage: strict", "coverage: all", "/coverage", "DD113"),
        ("author: Somebody", "author: ~", "/author", "DD110"),
        ("title:", "titel:", "", "DD111"),
    ],
    "trends": [
        ("ddcheck: trends/1", "ddcheck: trends/2", "/ddcheck", "DD005"),
        ("  rising:", "  Rising:", "/trends", "DD113"),
        ("title: {en: Rising, zh: 上升}", "title: {}", "/trends/rising/title", "DD112"),
        ("    when: rising(x, steps)\n", "", "/trends/rising", "DD112"),
        ("when: rising(x, steps)", "when: [x]", "/trends/rising/when", "DD110"),
        ("why: every", "wy: every", "/trends/rising", "DD111"),
    ],
    "map": [
        ("ddcheck: map/1", "ddcheck: map/2", "/ddcheck", "DD005"),
        ("labels:", "lables:", "", "DD111"),
        ("Sales: revenue", "Sales: [revenue]", "/labels/Sales", "DD110"),
        ("reversed: true", "reversed: perhaps", "/labels/Net loss/reversed", "DD110"),
        ("concept: profit", "concpet: profit", "/labels/Net loss", "DD111"),
        ("concept: profit, ", "", "/labels/Net loss", "DD112"),
        ("本期金额: FY2021", "本期金额: ~", "/periods/本期金额", "DD110"),
    ],
    "company": [
        ("ddcheck: company/1", "ddcheck: company/2", "/ddcheck", "DD005"),
        ("currency: USD", "currency: US$", "/company/currency", "DD113"),
        ("  id: tiny\n", "", "/company", "DD112"),
        ("name: {en: Tiny, zh: 小}", "name: {fr: Petite}", "/company/name", "DD111"),
        ("name: {en: Tiny, zh: 小}", "name: {}", "/company/name", "DD112"),
        ('"12-31"', "31 December", "/company/fiscal_year_end", "DD308"),
        ("founded: 2014", "founded: ~", "/company/founded", "DD110"),
        ("tier: audited", "tier: rumor", "/sources/annual/tier", "DD113"),
        ("2024-02-06", "06.02.2024", "/sources/annual/published", "DD308"),
        ("published: 2024", "publisched: 2024", "/sources/annual", "DD111"),
        ("FY2023E]", "FY23]", "/tables/0/periods/2", "DD302"),
        ("[133.56,", "[n/a,", "/tables/0/facts/revenue/0", "DD303"),
        ("values: [64.7, -61.9, 61]", "values: 64.7", "/tables/0/facts/margin/values", "DD110"),
        ("decimals: 0", "decimals: 0.5", "/tables/0/facts/margin/decimals", "DD110"),
        ("      margin:", "      Margin:", "/tables/0/facts", "DD301"),
        ("exact: true", 'exact: "true"', "/facts/price/exact", "DD110"),
        ("since: 2020-06-26, ", "", "/facts/price", "DD302"),
        ("source: annual, FY2019", "FY2019", "/facts/margin/FY2019 /facts/margin/FY2020", "DD112"),
        ("2021Q1: {", "2021Q5: {", "/facts/cost", "DD302"),
        (
            "2021Q1: {value: 4023万美元",
            "2021Q1: {amount: 4023万美元",
            "/facts/cost/2021Q1",
            "DD112",
        ),
        ("scope: {region: china}", "scope: {}", "/facts/cost/FY2023G/0/scope", "DD212"),
        ("{value: over 13%, text: 13％}", "~", "/facts/margin/FY2020", "DD110"),
        ("parts: {china: 43}", "parts: {}", "/breakdowns/0/parts", "DD309"),
        ("said: stable", "said: steady", "/events/1/said", "DD113"),
        (", over: FY2021..FY2022", "", "/events/1", "DD112"),
        ("what: Listed, ", "", "/events/0", "DD112"),
    ],
    "pack": [
        ("id: tiny\n", "", "", "DD112"),
        ("version:", "verison:", "", "DD111"),
        ("extends: []", "extends: {core: 1}", "/extends", "DD110"),
        ("unit: ratio, default", "unit: percent, default", "/parameters/limit/unit", "DD113"),
        ("default: 10%", "default: ten", "/parameters/limit/default", "DD303"),
        ("{2020-01-01: 15%", "{2020: 15%", "/parameters/dated_limit/values", "DD308"),
        ("  limit:", "  Limit:", "/parameters", "DD113"),
    ],
    "rules": [
        ("unit: ratio", "units: ratio", "/metrics/margin", "DD111"),
        ("better: higher", "better: more", "/metrics/margin/better", "DD113"),
        ("    better: higher\n", "", "/metrics/margin", "DD219"),
        ("    reference: tried\n", "", "/metrics/margin", "DD112"),
        ("{A: 50%, B", "{B", "/metrics/margin/ladder", "DD112"),
        ("grade: A", "grade: E", "/metrics/margin/otherwise/grade", "DD113"),
        (
            "otherwise: {grade: A, note: kept}",
            "otherwise: none",
            "/metrics/margin/otherwise",
            "DD113",
        ),
        ("weight: 0.5", "weight: -1", "/metrics/margin/weight", "DD110"),
        ("expect: {grade: B}", "expect: pass", "/metrics/margin/tests/0/expect", "DD113"),
        ("at: FY-1", "at: FY2021", "/metrics/margin/tests/1/expect/at", "DD401"),
        ("    metric: margin\n", "", "/rules/margin-low", "DD219"),
        ("    below: {medium: $limit, high: 0}\n", "", "/rules/margin-low", "DD219"),
        ("{medium: $limit, high: 0}", "{fatal: 0}", "/rules/margin-low/below", "DD111"),
        ("frame: any", "frame: yearly", "/rules/margin-low/frame", "DD113"),
        ("[actual, estimate]", "[actual, guess]", "/rules/margin-low/kinds/1", "DD113"),
        ("15 months", "1 year", "/rules/margin-low/stale_after", "DD110"),
        ("{flag: medium}", "{flag: grave}", "/rules/margin-low/tests/0/expect/flag", "DD113"),
        ("at: Q0", "at: Q", "/rules/margin-low/tests/0/at", "DD401"),
        ("    severity: low\n", "", "/rules/said-stable", "DD112"),
        ("severity: low", "severity: mild", "/rules/said-stable/severity", "DD113"),
        ("  said-stable:", "  Said stable:", "/rules", "DD113"),
        ("    when: margin > 50%\n", "    severity: low\n", "/strengths/margin-high", "DD111"),
        ("expect: holds", "expect: pass", "/strengths/margin-high/tests/0/expect", "DD113"),
    ],
    "vocabulary": [
        ("time: fixed", "time: once", "/concepts/price/time", "DD113"),
        ("unit: money/ads", "unit: money per ads", "/concepts/price/unit", "DD113"),
        ("positive: true", "positive: yes", "/concepts/revenue/positive", "DD110"),
        ("label: Cost", "name: Cost", "/concepts/cost", "DD112"),
        ("label: {en: Region, zh: 地区}, ", "", "/dimensions/region", "DD112"),
        ("  cost:", "  Cost:", "/concepts", "DD113"),
    ],
    "policy": [
        ("fail_on: high", "fail_on: hih", "/fail_on", "DD113"),
        ("fail_on: high\n", "", "", "DD112"),
        ("why: a reason", "max_waiver_days: 181", "/max_waiver_days", "DD113"),
        ("why: a reason", "memos: {coverage: some}", "/memos/coverage", "DD113"),
        (
            "why: a reason",
            "memos: {recommendations: {E: [pass]}}",
            "/memos/recommendations",
            "DD113",
        ),
    ],
    "waivers": [
        ("    reason: The margin is low until the new plant runs.\n", "", "/waivers/0", "DD112"),
        ("expires: 2027-01-31", "expires: soon", "/waivers/0/expires", "DD308"),
        ("owner: li", "owners: li", "/waivers/0", "DD111"),
        ("scope: [FY2025]", "scope: []", "/waivers/0/scope", "DD110"),
        ("rule: margin-low", "rule: Margin low", "/waivers/0/rule", "DD211"),
    ],
    "baseline": [
        ("frame: year", "frame: years", "/entries/0/frame", "DD113"),
        ("severity: high, ", "", "/entries/0", "DD112"),
        ("outcome: flag", "outcome: pass", "/entries/0/outcome", "DD113"),
        ("value: -0.2", "value: much", "/entries/0/value", "DD110"),
    ],
    "grading": [
        (", F: 0", "", "/points", "DD112"),
        ("B: 2.5", "B: many", "/letters/B", "DD110"),
        ("single_letter_span: 2", "single_letter_span: two", "/single_letter_span", "DD110"),
        ("graded: true", "graded: 1", "/categories/growth/graded", "DD110"),
        ("high: D", "high: E", "/caps/category/high", "DD113"),
        ("whole: {critical", "whole: {fatal", "/caps/whole", "DD113"),
        ("  whole: {critical: D}\n", "", "/caps", "DD112"),
    ],
}


@pytest.mark.parametrize("kind", INVALID)
def test_an_invalid_file_fails_at_its_place(kind: str, tmp_path: Path) -> None:
    small = FILES[kind]
    assert [old for old, *_ in INVALID[kind] if old not in small] == []
    texts = [small.replace(old, new, 1) for old, new, *_ in INVALID[kind]]
    found = [
        (*case[:2], " ".join(sorted(_failures(kind, _read(text)))), case[3])
        for case, text in zip(INVALID[kind], texts, strict=True)
    ]
    assert found == INVALID[kind]
    said = [{item.code for item in _load(tmp_path, kind, text)} for text in texts]
    assert [
        (case, codes)
        for case, codes in zip(INVALID[kind], said, strict=True)
        if case[3] not in codes
    ] == []


def _misshapen(node: Any) -> Iterator[tuple[str, Any]]:
    """`node` with one key gone or misspelled, or one value of another type, at every place."""
    if not isinstance(node, (dict, list)):
        return
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        changed: list[tuple[str, Any]] = [("null", None), ("list", [[]]), ("mapping", {UNHEARD: 1})]
        for what, other in (*changed, *_misshapen(value)):
            copy = node.copy()
            copy[key] = other
            yield (f"/{key} {what}" if (what, other) in changed else f"/{key}{what}"), copy
        if isinstance(node, dict):
            rest = {name: item for name, item in node.items() if name != key}
            yield f"/{key} gone", rest
            yield f"/{key} misspelled", {**rest, f"{key} {UNHEARD}": value}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_misshapen_to_the_loader_is_invalid(kind: str, tmp_path: Path) -> None:
    """What only the schema refuses is left to the cases above: the loader may be more lenient."""
    validator = Draft202012Validator(SCHEMAS[kind])
    shapes = {"DD005", "DD110", "DD111", "DD112"}
    missed = []
    for what, document in _misshapen(_read(FILES[kind])):
        if validator.is_valid(document):
            text = json.dumps(document, ensure_ascii=False)
            said = [item for item in _load(tmp_path, kind, text) if item.code in shapes]
            missed += [(what, item.message) for item in said]
    assert missed == []


# --- the report

CONTRACT = {
    "": "schema_version ddcheck today reports memos diagnostics gate",
    "/properties/gate": "level failed",
    "/$defs/report": "company period evaluated_at grade metrics findings requests conflicts",
    "/$defs/report/properties/company": "id name",
    "/$defs/grade": "letter score worst best known categories",
    "/$defs/metric": "title unit better values latest",
    "/$defs/metric/properties/latest": "period value grade",
    "/$defs/value": "value low high kind derived stated missing sources",
    "/$defs/finding": (
        "id title category severity outcome reason period frame message values firm headroom last "
        "missing kind tier evidence waiver"
    ),
    "/$defs/evidence": "concept period value text unit source at file line column",
    "/$defs/request": "concept period unblocks ask",
    "/$defs/flip": "concept period unit file line value",
    "/$defs/headroom": "concept period unit file line below above",
    "/$defs/assumption": "name title period scope value low high unit written before displaced",
    "/$defs/conflict": "type concept period candidates chosen reason",
    "/$defs/conflict/properties/computed": "low high",
    "/$defs/report/properties/tiers": "metrics flags graded_on",
    "/$defs/memo": "file company as_of claims coverage findings recommendation",
    "/$defs/memo/properties/coverage": "tagged matched untagged exempt",
    "/$defs/claim": (
        "text target verdict value low high claim_low claim_high near file line column"
    ),
    "/$defs/claim/properties/near": "kind words",
    "/$defs/remark": "id level message rule line column",
    "/$defs/settled": "status words value",
    "/$defs/waiver": (
        "holds words reason owner approved_by created expires holds_while scope file line column"
    ),
    "/$defs/notice": "id level file line column message",
    "/properties/gate/properties/counts": "fails waived answered known below",
    "/$defs/diagnostic": "code severity path line column message help",
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    report = Report()
    found = compile_packs(load_packs((), report), report)
    assert list(report) == []
    return found


def _report(plan: Plan, as_of: date | None = None) -> Any:
    """The JSON report on the shipped company, with a mistake in a file beside it."""
    report = Report()
    path = ROOT / "companies" / "agora.yaml"
    root = parse(Source("companies/agora.yaml", path.read_text(encoding="utf-8")), report)
    assert isinstance(root, Mapping)
    company = load_company(root, plan.terms, plan.vocabulary.dimensions, report)
    assert company is not None
    report.error("DD203", root, "no fact, metric or parameter `curent_assets`")
    today = date(2026, 11, 21).toordinal()
    day = as_of.toordinal() if as_of is not None else None
    evaluation = evaluate(plan, company, today=today, as_of=day)
    printed = render_json(
        [evaluation], report, version="0.1.0", today=today, level="high", failed=True
    )
    return json.loads(printed)


def test_the_report_requires_what_the_contract_names() -> None:
    schema = SCHEMAS["report"]
    required = {p: " ".join(part["required"]) for p, part in _parts(schema) if "required" in part}
    del required["/$defs/report/properties/company/properties/name"], required["/$defs/figure"]
    assert required == CONTRACT
    assert schema["properties"]["schema_version"]["const"] == SCHEMA_VERSION


def test_keys_may_be_added_to_a_report() -> None:
    closed = [
        p for p, part in _parts(SCHEMAS["report"]) if part.get("additionalProperties") is False
    ]
    assert closed == []


@pytest.mark.parametrize("as_of", [None, date(2021, 5, 28), date(1999, 1, 1)], ids=str)
def test_a_real_report_is_valid(as_of: date | None, plan: Plan) -> None:
    assert _failures("report", _report(plan, as_of)) == set()


def test_what_the_shipped_company_does_not_show(plan: Plan) -> None:
    """A conflict and a memo, valid and not."""
    claim: dict[str, Any] = {
        "text": "13％", "target": "revenue_growth@2021Q1", "verdict": "match", "value": 0.13,
        "low": 0.125, "high": 0.135, "claim_low": 0.125, "claim_high": 0.135, "near": None,
        "file": "memos/agora.md", "line": 7, "column": 3,
    }  # fmt: skip
    memo: dict[str, Any] = {
        "file": "memos/agora.md", "company": "agora", "as_of": "2024-02-06", "claims": [claim],
        "coverage": {"tagged": 1, "matched": 1, "untagged": 0, "exempt": 0}, "findings": [],
        "recommendation": None,
    }  # fmt: skip
    report = _report(plan)
    (one,) = report["reports"]
    conflict: dict[str, Any] = {
        "type": "value", "concept": "net_income", "period": "FY2020",
        "candidates": one["findings"][0]["evidence"][:2], "chosen": "broker-2024",
        "reason": "broker before press",
    }  # fmt: skip
    one["conflicts"], report["memos"] = [conflict], [memo]
    assert _failures("report", report) == set()
    claim["verdict"] = "close"
    del memo["coverage"]["exempt"]
    conflict["type"] = "difference"
    conflict["candidates"] = []
    assert _failures("report", report) == {
        "/memos/0/claims/0/verdict",
        "/memos/0/coverage",
        "/reports/0/conflicts/0/type",
        "/reports/0/conflicts/0/candidates",
    }


def test_an_invalid_report_fails_at_its_place(plan: Plan) -> None:
    report = _report(plan)
    (one,) = report["reports"]
    margins = one["metrics"]["gross_margin"]["values"]
    report["schema_version"] = 2
    report["gate"]["level"] = "severe"
    del report["diagnostics"][0]["line"]
    one["evaluated_at"] = "Feb 6, 2024"
    one["grade"]["letter"] = "E"
    one["findings"][0]["firm"] = "yes"
    one["findings"][0]["evidence"][0]["value"] = "NaN"
    one["findings"][1]["outcome"] = "failed"
    margins["2021"] = margins["FY2021"]
    assert _failures("report", report) == {
        "/schema_version",
        "/gate/level",
        "/diagnostics/0",
        "/reports/0/evaluated_at",
        "/reports/0/grade/letter",
        "/reports/0/findings/0/firm",
        "/reports/0/findings/0/evidence/0/value",
        "/reports/0/findings/1/outcome",
        "/reports/0/metrics/gross_margin/values",
    }
