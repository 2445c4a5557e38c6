"""The drawings of the HTML report, as SVG: figures over periods, ladders, letters, shares.

Every drawing has a title and says its figures in its description; what it shows by color it shows
by place, height or pattern as well. Colors are classes of the style sheet, for light, dark and
paper alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ddcheck.engine.model.pack import LETTERS
from ddcheck.engine.report.markup import Html, el
from ddcheck.engine.text.diagnostics import display_width

#: Estimated width of a character of the labels, in the units of the drawing.
_CHARACTER = 5.9


class Point(NamedTuple):
    """A figure at one period: its value or range, as number and in words."""

    period: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    estimate: bool = False


class Mark(NamedTuple):
    """A step of a ladder: its name, the limit where it begins, in words, and a key for its color.

    The first step has no limit.
    """

    name: str
    value: float | None
    words: str
    key: str = ""


class Share(NamedTuple):
    """A part of a whole: its name, its share (0..1; of amounts, of the largest) and words."""

    name: str
    share: float
    words: str


def _drawing(
    number: int, title: str, description: str, size: tuple[float, float], children: list[Html],
    style: str,
) -> Html:  # fmt: skip
    """An SVG of `size` with its title and description, which readers of screens hear."""
    name, words = f"c{number}t", f"c{number}d"
    width, height = size
    return el(
        "svg",
        el("title", title, id=name),
        el("desc", description, id=words),
        *children,
        class_=f"chart {style}",
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
        aria_labelledby=f"{name} {words}",
    )


def _described(points: Sequence[Point], colon: str, between: str) -> str:
    return between.join(f"{point.period}{colon}{point.words}" for point in points)


def _ends(points: Sequence[Point], limit: float | None) -> tuple[float, float]:
    """The lowest and highest number of a drawing; zero is always within."""
    found = [0.0] if limit is None or not math.isfinite(limit) else [0.0, limit]
    for point in points:
        ends = (point.value, point.low, point.high)
        found += [end for end in ends if end is not None and math.isfinite(end)]
    low, high = min(found), max(found)
    return (low, high) if high > low else (low, low + 1.0)


def columns(
    number: int, title: str, points: Sequence[Point], limit: Mark | None, language: str
) -> Html:
    """Figures over periods as columns with their values, and the limit as a dashed line.

    An estimate is hatched by its outline; of a range the column ends at its middle and the range
    is drawn as a line; what is not known has a mark in place of a column.
    """
    colon, between = ("：", "；") if language == "zh" else (": ", "; ")
    description = _described(points, colon, between)
    if limit is not None:
        description += between + limit.words
    width, top, bottom, foot = 360.0, 34.0, 128.0, 150.0
    value = limit.value if limit is not None else None
    low, high = _ends(points, value)
    step = width / max(len(points), 1)
    bar = min(46.0, step * 0.56)

    def height(number: float) -> float:
        return bottom - (number - low) / (high - low) * (bottom - top)

    below = low < 0
    drawn: list[Html] = []
    for i, point in enumerate(points):
        middle = step * (i + 0.5)
        drawn += _column(point, middle, bar, height, below=below)
        drawn.append(_label(point.period, middle, foot + (14 if below else 0), "period"))
    zero = height(0)
    drawn.append(el("line", class_="axis", x1=0, x2=width, y1=zero, y2=zero))
    if limit is not None and value is not None:
        at = height(value)
        drawn.append(el("line", class_="limit", x1=0, x2=width, y1=at, y2=at))
        drawn.append(_label(limit.words, width, 11, "limit-words", anchor="end"))
    size = (width, 172.0 if below else 158.0)
    return _drawing(number, title, description, size, drawn, "columns")


def _column(
    point: Point, middle: float, bar: float, height: Callable[[float], float], *, below: bool
) -> list[Html]:
    zero = height(0)
    ends = [e for e in (point.low, point.high) if e is not None and math.isfinite(e)]
    value = point.value if point.value is not None else (sum(ends) / len(ends) if ends else None)
    if value is None:
        return [_label("?", middle, zero - 6, "unknown")]
    at = height(value)
    style = "bar" + (" negative" if value < 0 else "") + (" estimate" if point.estimate else "")
    if point.value is None:
        style += " range"
    drawn = [
        el(
            "rect", class_=style, x=middle - bar / 2, y=min(at, zero), width=bar,
            height=max(abs(zero - at), 1.0), rx=1.5,
        )
    ]  # fmt: skip
    if point.value is None and len(ends) == 2:
        drawn.append(
            el(
                "line", class_="whisker", x1=middle, x2=middle, y1=height(ends[0]),
                y2=height(ends[1]),
            )
        )  # fmt: skip
    y = at - 6 if value >= 0 else at + 14
    drawn.append(_label(point.words, middle, min(y, 142.0) if below else y, "value"))
    return drawn


def _label(words: str, x: float, y: float, style: str, anchor: str = "middle") -> Html:
    return el("text", words, class_=style, x=x, y=y, text_anchor=anchor)


def spark(number: int, title: str, points: Sequence[Point], language: str) -> Html:
    """The same without words, small enough for a cell of a table."""
    colon, between = ("：", "；") if language == "zh" else (": ", "; ")
    low, high = _ends(points, None)
    step, tall = 14.0, 24.0

    def height(number: float) -> float:
        return 1 + (high - number) / (high - low) * (tall - 2)

    zero = height(0)
    drawn = [el("line", class_="axis", x1=0, x2=step * len(points), y1=zero, y2=zero)]
    for i, point in enumerate(points):
        if point.value is None:
            continue
        at = height(point.value)
        style = "bar" + (" negative" if point.value < 0 else "")
        style += " estimate" if point.estimate else ""
        drawn.append(
            el(
                "rect", class_=style, x=step * i + 2, y=min(at, zero), width=step - 4,
                height=max(abs(zero - at), 1.0),
            )
        )  # fmt: skip
    size = (step * max(len(points), 1), tall)
    return _drawing(number, title, _described(points, colon, between), size, drawn, "spark")


def letters(
    number: int, title: str, description: str, worst: str | None, best: str | None,
    known: str | None,
) -> Html:  # fmt: skip
    """The letters from F to A: those that are possible filled, the one of what is known framed."""
    cell, tall = 30.0, 22.0
    order = LETTERS[::-1]
    first = order.index(worst) if worst in order else 0
    last = order.index(best) if best in order else len(order) - 1
    none = worst is None or best is None
    drawn = []
    for i, letter in enumerate(order):
        style = f"cell {letter.lower()}" if first <= i <= last and not none else "cell"
        if letter == known:
            style += " known"
        drawn.append(
            el("rect", class_=style, x=i * cell + 1.5, y=1.5, width=cell - 3, height=tall - 3, rx=3)
        )
        inside = "letter in" if "cell " in style else "letter"
        drawn.append(_label(letter, (i + 0.5) * cell, 15.2, inside))
    return _drawing(number, title, description, (cell * 5, tall), drawn, "letters")


def ladder(
    number: int, title: str, description: str, steps: Sequence[Mark], ends: tuple[float, float],
    *, rising: bool,
) -> Html:  # fmt: skip
    """Steps of equal width with their limits below, and where the value or range stands.

    `steps` go from left to right, the first has no limit; `rising` says that the limits rise.
    Between two limits the place is in proportion, outside of them it says only that it is outside.
    """
    width, top, tall = 360.0, 20.0, 18.0
    cell = width / len(steps)
    drawn: list[Html] = []
    for i, step in enumerate(steps):
        box = {"x": i * cell, "y": top, "width": cell - 2, "height": tall}
        drawn.append(el("rect", class_=f"step {step.key}", **box))
        drawn.append(_label(step.name, (i + 0.5) * cell - 1, top + 13, "step-name"))
    for i, step in enumerate(steps[1:], 1):
        x = i * cell - 1
        drawn.append(el("line", class_="tick", x1=x, x2=x, y1=top - 3, y2=top + tall + 4))
        drawn.append(_label(step.words, x, top + tall + 16, "limit-value"))
    limits = [step.value for step in steps[1:]]
    at = sorted(_place(end, limits, cell, rising=rising) for end in ends)
    low, high = (min(max(x, 3.0), width - 5.0) for x in at)
    if high - low > 1:
        drawn.append(el("rect", class_="span", x=low, y=top - 10, width=high - low, height=6, rx=3))
    for x in {low, high}:
        path = f"M{x - 5:.1f} {top - 13:g}h10l-5 10z"
        drawn.append(el("path", class_="pointer", d=path))
    return _drawing(number, title, description, (width, 58.0), drawn, "ladder")


def _place(value: float, limits: list[float | None], cell: float, *, rising: bool) -> float:
    """Where `value` stands on a row of cells whose inner borders are `limits`."""
    sign = 1.0 if rising else -1.0
    known = [(i, sign * limit) for i, limit in enumerate(limits, 1) if limit is not None]
    at = sign * value
    lower = [(i, limit) for i, limit in known if limit <= at]
    upper = [(i, limit) for i, limit in known if limit > at]
    if lower and upper:
        (i, low), (j, high) = lower[-1], upper[0]
        return cell * (i + (at - low) / (high - low) * (j - i))
    gaps = [b - a for (_, a), (_, b) in pairwise(known)]
    unit = (sum(gaps) / len(gaps) if gaps else abs(known[0][1])) if known else 0.0
    if lower:
        i, low = lower[-1]
        beyond = (at - low) / unit if unit and math.isfinite(at) else 0.9
        return cell * (i + min(beyond, 0.9))
    if upper:
        j, high = upper[0]
        beyond = (high - at) / unit if unit and math.isfinite(at) else 0.9
        return cell * (j - min(beyond, 0.9))
    return cell / 2


def shares(number: int, title: str, parts: Sequence[Share], language: str) -> Html:
    """Parts of a whole as bars, one below the other, with names and figures."""
    colon, between = ("：", "；") if language == "zh" else (": ", "; ")
    width, tall = 360.0, 30.0
    most = max((part.share for part in parts), default=1.0) or 1.0
    most = max(most, 1.0) if most <= 1 else most
    drawn = []
    for i, part in enumerate(parts):
        y = i * tall
        room = width - display_width(part.words) * _CHARACTER - 8
        drawn.append(_label(_cut(part.name, room), 0, y + 11, "name", anchor="start"))
        drawn.append(_label(part.words, width, y + 11, "value", anchor="end"))
        drawn.append(el("rect", class_="whole", x=0, y=y + 16, width=width, height=7, rx=2))
        share = max(part.share / most * width, 1.0)
        drawn.append(el("rect", class_="bar", x=0, y=y + 16, width=share, height=7, rx=2))
    description = between.join(f"{part.name}{colon}{part.words}" for part in parts)
    size = (width, tall * max(len(parts), 1))
    return _drawing(number, title, description, size, drawn, "shares")


def _cut(words: str, room: float) -> str:
    """`words` as far as they have room; the description has them whole."""
    if display_width(words) * _CHARACTER <= room:
        return words
    while words and (display_width(words) + 1) * _CHARACTER > room:
        words = words[:-1]
    return f"{words}…"
