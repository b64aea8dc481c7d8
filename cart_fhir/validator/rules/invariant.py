"""Invariants: FHIRPath constraints of a definition, compiled against the type they stand on.

https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.constraint. ele-1, ext-1, dom-3, ref-1,
txt-1 and txt-2 are part of the structure, extension, contained, reference and narrative rules; the rest are evaluated,
the commonest of base R4 by hand-written equivalents (`native`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from cart_fhir import fhirpath
from cart_fhir.definitions import ucum
from cart_fhir.errors import CartFHIRError
from cart_fhir.validator.findings import Found, one
from cart_fhir.validator.rules import binding
from cart_fhir.validator.rules.evidence import seen
from cart_fhir.validator.rules.guard import Guarded, needed
from cart_fhir.validator.rules.memo import Memo
from cart_fhir.validator.rules.native import NATIVE
from cart_fhir.validator.schema import Constraint, Element
from cart_fhir.validator.shapes import Rule

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program

# What evaluation raises on data of the wrong shape; the structure rules have refused these data already.
_CANNOT = (CartFHIRError, RecursionError, TypeError, ValueError)
# What reaches beyond the value that an expression stands on.
_BEYOND = ("%resource", "%rootResource", "%context", "resolve(", "conformsTo(", "now(", "today(")
_ELSEWHERE = frozenset({"ele-1", "ext-1", "dom-3", "ref-1", "txt-1", "txt-2"})


def of(program: Program, element: Element, constraints: Iterable[Constraint], root: str) -> list[Rule]:
    """One rule per constraint; `root` names the type that the expressions start from."""
    made: list[Rule] = []
    for each in constraints:
        if each.key not in _ELSEWHERE:
            native = NATIVE.get(each.expression)
            rule = _native(each, element, native) if native else _rule(program, each, element, root)
            made.append(Guarded(rule, _needs(program, each, root)))
    return made


def _needs(program: Program, each: Constraint, root: str) -> Callable[[], frozenset[str]]:
    """What a value must have for an invariant to fail; nothing for one that cannot be checked, which is always said."""

    def needs() -> frozenset[str]:
        known = each.expression in NATIVE or program.expression(each.expression, root) is not None
        return needed(each.expression) if known else frozenset()

    return needs


def _failed(each: Constraint, element: Element, value: Any, why: str = "") -> Found:
    said = f"{each.key}: {each.human}" if each.human else f"{each.key} does not hold: {each.expression}"
    what = why.rstrip(".") or seen(each.expression, value)
    text = f"{said.rstrip('.')} ({what})" if what else said
    severity = "warning" if each.severity == "warning" or each.best_practice else "error"
    rule = "best-practice" if each.best_practice else "invariant"
    return one(
        rule,
        text if text.endswith(".") else text + ".",
        severity="error" if severity == "error" else "warning",
        profile=each.source,
        definition=each.key,
    )


def _native(each: Constraint, element: Element, holds: Any) -> Rule:
    if each.severity == "warning":

        def practice(value: Any, context: Context) -> Found:
            if not context.options.best_practice:
                context.touched += 1
                return None
            if holds(value, context):
                return None
            return _failed(each, element, value)

        return practice

    def check(value: Any, context: Context) -> Found:
        return None if holds(value, context) else _failed(each, element, value)

    return check


def _rule(program: Program, each: Constraint, element: Element, root: str) -> Rule:
    made: list[tuple[fhirpath.Expression | None, Memo | None]] = []
    alone = not any(word in each.expression for word in _BEYOND)

    def check(value: Any, context: Context) -> Found:
        if each.best_practice and not context.options.best_practice:
            context.touched += 1
            return None
        if not made:
            compiled = program.expression(each.expression, root)
            made.append((compiled, Memo.of(each.expression) if compiled is not None else None))
        expression, memo = made[0]
        if expression is None:
            text = f"The invariant {each.key} cannot be checked: {program.flaw(each.expression, root)}"
            return one("invariant-unreadable", text, profile=each.source, definition=each.key)
        key = memo.key(value) if memo is not None else None
        holds = memo.answers.get(key) if memo is not None and key is not None else None
        if holds is None:
            context.touched += not alone
            try:
                holds = _holds(program, expression, value, context)
            except _CANNOT as problem:
                return _failed(each, element, value, f"it cannot be evaluated: {str(problem).rstrip('.')}")
            if memo is not None and key is not None:
                memo.keep(key, holds)
        return None if holds else _failed(each, element, value, program.flaw(each.expression, root))

    return check


def _holds(program: Program, expression: fhirpath.Expression, value: Any, context: Context) -> bool:
    """Evaluate with an environment that is not in use: one rule may ask another resource's rules in between."""
    env = context.spare or environment(program, context)
    context.spare = None
    env.resource, env.root_resource = context.resource, context.root
    holds = expression.test(value, env)
    context.spare = env
    return holds


def environment(program: Program, context: Context) -> fhirpath.Env:
    """What an expression may ask for beyond the value at hand."""

    def member_of(url: str, value: Any, type_name: str) -> bool | None:
        return binding.member(program, url, value)

    def conforms_to(value: Any, type_name: str, url: str) -> bool | None:
        return program.conforms(value, url, context)

    return fhirpath.Env(
        resource=context.resource,
        root_resource=context.root,
        resolve=context.resolve,
        member_of=member_of,
        conforms_to=conforms_to,
        convert=ucum.convert,
        subsumes=program.terminology.subsumes,
    )
