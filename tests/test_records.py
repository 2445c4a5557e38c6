"""Records of what tests came to: a run with them says what a run without them would say."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from ddcheck import __main__ as process
from ddcheck.engine.check import cases, mutants
from ddcheck.engine.check.cases import judge_case, read_cases
from ddcheck.engine.check.entry_changes import Maker
from ddcheck.engine.check.fingerprints import Fingerprints, _words
from ddcheck.engine.commands import records
from ddcheck.engine.commands.loading import load_plan
from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.commands.testing import CaseOptions, run_test
from ddcheck.engine.model.plan import Metric, Plan, Rule
from ddcheck.engine.text.diagnostics import Report

ROOT = Path(__file__).parents[1]
PACK = "ddcheck: pack/1\nid: own\nversion: '1'\ntitle: Own\n"
VOCABULARY = """\
ddcheck: vocabulary/1
concepts:
  revenue: {time: flow, unit: money, label: Revenue}
  costs: {time: flow, unit: money, label: Costs}
"""
COSTS = """\
ddcheck: rules/1
category: growth
metrics:
  cost_share:
    title: Costs of sales
    unit: ratio
    better: lower
    formula: costs / revenue
    applies_when: revenue > 0
    tests:
      - {given: {revenue: 5 million, costs: 1 million}, expect: {value: 20%}}
      - {given: {costs: 1 million}, expect: {unknown: [revenue]}}
"""
RULES = """\
ddcheck: rules/1
category: growth
rules:
  small:
    title: Small
    when: revenue < 10 million money
    severity: low
    why: Small.
    ask: Why?
    tests:
      - {given: {revenue: 5 million}, expect: {flag: low}}
      - {given: {revenue: 15 million}, expect: pass}
      - {given: {}, expect: {unknown: [revenue]}}
"""
OTHER = """\
ddcheck: rules/1
category: growth
rules:
  smallest:
    title: Smallest
    when: raised("small") and revenue < 1 million money
    severity: low
    why: Small.
    ask: Why?
    tests:
      - {given: {revenue: 0.5 million}, expect: {flag: low}}
      - {given: {revenue: 5 million}, expect: pass}
      - {given: {revenue: 15 million}, expect: pass}
      - {given: {}, expect: {unknown: [revenue]}}
"""

ALL = {"small", "smallest", "cost_share"}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A pack with two rules, one of which asks about the other, and a metric apart."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "costs.yaml").write_text(COSTS, encoding="utf-8")
    (folder / "vocabulary.yaml").write_text(VOCABULARY, encoding="utf-8")
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "small.yaml").write_text(RULES, encoding="utf-8")
    (folder / "smallest.yaml").write_text(OTHER, encoding="utf-8")
    return folder


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The entries whose tests were judged, in order; cleared by whoever reads it."""
    found: list[str] = []

    def judged(plan: Plan, case: cases.Case, *rest: object) -> cases.Outcome | None:
        found.append(case.owner)
        return judge_case(plan, case, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(cases, "judge_case", judged)
    monkeypatch.setattr(mutants, "judge_case", judged)
    return found


def trial(folder: Path, cache: Path | None, *, mutate: bool = False) -> Outcome:
    """The outcome of the tests in `folder`, what it keeps being laid down."""
    options = CaseOptions(
        (str(folder),), coverage=True, mutate=mutate, least=0, outputs=("json",),
        cache=str(cache) if cache is not None else None,
    )  # fmt: skip
    outcome = run_test(options, Screen())
    for path, text in outcome.kept:
        process._keep(path, text)
    return outcome._replace(kept=())


def files(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


def owners(ran: list[str]) -> set[str]:
    found = set(ran)
    ran.clear()
    return found


# --- what runs again


def test_what_passed_and_is_unchanged_is_not_run_again(
    own: Path, tmp_path: Path, ran: list[str]
) -> None:
    cache = tmp_path / "cache"
    first = trial(own, cache)
    assert (first.code, owners(ran)) == (0, ALL)
    assert (trial(own, cache), owners(ran)) == (first, set())
    assert (trial(own, None), owners(ran)) == (first, ALL)


def test_a_change_runs_what_rests_on_it_and_no_more(
    own: Path, tmp_path: Path, ran: list[str]
) -> None:
    cache = tmp_path / "cache"
    trial(own, cache)
    owners(ran)
    (own / "smallest.yaml").write_text(OTHER + "# a word\n", encoding="utf-8")
    assert (trial(own, cache).code, owners(ran)) == (0, {"smallest"})
    (own / "small.yaml").write_text(RULES + "# a word\n", encoding="utf-8")
    assert (trial(own, cache).code, owners(ran)) == (0, {"small", "smallest"})
    (own / "pack.yaml").write_text(PACK + "# a word\n", encoding="utf-8")
    assert (trial(own, cache).code, owners(ran)) == (0, ALL)


def test_a_concept_rests_on_the_rules_that_its_formula_asks_about(
    own: Path, tmp_path: Path, ran: list[str]
) -> None:
    counted = "unit: money, label: Counted, derive: 'revenue if raised(\"small\") else revenue * 2'"
    words = f"{VOCABULARY}  counted_revenue: {{time: flow, {counted}}}\n"
    (own / "vocabulary.yaml").write_text(words, encoding="utf-8")
    other = OTHER.replace('raised("small") and revenue < 1 million', "counted_revenue > 12 million")
    other = other[: other.index("tests:")] + (
        "tests:\n      - {given: {revenue: 11 million}, expect: {flag: low}}\n"
    )
    (own / "smallest.yaml").write_text(other, encoding="utf-8")
    cache = tmp_path / "cache"
    assert trial(own, cache).code == 0
    owners(ran)
    wider = RULES.replace("< 10 million", "< 20 million").replace("15 million", "25 million")
    (own / "small.yaml").write_text(wider, encoding="utf-8")
    found = trial(own, cache)
    assert (found.code, owners(ran)) == (1, {"small", "smallest"})
    assert found == trial(own, None)


def test_what_failed_runs_until_it_passes(own: Path, tmp_path: Path, ran: list[str]) -> None:
    cache = tmp_path / "cache"
    (own / "small.yaml").write_text(RULES.replace("15 million", "9 million"), encoding="utf-8")
    first = trial(own, cache)
    assert first.code == 1
    owners(ran)
    assert (trial(own, cache), owners(ran)) == (first, {"small"})
    (own / "small.yaml").write_text(RULES, encoding="utf-8")
    assert (trial(own, cache).code, owners(ran)) == (0, {"small", "smallest"})
    assert (trial(own, cache).code, owners(ran)) == (0, set())


def test_nothing_is_kept_of_a_run_with_a_mistake(own: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (own / "small.yaml").write_text(RULES.replace("5 million", "5 lemons"), encoding="utf-8")
    first = trial(own, cache)
    assert (first.code, files(cache)) == (2, [])
    assert trial(own, cache) == first


def test_coverage_is_asked_of_tests_that_ran_without_it(
    own: Path, tmp_path: Path, ran: list[str]
) -> None:
    cache = tmp_path / "cache"
    plain = run_test(CaseOptions((str(own),), cache=str(cache)), Screen())
    for path, text in plain.kept:
        process._keep(path, text)
    owners(ran)
    assert run_test(CaseOptions((str(own),), cache=str(cache)), Screen()).stdout == plain.stdout
    assert owners(ran) == set()
    assert (trial(own, cache), "small" in owners(ran)) == (trial(own, None), True)


def test_another_program_runs_everything(
    own: Path, tmp_path: Path, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    trial(own, cache)
    owners(ran)
    monkeypatch.setattr(records, "engine_identity", lambda: "another")
    trial(own, cache)
    assert owners(ran) == ALL


def test_the_program_is_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("1", encoding="utf-8")
    monkeypatch.setattr(records, "package_folder", lambda _: str(tmp_path))
    before = records.engine_identity()
    assert records.engine_identity() == before
    (tmp_path / "a.py").write_text("12", encoding="utf-8")
    assert records.engine_identity() != before
    library = tmp_path / "simpleeval.txt"
    library.write_text("1", encoding="utf-8")
    spec = ModuleSpec("simpleeval", None, origin=str(library))
    monkeypatch.setattr(records, "find_spec", lambda _: spec)
    before = records.engine_identity()
    library.write_text("12", encoding="utf-8")
    assert records.engine_identity() != before


def test_mutants_are_not_tried_again(own: Path, tmp_path: Path, ran: list[str]) -> None:
    cache = tmp_path / "cache"
    first = trial(own, cache, mutate=True)
    assert '"becomes"' in first.stdout
    owners(ran)
    assert (trial(own, cache, mutate=True), owners(ran)) == (first, set())
    # A test of another rule can notice a change of this one.
    more = OTHER + "      - {given: {revenue: 0.9 million}, expect: {flag: low}}\n"
    (own / "smallest.yaml").write_text(more, encoding="utf-8")
    found = trial(own, cache, mutate=True)
    assert "small" in owners(ran)
    assert found == trial(own, None, mutate=True)


# --- the same as without


def _edits(folder: Path, chance: random.Random) -> Iterator[None]:
    """Numbers in the packs of `folder` changed, one at a time, each taken back again."""
    paths = sorted(folder.rglob("*.yaml"))
    for _ in range(6):
        path = chance.choice(paths)
        text = path.read_text(encoding="utf-8")
        places = list(re.finditer(r"(?<![\w.])[1-9]\d*(?=[ %,}\]])", text))
        if not places:
            continue
        place = chance.choice(places)
        changed = text[: place.start()] + str(int(place[0]) + 1) + text[place.end() :]
        path.write_text(changed, encoding="utf-8")
        yield
        path.write_text(text, encoding="utf-8")


def test_after_any_edit_records_change_nothing(tmp_path: Path) -> None:
    house = tmp_path / "house"
    shutil.copytree(ROOT / "rules", house)
    for pack in ("saas", "integrity"):
        path = house / pack / "pack.yaml"
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"^id: \w+", f"id: {pack}-two", text, flags=re.MULTILINE)
        path.write_text(text.replace("extends: [core]", "extends: [../core]"), encoding="utf-8")
    path = house / "core" / "pack.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("id: core", "id: core-two"), "utf-8")
    cache = tmp_path / "cache"
    assert trial(house, cache).code == 0
    codes = []
    for _ in _edits(house, random.Random(11)):
        found = trial(house, cache)
        assert found == trial(house, None)
        codes.append(found.code)
    assert {1} <= set(codes), "no edit made a test fail: they were no edits worth trying"


def test_a_fingerprint_covers_whatever_can_make_a_test_fail() -> None:
    report = Report()
    plan = load_plan((), report)
    read = read_cases(plan, report)
    prints = Fingerprints(plan, "")
    entries: dict[str, Metric | Rule] = {**plan.metrics, **plan.rules}
    reached = {
        ident: prints._reached(entry, frozenset(_words(entry.definition.tests)))
        for ident, entry in entries.items()
    }
    chance = random.Random(5)
    failing = 0
    for entry in chance.sample(list(entries.values()), 20):
        changes = list(Maker(plan).mutants(entry))
        changed = chance.choice(changes).build() if changes else None
        if isinstance(changed, Rule):
            other = plan._replace(rules={**plan.rules, changed.id: changed})
        elif changed is not None:
            other = plan._replace(metrics={**plan.metrics, changed.id: changed})
        else:
            continue
        for case in read:
            outcome = judge_case(other, case, Report())
            if outcome is not None and not outcome.passed:
                names = reached[case.owner]
                assert names is None or entry.id in names, (entry.id, case.owner)
                failing += case.owner != entry.id
    assert failing > 0, "no change reached another entry: the sample is too small"


def test_a_fingerprint_covers_what_tests_state_of_packs_that_are_not_applied(own: Path) -> None:
    text = RULES.replace("{given: {}, ", "{given: {ndr: 90%}, ")
    (own / "small.yaml").write_text(text, encoding="utf-8")
    report = Report()
    plan = load_plan((str(own),), report)
    assert "ndr" in plan.terms
    assert "ndr" not in {*plan.metrics, *plan.vocabulary.concepts}
    other = plan._replace(terms={**plan.terms, "ndr": plan.terms["ndr"]._replace(time="stock")})
    for name, same in (("small", False), ("smallest", True)):
        before, now = (Fingerprints(item, "").of(item.rules[name]) for item in (plan, other))
        assert (before == now) is same


# --- what lies there


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_text("", "utf-8"),
        lambda path: path.write_text(path.read_text("utf-8")[:-3], "utf-8"),
        lambda path: path.write_text(path.read_text("utf-8").replace("[3,", "[9,", 1), "utf-8"),
        lambda path: path.write_bytes(b"\xff\xfe" + path.read_bytes()),
        lambda path: path.unlink(),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.unlink(), os.mkfifo(path)),
        lambda path: path.chmod(0o666),
    ],
    ids=["empty", "cut", "forged", "bytes", "gone", "folder", "pipe", "writable by others"],
)
def test_what_is_not_ours_or_not_whole_is_no_record(
    damage: object, own: Path, tmp_path: Path, ran: list[str]
) -> None:
    cache = tmp_path / "cache"
    first = trial(own, cache)
    owners(ran)
    (path,) = files(cache)
    assert "[3," in path.read_text(encoding="utf-8")
    damage(path)  # type: ignore[operator]
    assert (trial(own, cache), owners(ran)) == (first, ALL)


def test_records_are_the_users_own(own: Path, tmp_path: Path) -> None:
    cache = tmp_path / "home" / "cache"
    trial(own, cache)
    (path,) = files(cache)
    places = (path, path.parent, path.parent.parent)
    assert [place.stat().st_mode & 0o777 for place in places] == [0o600, 0o700, 0o700]


def test_a_cache_that_cannot_be_written_changes_nothing(own: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file", encoding="utf-8")
    assert trial(own, cache) == trial(own, None)
    assert cache.read_text(encoding="utf-8") == "a file"


def test_records_stay_few(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setattr(records, "_MANY", 5)
    for number in range(7):
        text = OTHER.replace("Smallest", f"Smallest {number}")
        (own / "smallest.yaml").write_text(text, encoding="utf-8")
        trial(own, cache)
    (path,) = files(cache)
    kept = json.loads(path.read_text(encoding="utf-8").partition("\n")[2])
    assert len(kept) == 5 + 1  # and of the last run what was not among them


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"DDCHECK_CACHE": "/else/where", "XDG_CACHE_HOME": "/cache"}, "/else/where"),
        ({"DDCHECK_CACHE": "", "XDG_CACHE_HOME": "/cache"}, None),
        ({"XDG_CACHE_HOME": "/cache"}, "/cache/ddcheck"),
        ({"XDG_CACHE_HOME": "cache", "HOME": "/home/me"}, "/home/me/.cache/ddcheck"),
        ({"HOME": "/home/me"}, "/home/me/.cache/ddcheck"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows has one folder for this")
def test_where_the_cache_is(
    variables: dict[str, str], folder: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DDCHECK_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert process.cache_folder() == folder
