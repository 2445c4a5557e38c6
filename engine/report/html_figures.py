"""The deciding figures of the HTML report: drawn over periods, on their ladders, with sources.

And how revenue and whatever else is broken down is spread: over customers, segments, regions.
"""

from __future__ import annotations

from ddcheck.engine.model.company import TIERS, Breakdown, Fact
from ddcheck.engine.model.finding import Figure, Finding
from ddcheck.engine.model.limits import choose_ladder, limit_on
from ddcheck.engine.model.measured import MetricResult, MetricValue
from ddcheck.engine.model.pack import LETTERS, RISING
from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.model.plan import Step
from ddcheck.engine.model.wording import printed_text, value_text
from ddcheck.engine.report.html_charts import Mark, Point, Share, columns, ladder, shares
from ddcheck.engine.report.html_company import shown_flags
from ddcheck.engine.report.html_paper import (
    Paper,
    figure_points,
    place,
    section,
    severity,
    source_words,
    table,
)
from ddcheck.engine.report.markup import Child, Html, el

_PERIODS, _PARTS, _SPLITS = 6, 8, 6


def figures_of(paper: Paper) -> Html:
    """Every flag of the first page with its drawings and sources, then the breakdowns."""
    cards = [_card(paper, flag) for flag in shown_flags(paper)]
    spread = [_split(paper, item) for item in _newest(paper)]
    page = paper.page
    return el(
        "div",
        section(paper, "figures", page.say("The deciding figures"), *cards),
        section(
            paper, "spread", page.say("Concentration"),
            el("div", *spread, class_="drawings") if spread else None,
        ),
    )  # fmt: skip


def _card(paper: Paper, flag: Finding) -> Html:
    page = paper.page
    why = paper.evaluation.plan.rules[flag.id].definition.why
    drawn = [*_trend(paper, flag), *_ladder(paper, flag)]
    parts: list[Child] = [
        el("h4", severity(paper, flag), " ", flag.title, id=f"{paper.anchor}-{flag.id}"),
        el("p", flag.message, class_="message") if flag.message else None,
        el("p", why.text(page.language), class_="why") if why is not None else None,
        el("div", *drawn, class_="drawings") if drawn else None,
        _sources(paper, flag),
    ]
    return el("article", *parts, class_="card")


def _sources(paper: Paper, flag: Finding) -> Html | None:
    page = paper.page
    if not flag.evidence:
        return None
    rows = [
        el(
            "tr", el("th", page.named(fact), scope="row"),
            el("td", printed_text(fact, page.language), class_="number"),
            el("td", source_words(paper, fact)), el("td", place(paper, fact)),
        )
        for fact in flag.evidence
    ]  # fmt: skip
    head: tuple[Child, ...] = (
        page.say("Fact"), el("th", page.say("As printed"), scope="col", class_="number"),
        page.say("Document"), page.say("File and line"),
    )  # fmt: skip
    return table(head, rows, "evidence", page.say("What {title} rests on", title=flag.title))


def _metric(paper: Paper, name: str) -> MetricResult | None:
    return next((item for item in paper.evaluation.metrics if item.id == name), None)


def _trend(paper: Paper, flag: Finding) -> list[Html]:
    """Up to two figures of a flag over all their periods; the limit where the rule has one."""
    found = []
    for figure in flag.figures[:2]:
        points = _points(paper, flag, figure)
        known = [p for p in points if p.value is not None or p.low is not None]
        if len(known) < 2:
            continue
        limit = _limit(paper, flag, figure)
        title = paper.page.say("{title} over {n} periods", title=figure.title, n=len(points))
        drawn = columns(next(paper.numbers), title, points, limit, paper.page.language)
        found.append(el("figure", el("figcaption", figure.title), drawn))
    return found


def _points(paper: Paper, flag: Finding, figure: Figure) -> list[Point]:
    metric = _metric(paper, figure.name)
    if metric is None or metric.frame != flag.frame:
        return figure_points(paper, figure)
    values = list(metric.own_values)
    while values and values[-1].missing is not None:
        values.pop()
    values = values[-_PERIODS:]
    while values and values[0].missing is not None:
        del values[0]
    return [_point(paper, metric, value) for value in values]


def _point(paper: Paper, metric: MetricResult, value: MetricValue) -> Point:
    words = value_text(
        value.value, metric.unit, metric.style, value.low, value.high, paper.page.language
    )
    estimate = value.kind not in (None, "actual")
    return Point(value.label, value.value, value.low, value.high, words, estimate)


def _limit(paper: Paper, flag: Finding, figure: Figure) -> Mark | None:
    """The limit that the flag has passed, if it is one on this figure."""
    rule = paper.evaluation.plan.rules[flag.id]
    metric = rule.definition.metric
    if metric is None or metric.text != figure.name:
        return None
    step = next((step for step in rule.steps if step.name == flag.severity), None)
    if step is None:
        return None
    value, words = _limit_words(paper, step, figure.unit, figure.style)
    if value is None:
        return None
    page = paper.page
    name = page.word(step.name)
    return Mark(
        step.name, value, page.say("limit of {severity}: {limit}", severity=name, limit=words)
    )


def _limit_words(paper: Paper, step: Step, unit: str, style: str) -> tuple[float | None, str]:
    evaluation = paper.evaluation
    value = limit_on(step, evaluation.plan.parameters, evaluation.evaluated_at)
    return value, value_text(value, unit, style, language=paper.page.language)


def _ladder(paper: Paper, flag: Finding) -> list[Html]:
    """The severities of a rule on a metric, or the letters of the first figure that is graded."""
    rule = paper.evaluation.plan.rules[flag.id]
    if rule.definition.metric is not None:
        name = rule.definition.metric.text
        figure = next((item for item in flag.figures if item.name == name), None)
        if figure is None:
            return []
        _, value, low, high = figure.values[-1]
        page = paper.page
        steps = [Mark(page.say("none"), None, "", "v-none")]
        steps += [_mark(paper, step, figure.unit, figure.style, "v-") for step in rule.steps]
        rising = rule.definition.direction in RISING
        words = value_text(value, figure.unit, figure.style, low, high, page.language)
        caption = page.say("{title} {value} on the ladder of severities",
                           title=figure.title, value=words)  # fmt: skip
        ends = (value, value) if value is not None else (low, high)
        return _laddered(paper, rule.steps, steps, ends, caption, rising=rising)
    for figure in flag.figures:
        metric = _metric(paper, figure.name)
        if metric is not None and metric.letters is not None and metric.frame == flag.frame:
            drawn = metric_ladder(paper, metric)
            if drawn is not None:
                return [drawn]
    return []


def metric_ladder(paper: Paper, metric: MetricResult) -> Html | None:
    """Where the latest value of a metric stands between the limits of its letters."""
    evaluation, page = paper.evaluation, paper.page
    plan = evaluation.plan.metrics.get(metric.id)
    chosen = choose_ladder(plan, evaluation.company.tags) if plan is not None else None
    latest = metric.latest
    if chosen is None or latest is None or latest.missing is not None:
        return None
    rest = [letter for letter in LETTERS if letter not in {step.name for step in chosen.steps}]
    steps = [Mark(rest[0] if len(rest) == 1 else LETTERS[-1], None, "", "l-f")]
    order = chosen.steps[::-1]
    steps += [_mark(paper, step, metric.unit, metric.style, "l-") for step in order]
    words = value_text(
        latest.value, metric.unit, metric.style, latest.low, latest.high, page.language
    )
    caption = page.say(
        "{title} {period}: {value}", title=metric.title, period=latest.label, value=words
    )
    ends = (latest.value, latest.value) if latest.value is not None else (latest.low, latest.high)
    found = _laddered(paper, order, steps, ends, caption, rising=metric.better == "higher")
    return found[0] if found else None


def _mark(paper: Paper, step: Step, unit: str, style: str, kind: str) -> Mark:
    value, words = _limit_words(paper, step, unit, style)
    name = paper.page.word(step.name) if kind == "v-" else step.name
    return Mark(name, value, words, f"{kind}{step.name.lower()}")


def _laddered(
    paper: Paper,
    plain: tuple[Step, ...],
    steps: list[Mark],
    ends: tuple[float | None, float | None],
    caption: str,
    *,
    rising: bool,
) -> list[Html]:
    page = paper.page
    low = ends[0] if ends[0] is not None else float("-inf")
    high = ends[1] if ends[1] is not None else float("inf")
    if ends == (None, None) or any(step.value is None for step in steps[1:]):
        return []
    words = page.joined(f"{step.name} {step.words}".strip() for step in steps[1:])
    names = dict.fromkeys(step.limit[1:] for step in plain if step.limit.startswith("$"))
    described = page.say("{caption}; limits {limits}", caption=caption, limits=words)
    drawn = ladder(
        next(paper.numbers), caption, described, steps, (low, high), rising=rising
    )  # fmt: skip
    note = None
    if names:
        titles = page.joined(f"{page.title(name)} [{name}]" for name in names)
        note = el("span", page.say("limit by parameter: {titles}", titles=titles), class_="note")
    return [el("figure", el("figcaption", caption), drawn, note)]


def _newest(paper: Paper) -> list[Breakdown]:
    """The newest breakdown of each concept by each dimension, from the best of its sources."""
    ledger = paper.evaluation.ledger
    found: dict[tuple[str, str], Breakdown] = {}
    for item in paper.evaluation.company.breakdowns:
        if item.source not in ledger.sources or item.kind != 0:
            continue
        before = found.get((item.concept, item.by))
        if before is None or _rank(paper, item) > _rank(paper, before):
            found[item.concept, item.by] = item
    return list(found.values())[:_SPLITS]


def _rank(paper: Paper, item: Breakdown) -> tuple[int, int, int, int]:
    source = paper.evaluation.ledger.sources[item.source]
    standing = -TIERS.index(source.tier)
    return item.period.end, item.period.end - item.period.start, len(item.parts), standing


def _split(paper: Paper, item: Breakdown) -> Html:
    page = paper.page
    numbers = [_middle(fact) for fact in item.parts]
    whole = 1.0
    if not any(fact.share for fact in item.parts):
        whole = sum(numbers) if item.complete else max(numbers, default=0)
    parts = [
        Share(
            _member(page.scope(*fact.scope)) if fact.scope else page.title(fact.concept),
            number / whole if whole else 0.0,
            _part_words(paper, fact, number / whole if item.complete and whole else None),
        )
        for fact, number in zip(item.parts, numbers, strict=True)
    ]
    parts.sort(key=lambda part: -part.share)
    shown = parts[:_PARTS]
    by = page.scope(item.by)
    when = item.period.label + kind_suffix(item.kind)
    title = page.say("{concept} by {dimension}, {period}", concept=page.title(item.concept),
                     dimension=by, period=when)  # fmt: skip
    notes = [page.codes.of_sources([item.source])]
    if len(parts) > len(shown):
        notes.append(page.say("the {n} largest of {all}", n=len(shown), all=len(parts)))
    if not item.complete:
        notes.append(page.say("the source may leave some out"))
    if not item.complete and not any(fact.share for fact in item.parts):
        notes.append(page.say("drawn against the largest"))
    drawn = shares(next(paper.numbers), title, shown, page.language)
    return el(
        "figure", el("figcaption", title), drawn,
        el("span", page.joined(notes), class_="note"),
    )  # fmt: skip


def _member(words: str) -> str:
    """A member as people write it: the name of its dimension stands in the title."""
    return words.partition(" ")[2].replace("_", " ") or words


def _part_words(paper: Paper, fact: Fact, share: float | None) -> str:
    language = paper.page.language
    if fact.share or share is None:
        return printed_text(fact, language)
    return f"{printed_text(fact, language)} ({value_text(share, 'ratio')})"


def _middle(fact: Fact) -> float:
    """A number to draw: the value, or the end of a bound that is known."""
    if fact.value is not None:
        return max(fact.value, 0.0)
    ends = [end for end in (fact.low, fact.high) if abs(end) != float("inf")]
    return max(ends[0], 0.0) if ends else 0.0
