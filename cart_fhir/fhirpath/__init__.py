"""FHIRPath: expressions compiled to closures that know FHIR's types. In: text and a TypeModel; out: an Expression.

Normative FHIRPath 2.0 with FHIR R4's additions and the later functions of the official suite.
https://hl7.org/fhirpath/N1/ https://hl7.org/fhir/R4/fhirpath.html

    expression = fhirpath.compile("name.given.first()", registry.types, "Patient")
    expression.values(patient)                  -> ["Ada"]
    expression.test(patient, fhirpath.Env())    -> True
"""

from __future__ import annotations

from collections.abc import Collection as Names
from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath.nodes import Env, EvaluationError, Node, node_of, system_type, truth
from cart_fhir.fhirpath.types import Element, TypeModel

if TYPE_CHECKING:
    from cart_fhir.fhirpath.code import Code

__all__ = ["Element", "Env", "EvaluationError", "Expression", "Node", "TypeModel", "compile"]


_BEYOND_REACH = (ArithmeticError, ValueError)
"""Numbers of thousands of digits, which Decimal and int refuse to work on."""


class Expression:
    """A compiled expression; it holds no data and may serve many threads, each with its own Env."""

    __slots__ = ("_run", "_truth", "root", "text")

    def __init__(self, text: str, root: str, code: Code) -> None:
        self.text = text
        self.root = root
        self._run = code.run
        self._truth = code.truth

    def evaluate(self, value: Any, env: Env | None = None) -> list[Any]:
        """The items the expression finds: Nodes and System values.

        `value` is raw JSON of the root type (or a Node, for a primitive with an id or extensions). Raises
        EvaluationError where the expression has no meaning for these data.
        """
        focus = value if value.__class__ is Node else node_of(value, self.root)
        env = env or Env()
        env.focus = focus
        try:
            return list(self._run((focus,), env))
        except _BEYOND_REACH as error:
            raise EvaluationError(f"A value goes out of range: {error}.") from error

    def test(self, value: Any, env: Env | None = None) -> bool:
        """True when the expression gives true, or any items that are no Booleans; nothing at all is not true."""
        focus = value if value.__class__ is Node else node_of(value, self.root)
        env = env or Env()
        env.focus = focus
        try:
            if self._truth:
                return self._truth((focus,), env) is True
            found = self._run((focus,), env)
        except _BEYOND_REACH as error:
            raise EvaluationError(f"A value goes out of range: {error}.") from error
        return len(found) > 1 or truth(found, "An invariant") is True

    def values(self, value: Any, env: Env | None = None) -> list[Any]:
        """The items as plain Python values: raw JSON of elements, and System values."""
        return [item.value if isinstance(item, Node) else item for item in self.evaluate(value, env)]

    def typed(self, value: Any, env: Env | None = None) -> list[tuple[str, Any]]:
        """(type name, plain value) of each item that has a value; System types as "System.String"."""
        found = []
        for item in self.evaluate(value, env):
            if not isinstance(item, Node):
                found.append((f"System.{system_type(item)}", item))
            elif item.value is not None:
                found.append((item.type, item.value))
        return found

    def __repr__(self) -> str:
        return f"<Expression {self.text!r} on {self.root}>"


def compile(
    expression: str,
    types: TypeModel,
    root: str,
    *,
    strict: bool = False,
    any_root: bool = False,
    variables: Names[str] = (),
    open_names: bool = False,
) -> Expression:
    """The expression compiled for values of the root type ("Patient", "Observation.component", "Quantity", "Resource").

    Raises BadSyntax for bad syntax, an unknown function, type, variable or element, and a value where another kind is
    asked for. `strict` is FHIRPath to the letter; without it, as R4's own definitions need, `as` filters several items
    and order is not asked of children(). `any_root` is for search parameters of several types: a path that starts with
    another type finds nothing. With `open_names` so does an unknown element. `variables` names the
    `%variables` that Env.variables will give.
    """
    from cart_fhir.fhirpath import parser  # loaded by those who compile: importing the package stays cheap
    from cart_fhir.fhirpath.code import Scope, of_type
    from cart_fhir.fhirpath.compiler import Compiler

    compiler = Compiler(expression, types, root, strict=strict, any_root=any_root, names=variables)
    compiler.open_names = open_names
    return Expression(expression, root, compiler.compile(parser.parse(expression), Scope(of_type(root))))
