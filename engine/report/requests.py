"""The requests as a letter: Markdown that can go to a company as it stands.

A letter asks; it judges nothing. It names no rule, severity or outcome, only the fact wanted, its
period and form, what we have, which figure waits for it and what would serve as evidence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.evaluation import Evaluation, Request
from ddcheck.engine.model.periods import ESTIMATE, GUIDANCE, PeriodError, kind_suffix
from ddcheck.engine.report.heading import money_name
from ddcheck.engine.report.page import Page, page_of
from ddcheck.engine.text.diagnostics import clean

_MARKED = re.compile(r"([\\`*_<>\[\]#|])")
#: What is asked for first; the reader is not told why.
_FIRST = ("critical", "high")
#: The most decimals that a figure is written with.
_EXACT = 6
_QUARTERS = ("一", "二", "三", "四")


def render_requests(evaluations: Iterable[Evaluation]) -> str:
    """One letter for each company, in the language of its evaluation, a rule line between two."""
    return "\n---\n\n".join(_letter(page_of(evaluation)) for evaluation in evaluations)


def _letter(page: Page) -> str:
    evaluation = page.evaluation
    company = evaluation.company
    label = company.name
    name = label.text(page.language)
    other = label.en if page.language == "zh" else label.zh
    addressee = _plain(name) + (page.bracketed(_plain(other)) if other != name else "")
    parts = [
        f"# {page.say('Request for information')}",
        page.say("To: {company}", company=addressee),
        page.say("Date: {day}", day=_day(page, evaluation.today)),
        page.say("Dear Sir or Madam,"),
    ]
    groups = _groups(evaluation.requests)
    if not groups:
        parts += [page.say("We have no question at present."), page.say("Yours sincerely,")]
        return "\n\n".join(parts) + "\n"
    parts.append(_opening(page, name))
    first = [group for group in groups if _comes_first(group)]
    explained = [group for group in groups if group[0].explains]
    rest = [group for group in groups if group not in first and group not in explained]
    number = 0
    for title, chosen in (
        (page.say("Needed first"), first),
        (page.say("Further figures"), rest),
        (page.say("Points to explain"), explained),
    ):
        if chosen:
            parts.append(f"## {title}")
        for group in chosen:
            number += 1
            parts.append(_question(page, number, group))
    parts += [page.say(_CLOSING), page.say("Yours sincerely,")]
    return "\n\n".join(parts) + "\n"


_OPENING = (
    "We are completing our review of {company} on the basis of documents published by {day}. The "
    "questions below are about figures that we could not find in them or could not reconcile. We "
    "would be grateful for answers in the order given. Where a figure is not kept in the form "
    "asked for, please send the nearest one that you have and say how it is defined."
)
_CLOSING = (
    "Please name for each figure the document that it is taken from. Should a question be unclear, "
    "or its answer not be available, a short note is welcome. Thank you for your time."
)


def _opening(page: Page, name: str) -> str:
    evaluation = page.evaluation
    newest = evaluation.ledger.newest
    published = newest if newest is not None else evaluation.today
    words = page.say(_OPENING, company=_plain(name), day=_day(page, published))
    calendar = evaluation.company.calendar
    year = evaluation.period
    if year is not None and year.frame == "year":
        example = _period(page, year.label)
        ends = page.say(
            "{period} is the financial year that ended on {day}; amounts are in {unit}.",
            period=example, day=_day(page, calendar.view("year", year.start, 12).end),
            unit=_money_unit(page),
        )  # fmt: skip
        words += ("" if page.language == "zh" else " ") + ends
    return words


def _groups(requests: tuple[Request, ...]) -> list[list[Request]]:
    """Requests with one question together, in the order of the first of each."""
    found: dict[tuple[str, bool], list[Request]] = {}
    for request in requests:
        found.setdefault((request.ask or request.name, request.explains), []).append(request)
    return list(found.values())


def _comes_first(group: list[Request]) -> bool:
    return any(not r.explains and (r.must_know or r.severity in _FIRST) for r in group)


def _question(page: Page, number: int, group: list[Request]) -> str:
    titles = page.joined(dict.fromkeys(_plain(request.title) for request in group))
    head = f"### {number}. {titles}"
    topic = _topic(page, group[0])
    if topic:
        head += page.bracketed(topic)
    lines = [head, ""]
    if group[0].ask:
        lines += [_plain(group[0].ask), ""]
    points = []
    if group[0].explains:
        wanted = page.joined(_dated(page, request) for request in group)
        points.append((page.say("About"), wanted))
    else:
        points.append((page.say("Wanted"), page.semicolon().join(_form(page, r) for r in group)))
    have = [text for text in (_have(page, request) for request in group) if text]
    if have:
        points.append((page.say("We have"), page.semicolon().join(have)))
    needed = dict.fromkeys(_plain(title) for r in group for title in r.needed_for)
    if needed:
        points.append((page.say("Needed to work out"), page.joined(needed)))
    points.append((page.say("Evidence wanted"), _evidence(page, group)))
    lines += [f"- **{label}**{page.colon()}{text}" for label, text in points]
    return "\n".join(lines)


def _topic(page: Page, request: Request) -> str:
    """The title of a graded category; what is only shown is no topic for a company."""
    grading = page.evaluation.plan.grading
    category = grading.categories.get(request.category or "") if grading is not None else None
    return category.title.text(page.language) if category is not None and category.graded else ""


def _form(page: Page, request: Request) -> str:
    """The fact with its periods and unit, and the facts that would do as well."""
    words = _dated(page, request)
    if request.unit == "money":
        words += page.bracketed(page.say("in {unit}", unit=_money_unit(page)))
    elif request.unit == "ratio" and request.style == "percent":
        words += page.bracketed(page.say("in percent"))
    if request.made_of:
        facts = page.joined(_lower(_plain(title)) for title in request.made_of)
        if request.splits:
            splits = page.joined(_lower(split) for split in request.splits)
            facts = page.say("{facts} by {dimensions}", facts=facts, dimensions=splits)
        words += page.say(", or what it is worked out from: {facts}", facts=facts)
    return words


def _lower(text: str) -> str:
    """A title in the middle of a sentence; abbreviations keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _dated(page: Page, request: Request) -> str:
    title = _plain(request.title)
    if request.scope and " " in request.scope:
        title += page.bracketed(page.scope(*request.scope.split(maxsplit=1)))
    elif request.scope and request.splits:
        dimension = _lower(request.splits[0])
        title = page.say("{facts} by {dimensions}", facts=title, dimensions=dimension)
    if not request.periods:
        return title
    periods = page.joined(_period(page, label) for label in request.periods)
    if all(label[4:5] == "-" and len(label) > 8 for label in request.periods):
        return page.say("{title} on {periods}", title=title, periods=periods)
    if request.time == "stock":
        return page.say("{title} at the end of {periods}", title=title, periods=periods)
    return page.say("{title} for {periods}", title=title, periods=periods)


def _have(page: Page, request: Request) -> str:
    """What is known of it: the newest figure with its source, and what follows from others."""
    words = []
    fact = request.have
    if fact is not None:
        source = page.evaluation.ledger.sources[fact.source]
        period = _period(page, fact.period.label)
        if fact.scope is not None:
            period += page.say(", {scope} only", scope=_plain(page.scope(*fact.scope)))
        given = {
            "value": _amount(page, fact), "period": period, "source": _plain(source.title),
            "day": _day(page, source.published),
        }  # fmt: skip
        if fact.period.frame == "date":
            words.append(page.say("{value} on {period} ({source}, {day})", **given))
        else:
            words.append(page.say("{value} for {period} ({source}, {day})", **given))
    elif request.last is not None:
        value, label = request.last
        words.append(page.say("{value} for {period}", value=value, period=_period(page, label)))
    if request.bounds is not None:
        label, ends = request.bounds
        known = ends.replace("..", " to ")
        period = _period(page, label)
        words.append(page.say("for {period} only a range, {range}", period=period, range=known))
    return page.semicolon().join(words)


def _amount(page: Page, fact: Fact) -> str:
    """A known figure with its unit: `USD 205.4 million`, `over 130.0%`."""
    ends = [fact.low, fact.high] if fact.value is None else [fact.value]
    known = [page.value(fact, end, exact=_EXACT) for end in ends if math.isfinite(end)]
    text = known[0]
    if len(known) > 1:
        text = page.say("{first} to {last}", first=known[0], last=known[1])
    if fact.unit == page.evaluation.company.currency:
        text = page.say("{currency} {amount} million", currency=money_name(page), amount=text)
    if math.isinf(fact.high):
        return page.say("over {value}", value=text)
    return page.say("under {value}", value=text) if math.isinf(fact.low) else text


def _evidence(page: Page, group: list[Request]) -> str:
    """What would serve as evidence, the best first."""
    if group[0].explains:
        return page.say("a reconciliation, with references to the accounts")
    if any(label.endswith("G") for request in group for label in request.periods):
        return page.say("the announcement in which the guidance was given")
    if all(request.reported for request in group):
        return page.say(
            "audited accounts or a filing, with the page; before the audit, management accounts "
            "marked as unaudited"
        )
    return page.say(
        "a published figure with its page, or an extract of the billing, sales or customer records "
        "with the definition used"
    )


def _money_unit(page: Page) -> str:
    return page.say("millions of {currency}", currency=money_name(page))


def _day(page: Page, ordinal: int) -> str:
    """A day as a letter writes it: `6 February 2024`, `2024年2月6日`."""
    day = date.fromordinal(ordinal)
    if page.language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day.strftime('%B')} {day.year}"


def _period(page: Page, label: str) -> str:
    """A period as a letter writes it: days and Chinese in words, else as in the reports."""
    if ".." in label:
        first, last = label.split("..", 1)
        return page.say("{first} to {last}", first=_period(page, first), last=_period(page, last))
    try:
        period, kind = page.evaluation.company.calendar.parse(label)
    except PeriodError:
        return _plain(label)
    words = period.label
    if period.frame == "date":
        words = _day(page, period.end)
    elif page.language == "zh":
        words = _chinese_period(page, period.frame, label.removesuffix(kind_suffix(kind)))
    if kind == GUIDANCE:
        return page.say("{period}, as guided", period=words)
    return page.say("{period}, as estimated", period=words) if kind == ESTIMATE else words


def _chinese_period(page: Page, frame: str, label: str) -> str:
    """`2022财年`, `2022年第三季度`; what has no such name keeps its label."""
    calendar = page.evaluation.company.calendar
    year = "年" if (calendar.month, calendar.month_end) == (12, True) else "财年"
    if frame == "year":
        return f"{label[2:]}{'财' if year == '财年' else ''}年"
    if frame == "quarter" and len(label) == 6:
        return f"{label[:4]}{year}第{_QUARTERS[int(label[5]) - 1]}季度"
    if frame == "half" and len(label) == 6:
        return f"{label[:4]}{year}{'上' if label[5] == '1' else '下'}半年"
    if frame == "to-date" and "M" in label:
        months, _, number = label.partition("M")
        return f"{number}{year}前{int(months)}个月"
    return f"{label[:4]}年{int(label[5:7])}月" if frame == "month" else label


def _plain(text: str) -> str:
    """`text` with nothing in it that Markdown would take for markup."""
    return _MARKED.sub(r"\\\1", clean(" ".join(text.split())))
