"""An explanation as lines: the answer first, then the ladder, the tree, its sources, the history.

What defends a figure stands in the order in which it is asked for: what is it, how is it worked
out, how close is it to turning, from what, printed where, and how has it been before.
"""

from __future__ import annotations

from ddcheck.engine.model.explanation import Explanation, Node
from ddcheck.engine.model.finding import FLAG, NOT_APPLICABLE, PASS, UNKNOWN, Finding
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.assumptions import assumption_text
from ddcheck.engine.report.explanation_past import history_lines, ladder_lines
from ddcheck.engine.report.explanation_sources import Notes, source_lines
from ddcheck.engine.report.explanation_stability import stability_lines
from ddcheck.engine.report.explanation_tree import formula_lines, state_words, tree_lines
from ddcheck.engine.report.lines import Line, Piece, cut, fit, line, width, wrap
from ddcheck.engine.text.diagnostics import display_width
from ddcheck.engine.text.translate import say

_NARROWEST, _WIDEST = 60, 110


def explanation_lines(item: Explanation, columns: int = _WIDEST) -> list[Line]:
    """The lines of an explanation in `columns` columns, 60 to 110."""
    columns = max(_NARROWEST, min(_WIDEST, columns))
    numbers = Notes(item)
    parts = [
        _heading(item, columns),
        _assumed(item, columns),
        _answer(item, columns),
        stability_lines(item, columns),
        ladder_lines(item, columns),
        tree_lines(item, numbers, columns),
        source_lines(item, numbers, columns),
        history_lines(item, columns),
        _background(item, columns),
    ]
    lines: list[Line] = []
    for part in parts:
        if part:
            lines += [*([line()] if lines else []), *part]
    return lines


def _heading(item: Explanation, columns: int) -> list[Line]:
    company, language = item.evaluation.company, item.language
    who = company.name.text(language)
    name = line(Piece(item.id, "key"), "  ", Piece(item.title, "title"))
    gap = columns - width(name) - display_width(who)
    lines = [line(*name, " " * gap, who)]
    if gap < 2:
        lines = [line(Piece(item.id, "key"))]
        lines += [line(Piece(text, "title")) for text in wrap(item.title, columns)]
        lines.append(line(who))
    sort = say(language, item.sort)
    parts = [sort]
    if item.pack is not None:
        parts.append(say(language, "pack {pack}", pack=item.pack))
    grading = item.evaluation.plan.grading
    category = grading.categories.get(item.category or "") if grading is not None else None
    if category is not None:
        parts.append(category.title.text(language))
    parts.append(f"{item.place.path}:{item.place.line}")
    if item.tests:
        words = "1 test" if item.tests == 1 else "{n} tests"
        parts.append(say(language, words, n=item.tests))
    judged = day_text(item.evaluation.evaluated_at)
    parts.append(say(language, "as of {day}", day=judged))
    lines += [line(Piece(text, "dim")) for text in wrap(" · ".join(parts), columns)]
    for note in item.notes:
        lines += [line(Piece(text, "warn")) for text in wrap(note, columns)]
    return lines


def _assumed(item: Explanation, columns: int) -> list[Line]:
    lines: list[Line] = []
    for one in item.evaluation.assumptions:
        words = say(item.language, "assumed: {what}", what=assumption_text(one, item.language))
        lines += [line(Piece(text, "warn")) for text in wrap(words, columns)]
    return lines


# The answer.


def _answer(item: Explanation, columns: int) -> list[Line]:
    if item.finding is not None:
        return _verdict(item, item.finding, columns)
    lines: list[Line] = []
    root = item.roots[0] if item.roots else None
    if item.metric is not None and root is None and not item.notes:
        lines.append(line("  ", Piece(say(item.language, "nothing is known of it"), "warn")))
    if root is not None and (item.sort != "concept" or root.kind != "fact"):
        lines += _value(item, root, columns)
    elif root is not None:
        lines += _value(item, root, columns)[:1]
    for label, text in item.facts:
        head = fit(label, 16)
        for i, words in enumerate(wrap(text, columns - 19)):
            lines.append(line(Piece(f"  {head if not i else ' ' * 16} ", "dim"), words))
    return lines


def _value(item: Explanation, root: Node, columns: int) -> list[Line]:
    """The value, its interval and how it is come by, then the formula with its numbers."""
    language = item.language
    state = root.state.replace("-", " ")
    shown = root.value.shown if root.value is not None else say(language, state)
    style = "title" if root.value is not None else "bad"
    head: list[Piece | str] = ["  ", Piece(shown, style)]
    if root.period:
        head.append(say(language, " at {period}", period=root.period))
    head += [Piece(f"   {text}", "dim") for text in _value_words(item, root)]
    lines = _folded(line(*head), columns)
    lines += [line("  ", *piece) for piece in formula_lines(root, language, columns - 2)]
    for need in root.needs:
        words = say(language, "missing: {what}", what=need)
        lines += [line("  ", Piece(text, "bad")) for text in wrap(words, columns - 2)]
    return lines


def _value_words(item: Explanation, root: Node) -> list[str]:
    language = item.language
    found = []
    if root.value is not None and root.value.range:
        found.append(say(language, "{range} by the printed digits", range=root.value.range))
    state = state_words(root, language)
    facts = {id(one.fact) for node in item.nodes() for one in node.evidence[:1]}
    if root.value is not None and root.kind not in ("fact", "parameter"):
        words = (
            "{state} from 1 stated figure" if len(facts) == 1 else "{state} from {n} stated figures"
        )
        state = say(language, words, state=state, n=len(facts))
    if root.value is not None:
        found.append(state)
    metric = item.metric
    if metric is not None and metric.state == "stale":
        found.append(say(language, "stale"))
    if metric is not None and metric.behind and item.asked is None and metric.state == "known":
        found.append(say(language, "not the newest period"))
    if root.actuality not in (None, "actual"):
        found.append(say(language, root.actuality or ""))
    return found


def _folded(item: Line, columns: int) -> list[Line]:
    """A line, its later pieces on lines of their own where it is too long."""
    if width(item) <= columns:
        return [item]
    lines: list[Line] = []
    current: list[Piece] = []
    for piece in item:
        if current and width((*current, piece)) > columns:
            lines.append(tuple(current))
            current = [Piece("     "), piece._replace(text=piece.text.strip())]
            continue
        current.append(piece)
    return [*lines, tuple(current)]


_OUTCOMES = {FLAG: "FLAG", PASS: "PASS", UNKNOWN: "UNKNOWN", NOT_APPLICABLE: "NOT APPLICABLE"}


def _verdict(item: Explanation, finding: Finding, columns: int) -> list[Line]:
    language = item.language
    outcome = finding.outcome
    style = {FLAG: "bad", PASS: "good", UNKNOWN: "warn"}.get(outcome, "dim")
    words = say(language, _OUTCOMES[outcome])
    if item.sort == "strength":
        style = "good" if outcome == FLAG else "dim"
        words = say(
            language, {FLAG: "HOLDS", PASS: "DOES NOT HOLD"}.get(outcome, _OUTCOMES[outcome])
        )
    elif outcome == FLAG:
        words = f"{words} {say(language, finding.severity)}"
        style = finding.severity
    head: list[Piece | str] = ["  ", Piece(words, style)]
    if finding.period:
        head.append(say(language, " at {period}", period=finding.period))
    head += [Piece(f"   {text}", "dim") for text in _standing(item, finding)]
    lines = _folded(line(*head), columns)
    if finding.message:
        lines += [line("  ", text) for text in wrap(finding.message, columns - 2)]
    lines += _unknown(item, finding, columns)
    for root in [*([item.applies] if item.applies else []), *item.roots[:1]]:
        if root.kind == "condition":
            lines.append(_condition_head(item, root))
        lines += [line("  ", *piece) for piece in formula_lines(root, language, columns - 2)]
        if root.kind == "condition":
            for note in root.notes:
                lines += [line("    ", Piece(t, "dim")) for t in wrap(note, columns - 4)]
    lines += _figures(item, finding, columns)
    return lines


def _condition_head(item: Explanation, node: Node) -> Line:
    words = "applies when" if node is item.applies else "when"
    truth = {True: "true", False: "false", None: "unknown"}[node.truth]
    style = {True: "title", False: "dim", None: "warn"}[node.truth]
    language = item.language
    head = f"  {say(language, words)}{say(language, ': ')}"
    return line(Piece(head, "dim"), Piece(say(language, truth), style))


def _standing(item: Explanation, finding: Finding) -> list[str]:
    """How firmly a verdict stands, and on what."""
    language = item.language
    found = []
    decided = finding.outcome in (FLAG, PASS)
    if decided and finding.firm is not None:
        found.append(say(language, "firm" if finding.firm else "fragile"))
    elif decided:
        found.append(say(language, "not shown firm"))
    if finding.disputed:
        found.append(say(language, "disputed"))
    if finding.kind not in (None, "actual"):
        found.append(say(language, "on estimates"))
    if finding.on_assumptions:
        found.append(say(language, "on assumptions"))
    if finding.behind and decided:
        found.append(say(language, "not the newest period"))
    if finding.tier is not None:
        found.append(say(language, "weakest source: {tier}", tier=say(language, finding.tier)))
    return found


def _unknown(item: Explanation, finding: Finding, columns: int) -> list[Line]:
    """Why a verdict is open: what is missing, what was decided last, what is known."""
    language = item.language
    texts = []
    if finding.last is not None:
        last = say(language, finding.last.severity or finding.last.outcome)
        value = say(language, " ({text})", text=finding.last_value) if finding.last_value else ""
        words = "last: {last} at {period}{value}, stale since then"
        if finding.reason == "evidence":
            words = "{last} at {period}{value}, on evidence too weak for the rule"
        texts.append(say(language, words, last=last, period=finding.last.period, value=value))
    if finding.bounds is not None and finding.figures:
        period, low, high = finding.bounds
        figure = finding.figures[0]
        known = value_text(None, figure.unit, figure.style, low, high, language)
        texts.append(say(language, "known: {known} at {period}", known=known, period=period))
    if finding.reason == "assumed":
        texts.append(say(language, "a pass would rest on an assumption"))
    if item.needs:
        texts.append(say(language, "needs: {what}", what=say(language, ", ").join(item.needs)))
    return [line("  ", Piece(text, "warn")) for words in texts for text in wrap(words, columns - 2)]


def _figures(item: Explanation, finding: Finding, columns: int) -> list[Line]:
    """What the report shows beside a finding: its figures over three periods."""
    rows = [
        (
            figure.title,
            " · ".join(
                f"{period} {value_text(value, figure.unit, figure.style, low, high, item.language)}"
                for period, value, low, high in figure.values
            ),
        )
        for figure in finding.figures
    ]
    told = max((display_width(text) for _, text in rows), default=0)
    names = max((display_width(name) for name, _ in rows), default=0)
    room = max(12, min(names, columns - told - 4))
    return [
        line("  ", fit(name, room), "  ", Piece(cut(text, columns - room - 4), "dim"))
        for name, text in rows
    ]


# The rest.


def _background(item: Explanation, columns: int) -> list[Line]:
    language = item.language
    lines: list[Line] = []
    asked = item.ask if item.finding is None or item.finding.outcome != PASS else ""
    for label, text in (("why", item.why), ("ask", asked), ("reference", item.reference or "")):
        if not text:
            continue
        head = say(language, label)
        room = max(display_width(say(language, word)) for word in ("why", "ask", "reference"))
        for i, words in enumerate(wrap(text, columns - room - 4)):
            first = fit(head if not i else "", room)
            lines.append(line(Piece(f"  {first}  ", "dim"), words))
    return lines
