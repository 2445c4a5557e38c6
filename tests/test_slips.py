"""Slips of the hand over the shipped packs and companies, as `benchmarks/typos.py` makes them.

The benchmark makes 1,000; here are 60 of its slips, with the floors that it is held to.
"""

from __future__ import annotations

import importlib.util
import random
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from ddcheck.engine.text.suggest import did_you_mean, likely, nearest, words_used

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def typos() -> ModuleType:
    path = ROOT / "benchmarks" / "typos.py"
    spec = importlib.util.spec_from_file_location("typos", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["typos"] = module
    spec.loader.exec_module(module)
    return module


def test_sixty_slips(typos: ModuleType) -> None:
    found = typos.slips(typos.Shelf(), 1, 60)
    assert Counter(slip.site.kind for slip in found) == dict.fromkeys(typos.KINDS, 12)
    mistakes = [slip for slip in found if not slip.apart]
    assert len(mistakes) >= 50
    elsewhere = [slip.text() for slip in mistakes if slip.outcome != typos.DIAGNOSED]
    assert elsewhere == []
    wrong = [slip.text() for slip in mistakes if not slip.right]
    assert len(wrong) <= len(mistakes) // 10, wrong


def test_a_silent_slip_is_seen(typos: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is said of tags, the benchmark says that a verdict may have changed."""
    shelf = typos.Shelf()
    path = next(path for path in shelf.companies if path.endswith("company-b.yaml"))
    site = next(site for site in shelf.sites() if site.path == path and site.word == "subscription")
    told = shelf.slip(site, "subscriptoin")
    assert (told.outcome, told.proposed, told.apart) == (typos.DIAGNOSED, "subscription", False)
    monkeypatch.setattr(typos, "warn_of_tags", lambda *_: None)
    assert shelf.slip(site, "subscriptoin").outcome in (typos.SILENT, typos.CHANGED)


def test_places_are_words_of_the_format_or_references(typos: ModuleType) -> None:
    """No prose is taken for a place of a slip, and each kind of word is found."""
    shelf = typos.Shelf()
    sites = shelf.sites()
    for site in sites:
        text = shelf.sources[site.path].text
        assert text[site.start : site.start + len(site.word)] == site.word
        assert site.another(site.word) or site.kind == "unit", site
    by_kind = Counter(site.kind for site in sites)
    assert all(by_kind[kind] > 300 for kind in typos.KINDS), by_kind
    words = {site.word for site in sites}
    assert {"ladders", "customer_limit_high", "USD", "FY2023E", ">=", "history", "broker"} <= words
    assert not words & {"School", "Article", "prospectus", "letter", "000_fda7ff6f87099ad6"}


def test_a_slip_in_the_only_part_costs_the_breakdown(typos: ModuleType) -> None:
    """A company whose breakdown has no part left is judged all the same."""
    shelf = typos.Shelf()
    path = next(path for path in shelf.companies if path.endswith("agora.yaml"))
    part = next(
        s for s in shelf.sites() if s.path == path and s.word == "over" and s.kind == "unit"
    )
    slip = shelf.slip(part, "ovr")
    assert (slip.outcome, slip.proposed, slip.others) == (typos.DIAGNOSED, "over", 0)


def test_a_slip_is_one_edit(typos: ModuleType) -> None:
    rng = random.Random(7)
    for kind, word in (
        ("name", "revenue"),
        ("period", "FY2021"),
        ("operator", ">="),
        ("unit", "亿"),
    ):
        for _ in range(50):
            written = typos.slipped(word, kind, rng)
            assert written != word
            assert abs(len(written) - len(word)) <= 1


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("revenu", ["revenue", "reserve"], "revenue"),
        ("SUD", ["SGD", "USD"], "USD"),  # exchanged neighbours before a replaced letter
        ("FYY0", ["FYE0", "FY0"], "FY0"),  # a letter typed twice before another edit
        ("z", ["en", "zh"], "zh"),  # of one letter only what holds it
        ("q", ["en", "zh"], None),
        ("Net-Income", ["net_income", "net_incomes"], "net_income"),
        ("cash", ["revenue"], None),
        ("", ["a"], None),
        ("x" * 81, ["x" * 80], None),
    ],
)
def test_nearest(word: str, known: list[str], meant: str | None) -> None:
    assert nearest(word, known) == meant
    assert nearest(word, known[::-1]) == meant


def test_the_file_settles_what_is_equally_near() -> None:
    found = did_you_mean("illion", ["billion", "million", "trillion"])
    assert found == "did you mean `billion`?"
    used = words_used("5 USD million, 6 USD million: 7 billion")
    assert found.settled(used) == "did you mean `million`?"
    assert found.settled(words_used("")) == "did you mean `billion`?"
    assert words_used("0.5亿美元, FY2021: 5 USD/ads")["亿美元"] == 1
    assert words_used("0.5亿美元, FY2021: 5 USD/ads")["ads"] == 1


def test_of_many_unused_words_none_is_proposed() -> None:
    found = likely("5x", "0123456789", str.isdigit, "write a number")
    assert found == "did you mean `5`?"
    assert found.settled(words_used("6 7")) == "write a number"
    assert found.settled(words_used("51 57 57")) == "did you mean `57`?"
    assert likely("five", "0123456789", str.isdigit, "write a number") == "write a number"
    assert likely("5" * 31, "", str.isdigit, "write a number") == "write a number"
