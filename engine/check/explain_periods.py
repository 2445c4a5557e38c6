"""Which period is explained: the one asked for, the one judged, or the newest there is."""

from __future__ import annotations

from ddcheck.engine.check.judge import Judge, Verdict
from ddcheck.engine.check.views import View
from ddcheck.engine.language.evaluate import POINTS
from ddcheck.engine.model.ledger import PLAIN
from ddcheck.engine.model.periods import Period
from ddcheck.engine.model.plan import Rule
from ddcheck.engine.text.translate import say

#: Frames in which the newest value of a flow is looked for, in this order.
FLOW_FRAMES = ("year", "half", "quarter", "to-date", "month", "range")


def asked_view(judge: Judge, period: Period, default: str) -> View:
    """Where `period` stands on its own axis; of a metric of dates the last date within it."""
    axis = judge.context.axis(period.frame)
    wanted = (period.start, period.months, period.end)
    for i, other in enumerate(axis.periods):
        if (other.start, other.months, other.end) == wanted:
            if default != "date" or not period.months:
                return View(period.frame, i)
            break
    if default == "date" and period.months:
        days = judge.context.axis("date").periods
        first = period.end - 31 * period.months
        inside = [i for i, day in enumerate(days) if first < day.end <= period.end]
        if inside:
            return View("date", inside[-1])
    return View(period.frame, -1, label=period.label)


def judged_view(judge: Judge, rule: Rule, verdict: Verdict) -> View:
    """Where a rule is decided, or what waits to be; else the newest period of its frame."""
    if verdict.place >= 0:
        return View(verdict.frame, verdict.place)
    if verdict.open_place >= 0:
        return View(verdict.open_frame or verdict.frame, verdict.open_place)
    frame = "year" if rule.definition.frame == "any" else rule.definition.frame
    return View(frame, judge.newest(frame))


def newest_view(judge: Judge, name: str, frames: tuple[str, ...]) -> View:
    """The newest actual value of `name` by the evaluation date, else the newest of any kind."""
    for wanted in (0, 2):
        for frame in frames:
            evaluator = judge.context.evaluator(frame, POINTS)
            row = judge.context.named(name, evaluator)
            periods = judge.context.axis(frame).periods
            entries = judge.context.entries(name, frame, PLAIN)
            for i in range(len(periods) - 1, -1, -1):
                entry = entries[i]
                if frame == "date" and entry is not None and entry.period.end != periods[i].end:
                    continue  # a balance of an earlier date, carried on
                kind = row.kinds[i]
                known = row.values[i] is not None or kind >= 0
                if known and kind <= wanted and (wanted or periods[i].end <= judge.limit):
                    return View(frame, i)
    return View(frames[0], -1)


def about_period(judge: Judge, period: Period, view: View, language: str) -> tuple[str, ...]:
    """What there is to say of a period that was asked for: that it is not there, or is empty."""
    company = judge.context.ledger.company.id
    label = period.label
    if view.place < 0:
        words = [say(language, "{company} has nothing for {period}", company=company, period=label)]
        spans = sorted((fact.period for fact in judge.context.ledger.facts), key=lambda p: p.end)
        if spans:
            first, last = spans[0].label, spans[-1].label
            told = "what is known lies between {first} and {last}"
            words.append(say(language, told, first=first, last=last))
        return tuple(words)
    facts = judge.context.ledger.facts
    there = any(
        (fact.period.start, fact.period.months) == (period.start, period.months)
        if fact.period.months
        else period.end == fact.period.end
        for fact in facts
    )
    if there:
        return ()
    return (say(language, "no source of {company} states a figure for {period}",
                company=company, period=label),)  # fmt: skip
