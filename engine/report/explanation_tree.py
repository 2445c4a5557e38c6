"""The tree of an explanation as lines."""

from __future__ import annotations

from ddcheck.engine.model.explanation import Beside, Explanation, Node
from ddcheck.engine.report.explanation_sources import Notes
from ddcheck.engine.report.lines import Line, Piece, line, width, wrap
from ddcheck.engine.text.diagnostics import display_width
from ddcheck.engine.text.translate import say

_TRUTHS = {True: "true", False: "false", None: "unknown"}


def state_words(node: Node, language: str) -> str:
    """How a node comes to its value, in one word; disputed where another source contradicts it."""
    words = say(language, node.state)
    if node.evidence and node.evidence[0].disputed:
        words = say(language, "{state}, disputed", state=words)
    return words


def formula_lines(node: Node, language: str, columns: int) -> list[Line]:
    """The formula as written, then with numbers, then what it comes to."""
    if node.formula is None:
        return []
    lines = [line(text if not i else f"  {text}") for i, text in
             enumerate(wrap(node.formula, columns - 2))]  # fmt: skip
    if node.place is not None and node.kind != "breakdown":
        place = f"   {node.place.path}:{node.place.line}"
        if width(lines[-1]) + display_width(place) <= columns:
            lines[-1] = line(*lines[-1], Piece(place, "dim"))
    for step in node.steps:
        lines += [line(f"{'= ' if not i else '    '}{text}") for i, text in
                  enumerate(wrap(step, columns - 4))]  # fmt: skip
    result = None
    if node.value is not None:
        result = node.value.shown
    elif node.kind == "condition":
        result = say(language, _TRUTHS[node.truth])
    elif node.state == "missing":
        result = say(language, "missing")
    if result is not None and node.kind != "fact":
        style = "title" if node.state != "missing" else "bad"
        lines.append(line("= ", Piece(result, style)))
    return lines


def tree_lines(item: Explanation, numbers: Notes, columns: int) -> list[Line]:
    """The trees, roots one after the other; what the head says already is not said again."""
    roots = [*([item.applies] if item.applies is not None else []), *item.roots]
    facts = [root for root in roots if item.sort == "concept" and root.kind == "fact"]
    roots = [root for root in roots if root not in facts]
    lines: list[Line] = []
    if any(root.children or root.notes or root.beside for root in roots):
        lines.append(line(Piece(say(item.language, "HOW IT IS WORKED OUT"), "title")))
    printer = _Printer(item.language, numbers, columns)
    printer.align([*roots, *facts])
    for i, root in enumerate(roots):
        told = i == 0 or (item.finding is not None and root in (item.applies, item.roots[0]))
        if not (root.children or root.notes or root.beside) and told:
            continue
        lines += printer.node(root, "", "", told=told)
    if facts:
        if lines:
            lines.append(line())
        lines.append(line(Piece(say(item.language, "EVERY FACT"), "title")))
        for fact in facts:
            lines += printer.node(fact, "", "")
    return lines


class _Printer:
    """Prints nodes with the branches of a tree before them."""

    def __init__(self, language: str, numbers: Notes, columns: int) -> None:
        self.language = language
        self.numbers = numbers
        self.columns = columns
        self.value_end = 40

    def align(self, nodes: list[Node]) -> None:
        """Let all values end at one column, as far as the longest name leaves room."""
        widest = max((self._widest(node, 0) for node in nodes), default=0)
        self.value_end = max(40, min(widest, self.columns - 22))

    def _widest(self, node: Node, depth: int) -> int:
        name, value, _ = self._named(node)
        own = 3 * depth + display_width(name) + display_width(value) + 3
        return max([own, *(self._widest(child, depth + 1) for child in node.children)])

    def node(self, node: Node, branch: str, below: str, *, told: bool = False) -> list[Line]:
        """A node and all below it; `branch` stands before its line, `below` before the others."""
        lines = self._head(node, branch, below)
        lead = below + ("│ " if node.children else "  ")
        for words in self._details(node, told=told):
            room = self.columns - display_width(lead)
            lines += [line(Piece(lead, "dim"), *piece) for piece in _wrapped(words, room)]
        for i, child in enumerate(node.children):
            last = i == len(node.children) - 1
            first, rest = ("└─ ", "   ") if last else ("├─ ", "│  ")
            lines += self.node(child, below + first, below + rest)
        return lines

    def _head(self, node: Node, branch: str, below: str) -> list[Line]:
        """Name, value and where it is from; on two lines where one is too short."""
        name, value, style = self._named(node)
        tail = f"   {self._tail(node)}".rstrip()
        used = display_width(branch + name)
        gap = max(2, self.value_end - used - display_width(value))
        head: list[Piece | str] = [Piece(branch, "dim"), name]
        rest = [Piece(value, style), Piece(tail, "dim")]
        if used + gap + display_width(value + tail) <= self.columns:
            return [line(*head, " " * gap, *rest)]
        lead = below + ("│ " if node.children else "  ")
        gap = max(2, self.value_end - display_width(lead + value))
        gap = min(gap, max(2, self.columns - display_width(lead + value + tail)))
        return [line(*head), line(Piece(lead, "dim"), " " * gap, *rest)]

    def _named(self, node: Node) -> tuple[str, str, str]:
        """The name of a node, its value in words, and the style of that."""
        language = self.language
        label = node.title if language == "zh" and node.title != node.name else ""
        name = " ".join(part for part in (node.name, label, node.period) if part)
        if node.kind == "condition":
            name = say(language, "condition {period}", period=node.period or "").strip()
        elif node.kind in ("breakdown", "event", "rule") and node.formula:
            name = f"{node.formula} {node.period or ''}".strip()
        elif node.kind == "rule":
            name = say(language, "rule {id} {period}", id=node.name, period=node.period or "")
        elif node.kind == "marks":
            name = f"{node.title} {node.period or ''}".strip()
        scope = node.evidence[0].fact.scope if node.evidence else None
        if scope is not None and not label:
            name += f" {scope[1]}"
        if node.role:
            name += say(language, " ({text})", text=node.role)
        value, style = "", ""
        if node.value is not None:
            value = node.value.shown
        elif node.truth is not None or node.kind in ("condition", "rule"):
            value = say(language, _TRUTHS[node.truth])
            style = "warn" if node.truth is None else ""
        elif node.state == "missing":
            value, style = say(language, "missing"), "bad"
        elif node.state == "not-applicable":
            value, style = say(language, "not applicable"), "dim"
        if node.sign:
            name = f"{'−' if node.sign == '-' else '+'} {name}"
        return name, value, style

    def _tail(self, node: Node) -> str:
        language = self.language
        note = self.numbers.of(node.evidence)
        if node.kind == "seen":
            return f"{say(language, node.state)} {note}" if note else say(language, "see above")
        if node.value is None and node.kind != "event":
            return ""
        words = state_words(node, language)
        if node.actuality not in (None, "actual"):
            words += say(language, ", ") + say(language, node.actuality or "")
        if node.kind == "event":
            return node.event.source if node.event is not None else ""
        return f"{words} {note}".rstrip()

    def _details(self, node: Node, *, told: bool) -> list[Line]:
        language = self.language
        lines: list[Line] = []
        if node.kind in ("concept", "metric", "condition", "sum") and not told:
            lines += formula_lines(node._replace(value=None, truth=node.truth), language, 10_000)
            if node.kind == "condition" or (lines and node.state == "missing"):
                lines = lines[:-1]
        if node.state == "missing" and not told:
            lines += self._needs(node)
        if node.event is not None and node.place is not None:
            at = f"{node.event.at}   " if node.event.at else ""
            lines.append(line(Piece(f"{at}{node.place}", "dim")))
        if node.kind == "parameter" and node.place is not None:
            place = f"{node.place.path}:{node.place.line}"
            lines.append(line(Piece(say(language, "set at {place}", place=place), "dim")))
        if node.kind != "condition" or not told:
            lines += [line(Piece(note, "dim")) for note in node.notes]
        lines += [self._beside(beside) for beside in node.beside]
        return lines

    def _needs(self, node: Node) -> list[Line]:
        """What a node lacks, unless one below it says so."""
        if any(child.state == "missing" for child in node.children):
            return []
        itself = " ".join(part for part in (node.name, node.period) if part)
        words = [
            say(self.language, "no source states it")
            if need == itself
            else say(self.language, "needs: {what}", what=need)
            for need in node.needs
        ]
        return [line(Piece(text, "bad")) for text in words]

    def _beside(self, beside: Beside) -> Line:
        language = self.language
        words = {
            "stated": "a source states {value}",
            "computed": "by {formula} it is {value}",
            "derived": "by {formula} it would be {value}",
        }[beside.state]
        formula = beside.formula or ""
        text = say(language, words, value=beside.value.shown, formula=formula)
        if beside.difference is not None and beside.difference.value is not None:
            gap = beside.difference
            text += say(language, ", {gap} apart", gap=gap.shown.removeprefix("-"))
        if beside.meets:
            text += say(language, ": within the printed digits")
        else:
            text += say(language, ": the printed digits do not allow both")
        if beside.evidence is not None:
            text += f" {self.numbers.of((beside.evidence,))}"
        return line(Piece(text, "dim" if beside.meets else "warn"))


def _wrapped(item: Line, columns: int) -> list[Line]:
    """A line in `columns` columns, its last piece on the next line where it does not fit."""
    if width(item) <= columns:
        return [item]
    style = item[0].style
    texts = wrap(item[0].text, columns - 4)
    lines = [line(Piece(text if not i else f"    {text}", style)) for i, text in enumerate(texts)]
    for piece in item[1:]:
        if width((*lines[-1], piece)) <= columns:
            lines[-1] = (*lines[-1], piece)
        else:
            lines.append(line(Piece(f"    {piece.text.strip()}", piece.style)))
    return lines
