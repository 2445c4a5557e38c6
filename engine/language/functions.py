"""The functions of the language: one entry each, the real table of section 6.

An entry says what arguments a function takes, what measure its value has and how it is worked
out. The working out is written once, in the operations that both algebras have (points and
evidence), so that the fast pass and the explained one cannot drift apart. Wherever nothing else
is said, a missing argument makes the result missing with the argument's own causes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ddcheck.engine.language import measures
from ddcheck.engine.model.units import DAYS, MONTHS, Measure

if TYPE_CHECKING:
    from ddcheck.engine.language.evaluate import Evaluator

#: Months that one period of a frame lasts; to-date periods last as many as they say.
FRAME_MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1, "ttm": 12, "date": 12}
#: Months from one position of an axis to the next, where that is the same throughout.
AXIS_STEP = {"year": 12, "half": 6, "quarter": 3, "month": 1, "ttm": 3, "date": 0, "range": 0}


class Parameter(NamedTuple):
    """An argument: its name, what it must be, and its default where it may be left out.

    What it must be: `number`, `truth`, `any`; `name` (a plain concept or metric), `kinded` (a
    name, or one of actual, estimated, guided of a name); `fact` (a name of which only what is
    stated counts); quoted `dimension`, `member`, `frame`, `word`, `rule`, `currency`, `mark`;
    literal `integer`, `months`, from `least` to `most`. A last one that takes `numbers` or `facts`
    takes any number of them.
    """

    name: str
    takes: str
    default: Any = None
    optional: bool = False
    least: int = 0
    most: int = 120


class Function(NamedTuple):
    """One row of the table; `lazy` where it evaluates its arguments itself, in other frames."""

    name: str
    parameters: tuple[Parameter, ...]
    measure: Callable[..., Measure]
    run: Callable[..., Any]
    gives: str
    missing: str = "missing if an argument is"
    lazy: bool = False

    @property
    def signature(self) -> str:
        """The call as an analyst writes it."""
        words = [
            f"{p.name}={p.default}" if p.optional and p.default is not None else p.name
            for p in self.parameters
        ]
        return f"{self.name}({', '.join(words)})"


NUMBER, NAME = Parameter("x", "number"), Parameter("x", "name")
_BY, _MEMBER = Parameter("by", "dimension"), Parameter("member", "member")


# What each function does. `ev` is the evaluator, `ev.a` its algebra, `ev.axis` its axis.


def _prev(ev: Evaluator, x: Any, n: int = 1) -> Any:
    return ev.earlier(x, n)


def _delta(ev: Evaluator, x: Any) -> Any:
    return ev.a.sub(x, ev.year_earlier(x))


def _over_base(ev: Evaluator, x: Any, base: Any) -> Any:
    return ev.a.sub(ev.a.div(x, ev.a.positive(base, "base is not positive")), ev.number(1.0))


def _growth(ev: Evaluator, x: Any) -> Any:
    return _over_base(ev, x, ev.year_earlier(x))


def _growth_qoq(ev: Evaluator, x: Any) -> Any:
    if ev.axis.frame != "quarter":
        return ev.a.missing("growth on the quarter exists for quarters only")
    return _over_base(ev, x, ev.earlier(x, 1))


def _cagr(ev: Evaluator, x: Any, n: int) -> Any:
    base = x
    for _ in range(n):
        base = ev.year_earlier(base)
    ratio = ev.a.div(
        ev.a.positive(x, "the end is not positive"), ev.a.positive(base, "base is not positive")
    )
    grown = ev.a.increasing(ratio, lambda r: r ** (1 / n) if r >= 0 else None, "no such root")
    return ev.a.sub(grown, ev.number(1.0))


def _power(ev: Evaluator, x: Any, n: int) -> Any:
    result = ev.number(1.0)
    for _ in range(n):
        result = ev.a.mul(result, x)
    return result


def _annualised(ev: Evaluator, x: Any) -> Any:
    return ev.a.scaled(x, ev.per_year(), "a range has no yearly rate")


def _average(ev: Evaluator, node: Any) -> Any:
    closing = ev.evaluated(node)
    return ev.a.div(ev.a.add(closing, ev.opening(node)), ev.number(2.0))


def _sum_over(ev: Evaluator, x: Any, n: int) -> Any:
    total = x
    for i in range(1, n):
        total = ev.a.add(total, ev.adjoining(x, i))
    return total


def _folded(op: str) -> Callable[..., Any]:
    def run(ev: Evaluator, x: Any, n: int) -> Any:
        total = x
        for i in range(1, n):
            total = getattr(ev.a, op)(total, ev.earlier(x, i))
        return total

    return run


def _mean_over(ev: Evaluator, x: Any, n: int) -> Any:
    return ev.a.div(_folded("add")(ev, x, n), ev.number(float(n)))


def _steps(op: str) -> Callable[..., Any]:
    def run(ev: Evaluator, x: Any, n: int = 1) -> Any:
        result = None
        later = x
        for i in range(1, n + 1):
            before = ev.earlier(x, i)
            step = ev.a.compare(op, later, before, ev.step)
            result = step if result is None else ev.a.both(result, step)
            later = before
        return result

    return run


def _flipped(ev: Evaluator, x: Any) -> Any:
    a, zero = ev.a, ev.number(0.0)
    before = ev.year_earlier(x)
    down = a.both(a.compare("<", x, zero, ev.step), a.compare(">", before, zero, ev.step))
    up = a.both(a.compare(">", x, zero, ev.step), a.compare("<", before, zero, ev.step))
    return a.either(down, up)


def _many(op: str) -> Callable[..., Any]:
    def run(ev: Evaluator, x: Any, *others: Any) -> Any:
        for other in others:
            x = getattr(ev.a, op)(x, other)
        return x

    return run


def _clamp(ev: Evaluator, x: Any, low: Any, high: Any) -> Any:
    return ev.a.smaller(ev.a.larger(x, low), high)


def _round(ev: Evaluator, x: Any, n: int = 0) -> Any:
    return ev.a.rounded(x, n)


def _unary(op: Callable[[float], float | None], reason: str) -> Callable[..., Any]:
    def run(ev: Evaluator, x: Any) -> Any:
        return ev.a.increasing(x, op, reason)

    return run


def _sqrt(x: float) -> float | None:
    return math.sqrt(x) if x >= 0 else None


def _log(x: float) -> float | None:
    return math.log(x) if 0 < x < math.inf else (math.inf if x == math.inf else None)


def _exp(x: float) -> float | None:
    return math.exp(x) if x < 600 else (math.inf if x == math.inf else None)


def _agrees(ev: Evaluator, x: Any, y: Any) -> Any:
    return ev.a.agrees(x, y, ev.step)


def _in_months(ev: Evaluator, x: Any) -> Any:
    return ev.a.scaled(x, ev.duration_months(), "a range has no length in months")


def _in_days(ev: Evaluator, x: Any) -> Any:
    factors = tuple(None if m is None else m * 365 / 12 for m in ev.duration_months())
    return ev.a.scaled(x, factors, "a range has no length in days")


def _method(name: str) -> Callable[..., Any]:
    def run(ev: Evaluator, *args: Any) -> Any:
        return getattr(ev, name)(*args)

    return run


def _algebra(name: str) -> Callable[..., Any]:
    def run(ev: Evaluator, *args: Any) -> Any:
        return getattr(ev.a, name)(*args)

    return run


_N = Parameter("n", "integer", least=1)
_N1 = Parameter("n", "integer", 1, optional=True, least=1)
_KINDED = Parameter("x", "kinded")
_ANY = Parameter("x", "any")
_Y = Parameter("y", "number")

_TABLE = (
    Function("prev", (NUMBER, _N1), measures.same, _prev, "x, n periods earlier in its frame",
             "a gap is missing and names that period"),
    Function("delta", (NUMBER,), measures.change, _delta,
             "x less x of the same period a year earlier"),
    Function("growth", (NUMBER,), measures.ratio, _growth,
             "x over x of the same period a year earlier, less 1",
             "a base of zero or less is missing: base is not positive"),
    Function("growth_qoq", (NUMBER,), measures.ratio, _growth_qoq,
             "x over x of the quarter before, less 1",
             "a base of zero or less is missing; so is any frame but quarter"),
    Function("cagr", (NUMBER, _N), measures.ratio, _cagr, "compound growth over n years",
             "a base or end of zero or less is missing"),
    Function("power", (NUMBER, Parameter("n", "integer", most=10)), measures.plain_ratio, _power,
             "x multiplied by itself n times, n from 0 to 10"),
    Function("ttm", (NUMBER,), measures.amount, _method("ttm"),
             "a flow over the trailing twelve months, as an amount",
             lazy=True),
    Function("annualised", (NUMBER,), measures.amount, _annualised,
             "a flow brought to a year: a quarter × 4"),
    Function("average", (NUMBER,), measures.mean_stock, _average,
             "mean of opening and closing stock", lazy=True),
    Function("sum_over", (NUMBER, _N), measures.amount, _sum_over,
             "sum of a flow over the last n periods"),
    Function("mean_over", (NUMBER, _N), measures.same, _mean_over, "mean over the last n periods"),
    Function("min_over", (NUMBER, _N), measures.same, _folded("smaller"),
             "smallest of the last n periods"),
    Function("max_over", (NUMBER, _N), measures.same, _folded("larger"),
             "largest of the last n periods"),
    Function("sum_of", (NAME, Parameter("parts", "frame")), measures.same, _method("sum_of"),
             "x as the sum of its stated quarters, halves or months, never from x itself",
             "missing if a part is not stated"),
    Function("rising", (NUMBER, _N1), measures.truth, _steps(">"),
             "whether each of the last n steps went up",
             "false as soon as one known step fails, else unknown at a gap"),
    Function("falling", (NUMBER, _N1), measures.truth, _steps("<"),
             "whether each of the last n steps went down",
             "false as soon as one known step fails, else unknown at a gap"),
    Function("streak", (Parameter("c", "truth"),), measures.plain_number, _method("counted"),
             "how many periods in a row c has held",
             "a range without an upper end where c is not known before them"),
    Function("flipped", (NUMBER,), measures.truth, _flipped,
             "whether the sign changed within a year"),
    Function("latest", (NUMBER, Parameter("within", "months", 24, optional=True)), measures.same,
             _method("latest"), "newest actual value on or before this period",
             "missing if there is none within the months given"),
    Function("raised", (Parameter("rule", "rule"),), measures.truth, _method("raised"),
             "another rule's outcome: true if it flags", "unknown if that rule is"),
    Function("actual", (NAME,), measures.same, _method("only_actual"), "x where it is actual"),
    Function("estimated", (NAME,), measures.same, _method("only_estimate"),
             "x where it is an estimate"),
    Function("guided", (NAME,), measures.same, _method("only_guidance"), "x as the company guided"),
    Function("low", (_KINDED,), measures.same, _method("low_end"), "low end of a bound or range",
             "missing if that side is open"),
    Function("high", (_KINDED,), measures.same, _method("high_end"), "high end of a bound or range",
             "missing if that side is open"),
    Function("scoped", (NAME, _BY, _MEMBER), measures.same, _method("scoped"),
             "x of one member of a dimension"),
    Function("share", (NAME, _BY, _MEMBER), measures.ratio, _method("share"),
             "one member's share of x"),
    Function("top_share", (NAME, _BY, _N), measures.ratio, _method("top_share"),
             "share of the n largest members; a range where the breakdown is partial"),
    Function("hhi", (NAME, _BY), measures.ratio, _method("hhi"),
             "sum of squared shares, 0 to 1; a range where the breakdown is partial"),
    Function("largest", (NAME, _BY), measures.same, _method("largest"), "the largest member's x"),
    Function("said", (NAME, Parameter("word", "word")), measures.truth, _method("said"),
             "whether a source uses the word of x over a span that ends here",
             "false where none does"),
    Function("facts", (Parameter("mark", "mark"), Parameter("names", "facts", None, optional=True)),
             measures.plain_number, _method("facts"),
             "how many figures of these names, or of all, bear the mark, over the whole history",
             "missing where no actual figure ends, or nothing actual is stated of the names"),
    Function("known", (_ANY,), measures.truth, _algebra("known"), "whether x is known",
             "false if x is missing"),
    Function("coalesce", (NUMBER, _Y), measures.like, _algebra("coalesce"),
             "x, or y as an assumption where x is missing", "missing only if both are"),
    Function("agrees", (NUMBER, _Y), measures.meeting, _agrees,
             "whether the printed intervals of x and y meet"),
    Function("abs", (NUMBER,), measures.same, _algebra("absolute"), "x without its sign"),
    Function("min", (NUMBER, _Y, Parameter("more", "numbers", None, optional=True)), measures.like,
             _many("smaller"), "the smallest"),
    Function("max", (NUMBER, _Y, Parameter("more", "numbers", None, optional=True)), measures.like,
             _many("larger"), "the largest"),
    Function("sqrt", (NUMBER,), measures.plain_ratio, _unary(_sqrt,
             "square root of a negative number"),
             "square root of a ratio", "a negative number is missing"),
    Function("log", (NUMBER,), measures.plain_ratio, _unary(_log, "logarithm of zero or less"),
             "natural logarithm of a ratio", "zero or less is missing"),
    Function("exp", (NUMBER,), measures.plain_ratio, _unary(_exp, "the result is not finite"),
             "e to the power of a ratio", "a result beyond all bounds is missing"),
    Function("round", (NUMBER, Parameter("n", "integer", 0, optional=True, most=12)),
             measures.same, _round,
             "x rounded to n decimals"),
    Function("clamp", (NUMBER, Parameter("low", "number"), Parameter("high", "number")),
             measures.like,
             _clamp, "x held between two limits"),
    Function("in_days", (NUMBER,), measures.duration(DAYS), _in_days, "a duration as days"),
    Function("in_months", (NUMBER,), measures.duration(MONTHS), _in_months, "a duration as months"),
    Function("fx", (NUMBER, Parameter("currency", "currency")), measures.exchanged,
             _method("exchanged"),
             "money in another currency: flows at average, stocks at closing rates",
             "missing if no rate is stated"),
)  # fmt: skip

#: Every function by name.
FUNCTIONS: dict[str, Function] = {entry.name: entry for entry in _TABLE}
