"""Memos, the gate itself and mistakes in files, as parts of the HTML report."""

from __future__ import annotations

from ddcheck.engine.model.decision import GateResult
from ddcheck.engine.model.memo import MATCH, VERDICTS, Audit, Judged, Remark
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.report.html_paper import chip, table
from ddcheck.engine.report.markup import Child, Html, el, joined
from ddcheck.engine.text.translate import reworded, say


def memo_section(audit: Audit, result: GateResult, ident: str) -> Html:
    """A memo: what it comes to, its claims with verdict and near miss, what it lacks."""
    language = result.language
    memo = audit.memo
    parts = [", ".join(memo.companies)]
    if memo.as_of is not None:
        parts.append(say(language, "as of {day}", day=day_text(memo.as_of)))
    if memo.recommendation is not None:
        parts.append(say(language, "recommendation {word}", word=memo.recommendation))
    style, word = ("fail", "FAIL") if audit.failed else ("pass", "PASS")
    return el(
        "section",
        el("h2", say(language, "Memo"), " ", el("code", memo.path), id=ident),
        el("p", " · ".join(part for part in parts if part), class_="who"),
        el(
            "p", el("strong", say(language, word), class_="word"), " ",
            el("span", _counts(audit, language), class_="sentence"),
            class_=f"memo-verdict {style}",
        ),
        _claims(audit, language),
        _remarks(audit, language),
        class_="memo",
        aria_labelledby=ident,
    )  # fmt: skip


def _counts(audit: Audit, language: str) -> str:
    counts = [
        f"{number} {say(language, verdict)}"
        for verdict in VERDICTS
        if (number := sum(item.verdict == verdict for item in audit.claims))
    ]
    coverage = audit.coverage
    return say(
        language,
        "claims: {tagged} tagged{counts} · numbers without a tag: {untagged} · exempt: {exempt}",
        tagged=coverage.tagged,
        counts=f", {', '.join(counts)}" if counts else "",
        untagged=coverage.untagged,
        exempt=coverage.exempt,
    )


def _claims(audit: Audit, language: str) -> Html | None:
    if not audit.claims:
        return None
    order = {verdict: i for i, verdict in enumerate(reversed(VERDICTS))}
    claims = sorted(audit.claims, key=lambda item: order[item.verdict])
    head = (
        say(language, "Verdict"), say(language, "The memo says"), say(language, "It points at"),
        say(language, "The facts give"), say(language, "Line"),
    )  # fmt: skip
    rows = [_claim(item, language) for item in claims]
    return table(head, rows, "claims", say(language, "Claims of the memo"))


def _claim(item: Judged, language: str) -> Html:
    words: list[Child] = []
    if item.verdict != MATCH:
        words.append(reworded(language, item.message))
    elif item.value is not None and item.claim.number is not None:
        words.append(say(language, "the same"))
    for near in item.near:
        text = f"{say(language, near.kind)}: {reworded(language, near.words)}"
        words += [el("br"), el("span", text, class_="near")]
    span = item.claim.span
    return el(
        "tr",
        el("td", chip(say(language, item.verdict), f"v-{item.verdict}")),
        el("th", item.claim.text.strip(), scope="row"),
        el("td", el("code", item.claim.target.text)),
        el("td", *words),
        el("td", f"{span.line}:{span.column}", class_="number"),
    )


def _remarks(audit: Audit, language: str) -> Html | None:
    if not audit.remarks:
        return None
    title = say(language, "The memo as a whole")
    head = (say(language, "Level"), say(language, "What it lacks"), say(language, "Line"))
    rows = [_remark(item, language) for item in audit.remarks]
    return joined([el("h3", title), table(head, rows, "remarks", title)])


def _remark(item: Remark, language: str) -> Html:
    where = f"{item.span.line}:{item.span.column}" if item.span is not None else "–"
    return el(
        "tr",
        el("td", chip(say(language, item.level), f"n-{item.level}")),
        el("td", reworded(language, item.message)),
        el("td", where, class_="number"),
    )


def notices_section(result: GateResult) -> Html | None:
    """What there is to say of waivers and baseline, and every mistake in what was read."""
    language = result.language
    notices = result.decision.notices if result.decision is not None else ()
    semicolon = "；" if language == "zh" else "; "
    rows = []
    for item in notices:
        words = semicolon.join(reworded(language, part) for part in item.message.split("; "))
        where = f"{item.path}:{item.line}" if item.line else item.path
        rows.append(_notice(item.level, words, where, language))
    for mistake in result.diagnostics:
        words = f"{mistake.code} {mistake.message}"
        if mistake.help:
            words += f" ({mistake.help})"
        where = f"{mistake.path}:{mistake.line}" if mistake.line else mistake.path
        rows.append(_notice(mistake.severity, words, where, language))
    if not rows:
        return None
    title = say(language, "The gate itself, and mistakes in files")
    head = (say(language, "Level"), say(language, "What it is"), say(language, "File and line"))
    return el(
        "section", el("h2", title, id="gate"), table(head, rows, "notices", title),
        class_="gate", aria_labelledby="gate",
    )  # fmt: skip


def _notice(level: str, words: str, where: str, language: str) -> Html:
    return el(
        "tr",
        el("td", chip(say(language, level), f"n-{level}")),
        el("td", words),
        el("td", el("code", where)),
    )
