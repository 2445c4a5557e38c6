"""Schemas with the vocabulary, and what an editor makes of them.

The last test drives the real yaml-language-server; it is skipped where Node.js is absent.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from test_schemas import EDITED, SCHEMAS, SHIPPED, _parts, _read

from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.commands.catalogue import SchemaOptions, run_schema
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.report.schema import MARK
from ddcheck.engine.text.diagnostics import Report

#: The version of the language server that the last test installs.
SERVER = "yaml-language-server@1.25.0"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """All shipped packs."""
    return compile_packs(load_packs((), Report()), Report())


def _schema(kind: str) -> dict[str, Any]:
    outcome = run_schema(SchemaOptions(kind, vocabulary=True))
    assert (outcome.stderr, outcome.code) == ("", 0)
    found = json.loads(outcome.stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each kind of file that people write, with the vocabulary."""
    return {kind: _schema(kind) for kind in EDITED}


def test_every_schema_stays_valid_and_loses_its_marks(schemas: dict[str, dict[str, Any]]) -> None:
    """What comes out is a schema that any validator takes."""
    for kind, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        assert not [pointer for pointer, part in _parts(schema) if MARK in part], kind


def test_marks_stand_where_names_are_taken() -> None:
    """The places, by kind of file: one that goes missing is not checked any longer."""
    marked = {
        kind: sorted(pointer for pointer, part in _parts(SCHEMAS[kind]) if MARK in part)
        for kind in EDITED
    }
    assert {kind: len(places) for kind, places in marked.items() if places} == {
        "company": 8,
        "map": 1,
        "pack": 4,
        "policy": 4,
        "rules": 13,
        "vocabulary": 1,
        "waivers": 1,
    }


def test_shipped_files_pass(schemas: dict[str, dict[str, Any]]) -> None:
    """Every company and pack that ships holds only names that the schemas list."""
    for path in SHIPPED:
        document = _read(path.read_text(encoding="utf-8"))
        kind = document["ddcheck"].split("/")[0]
        errors = Draft202012Validator(schemas[kind]).iter_errors(document)
        assert [(path.name, list(e.absolute_path), e.message) for e in errors] == []


def test_every_name_is_listed_and_described(schemas: dict[str, dict[str, Any]], plan: Plan) -> None:
    """Concepts and metrics are keys of facts; rules, parameters and categories are enumerations."""
    facts = schemas["company"]["properties"]["facts"]
    assert set(facts["properties"]) == set(plan.terms)
    assert facts["additionalProperties"] is False
    assert facts["properties"]["revenue"]["title"] == "Revenue · 营业收入"
    assert facts["properties"]["revenue"]["description"].startswith("flow, money. Also printed as:")
    assert facts["properties"]["ndr"]["description"].startswith("metric, ratio\n")
    rules = {rule.id for rule in plan.rules.values() if not rule.definition.strength}
    listed = schemas["waivers"]["$defs"]["names_rules"]
    assert set(listed["enum"]) == rules
    assert len(listed["enumDescriptions"]) == len(rules)
    assert all(len(text) > 20 for text in listed["enumDescriptions"])
    assert set(schemas["policy"]["properties"]["parameters"]["properties"]) == set(plan.parameters)
    assert plan.grading is not None
    categories = schemas["rules"]["$defs"]["names_categories"]["enum"]
    assert categories == list(plan.grading.categories)


MISSPELT = [
    ("company", "/facts/revenu", ("ddcheck: company/1\ncompany: {id: a, name: A, currency: USD}\n"
     "sources: {s: {title: T, tier: press, published: 2024-02-06}}\n"
     "facts: {revenu: {FY2021: {value: 1 USD, source: s}}}\n")),
    ("company", "/tables/0/facts/net_incom", ("ddcheck: company/1\n"
     "company: {id: a, name: A, currency: USD}\n"
     "sources: {s: {title: T, tier: press, published: 2024-02-06}}\n"
     "tables: [{source: s, periods: [FY2021], facts: {net_incom: [1]}}]\n")),
    ("waivers", "/waivers/0/rule", ("ddcheck: waivers/1\n"
     "waivers: [{rule: runway-shrt, company: a,\n"
     "  reason: a reason that is long enough, owner: a, approved_by: b, created: 2026-01-01,\n"
     "  expires: 2026-02-01}]\n")),
    ("policy", "/must_know/0", "ddcheck: policy/1\nfail_on: high\nmust_know: [runway-shrt]\n"),
    ("policy", "/parameters/runway_limt",
     "ddcheck: policy/1\nfail_on: high\nparameters: {runway_limt: 9 months}\n"),
    ("rules", "/rules/r/metric", ("ddcheck: rules/1\ncategory: cash\nrules:\n"
     "  r: {title: T, metric: gross_margn, below: {high: 1%}}\n")),
    ("pack", "/overrides/runway-shrt", (
     "ddcheck: pack/1\nid: h\nversion: '1'\ntitle: H\nextends: [core]\n"
     "overrides: {runway-shrt: {severity: low}}\n")),
    ("pack", "/locked", (
     "ddcheck: pack/1\nid: h\nversion: '1'\ntitle: H\nextends: [core]\nlocked: [runway-shrt]\n")),
    ("rules", "/category", "ddcheck: rules/1\ncategory: cahs\n"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "where", "text"), MISSPELT)
def test_a_misspelt_name_is_an_error_at_its_place(
    kind: str, where: str, text: str, schemas: dict[str, dict[str, Any]]
) -> None:
    """The plain schema lets it pass: only the names tell."""
    document = _read(text)
    assert list(Draft202012Validator(SCHEMAS[kind]).iter_errors(document)) == []
    errors = list(Draft202012Validator(schemas[kind]).iter_errors(document))
    assert len(errors) == 1
    path = "".join(f"/{step}" for step in errors[0].absolute_path)
    if errors[0].validator == "additionalProperties":
        assert where.rsplit("/", 1)[1] in errors[0].message
        where = where.rsplit("/", 1)[0]
    assert path == where


def test_units_that_are_not_listed_are_held_to_their_form(
    schemas: dict[str, dict[str, Any]],
) -> None:
    """There are more units than a list can hold: `EUR/shares` passes, `bananas` does not."""
    validator = Draft202012Validator(schemas["rules"])

    def errors(unit: str) -> int:
        metric = f"{{title: T, formula: revenue, unit: {unit}}}"
        text = f"ddcheck: rules/1\ncategory: cash\nmetrics: {{m: {metric}}}\n"
        return len(list(validator.iter_errors(_read(text))))

    assert [errors(unit) for unit in ("money/ads", "EUR/shares", "bananas")] == [0, 0, 1]


def test_own_packs_bring_their_names(tmp_path: Path) -> None:
    """`--pack` adds what a pack of one's own defines; its mistakes are reported."""
    (tmp_path / "pack.yaml").write_text(
        'ddcheck: pack/1\nid: house\nversion: "1.0"\ntitle: House\nextends: [core]\n'
        "parameters: {own_limit: {unit: ratio, default: 10%}}\n",
        encoding="utf-8",
    )
    (tmp_path / "own.yaml").write_text(
        "ddcheck: rules/1\ncategory: cash\nrules:\n"
        "  own-rule: {title: Ours, when: revenue < 0, severity: low,\n"
        "    tests: [{given: {revenue: 1}, expect: pass}]}\n"
        "  broken: {title: Broken, when: revnue < 0, severity: low,\n"
        "    tests: [{given: {revenue: 1}, expect: pass}]}\n",
        encoding="utf-8",
    )
    outcome = run_schema(SchemaOptions("waivers", vocabulary=True, packs=(str(tmp_path),)))
    names = json.loads(outcome.stdout)["$defs"]["names_rules"]["enum"]
    assert "own-rule" in names
    assert "broken" not in names
    assert "DD203" in outcome.stderr
    assert outcome.code == 2
    policy = run_schema(SchemaOptions("policy", vocabulary=True, packs=(str(tmp_path),)))
    assert "own_limit" in json.loads(policy.stdout)["properties"]["parameters"]["properties"]


def test_the_vocabulary_needs_a_kind() -> None:
    """Nothing is printed where it is not said for which file."""
    outcome = run_schema(SchemaOptions(None, vocabulary=True))
    assert (outcome.stdout, outcome.code) == ("", 2)
    assert "DD313" in outcome.stderr


class _Server:
    """A language server over its standard streams."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.count = 0

    def send(self, method: str, params: Any, *, ask: bool) -> int:
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
        if ask:
            self.count += 1
            message["id"] = self.count
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()
        return self.count

    def messages(self) -> Iterator[dict[str, Any]]:
        stream = self.process.stdout
        assert stream is not None
        while line := stream.readline():
            length = int(line.split(b":")[1])
            while stream.readline().strip():
                pass
            found = json.loads(stream.read(length))
            assert isinstance(found, dict)
            if "id" in found and "method" in found:  # a question of the server: nothing to say
                body = json.dumps({"jsonrpc": "2.0", "id": found["id"], "result": None}).encode()
                assert self.process.stdin is not None
                self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
                self.process.stdin.flush()
            yield found

    def answer(self, method: str, params: Any) -> Any:
        number = self.send(method, params, ask=True)
        for message in self.messages():
            if message.get("id") == number and "method" not in message:
                return message.get("result")
        raise AssertionError("the server has gone")

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        for message in self.messages():
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri:
                found: list[dict[str, Any]] = params["diagnostics"]
                return found
        raise AssertionError("the server has gone")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Server]:
    """The real yaml-language-server, installed by npm."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("Node.js and npm are not here: the schemas are not tried in an editor's server")
    folder = tmp_path_factory.mktemp("server")
    done = subprocess.run(
        [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), SERVER],
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    script = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    if done.returncode or not script.is_file():
        pytest.skip(f"npm cannot install {SERVER}: {done.stderr.strip()[-200:]}")
    found = _Server([node, str(script), "--stdio"])
    capabilities = {"textDocument": {"completion": {"completionItem": {}}}}
    found.answer("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
    found.send("initialized", {}, ask=False)
    yield found
    found.process.kill()
    found.process.communicate()


def test_an_editor_completes_and_checks_names(server: _Server, tmp_path: Path) -> None:
    """The language server of editors offers concepts as keys and underlines a misspelt one."""
    schema = tmp_path / "company.json"
    schema.write_text(json.dumps(_schema("company")), encoding="utf-8")
    lines = [
        f"# yaml-language-server: $schema={schema.as_uri()}",
        "ddcheck: company/1",
        "company: {id: a, name: A, currency: USD}",
        "sources:",
        "  s: {title: T, tier: press, published: 2024-02-06}",
        "facts:",
        "  revenu: {FY2021: {value: 1 USD, source: s}}",
        "  net_inco",
        "",
    ]
    uri = (tmp_path / "acme.yaml").as_uri()
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": "\n".join(lines)}
    server.send("textDocument/didOpen", {"textDocument": document}, ask=False)
    found = server.diagnostics(uri)
    while not found:  # the first report may be before the schema is read
        found = server.diagnostics(uri)
    wrong = [item for item in found if "revenu " in item["message"]]
    assert [item["range"]["start"] for item in wrong] == [{"line": 6, "character": 2}]
    place = {"textDocument": {"uri": uri}, "position": {"line": 7, "character": 10}}
    offered = server.answer("textDocument/completion", place)
    labels = [item["label"] for item in offered["items"]]
    assert "net_income" in labels
    assert "net_income_attributable" in labels
    entry = next(item for item in offered["items"] if item["label"] == "net_income")
    assert "flow, money" in json.dumps(entry.get("documentation", ""), ensure_ascii=False)
