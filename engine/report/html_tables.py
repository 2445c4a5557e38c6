"""The rest of a company's HTML report: all that was accepted, asked, found, measured, read."""

from __future__ import annotations

from ddcheck.engine.model.decision import ANSWERED, KNOWN, WAIVED, Settled
from ddcheck.engine.model.evaluation import Request
from ddcheck.engine.model.finding import FLAG, NOT_APPLICABLE, PASS, UNKNOWN, Finding
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.report.assumptions import assumption_text
from ddcheck.engine.report.contradicting import CONFLICT_WORDS, conflict_text, entry_title
from ddcheck.engine.report.findings import in_the_way
from ddcheck.engine.report.html_metrics import metrics_of
from ddcheck.engine.report.html_paper import (
    STATUS_WORDS,
    Paper,
    chip,
    place,
    section,
    severity,
    table,
    unknowns,
)
from ddcheck.engine.report.markup import Child, Html, el, joined
from ddcheck.engine.text.translate import reworded

_PLACES = 4


def details_of(paper: Paper) -> Html:
    """Every table of a company, each under its heading; what is empty is left out."""
    return joined(
        [
            _assumptions(paper), _accepted(paper), _unknowns(paper), _requests(paper),
            _conflicts(paper), metrics_of(paper), _findings(paper), _documents(paper),
        ]
    )  # fmt: skip


def _assumptions(paper: Paper) -> Html:
    page = paper.page
    items = [
        el("li", assumption_text(item, page.language), " ", el("code", f"{ASSUMED} {item.place}"))
        for item in paper.evaluation.assumptions
    ]
    title = page.say("Assumed, without a source")
    return section(paper, "assumptions", title, el("ul", *items) if items else None)


def _accepted(paper: Paper) -> Html:
    """What is up and does not fail: who accepted it, until when, and why."""
    page = paper.page
    rows = [
        _accepted_row(paper, item)
        for status in (WAIVED, ANSWERED, KNOWN)
        for item in paper.gated.of(status)
    ]
    if not rows:
        return Html("")
    head = (
        page.say("Status"), page.say("Flag"), page.say("Period"), page.say("Owner"),
        page.say("Approved by"), page.say("Until"), page.say("Reason"),
    )  # fmt: skip
    title = page.say("Accepted, answered, known before")
    return section(paper, "accepted", title, table(head, rows, "accepted", title))


def _accepted_row(paper: Paper, item: Settled) -> Html:
    page = paper.page
    waiver = item.waiver if item.status == WAIVED else None
    if waiver is not None:
        reason: list[Child] = [waiver.reason]
        if waiver.holds_while is not None:
            condition = " ".join(waiver.holds_while.text.split())
            words = page.say("holds while {condition}", condition=condition)
            reason += [el("br"), el("span", words, class_="known")]
        where = f"{waiver.node.source.path}:{waiver.node.line}"
        reason += [el("br"), el("code", where)]
    elif item.status == ANSWERED:
        reason = [page.say("answered in {memo}", memo=item.words)]
    else:
        reason = [settled_words(paper, item)]
    return el(
        "tr",
        el("td", chip(page.say(STATUS_WORDS[item.status]), f"g-{item.status}")),
        el("th", severity(paper, item.finding), " ", item.finding.title, scope="row"),
        el("td", item.finding.period or "–"),
        el("td", waiver.owner if waiver else "–"),
        el("td", waiver.approved_by if waiver else "–"),
        el("td", day_text(waiver.expires) if waiver else "–"),
        el("td", *reason),
    )


def settled_words(paper: Paper, item: Settled) -> str:
    """Why a finding fails or does not, where that is not plain."""
    parts = (reworded(paper.page.language, part) for part in item.words.split("; "))
    return paper.page.semicolon().join(part for part in parts if part)


def _unknowns(paper: Paper) -> Html:
    page = paper.page
    found = unknowns(paper)
    rows = [
        el(
            "tr",
            el(
                "th", finding.title, " ",
                chip(page.say("must be known"), "warn")
                if finding.id in paper.evaluation.must_know else None,
                scope="row",
            ),
            el("td", page.word(finding.worst or finding.severity)),
            el("td", in_the_way(page, finding)),
        )
        for finding in found
    ]  # fmt: skip
    if not rows:
        return Html("")
    head = (page.say("Rule"), page.say("At worst"), page.say("What stands in the way"))
    title = page.say("What cannot be judged")
    return section(paper, "unknown", title, table(head, rows, "unknowns", title))


def _requests(paper: Paper) -> Html:
    page = paper.page
    rows = [_request(paper, n, item) for n, item in enumerate(paper.evaluation.requests, 1)]
    if not rows:
        return Html("")
    head = (
        el("th", page.say("No."), scope="col", class_="number"), page.say("Wanted"),
        page.say("Question"), page.say("Known so far"), page.say("Decides"),
    )  # fmt: skip
    title = page.say("Questions to the company")
    return section(paper, "requests", title, table(head, rows, "requests", title))


def _request(paper: Paper, number: int, request: Request) -> Html:
    page = paper.page
    scope = page.bracketed(page.scope(*request.scope.split(maxsplit=1))) if request.scope else ""
    known = []
    if request.last is not None:
        value, period = request.last
        known.append(page.say("last {value} at {period}", value=value, period=period))
    if request.have is not None:
        known.append(page.say("known: {fact}", fact=page.stated(request.have)))
    if request.bounds is not None:
        period, words = request.bounds
        known.append(page.say("{period} in {range}", period=period, range=words))
    return el(
        "tr",
        el("td", str(number), class_="number"),
        el(
            "th", request.title + scope, el("br"),
            el("span", page.joined(request.periods), class_="known"), scope="row",
        ),
        el("td", request.ask),
        el("td", page.semicolon().join(known)),
        el("td", page.joined(request.titles)),
    )  # fmt: skip


def _conflicts(paper: Paper) -> Html:
    page = paper.page
    rows = []
    for conflict in paper.evaluation.conflicts:
        reason = page.word(conflict.reason)
        if conflict.chosen != "computed":
            reason = page.say("first counts: {reason}", reason=reason)
        words = [reason, page.word(conflict.detail)] if conflict.detail else [reason]
        decides = page.joined(entry_title(page, ident) for ident in conflict.decides)
        spots = dict.fromkeys(place(paper, fact) for fact in conflict.candidates)
        places = [item for spot in list(spots)[:_PLACES] for item in (spot, " ")]
        rows.append(
            el(
                "tr", el("th", conflict_text(page, conflict), scope="row"),
                el("td", page.word(CONFLICT_WORDS[conflict.type])),
                el("td", page.semicolon().join(words)), el("td", decides or "–"),
                el("td", *places),
            )
        )  # fmt: skip
    if not rows:
        return Html("")
    head = (
        page.say("Figures"), page.say("Kind"), page.say("Which counts"), page.say("Decides"),
        page.say("File and line"),
    )  # fmt: skip
    title = page.say("Sources that contradict each other")
    return section(paper, "conflicts", title, table(head, rows, "conflicts", title))


def _findings(paper: Paper) -> Html:
    page = paper.page
    head = (page.say("Verdict"), page.say("Rule"), page.say("Period"), page.say("Rests on"))
    parts: list[Child] = []
    for outcome in (FLAG, PASS, NOT_APPLICABLE):
        found = [f for f in paper.evaluation.findings if f.outcome == outcome]
        if found:
            title = page.word(outcome) + page.bracketed(str(len(found)))
            rows = [_finding(paper, finding) for finding in found]
            parts += [el("h4", title), table(head, rows, "findings", title)]
    count = paper.evaluation.counted(UNKNOWN)
    if count:
        words = page.say("{n} more cannot be judged: they stand above.", n=count)
        parts.append(el("p", words, class_="note"))
    return section(paper, "findings", page.say("All findings"), *parts)


def _finding(paper: Paper, finding: Finding) -> Html:
    page = paper.page
    settled = paper.settled(finding)
    status = None
    if settled is not None and settled.status != "below":
        status = chip(page.say(STATUS_WORDS[settled.status]), f"g-{settled.status}")
    found = list(dict.fromkeys(place(paper, fact) for fact in finding.evidence))
    places = [item for spot in found[:_PLACES] for item in (spot, " ")]
    if len(found) > _PLACES:
        places.append(page.say("and {n} more", n=len(found) - _PLACES))
    words = finding.message if finding.message != finding.title else ""
    return el(
        "tr",
        el("td", severity(paper, finding), status),
        el(
            "th",
            finding.title,
            el("span", words, class_="message") if words else None,
            scope="row",
        ),
        el("td", finding.period or "–", class_="period"),
        el("td", *places, class_="places"),
    )


def _documents(paper: Paper) -> Html:
    page = paper.page
    rows = [
        el(
            "tr", el("td", el("b", page.codes.codes[name])), el("th", source.title, scope="row"),
            el("td", source.publisher or "–"), el("td", page.word(source.tier)),
            el("td", day_text(source.published)),
            el("td", str(sum(fact.source == name for fact in paper.evaluation.ledger.facts)),
               class_="number"),
            el("td", el("code", source.url) if source.url else "–"),
        )
        for name, source in paper.evaluation.ledger.sources.items()
        if name != ASSUMED
    ]  # fmt: skip
    head = (
        page.say("Code"), page.say("Document"), page.say("Publisher"), page.say("Standing"),
        page.say("Published"), el("th", page.say("Facts"), scope="col", class_="number"),
        page.say("Address"),
    )  # fmt: skip
    title = page.say("Documents")
    return section(
        paper, "documents", title, table(head, rows, "documents", title) if rows else None
    )
