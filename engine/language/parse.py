"""Reading a formula: text to a bounded tree that holds only what the language has.

Our own tokenizer reads names, number literals with their units, and quoted words, and hands the
rest to Python's `ast`; the tree is then allow-listed node by node. Nothing is evaluated here, and
nothing that this module lets through can do more than arithmetic on facts.
"""

from __future__ import annotations

import ast
import keyword
import re
from typing import NamedTuple

from ddcheck.engine.language.functions import FUNCTIONS
from ddcheck.engine.language.operators import (
    WORDS,
    between,
    is_operator,
    no_operator,
    no_symbol,
)
from ddcheck.engine.language.operators import before as not_before
from ddcheck.engine.language.tree import Comparison, FunctionCall, Literal
from ddcheck.engine.model.units import RATIO, unit_named
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.quantity import parse_quantity
from ddcheck.engine.text.suggest import did_you_mean
from ddcheck.engine.text.words import RESERVED_WORDS, SCALE_WORDS, UNIT_WORDS, QuantityError

MAX_LENGTH, MAX_NODES, MAX_DEPTH = 1000, 200, 30

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"
    r"|(?P<name>\$?[^\W\d]\w*)"
    r"|(?P<string>\"[^\"\n]*\"|'[^'\n]*')"
    r"|(?P<op>[(),]|[-+*/<>=!&|]+)"
)
_WORD = re.compile(r"\s*(%|[^\W\d_]+(?!\w))")
#: A quotient of units stands without spaces: `20 votes/shares`; with spaces `/` divides.
_QUOTIENT = re.compile(r"/([^\W\d_]+)(?!\w)")
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)


class Parsed(NamedTuple):
    """A formula's tree before names and units are checked."""

    text: str
    node: Scalar
    tree: ast.expr


class _Refused(Exception):
    """A formula that cannot be used; its diagnostic is already reported."""


def parse_formula(node: Scalar, report: Report) -> Parsed | None:
    """The formula that `node` writes, or None and a diagnostic (DD20x, DD107, DD303)."""
    try:
        return Parsed(node.text, node, _Parser(node, report).tree())
    except _Refused:
        return None


def place(node: Scalar, offset: int, width: int) -> Scalar:
    """A piece of the formula in `node`, as something a diagnostic can point at."""
    line, column = node.place(offset)
    return Scalar(node.source, node.text[offset : offset + max(1, width)], None, line, column, 0)


def at(node: Scalar, part: ast.AST) -> Scalar:
    """The piece of text in `node` that `part` of its tree was read from."""
    start = getattr(part, "col_offset", 0)
    end = getattr(part, "end_col_offset", start + 1)
    return place(node, start, end - start)


class _Parser:
    def __init__(self, node: Scalar, report: Report) -> None:
        self.node = node
        self.text = node.text
        self.report = report
        self.literals: dict[int, Literal] = {}
        self.strings: dict[int, str] = {}
        self.count = 0

    def refuse(
        self, code: str, offset: int, width: int, message: str, hint: str | None = None
    ) -> _Refused:
        self.report.error(code, place(self.node, offset, width), message, hint)
        return _Refused()

    def tree(self) -> ast.expr:
        text = self.text
        if len(text) > MAX_LENGTH:
            raise self.refuse("DD202", 0, 1, f"a formula of more than {MAX_LENGTH} characters")
        if not text.strip():
            raise self.refuse("DD201", 0, 1, "an empty formula")
        prepared = self._tokens()
        try:
            parsed = ast.parse(f"({prepared}\n)", mode="eval").body
        except SyntaxError as error:
            offset = max(0, min((error.offset or 2) - 2, len(text) - 1))
            if error.lineno and error.lineno > 1:
                offset = len(text.rstrip()) - 1
            raise self.refuse("DD201", offset, 1, "cannot read the formula here") from None
        except (RecursionError, MemoryError, ValueError):
            raise self.refuse("DD202", 0, 1, "a formula that is nested too deep") from None
        return self._convert(parsed, 1)

    def _tokens(self) -> str:
        """The text with every literal and quoted word replaced by a name of the same length."""
        text = self.text
        out: list[str] = []
        opened: list[int] = []
        called: list[bool] = []
        position = run = 0
        before = ""
        last = ("", 0)
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                char = text[position]
                raise self.refuse(
                    "DD205", position, 1, f"`{char}` has no meaning here", no_symbol(text, position)
                )
            kind, piece, start = match.lastgroup, match.group(), position
            position = match.end()
            if kind == "space":
                out.append(" " * len(piece))
                continue
            after = before
            self._apart(before, last, kind, piece, start)
            run = run + 1 if piece in ("-", "+", "not", "(") else 0
            if piece == "(":
                opened.append(start)
                called.append(before == "name")
            elif piece == ")":
                if not opened:
                    raise self.refuse("DD201", start, 1, "a bracket is closed that was not opened")
                opened.pop()
                called.pop()
            elif piece == "=" and not (called and called[-1]):
                raise self.refuse(
                    "DD201", start, 1, "equality is written `==`", "did you mean `==`?"
                )
            elif (
                kind == "op"
                and piece != ","
                and not is_operator(piece, text[position : position + 1])
            ):
                raise self.refuse("DD205", start, len(piece), *no_operator(piece))
            if len(opened) > MAX_DEPTH or run > MAX_DEPTH:
                raise self.refuse("DD202", start, 1, f"nested more than {MAX_DEPTH} deep")
            if kind == "number":
                position = self._literal(start, position)
                out.append("_" * (position - start))
            elif kind == "string":
                self.strings[start] = piece[1:-1]
                out.append("_" * len(piece))
            else:
                out.append(self._name(piece, start) if kind == "name" else piece)
            before = ")" if piece == ")" else "" if kind == "op" or piece in WORDS else kind or ""
            last = (piece if kind == "name" and not after else "", start)
        if opened:
            raise self.refuse("DD201", opened[-1], 1, "a bracket is not closed")
        return "".join(out)

    def _apart(
        self, before: str, last: tuple[str, int], kind: str | None, piece: str, start: int
    ) -> None:
        """Refuse two values without an operator between them: they would be read as one name.

        `last` is the name before, and where it begins, if it stood where a value may begin.
        """
        if not before or kind == "op" or piece in WORDS:
            return
        if keyword.iskeyword(piece):
            return
        if kind == "name" and piece.lower() in WORDS:
            raise self.refuse(
                "DD201", start, len(piece), f"`{piece}` stands in lower case",
                f"write `{piece.lower()}`",
            )  # fmt: skip
        negated = not_before(last[0]) if before == "name" else None
        if negated:
            name, begin = last
            raise self.refuse("DD201", begin, len(name), f"`{name}` is no operator", negated)
        likely = between(piece, number=before == "number") if kind == "name" else None
        if likely:
            code, words, meant = likely
            raise self.refuse(code, start, len(piece), words, meant)
        raise self.refuse(
            "DD201", start, len(piece), "two values stand side by side",
            "put an operator between them",
        )  # fmt: skip

    def _name(self, piece: str, start: int) -> str:
        if piece.startswith("$"):
            raise self.refuse(
                "DD205", start, len(piece), "in a formula a parameter is its bare name",
                f"write `{piece[1:]}`",
            )  # fmt: skip
        if piece.startswith("_") or not piece.isascii():
            raise self.refuse("DD203", start, len(piece), f"no fact, metric or parameter `{piece}`")
        if keyword.iskeyword(piece) and piece not in WORDS:
            raise self.refuse(
                "DD205", start, len(piece), f"`{piece}` is not a word of the language"
            )
        return piece

    def _literal(self, start: int, end: int) -> int:
        """Read the number at `start` with the scale and unit words that follow; its end."""
        text = self.text
        if text[start : start + 1] == "0" and text[start + 1 : start + 2].isdigit():
            raise self.refuse(
                "DD107", start, end - start, "a number with leading zeros is ambiguous"
            )
        while True:
            match = _WORD.match(text, end)
            if match is None or not _is_unit(match[1]):
                break
            end = match.end()
        quotient = _QUOTIENT.match(text, end)
        if quotient is not None and quotient[1] in UNIT_WORDS:
            end = quotient.end()
        written = text[start:end]
        try:
            quantity = parse_quantity(written)
        except QuantityError as error:
            raise self.refuse(error.code, start, end - start, error.message, error.help) from None
        assert quantity.value is not None
        number = float(quantity.value)
        literal = Literal(value=number, col_offset=start, end_col_offset=end)
        literal.number = number
        literal.unit = unit_named(quantity.unit) or RATIO
        literal.bare = not quantity.unit
        self.literals[start] = literal
        return end

    def _convert(self, node: ast.expr, depth: int) -> ast.expr:
        """`node` with literals put back, if it holds nothing but what the language has."""
        self.count += 1
        start, end = max(0, node.col_offset - 1), (node.end_col_offset or node.col_offset + 1) - 1
        node.col_offset, node.end_col_offset = start, end
        if self.count > MAX_NODES:
            raise self.refuse("DD202", start, 1, f"a formula of more than {MAX_NODES} parts")
        if depth > MAX_DEPTH:
            raise self.refuse("DD202", start, 1, f"nested more than {MAX_DEPTH} deep")
        match node:
            case ast.Name():
                if start in self.literals:
                    return self.literals[start]
                if start in self.strings:
                    return ast.Constant(
                        value=self.strings[start], col_offset=start, end_col_offset=end
                    )
                return node
            case ast.BinOp() if isinstance(node.op, _OPERATORS):
                node.left = self._convert(node.left, depth + 1)
                node.right = self._convert(node.right, depth + 1)
            case ast.UnaryOp() if isinstance(node.op, (ast.USub, ast.UAdd, ast.Not)):
                node.operand = self._convert(node.operand, depth + 1)
            case ast.BoolOp():
                node.values = [self._convert(value, depth + 1) for value in node.values]
            case ast.Compare() if all(isinstance(op, _COMPARISONS) for op in node.ops):
                return Comparison(
                    left=self._convert(node.left, depth + 1),
                    ops=node.ops,
                    comparators=[self._convert(item, depth + 1) for item in node.comparators],
                    col_offset=start,
                    end_col_offset=end,
                )
            case ast.IfExp():
                node.test = self._convert(node.test, depth + 1)
                node.body = self._convert(node.body, depth + 1)
                node.orelse = self._convert(node.orelse, depth + 1)
            case ast.Call():
                self._call(node, depth)
                return FunctionCall(
                    func=node.func,
                    args=node.args,
                    keywords=node.keywords,
                    col_offset=start,
                    end_col_offset=end,
                )
            case _:
                raise self.refuse(
                    "DD205", start, end - start, f"the language has no {_named(node)}"
                )
        return node

    def _call(self, node: ast.Call, depth: int) -> None:
        func = node.func
        start = max(0, func.col_offset - 1)
        if not isinstance(func, ast.Name) or start in self.literals or start in self.strings:
            raise self.refuse("DD205", start, 1, "only functions of the language can be called")
        func.col_offset, func.end_col_offset = start, start + len(func.id)
        if func.id not in FUNCTIONS:
            raise self.refuse(
                "DD204",
                start,
                len(func.id),
                f"no function `{func.id}`",
                did_you_mean(func.id, (*FUNCTIONS, "and", "or", "not")),
            )
        node.args = [self._convert(item, depth + 1) for item in node.args]
        for named in node.keywords:
            named.col_offset = max(0, named.col_offset - 1)
            named.end_col_offset = (named.end_col_offset or 1) - 1
            named.value = self._convert(named.value, depth + 1)


def _is_unit(word: str) -> bool:
    if word in WORDS:
        return False
    if word in RESERVED_WORDS:
        return True
    # several Chinese words may be written together: 3千万元
    if word.isascii():
        return False
    rest = word
    while rest:
        for length in range(len(rest), 0, -1):
            if rest[:length] in SCALE_WORDS or rest[:length] in UNIT_WORDS:
                rest = rest[length:]
                break
        else:
            return False
    return True


def _named(node: ast.AST) -> str:
    names = {
        "Attribute": "attributes",
        "Subscript": "subscripts",
        "Lambda": "functions of its own",
        "List": "lists",
        "Tuple": "lists",
        "Starred": "`*`",
        "NamedExpr": "assignments",
        "Await": "`await`",
    }
    return names.get(type(node).__name__, type(node).__name__.lower())
