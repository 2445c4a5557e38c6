"""The HTML report: one file that a committee reads, from the one result of a run.

It loads nothing and runs nothing: no script, no link, no font, no picture from elsewhere, and a
policy in its head that forbids them. The first page of a company decides, details follow.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from itertools import count

from ddcheck.engine.model.decision import Decision, Gated, GateResult
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.report.gate import verdict_line
from ddcheck.engine.report.html_charts import letters
from ddcheck.engine.report.html_company import company_words, first_page, shown_flags
from ddcheck.engine.report.html_decision import counted, decision_of, range_words
from ddcheck.engine.report.html_figures import figures_of
from ddcheck.engine.report.html_memo import memo_section, notices_section
from ddcheck.engine.report.html_paper import Paper, chip, paper_of, table
from ddcheck.engine.report.html_style import STYLE
from ddcheck.engine.report.html_tables import details_of
from ddcheck.engine.report.markup import Child, Html, el
from ddcheck.engine.text.translate import say

_LANGUAGES = {"en": "en", "zh": "zh-Hans"}


def render_html(result: GateResult) -> str:
    """The whole document of a run; it says so where nothing could be measured."""
    language = result.language
    decision = result.decision
    numbers = count(1)
    papers = [
        paper_of(gated, result, f"company-{i}", numbers)
        for i, gated in enumerate(decision.companies if decision is not None else (), 1)
    ]
    title = _title(result, papers)
    style = Html(STYLE)
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    document = el(
        "html",
        el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", http_equiv="Content-Security-Policy", content=policy),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("meta", name="color-scheme", content="light dark"),
            el("meta", name="referrer", content="no-referrer"),
            el("title", f"{title} · ddcheck"),
            el("style", style),
        ),
        el(
            "body",
            _masthead(result, None if papers and papers[0].alone else title),
            el("main", *_content(result, papers), id="content"),
            _measured(result),
        ),
        lang=_LANGUAGES[language],
    )
    return f"<!doctype html>\n{document}\n"


def _title(result: GateResult, papers: list[Paper]) -> str:
    if len(papers) == 1:
        return company_words(papers[0])[0]
    if papers:
        return say(result.language, "{n} companies", n=len(papers))
    memos = result.decision.memos if result.decision is not None else ()
    if memos:
        return say(result.language, "{n} memos", n=len(memos))
    return say(result.language, "Nothing was measured")


def _overall(result: GateResult) -> tuple[str, str]:
    """The decision of the run as the key of its look and in words."""
    language = result.language
    if result.decision is None or not result.judged:
        return "open", say(language, "CANNOT JUDGE")
    if result.decision.failed:
        return "fail", say(language, "FAIL")
    return "pass", say(language, "PASS")


def _masthead(result: GateResult, title: str | None) -> Html:
    """The banner; with `title` what the whole run comes to, where it is more than one company."""
    language = result.language
    style, word = _overall(result)
    stamp = el("strong", word, class_=f"stamp {style}")
    return el(
        "header",
        el(
            "p",
            el("span", "ddcheck", class_="brand"), " ",
            el("span", say(language, "Due diligence report"), class_="kind"), " ",
            el("time", day_text(result.today), datetime=day_text(result.today)),
            class_="banner",
        ),
        el("h1", title, " ", stamp, class_="whole-run") if title is not None else None,
        class_="masthead",
    )  # fmt: skip


def _content(result: GateResult, papers: list[Paper]) -> Iterator[Child]:
    decision = result.decision
    if decision is None:
        yield el("p", say(result.language, "Nothing was measured: see what is wrong below."))
    else:
        if len(papers) > 1 or decision.memos:
            yield _index(decision, result, papers)
    for paper in papers:
        yield el(
            "section", first_page(paper), figures_of(paper), details_of(paper),
            class_="company", aria_labelledby=paper.anchor,
        )  # fmt: skip
    for i, audit in enumerate(decision.memos if decision is not None else (), 1):
        yield memo_section(audit, result, f"memo-{i}")
    yield notices_section(result)


def _index(decision: Decision, result: GateResult, papers: list[Paper]) -> Html:
    """What was judged, one row each, with links: companies, then memos."""
    language = result.language
    parts: list[Child] = []
    head: tuple[Child, ...]
    if len(papers) > 1:
        head = (
            say(language, "Company"), say(language, "Decision"), say(language, "Grade"),
            say(language, "What fails"), say(language, "Gravest flag"), say(language, "Judged on"),
        )  # fmt: skip
        rows = [_company_row(paper) for paper in papers]
        parts.append(table(head, rows, "index", say(language, "Companies")))
    if decision.memos:
        head = (
            say(language, "Memo"),
            say(language, "Decision"),
            el("th", say(language, "Claims"), scope="col", class_="number"),
        )
        rows = [
            el(
                "tr",
                el("th", el("a", audit.memo.path, href=f"#memo-{i}"), scope="row"),
                el("td", chip(say(language, "FAIL"), "fail") if audit.failed
                   else chip(say(language, "PASS"), "pass")),
                el("td", f"{audit.coverage.matched}/{audit.coverage.tagged}", class_="number"),
            )
            for i, audit in enumerate(decision.memos, 1)
        ]  # fmt: skip
        parts.append(table(head, rows, "index", say(language, "Memos")))
    return el("nav", *parts, class_="overview", aria_label=say(language, "What was judged"))


def _company_row(paper: Paper) -> Html:
    page, evaluation = paper.page, paper.evaluation
    style, word = decision_of(paper)
    names = company_words(paper)
    grade = evaluation.grade
    ends = range_words(paper)
    drawn = letters(
        next(paper.numbers), names[0], ends, grade.worst, grade.best, grade.known_letter
    )
    flags = shown_flags(paper)
    period = evaluation.period.label if evaluation.period is not None else "–"
    newest = evaluation.ledger.newest
    return el(
        "tr",
        el(
            "th", el("a", names[0], href=f"#{paper.anchor}"),
            *(el("span", name, class_="other") for name in names[1:]), scope="row",
        ),
        el("td", chip(word, style)),
        el("td", drawn, el("span", ends, class_="ends")),
        el("td", page.joined(counted(paper)) or "–"),
        el("td", flags[0].title if flags else "–"),
        el(
            "td", period, el("br"),
            el("span", day_text(newest) if newest is not None else page.say("no date"),
               class_="known"),
        ),
    )  # fmt: skip


def _measured(result: GateResult) -> Html:
    """By which policy, rules and program it was decided, and what was measured."""
    language = result.language
    decision = result.decision
    rows: list[tuple[str, str]] = [(say(language, "Day of judgment"), day_text(result.today))]
    if decision is not None:
        level = say(language, decision.level)
        if decision.unknowns:
            level += f", {say(language, 'unknown')}"
        rows += [(say(language, "Policy"), decision.policy), (say(language, "Fails from"), level)]
        rows += _packs(decision.companies, language)
    rows.append(("ddcheck", result.version))
    return el(
        "footer",
        el("h2", say(language, "What was measured")),
        el("p", el("code", verdict_line(result)), class_="verdict-line"),
        el("dl", *(el("div", el("dt", name), el("dd", words)) for name, words in rows)),
        el("p", say(language, _LEGEND), class_="legend"),
        class_="measured",
    )


_LEGEND = (
    "Firm: the verdict holds wherever the true figures lie within the rounding of the printed "
    "ones. Fragile: it does not. A range of letters is what the unknown figures leave open. A "
    "framed letter is the one on what is known. Unknown is never a pass."
)


def _packs(companies: tuple[Gated, ...], language: str) -> list[tuple[str, str]]:
    found: dict[str, None] = {}
    days: dict[str, None] = {}
    for gated in companies:
        evaluation = gated.evaluation
        found |= {f"{pack.id} {pack.version}": None for pack in evaluation.plan.packs.packs}
        days[day_text(evaluation.evaluated_at)] = None
    rows = [(say(language, "Packs"), ", ".join(found))] if found else []
    if days:
        rows.append((say(language, "Facts as of"), ", ".join(sorted(days))))
    return rows
