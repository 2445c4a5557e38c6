"""The decision on a company and its grade, side by side at the head of its report."""

from __future__ import annotations

from ddcheck.engine.model.decision import ANSWERED, ERROR, KNOWN, WAIVED
from ddcheck.engine.model.evaluation import CategoryGrade
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.periods import day_text, months_between
from ddcheck.engine.report.heading import OLD_AFTER, money_name
from ddcheck.engine.report.html_charts import letters
from ddcheck.engine.report.html_paper import STATUS_WORDS, Paper, chip, table
from ddcheck.engine.report.markup import Child, Html, el


def decision_of(paper: Paper) -> tuple[str, str]:
    """The decision on a company as the key of its look and in words."""
    page = paper.page
    path = paper.evaluation.company.path
    broken = any(d.path == path and d.severity == ERROR for d in paper.result.diagnostics)
    if paper.evaluation.undecided or broken:
        return "open", page.say("CANNOT JUDGE")
    if paper.gated.failing:
        return "fail", page.say("FAIL")
    return "pass", page.say("PASS")


def counted(paper: Paper) -> list[str]:
    """What fails, counted by severity, and the unknowns among it."""
    page = paper.page
    failing = [item.finding for item in paper.gated.failing]
    flags = [finding for finding in failing if finding.outcome == FLAG]
    rest = [finding for finding in failing if finding.outcome != FLAG]
    must = sum(finding.id in paper.evaluation.must_know for finding in rest)
    words = [
        page.say("{count} {severity}", count=count, severity=page.word(name))
        for name in SEVERITIES
        if (count := sum(flag.severity == name for flag in flags))
    ]
    if must:
        words.append(page.say("{n} must-know unknown", n=must))
    if len(rest) > must:
        words.append(page.say("{n} unknown", n=len(rest) - must))
    return words


def range_words(paper: Paper) -> str:
    """The grade as a range of letters, `?` where there is none."""
    grade = paper.evaluation.grade
    return paper.page.range(grade.worst, grade.best)


def decision_box(paper: Paper) -> Html:
    """The decision as a word and a sentence, what was accepted, and on what it was judged."""
    page = paper.page
    style, word = decision_of(paper)
    level = page.word(paper.result.decision.level) if paper.result.decision else ""
    if style == "open":
        sentence = page.say("Too little is in order to decide.")
    elif style == "fail":
        counts = page.joined(counted(paper))
        sentence = page.say("{counts}: the policy fails what is {level} or graver.",
                            counts=counts, level=level)  # fmt: skip
    elif any(paper.gated.of(status) for status in (WAIVED, ANSWERED, KNOWN)):
        sentence = page.say(
            "Nothing that is {level} or graver stands against it but what was accepted.",
            level=level,
        )
    else:
        sentence = page.say("Nothing that is {level} or graver stands against it.", level=level)
    must = [item.finding.title for item in paper.gated.failing if item.finding.outcome != FLAG]
    accepted = [
        page.say("{count} {status}", count=count, status=page.say(STATUS_WORDS[status]))
        for status in (WAIVED, ANSWERED, KNOWN)
        if (count := len(paper.gated.of(status)))
    ]
    asked = page.say("Must be known and is not: {titles}", titles=page.joined(must))
    return el(
        "div",
        el("p", el("strong", word, class_="word"), class_="decision-word"),
        el("p", sentence, class_="sentence"),
        el("p", asked, class_="must") if must else None,
        el("p", page.joined(accepted), class_="accepted-count") if accepted else None,
        _facts(paper),
        class_=f"decision {style}",
    )


def _facts(paper: Paper) -> Html:
    """On what it was judged: period, age, evidence, money."""
    page = paper.page
    evaluation = paper.evaluation
    period = evaluation.period.label if evaluation.period is not None else page.say("nothing")
    quarter = evaluation.newest.get("quarter")
    if quarter is not None and (evaluation.period is None or quarter.end > evaluation.period.end):
        period += page.say(", quarters to {quarter}", quarter=quarter.label)
    tier = evaluation.tiers.graded_on
    rows: list[tuple[str, list[Child]]] = [
        (page.say("Judged on"), [period]),
        (page.say("Newest source"), _age(paper, evaluation.ledger)),
        (page.say("Grade rests on"), [page.word(tier) if tier else page.say("nothing")]),
        (page.say("Amounts"), [page.say("millions of {currency}", currency=money_name(page))]),
    ]
    return el("dl", *(el("div", el("dt", name), el("dd", *words)) for name, words in rows))


def _age(paper: Paper, ledger: Ledger) -> list[Child]:
    newest = ledger.newest
    if newest is None:
        return [paper.page.say("no date")]
    words: list[Child] = [day_text(newest)]
    if months_between(newest, paper.evaluation.today) > OLD_AFTER:
        words += [" ", chip(paper.page.say("OLD"), "warn")]
    return words


def grade_box(paper: Paper) -> Html:
    """The grade as a range, and each category with its letter and range."""
    page, grade = paper.page, paper.evaluation.grade
    if grade.letter is None and grade.known_letter is not None:
        words = page.say("too wide for one letter; {letter} on what is known",
                         letter=grade.known_letter)  # fmt: skip
    elif grade.letter is not None and grade.worst != grade.best:
        words = page.say("{letter} on what is known", letter=grade.letter)
    else:
        words = "" if grade.letter else page.say("nothing is known that could be graded")
    rows = [_category(paper, item) for item in grade.categories]
    head = (page.say("Category"), page.say("Letter"), page.say("Range"), page.say("Known"))
    return el(
        "div",
        el(
            "p", el("span", page.say("Grade"), class_="label"), " ",
            el("strong", range_words(paper), class_="grade-letters"),
            class_="grade-line",
        ),
        el("p", words, class_="grade-note") if words else None,
        table(head, rows, "grades", page.say("Grade by category")) if rows else None,
        class_="grade",
    )  # fmt: skip


def _category(paper: Paper, item: CategoryGrade) -> Html:
    page = paper.page
    title = item.category.title.text(page.language)
    ends = page.range(item.worst, item.best)
    words = page.say("{range}; {known} of {total} known",
                     range=ends, known=item.known, total=item.total)  # fmt: skip
    drawn = letters(next(paper.numbers), title, words, item.worst, item.best, item.letter)
    return el(
        "tr",
        el("th", title, scope="row"),
        el("td", item.letter or "?", class_="letter-cell"),
        el("td", drawn, el("span", ends, class_="ends")),
        el("td", f"{item.known}/{item.total}", class_="number"),
    )
