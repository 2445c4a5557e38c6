"""The shape of a document: which keys a mapping has and what stands under them.

Each function gives what it found, or None and a diagnostic (DD107, DD108, DD110 to DD113, DD308).
The JSON Schemas in `schemas/` say the same for editors; a test holds the two together.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.suggest import did_you_mean, likely, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ddcheck.engine.text.diagnostics import Report

#: Years that a file may name: one slip of a digit must not stretch every series over millennia.
FIRST_YEAR, LAST_YEAR = 1800, 2200
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_INTEGER = re.compile(r"[-+]?(0|[1-9]\d{0,17})\Z", re.ASCII)
_NUMBER = re.compile(r"[-+]?(0|[1-9]\d{0,17})(\.\d{1,18})?([eE][-+]?\d{1,2})?\Z", re.ASCII)
_AMBIGUOUS = re.compile(r"[-+]?(0\d|0[xob][0-9a-f])", re.ASCII | re.IGNORECASE)
_NOT_FINITE = re.compile(r"[-+]?\.?(inf|infinity|nan)\Z", re.IGNORECASE)


class Label(NamedTuple):
    """A text in English and Chinese; where one is not given it is the other."""

    en: str
    zh: str

    def text(self, language: str) -> str:
        """The text in `language`, `en` or `zh`."""
        return self.zh if language == "zh" else self.en


def describe(node: Node) -> str:
    """What `node` is, in words, for a message."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    return "nothing" if node.is_null else f"`{node.text}`"


def mapping(node: Node | None, what: str, report: Report) -> Mapping | None:
    """`node` as a mapping."""
    if node is None or isinstance(node, Mapping):
        return node
    report.error("DD110", node, f"{what} must be a mapping, not {describe(node)}")
    return None


def sequence(node: Node | None, what: str, report: Report) -> Sequence | None:
    """`node` as a list."""
    if node is None or isinstance(node, Sequence):
        return node
    report.error("DD110", node, f"{what} must be a list, not {describe(node)}")
    return None


def scalar(node: Node | None, what: str, report: Report) -> Scalar | None:
    """`node` as a single value that is not null."""
    if node is None:
        return None
    if isinstance(node, Scalar) and not node.is_null:
        return node
    report.error("DD110", node, f"{what} must be a single value, not {describe(node)}")
    return None


def text(node: Node | None, what: str, report: Report) -> str | None:
    """`node` as text."""
    found = scalar(node, what, report)
    return found.text if found is not None else None


def truth(node: Node | None, what: str, report: Report) -> bool:
    """`node` as `true` or `false`; False where it is absent."""
    found = scalar(node, what, report)
    if found is None:
        return False
    if found.truth is None:
        report.error(
            "DD110",
            found,
            f"{what} must be true or false, not {describe(found)}",
            did_you_mean(found.text, ("true", "false")),
        )
        return False
    return found.truth


def integer(node: Node | None, what: str, report: Report) -> int | None:
    """`node` as a whole number."""
    found = scalar(node, what, report)
    if found is None:
        return None
    if _INTEGER.match(found.text):
        return int(found.text)
    _not_a_number(found, what, "a whole number", report)
    return None


def number(
    node: Node | None, what: str, report: Report, low: float = -1e30, high: float = 1e30
) -> float | None:
    """`node` as a plain number from `low` to `high`."""
    found = scalar(node, what, report)
    if found is None:
        return None
    if not _NUMBER.match(found.text):
        _not_a_number(found, what, "a number", report)
        return None
    value = float(found.text)
    if not low <= value <= high:
        report.error("DD110", found, f"{what} must be from {low:g} to {high:g}, not {found.text}")
        return None
    return value


def _not_a_number(found: Scalar, what: str, wanted: str, report: Report) -> None:
    if _AMBIGUOUS.match(found.text):
        report.error(
            "DD107", found, f"`{found.text}` is ambiguous: octal or decimal?",
            "write it in decimal, without leading zeros",
        )  # fmt: skip
    elif _NOT_FINITE.match(found.text):
        report.error("DD108", found, f"{what} must be {wanted}; `{found.text}` is not finite")
    else:
        report.error("DD110", found, f"{what} must be {wanted}, not {describe(found)}")


def choice(node: Node | None, allowed: Iterable[str], what: str, report: Report) -> str | None:
    """`node` as one of `allowed`."""
    found = text(node, what, report)
    if found is None:
        return None
    words = tuple(allowed)
    if found in words:
        return found
    assert node is not None
    report.error(
        "DD113",
        node,
        f"{what} is `{found}`; it must be one of {', '.join(words)}",
        did_you_mean(found, words),
    )
    return None


def choices(
    node: Node | None, allowed: Iterable[str], what: str, report: Report
) -> tuple[str, ...]:
    """Those of the texts under `node` that are among `allowed`; each other one is DD113."""
    words = tuple(allowed)
    items = [node] if isinstance(node, Scalar) else sequence(node, what, report)
    found = (choice(item, words, f"an entry of {what}", report) for item in items or ())
    return tuple(word for word in found if word is not None)


def day(node: Node | None, what: str, report: Report) -> int | None:
    """`node` as a date; its proleptic Gregorian ordinal."""
    found = text(node, what, report)
    if found is None:
        return None
    ordinal = parse_day(found)
    if ordinal is None:
        assert node is not None
        report.error("DD308", node, f"{what} `{found}` is not a date", _likely_day(found))
    elif not FIRST_YEAR <= int(found[:4]) <= LAST_YEAR:
        assert node is not None
        words = f"{what} `{found}` is not in a year from {FIRST_YEAR} to {LAST_YEAR}"
        report.error("DD308", node, words, _likely_day(found))
        return None
    return ordinal


def _likely_day(written: str) -> str:
    def reads(text: str) -> bool:
        return parse_day(text) is not None and FIRST_YEAR <= int(text[:4]) <= LAST_YEAR

    otherwise = "write it as 2024-02-06"
    if _DATE.match(written) and parse_day(written) is None:
        return otherwise  # the form is right, so it is no slip of the hand
    return likely(written, "0123456789-", reads, otherwise)


def parse_day(written: str) -> int | None:
    """The ordinal of a date written `2024-02-06`, or None."""
    match = _DATE.match(written)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).toordinal()
    except ValueError:
        return None


def texts(node: Node | None, what: str, report: Report) -> tuple[str, ...]:
    """`node` as a list of texts; a single text stands for a list of one."""
    if node is None:
        return ()
    if isinstance(node, Scalar):
        found = text(node, what, report)
        return (found,) if found is not None else ()
    items = sequence(node, what, report)
    if items is None:
        return ()
    found_all = (text(item, f"an entry of {what}", report) for item in items)
    return tuple(item for item in found_all if item is not None)


def label(node: Node | None, what: str, report: Report) -> Label | None:
    """`node` as a label: one text, or `{en: …, zh: …}`."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        found = text(node, what, report)
        return Label(found, found) if found is not None else None
    entries = mapping(node, what, report)
    if entries is None or not keys(entries, {"en", "zh"}, (), what, report):
        return None
    en, zh = (text(entries.get(key), what, report) for key in ("en", "zh"))
    if en is None and zh is None:
        report.error("DD112", entries, f"{what} has neither `en` nor `zh`")
        return None
    return Label(en or zh or "", zh or en or "")


def keys(
    node: Mapping,
    known: Iterable[str],
    required: Iterable[str],
    what: str,
    report: Report,
) -> bool:
    """Whether `node` has all `required` keys; unknown and missing ones are reported."""
    allowed = known if isinstance(known, (set, frozenset)) else frozenset(known)
    absent = [name for name in required if name not in node.entries]
    complete = not absent
    for name, key in node.keys.items():
        if name not in allowed:
            others = allowed - node.keys.keys()
            report.error(
                "DD111", key, f"unknown key `{name}` in {what}", _hint(name, others, allowed)
            )
            meant = nearest(name, others)
            if meant in absent:  # one slip, one diagnostic
                absent.remove(meant)
    for name in () if node.partial else absent:
        report.error("DD112", node, f"{what} has no `{name}`")
    return complete


def _hint(name: str, others: Iterable[str], allowed: Iterable[str]) -> str:
    found = did_you_mean(name, others) or did_you_mean(name, allowed)
    return found or f"known keys: {', '.join(sorted(allowed))}"


def kind(node: Node | None, report: Report) -> str | None:
    """What kind of file `node` is the root of, such as `company`; the version must be 1."""
    root = mapping(node, "the file", report)
    if root is None:
        return None
    header = root.get("ddcheck")
    if header is None:
        meant = next((key for key in root.keys.values() if nearest(key.text, ("ddcheck",))), None)
        report.error(
            "DD005",
            meant or root,
            "the file does not say its kind",
            "did you mean `ddcheck`?"
            if meant is not None
            else "begin it with `ddcheck: company/1` (or pack/1, rules/1, vocabulary/1, grading/1)",
        )
        return None
    written = text(header, "`ddcheck`", report)
    if written is None:
        return None
    name, _, version = written.partition("/")
    if name not in KINDS or version != "1":
        report.error(
            "DD005",
            header,
            f"unknown kind `{written}`; known are {', '.join(f'{kind}/1' for kind in KINDS)}",
            did_you_mean(written, [f"{kind}/1" for kind in KINDS]),
        )
        return None
    return name


KINDS = (
    "company", "pack", "rules", "vocabulary", "grading", "policy", "map", "memo", "trends",
    "waivers", "baseline",
)  # fmt: skip
