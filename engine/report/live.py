"""What a watching run says above its reports: when, what was saved, and what that changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from ddcheck.engine.model.evaluation import Evaluation, Grade
from ddcheck.engine.model.finding import FLAG, Finding
from ddcheck.engine.model.memo import MATCH, ROUNDED, VERDICTS, Audit
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.report.lines import Line, Piece, flow, line
from ddcheck.engine.text.diagnostics import display_width
from ddcheck.engine.text.translate import reworded, say

#: More changes of one company than these are counted.
_MOST = 12
#: More saved files than these are counted.
_NAMED = 3


#: What a run is about: a company, or a memo.
Subject: TypeAlias = Evaluation | Audit


class Watching(NamedTuple):
    """What stands in the head of a run: the time of day, and the files saved (none at first)."""

    clock: str
    saved: tuple[str, ...]


def watch_head(head: Watching, language: str, columns: int) -> Line:
    """The line that parts a run from the one before."""
    names = (", " if language == "en" else "、").join(head.saved[:_NAMED])
    rest = len(head.saved) - _NAMED
    words = say(language, "watching; Ctrl-C ends")
    if rest > 0:
        words = say(language, "{names} and {n} more changed", names=names, n=rest)
    elif head.saved:
        words = say(language, "{names} changed", names=names)
    start = f"── {head.clock} · {words} "
    return line(Piece(start + "─" * max(2, columns - display_width(start)), "key"))


def name_of(subject: Subject) -> str:
    """The id of a company, the path of a memo."""
    return subject.memo.path if isinstance(subject, Audit) else subject.company.id


def change_of(before: Subject, now: Subject, columns: int) -> list[Line]:
    """What became of grade and verdicts, or of a memo's claims; that nothing did if so."""
    if isinstance(now, Audit):
        changes = _memo(before, now) if isinstance(before, Audit) else []
        language = now.memo.language
    else:
        changes = _company(before, now) if isinstance(before, Evaluation) else []
        language = now.language
    return _changed(name_of(now), changes, language, columns)


def _company(before: Evaluation, now: Evaluation) -> list[Line]:
    return [
        *_grade(before.grade, now.grade, now.language),
        *_verdicts(before, now),
        *_categories(before.grade, now.grade),
        *_metrics(before, now),
    ]


def _memo(before: Audit, now: Audit) -> list[Line]:
    language = now.memo.language
    words = [say(language, "FAIL" if audit.failed else "PASS") for audit in (before, now)]
    changes = [_moved("", words[0], words[1], now.failed)] if words[0] != words[1] else []
    names = {item.id for item in (*before.remarks, *now.remarks) if item.level == "error"}
    for name in (*VERDICTS, *sorted(names)):
        old, new = _count(before, name), _count(now, name)
        if old != new:
            worse = None if name in (MATCH, ROUNDED) else new > old
            changes.append(_moved(reworded(language, name), str(old), str(new), worse))
    return changes


def _count(audit: Audit, name: str) -> int:
    """How many claims have the verdict `name`, or how many remarks are of that kind."""
    claims = sum(item.verdict == name for item in audit.claims)
    return claims + sum(item.id == name for item in audit.remarks)


def not_judged(name: str, language: str, *, there: bool) -> Line:
    """That what was judged before is not judged now: it has mistakes, or is gone."""
    words = say(language, "no longer there")
    if there:
        words = say(language, "not judged, mistakes below: the last report no longer holds")
    return line(Piece(name, "name"), ": " if language == "en" else "：", Piece(words, "bad"))


def as_before(names: Iterable[str], language: str, columns: int) -> list[Line]:
    """The companies and memos whose reports read as they did before."""
    chunks = [line(name) for name in names]
    if not chunks:
        return []
    lead = say(language, "as before") + (": " if language == "en" else "：")
    chunks[0] = (*line(Piece(lead, "dim")), *chunks[0])
    return flow(chunks, columns, between=", " if language == "en" else "、", indent="  ")


def _changed(name: str, changes: list[Line], language: str, columns: int) -> list[Line]:
    colon = ": " if language == "en" else "："
    if not changes:
        words = say(language, "no verdict and no grade changed")
        return [line(Piece(name, "name"), colon, Piece(words, "dim"))]
    shown = changes[:_MOST]
    if len(changes) > _MOST:
        shown.append(line(say(language, "and {n} more changes", n=len(changes) - _MOST)))
    shown[0] = (*line(Piece(name, "name"), colon), *shown[0])
    return flow(shown, columns, between="; " if language == "en" else "；", indent="  ")


def _moved(name: str, before: str, now: str, worse: bool | None) -> Line:
    style = "" if worse is None else "bad" if worse else "good"
    return line(f"{name} " if name else "", Piece(f"{before} → {now}", style))


def _grade(before: Grade, now: Grade, language: str) -> list[Line]:
    old, new = _ends(before, language), _ends(now, language)
    if old == new and before.known_letter == now.known_letter:
        return []
    worse = _worse(before.score, now.score)
    if old == new:
        old, new = before.known_letter or "?", now.known_letter or "?"
        return [_moved(say(language, "the grade on what is known"), old, new, worse)]
    return [_moved(say(language, "the grade"), old, new, worse)]


def _ends(grade: Grade, language: str) -> str:
    if grade.worst is None or grade.best is None:
        return "?"
    between = ".." if language == "en" else "～"
    return grade.worst if grade.worst == grade.best else f"{grade.worst}{between}{grade.best}"


def _worse(before: float | None, now: float | None) -> bool | None:
    return None if before is None or now is None or before == now else now < before


def _categories(before: Grade, now: Grade) -> list[Line]:
    old = {item.category.id: item for item in before.categories}
    return [
        _moved(
            item.category.id, old[item.category.id].letter or "?", item.letter or "?",
            _worse(old[item.category.id].score, item.score),
        )
        for item in now.categories
        if item.category.id in old and old[item.category.id].letter != item.letter
    ]  # fmt: skip


def _metrics(before: Evaluation, now: Evaluation) -> list[Line]:
    """Metrics whose letter is another; from or to no letter is neither better nor worse."""
    old = {item.id: item.letter for item in before.metrics}
    found = []
    for item in now.metrics:
        was = old.get(item.id, item.letter)
        if was != item.letter:
            worse = item.letter > was if was is not None and item.letter is not None else None
            found.append(_moved(item.id, was or "?", item.letter or "?", worse))
    return found


def _verdicts(before: Evaluation, now: Evaluation) -> list[Line]:
    """Rules whose verdict is another: what is up now first, then what is no longer."""
    language = now.language
    old = {item.id: item for item in before.findings}
    new = {item.id: item for item in now.findings}
    found = []
    for name in dict.fromkeys((*new, *old)):
        was, item = old.get(name), new.get(name)
        words = _word(was, language), _word(item, language)
        if words[0] != words[1]:
            ranks = _rank(was), _rank(item)
            worse = None if ranks[0] == ranks[1] else ranks[1] < ranks[0]
            found.append((min(ranks), not worse, _moved(name, *words, worse)))
    return [moved for _, _, moved in sorted(found, key=lambda entry: entry[:2])]


def _word(finding: Finding | None, language: str) -> str:
    if finding is None:
        return say(language, "gone")
    word = finding.severity if finding.outcome == FLAG else finding.outcome
    waived = say(language, " (waived)") if finding.waived else ""
    return reworded(language, word) + waived


def _rank(finding: Finding | None) -> int:
    """How grave a verdict is, 0 for a critical flag; whatever is no flag comes after all flags."""
    flag = finding is not None and finding.outcome == FLAG
    return SEVERITIES.index(finding.severity) if finding is not None and flag else len(SEVERITIES)
