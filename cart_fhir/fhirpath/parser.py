"""FHIRPath tokens to syntax, by precedence climbing. https://hl7.org/fhirpath/N1/#operator-precedence"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from cart_fhir.fhirpath import lexer, syntax
from cart_fhir.fhirpath.quantities import CALENDAR, Quantity
from cart_fhir.fhirpath.temporal import Temporal

MAX_DEPTH = 150
"""Nesting of one expression; the deepest of R4 has under 60. Keeps the recursive compiler far from Python's limit."""

_MOST_DIGITS = 400

_PRECEDENCE = {
    "implies": 1,
    **dict.fromkeys(("or", "xor"), 2),
    "and": 3,
    **dict.fromkeys(("in", "contains"), 4),
    **dict.fromkeys(("=", "~", "!=", "!~"), 5),
    **dict.fromkeys(("<", "<=", ">", ">="), 6),
    "|": 7,
    **dict.fromkeys(("is", "as"), 8),
    **dict.fromkeys(("+", "-", "&"), 9),
    **dict.fromkeys(("*", "/", "div", "mod"), 10),
}
_ONLY_OPERATORS = {"implies", "or", "xor", "and", "div", "mod"}


@lru_cache(maxsize=512)
def parse(expression: str) -> syntax.Syntax:
    """The syntax of an expression; BadSyntax, with line and column in the expression, where it is none.

    Remembered, since who compiles an expression asks what it reads too.
    """
    parser = _Parser(expression)
    found = parser.expression(0, 0)
    if parser.token.kind != "end":
        parser.refuse(f"'{parser.token.text}' is not expected here.")
    if syntax.depth(found) > MAX_DEPTH:
        parser.refuse(f"The expression nests deeper than {MAX_DEPTH} levels.")
    return found


class _Parser:
    def __init__(self, expression: str) -> None:
        self.text = expression
        self.tokens = lexer.tokens(expression)
        self.number = 0

    @property
    def token(self) -> lexer.Token:
        return self.tokens[self.number]

    def refuse(self, text: str, at: int | None = None) -> NoReturn:
        lexer.refuse(self.text, self.token.at if at is None else at, text)

    def take(self) -> lexer.Token:
        token = self.token
        self.number += 1
        return token

    def symbol(self, text: str) -> bool:
        """Take the symbol when it comes next."""
        if self.token.kind == "symbol" and self.token.text == text:
            self.number += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.symbol(text):
            self.refuse(f"'{text}' is expected here.")

    def expression(self, least: int, depth: int) -> syntax.Syntax:
        """An expression of operators that bind at least this tight."""
        if depth > MAX_DEPTH // 2:
            self.refuse("The expression nests too deep.")
        left = self.unary(depth)
        while True:
            token = self.token
            binding = _PRECEDENCE.get(token.text, 0) if token.kind in ("symbol", "name") else 0
            if not binding or binding <= least:
                return left
            self.take()
            if token.text in ("is", "as"):
                left = syntax.TypeTest(token.text, left, self.type_name(), token.at)
            else:
                left = syntax.Binary(token.text, left, self.expression(binding, depth + 1), token.at)

    def unary(self, depth: int) -> syntax.Syntax:
        token = self.token
        if token.kind == "symbol" and token.text in "+-":
            if depth > MAX_DEPTH // 2:
                self.refuse("The expression nests too deep.")
            self.take()
            return syntax.Unary(token.text, self.unary(depth + 1), token.at)
        return self.postfix(depth)

    def type_name(self) -> str:
        names = [self.identifier()]
        while self.symbol("."):
            names.append(self.identifier())
        return ".".join(names)

    def identifier(self) -> str:
        token = self.take()
        if token.kind not in ("name", "quoted"):
            self.refuse("A name is expected here.", token.at)
        return token.text

    def postfix(self, depth: int) -> syntax.Syntax:
        """A term with its `.name`, `.function()` and `[index]`."""
        found = self.term(depth)
        while True:
            at = self.token.at
            if self.symbol("."):
                found = self.invocation(found, depth)
            elif self.symbol("["):
                found = syntax.Index(found, self.expression(0, depth + 1), at)
                self.expect("]")
            else:
                return found

    def invocation(self, base: syntax.Syntax | None, depth: int) -> syntax.Syntax:
        token = self.token
        if token.kind == "special" and base is not None:
            self.refuse(f"'{token.text}' stands at the start of a path only.")
        name = self.identifier()
        if not self.symbol("("):
            return syntax.Name(base, name, token.at)
        arguments: list[syntax.Syntax] = []
        if not self.symbol(")"):
            arguments.append(self.expression(0, depth + 1))
            while self.symbol(","):
                arguments.append(self.expression(0, depth + 1))
            self.expect(")")
        return syntax.Call(base, name, tuple(arguments), token.at)

    def term(self, depth: int) -> syntax.Syntax:
        token = self.token
        match token.kind:
            case "symbol":
                return self.bracketed(depth)
            case "number":
                return self.number_or_quantity()
            case "string":
                return syntax.Literal(self.take().text, token.at)
            case "date" | "datetime" | "time":
                return self.temporal()
            case "special":
                return syntax.Special(self.take().text, token.at)
            case "external":
                return syntax.External(self.take().text, token.at)
            case "end":
                self.refuse("The expression ends too early.")
        if token.kind == "name" and token.text in ("true", "false"):
            return syntax.Literal(self.take().text == "true", token.at)
        if token.kind == "name" and token.text in _ONLY_OPERATORS:
            self.refuse(f"'{token.text}' needs an operand before it.")
        return self.invocation(None, depth)

    def bracketed(self, depth: int) -> syntax.Syntax:
        at = self.token.at
        if self.symbol("("):
            inner = self.expression(0, depth + 1)
            self.expect(")")
            return inner
        if not self.symbol("{"):
            self.refuse(f"'{self.token.text}' is not expected here.")
        self.expect("}")
        return syntax.Literal(None, at)

    def number_or_quantity(self) -> syntax.Syntax:
        token = self.take()
        if len(token.text) > _MOST_DIGITS:
            self.refuse(f"The number has more than {_MOST_DIGITS} digits.", token.at)
        number = Decimal(token.text) if "." in token.text else int(token.text)
        unit = self.token
        if unit.kind == "string" or (unit.kind == "name" and unit.text in CALENDAR):
            self.take()
            return syntax.Literal(Quantity(Decimal(number), unit.text, calendar=unit.kind == "name"), token.at)
        return syntax.Literal(number, token.at)

    def temporal(self) -> syntax.Syntax:
        token = self.take()
        kind = {"date": "Date", "datetime": "DateTime", "time": "Time"}[token.kind]
        value = Temporal.parse(token.text[1:].removeprefix("T") if kind == "Time" else token.text[1:], kind)
        if value is None:
            self.refuse(f"{token.text} is no {kind}.", token.at)
        return syntax.Literal(value, token.at)
