"""What cannot be judged: the first questions to ask the company, and what is known so far."""

from __future__ import annotations

from ddcheck.engine.model.evaluation import Request
from ddcheck.engine.model.finding import UNKNOWN
from ddcheck.engine.report.lines import Line, Piece, cut, fit, line, wrap
from ddcheck.engine.report.page import Page
from ddcheck.engine.text.diagnostics import display_width

_ASKED = 42


def asking(page: Page, most: int) -> list[Line]:
    """At most `most` requests; a question that a graded flag raises is among them."""
    requests = page.evaluation.requests
    if not requests or not most:
        return []
    shown = list(requests[:most])
    raised = next((request for request in requests if request.raised), None)
    if raised is not None and raised not in shown and most > 2:
        shown[most - 1 :] = [raised]
    head = page.say("CANNOT BE JUDGED: ask the company, in this order")
    lines = [line(Piece(head, "title"))]
    for i, request in enumerate(shown, 1):
        lines += _request(page, i, request)
    return [*lines, line()]


def _request(page: Page, number: int, request: Request) -> list[Line]:
    title = request.title
    dated = f"{title} {page.joined(request.periods)}"
    if display_width(dated) >= _ASKED and request.period is not None:
        dated = f"{title} {request.period}"
    if request.periods and display_width(dated) < _ASKED:
        title = dated
    words = page.semicolon().join(_so_far(page, request))
    lead = f"   {number}   "
    if page.narrow and len(lead) + _ASKED + 1 + display_width(words) > page.width:
        more = wrap(words, page.width - 9)
        return [
            line(lead, cut(title, page.width - len(lead))),
            *(line("         ", Piece(text, "dim")) for text in more[:2]),
        ]
    return [line(f"{lead}{fit(title, _ASKED)} ", cut(words, page.width - _ASKED - 8))]


def _so_far(page: Page, request: Request) -> list[str]:
    """What is known of it; of what a flag asks the question, of nothing what it would decide."""
    if request.explains and request.ask:
        return [request.ask]
    known = []
    rules = page.evaluation.plan.rules
    finding = next(
        (
            f
            for f in page.evaluation.findings
            if f.id in request.unblocks and f.outcome == UNKNOWN and f.last is not None
            # Another name's figure beside what is asked for would be taken for its own.
            if f.reason == "evidence" or rules[f.id].show[:1] == (request.name,)
        ),
        None,
    )
    if finding is not None and finding.last is not None:
        last = finding.last
        outcome = page.word(last.outcome)
        given = {"period": last.period, "outcome": outcome, "value": finding.last_value}
        if finding.reason == "evidence":
            words = "{outcome} at {period}, on evidence too weak for the rule"
            known.append(page.say(words, period=last.period, outcome=outcome))
        elif finding.last_value is None:
            known.append(page.say("last {outcome} at {period}, stale", **given))
        else:
            known.append(page.say("last {value} at {period} ({outcome}), stale", **given))
    if request.have is not None:
        known.append(page.say("known: {fact}", fact=page.stated(request.have)))
    if request.bounds is not None:
        period, words = request.bounds
        known.append(page.say("{period} in {range}", period=period, range=words))
    return known or [page.say("decides {titles}", titles=page.joined(request.titles))]
