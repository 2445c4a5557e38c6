"""The ladder and the history of an explanation as lines."""

from __future__ import annotations

from ddcheck.engine.model.explanation import Explanation, LadderStep, Past
from ddcheck.engine.model.pack import LETTERS
from ddcheck.engine.report.lines import Line, Piece, fit, line, wrap
from ddcheck.engine.text.diagnostics import display_width
from ddcheck.engine.text.translate import say

#: How many missing facts a run of periods without a value names.
_NAMED = 3
_BAR = "█"
#: Columns of the shortest bars that are worth drawing.
_SHORTEST = 6


def ladder_lines(item: Explanation, columns: int) -> list[Line]:
    """Each limit with its distance and where it is set, the step that is reached marked."""
    ladder = item.ladder
    if ladder is None:
        return []
    language = item.language
    what = {
        "at-least": "LADDER: at least", "at-most": "LADDER: at most", "above": "LADDER: above",
        "below": "LADDER: below",
    }[ladder.direction]  # fmt: skip
    lines = [line(Piece(say(language, what), "title"), Piece(f"   {ladder.metric}", "dim"))]
    names = max(display_width(say(language, step.name)) for step in ladder.steps) + 2
    for step in ladder.steps:
        lines += _step(item, step, names, columns)
    if ladder.better is not None and ladder.at == LETTERS[-1]:
        lines.append(line(Piece(f"> {fit(LETTERS[-1], names)}", f"letter-{LETTERS[-1]}")))
    for words in ladder.words:
        lines += [line("  ", text) for text in wrap(words, columns - 2)]
    if ladder.reference:
        words = say(language, "limits: {reference}", reference=ladder.reference)
        lines += [line("  ", Piece(text, "dim")) for text in wrap(words, columns - 2)]
    return lines


def _step(item: Explanation, step: LadderStep, names: int, columns: int) -> list[Line]:
    ladder, language = item.ladder, item.language
    here = ladder is not None and step.name == ladder.at
    style = f"letter-{step.name}" if ladder is not None and ladder.better else step.name
    distance = step.distance.shown if step.distance is not None else ""
    if distance and not distance.startswith("-"):
        distance = f"+{distance}"
    if step.distance is None and step.reached is None and ladder is not None and ladder.value:
        distance = say(language, "open")
    elif step.distance is None and step.reached is False:
        distance = say(language, "not reached")
    place = f"{step.place.path}:{step.place.line}"
    set_by = ""
    if step.parameter is not None and step.set_at is not None:
        set_by = say(language, "{name}, set at {place}", name=step.parameter,
                     place=f"{step.set_at.path}:{step.set_at.line}")  # fmt: skip
    elif step.parameter is not None:
        set_by = say(language, "{name}, assumed", name=step.parameter)
    head: list[Piece | str] = [
        "> " if here else "  ",
        Piece(fit(say(language, step.name), names), style if here else ""),
        fit(step.limit, 10, right=True),
        fit(distance, 16, right=True),
        "   ",
    ]
    tail = set_by or place
    if display_width("".join(p if isinstance(p, str) else p.text for p in head) + tail) > columns:
        return [line(*head), line(" " * (names + 4), Piece(tail, "dim"))]
    return [line(*head, Piece(tail, "dim"))]


# History.


def history_lines(item: Explanation, columns: int) -> list[Line]:
    """Every period, the newest first; runs without a value are folded, bars show the trend."""
    if not item.history:
        return []
    language = item.language
    shown = f"   {item.charted}" if item.charted and item.charted != item.id else ""
    lines = [line(Piece(say(language, "HISTORY"), "title"), Piece(shown, "dim"))]
    values = max(
        [display_width(past.value.shown) for past in item.history if past.value is not None] or [1]
    )
    outcomes = max([display_width(say(language, past.outcome)) for past in item.history] or [0])
    ends = [_size(past) for past in item.history]
    known = [end for end in ends if end is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    own = True
    runs = _runs(item.history)
    labels = max(display_width(_label(run)) for run in runs) + 2
    states = max(display_width(_state(past, language)) for past in item.history)
    room = columns - labels - values - outcomes - states - 8
    room = min(30, room) if room >= _SHORTEST else 0
    for run in runs:
        past = run[0]
        if own and past.frame != item.frame and item.sort != "concept":
            own = False
            lines.append(line(Piece(f"  {say(language, 'in other periods')}", "dim")))
        head = f"{'> ' if past.here else '  '}{fit(_label(run), labels)}"
        if past.value is None:
            outcome = f"   {say(language, past.outcome)}" if past.outcome else ""
            texts = wrap(_reason(item, run), columns - labels - 2 - display_width(outcome))
            lines.append(line(head, Piece(f"{texts[0]}{outcome}", "dim")))
            lines += [line(" " * (labels + 2), Piece(text, "dim")) for text in texts[1:]]
            continue
        bar = _bar(_size(past), low, high, room)
        lines.append(
            line(
                f"{head}{fit(past.value.shown, values, right=True)}  ",
                Piece(fit(say(language, past.outcome), outcomes), _style(past)),
                "  " if outcomes else "",
                Piece(bar, "dim"),
                "  " if room else "",
                Piece(_state(past, language), "dim"),
            )
        )
    return lines


def _state(past: Past, language: str) -> str:
    """How a value is come by, and of which kind it is."""
    state = say(language, past.state)
    if past.value is not None and past.kind not in (None, "actual"):
        state += say(language, ", ") + say(language, past.kind or "")
    return state


def _label(run: list[Past]) -> str:
    """A period, or the first and last of several."""
    return run[0].period if len(run) == 1 else f"{run[-1].period} – {run[0].period}"


def _style(past: Past) -> str:
    return f"letter-{past.outcome}" if past.outcome in LETTERS else past.outcome


def _runs(history: tuple[Past, ...]) -> list[list[Past]]:
    """The history with neighbors that lack a value put together."""
    runs: list[list[Past]] = []
    for past in history:
        if runs and _same(runs[-1][-1], past):
            runs[-1].append(past)
        else:
            runs.append([past])
    return runs


def _same(left: Past, right: Past) -> bool:
    if left.value is not None or right.value is not None or left.here or right.here:
        return False
    return (left.frame, left.state, left.outcome) == (right.frame, right.state, right.outcome)


def _reason(item: Explanation, run: list[Past]) -> str:
    """What a run of periods lacks: the facts, the first few by name."""
    language = item.language
    if run[0].state == "not-applicable":
        return say(language, "does not apply")
    lacking = dict.fromkeys(
        " ".join(part for part in (missing.name, missing.period, missing.scope) if part)
        for past in reversed(run)
        for missing in past.missing
        if missing.kind == "fact" and missing.name != item.charted
    )
    listed = say(language, ", ").join([*lacking][:_NAMED])
    if len(lacking) > _NAMED:
        listed = say(language, "{names} and {n} more", names=listed, n=len(lacking) - _NAMED)
    if lacking:
        return say(language, "missing: {what}", what=listed)
    reasons = dict.fromkeys(past.reason for past in run if past.reason)
    return next(iter(reasons), say(language, "missing"))


def _size(past: Past) -> float | None:
    return past.value.value if past.value is not None else None


def _bar(value: float | None, low: float, high: float, columns: int) -> str:
    """A bar from zero to `value` on an axis from `low` to `high`."""
    if value is None or high == low or not columns:
        return " " * columns
    scale = (columns - 1) / (high - low)
    zero = round(-low * scale)
    end = round((value - low) * scale)
    first, last = min(zero, end), max(zero, end)
    if value and first == last:
        last = first + 1 if value > 0 else first
        first = first if value > 0 else first - 1
    first, last = max(0, first), min(columns, max(last, first))
    return " " * first + _BAR * (last - first) + " " * (columns - last)
