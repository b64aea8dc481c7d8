"""FHIRPath syntax to closures, checked against the types of the model on the way."""

from __future__ import annotations

from collections.abc import Collection as Names
from dataclasses import replace
from typing import Any, NoReturn

from cart_fhir.fhirpath import equality, lexer, navigation, operators, shortcuts, syntax
from cart_fhir.fhirpath.code import (
    NOTHING,
    UNKNOWN,
    Code,
    Run,
    Scope,
    Shape,
    boolean,
    of_type,
    truth_of,
)
from cart_fhir.fhirpath.functions import FUNCTIONS
from cart_fhir.fhirpath.nodes import EMPTY, Collection, Env, EvaluationError, Node, bounded, one, system_type
from cart_fhir.fhirpath.quantities import Quantity, with_value
from cart_fhir.fhirpath.type_names import TypeTests
from cart_fhir.fhirpath.types import TypeModel, is_primitive
from cart_fhir.fhirpath.variables import external

_ORDERED = {"first", "last", "tail", "skip", "take"}


class Compiler:
    """Compiles the parts of one expression; functions get it to compile their arguments.

    `chained` holds, by the id of a Name, the Code of what stands before it (shortcuts.py).
    """

    def __init__(
        self, text: str, model: TypeModel, root: str, *, strict: bool, any_root: bool, names: Names[str]
    ) -> None:
        self.text = text
        self.model = model
        self.root = root
        self.strict = strict
        self.any_root = any_root
        self.names = names
        self.open_names = False
        self.children = navigation.Children(model)
        self.types = TypeTests(model)
        self.chained: dict[int, Code] = {}
        self._variables = 0
        self._parts = 0

    def refuse(self, part: syntax.Syntax, text: str, advice: str = "") -> NoReturn:
        """Raise BadSyntax at a part of the expression."""
        lexer.refuse(self.text, part.at, text, advice)

    def new_variable(self) -> int:
        """A number for a variable of defineVariable()."""
        self._variables += 1
        return self._variables

    def compile(self, part: syntax.Syntax, scope: Scope) -> Code:
        """The Code of a part."""
        self._parts += 1
        if self._parts > _MOST_PARTS:
            self.refuse(part, "The expression is too complicated.", "Split it into several.")
        match part:
            case syntax.Literal():
                return _literal(part.value)
            case syntax.Name():
                return self._name(part, scope)
            case syntax.Call():
                return self._call(part, scope)
            case syntax.Index():
                return self._index(part, scope)
            case syntax.Unary():
                return self._unary(part, scope)
            case syntax.Binary():
                return self._binary(part, scope)
            case syntax.TypeTest():
                source = self.compile(part.operand, scope)
                return self.types.code(self, part.operator, source, part.type_name, part)
            case syntax.Special():
                return _special(part.name, scope)
            case syntax.External():
                return external(self, part, scope)

    def chain(self, base: syntax.Syntax | None, scope: Scope) -> Code:
        """The Code of what stands before a dot; the context itself where nothing does."""
        return self.compile(base, scope) if base else Code(_this, scope.this)

    def _name(self, part: syntax.Name, scope: Scope) -> Code:
        if part.base is None:
            self.chained[id(part)] = Code(_this, scope.this)
            return self._first_name(part, scope)
        source = self.chained[id(part)] = self.compile(part.base, scope)
        shape = navigation.child_shape(self.model, source.shape, part.name)
        if shape is None:
            return self._no_member(part, source.shape)
        shape = replace(shape, ordered=source.shape.ordered)
        return Code(navigation.member(self.model, source.run, part.name), shape, defined=source.defined)

    def _no_member(self, part: syntax.Name, shape: Shape) -> Code:
        if not self.open_names:
            self._refuse_member(part, shape)
        return Code(_nothing, NOTHING)

    def _refuse_member(self, part: syntax.Name, shape: Shape) -> NoReturn:
        names = sorted(shape.types or ())
        several = f"None of {len(names)} possible types has" if len(names) > 3 else f"{' or '.join(names)} has no"
        advice = ""
        for name in names:
            for element in self.model.children(name).values():
                if part.name in element.json_names and element.is_choice:
                    advice = f"Write '{element.name}' for a choice of types, or '{element.name}.ofType(...)'."
        self.refuse(
            part,
            f"{several} element '{part.name}'." if len(names) <= 3 else f"{several} an element '{part.name}'.",
            advice,
        )

    def _first_name(self, part: syntax.Name, scope: Scope) -> Code:
        """A name at the start: the type of the context itself, or a child of the context."""
        this, is_type = scope.this, bool(part.name[:1].isupper() and self.model.children(part.name))
        if is_type and this.types is None:
            return Code(self._root_or_child(part.name), UNKNOWN)
        if is_type and any(name == part.name or self.model.is_a(name, part.name) for name in this.types or ()):
            return Code(_this, this)
        shape = navigation.child_shape(self.model, this, part.name)
        if shape is None and ((self.any_root or self.open_names) if is_type else self._is_absent_choice(this)):
            return Code(_nothing, NOTHING)
        if shape is None and is_type:
            self.refuse(part, f"The context is {' or '.join(sorted(this.types or ()))}, not {part.name}.")
        if shape is None:
            return self._no_member(part, this)
        return Code(navigation.first_member(self.model, part.name), shape)

    def _is_absent_choice(self, this: Shape) -> bool:
        """R4 has invariants on a choice of a primitive and others (ras-1: `low` of decimal or Range)."""
        return not self.strict and is_primitive(self.root) and this.types == frozenset((self.root,))

    def _root_or_child(self, name: str) -> Run:
        child, is_a = navigation.first_member(self.model, name), self.model.is_a

        def run(this: Collection, env: Env) -> Collection:
            found = [node for node in this if isinstance(node, Node) and (node.type == name or is_a(node.type, name))]
            return found or child(this, env)

        return run

    def _call(self, part: syntax.Call, scope: Scope) -> Code:
        build = FUNCTIONS.get(part.name)
        if build is None:
            known = [name for name in FUNCTIONS if name.lower() == part.name.lower()]
            self.refuse(part, f"The function {part.name}() is not known here.", f"Write {known[0]}()." if known else "")
        source = self.chain(part.base, scope)
        if self.strict and part.name in _ORDERED and not source.shape.ordered:
            self.refuse(part, f"{part.name}() asks for an order that children() and descendants() do not have.")
        made = build(self, part, source, scope.after(source))
        return replace(made, defined={**source.defined, **made.defined}) if source.defined else made

    def _index(self, part: syntax.Index, scope: Scope) -> Code:
        source = self.compile(part.base, scope)
        if self.strict and not source.shape.ordered:
            self.refuse(part, "An index asks for an order that children() and descendants() do not have.")
        index = self.compile(part.index, scope.after(source)).run
        items = source.run

        def run(this: Collection, env: Env) -> Collection:
            number = one(index(this, env), "An index")
            if number is None:
                return EMPTY
            if number.__class__ is not int:
                raise EvaluationError("An index is an Integer.")
            found = items(this, env)
            return found[number : number + 1] if number >= 0 else EMPTY

        return Code(run, replace(source.shape, many=False), defined=source.defined)

    def _unary(self, part: syntax.Unary, scope: Scope) -> Code:
        operand = self.compile(part.operand, scope)
        types, sign = operand.shape.types, -1 if part.operator == "-" else 1
        if types is not None and types and not types & _SIGNED:
            self.refuse(part, f"'{part.operator}' wants a number, not {' or '.join(sorted(types)[:3])}.")
        source = operand.run

        def run(this: Collection, env: Env) -> Collection:
            value = one(source(this, env), "A sign")
            if value is None:
                return EMPTY
            if isinstance(value, Quantity):
                return (with_value(value, sign * value.value),)
            if isinstance(value, bool | str) or not hasattr(value, "__neg__"):
                raise EvaluationError("A sign wants a number.")
            return (-value if sign < 0 else value,)

        return Code(run, replace(operand.shape, many=False))

    def _binary(self, part: syntax.Binary, scope: Scope) -> Code:
        left, right = self.compile(part.left, scope), self.compile(part.right, scope)
        operator = part.operator
        if operator in ("and", "or", "xor", "implies"):
            return boolean(_logic(operator, truth_of(left, f"'{operator}'"), truth_of(right, f"'{operator}'")))
        if operator in ("=", "!="):
            negated = operator == "!="
            constant = shortcuts.constant(part.right)
            if constant is not None:
                equal = shortcuts.equal_to_constant(left.run, constant, negated=negated)
            else:
                equal = _equal(left.run, right.run, negated=negated)
            return shortcuts.equal_to_text(self.model, part, equal) if operator == "=" else equal
        if operator in ("~", "!~"):
            return _equivalent(left.run, right.run, negated=operator == "!~")
        if operator in operators.ORDER:
            return _order(operator, left.run, right.run)
        if operator in ("in", "contains"):
            item, items = (left, right) if operator == "in" else (right, left)
            return _member_of(operator, item.run, items.run)
        if operator == "|":
            return _union(left, right)
        if operator == "&":
            return _concatenate(left.run, right.run)
        return _arithmetic(operator, left, right)


_MOST_PARTS = 50_000
"""repeat() compiles its projection twice, which nested makes many of few."""

_SIGNED = {f"System.{name}" for name in ("Integer", "Decimal", "Quantity")}
_SIGNED |= {"integer", "decimal", "positiveInt", "unsignedInt", "Quantity", "Age", "Duration", "Distance", "Count"}


def _this(this: Collection, env: Env) -> Collection:
    return this


def _nothing(this: Collection, env: Env) -> Collection:
    return EMPTY


def _literal(value: Any) -> Code:
    if value is None:
        return Code(_nothing, NOTHING)
    constant = (value,)
    truth = (lambda this, env: value) if isinstance(value, bool) else None
    return Code(lambda this, env: constant, of_type(f"System.{system_type(value)}"), truth)


def _special(name: str, scope: Scope) -> Code:
    if name == "$this":
        return Code(_this, scope.this)
    if name == "$index":
        return Code(lambda this, env: EMPTY if env.index is None else (env.index,), of_type("System.Integer"))
    return Code(lambda this, env: env.total, UNKNOWN)


def _logic(operator: str, left: Any, right: Any) -> Any:
    """Three-valued logic; the right side is left alone where the left side decides."""

    def conjunction(this: Collection, env: Env) -> bool | None:
        first = left(this, env)
        if first is False:
            return False
        second = right(this, env)
        return False if second is False else None if first is None or second is None else True

    def disjunction(this: Collection, env: Env) -> bool | None:
        first = left(this, env)
        if first is True:
            return True
        second = right(this, env)
        return True if second is True else None if first is None or second is None else False

    def exclusive(this: Collection, env: Env) -> bool | None:
        first, second = left(this, env), right(this, env)
        return None if first is None or second is None else first is not second

    def implication(this: Collection, env: Env) -> bool | None:
        first = left(this, env)
        if first is False:
            return True
        second = right(this, env)
        return True if second is True else None if first is None or second is None else False

    return {"and": conjunction, "or": disjunction, "xor": exclusive, "implies": implication}[operator]


def _equal(left: Run, right: Run, *, negated: bool) -> Code:
    def truth(this: Collection, env: Env) -> bool | None:
        one_side, other = left(this, env), right(this, env)
        if len(one_side) == 1 and len(other) == 1:
            answer = equality.same(one_side[0], other[0], env.convert)
        else:
            answer = equality.collections_same(one_side, other, env.convert)
        return answer if answer is None or not negated else not answer

    return boolean(truth)


def _equivalent(left: Run, right: Run, *, negated: bool) -> Code:
    def truth(this: Collection, env: Env) -> bool:
        return equality.collections_equivalent(left(this, env), right(this, env), env.convert) is not negated

    return boolean(truth)


def _order(operator: str, left: Run, right: Run) -> Code:
    decide = operators.ORDER[operator]
    what = f"'{operator}'"

    def truth(this: Collection, env: Env) -> bool | None:
        first, second = left(this, env), right(this, env)
        if not first or not second:
            return None
        if len(first) > 1 or len(second) > 1:
            raise EvaluationError(f"{what} wants one item on each side.")
        order = equality.order(first[0], second[0], env.convert)
        return None if order is None else decide(order)

    return boolean(truth)


def _member_of(operator: str, item: Run, items: Run) -> Code:
    def truth(this: Collection, env: Env) -> bool | None:
        wanted = item(this, env)
        if not wanted:
            return None
        if len(wanted) > 1:
            raise EvaluationError(f"'{operator}' looks for one item and has {len(wanted)}.")
        sought = wanted[0]
        return any(equality.same(sought, found, env.convert) for found in items(this, env))

    return boolean(truth)


def _union(left: Code, right: Code) -> Code:
    first, second = left.run, right.run

    def run(this: Collection, env: Env) -> Collection:
        left_items, right_items = first(this, env), second(this, env)
        if not right_items and len(left_items) < 2:
            return left_items
        if not left_items and len(right_items) < 2:
            return right_items
        return equality.distinct([*left_items, *right_items])

    return Code(run, union_shape(left.shape, right.shape))


def union_shape(left: Shape, right: Shape) -> Shape:
    """The shape of two collections together."""
    types = None if left.types is None or right.types is None else left.types | right.types
    return Shape(types, many=bool(left.types != frozenset() or right.many), ordered=left.ordered and right.ordered)


def _concatenate(left: Run, right: Run) -> Code:
    def text(collection: Collection) -> str:
        value = one(collection, "'&'")
        if value is None:
            return ""
        if not isinstance(value, str):
            raise EvaluationError("'&' joins texts.", advice="Use toString() first.")
        return value

    return Code(lambda this, env: (bounded(text(left(this, env)) + text(right(this, env))),), of_type("System.String"))


def _arithmetic(operator: str, left: Code, right: Code) -> Code:
    first, second = left.run, right.run
    what = f"'{operator}'"

    def run(this: Collection, env: Env) -> Collection:
        one_side, other = one(first(this, env), what), one(second(this, env), what)
        if one_side is None or other is None:
            return EMPTY
        result = operators.calculate(operator, one_side, other, env.convert)
        return EMPTY if result is None else (result,)

    return Code(run, Shape(_arithmetic_types(operator, left.shape, right.shape), many=False))


def _arithmetic_types(operator: str, left: Shape, right: Shape) -> frozenset[str] | None:
    both = (left.types or frozenset()) | (right.types or frozenset())
    if operator in ("div",):
        return frozenset(("System.Integer",))
    if operator == "/" and both <= {"System.Integer", "System.Decimal"}:
        return frozenset(("System.Decimal",))
    return (
        both
        if len(both) == 1 and next(iter(both)).startswith("System.") and None not in (left.types, right.types)
        else None
    )
