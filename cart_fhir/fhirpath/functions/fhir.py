"""What FHIR adds to FHIRPath, and types and clocks. https://hl7.org/fhir/R4/fhirpath.html#functions

Not offered, so refused when compiled: elementDefinition() and slice(), which ask for the profile that a value is being
checked against; an expression is compiled for a type.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cart_fhir.fhirpath import syntax
from cart_fhir.fhirpath.code import UNKNOWN, Code, Scope, Shape, boolean, of_type
from cart_fhir.fhirpath.functions.registry import builder, question, value_of, whole
from cart_fhir.fhirpath.nodes import EMPTY, Collection, Env, EvaluationError, Node, system, type_of
from cart_fhir.fhirpath.temporal import Temporal

if TYPE_CHECKING:
    from cart_fhir.fhirpath.compiler import Compiler


def _type_test(name: str) -> None:
    @builder(name, 1)
    def build(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
        wanted = syntax.type_name(call.arguments[0])
        if not wanted:
            compiler.refuse(call, f"{name}() wants the name of a type.")
        return compiler.types.code(compiler, name, source, wanted, call)


for _name in ("is", "as", "ofType"):
    _type_test(_name)


@whole("type", shape=lambda shape: Shape(frozenset(("System.TypeInfo",)), shape.many))
def type_(env: Env, items: Collection) -> Collection:
    """Namespace and name of the type of each item."""
    return [type_of(item) for item in items]


@builder("extension", 1)
def extension(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The extensions with a url, of elements and of primitives."""
    items, url = source.run, compiler.compile(call.arguments[0], scope).run
    constant = call.arguments[0].value if isinstance(call.arguments[0], syntax.Literal) else None

    def run(this: Collection, env: Env) -> Collection:
        found = items(this, env)
        wanted = constant if constant.__class__ is str else value_of(url(this, env), "String", "extension()")
        if wanted is None:
            return EMPTY
        made = []
        for item in found:
            holder = (
                item.value if isinstance(item, Node) and isinstance(item.value, dict) else getattr(item, "extra", None)
            )
            given = holder.get("extension") if isinstance(holder, dict) else None
            for one in given if isinstance(given, list) else ():
                if isinstance(one, dict) and one.get("url") == wanted:
                    made.append(Node(one, "Extension"))
        return made

    return Code(run, of_type("Extension", many=True))


@question("hasValue")
def has_value(env: Env, items: Collection) -> bool:
    """True for one primitive with a value."""
    return len(items) == 1 and _is_value(items[0])


def _is_value(item: Any) -> bool:
    return not isinstance(item, Node) or (item.value is not None and not isinstance(item.value, dict | list))


@whole("getValue", shape=lambda shape: UNKNOWN)
def get_value(env: Env, items: Collection) -> Collection:
    """The System value of one primitive."""
    return (system(items[0]),) if len(items) == 1 and _is_value(items[0]) else EMPTY


@whole("resolve", shape=lambda shape: UNKNOWN)
def resolve(env: Env, items: Collection) -> Collection:
    """The resources that References, or texts, point to; those that cannot be found are left out."""
    if not items:
        return EMPTY
    if env.resolve is None:
        raise EvaluationError("resolve() needs access to other resources, and none is given here.")
    found = []
    for item in items:
        value = item.value if isinstance(item, Node) else item
        reference = value.get("reference") if isinstance(value, dict) else value
        resource = env.resolve(reference) if isinstance(reference, str) else None
        if isinstance(resource, Node):
            found.append(resource)
        elif isinstance(resource, dict):
            name = resource.get("resourceType")
            found.append(Node(resource, name if isinstance(name, str) else "Resource"))
    return found


def _raw(item: Any) -> tuple[Any, str]:
    return (item.value, item.type) if isinstance(item, Node) else (item, type_of(item).name)


@builder("memberOf", 1)
def member_of(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """True when the code, Coding or CodeableConcept is in the value set; nothing where that cannot be known."""
    items, url = source.run, compiler.compile(call.arguments[0], scope).run

    def truth(this: Collection, env: Env) -> bool | None:
        found = items(this, env)
        wanted = value_of(url(this, env), "String", "memberOf()")
        if not found or wanted is None:
            return None
        if len(found) > 1:
            raise EvaluationError(f"memberOf() wants one item and has {len(found)}.")
        if env.member_of is None:
            raise EvaluationError("memberOf() needs terminology, and none is given here.")
        return env.member_of(wanted, *_raw(found[0]))

    return boolean(truth)


@builder("conformsTo", 1)
def conforms_to(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """True when the item conforms to the profile; nothing where that cannot be known."""
    items, url = source.run, compiler.compile(call.arguments[0], scope).run

    def truth(this: Collection, env: Env) -> bool | None:
        found = items(this, env)
        wanted = value_of(url(this, env), "String", "conformsTo()")
        if not found or wanted is None:
            return None
        if len(found) > 1:
            raise EvaluationError(f"conformsTo() wants one item and has {len(found)}.")
        if env.conforms_to is None:
            raise EvaluationError("conformsTo() needs a validator, and none is given here.")
        return env.conforms_to(*_raw(found[0]), wanted)

    return boolean(truth)


def _subsumption(name: str, wanted: tuple[str, str]) -> None:
    @builder(name, 1)
    def build(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
        """True when a code of the one concept stands so to a code of the other; nothing where that cannot be known."""
        items, other = source.run, compiler.compile(call.arguments[0], scope).run

        def truth(this: Collection, env: Env) -> bool | None:
            left, right = items(this, env), other(this, env)
            if not left or not right:
                return None
            if len(left) > 1 or len(right) > 1:
                raise EvaluationError(f"{name}() compares one concept with one other.")
            if env.subsumes is None:
                raise EvaluationError(f"{name}() needs terminology, and none is given here.")
            answers = [env.subsumes(*codes) for codes in _same_system(left[0], right[0])]
            return True if any(each in wanted for each in answers) else None if None in answers else False

        return boolean(truth)


_subsumption("subsumes", ("equivalent", "subsumes"))
_subsumption("subsumedBy", ("equivalent", "subsumed-by"))


def _same_system(one: Any, other: Any) -> list[tuple[str, str, str]]:
    """(system, code of the one, code of the other) for each pair of codings that share a system."""
    return [(system, a, b) for system, a in _codings(one) for same, b in _codings(other) if same == system]


def _codings(item: Any) -> list[tuple[str, str]]:
    value, _ = _raw(item)
    listed = value.get("coding", [value]) if isinstance(value, dict) else []
    parts = [(each.get("system"), each.get("code")) for each in listed if isinstance(each, dict)]
    return [(system, code) for system, code in parts if isinstance(system, str) and isinstance(code, str)]


@builder("checkModifiers", 0, 99)
def check_modifiers(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The input as it is; an error for a modifier extension whose url is not among the arguments."""
    items, urls = source.run, [compiler.compile(argument, scope).run for argument in call.arguments]

    def run(this: Collection, env: Env) -> Collection:
        found = items(this, env)
        known = {value_of(url(this, env), "String", "checkModifiers()") for url in urls}
        for item in found:
            given = (
                item.value.get("modifierExtension") if isinstance(item, Node) and isinstance(item.value, dict) else None
            )
            for one in given if isinstance(given, list) else ():
                if not isinstance(one, dict) or one.get("url") not in known:
                    raise EvaluationError("There is a modifier extension that is not understood here.")
        return found

    return Code(run, source.shape)


@question("htmlChecks")
def html_checks(env: Env, items: Collection) -> bool:
    """True when each narrative keeps to what FHIR allows (txt-1) and is not blank (txt-2)."""
    from cart_fhir.fhirpath import narrative  # loads lxml

    texts = [item.value if isinstance(item, Node) else item for item in items]
    return all(isinstance(text, str) and not narrative.problems(text) for text in texts)


def _clock(env: Env) -> datetime:
    if env.now is None:
        env.now = datetime.now(UTC).astimezone()
    return env.now


@builder("now")
def now(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """This moment, the same throughout one evaluation."""

    def run(this: Collection, env: Env) -> Collection:
        moment = _clock(env)
        offset = moment.utcoffset()
        zone = int(offset.total_seconds() // 60) if offset is not None else None
        second = Decimal(moment.second) + Decimal(moment.microsecond // 1000).scaleb(-3)
        parts = (moment.year, moment.month, moment.day, moment.hour, moment.minute, second)
        return (Temporal("DateTime", parts, zone),)

    return Code(run, of_type("System.DateTime"))


@builder("today")
def today(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The date of this moment."""

    def run(this: Collection, env: Env) -> Collection:
        moment = _clock(env)
        return (Temporal("Date", (moment.year, moment.month, moment.day)),)

    return Code(run, of_type("System.Date"))


@builder("timeOfDay")
def time_of_day(compiler: Compiler, call: syntax.Call, source: Code, scope: Scope) -> Code:
    """The time of day of this moment."""

    def run(this: Collection, env: Env) -> Collection:
        moment = _clock(env)
        second = Decimal(moment.second) + Decimal(moment.microsecond // 1000).scaleb(-3)
        return (Temporal("Time", (moment.hour, moment.minute, second)),)

    return Code(run, of_type("System.Time"))
