"""The metrics of a company in the HTML report: letter, figures, trend, sources."""

from __future__ import annotations

from ddcheck.engine.model.measured import MetricResult
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.html_charts import Point, letters, spark
from ddcheck.engine.report.html_paper import Paper, section, table
from ddcheck.engine.report.markup import Child, Html, el, joined

#: Actual figures shown; where there are fewer, estimates, and one estimate beside them.
_ACTUALS = 3


def metrics_of(paper: Paper) -> Html:
    """A table of the metrics of each category, those first that are graded."""
    page = paper.page
    grading = paper.evaluation.plan.grading
    categories = grading.categories if grading is not None else {}
    order = list(categories)
    names = sorted(
        {metric.category or "" for metric in paper.evaluation.metrics},
        key=lambda name: order.index(name) if name in order else len(order),
    )
    head = (
        page.say("Metric"), page.say("Letter"), page.say("Figures"), page.say("Trend"),
        page.say("Sources"),
    )  # fmt: skip
    parts: list[Child] = []
    for name in names:
        title = categories[name].title.text(page.language) if name in categories else name
        if name not in categories or not categories[name].graded:
            title += page.bracketed(page.say("not graded"))
        metrics = [m for m in paper.evaluation.metrics if (m.category or "") == name]
        rows = [_metric(paper, metric) for metric in metrics if _shown(metric)]
        parts.append(el("h4", title))
        parts.append(table(head, rows, "metrics", title) if rows else None)
        parts += _without(paper, [metric for metric in metrics if not _shown(metric)])
    return section(paper, "metrics", page.say("Metrics"), *parts)


def _shown(metric: MetricResult) -> bool:
    """Whether there is a figure or a letter to show."""
    known = any(value.missing is None for value in metric.own_values)
    return known or metric.letter is not None


def _without(paper: Paper, metrics: list[MetricResult]) -> list[Html]:
    """The metrics without any figure, by their state, as a line each."""
    page = paper.page
    found = []
    for state in dict.fromkeys(metric.state for metric in metrics):
        titles = page.joined(metric.title for metric in metrics if metric.state == state)
        words = f"{page.word(state)}{page.colon()}{titles}"
        found.append(el("p", words, class_="note"))
    return found


def _metric(paper: Paper, metric: MetricResult) -> Html:
    page = paper.page
    stated = [value for value in metric.own_values if value.missing is None]
    values = [value for value in stated if value.kind == "actual"][-_ACTUALS:]
    values += [v for v in stated if v.kind != "actual"][: _ACTUALS + 1 - len(values)]
    points = [
        Point(
            value.label, value.value, value.low, value.high,
            value_text(
                value.value, metric.unit, metric.style, value.low, value.high, page.language
            ),
            value.kind != "actual",
        )
        for value in values
    ]  # fmt: skip
    figures: list[Child] = [
        el("span", el("span", point.period, class_="known"), " ", point.words, class_="figure")
        for point in points
    ]
    if metric.state != "known":
        figures.append(el("span", page.word(metric.state), class_="state"))
    drawn = None
    if sum(point.value is not None for point in points) > 1:
        drawn = spark(next(paper.numbers), metric.title, points, page.language)
    rests = page.codes.of_sources(metric.sources) if metric.latest or metric.letters else ""
    return el(
        "tr",
        el("th", metric.title, scope="row"),
        el("td", _letters(paper, metric), class_="letter-cell"),
        el("td", joined(figures, " ")),
        el("td", drawn, class_="trend"),
        el("td", el("span", rests, class_="rests")),
    )


def _letters(paper: Paper, metric: MetricResult) -> Html | str:
    if metric.letters is None or not metric.graded:
        return metric.letter or ""
    worst, best = metric.letters
    words = paper.page.range(worst, best)
    number = next(paper.numbers)
    drawn = letters(number, metric.title, words, worst, best, metric.letter)
    return joined([drawn, el("span", words, class_="ends")])
