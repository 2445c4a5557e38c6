"""The page of parameters as text: by pack, with who set what and what that does to flags."""

from __future__ import annotations

from ddcheck.engine.model.layered import LOOSER, OFF, TIGHTER
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.model.settled import FieldState, ParametersPage, ParameterState
from ddcheck.engine.model.wording import exact_text
from ddcheck.engine.report.lines import WIDTH, Line, Piece, cut, fit, line, wrap
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.translate import say

_STYLES = {LOOSER: "warn", TIGHTER: "good"}
_INDENT = 4
#: Columns of a parameter's row: name, value, default, bounds, effect; its title takes the rest.
_NAME, _VALUE, _BOUNDS, _EFFECT = 26, 13, 17, 9


def params_report(page: ParametersPage) -> list[Line]:
    """The lines of the page: parameters by pack, then fields, rules off, to come, and locks."""
    lines = _head(page)
    for pack in page.packs:
        own = [state for state in page.states if state.pack == pack.id]
        if not own:
            continue
        title = f"{pack.id} {pack.version} · {pack.title.text(page.language)}"
        lines += [line(), line(Piece(cut(title, WIDTH), "title")), _columns(page)]
        for state in own:
            lines += _parameter(state, page)
    lines += _fields(page)
    lines += _pending(page)
    lines += _locks(page)
    return lines


def _head(page: ParametersPage) -> list[Line]:
    language = page.language
    days = {"day": day_text(page.day), "today": day_text(page.today)}
    who = say(language, "Parameters as they hold on {day} · today {today}", **days)
    if page.company is not None:
        ident, name = page.company
        who = f"{name} ({ident}) · {who}"
    packs = ", ".join(f"{pack.id} {pack.version}" for pack in page.packs)
    under = say(language, "packs {packs}", packs=packs)
    if page.policy is not None:
        under += " · " + say(language, "policy {path}", path=page.policy)
    first = [line(Piece(text, "name")) for text in wrap(who, WIDTH)]
    return [*first, *(line(Piece(text, "dim")) for text in wrap(under, WIDTH))]


def _columns(page: ParametersPage) -> Line:
    names = ("in force", "default", "bounds")
    value, default, bounds = (say(page.language, name) for name in names)
    text = (
        f"  {fit('', _NAME)}{fit(value, _VALUE, right=True)}{fit(default, _VALUE, right=True)}"
        f"  {fit(bounds, _BOUNDS)}"
    )
    return line(Piece(text, "dim"))


def _amount(state: ParameterState, value: float | None, page: ParametersPage) -> str:
    if value is None:
        return "-"
    return exact_text(value, state.parameter.unit_name, "percent", page.language)


def _parameter(state: ParameterState, page: ParametersPage) -> list[Line]:
    parameter, language = state.parameter, page.language
    effect = state.kind or ""
    word = say(language, "assumed") if parameter.id in page.assumed else ""
    word = word or (say(language, effect) if effect else "")
    room = WIDTH - 2 - _NAME - 2 * _VALUE - 2 - _BOUNDS - _EFFECT
    row = line(
        "  ",
        Piece(fit(parameter.id, _NAME - 1) + " ", "name"),
        fit(_amount(state, state.value, page), _VALUE, right=True),
        Piece(fit(_amount(state, state.default, page), _VALUE, right=True), "dim"),
        Piece("  " + fit(_bounds(state, page), _BOUNDS), "dim"),
        Piece(fit(word, _EFFECT), _STYLES.get(effect, "")),
        Piece(cut(parameter.title.text(language), room), "dim"),
    )
    return [row, *_notes(state, page)]


def _bounds(state: ParameterState, page: ParametersPage) -> str:
    """The ends between which layers may set it, the unit once; empty where nothing bounds it."""
    low, high = state.parameter.bounds
    if low is None and high is None:
        return ""
    first = exact_text(low, "count") if low is not None else ""
    if low is not None and (high is None or state.parameter.unit_name not in ("months", "days")):
        first = _amount(state, low, page)
    return f"{first}..{_amount(state, high, page) if high is not None else ''}"


def _notes(state: ParameterState, page: ParametersPage) -> list[Line]:
    parameter, language = state.parameter, page.language
    notes: list[tuple[str, str]] = []
    if len(parameter.written) > 1 or page.everything:
        for item in parameter.written:
            values = ("、" if language == "zh" else ", ").join(
                _amount(state, value, page) if not day else
                say(language, "{value} from {day}", value=_amount(state, value, page),
                    day=day_text(day))
                for day, value in item.values
            ) or say(language, "no value")  # fmt: skip
            notes.append((f"{values} · {item.layer} · {_place(item.node)}", ""))
    if state.following is not None:
        day, value = state.following
        amount = _amount(state, value, page)
        notes.append(
            (say(language, "becomes {value} on {day}", value=amount, day=day_text(day)), "warn")
        )
    if state.lock is not None:
        lock = state.lock
        words = say(language, "locked at {place}", place=_place(lock.node))
        if lock.ident != parameter.id:
            words = say(
                language, "locked with {name} at {place}", name=lock.ident, place=_place(lock.node)
            )
        notes.append((words, ""))
    if state.overdue and parameter.reviewed is not None:
        day_ = day_text(parameter.reviewed)
        notes.append(
            (say(language, "last reviewed on {day}, more than a year ago", day=day_), "warn")
        )
    if page.everything:
        notes += _details(state, page)
    return [
        line(" " * _INDENT, Piece(text, style or "dim"))
        for words, style in notes
        for text in wrap(words, WIDTH - _INDENT)
    ]


def _details(state: ParameterState, page: ParametersPage) -> list[tuple[str, str]]:
    parameter, language = state.parameter, page.language
    notes = []
    if parameter.reference:
        notes.append((say(language, "reference: {text}", text=parameter.reference), ""))
    if parameter.reviewed is not None and not state.overdue:
        day = day_text(parameter.reviewed)
        notes.append((say(language, "last reviewed on {day}", day=day), ""))
    uses = ("、" if language == "zh" else ", ").join(state.uses)
    unused = say(language, "used by nothing in these packs")
    notes.append((say(language, "used by {names}", names=uses) if uses else unused, ""))
    return notes


def _fields(page: ParametersPage) -> list[Line]:
    language = page.language
    off = [item for item in page.fields if item.change.field == OFF]
    gone = {item.change.id for item in off}
    changed = [item for item in page.fields if item.change.id not in gone]
    lines: list[Line] = []
    if changed:
        title = say(language, "FIELDS THAT LAYERS REPLACE")
        lines += [line(), line(Piece(title, "title"))]
        for item in changed:
            lines += _field(item, page)
    if off:
        lines += [line(), line(Piece(say(language, "SWITCHED OFF"), "title"))]
        for item in off:
            lines.append(_entry(item.change.id, item.title.text(language)))
            lines += _indented(f"{item.now} · {item.change.layer} · {_place(item.change.key)}")
    return lines


def _field(item: FieldState, page: ParametersPage) -> list[Line]:
    language, change = page.language, item.change
    effect = say(language, item.kind) if item.kind is not None else ""
    head = line(
        "  ",
        Piece(fit(f"{change.id}", 36) + " ", "name"),
        fit(change.field or "", 18),
        Piece(fit(effect, _EFFECT), _STYLES.get(item.kind or "", "")),
        Piece(cut(item.title.text(language), WIDTH - 2 - 37 - 18 - _EFFECT), "dim"),
    )
    words = say(language, "{now}, in its pack {before}", now=item.now, before=item.before)
    return [head, *_indented(words), *_indented(f"{change.layer} · {_place(change.key)}")]


def _pending(page: ParametersPage) -> list[Line]:
    if not page.pending:
        return []
    title = say(page.language, "RULES THAT COUNT FROM A LATER DAY")
    lines = [line(), line(Piece(title, "title"))]
    for rule in page.pending:
        lines.append(_entry(rule.id, rule.title.text(page.language)))
        if rule.since is not None:
            day = day_text(rule.since)
            words = say(page.language, "counts from {day}", day=day)
            lines += _indented(f"{words} · {_place(rule.node)}")
    return lines


def _locks(page: ParametersPage) -> list[Line]:
    if not page.locks:
        return []
    title = say(page.language, "LOCKED, WITH WHAT THEY REST ON")
    lines = [line(), line(Piece(title, "title"))]
    for lock in page.locks:
        place = f"{lock.layer} · {_place(lock.node)}"
        lines.append(_entry(lock.ident, place))
    return lines


def _entry(ident: str, words: str) -> Line:
    room = WIDTH - 2 - 37
    return line("  ", Piece(fit(ident, 36) + " ", "name"), Piece(cut(words, room), "dim"))


def _indented(words: str) -> list[Line]:
    return [line(" " * _INDENT, Piece(text, "dim")) for text in wrap(words, WIDTH - _INDENT)]


def _place(node: Scalar) -> str:
    return f"{node.source.path}:{node.line}"
