"""Reading the grading: how letters become categories and categories the grade."""

from __future__ import annotations

from ddcheck.engine.model.pack import LETTERS, SEVERITIES, Category, Grading
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node
from ddcheck.engine.text.shape import Label


def load_grading(root: Mapping, report: Report) -> Grading | None:
    """The grading that `root` holds, or None and diagnostics."""
    known = {
        "ddcheck",
        "points",
        "letters",
        "categories",
        "caps",
        "single_letter_span",
        "reference",
        "why",
    }
    if not shape.keys(root, known, ("points", "letters", "categories", "caps"), "grading", report):
        return None
    shape.label(root.get("why"), "`why`", report)
    points = _numbers(root.get("points"), LETTERS, "`points`", report)
    letters = _numbers(root.get("letters"), LETTERS[:-1], "`letters`", report)
    categories = {}
    entries = shape.mapping(root.get("categories"), "`categories`", report)
    for key, node in entries.items() if entries else ():
        entry = shape.mapping(node, f"category `{key.text}`", report)
        if entry is None or not shape.keys(
            entry,
            {"title", "weight", "graded", "why", "reference"},
            ("title",),
            "a category",
            report,
        ):
            continue
        title = shape.label(entry.get("title"), "the title", report) or Label(key.text, key.text)
        shape.label(entry.get("why"), "`why`", report)
        graded = shape.truth(entry.get("graded"), "`graded`", report)
        weights = _numbers(entry, ("weight",), "a category", report, strict=False)
        categories[key.text] = Category(key.text, title, weights.get("weight", 1.0), graded)
    caps = shape.mapping(root.get("caps"), "`caps`", report)
    span = shape.integer(root.get("single_letter_span"), "`single_letter_span`", report)
    if caps is None or len(points) != len(LETTERS) or len(letters) != len(LETTERS) - 1:
        return None
    shape.keys(
        caps, {"category", "whole", "reference", "why"}, ("category", "whole"), "`caps`", report
    )
    shape.label(caps.get("why"), "`why`", report)
    return Grading(
        points,
        tuple(sorted(letters.items(), key=lambda item: -item[1])),
        categories,
        _caps(caps.get("category"), report),
        _caps(caps.get("whole"), report),
        span if span is not None else 2,
    )


def _caps(node: Node | None, report: Report) -> dict[str, str]:
    entries = shape.mapping(node, "caps", report)
    found = {}
    for key, item in entries.items() if entries else ():
        if key.text in ("reference", "why"):
            shape.label(item, f"`{key.text}`", report)
            continue
        severity = shape.choice(key, SEVERITIES, "a severity", report)
        letter = shape.choice(item, LETTERS, "a letter", report)
        if severity is not None and letter is not None:
            found[severity] = letter
    return found


def _numbers(
    node: Node | None, names: tuple[str, ...], what: str, report: Report, *, strict: bool = True
) -> dict[str, float]:
    entries = shape.mapping(node, what, report)
    if entries is None:
        return {}
    if strict:
        shape.keys(entries, {*names, "reference", "why"}, names, what, report)
        shape.label(entries.get("why"), "`why`", report)
    found = {}
    for name in names:
        number = shape.number(entries.get(name), f"`{name}`", report, 0, 1000)
        if number is not None:
            found[name] = number
    return found
